"""The open dates of a calendar, each with the scenario of that date alone, on its own clock from midnight."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from sim.errors import SimError, quoted
from sim.scenario.calendar import DAY_S, Calendar, Hours, stretches
from sim.scenario.context import Place
from sim.scenario.day_contents import hours_of, hours_on, stream_on, team_on
from sim.scenario.day_rules import WEEKDAYS
from sim.scenario.fields import ReadOnlyDict
from sim.scenario.numbers import calendar_day

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

MOST_FOLLOWING = 30
"""Days for which a run goes on after its calendar while somebody waits."""


@dataclass(frozen=True, eq=False)
class CalendarDay:
    """An open date of a calendar; times are seconds from its own midnight.

    `midnight_s` is that midnight from the one of the first date, `clock_s` how much more its clock shows than has
    gone by since midnight, once it was changed. `grid_s` is where the intervals of all dates end, by the clock.
    """

    of: "Scenario"
    calendar: Calendar
    date: date
    midnight_s: float
    length_s: float
    opens_s: float
    closes_s: float
    grid_s: float
    clock_s: float = field(default=0.0)

    @property
    def name(self) -> str:
        """Its date as figures name it, `2026-03-02`."""
        return self.date.isoformat()

    @property
    def weekday(self) -> str:
        """Its weekday, `mon`."""
        return WEEKDAYS[self.date.weekday()]

    @cached_property
    def joined(self) -> "Scenario | None":
        """What is simulated of its calendar where its dates hang together; None where they are apart."""
        return together(self.of) if any(linked_places(self.of)) else None

    @cached_property
    def scenario(self) -> "Scenario":
        """What is simulated on that date alone."""
        scenario = self.of
        changes = {
            "opens": datetime.combine(self.date, time()),
            "lasts": self.closes_s,
            "arrivals": tuple(stream_on(scenario, self, stream) for stream in scenario.arrivals),
            "teams": ReadOnlyDict({name: team_on(self, team) for name, team in scenario.teams.items()}),
        }
        return scenario.on(self, changes)

    def again(self, scenario: "Scenario") -> "Scenario":
        """Return what is simulated on this date of another scenario's calendar. Raises SimError where it is closed."""
        found = next((one.scenario for one in scenario.days if one.date == self.date), None)
        if found is None:
            raise SimError(f"{scenario.name}: {self.name} is no open date of the calendar")
        return found

    def starts(self, interval_s: float) -> tuple[float, ...]:
        """Return when the clock shows the beginnings of intervals, up to the end of the grid."""
        count = math.ceil(self.grid_s / interval_s - 1e-9)
        clocks = [*(number * interval_s for number in range(count)), self.grid_s]
        return tuple(self.calendar.instant(self.date, clock_s) for clock_s in clocks)


def days_of(scenario: "Scenario", dates: Iterable[date] | None = None) -> tuple[CalendarDay, ...]:
    """Return the open dates of a scenario's calendar, or those of other dates by its rules."""
    calendar = scenario.calendar
    assert calendar is not None
    wanted = calendar.dates if dates is None else dates
    there = [(day, found) for day in wanted if (found := hours_on(scenario, calendar, day)) is not None]
    # By all rules, so that a date has the same intervals whatever other dates the calendar has.
    rules = [calendar.open, *(queue.open for queue in scenario.queues.values() if queue.open is not None)]
    grid_s = min(
        DAY_S, max((one.closes for rule in rules for one in rule.values() if one is not None), default=DAY_S)
    )
    return tuple(
        CalendarDay(
            scenario,
            calendar,
            day,
            calendar.midnight_s(day),
            calendar.length_s(day),
            calendar.instant(day, found.opens),
            calendar.instant(day, found.closes),
            grid_s,
            stretches(day, calendar.time_zone)[-1].shift,
        )
        for day, found in there
    )


# Dates that hang together: on one clock.


def linked_places(scenario: "Scenario") -> Iterator[Place]:
    """Return what makes the dates of a calendar hang together.

    That are queues that carry over, and hours and shifts that go on over midnight.
    """
    calendar = scenario.calendar
    if calendar is None:
        return
    yield from (("queues", name, "carry_over") for name, one in scenario.queues.items() if one.carry_over)
    opened: dict[Place, Mapping[str, Hours | None] | None] = {("calendar", "open"): None}
    for name, queue in scenario.queues.items():
        if queue.open is not None:
            opened["queues", name, "open"] = queue.open
    for place, own in opened.items():
        rules = calendar.open if own is None else own
        yield from ((*place, days) for days, one in rules.items() if one is not None and one.closes > DAY_S)
        both = zip(calendar.dates, calendar.dates[1:], strict=False)
        if any(_goes_on(calendar.hours_on(one, own), calendar.hours_on(other, own)) for one, other in both):
            yield place
    for name, team in scenario.teams.items():
        yield from (("teams", name, "shifts", i) for i, one in enumerate(team.shifts) if one.to > DAY_S)
        duties = (
            duty for one in team.members for rostered, _ in one.sources
            for listed in rostered.duties.values() for duty in listed
        )  # fmt: skip
        if any(duty.end_s > DAY_S for duty in duties):
            yield "teams", name


