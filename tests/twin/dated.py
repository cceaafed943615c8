"""Who is there when on the dates of a calendar, in the second simulation: apart, or all on one clock."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from math import floor, gcd
from typing import TYPE_CHECKING, Any

from sim.scenario import Scenario
from sim.workload import Workload
from twin.dates import Dates, nearest, those_of
from twin.stays import DAY_S, Absent, Night, Stay, duties_on, shift_of, sources_of

if TYPE_CHECKING:
    from twin.people import Agent


class OnDates:
    """What holds on a date, whether dates are apart or not; instants are seconds from the first midnight."""

    def __init__(self, scenario: Scenario, absent: Absent) -> None:
        self.scenario, self.absent, self.dates = scenario, absent, Dates(scenario)

    def shifts_on(self, agent: "Agent", name: str, day: date) -> Iterator[Stay]:
        """The shifts of an agent of a team that begin on a date."""
        team, at = self.scenario.teams[name], partial(self.dates.instant, day)
        if team.members:
            for rostered, named in sources_of(team, agent.name):
                for duty in duties_on(rostered, day):
                    if duty.team in named:
                        breaks = [(at(when), at(when + long) - at(when)) for when, long in duty.breaks]
                        yield Stay(at(duty.start_s), at(duty.end_s), breaks, name)
            return
        shifts = those_of(team.shifts, day)
        shift = shift_of(shifts, _sizes(team, shifts), agent.number)
        if shift is not None:
            breaks = sorted((at(one.at), one.for_) for one in those_of(shift.breaks, day))
            yield Stay(at(shift.from_), at(shift.to), breaks, name)

    def counts_on(self, name: str, day: date) -> list[tuple[float, int]]:
        """How many of a team are to be there from when on, on a date."""
        spec = self.scenario.teams[name].head_count
        assert spec is not None
        given: Any = spec.agents
        hours = self.dates.hours(None, day)
        begins = self.dates.opens(day) if hours is None else hours[0]
        if spec.file is not None:
            begins, first = 0.0, round((day - self.dates.calendar.from_).days * DAY_S / spec.every)
            given = spec.counts[first : first + round(DAY_S / spec.every)]
        elif isinstance(given, Mapping):
            rule = nearest(given, day)
            given = () if rule is None else given[rule]
        at = [(self.dates.instant(day, begins + n * spec.every), count) for n, count in enumerate(given)]
        midnight = self.dates.midnight(day)
        return at if at and at[0][0] <= midnight else [(midnight, 0), *at]

    def counts_from_opening(self, name: str) -> bool:
        """R12.9: on a date apart a team without shifts and head-counts is there as if counted from the opening on."""
        del name
        return False


def _sizes(team: Any, shifts: Sequence[Any]) -> list[int]:
    """How many of those who are there on a date are in which of its shifts: as written, in proportion to the team."""
    if not shifts:
        return []
    if shifts[0].agents is None:
        return _shared(team.agents, [1] * len(shifts))
    written = [shift.agents for shift in shifts]
    most = max(sum(one.agents for one in on) for on in _kinds_of_days(team.shifts))
    gross = sum(written) * (team.gross_agents / most if most else 1.0)
    loss = team.shrinkage if team.counts == "gross" else 0.0
    if team.counts == "net" or not team.shrinkage:
        gross = sum(written) * (team.agents / most if most else 1.0)
    return _shared(min(floor(gross * (1 - loss) + 0.5), team.agents), written)


def _kinds_of_days(shifts: Sequence[Any]) -> list[list[Any]]:
    """The shifts of each date for which there are rules, and of each weekday."""
    named = [date.fromisoformat(one.days) for one in shifts if one.days is not None and one.days[0].isdigit()]
    return [those_of(shifts, day) for day in (*named, *(date(2001, 1, n) for n in range(1, 8)))]


def _shared(total: int, weights: Sequence[int]) -> list[int]:
    """By largest remainder, the first first."""
    if not sum(weights):
        weights = [1] * len(weights)
    exact = [total * weight / sum(weights) for weight in weights]
    sizes = [floor(one + 1e-12) for one in exact]
    by_rest = sorted(range(len(sizes)), key=lambda n: (sizes[n] - exact[n], n))
    for n in by_rest[: total - sum(sizes)]:
        sizes[n] += 1
    return sizes


class OneDate(OnDates):
    """R12.11: an open date alone, by seconds from its own midnight."""

    has_tomorrow = False

    def __init__(self, scenario: Scenario, absent: Absent, number: int) -> None:
        super().__init__(scenario, absent)
        self.day = self.dates.open[number]
        self.midnight = self.dates.midnight(self.day)
        self.lasts = self._at(self.dates.closes(self.day))
        self.day_ends = self._at(DAY_S)

    def _at(self, clock_s: float) -> float:
        return self.dates.instant(self.day, clock_s) - self.midnight

    def nights(self) -> Iterator[Night]:
        """With `clear_queues` each queue is cleared at its own closing, one that is closed all day from the start."""
        if self.scenario.closing != "clear_queues":
            return
        for queue in self.scenario.queues:
            hours = self.dates.hours(queue, self.day)
            closes = 0.0 if hours is None else self._at(hours[1])
            if closes < self.lasts:
                yield Night(closes, "cleared", queue)

    def next_midnight(self, now: float) -> float:
        return self.dates.next_midnight(self.midnight + now) - self.midnight

    def waits_for_tomorrow(self, queue: str) -> bool:
        del queue
        return False

    def is_away(self, agent: "Agent", team: str, date: int) -> bool:
        del date
        return self.absent(agent, team, 0)

    def stays(self, agent: "Agent") -> list[Stay]:
        here = [name for name in agent.sittings if not self.absent(agent, name, 0)]
        found = [stay for name in here for stay in self._of_team(agent, name)]
        begun = [stay for stay in found if stay.start < self.lasts and stay.end > max(stay.start, 0.0)]
        return sorted(begun, key=lambda stay: stay.start)

    def counts_from_opening(self, name: str) -> bool:
        team = self.scenario.teams[name]
        return not team.members and not team.shifts and self._at(self.dates.opens(self.day)) > 0

    def _of_team(self, agent: "Agent", name: str) -> Iterator[Stay]:
        team = self.scenario.teams[name]
        if not team.members and not team.shifts:
            yield Stay(0.0, float("inf"), [], name)
            return
        for start, end, breaks, *_ in self.shifts_on(agent, name, self.day):
            yield Stay(
                start - self.midnight,
                end - self.midnight,
                [(at - self.midnight, long) for at, long in breaks],
                name,
            )

    def counts(self, name: str, agents: Sequence["Agent"]) -> Iterator[tuple[float, int, int]]:
        come = [not self.absent(agent, name, 0) for agent in agents]
        spec = self.scenario.teams[name].head_count
        if spec is None:
            yield 0.0, 0, 0
            yield self._at(self.dates.opens(self.day)), sum(come), 0
            return
        steps = [(when - self.midnight, count) for when, count in self.counts_on(name, self.day)]
        ends = steps[-1][0] + spec.every
        every = gcd(*(round(when) for when, _ in steps), round(ends))  # R12.9: one number an interval
        for n in range(round(ends) // every):
            count = [number for when, number in steps if when <= n * every][-1]
            yield float(n * every), sum(come[:count]), 0


class OneClock(OnDates):
    """R12.13: all dates on one clock, and those that follow while somebody waits in a queue that carries over."""

    has_tomorrow = True
    day_ends = float("inf")

    def __init__(self, scenario: Scenario, absent: Absent) -> None:
        super().__init__(scenario, absent)
        self.lasts = max(self.closes(day) for day in self.dates.open)

    def closes(self, day: date) -> float:
        return self.dates.instant(day, self.dates.closes(day))

    def next_midnight(self, now: float) -> float:
        return self.dates.next_midnight(now)

    def waits_for_tomorrow(self, queue: str) -> bool:
        return self.scenario.queues[queue].carry_over

    def nights(self) -> Iterator[Night]:
        for queue, spec in self.scenario.queues.items():
            if not spec.carry_over:
                yield from self._nights_of(queue)

    def _nights_of(self, queue: str) -> Iterator[Night]:
        days = [day for day in self.dates.open if self.dates.hours(queue, day)]
        if not days:
            return
        spans = [[self.dates.instant(day, one) for one in self.dates.hours(queue, day) or ()] for day in days]
        then = [opens for opens, _ in spans[1:]]
        for day, (_, closes), opens in zip(days, spans, [*then, float("inf")], strict=True):
            if opens <= closes:
                continue  # it does not close at all
            if self.scenario.closing == "clear_queues":
                yield Night(closes, "cleared", queue)
                yield Night(opens, "opens", queue)
            else:
                yield Night(min(opens, max(closes, self.dates.instant(day, DAY_S))), "leaves open", queue)

    # Who is there

    def is_away(self, agent: "Agent", team: str, date: int) -> bool:
        return date < len(self.dates.open) and self.absent(agent, team, date)

    def stays(self, agent: "Agent") -> list[Stay]:
        found = [
            stay
            for name in agent.sittings
            for stay in (*self._night_before(agent, name), *self._on_own(agent, name))
            if stay.start < stay.end
        ]
        return sorted(found, key=lambda stay: stay.start)

    def _night_before(self, agent: "Agent", name: str) -> Iterator[Stay]:
        for day in self.dates.before():
            yield from (stay for stay in self._of_team(agent, name, day) if stay.start < 0 < stay.end)

    def _on_own(self, agent: "Agent", name: str) -> Iterator[Stay]:
        for number, day in enumerate(self.dates.open):
            if not self.absent(agent, name, number):
                yield from self._of_team(agent, name, day)
        for day in self.dates.following():
            yield from (stay._replace(added=True) for stay in self._of_team(agent, name, day))

    def _of_team(self, agent: "Agent", name: str, day: date) -> Iterator[Stay]:
        team = self.scenario.teams[name]
        if team.members or team.shifts:
            yield from self.shifts_on(agent, name, day)
        else:
            yield Stay(self.dates.instant(day, self.dates.opens(day)), self.closes(day), [], name)

    def counts(self, name: str, agents: Sequence["Agent"]) -> Iterator[tuple[float, int, int]]:
        """Those of each date until its closing, or until the next date's begin; at night nobody is there."""
        own = len(self.dates.open)
        before: list[tuple[float, int, int]] = []
        for number, day in enumerate([*self.dates.open, *self.dates.following()]):
            come = [number >= own or not self.absent(agent, name, number) for agent in agents]
            found = [(at, sum(come[:count]), number) for at, count in self._open_counts(name, day)]
            begins = next((at for at, count, _ in found if count or at > self.dates.midnight(day)), 0.0)
            yield from (step for step in before if step[0] < begins)
            before = [step for step in found if step[0] >= begins]
        yield from before

    def _open_counts(self, name: str, day: date) -> Iterator[tuple[float, int]]:
        yield from ((at, count) for at, count in self.counts_on(name, day) if at < self.closes(day))
        yield self.closes(day), 0


def times_of(scenario: Scenario, workload: Workload) -> list[tuple[Any, Workload]]:
    """What is simulated of a calendar: each open date with its customers, or all of them together."""
    dates = Dates(scenario)
    if dates.hang_together:
        return [(OneClock, workload)]
    return [(partial(OneDate, number=n), own) for n, own in enumerate(workload.days)]
