"""Policies: the decisions a planner may vary, each pure, over read-only views."""

from sim.policies.agent_selection import AGENT_SELECTIONS, AgentSelection, RandomSelection, RankedSelection
from sim.policies.error import PolicyError
from sim.policies.guard import GuardedAgents, GuardedRequests, Rule
from sim.policies.overflow import OverflowByExpectedWait, expected_wait_s
from sim.policies.queue_choice import choose_queue
from sim.policies.registry import agent_selection, name_of, request_selection
from sim.policies.request_selection import RankedRequests, RequestSelection, request_key
from sim.policies.reserve import ReserveForTransfers
from sim.policies.views import AgentView, QueueView, RequestFacts, RequestView

__all__ = [
    "AGENT_SELECTIONS",
    "AgentSelection",
    "AgentView",
    "GuardedAgents",
    "GuardedRequests",
    "OverflowByExpectedWait",
    "PolicyError",
    "QueueView",
    "RandomSelection",
    "RankedRequests",
    "RankedSelection",
    "RequestFacts",
    "RequestSelection",
    "RequestView",
    "ReserveForTransfers",
    "Rule",
    "agent_selection",
    "choose_queue",
    "expected_wait_s",
    "name_of",
    "request_key",
    "request_selection",
]
