"""A date of a calendar as a day to be planned: when it is open, and what its clock shows."""

from math import ceil

import numpy as np

from sim.errors import SimError
from sim.metrics.cells import Axes
from sim.metrics.columns import FloatArray
from sim.scenario import Scenario
from sim.scenario.calendar import stretches
from sim.scenario.numbers import clock_text, duration_text
from sim.scenario.one_day import days_apart

TOLERANCE = 1e-9


def apart(scenario: Scenario) -> tuple[Scenario, ...]:
    """Return what is simulated on each open date of a calendar alone. Raises SimError where dates hang together."""
    days = days_apart(scenario, "a staffing is found for one day") if scenario.days else ()
    if not days:
        raise SimError(f"{scenario.name}: no date of the calendar is open, so there is nothing to plan")
    return days


def day_of(scenario: Scenario) -> Scenario:
    """Return what is simulated of a scenario of one day, also where it is a calendar with one open date."""
    if scenario.calendar is None:
        return scenario
    days = apart(scenario)
    if len(days) > 1:
        raise SimError(
            f"{scenario.name}: the calendar has {len(days)} open dates, and this is about one; choose it, such as"
            f" --day {scenario.days[0].name}"
        )
    require_steady_clock(days[0])
    return days[0]


def require_steady_clock(day: Scenario) -> None:
    """Raise SimError for a date whose clock is changed while it is open."""
    date = day.date
    if date is None:
        return
    parts = stretches(date.date, date.calendar.time_zone)
    if len(parts) > 1 and date.opens_s < parts[0].end < date.closes_s:
        raise SimError(
            f"{day.name}: the clock is changed on {date.name} while it is open; plan the other dates, and this one"
            " without `calendar.time_zone`"
        )


def require_open_at_an_interval(day: Scenario) -> None:
    """Raise SimError for a date whose head-counts, which are listed from its opening, would fit no interval."""
    date = day.date
    if date is None:
        return
    hours = date.calendar.hours_on(date.date)
    begins = date.opens_s if hours is None else date.calendar.instant(date.date, hours.opens)
    first = float(edges_of(day)[0])
    if abs(begins - first) > TOLERANCE:
        raise SimError(
            f"{day.name}: head-counts begin at the opening, on {date.name} at {clock_text(begins + day.opens_at)},"
            f" and the first interval with an open queue begins at {clock_text(first + day.opens_at)}; choose an"
            f" `interval` other than {duration_text(day.interval)}, or write `staffing.shifts`"
        )


def written(day: Scenario) -> Scenario:
    """Return a day as a file has it: of a date the calendar with that date alone."""
    return day if day.date is None else day.date.of


def opening_clock(day: Scenario) -> float:
    """Return what the clock shows at the opening, in seconds since midnight."""
    return day.opens_at + (0.0 if day.date is None else day.date.opens_s)


def edges_of(day: Scenario) -> FloatArray:
    """Return where the intervals with an open queue begin, and the end of the last; seconds from time 0."""
    if day.date is None:
        count = ceil(day.lasts / day.interval - TOLERANCE)
        return np.append(np.arange(count) * day.interval, day.lasts)
    starts = np.array(Axes.of(day).starts)
    first = first_interval(day)
    inside = starts[first:][starts[first:] < day.lasts - TOLERANCE]
    return np.append(inside, day.lasts)


def first_interval(day: Scenario) -> int:
    """Return the number of the first interval with an open queue: intervals of a date are counted from midnight."""
    if day.date is None:
        return 0
    starts = np.array(Axes.of(day).starts)
    return int(np.searchsorted(starts, day.date.opens_s + TOLERANCE, "right")) - 1


def interval_names(day: Scenario) -> tuple[str, ...]:
    """Return the intervals with an open queue by the clock of their beginnings."""
    first = first_interval(day)
    return Axes.of(day).interval[first : first + len(edges_of(day)) - 1]
