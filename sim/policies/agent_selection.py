"""Which agent gets a request, among those of one step who may take it (DOMAIN R2.16)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.policies.views import AgentView, RequestView

Key = Callable[[AgentView], tuple[float, ...]]


class AgentSelection(Protocol):
    """The decision which agent is offered a request.

    `choose` is given those who may take it, in order of declaration, never none of them; `uniform` is a number in
    [0, 1) drawn for this very offer. It answers with one of them, or with None to keep the request waiting.
    """

    def choose(
        self, request: RequestView, candidates: Sequence[AgentView], uniform: float
    ) -> AgentView | None:
        """Choose the agent."""


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
        """Choose the lowest key."""
        del uniform
        queue = request.queue_name
        return min(candidates, key=lambda a: (-a.skill(queue) * self.by_skill, self.key(a), a.rank))


class RandomSelection:
    """Everyone is as likely as anyone."""

    def choose(
        self, request: RequestView, candidates: Sequence[AgentView], uniform: float
    ) -> AgentView | None:
        """Choose by lot."""
        del request
        return candidates[int(uniform * len(candidates))]


def _fewest_tasks(agent: AgentView) -> tuple[float, ...]:
    return (agent.tasks, agent.ready_since)


def _most_tasks(agent: AgentView) -> tuple[float, ...]:
    return (-agent.tasks, agent.ready_since)


def _longest_available(agent: AgentView) -> tuple[float, ...]:
    return (agent.ready_since,)


def _round_robin(agent: AgentView) -> tuple[float, ...]:
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
