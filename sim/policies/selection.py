"""Which agent takes a request (R2.16), which request a freed agent takes (R2.7, R2.8), and policies by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol

from sim.errors import SimError
from sim.policies.views import AgentFacts, AgentView, RequestFacts, RequestView

Key = Callable[[AgentFacts], tuple[float, ...]]


class AgentSelection(Protocol):
    """The decision which agent is offered a request.

    `choose` is given the agents who may take it, at least one, in order of declaration; `uniform` is a number in
    [0, 1) drawn for this very offer. It returns one of them, or None to keep the request waiting.
    """

    def choose(
        self, request: RequestView, candidates: Sequence[AgentView], uniform: float
    ) -> AgentView | None:
        """Return the chosen agent, None to keep the request waiting."""


@dataclass(frozen=True, slots=True)
class RankedSelection:
    """A selection by a key of the agent alone: the lowest is chosen, ties by declaration.

    Agents can then be kept in order, and found without looking at all of them. Where `by_skill` is on, a
    higher skill for the queue comes before the key.
    """

    key: Key
    by_skill: bool = False

    def choose(
        self, request: RequestView, candidates: Sequence[AgentView], uniform: float
    ) -> AgentView | None:
        """Return the agent with the lowest key."""
        del uniform
        queue = request.queue_name
        return min(candidates, key=lambda a: (-a.skill(queue) * self.by_skill, self.key(a), a.rank))


class RandomSelection:
    """A selection by lot, in which all are equally likely."""

    def choose(
        self, request: RequestView, candidates: Sequence[AgentView], uniform: float
    ) -> AgentView | None:
        """Return the agent that the uniform number falls on."""
        del request
        return candidates[int(uniform * len(candidates))]


def _fewest_tasks(agent: AgentFacts) -> tuple[float, ...]:
    return (agent.tasks, agent.ready_since)


def _most_tasks(agent: AgentFacts) -> tuple[float, ...]:
    return (-agent.tasks, agent.ready_since)


def _longest_available(agent: AgentFacts) -> tuple[float, ...]:
    return (agent.ready_since,)


def _round_robin(agent: AgentFacts) -> tuple[float, ...]:
    return (agent.offered_last,)


AGENT_SELECTIONS: dict[str, AgentSelection] = {
    "fewest_tasks": RankedSelection(_fewest_tasks),
    "most_tasks": RankedSelection(_most_tasks),
    "longest_available": RankedSelection(_longest_available),
    "most_skilled": RankedSelection(_longest_available, by_skill=True),
    "round_robin": RankedSelection(_round_robin),
    "random": RandomSelection(),
}
"""The rules a scenario may name under `routing.agent_selection`."""


# Which waiting request a freed agent takes (R2.7, R2.8), and which queue an agent transfers to.

RequestKey = Callable[[RequestFacts], tuple[float, ...]]


class RequestSelection(Protocol):
    """The decision which of the waiting requests an agent is offered.

    `choose` is given the heads of the queues: of each queue and kind of request the first that they may take in the
    scenario's own order, at least one, in the order of queueing. It returns one of them, or None to leave the agent
    idle.
    """

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> RequestView | None:
        """Return the chosen request, None to leave the agent idle."""


@dataclass(frozen=True, slots=True)
class RankedRequests:
    """A selection by a key that does not change while a request waits: the lowest first, ties by queueing.

    Where `by_own_level` is on, a higher skill of the agent for the request's queue comes before the key.
    """

    key: RequestKey
    by_own_level: bool = False

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> RequestView | None:
        """Return the request with the lowest key."""
        if not self.by_own_level:
            return min(waiting, key=self.key)
        return min(waiting, key=lambda one: (-agent.skill(one.queue_name), *self.key(one)))


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


OWN_LEVEL = "own_level"

REQUEST_RULES: dict[str, Callable[[float], RequestKey]] = {
    "priority": _by_priority,
    "longest_waiting": _by_waiting,
    "priority_with_ageing": _by_aged_priority,
    OWN_LEVEL: _by_priority,  # within a level
}
"""The rules a scenario may name under `routing.request_selection`."""


# The queue that an agent picks from the dropdown, with its counts (R4.1).

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


# Policies by the names that scenarios give: built in, or registered by an installed package.
#
# Those that come with the package are found without the metadata of installed packages. Another package registers
# an object, or a class or function that makes one without arguments, by an entry point of the group
# `sim.agent_selection` or `sim.request_selection`.


class PolicyError(SimError):
    """A policy raised, chose what it was not offered, or is not deterministic."""


SHIPPED = {
    "overflow_by_expected_wait": "guarded:OVERFLOW",
    "reserve_for_transfers": "guarded:RESERVE",
    "reserve_idle_agents": "guarded:RESERVE_IDLE",
    "threshold": "guarded:THRESHOLD",
    "weighted_wait": "weighted:WEIGHTED_WAIT",
    "queue_ratio": "weighted:QUEUE_RATIO",
}
"""The policies beyond the rules: the module of `sim.policies` and the pair of halves, for agents and for requests."""

AGENTS = "sim.agent_selection"
REQUESTS = "sim.request_selection"


def agent_selection(name: str) -> AgentSelection:
    """Return the agent selection of that name.

    Raises PolicyError where a registered one cannot be loaded or has no `choose`.
    """
    built_in = AGENT_SELECTIONS.get(name)
    if built_in is not None:
        return built_in
    policy: AgentSelection = _shipped(name, 0) if name in SHIPPED else _registered(AGENTS, name)
    return policy


def request_selection(name: str, queue_priority: bool, ageing_s: float) -> RequestSelection:
    """Return the request selection of that name; the switches are for those built in.

    Raises PolicyError where a registered one cannot be loaded or has no `choose`.
    """
    if name in REQUEST_RULES:
        return scenario_order(name, queue_priority, ageing_s)
    policy: RequestSelection = _registered_over(name, queue_priority, ageing_s)
    return policy


def scenario_order(name: str, queue_priority: bool, ageing_s: float) -> RankedRequests:
    """Return the order of a scenario: the rule that it names, else by priority, with ageing where it is given."""
    rule = name if name in REQUEST_RULES else "priority_with_ageing" if ageing_s > 0 else "priority"
    return RankedRequests(request_key(rule, queue_priority, ageing_s), by_own_level=rule == OWN_LEVEL)


def over_order(policy: RequestSelection, order: RankedRequests) -> RequestSelection:
    """Return a policy with the scenario's own order underneath, where it has a method `over` that takes one."""
    over = getattr(policy, "over", None)
    found: RequestSelection = policy if over is None else over(order)
    return found


