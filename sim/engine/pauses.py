"""Pauses: agents set themselves away at odd moments of their day."""

from typing import TYPE_CHECKING

from sim.engine.clock import Due
from sim.engine.ranks import COMES, GOES

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.scenario import Pauses
    from sim.scenario.distributions import Distribution
    from sim.workload import AgentDraws

PAUSE = "pause"
"""The reason of the agent's state."""


class AgentPauses(Due):
    """The pauses of one agent, one after the other while they are logged in.

    Who is busy finishes first. A pause that is due while the agent is away or about to go is left out, and so is what
    is left of one in which a break or the end of the shift begins; the time until the next one runs from then on.
    """

    __slots__ = ("_agent", "_back_at", "_draws", "_due_at", "_spec")

    def __init__(self, agent: "Agent", spec: "Pauses", draws: "AgentDraws") -> None:
        self._agent = agent
        self._spec = spec
        self._draws = draws
        self._due_at = self._back_at = 0  # the entries of the calendar that count

    def start(self) -> None:
        """Time the next pause."""
        clock = self._agent.clock
        self._back_at = 0
        self._due_at = clock.schedule_due(
            clock.now + self._drawn("pause_every", self._spec.every), GOES, self
        )

    def stop(self) -> None:
        """Have no more: the agent logs out."""
        self._due_at = self._back_at = 0

    def fire(self, token: int) -> None:
        """Leave, or come back."""
        if token == self._due_at:
            self._leave()
        elif token == self._back_at:
            if self._agent.off_reason == PAUSE:
                self._agent.resume()
            self.start()

    def wake(self, message: object) -> None:
        """Begin the pause: the agent has closed their last task."""
        del message
        clock = self._agent.clock
        self._back_at = clock.schedule_due(clock.now + self._drawn("pause_for", self._spec.for_), COMES, self)

    def _leave(self) -> None:
        self._due_at = 0
        if not self._agent.present:
            self.start()
        elif self._agent.stop(PAUSE):
            self.wake("free")
        else:
            self._agent.when_free(self)

    def _drawn(self, purpose: str, law: "Distribution") -> float:
        agent = self._agent
        return self._draws.value(*agent.address, purpose, law, agent.count(purpose))
