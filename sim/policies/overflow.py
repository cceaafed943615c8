"""Overflow by expected wait: the helpers of the later steps come in when the queue is long, not after a time."""

from dataclasses import dataclass
from math import inf

from sim.policies.guard import GuardedAgents, GuardedRequests
from sim.policies.views import QueueView, RequestView


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
