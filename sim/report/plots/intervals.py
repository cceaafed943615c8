"""Pictures through the day: one point an interval."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.metrics.formatting import kind_words
from sim.report.plots.axes import (
    HOUR_S,
    Span,
    Unit,
    axis_of,
    clock_axis,
    fit,
    heading,
    hours,
    span_of,
    target_line,
    title_of,
    unit_of,
)
from sim.report.plots.source import (
    NothingToDrawError,
    Source,
    busiest,
    figures_of,
    in_order,
    names_of,
    of_the_busiest,
    pick,
    scenario_of,
)
from sim.report.plots.style import INK, End, Fill, Look, canvas, folded, label_ends, look, strip, styled

OVER_ALL = "all queues"
MOST_MARKED = 60
"""More points have no markers, and more bars no outlines."""
MOST_WHISKER = 1.6
"""Longer intervals are cut off, in parts of the longest bar, so that the bars can be read."""
_DODGE = 0.09
"""How far lines stand apart, in parts of an interval, so that their bars show."""


class _Line(NamedTuple):
    name: str
    rows: pd.DataFrame


@styled
def by_interval(
    source: Source,
    metric: str,
    *,
    queue: str | Sequence[str] | None = None,
    team: str | Sequence[str] | None = None,
    kind: str = "",
    target: float | None = None,
    span: Span | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw any metric through the day, a line a queue or a team, with 95 % intervals.

    `queue` and `team` name one or several, "" stands for all together. Without either there is a line for each
    queue that has the metric or, for a metric of agents, for each team; of more than six for the busiest
    (`each_queue` draws all). One line has its interval as a band, several have bars. Shares are in per cent.
    `target` is drawn across, in the metric's own unit (shares 0 to 1). The y axis fits the values; with `span`, the
    least and the largest value that it has to hold, pictures that are compared have the same one.

    Raises NothingToDrawError where the metric is not given by interval.
    """
    lines, whose = _lines(source, metric, queue, team, kind)
    ax = canvas(ax)
    width = _width(source, lines)
    last = max(_starts(line.rows)[-1] for line in lines) + width
    clock_axis(ax, min(_starts(line.rows)[0] for line in lines), last, source)
    span = span or span_of(pd.concat([line.rows for line in lines]))
    unit = unit_of(metric, span[1])
    fit(ax, unit, span, target)
    ends = [
        _draw(ax, line, look(number), unit, width, (number, len(lines))) for number, line in enumerate(lines)
    ]
    goal = [] if target is None else [target_line(ax, target, unit)]
    label_ends(ax, goal + (ends if len(lines) > 1 else []))
    ax.set_ylabel(f"{axis_of(metric)} ({unit.name})")
    ax.set_title(heading(metric, unit, f"{whose}{f', {kind_words(kind)}' if kind else ''}"))
    return ax


