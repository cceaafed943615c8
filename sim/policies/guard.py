"""Policies that now and then keep a request waiting although somebody is available for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sim.policies.agent_selection import AGENT_SELECTIONS, AgentSelection
from sim.policies.request_selection import RankedRequests, RequestSelection, request_key
from sim.policies.views import AgentView, RequestView


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

    def choose(self, request: RequestView, candidates: Sequence[AgentView], lot: float) -> AgentView | None:
        """Choose the agent, or nobody where the rule forbids it."""
        return self.then.choose(request, candidates, lot) if self.rule.allows(request) else None


@dataclass(frozen=True, slots=True)
class GuardedRequests:
    """Offers a freed agent what the rule allows, by default in the order of priority, then of waiting."""

    rule: Rule
    then: RequestSelection = field(default_factory=_by_priority)

    def choose(self, agent: AgentView, waiting: Sequence[RequestView]) -> RequestView | None:
        """Choose the request, or none where the rule forbids all of them."""
        allowed = [request for request in waiting if self.rule.allows(request)]
        return self.then.choose(agent, allowed) if allowed else None
