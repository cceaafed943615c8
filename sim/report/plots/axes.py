"""How the values of a metric are drawn: in per cent, seconds or minutes, and what the axis says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from math import inf

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.metrics.catalogue import lookup
from sim.metrics.cells import DAY_S, clock_text
from sim.metrics.formatting import clock
from sim.metrics.metric import MINUTES, SECONDS, scale_of
from sim.report.plots.source import Placed, scenario_of
from sim.report.plots.style import SOFT_INK, End, size_of
from sim.scenario import wall_clock

MINUTES_FROM_S = 600.0
"""From here on times are drawn in minutes."""


_KEYS = {
    **dict.fromkeys(("Duration", "PositiveDuration", "RingTime", "Grain", "Span"), "s"),
    **dict.fromkeys(("Count", "PositiveCount", "Agents", "Tasks", "PositiveTasks", "Replications"), "number"),
    "Share": "share, 0 to 1",
    "Priority": "priority",
    "HighPriority": "priority",
    "Level": "skill level",
    "Returns": "number",
    "Rate": "an hour",
    "Whispers": "a minute",
}
"""Units of scenario keys by the schema's name of their kind."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a value is multiplied by before it is drawn, and how the unit is called."""

    factor: float
    name: str


def unit_of(metric: str, largest: float = 0.0, unit: str | None = None) -> Unit:
    """Return the unit in which a metric is drawn, whose largest value decides between seconds and minutes."""
    own = unit or lookup(metric).unit
    scale = scale_of(own)
    if scale is SECONDS and largest >= MINUTES_FROM_S:
        return Unit(1 / MINUTES.over, MINUTES.unit)
    return Unit(scale.times, scale.unit or ("number" if own == "requests" else own))


@cache
def unit_of_key(key: str) -> str:
    """Return the unit of a scenario key such as `routing.ring_time`, as the schema has it."""
    from sim.scenario import schema

    name = key.rpartition(".")[2]
    owners = [schema(), *schema()["$defs"].values()]
    said = [str(own["properties"][name]) for own in owners if name in own.get("properties", ())]
    units = {next((unit for kind, unit in _KEYS.items() if f"/{kind}'" in one), "") for one in said}
    return (units.pop() if len(units) == 1 else "") or "scenario key"


def title_of(metric: str) -> str:
    """Return the name of a metric as a heading."""
    return lookup(metric).title


def heading(metric: str, unit: Unit, whose: str = "") -> str:
    """Return the title of a picture: the figure's name, whose it is, its unit."""
    return f"{title_of(metric)}{whose} ({unit.name})"


def axis_of(metric: str) -> str:
    """Return the name of a metric as it stands at an axis, which several percentiles of the wait share."""
    return "Wait" if metric.startswith("wait_") else lookup(metric).label


Span = tuple[float, float]
"""The least and the largest value that an axis has to hold, in the metric's own unit."""
_AIR = 0.06
"""Room above and beneath what is drawn, in parts of its span."""
_FLATTEST = 0.25
"""The least span of an axis, in parts of its largest value, so that chance does not look like a change."""
_REACH = 1.5
"""So many spans away a target may lie for the axis to reach to it."""


def target_line(ax: Axes, target: float, unit: Unit) -> End:
    """Draw a target, in the metric's own unit, across the axes, and give the label for its end.

    One that lies above or beneath the axes is only named, with an arrow.
    """
    at, (low, high) = target * unit.factor, ax.get_ylim()
    right, text = ax.get_xlim()[1], f"target\n{at:g} {unit.name}"
    if not low <= at <= high:
        return End(right, high if at > high else low, f"{text} {'↑' if at > high else '↓'}", SOFT_INK)
    ax.axhline(at, color=SOFT_INK, linewidth=0.9, linestyle=(0, (2, 2)))
    return End(right, at, text, SOFT_INK)


def span_of(rows: pd.DataFrame) -> Span:
    """Return the least and the largest value of rows with their intervals; 0 and 0 where there are none."""
    limits = rows[["value", "low", "high"]].to_numpy(np.float64)
    known = limits[np.isfinite(limits)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)


