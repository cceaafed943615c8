"""Policies for a freed agent that weigh the queues against each other, by wait or by length."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sim.policies.selection import RankedRequests, RequestSelection, request_key
from sim.policies.views import AgentView, RequestView

_BY_PRIORITY = RankedRequests(request_key("priority", queue_priority=False, ageing_s=0.0))


@dataclass(frozen=True, slots=True)
class WeightedWait:
    """A selection of the queue whose first request has the largest wait, times the priority of its queue.

    Who is first in a queue, and among equals, is said by the order `then`, in a run the scenario's own. Source of the
    idea: priority that accumulates at a rate of each class, Kleinrock (1964), A delay dependent queue discipline, Naval
    Research Logistics Quarterly 11, 329-341.
    """

    then: RequestSelection = _BY_PRIORITY

    def over(self, order: RequestSelection) -> "WeightedWait":
        """Return the same selection over the scenario's own order, unless it was told another one."""
        return replace(self, then=order) if self.then is _BY_PRIORITY else self

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> RequestView | None:
        """Return the first of the queue with the largest weighted wait."""
        return _heaviest(agent, waiting, self.then, lambda one: one.waited_s * one.queue_priority)


@dataclass(frozen=True, slots=True)
class QueueRatio:
    """A selection of the queue that is longest for its share: a queue of priority 4 is kept half as long as one of 2.

    Who is first in a queue, and among equals, is said by the order `then`, in a run the scenario's own. With two
    queues this is the fixed-queue-ratio rule of Gurvich and Whitt (2010), Service-level differentiation in many-server
    service systems via queue-ratio routing, Operations Research 58, 316-328, with shares of 1 / priority.
    """

    then: RequestSelection = _BY_PRIORITY

    def over(self, order: RequestSelection) -> "QueueRatio":
        """Return the same selection over the scenario's own order, unless it was told another one."""
        return replace(self, then=order) if self.then is _BY_PRIORITY else self

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> RequestView | None:
        """Return the first of the queue that is longest for its share."""
        return _heaviest(agent, waiting, self.then, lambda one: one.queue.waiting * one.queue_priority)


def _heaviest(
    agent: AgentView,
    waiting: Sequence[RequestView],
    order: RequestSelection,
    weight: Callable[[RequestView], float],
) -> RequestView | None:
    """Return the first of the queue whose first has the largest weight; among equals the order decides."""
    by_queue: dict[str, list[RequestView]] = {}
    for one in waiting:
        by_queue.setdefault(one.queue_name, []).append(one)
    firsts = [first for heads in by_queue.values() if (first := order.choose(agent, heads)) is not None]
    if len(firsts) < 2:
        return firsts[0] if firsts else None
    weights = [weight(first) for first in firsts]
    largest = max(weights)
    heaviest = [first for first, own in zip(firsts, weights, strict=True) if own == largest]
    # Again in the order of queueing, which decides where nothing else does.
    return order.choose(agent, [one for one in waiting if any(one is first for first in heaviest)])


WEIGHTED_WAIT = None, WeightedWait()
"""`routing.request_selection: weighted_wait`."""

QUEUE_RATIO = None, QueueRatio()
"""`routing.request_selection: queue_ratio`."""
