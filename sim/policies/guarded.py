"""Policies that now and then keep a request waiting although somebody is available for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Protocol

from sim.policies.agent_selection import AGENT_SELECTIONS, AgentSelection
from sim.policies.request_selection import RankedRequests, RequestSelection, request_key
from sim.policies.views import AgentView, QueueView, RequestView


class Rule(Protocol):
    """Says whether a request may be offered now to the agents of the step that is looked through."""

    def allows(self, request: RequestView) -> bool:
        """Whether it may."""


def _by_priority() -> RequestSelection:
    return RankedRequests(request_key("priority", queue_priority=False, ageing_s=0.0))


def _fewest_tasks() -> AgentSelection:
    return AGENT_SELECTIONS["fewest_tasks"]


@dataclass(frozen=True, slots=True)
class GuardedAgents:
    """Offers what the rule allows, to the agent whom another selection chooses, by default fewest tasks.

    What the rule forbids waits until an agent becomes free: the same rule belongs in a `GuardedRequests`.
    """

    rule: Rule
    then: AgentSelection = field(default_factory=_fewest_tasks)

    def choose(
        self, request: RequestView, candidates: Sequence[AgentView], uniform: float
    ) -> AgentView | None:
        """Choose the agent, or nobody where the rule forbids it."""
        return self.then.choose(request, candidates, uniform) if self.rule.allows(request) else None


@dataclass(frozen=True, slots=True)
class GuardedRequests:
    """Offers a freed agent what the rule allows, by default in the order of priority, then of waiting."""

    rule: Rule
    then: RequestSelection = field(default_factory=_by_priority)

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> RequestView | None:
        """Choose the request, or none where the rule forbids all of them."""
        allowed = [request for request in waiting if self.rule.allows(request)]
        return self.then.choose(agent, allowed) if allowed else None


# Reserve for transfers: customers already served once find somebody, new ones wait a little longer.


@dataclass(frozen=True, slots=True)
class ReserveForTransfers:
    """Keeps `keep` agents of every queue available for requests that other agents place.

    A customer's own request is offered only while more than `keep` agents of its queue are available. Source
    of the idea: trunk reservation in call centres, Gans, Koole and Mandelbaum (2003), Telephone Call
    Centers, section 5.1; it protects one class at the price of the others and of some idleness.
    """

    keep: int = 1

    def allows(self, request: RequestView) -> bool:
        """Whether enough agents stay available for transfers and conferences."""
        return request.kind != "inbound" or request.queue.available > self.keep


RESERVE_AGENTS = GuardedAgents(ReserveForTransfers())
"""`routing.agent_selection: reserve_for_transfers`: one agent of every queue is kept available."""

RESERVE_REQUESTS = GuardedRequests(ReserveForTransfers())
"""`routing.request_selection: reserve_for_transfers`: its other half, for agents who become free."""


# Overflow by expected wait: the helpers of the later steps come in when the queue is long, not after a
# time.


@dataclass(frozen=True, slots=True)
class OverflowByExpectedWait:
    """Asks the agents of later steps only where the queue's own would let a customer wait beyond `limit_s`.

    The steps before the last one should last 0 s, so that all are open at once.
    """

    limit_s: float = 30.0

    def allows(self, request: RequestView) -> bool:
        """Whether it is a request for the queue's own agents, or one whose queue is too long for them."""
        return request.step == 1 or expected_wait_s(request.queue) > self.limit_s


def expected_wait_s(queue: QueueView) -> float:
    """Estimate the wait of the last one in a queue, in seconds: its length over the rate at which it is served.

    Source: the queue-length-based estimator (Q + 1) / (s mu) of Ibrahim and Whitt (2009), Real-time delay
    estimation in overloaded multiserver queues with abandonments, Management Science 55, 1729-1742; without
    abandonments, so it errs on the long side where customers are impatient.
    """
    if not queue.waiting:
        return 0.0
    return queue.waiting / queue.capacity_per_s if queue.capacity_per_s else inf


OVERFLOW_AGENTS = GuardedAgents(OverflowByExpectedWait())
"""`routing.agent_selection: overflow_by_expected_wait`: later steps help beyond 30 s of expected wait."""

OVERFLOW_REQUESTS = GuardedRequests(OverflowByExpectedWait())
"""`routing.request_selection: overflow_by_expected_wait`: its other half, for helpers who become free."""
