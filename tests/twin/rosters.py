"""Who is there when, in the second simulation: shifts with breaks, head-counts, and absence, as the rules say it."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from twin.calendar import Entry
from twin.pauses import Pauses
from twin.people import Agent
from twin.ranks import Rank
from twin.stays import Stay

if TYPE_CHECKING:
    from twin.event_list import EventList


def start(centre: "EventList") -> None:
    """Start the rosters of all teams, in the order of the file; a person begins with the first of theirs."""
    started: set[Agent] = set()
    for agent in centre.agents:
        for name, sitting in agent.sittings.items():
            spec = centre.scenario.teams[name].pauses
            sitting.pauses = None if spec is None else Pauses(centre, agent, spec)
    for name, team in centre.scenario.teams.items():
        agents = [agent for agent in centre.agents if name in agent.sittings]
        if team.head_count is not None or centre.times.counts_from_opening(name):
            HeadCount(centre, name, agents)
            continue
        for agent in agents:
            if agent not in started:
                started.add(agent)
                Shift(centre, agent, centre.times.stays(agent))


def comes_once_more(centre: "EventList", agent: Agent) -> bool:
    """Whether somebody waits whom an agent may serve who would log in after the run's own days."""
    somebody = (queue for queue in centre.waiting if centre.waiting[queue] or centre.listed[queue])
    return any(
        centre.times.waits_for_tomorrow(queue) and agent in centre.members(queue) for queue in somebody
    )


def off_duty(centre: "EventList", agent: Agent) -> None:
    """An agent gets no offers any more, and is gone as soon as nothing is open."""
    agent.present = False
    centre.is_gone(agent)


def log_out(agent: Agent) -> None:
    """Log out; until then a pause that is due is left out, and the time to the next one runs."""
    agent.logged_in, agent.when_free = False, None
    if agent.pauses is not None:
        agent.pauses.on_go()


def log_out_when_free(centre: "EventList", agent: Agent) -> None:
    """Get no offers any more, finish what is open, log out, and come again with the next shift."""

    def go() -> None:
        log_out(agent)
        if agent.shift is not None:
            agent.shift.next_stay()

    off_duty(centre, agent)
    if agent.pauses is not None:
        agent.pauses.on_break()
    agent.when_free = go
    if not agent.busy:
        go()


def gone_for_good(centre: "EventList", agent: Agent) -> None:
    if agent.on_duty:
        log_out_when_free(centre, agent)


class Shift:
    """One agent's shifts: they come, take their breaks once their tasks are done, and go."""

    def __init__(self, centre: "EventList", agent: Agent, stays: Iterable[Stay]) -> None:
        self.centre, self.agent, self.stays = centre, agent, list(stays)
        self.timers: list[Entry] = []
        agent.shift = self
        self.next_stay()

    def next_stay(self) -> None:
        """Put the next shift into the calendar, begun already where the one before has lasted into it."""
        if not self.stays:
            return
        self.stay = self.stays.pop(0)
        self.end = self.stay.end
        self.breaks = [(at, length) for at, length in self.stay.breaks if at + length > 0]
        if self.end <= self.centre.now:
            self.next_stay()
        elif self.stay.start > 0 or self.centre.now > 0:
            self.centre.at(max(self.stay.start, self.centre.now), Rank.COMES, self._begin)
        else:
            self._begin()

    def _begin(self) -> None:
        self.centre.sit_down(self.agent, self.stay.team)
        if self.stay.added and not comes_once_more(self.centre, self.agent):
            self.next_stay()
        else:
            self._come()

    def _come(self) -> None:
        due, then = self._next()
        now = self.centre.now
        if due <= now:
            if then == self._pause and due < now == 0:  # it has begun before the opening
                at, length = self.breaks[0]
                self.breaks[0] = (now, at + length - now)
            then()
        else:
            self.centre.come(self.agent)
            self._time(due, Rank.GOES, then)

    def _come_to_a_break(self) -> None:
        """Log in and be away at once."""
        self.agent.logged_in, self.agent.on_duty, self.agent.hands_back = True, True, False
        if self.agent.pauses is not None:
            self.agent.pauses.on_come()
        for medium in self.agent.desks:
            self.centre.note_idle(self.agent, medium)
        for medium in self.agent.desks:
            self.centre.notice_what_is_open(self.agent, medium)

    def _time(self, when: float, rank: Rank, then: Callable[[], None]) -> None:
        self.timers.append(self.centre.at(when, rank, then))

    def _next(self) -> tuple[float, Callable[[], None]]:
        return (self.breaks[0][0], self._pause) if self.breaks else (self.end, self._go)

    def _pause(self) -> None:
        agent, (_, length) = self.agent, self.breaks.pop(0)
        if not agent.logged_in:
            self._come_to_a_break()
        agent.present = False
        if agent.pauses is not None:
            agent.pauses.on_break()
        if not agent.busy:
            self._rest(length)
            return
        agent.when_free = lambda: self._rest(length)
        self._time(self.end, Rank.GOES, lambda: self._go() if agent.when_free is not None else None)

    def _rest(self, length: float) -> None:
        self.agent.when_free = None
        for timer in self.timers:  # the end of the shift, had the task lasted to it
            timer.call_off()
        back = self.centre.now + length
        rank = Rank.COMES if back < self.end else Rank.GOES
        self._time(min(back, self.end), rank, self._come)

    def _go(self) -> None:
        agent = self.agent
        self._stop()
        log_out_when_free(self.centre, agent)
        self.centre.hand_back_all(agent)

    def _stop(self) -> None:
        for timer in self.timers:
            timer.call_off()
        self.timers, self.breaks = [], []

    def leave_out(self) -> None:
        """Log out until the next shift; what is open is finished first."""
        if self.agent.on_duty:
            self._stop()
            log_out_when_free(self.centre, self.agent)