def fit(ax: Axes, unit: Unit, span: Span, target: float | None = None) -> None:
    """Fit the y axis to what is drawn, and to a target where it is near or a share.

    It begins at 0 where that leaves at least half of it to the values; shares end at 100 %.
    """
    low, high = span
    reach = inf if unit.name == "%" else _REACH * max(high - low, _FLATTEST * abs(high))
    if target is not None and target - high <= reach:
        low, high = min(low, target), max(high, target)
    low, high = low * unit.factor, high * unit.factor
    lacking = _FLATTEST * high - (high - low)
    if lacking > 0:
        low, high = low - lacking / 2, high + lacking / 2
    room = _AIR * (high - low) or 1.0
    bottom = 0.0 if 0 <= low <= high / 2 else low - room
    top = high + room
    ax.set_ylim(bottom, min(top, 100.0) if unit.name == "%" and span[1] <= 1 else top)


# The axis of time: clock times where the scenario says when it opens.

HOUR_S = 3600.0
POINTS_A_TICK, POINTS_A_DAY = 46, 34
"""Room that a clock time takes on the axis, and the name of a day."""
DAYS_FROM_H = 30.0
"""Longer runs are told by days."""
_STEPS_H = (10 / 3600, 30 / 3600, 1 / 60, 2 / 60, 5 / 60, 10 / 60, 0.25, 0.5, 1, 2, 3, 4, 6, 12, 24, 48, 168)


def hours(interval: str) -> float:
    """Return the beginning of an interval, `08:30` or `+1d 08:30`, in hours since the first midnight."""
    days, _, clock = interval.rpartition("d ")
    hour, minute, *second = (float(part) for part in clock.split(":"))
    return 24 * int(days or 0) + hour + minute / 60 + sum(second) / HOUR_S


def hours_of(seconds: float, source: Placed) -> float:
    """Return an instant, in seconds from opening, in hours since the first midnight."""
    scenario = scenario_of(source)
    if scenario is None:
        return seconds / HOUR_S
    at = wall_clock.clock_of(scenario)(seconds) if scenario.is_dated else scenario.opens_at + seconds
    return at / HOUR_S


def clock_of(seconds: float, source: Placed) -> str:
    """Write an instant, in seconds from opening, as a clock time with seconds."""
    return clock(hours_of(seconds, source) * HOUR_S)


def clock_axis(ax: Axes, first: float, last: float, source: Placed) -> None:
    """Run the x axis from one hour to another, with as many clock times, or days, as have room."""
    scenario = scenario_of(source)
    ax.set_xlim(first, last)
    dated = scenario is not None and scenario.opens is not None
    days = last - first > DAYS_FROM_H
    step = step_for(last - first, size_of(ax)[0] / (POINTS_A_DAY if days else POINTS_A_TICK))
    ax.xaxis.set_major_locator(MultipleLocator(step))
    midnight = datetime.combine(scenario.opens, time()) if scenario is not None and scenario.opens else None
    ax.xaxis.set_major_formatter(FuncFormatter(lambda at, _: tick_text(round(at * HOUR_S), midnight, days)))
    unit = "h:min" if step * 60 >= 1 else "h:min:s"
    if dated and days and step >= DAY_S / HOUR_S:
        ax.set_xlabel("Day (midnight at which it begins)")
    else:
        ax.set_xlabel(f"Clock time ({unit})" if scenario is None or dated else f"Time from opening ({unit})")


def tick_text(seconds: float, midnight: datetime | None = None, is_long: bool = False) -> str:
    """Write a clock time as it stands at the axis: days are named at their midnights alone.

    `midnight` is the one from which the seconds count, where it is known. The first day of a long run is
    named like the others.
    """
    days, rest = divmod(seconds, DAY_S)
    is_named = days or (is_long and midnight is not None)
    if rest or not is_named:
        return clock_text(rest)
    if midnight is None:
        return f"+{int(days)}d"
    day = midnight + timedelta(days=days)
    return f"{day:%a} {day.day}"


def even_step(span_s: float, most: float) -> float:
    """Return a round step, in seconds, that parts a span into about `most` parts and not into more."""
    return step_for(span_s / HOUR_S, most) * HOUR_S


def step_for(span_h: float, ticks: float, steps: Sequence[float] = _STEPS_H) -> float:
    """Return the smallest step, in hours, that makes no more than so many ticks."""
    return next((step for step in steps if span_h / step <= max(ticks, 2)), steps[-1])
