"""The axis of time: clock times where the scenario says when it opens."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.metrics.cells import DAY_S, clock_text
from sim.metrics.formatting import clock
from sim.report.plots.source import Placed, scenario_of
from sim.report.plots.style import size_of

HOUR_S = 3600.0
POINTS_A_TICK = 46
_STEPS_H = (10 / 3600, 30 / 3600, 1 / 60, 2 / 60, 5 / 60, 10 / 60, 0.25, 0.5, 1, 2, 3, 4, 6, 12, 24, 48, 168)


def hours(interval: str) -> float:
    """Give the beginning of an interval, `08:30` or `+1d 08:30`, in hours since the first midnight."""
    days, _, clock = interval.rpartition("d ")
    hour, minute, *second = (float(part) for part in clock.split(":"))
    return 24 * int(days or 0) + hour + minute / 60 + sum(second) / HOUR_S


def hours_of(seconds: float, source: Placed) -> float:
    """Give an instant, in seconds from opening, in hours since the first midnight."""
    scenario = scenario_of(source)
    return (seconds + (scenario.opens_at if scenario else 0.0)) / HOUR_S


def clock_of(seconds: float, source: Placed) -> str:
    """Write an instant, in seconds from opening, as a clock time with seconds."""
    return clock(hours_of(seconds, source) * HOUR_S)


def clock_axis(ax: Axes, first: float, last: float, source: Placed) -> None:
    """Let the x axis run from one hour to another, with as many clock times as have room."""
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
    """Give a round step, in seconds, that parts a span into about `most` parts and not into more."""
    return step_for(span_s / HOUR_S, most) * HOUR_S


def step_for(span_h: float, ticks: float, steps: Sequence[float] = _STEPS_H) -> float:
    """Give the smallest step, in hours, that makes no more than so many ticks."""
    return next((step for step in steps if span_h / step <= max(ticks, 2)), steps[-1])
