"""Policies that keep a request waiting although an agent is available: reserves and overflow."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Protocol

from sim.policies.selection import (
    AGENT_SELECTIONS,
    AgentSelection,
    RankedRequests,
    RequestSelection,
    request_key,
)
from sim.policies.views import AgentView, QueueView, RequestView


class Rule(Protocol):
    """The condition on which a request is offered now to the agents of the step that is looked through."""

    def allows(self, request: RequestView) -> bool:
        """Return whether it may be offered."""


_BY_PRIORITY = RankedRequests(request_key("priority", queue_priority=False, ageing_s=0.0))


def _fewest_tasks() -> AgentSelection:
    return AGENT_SELECTIONS["fewest_tasks"]


@dataclass(frozen=True, slots=True)
class GuardedAgents:
    """A selection of agents for requests that the rule allows, by default the agent with fewest tasks.

    A forbidden request waits: use the same rule in a `GuardedRequests`. Where both halves are guarded, who waits and is
    held back is considered again after whatever happens.
    """

    rule: Rule
    then: AgentSelection = field(default_factory=_fewest_tasks)

    def choose(
        self, request: RequestView, candidates: Sequence[AgentView], uniform: float
    ) -> AgentView | None:
        """Return the agent, None where the rule forbids the request."""
        return self.then.choose(request, candidates, uniform) if self.rule.allows(request) else None


@dataclass(frozen=True, slots=True)
class GuardedRequests:
    """A selection for a freed agent of requests that the rule allows, in the order `then`.

    Unless it is told one, a run gives it the scenario's own order: priority, `ageing` and `queue_priority`.
    """

    rule: Rule
    then: RequestSelection | None = None

    def over(self, order: RequestSelection) -> "GuardedRequests":
        """Return the same guard over the scenario's own order, unless it was told another one."""
        return replace(self, then=order) if self.then is None else self

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> RequestView | None:
        """Return the request, None where the rule forbids all of them."""
        allowed = [request for request in waiting if self.rule.allows(request)]
        return self.order.choose(agent, allowed) if allowed else None

    @property
    def order(self) -> RequestSelection:
        """The order of the requests that the rule allows, by default by priority, then waiting."""
        return self.then or _BY_PRIORITY


# Reserve for transfers: customers already served once find an agent, new ones wait a little longer.


@dataclass(frozen=True, slots=True)
class ReserveForTransfers:
    """A rule that keeps `keep` agents of every queue available for requests that other agents place.

    A customer's own request is offered only while more than `keep` agents of its queue are available. Source
    of the idea: trunk reservation in call centres, Gans, Koole and Mandelbaum (2003), Telephone Call
    Centers, section 5.1; it protects one class at the price of the others and of some idleness.
    """

    keep: int = 1

    def allows(self, request: RequestView) -> bool:
        """Return whether enough agents stay available for transfers and conferences."""
        return request.kind != "inbound" or request.queue.available > self.keep


RESERVE = GuardedAgents(ReserveForTransfers()), GuardedRequests(ReserveForTransfers())
"""`reserve_for_transfers`, for both decisions: one agent of every queue is kept available."""


# Reserve of idle agents: work that can wait is taken only while some are idle beyond the reserve.


@dataclass(frozen=True, slots=True)
class ReserveIdle:
    """A rule that keeps `keep` agents of a queue idle for the queues of the highest priority.

    A request of a queue of lower priority is offered only while more than `keep` agents of its queue are available
    without any task. Source of the idea: the threshold reservation of Bhulai and Koole (2003), A queueing model for
    call blending in call centers, IEEE Transactions on Automatic Control 48, 1434-1438.
    """

    keep: int = 1

    def allows(self, request: RequestView) -> bool:
        """Return whether its queue comes first anyway, or enough agents stay idle."""
        queue = request.queue
        # The cheap count first: who is idle is available.
        if queue.available > self.keep and queue.idle > self.keep:
            return True
        return not any(other.priority > queue.priority for other in request.view.queues.values())


RESERVE_IDLE = GuardedAgents(ReserveIdle()), GuardedRequests(ReserveIdle())
"""`reserve_idle_agents`, for both decisions: one agent is kept idle for the queues of the highest priority."""


# Overflow by expected wait: later steps open by the length of the queue, not after a time.


@dataclass(frozen=True, slots=True)
class OverflowByExpectedWait:
    """A rule that opens later steps only where the first step would let a customer wait beyond `limit_s`.

    The steps before the last one should last 0 s, so that all are open at once.
    """

    limit_s: float = 30.0

    def allows(self, request: RequestView) -> bool:
        """Return whether the first step is looked through, or the queue is too long for it."""
        return request.step == 1 or expected_wait_s(request.queue) > self.limit_s


def expected_wait_s(queue: QueueView) -> float:
    """Return the estimated wait of the last in a queue, in seconds: its length over the rate of service.

    Source: the queue-length-based estimator (Q + 1) / (s mu) of Ibrahim and Whitt (2009), Real-time delay
    estimation in overloaded multiserver queues with abandonments, Management Science 55, 1729-1742; without
    abandonments, so it errs on the long side where customers are impatient.
    """
    if not queue.waiting:
        return 0.0
    return queue.waiting / queue.capacity_per_s if queue.capacity_per_s else inf


OVERFLOW = GuardedAgents(OverflowByExpectedWait()), GuardedRequests(OverflowByExpectedWait())
"""`overflow_by_expected_wait`, for both decisions: later steps help beyond 30 s of expected wait."""


# Threshold: later steps open by the number of those who wait.


@dataclass(frozen=True, slots=True)
class Threshold:
    """A rule that opens later steps only while at least `waiting` requests wait in the queue.

    The steps before the last one should last 0 s, so that all are open at once. Source of the idea: the queue
    thresholds at which a shared pool begins to help, Perry and Whitt (2009), Responding to unexpected overloads in
    large-scale service systems, Management Science 55, 1353-1367.
    """

    waiting: int = 5

    def allows(self, request: RequestView) -> bool:
        """Return whether the first step is looked through, or enough requests wait."""
        return request.step == 1 or request.queue.waiting >= self.waiting


THRESHOLD = GuardedAgents(Threshold()), GuardedRequests(Threshold())
"""`threshold`, for both decisions: later steps help while five or more wait."""