def _goes_on(today: Hours | None, tomorrow: Hours | None) -> bool:
    return today is not None and tomorrow is not None and today.closes == DAY_S and tomorrow.opens == 0


@dataclass(frozen=True, eq=False)
class Linked:
    """Dates on one clock, and those that follow them while somebody waits."""

    days: tuple[CalendarDay, ...]

    @cached_property
    def before(self) -> tuple[CalendarDay, ...]:
        """The date before the first, whose night shift reaches into it."""
        calendar = self.days[0].calendar
        return days_of(self.days[0].of, (calendar.from_ - timedelta(days=1),))

    @cached_property
    def following(self) -> tuple[CalendarDay, ...]:
        """The open dates of the month that comes after."""
        last = self.days[0].calendar.dates[-1]
        return days_of(self.days[0].of, (last + timedelta(days=n) for n in range(1, MOST_FOLLOWING + 1)))

    def hours_s(self, queue: str) -> list[tuple[float, float, CalendarDay]]:
        """Return from when to when a queue is open on each date, in seconds from the first midnight."""
        found = []
        for day in self.days:
            hours = hours_of(day.of, day.calendar, queue, day.date)
            if hours is not None:
                first, last = (day.calendar.instant(day.date, clock_s) for clock_s in hours)
                found.append((day.midnight_s + first, day.midnight_s + last, day))
        return found


def joined_of(scenario: "Scenario") -> "Scenario | None":
    """Return what is simulated of a calendar whose dates hang together; None of any other scenario."""
    return scenario.days[0].joined if scenario.calendar is not None else None


def together(scenario: "Scenario") -> "Scenario":
    """Return what is simulated of a calendar whose dates hang together: all of them, on one clock."""
    days = scenario.days
    lasts = max(day.midnight_s + day.closes_s for day in days)
    return scenario.on(Linked(days), {"lasts": lasts})


def only_on(scenario: "Scenario", day: str | None, first: str | None, last: str | None) -> "Scenario":
    """Return the scenario of one open date of its calendar, or of those from one date to another, both inclusive.

    `day` is a date or a weekday that comes once. Raises SimError.
    """
    calendar = scenario.calendar
    if calendar is None:
        raise SimError(f"{scenario.name} has no `calendar`, so no days can be chosen")
    if day is not None:
        if first is not None or last is not None:
            raise SimError("give --day, or --from and --to, not both")
        start = end = _one_day(scenario, calendar, day)
    else:
        start = calendar.dates[0] if first is None else _date("--from", first, calendar)
        end = calendar.dates[-1] if last is None else _date("--to", last, calendar)
    if end < start:
        raise SimError(f"--from {start.isoformat()} is after --to {end.isoformat()}")
    return scenario.set({"calendar.from": start.isoformat(), "calendar.days": (end - start).days + 1})


def _date(option: str, text: str, calendar: Calendar) -> date:
    try:
        found = calendar_day(text)
    except ValueError as error:
        raise SimError(f"{option}: {error}") from None
    if found not in calendar.dates:
        span = f"{calendar.dates[0].isoformat()} to {calendar.dates[-1].isoformat()}"
        raise SimError(f"{option} {text} is not in the calendar, {span}")
    return found


def _one_day(scenario: "Scenario", calendar: Calendar, text: str) -> date:
    if text.lower() not in WEEKDAYS:
        found = _date("--day", text, calendar) if text[:1].isdigit() else None
        if found is None:
            raise SimError(f"--day {quoted(text)} is neither a date nor a weekday such as mon")
        if not any(one.date == found for one in scenario.days):
            holiday = calendar.holiday_on(found)
            why = f" ({holiday})" if holiday not in ("", text) else ""
            raise SimError(f"--day {text} is closed{why}")
        return found
    days = [one for one in scenario.days if one.weekday == text.lower()]
    if not days:
        there = ", ".join(dict.fromkeys(one.weekday for one in scenario.days))
        raise SimError(f"--day {text}: no {text} of the calendar is open; those that are: {there or 'none'}")
    if len(days) > 1:
        named = " and ".join(one.name for one in days)
        raise SimError(f"--day {text}: open days of the calendar are {named}; name the date")
    return days[0].date
