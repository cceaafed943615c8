"""Who is there when, in the second simulation: shifts with breaks, and head-counts, as the rules say it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.scenario import Scenario
from twin.ranks import Rank

if TYPE_CHECKING:
    from twin.event_list import Agent, EventList


def start(centre: "EventList", scenario: Scenario) -> None:
    """Start the rosters, for a day that begins at midnight and shifts that are over by the next."""
    for agent in centre.agents:
        if scenario.teams[agent.team].pauses is not None:
            agent.pauses = Pauses(centre, agent, scenario)
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
        if agent.pauses is not None:
            agent.pauses.on_break()
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
        self.centre.gone(self.agent)
        if self.agent.pauses is not None:
            self.agent.pauses.on_go()


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
        there = [agent for agent in reversed(self.agents) if _counts(agent)]
        surplus = max(0, len(there) - self.counts[interval])
        idle = [agent for agent in there if not agent.busy][:surplus]
        busy = [agent for agent in there if agent.busy][: surplus - len(idle)]
        for agent in idle + busy:
            agent.present = False
            self.centre.gone(agent)
            if agent.pauses is not None:
                agent.pauses.on_break() if agent.busy else agent.pauses.on_go()
        self.leaving = sorted(self.leaving + busy, key=lambda agent: agent.place)
        self.centre.at(self.centre.now, Rank.COMES, lambda: self.more(interval))

    def more(self, interval: int) -> None:
        missing = max(0, self.counts[interval] - sum(_counts(agent) for agent in self.agents))
        back, self.leaving = self.leaving[:missing], self.leaving[missing:]
        out = [a for a in self.agents if not _counts(a) and a not in self.leaving and a not in back]
        for agent in back + out[: missing - len(back)]:
            self.centre.come(agent)
        if interval + 1 < len(self.counts):
            self.centre.at((interval + 1) * self.every, Rank.GOES, lambda: self.less(interval + 1))

    def freed(self, agent: "Agent") -> None:
        goes, back = agent in self.leaving, None
        if goes:
            self.leaving.remove(agent)
        elif agent.present and self.leaving:
            goes, back = True, self.leaving.pop(0)
            agent.present = False
            self.centre.gone(agent)
        if goes and agent.pauses is not None:
            agent.pauses.on_go()
        if back is not None:
            self.centre.come(back)


def _counts(agent: "Agent") -> bool:
    """Whether an agent is there for a head-count: also one who is away for a pause of their own."""
    return agent.present or (agent.pauses is not None and agent.pauses.state in ("waits", "away"))


class Pauses:
    """The pauses of one agent: `on` until the next is due, `waits` for the last task to be closed, `away`, or `out`."""

    def __init__(self, centre: "EventList", agent: "Agent", scenario: Scenario) -> None:
        self.centre, self.agent, self.spec = centre, agent, scenario.teams[agent.team].pauses
        self.state, self.number = "out", 0
        self.drawn = {"pause_every": 0, "pause_for": 0}

    def _draw(self, purpose: str, law: object) -> float:
        k, self.drawn[purpose] = self.drawn[purpose], self.drawn[purpose] + 1
        return self.centre.workload.agents.value(self.agent.team, self.agent.number, purpose, law, k)

    def _later(self, seconds: float, rank: Rank, then: Callable[[], None]) -> None:
        self.number += 1
        number = self.number

        def happen() -> None:
            if self.number == number:
                then()

        self.centre.at(self.centre.now + seconds, rank, happen, counts=False)

    def _count_anew(self) -> None:
        self.state = "on"
        self._later(self._draw("pause_every", self.spec.every), Rank.GOES, self.due)

    def on_come(self) -> None:
        """Begin to count with the log-in; a break does not begin anew, nor does the end of a pause."""
        if self.state == "out":
            self._count_anew()

    def due(self) -> None:
        agent = self.agent
        if not agent.present:
            self._count_anew()
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
        self._count_anew()

    def on_break(self) -> None:
        """A break, or being about to go, takes the place of a pause that waited, and of what is left of one."""
        if self.state == "waits":
            self.agent.when_free = None
            self._count_anew()
        elif self.state == "away":
            self.state = "on"

    def on_go(self) -> None:
        if self.state == "waits":
            self.agent.when_free = None
        self.state, self.number = "out", self.number + 1
