"""How the values of a metric are drawn: in per cent, seconds or minutes, and what the axis says."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.metrics.catalogue import lookup
from sim.metrics.cells import DAY_S, clock_text
from sim.metrics.formatting import clock
from sim.metrics.metric import MINUTES, SECONDS, scale_of
from sim.report.plots.source import Placed, scenario_of
from sim.report.plots.style import SOFT_INK, End, size_of

MINUTES_FROM_S = 600.0
"""From here on times are drawn in minutes."""

_KINDS = {
    "inbound": "from customers",
    "transfer": "transferred",
    "named_transfer": "transferred by name",
    "conference": "conference",
}


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


def axis_of(metric: str) -> str:
    """Return the name of a metric as it stands at an axis, which several percentiles of the wait share."""
    return "Wait" if metric.startswith("wait_") else lookup(metric).label


def kind_words(kind: str) -> str:
    """Return a kind of request in words."""
    return _KINDS.get(kind, kind)


def target_line(ax: Axes, target: float, unit: Unit) -> End:
    """Draw a target, in the metric's own unit, across the axes, and give the label for its end.

    One that lies above the axes is only named, with an arrow.
    """
    at, top = target * unit.factor, ax.get_ylim()[1]
    if at > top:
        return End(ax.get_xlim()[1], top, f"target\n{at:g} {unit.name} ↑", SOFT_INK)
    ax.axhline(at, color=SOFT_INK, linewidth=0.9, linestyle=(0, (2, 2)))
    return End(ax.get_xlim()[1], at, f"target\n{at:g} {unit.name}", SOFT_INK)


def from_zero(ax: Axes, unit: Unit, largest: float) -> None:
    """Begin the y axis at 0; shares end at 100 % where they come near it."""
    top = 100.0 if unit.name == "%" and largest > 60 else (largest or 1.0) * 1.08
    ax.set_ylim(0, top)


# The axis of time: clock times where the scenario says when it opens.

HOUR_S = 3600.0
POINTS_A_TICK = 46
_STEPS_H = (10 / 3600, 30 / 3600, 1 / 60, 2 / 60, 5 / 60, 10 / 60, 0.25, 0.5, 1, 2, 3, 4, 6, 12, 24, 48, 168)


def hours(interval: str) -> float:
    """Return the beginning of an interval, `08:30` or `+1d 08:30`, in hours since the first midnight."""
    days, _, clock = interval.rpartition("d ")
    hour, minute, *second = (float(part) for part in clock.split(":"))
    return 24 * int(days or 0) + hour + minute / 60 + sum(second) / HOUR_S


def hours_of(seconds: float, source: Placed) -> float:
    """Return an instant, in seconds from opening, in hours since the first midnight."""
    scenario = scenario_of(source)
    return (seconds + (scenario.opens_at if scenario else 0.0)) / HOUR_S


def clock_of(seconds: float, source: Placed) -> str:
    """Write an instant, in seconds from opening, as a clock time with seconds."""
    return clock(hours_of(seconds, source) * HOUR_S)


def clock_axis(ax: Axes, first: float, last: float, source: Placed) -> None:
    """Run the x axis from one hour to another, with as many clock times as have room."""
    scenario = scenario_of(source)
    ax.set_xlim(first, last)
    step = step_for(last - first, size_of(ax)[0] / POINTS_A_TICK)
    ax.xaxis.set_major_locator(MultipleLocator(step))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda at, _: tick_text(round(at * HOUR_S))))
    opens = scenario is None or scenario.opens is not None
    unit = "h:min" if step * 60 >= 1 else "h:min:s"
    ax.set_xlabel(f"Clock time ({unit})" if opens else f"Time from opening ({unit})")


def tick_text(seconds: float) -> str:
    """Write a clock time as it stands at the axis: the days of a long run are named at their midnights alone."""
    days, rest = divmod(seconds, DAY_S)
    if not days:
        return clock_text(seconds)
    return clock_text(rest) if rest else f"+{int(days)}d"


def even_step(span_s: float, most: float) -> float:
    """Return a round step, in seconds, that parts a span into about `most` parts and not into more."""
    return step_for(span_s / HOUR_S, most) * HOUR_S


def step_for(span_h: float, ticks: float, steps: Sequence[float] = _STEPS_H) -> float:
    """Return the smallest step, in hours, that makes no more than so many ticks."""
    return next((step for step in steps if span_h / step <= max(ticks, 2)), steps[-1])