def name_of(policy: object) -> str:
    """Return the name of a policy in messages: as it is registered, else its class."""
    return next((name for name, one in _loaded if one is policy), type(policy).__name__)


_loaded: list[tuple[str, object]] = []
"""The registered policies in use, with their names."""


@lru_cache(maxsize=64)
def _registered_over(name: str, queue_priority: bool, ageing_s: float) -> RequestSelection:
    policy = _shipped(name, 1) if name in SHIPPED else _registered(REQUESTS, name)
    found = over_order(policy, scenario_order(name, queue_priority, ageing_s))
    _loaded.append((name, found))
    return found


@lru_cache(maxsize=64)
def _shipped(name: str, half: int) -> Any:
    """Return a half of a policy that comes with the package: 0 for agents, 1 for requests."""
    module, pair = SHIPPED[name].split(":")
    policy = getattr(import_module(f"sim.policies.{module}"), pair)[half]
    _loaded.append((name, policy))
    return policy


@lru_cache(maxsize=64)
def _registered(group: str, name: str) -> Any:
    from importlib.metadata import entry_points  # only where a name is not built in

    where = f"{group.removeprefix('sim.')} `{name}`"
    points = entry_points(group=group, name=name)
    if not points:
        raise PolicyError(f"{where}: no installed package registers it")
    point = next(iter(points))
    try:
        found = point.load()
        policy = found if hasattr(found, "choose") and not isinstance(found, type) else found()
    except Exception as error:
        raise PolicyError(f"{where} ({point.value}): cannot be loaded: {_words(error)}") from error
    if not callable(getattr(policy, "choose", None)):
        raise PolicyError(f"{where} ({point.value}): has no `choose`; see docs/policies.md")
    _loaded.append((name, policy))
    return policy


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
