"""The picture by which the warm-up of a long run is chosen."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.experiments.transient import USUAL_WINDOW, WarmUp, moving_average
from sim.metrics.columns import FloatArray
from sim.report.plots.axes import axis_of, clock_axis, hours_of, title_of, unit_of
from sim.report.plots.plan import waiting_by_day
from sim.report.plots.source import Source, scenario_of, table_of
from sim.report.plots.style import INK, LOOKS, SOFT_INK, canvas, strip, styled


class _Series(NamedTuple):
    """What is averaged: instants in seconds from opening, means over so many replications, and their words."""

    at: FloatArray
    mean: FloatArray
    days: int
    axis: str
    title: str


@styled
def welch(
    source: Source | WarmUp,
    queue: str = "",
    *,
    window: int | None = None,
    step_s: float = 300.0,
    ax: Axes | None = None,
) -> Axes:
    """Draw the mean over the replications at each time, and its moving average, from which to see the warm-up.

    The moving average takes `window` steps on either side, by default 5, fewer at the beginning (Welch 1983).
    `source` is what `sim.experiments.warm_up` found, whose suggestion is marked, or a run: then it is the number of
    waiting requests in steps of `step_s` seconds, and needs the requests of all replications
    (keep_tables="all"). Another series is given as a table with the columns at (seconds from opening), value
    and, for several replications, replication.
    """
    series = _series(source, queue, step_s)
    usual = source.window if isinstance(source, WarmUp) else min(USUAL_WINDOW, len(series.mean) // 4)
    smooth = moving_average(series.mean, usual if window is None else window)
    ax = canvas(ax)
    x = np.array([hours_of(second, source) for second in series.at])
    half = (x[1] - x[0]) / 2 if len(x) > 1 else 0.5  # the values stand in the middles of their steps
    clock_axis(ax, x[0] - half, x[-1] + half, source)
    ax.plot(x, series.mean, color=SOFT_INK, linewidth=0.6, label="mean over the replications")
    steps = 2 * (len(series.mean) - len(smooth)) + 1
    ax.plot(
        x[: len(smooth)],
        smooth,
        color=LOOKS[0].colour,
        linewidth=2.0,
        label=f"moving average of {steps} steps",
    )
    ax.set_ylim(bottom=min(0.0, float(np.nanmin(series.mean))))
    ax.set_ylabel(series.axis)
    ax.set_title(f"{series.title} ({series.days} replications)")
    _mark_warm_up(ax, source)
    strip(ax)
    return ax


def _series(source: Source | WarmUp, queue: str, step_s: float) -> _Series:
    if isinstance(source, WarmUp):
        return _found(source)
    if isinstance(source, pd.DataFrame):
        means = source.groupby("at")["value"].mean()
        count = source["replication"].nunique() if "replication" in source else 1
        at, values = means.index.to_numpy(np.float64), means.to_numpy(np.float64)
        return _Series(at, values, count, "Value (as given)", "Welch's picture")
    edges, counts = waiting_by_day(source, table_of(source, "requests"), queue, step_s)
    title = f"Waiting requests{f', {queue}' if queue else ''}"
    middles = (edges[:-1] + edges[1:]) / 2
    return _Series(middles, counts.mean(axis=0), len(counts), "Waiting requests (number)", title)


def _found(source: WarmUp) -> _Series:
    unit = unit_of(source.metric, float(np.nanmax(source.means)))
    at = np.arange(0.5, len(source.means)) * source.step_s
    title = f"{title_of(source.metric)}{f', {source.queue}' if source.queue else ''}"
    axis = f"{axis_of(source.metric)} ({unit.name})"
    return _Series(at, source.means * unit.factor, len(source.runs), axis, title)


def _mark_warm_up(ax: Axes, source: Source | WarmUp) -> None:
    """Mark the suggested end of the warm-up, or the one that the scenario has."""
    scenario = scenario_of(source)
    own = scenario.warm_up if scenario is not None else 0.0
    end, words = (source.seconds, "MSER-5") if isinstance(source, WarmUp) else (own, "end of the warm-up")
    if not end:
        return
    at = hours_of(end, source)
    ax.axvline(at, color=INK, linewidth=0.9, linestyle=(0, (2, 2)))
    ax.annotate(
        words, (at, 1), xycoords=("data", "axes fraction"), xytext=(4, -3),
        textcoords="offset points", va="top", fontsize=8,
    )  # fmt: skip
