"""What a date of a calendar has: its opening hours, its contacts and its people."""

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.scenario.arrivals import Arrivals, Piece
from sim.scenario.calendar import DAY_S, Calendar, Hours, stretches
from sim.scenario.day_rules import holding, rule_for
from sim.scenario.teams import Team
from sim.scenario.working_hours import Break, HeadCount, Shift

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.single_days import CalendarDay


# Opening hours.


def hours_on(scenario: "Scenario", calendar: Calendar, day: date) -> Hours | None:
    """Return from when to when any queue is open on a date; None where all are closed."""
    found = [
        one for queue in scenario.queues if (one := hours_of(scenario, calendar, queue, day)) is not None
    ]
    if not found:
        return None
    return Hours(min(one.opens for one in found), max(one.closes for one in found))


def hours_of(scenario: "Scenario", calendar: Calendar, queue: str, day: date) -> Hours | None:
    """Return the opening hours of a queue on a date, its own or the calendar's; None where it is closed."""
    return calendar.hours_on(day, scenario.queues[queue].open if queue in scenario.queues else None)


# Arrivals.


class Demand(NamedTuple):
    """Contacts that are given for a part of a date, by its clock in seconds since midnight.

    `is_rate` is whether they come at a rate, so that an hour that the clock shows twice brings them twice.
    """

    start: float
    end: float
    volume: float
    is_rate: bool


def demand_on(stream: Arrivals, calendar: Calendar, day: date, hours: Hours | None) -> Iterator[Demand]:
    """Return what is given of a stream for a date, whether it is open then or not."""
    if stream.file is not None:
        if hours is not None or stream.file.repeats != "daily":
            midnight = (day - calendar.from_).days * DAY_S
            for row in stream.forecast:
                if midnight <= row.start_s < midnight + DAY_S:
                    at = row.start_s - midnight
                    yield Demand(at, at + stream.every, row.volume, False)
        return
    given = stream.per_hour
    of_date = False
    if isinstance(given, Mapping):
        rule = rule_for(given, day)
        of_date = rule == day.isoformat()
        given = None if rule is None else given[rule]
    if given is None or (hours is None and not of_date):
        return
    opens, closes = hours or Hours(0.0, DAY_S)
    if isinstance(given, tuple):
        for number, rate in enumerate(given):
            at = opens + number * stream.every
            yield Demand(at, at + stream.every, rate * stream.every / 3600, True)
    else:
        assert not isinstance(given, Mapping)
        yield Demand(opens, closes, given * (closes - opens) / 3600, True)


def pieces_on(calendar: Calendar, day: date, hours: Hours | None, given: Iterable[Demand]) -> Iterator[Piece]:
    """Return when contacts arrive on a date: what is given, within the opening hours."""
    if hours is None:
        return
    for one in given:
        start, end = max(one.start, hours.opens), min(one.end, hours.closes)
        if start >= end or not one.volume:
            continue
        spans = list(calendar.spans(day, start, end))
        length = sum(last - first for first, last in spans)
        a_second = one.volume / (one.end - one.start)
        if not one.is_rate and length:
            a_second *= (end - start) / length
        yield from (Piece(first, last, a_second * (last - first)) for first, last in spans)


def stream_on(scenario: "Scenario", day: "CalendarDay", stream: Arrivals) -> Arrivals:
    """Return a stream as it is on a date, on the clock of that date."""
    calendar = day.calendar
    if stream.replay is not None:
        return stream.model_copy(update={"contacts": tuple(_recorded_on(scenario, day, stream))})
    hours = hours_of(scenario, calendar, next(iter(stream.queues), ""), day.date)
    pieces = pieces_on(calendar, day.date, hours, demand_on(stream, calendar, day.date, hours))
    midnight = (day.date - calendar.from_).days * DAY_S
    rows = tuple(
        row._replace(start_s=calendar.instant(day.date, row.start_s - midnight))
        for row in stream.forecast
        if midnight <= row.start_s < midnight + DAY_S
    )
    return stream.arriving(tuple(sorted(pieces)), forecast=rows)


