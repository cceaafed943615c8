"""Pauses in which agents set themselves away at odd moments, in the second simulation."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twin.ranks import Rank

if TYPE_CHECKING:
    from twin.event_list import EventList
    from twin.people import Agent


class Pauses:
    """The pauses of one agent: `on` until the next is due, `waits` for the last task to be closed, `away`, or `out`."""

    def __init__(self, centre: "EventList", agent: "Agent", spec: Any) -> None:
        self.centre, self.agent, self.spec = centre, agent, spec
        self.state, self.number = "out", 0

    def _draw(self, purpose: str, law: object) -> float:
        return self.centre.of_agent(self.agent, purpose, law)

    def _later(self, seconds: float, rank: Rank, then: Callable[[], None]) -> None:
        self.number += 1
        number = self.number

        def happen() -> None:
            if self.number == number:
                then()

        self.centre.at(self.centre.now + seconds, rank, happen)

    def count_anew(self) -> None:
        self.state = "on"
        self._later(self._draw("pause_every", self.spec.every), Rank.GOES, self.due)

    def on_come(self) -> None:
        """Begin to count with the log-in; a break does not begin anew, nor does the end of a pause."""
        if self.state == "out":
            self.count_anew()

    def due(self) -> None:
        agent = self.agent
        if not agent.present:
            self.count_anew()
            return
        agent.present = False
        if agent.busy:
            self.state = "waits"
            agent.when_free = self.leave
        else:
            self.leave()

    def leave(self) -> None:
        self.agent.when_free = None
        self.state = "away"
        self._later(self._draw("pause_for", self.spec.for_), Rank.COMES, self.back)

    def back(self) -> None:
        was_away = self.state == "away"
        if was_away:
            self.state = "on"  # before the agent takes what waits
            self.centre.come(self.agent)
        self.count_anew()

    def on_break(self) -> None:
        """A break, or being about to go, takes the place of a pause that waited, and of what is left of one."""
        if self.give_way():
            self.count_anew()

    def give_way(self) -> bool:
        """Give up a pause that waited, or what is left of one; return whether it waited."""
        waited = self.state == "waits"
        if waited:
            self.agent.when_free = None
            self.state = "on"
        elif self.state == "away":
            self.state = "on"
        return waited

    def on_go(self) -> None:
        if self.state == "waits":
            self.agent.when_free = None
        self.state, self.number = "out", self.number + 1
