"""The choice of the agent for a request, among those of one step who may take it (DOMAIN R2.16)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.policies.views import AgentView, RequestView

Key = Callable[[AgentView], tuple[float, ...]]


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
