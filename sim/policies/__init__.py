"""Policies: the decisions a planner may vary, each pure, over read-only views."""

from sim.policies.guarded import (
    GuardedAgents,
    GuardedRequests,
    OverflowByExpectedWait,
    ReserveForTransfers,
    ReserveIdle,
    Rule,
    Threshold,
    expected_wait_s,
)
from sim.policies.selection import (
    AGENT_SELECTIONS,
    AgentSelection,
    PolicyError,
    RandomSelection,
    RankedRequests,
    RankedSelection,
    RequestSelection,
    agent_selection,
    choose_queue,
    name_of,
    request_key,
    request_selection,
)
from sim.policies.views import AgentView, PolicyView, QueueView, RequestFacts, RequestView, TeamView
from sim.policies.weighted import QueueRatio, WeightedWait

__all__ = [
    "AGENT_SELECTIONS",
    "AgentSelection",
    "AgentView",
    "GuardedAgents",
    "GuardedRequests",
    "OverflowByExpectedWait",
    "PolicyError",
    "PolicyView",
    "QueueRatio",
    "QueueView",
    "RandomSelection",
    "RankedRequests",
    "RankedSelection",
    "RequestFacts",
    "RequestSelection",
    "RequestView",
    "ReserveForTransfers",
    "ReserveIdle",
    "Rule",
    "TeamView",
    "Threshold",
    "WeightedWait",
    "agent_selection",
    "choose_queue",
    "expected_wait_s",
    "name_of",
    "request_key",
    "request_selection",
]
