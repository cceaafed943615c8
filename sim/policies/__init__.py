"""Policies: the decisions a planner may vary, each pure, over read-only views."""

from sim.policies.agent_selection import AGENT_SELECTIONS, AgentSelection, RandomSelection, RankedSelection
from sim.policies.queue_choice import choose_queue
from sim.policies.request_selection import RankedRequests, RequestSelection, request_key
from sim.policies.views import AgentView, RequestView

__all__ = [
    "AGENT_SELECTIONS",
    "AgentSelection",
    "AgentView",
    "RandomSelection",
    "RankedRequests",
    "RankedSelection",
    "RequestSelection",
    "RequestView",
    "choose_queue",
    "request_key",
]