def service_level(
    source: Source,
    queue: str | Sequence[str] | None = None,
    *,
    kind: str = "",
    span: Span | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the service level through the day, in per cent, with 95 % intervals and the queues' target.

    Without `queue` there is a line for each queue that has one; "" stands for all together. `span` is what the y
    axis has to hold, as shares of 1.
    """
    target = _target(source, queue)
    return by_interval(source, "service_level", queue=queue, kind=kind, target=target, span=span, ax=ax)


def no_agent_rate(
    source: Source, queue: str | Sequence[str] | None = None, *, kind: str = "", ax: Axes | None = None
) -> Axes:
    """Draw through the day how many of the requests found no agent, in per cent, with 95 % intervals.

    Without `queue` there is a line for each; "" stands for all together. `kind` takes only the requests
    that came from customers ("inbound"), from a "transfer" and so on.
    """
    return by_interval(source, "no_agent_rate", queue=queue, kind=kind, ax=ax)


def queue_lengths(
    source: Source, queue: str | Sequence[str] | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw how many requests wait through the day: the mean of each interval, with 95 % intervals.

    Without `queue` there is a line for each; "" stands for all together. A request waits until it is
    accepted or gone, so a ringing one still waits. How much the days differ is shown by `waiting`.
    """
    return by_interval(source, "queue_length_mean", queue=queue, ax=ax)


_OUTCOMES = {
    "answered": Fill("#c9d8e8", ""),
    "abandoned": Fill("#f2c9b3", "////"),
    "no_agent": Fill("#7c2a08", ""),
    "disconnected": Fill("#ffffff", "xxxx"),
    "voicemail": Fill("#e9e2d0", ".."),
    "wait_limit": Fill("#b9b2a2", ".."),
}


@styled
def volumes(source: Source, queue: str = "", *, kind: str = "", ax: Axes | None = None) -> Axes:
    """Draw what became of the requests of each interval, their mean number.

    The parts of a bar add up to the offered requests, whose 95 % interval stands at its top unless bars are many.
    `queue` "" is all queues together; `kind` takes only the requests that came that way.
    """
    figures = figures_of(source)
    offered = _sorted(pick(figures, "offered", queue=queue, kind=kind, interval=None))
    if not offered["value"].sum():
        raise NothingToDrawError(f"there were no requests for {queue or OVER_ALL}")
    ax = canvas(ax)
    starts, width = _starts(offered), _width(source, [_Line(queue, offered)])
    clock_axis(ax, starts[0], starts[-1] + width, source)
    floor = np.zeros(len(starts))
    for metric, fill in _OUTCOMES.items():
        part = pick(figures, metric, queue=queue, kind=kind, interval=None).set_index("interval")["value"]
        heights = part.reindex(offered["interval"]).fillna(0.0).to_numpy()
        if heights.any():
            ax.bar(
                starts + width / 2, heights, width * 0.86, floor, label=title_of(metric).lower(),
                facecolor=fill.colour, hatch=fill.hatch, edgecolor=INK,
                linewidth=0.5 if len(starts) <= MOST_MARKED else 0.0,
            )  # fmt: skip
        floor += heights
    top = floor.max()
    if len(starts) <= MOST_MARKED:
        _whiskers(ax, starts + width / 2, offered, Unit(1.0, ""), INK)
        top = min(np.nanmax([offered["high"].max(), top]), MOST_WHISKER * top)
    ax.set_ylim(0, top * 1.06)
    ax.set_ylabel(f"Requests per {60 * width:g} min")
    of = f"{queue or OVER_ALL}{f', {kind_words(kind)}' if kind else ''}"
    ax.set_title(f"{title_of('offered')}, {of} (per {60 * width:g} min)")
    strip(ax)
    return ax


def _lines(
    source: Source,
    metric: str,
    queue: str | Sequence[str] | None,
    team: str | Sequence[str] | None,
    kind: str,
) -> tuple[list[_Line], str]:
    """Return the lines, and say for a title whose they are."""
    figures = figures_of(source)
    column = "team" if team is not None else "queue"
    chosen = team if team is not None else queue
    if chosen is None:
        rows = pick(figures, metric, **{column: None}, kind=kind, interval=None)
        if rows.empty:
            column, rows = "team", pick(figures, metric, team=None, kind=kind, interval=None)
        there = in_order(list(rows[column]), names_of(source, column))
        names = busiest(figures, column, there) or [""]
    else:
        names = there = [chosen] if isinstance(chosen, str) else list(chosen)
    found = [_Line(n, _sorted(pick(figures, metric, **{column: n}, kind=kind, interval=None))) for n in names]
    if lines := [line for line in found if line.rows["value"].notna().any()]:
        whose = (
            f", {lines[0].name or OVER_ALL}" if len(names) == 1 else of_the_busiest(names, len(there), column)
        )
        return lines, whose
    raise NothingToDrawError(f"{metric} is not given by interval for {', '.join(names) or OVER_ALL}")


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    order = np.argsort([hours(interval) for interval in rows["interval"]], kind="stable")
    return rows.iloc[order]


def _starts(rows: pd.DataFrame) -> np.ndarray:
    return np.array([hours(interval) for interval in rows["interval"]])


def _width(source: Source, lines: Sequence[_Line]) -> float:
    """Return the length of an interval in hours; of a bare table the smallest step, 1 h for a single interval."""
    scenario = scenario_of(source)
    if scenario is not None:
        return scenario.interval / HOUR_S
    steps = np.concatenate([np.diff(_starts(line.rows)) for line in lines])
    return float(steps.min(initial=24.0)) if len(steps) else 1.0


def _draw(ax: Axes, line: _Line, how: Look, unit: Unit, width: float, place: tuple[int, int]) -> End:
    number, of = place
    at = _starts(line.rows) + width / 2 + (number - (of - 1) / 2) * _DODGE * width
    if of == 1 and len(at) > 1:
        limits = line.rows[["low", "high"]].to_numpy() * unit.factor
        ax.fill_between(at, limits[:, 0], limits[:, 1], color=how.colour, alpha=0.16, linewidth=0)
    else:
        _whiskers(ax, at, line.rows, unit, how.colour, thick=True)
    values = line.rows["value"].to_numpy() * unit.factor
    ax.plot(
        at, values, color=how.colour, linestyle=how.dash, clip_on=False,
        marker=how.marker if len(at) <= MOST_MARKED else "",
        label=line.name or OVER_ALL,
    )  # fmt: skip
    last = np.flatnonzero(np.isfinite(values))[-1]
    return End(float(at[last]), float(values[last]), folded(line.name or OVER_ALL), how.colour)


def _whiskers(
    ax: Axes, at: np.ndarray, rows: pd.DataFrame, unit: Unit, colour: str, *, thick: bool = False
) -> None:
    low, high = (rows[limit].to_numpy() * unit.factor for limit in ("low", "high"))
    ax.vlines(at, low, high, color=colour, linewidth=3.0 if thick else 0.8, alpha=0.2 if thick else 1.0)


def _target(source: Source, queue: str | Sequence[str] | None) -> float | None:
    """Return the target of the queues shown where all of them have the same one."""
    scenario = scenario_of(source)
    if scenario is None or queue == "":
        return None
    names = [queue] if isinstance(queue, str) else list(queue or scenario.queues)
    levels = [scenario.queues[name].service_level for name in names if name in scenario.queues]
    targets = {level.target for level in levels if level is not None}
    return targets.pop() if len(targets) == 1 else None
