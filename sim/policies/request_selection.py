"""Which waiting request a freed agent takes (DOMAIN R2.7, R2.8), and which queue an agent transfers to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.policies.views import AgentView, RequestFacts, RequestView

RequestKey = Callable[[RequestFacts], tuple[float, ...]]


class RequestSelection(Protocol):
    """The decision which of the waiting requests an agent is offered.

    `choose` is given the requests they may take, at least one, in the order of queueing. It returns one of
    them, or None to leave the agent idle.
    """

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> RequestView | None:
        """Return the chosen request, None to leave the agent idle."""


@dataclass(frozen=True, slots=True)
class RankedRequests:
    """A selection by a key that does not change while a request waits: the lowest first, ties by queueing."""

    key: RequestKey

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> RequestView | None:
        """Return the request with the lowest key."""
        del agent
        return min(waiting, key=self.key)


def request_key(rule: str, queue_priority: bool, ageing_s: float) -> RequestKey:
    """Make the key of the rule that a scenario names under `routing.request_selection`.

    With ageing, a request gains one point of priority per `ageing_s` seconds of waiting. The difference of two
    requests then never changes while both wait, so its priority at time 0 orders them: priority minus
    enqueued_at / ageing_s.
    """
    key = REQUEST_RULES[rule](ageing_s)
    if not queue_priority:
        return key
    return lambda request: (-request.queue_priority, *key(request))


def _by_priority(ageing_s: float) -> RequestKey:
    del ageing_s
    return lambda request: (-request.priority, request.enqueued_at)


def _by_waiting(ageing_s: float) -> RequestKey:
    del ageing_s
    return lambda request: (request.enqueued_at,)


def _by_aged_priority(ageing_s: float) -> RequestKey:
    if ageing_s <= 0:
        return _by_priority(ageing_s)
    return lambda request: (request.enqueued_at / ageing_s - request.priority, request.enqueued_at)


REQUEST_RULES: dict[str, Callable[[float], RequestKey]] = {
    "priority": _by_priority,
    "longest_waiting": _by_waiting,
    "priority_with_ageing": _by_aged_priority,
}
"""The rules a scenario may name under `routing.request_selection`."""


# The queue that an agent picks from the dropdown, with its counts (DOMAIN R4.1).

Drawn = Callable[[Sequence[str]], str]
"""Draws one of the named queues, in proportion to their shares."""


def choose_queue(rule: str, available: dict[str, int], draw: Drawn) -> str:
    """Return one of the queues of `available`, which gives the count of available agents shown for each.

    `fixed` draws without a look; `most_available` takes the highest count, drawn among equals; `avoid_empty`
    draws among those with an agent available, among all where there is none.
    """
    names = tuple(available)
    if rule == "most_available":
        highest = max(available.values())
        return draw([name for name in names if available[name] == highest])
    if rule == "avoid_empty":
        return draw([name for name in names if available[name]] or names)
    return draw(names)
