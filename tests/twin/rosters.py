"""Who is there when, in the second simulation: shifts with breaks, and head-counts, as the rules say it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.scenario import Scenario
from twin.ranks import Rank

if TYPE_CHECKING:
    from twin.event_list import Agent, EventList


def start(centre: "EventList", scenario: Scenario) -> None:
    """Start the rosters, for a day that begins at midnight and shifts that are over by the next."""
    for name, team in scenario.teams.items():
        agents = [agent for agent in centre.agents if agent.team == name]
        if team.head_count is not None:
            HeadCount(centre, agents, team.head_count.agents, team.head_count.every)
        elif team.shifts:
            numbers = iter(agents)
            for shift, size in zip(team.shifts, team.shift_sizes(), strict=True):
                for _ in range(size):
                    Shift(
                        centre, next(numbers), shift.from_, shift.to, [(b.at, b.for_) for b in shift.breaks]
                    )
        else:
            for agent in agents:
                centre.come(agent)


class Shift:
    """One agent's shift: they come, take their breaks once their tasks are done, and go."""

    def __init__(
        self, centre: "EventList", agent: "Agent", start: float, end: float, breaks: list[tuple[float, float]]
    ) -> None:
        self.centre, self.agent, self.end, self.breaks = centre, agent, end, sorted(breaks)
        agent.present = False
        if start:
            centre.at(start, Rank.COMES, self.come)
        else:
            self.come()

    def come(self) -> None:
        due, then = self._next()
        if due <= self.centre.now:
            then()
        else:
            self.centre.come(self.agent)
            self.centre.at(due, Rank.GOES, then)

    def _next(self) -> tuple[float, Callable[[], None]]:
        return (self.breaks[0][0], self.pause) if self.breaks else (self.end, self.go)

    def pause(self) -> None:
        agent, (_, length) = self.agent, self.breaks.pop(0)
        agent.present = False
        if not agent.busy:
            self.rest(length)
            return
        agent.when_free = lambda: self.rest(length)
        self.centre.at(self.end, Rank.GOES, lambda: self.go() if agent.when_free is not None else None)

    def rest(self, length: float) -> None:
        self.agent.when_free = None
        back = self.centre.now + length
        self.centre.at(min(back, self.end), Rank.COMES if back < self.end else Rank.GOES, self.come)

    def go(self) -> None:
        self.agent.present, self.agent.when_free, self.breaks = False, None, []


class HeadCount:
    """A team's head-count: who is idle goes first, and who is idle first goes in the stead of who is busy."""

    def __init__(
        self, centre: "EventList", agents: list["Agent"], counts: tuple[int, ...], every: float
    ) -> None:
        self.centre, self.agents, self.counts, self.every = centre, agents, counts, every
        self.leaving: list[Agent] = []
        for agent in agents:
            agent.present, agent.head_count = False, self
        self.more(0)

    def less(self, interval: int) -> None:
        there = [agent for agent in reversed(self.agents) if agent.present]
        surplus = max(0, len(there) - self.counts[interval])
        idle = [agent for agent in there if not agent.busy][:surplus]
        busy = [agent for agent in there if agent.busy][: surplus - len(idle)]
        for agent in idle + busy:
            agent.present = False
        self.leaving = sorted(self.leaving + busy, key=lambda agent: agent.place)
        self.centre.at(self.centre.now, Rank.COMES, lambda: self.more(interval))

    def more(self, interval: int) -> None:
        missing = max(0, self.counts[interval] - sum(agent.present for agent in self.agents))
        back, self.leaving = self.leaving[:missing], self.leaving[missing:]
        out = [a for a in self.agents if not a.present and a not in self.leaving and a not in back]
        for agent in back + out[: missing - len(back)]:
            self.centre.come(agent)
        if interval + 1 < len(self.counts):
            self.centre.at((interval + 1) * self.every, Rank.GOES, lambda: self.less(interval + 1))

    def freed(self, agent: "Agent") -> None:
        if agent in self.leaving:
            self.leaving.remove(agent)
        elif agent.present and self.leaving:
            agent.present = False
            self.centre.come(self.leaving.pop(0))