def _recorded_on(scenario: "Scenario", day: "CalendarDay", stream: Arrivals) -> Iterator[Any]:
    """Return the recorded contacts of a date within the opening hours of their queues."""
    midnight = (day.date - day.calendar.from_).days * DAY_S
    for one in stream.contacts:
        at = one.offered_at - midnight
        hours = hours_of(scenario, day.calendar, one.queue, day.date)
        if 0 <= at < DAY_S and hours is not None and hours.opens <= at < hours.closes:
            yield one._replace(offered_at=day.calendar.instant(day.date, at))


# Teams.


def team_on(day: "CalendarDay", team: Team) -> Team:
    """Return a team as it is on a date, on the clock of that date."""
    if team.members:
        return team
    if team.head_count is not None:
        return team.model_copy(update={"head_count": _head_count_on(day, team.head_count)})
    if not team.shifts:
        return _there_from_opening(day, team)
    chosen = holding([one.days for one in team.shifts], day.date)
    return team.with_shifts(tuple(_shift_on(day, team.shifts[at]) for at in chosen))


def _shift_on(day: "CalendarDay", shift: Shift) -> Shift:
    """Return a shift with its clock times as they are on that date after its clock was changed."""
    breaks = tuple(shift.breaks[at] for at in holding([one.days for one in shift.breaks], day.date))
    calendar, plus = day.calendar, day.clock_s
    dates = (day.date, day.date + timedelta(days=1))  # a night shift ends on the next one
    if all(len(stretches(one, calendar.time_zone)) == 1 for one in dates):
        return shift.model_copy(update={"breaks": breaks}) if breaks != shift.breaks else shift

    def moved(clock_s: float) -> float:
        return calendar.instant(day.date, clock_s) + plus

    changed: tuple[Break, ...] = tuple(one.model_copy(update={"at": moved(one.at)}) for one in breaks)
    return shift.model_copy(update={"from_": moved(shift.from_), "to": moved(shift.to), "breaks": changed})


def _there_from_opening(day: "CalendarDay", team: Team) -> Team:
    """Let a team without working hours be there from the opening on, and until the day's work is done."""
    if not day.opens_s:
        return team
    return team.model_copy(update={"head_count": HeadCount(every=day.opens_s, agents=(0, team.agents))})


def counts_on(day: "CalendarDay", head_count: HeadCount) -> tuple[tuple[float, int], ...]:
    """Return how many are there from when on, by the clock of a date in seconds since midnight."""
    given, every = head_count.agents, head_count.every
    midnight = (day.date - day.calendar.from_).days * DAY_S
    if head_count.file is not None:
        first, last = round(midnight / every), round((midnight + DAY_S) / every)
        counts = head_count.counts[first:last]
        return tuple((number * every, count) for number, count in enumerate(counts)) or ((0.0, 0),)
    if isinstance(given, Mapping):
        rule = rule_for(given, day.date)
        given = () if rule is None else given[rule]
    hours = day.calendar.hours_on(day.date) or hours_on(day.of, day.calendar, day.date)
    opens = 0.0 if hours is None else hours.opens
    listed = tuple((opens + number * every, count) for number, count in enumerate(given))
    return ((0.0, 0), *listed) if opens or not listed else listed


def _head_count_on(day: "CalendarDay", head_count: HeadCount) -> HeadCount:
    """Write a head-count with one number an interval from midnight on, the longest that divides all of them."""
    steps = [
        (round(day.calendar.instant(day.date, clock_s)), count)
        for clock_s, count in counts_on(day, head_count)
    ]
    end = max(steps[-1][0] + round(head_count.every), 1)
    every = math.gcd(*(at for at, _ in steps), end)
    counts: list[int] = []
    for (begins, count), ends in zip(steps, [*(at for at, _ in steps[1:]), end], strict=True):
        counts += [count] * ((ends - begins) // every)
    return head_count.model_copy(update={"every": float(every), "agents": tuple(counts), "file": None})
