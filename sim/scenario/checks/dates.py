"""What is given by day has to fit the dates of the calendar, and needs one."""

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from sim.errors import quoted
from sim.scenario.calendar import DAY_S, Calendar
from sim.scenario.context import Finding, Place
from sim.scenario.day_rules import rule_for
from sim.scenario.numbers import duration_text

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

TOLERANCE_S = 1e-6
MOST_DATES_NAMED = 3


def closed_throughout(scenario: "Scenario") -> Iterator[Finding]:
    """Find a calendar without an open day, and keys that one run from midnight to midnight has no use for."""
    if scenario.calendar is None:
        return
    if not scenario.days:
        yield Finding(
            ("calendar", "open"), "no day of the calendar is open", rests_on=("days", "from", "open")
        )
    if scenario.warm_up:
        yield Finding(("warm_up",), "does not go with a calendar, whose days each begin empty")


def short_lists(scenario: "Scenario") -> Iterator[Finding]:
    """Find lists by interval that end before a date's closing."""
    calendar = scenario.calendar
    if calendar is None:
        return
    for i, stream in enumerate(scenario.arrivals):
        queue = next(iter(stream.queues), "")
        own = scenario.queues[queue].open if queue in scenario.queues else None
        yield from _short(calendar, ("arrivals", i, "per_hour"), stream.per_hour, stream.every, own)
    for name, team in scenario.teams.items():
        count = team.head_count
        if count is not None and count.file is None:
            place = ("teams", name, "head_count", "agents")
            yield from _short(calendar, place, count.agents, count.every, None)


def _short(
    calendar: Calendar, place: Place, given: object, every: float, own: Mapping[str, object] | None
) -> Iterator[Finding]:
    short: dict[tuple[Place, int, int], list[date]] = {}
    for day in calendar.dates:
        found = calendar.hours_on(day, own)  # type: ignore[arg-type]
        rule = rule_for(given, day) if isinstance(given, Mapping) else None
        listed = given[rule] if isinstance(given, Mapping) and rule is not None else given
        if found is None or not isinstance(listed, tuple):
            continue
        needed = max(1, math.ceil((found.closes - found.opens) / every - TOLERANCE_S))
        if len(listed) < needed:
            at = place if rule is None else (*place, rule)
            short.setdefault((at, len(listed), needed), []).append(day)
    for (at, there, needed), days in short.items():
        what = (
            f"there are {there} values, but {needed} are needed from opening to closing on {dates_text(days)}"
        )
        yield Finding(
            at, f"{what}, one for every {duration_text(every)}", rests_on=("every", "open", "calendar")
        )


def dates_text(days: list[date]) -> str:
    """Name a few dates, and say how many more there are."""
    named = " and ".join(day.isoformat() for day in days[:MOST_DATES_NAMED])
    more = len(days) - MOST_DATES_NAMED
    return f"{named} and {more} more" if more > 0 else named


def unlike_hours(scenario: "Scenario") -> Iterator[Finding]:
    """Find streams that are split over queues with different opening hours."""
    for i, stream in enumerate(scenario.arrivals):
        queues = [name for name in stream.queues if name in scenario.queues]
        other = next(
            (one for one in queues if scenario.queues[one].open != scenario.queues[queues[0]].open), None
        )
        if other is not None:
            what = f"{quoted(queues[0])} and {quoted(other)} are open at different times; give each its own stream"
            yield Finding(("arrivals", i, "queue"), what, rests_on=("open",))


# What is told of a calendar.


def notes_of_calendar(scenario: "Scenario") -> Iterator[Finding]:
    """Tell of closed days, of days that are longer or shorter, and of demand outside the opening hours."""
    calendar = scenario.calendar
    assert calendar is not None
    for day in calendar.dates:
        holiday = calendar.holiday_on(day)
        if holiday and calendar.hours_on(day) is None and calendar.hours_on_workday(day) is not None:
            name = "" if holiday == day.isoformat() else f", {holiday}"
            yield Finding(("calendar", "holidays"), f"closed on {day:%A} {day.isoformat()}{name}")
        length = calendar.length_s(day)
        if length != DAY_S:
            change = "forward" if length < DAY_S else "back"
            what = f"{day.isoformat()} has {length / 3600:g} hours, as the clock goes {change}"
            yield Finding(("calendar", "time_zone"), what)
    yield from _outside(scenario, calendar)


def _outside(scenario: "Scenario", calendar: Calendar) -> Iterator[Finding]:
    from sim.scenario.day_contents import demand_on, hours_of

    whole, streams = 0.0, []
    for at, (name, stream) in enumerate(zip(scenario.stream_names(), scenario.arrivals, strict=True)):
        if stream.replay is not None:
            given = float(len(stream.contacts))
            there = math.fsum(len(one.scenario.arrivals[at].contacts) for one in scenario.days)
        else:
            queue = next(iter(stream.queues), "")
            demand = (
                one.volume * _real(calendar, day, one.start, one.end, one.is_rate)
                for day in calendar.dates
                for one in demand_on(stream, calendar, day, hours_of(scenario, calendar, queue, day))
            )
            given = math.fsum(demand)
            there = math.fsum(one.scenario.arrivals[at].volume_within(0.0) for one in scenario.days)
        if given - there > TOLERANCE_S * max(given, 1.0):
            whole += given - there
            streams.append(name)
    if streams:
        of = ", ".join(map(quoted, streams))
        what = f"{whole:,.6g} contacts of {of} are given outside the opening hours and do not arrive"
        yield Finding(("calendar", "open"), what)


def _real(calendar: Calendar, day: date, start: float, end: float, is_rate: bool) -> float:
    """Return how long a part of a date is for what it takes by the clock: what comes at a rate comes twice, or not."""
    if not is_rate:
        return 1.0
    return sum(last - first for first, last in calendar.spans(day, start, end)) / (end - start)


CHECKS_OF_CALENDAR = (
    closed_throughout,
    short_lists,
    unlike_hours,
)
