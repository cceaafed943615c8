"""Who is planned to be there when, in the second simulation: in a run whose clock times come again every day."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.scenario import Scenario

if TYPE_CHECKING:
    from twin.people import Agent

DAY_S = 86_400.0
MONTH_S = 30 * DAY_S
Breaks = list[tuple[float, float]]
Absent = Callable[["Agent", str, int], bool]
"""Whether an agent does not come, in a team and on the open date of that number."""


class Stay(NamedTuple):
    """From log-in to log-out in a team, and the breaks with their lengths; `added` after the run's own days."""

    start: float
    end: float
    breaks: Breaks
    team: str
    added: bool = False


class Night(NamedTuple):
    """When a queue is cleared, opens again, or leaves open who waits still."""

    when: float
    what: str
    queue: str


class OneRun:
    """Shifts, breaks, head-counts and rosters by person of a run without dates of its own."""

    day_ends = float("inf")

    def __init__(self, scenario: Scenario, absent: Absent) -> None:
        self.scenario, self.absent = scenario, absent
        self.lasts = scenario.lasts
        self.has_tomorrow = self.lasts > DAY_S
        self.goes_on = self.lasts + (MONTH_S if self.has_tomorrow else 0.0)

    def nights(self) -> Iterable[Night]:
        """Queues close with the run alone."""
        return ()

    def next_midnight(self, now: float) -> float:
        return now + DAY_S - (now + self.scenario.opens_at) % DAY_S

    def waits_for_tomorrow(self, queue: str) -> bool:
        """Whether who waits there is served by log-ins after the run's own days."""
        return queue in self.scenario.queues

    def is_away(self, agent: "Agent", team: str, date: int) -> bool:
        """Whether an agent is absent on the open date of that number."""
        del date
        return self.absent(agent, team, 0)

    # Shifts and persons

    def stays(self, agent: "Agent") -> list[Stay]:
        found = [
            stay
            for name in agent.sittings
            if not self.absent(agent, name, 0)
            for stay in self._in_team(agent, name)
        ]
        return sorted(found, key=lambda stay: stay.start)

    def _in_team(self, agent: "Agent", name: str) -> Iterator[Stay]:
        team = self.scenario.teams[name]
        if not team.members and not team.shifts:
            yield Stay(0.0, float("inf"), [], name)
            return
        for day in range(-1, int((self.goes_on + self.scenario.opens_at) // DAY_S) + 1):
            midnight = day * DAY_S - self.scenario.opens_at
            for start, end, breaks in self._on(agent, name, day):
                begins = midnight + start
                if midnight + end > 0 and begins < self.goes_on:
                    yield Stay(
                        begins,
                        midnight + end,
                        [(midnight + at, length) for at, length in breaks],
                        name,
                        begins >= self.lasts,
                    )

    def _on(self, agent: "Agent", name: str, day: int) -> Iterator[tuple[float, float, Breaks]]:
        """By the clock of a day, counted from that of the opening: beginnings, ends and breaks."""
        team = self.scenario.teams[name]
        if not team.members:
            shift = shift_of(team.shifts, team.shift_sizes(), agent.number)
            if shift is not None:
                yield shift.from_, shift.to, sorted((one.at, one.for_) for one in shift.breaks)
            return
        opens = self.scenario.opens
        for rostered, named in sources_of(team, agent.name):
            date = None if opens is None else opens.date() + datetime.timedelta(days=day)
            wanted, is_late = self._as_on(rostered, date)
            midnight = day * DAY_S - self.scenario.opens_at
            for duty in duties_on(rostered, wanted):
                if duty.team in named and (not is_late or midnight + duty.start_s >= self.lasts):
                    yield duty.start_s, duty.end_s, list(duty.breaks)

    def _as_on(self, rostered: Any, date: datetime.date | None) -> tuple[datetime.date | None, bool]:
        """R12.12: a roster by dates goes on, after the last of its dates that is in the run, as on that."""
        opens = self.scenario.opens
        if date is None or opens is None or not all(isinstance(d, datetime.date) for d in rostered.duties):
            return date, False
        last = opens.date() + datetime.timedelta(days=int((self.lasts + self.scenario.opens_at) // DAY_S))
        known = [one for one in rostered.dates if opens.date() <= one <= last]
        if known and date > max(known) and date not in rostered.dates and date not in rostered.duties:
            return max(known), True
        return date, False

    # Head-counts

    def counts_from_opening(self, name: str) -> bool:
        """Whether a team without shifts and head-counts is there only from the opening on."""
        del name
        return False

    def counts(self, name: str, agents: Sequence["Agent"]) -> Iterator[tuple[float, int, int]]:
        """When a head-count has which number, on which date; after the run's own days that of 24 hours before."""
        spec = self.scenario.teams[name].head_count
        assert spec is not None
        come = [not self.absent(agent, name, 0) for agent in agents]
        counts, every, lasts = [sum(come[:n]) for n in spec.counts], spec.every, self.lasts

        def count_at(when: float) -> int:
            return counts[min(int(when // every), len(counts) - 1)]

        if not self.has_tomorrow:
            yield from ((n * every, count, 0) for n, count in enumerate(counts))
            return
        own = [n * every for n in range(len(counts)) if n * every < lasts]
        yield from ((when, count_at(when), 0) for when in own)
        last_day = [lasts - DAY_S, *(when for when in own if when > lasts - DAY_S)]
        for day in range(1, int(MONTH_S // DAY_S) + 2):
            yield from ((when + day * DAY_S, count_at(when), 0) for when in last_day)


def shift_of(shifts: Sequence[Any], sizes: Sequence[int], number: int) -> Any:
    """The shift of an agent by number: the lowest numbers have the first one."""
    for shift, size in zip(shifts, sizes, strict=True):
        if number <= size:
            return shift
        number -= size
    return None


def sources_of(team: Any, person: str) -> Any:
    """The rosters in which a person is of a team, with the names by which rows of each are of it."""
    return next(member.sources for member in team.members if member.name == person)


def duties_on(rostered: Any, date: datetime.date | None) -> Any:
    """R12.12: a date beats a weekday beats a range, the shortest first, beats every day; a day off is a rule too."""
    if date is None:
        return rostered.duties.get(None, ())

    def distance(rule: Any) -> int | None:
        if isinstance(rule, datetime.date):
            return 0 if rule == date else None
        if rule is None:
            return 9
        first, last = (rule, rule) if isinstance(rule, int) else rule
        length = (last - first) % 7
        inside = (date.weekday() - first) % 7 <= length
        return (1 if isinstance(rule, int) else 2 + length) if inside else None

    near = {rule: found for rule in rostered.duties if (found := distance(rule)) is not None}
    return rostered.duties[min(near, key=lambda rule: near[rule])] if near else ()