class HeadCount:
    """A team's head-count: who is idle goes first, and who is idle first goes in the stead of who is busy."""

    def __init__(self, centre: "EventList", team: str, agents: list[Agent]) -> None:
        self.centre, self.team, self.agents, self.count = centre, team, agents, 0
        self.date = 0
        self.steps: Iterator[tuple[float, int, int]] = centre.times.counts(team, agents)
        self.leaving: list[Agent] = []
        self.left_out: dict[Agent, float] = {}
        for agent in agents:
            agent.head_count = self
        self._time_next()

    def _time_next(self) -> None:
        following = next(self.steps, None)
        if following is None:
            return
        when, count, date = following
        if when > 0:
            self.centre.at(when, Rank.GOES, lambda: self._less(count, date))
            return
        self.count, self.date = count, date
        self._more()
        self._time_next()

    def _less(self, count: int, date: int) -> None:
        self.count, self.date = count, date
        there = [agent for agent in reversed(self.agents) if self._counts(agent)]
        surplus = max(0, len(there) - count)
        idle = [agent for agent in there if not agent.busy][:surplus]
        busy = [agent for agent in there if agent.busy][: surplus - len(idle)]
        self.leaving = sorted(self.leaving + busy, key=lambda agent: agent.place)
        for agent in idle + busy:
            off_duty(self.centre, agent)
            agent.logged_in = agent.busy
            if agent.pauses is not None and agent in idle:
                agent.pauses.on_go()
        for agent in busy:
            if agent.pauses is not None:
                agent.pauses.on_break()
            self.centre.hand_back_all(agent)
        self.centre.at(self.centre.now, Rank.COMES, self._more_and_go_on)

    def _more_and_go_on(self) -> None:
        self._more()
        self._time_next()

    def _more(self) -> None:
        now = self.centre.now
        missing = max(0, self.count - sum(map(self._counts, self.agents)))
        back, self.leaving = self.leaving[:missing], self.leaving[missing:]
        out = [
            a
            for a in self.agents
            if not self._counts(a)
            and a not in self.leaving
            and a not in back
            and self.left_out.get(a, now) <= now
            and not self.centre.times.is_away(a, self.team, self.date)
        ]
        new = out[: missing - len(back)]
        if self.centre.times.has_tomorrow and now >= self.centre.times.lasts:
            new = [agent for agent in new if comes_once_more(self.centre, agent)]
        for agent in back + new:
            self.centre.come(agent)

    def freed(self, agent: Agent) -> None:
        goes, back = agent in self.leaving, None
        if goes:
            self.leaving.remove(agent)
        elif agent.present and self.leaving:
            goes, back = True, self.leaving.pop(0)
            off_duty(self.centre, agent)
        if goes:
            agent.logged_in = False
            if agent.pauses is not None:
                agent.pauses.on_go()
        if back is not None:
            self.centre.come(back)

    def leave_out(self, agent: Agent) -> None:
        """R3.9: that agent is left out until midnight, and another one is called at the end of the instant."""
        centre = self.centre
        if agent in self.leaving or not agent.on_duty:
            return
        midnight = centre.times.next_midnight(centre.now)
        self.left_out[agent] = midnight
        gone_for_good(centre, agent)
        for when in (centre.now, midnight):
            centre.at(when, Rank.COMES, self._more)

    def _counts(self, agent: Agent) -> bool:
        """Whether an agent is there for a head-count: also one who is away for a pause of their own."""
        away = agent.pauses is not None and agent.pauses.state in ("waits", "away")
        return agent.present or away
