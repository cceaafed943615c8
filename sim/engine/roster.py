"""Who is there when: shifts with breaks for named agents, head-counts for a team."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.engine import ranks
from sim.engine.clock import Process
from sim.scenario import Scenario
from sim.scenario import Team as TeamSpec

if TYPE_CHECKING:
    from sim.engine.agent import Agent

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Stint:
    """A shift of one agent on one day; seconds from opening, breaks as (start, length)."""

    start: float
    end: float
    breaks: tuple[tuple[float, float], ...]


def stints_of(scenario: Scenario, team: TeamSpec, number: int) -> tuple[Stint, ...]:
    """Give the stints of agent `number`; a team without shifts is logged in for the whole run."""
    if not team.shifts:
        return (Stint(0.0, float("inf"), ()),)
    shift = _shift_of(team, number)
    if shift is None:
        return ()
    midnight = -_opening_s(scenario)
    days = range(-1, int((scenario.lasts - midnight) // DAY_S) + 1)
    length = (shift.to - shift.from_) % DAY_S or DAY_S
    stints = []
    for day in days:
        start = midnight + day * DAY_S + shift.from_
        breaks = tuple(sorted((start + (b.at - shift.from_) % DAY_S, b.for_) for b in shift.breaks))
        if start + length > 0 and start < scenario.lasts:
            stints.append(Stint(max(start, 0.0), start + length, breaks))
    return tuple(stints)


def _opening_s(scenario: Scenario) -> float:
    """Give the clock time of t = 0, in seconds from midnight."""
    opens = scenario.opens
    return 0.0 if opens is None else opens.hour * 3600.0 + opens.minute * 60.0 + opens.second


def _shift_of(team: TeamSpec, number: int) -> Any:
    last = 0
    for shift, size in zip(team.shifts, team.shift_sizes(), strict=True):
        last += size
        if number <= last:
            return shift
    return None


class Shifts(Process):
    """The way of one agent through his stints."""

    __slots__ = ("agent", "stints")

    def __init__(self, agent: "Agent", stints: tuple[Stint, ...]) -> None:
        super().__init__(agent.clock)
        self.agent = agent
        self.stints = stints

    def life(self) -> Generator[None, Any, None]:
        """Come, take the breaks, stop at the end of the shift, go when the open tasks are done."""
        agent = self.agent
        for stint in self.stints:
            if stint.start > 0:
                self.until(max(stint.start, self.clock._now), ranks.ROSTER)
                yield
            agent.come()
            for at, length in stint.breaks:
                yield from self._stay_until(at)
                if self.clock._now < stint.end:
                    yield from self._pause(stint, length)
            yield from self._stay_until(stint.end)
            yield from self._close(agent)

    def _stay_until(self, at: float) -> Generator[None, Any, None]:
        """Be present until then; who comes from a break into the next thing due does not come back for no time."""
        if at <= self.clock._now:
            return
        if not self.agent.present:
            self.agent.resume()
        if at < float("inf"):
            self.until(at, ranks.ROSTER)
        yield

    def _pause(self, stint: Stint, length: float) -> Generator[None, Any, None]:
        """Take a break of its full length, once the open tasks are done; it never outlasts the shift."""
        if not self.agent.stop("break"):
            self.agent.when_free(self)
            self.until(stint.end, ranks.ROSTER)
            if (yield) is None:
                return
        self.until(min(self.clock._now + length, stint.end), ranks.ROSTER)
        yield

    def _close(self, agent: "Agent") -> Generator[None, Any, None]:
        if not agent.stop("overtime"):
            agent.when_free(self)
            yield
        agent.go()


class HeadCount(Process):
    """A team's head-count over the day.

    When the count falls, idle agents go first; of the busy ones as many as are too many get no new offers,
    and whoever is idle first goes in their stead: nobody starts a task while too many are there.
    """

    __slots__ = ("_leaving", "agents", "counts", "every_s")

    def __init__(self, agents: "list[Agent]", counts: tuple[int, ...], every_s: float) -> None:
        super().__init__(agents[0].clock)
        self.agents = agents
        self._leaving: list[Agent] = []
        self.counts = counts
        self.every_s = every_s

    def life(self) -> Generator[None, Any, None]:
        """Follow the counts, interval by interval; the last one holds on."""
        for interval, count in enumerate(self.counts):
            if interval:
                self.until(interval * self.every_s, ranks.ROSTER)
                yield
            self._set(count)

    def one_is_idle(self, agent: "Agent") -> None:
        """Let an agent who has just become idle go, where another one is still to leave."""
        if self._leaving and agent.idle:
            stays = self._leaving.pop(0)
            agent.go()
            stays.resume()

    def is_free(self, agent: "Agent") -> None:
        """Let an agent go who was to leave and has finished."""
        self._leaving.remove(agent)
        agent.go()

    def _set(self, count: int) -> None:
        there = [a for a in self.agents if a.present]
        if len(there) < count:
            self._call(count - len(there))
        else:
            self._send_away(there, len(there) - count)

    def _call(self, missing: int) -> None:
        back, self._leaving = self._leaving[:missing], self._leaving[missing:]
        new = [a for a in self.agents if not a.logged_in][: missing - len(back)]
        for agent in back:
            agent.resume()
        for agent in new:
            agent.come()

    def _send_away(self, there: "list[Agent]", surplus: int) -> None:
        last_first = list(reversed(there))
        idle = [a for a in last_first if a.idle][:surplus]
        busy = [a for a in last_first if not a.idle][: surplus - len(idle)]
        for agent in idle:
            agent.go()
        self._leaving = sorted([*self._leaving, *busy], key=lambda agent: agent.rank)
        for agent in busy:
            agent.stop("overtime")
            agent.when_free(_Leaver(agent, self))


class _Leaver(Process):
    """Lets a busy agent go once he is free; who is called back forgets about it."""

    def __init__(self, agent: "Agent", head_count: HeadCount) -> None:
        super().__init__(agent.clock)
        self._agent = agent
        self._head_count = head_count

    def wake(self, message: Any) -> None:
        """Go home."""
        del message
        self._head_count.is_free(self._agent)
