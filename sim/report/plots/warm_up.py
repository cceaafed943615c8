"""The picture by which the warm-up of a long run is chosen."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.errors import SimError
from sim.metrics.arrays import FloatArray
from sim.report.plots.clock import clock_axis, hours_of
from sim.report.plots.number_waiting import waiting_by_day
from sim.report.plots.source import Source, scenario_of, table_of
from sim.report.plots.style import INK, LOOKS, SOFT_INK, canvas, strip, styled

USUAL_WINDOW = 5
"""Steps on either side of the moving average, where there are enough of them."""


@styled
def welch(
    source: Source,
    queue: str = "",
    *,
    window: int | None = None,
    step_s: float = 300.0,
    ax: Axes | None = None,
) -> Axes:
    """Draw the mean over the replications at each time, and its moving average, from which to see the warm-up.

    The moving average takes `window` steps on either side, by default 5, fewer at the beginning (Welch 1983).
    The series of a run is the number of waiting requests in steps of `step_s` seconds; another one is given as a
    table with the columns at (seconds from opening), value and, for several replications, replication. Where the
    scenario has a warm-up, its end is marked. Needs the requests of all replications (keep_tables="all").
    """
    at, mean, count = _mean_over_replications(source, queue, step_s)
    ax = canvas(ax)
    x = np.array([hours_of(second, source) for second in at])
    clock_axis(ax, x[0], x[-1], source)
    ax.plot(x, mean, color=SOFT_INK, linewidth=0.6, label="mean over the replications")
    window = min(USUAL_WINDOW, len(mean) // 4) if window is None else window
    smooth = moving_average(mean, window)
    ax.plot(
        x[: len(smooth)],
        smooth,
        color=LOOKS[0].colour,
        linewidth=2.0,
        label=f"moving average of {2 * window + 1} steps",
    )
    _mark_warm_up(ax, source)
    ax.set_ylim(bottom=min(0.0, float(np.nanmin(mean))))
    what = "Value (as given)" if isinstance(source, pd.DataFrame) else "Waiting requests (number)"
    ax.set_ylabel(what)
    strip(ax)
    ax.set_title(f"Welch's picture{f', {queue}' if queue else ''} ({count} replications)")
    return ax


def moving_average(values: FloatArray, window: int) -> FloatArray:
    """Average each value with `window` neighbours on either side, and the first ones with as many as they have.

    The last `window` values have none. Formula: Welch (1983), as in Law, Simulation Modeling and Analysis, 9.5.1.
    """
    if not 0 <= window <= len(values) // 4:
        raise SimError(f"window must be between 0 and a quarter of the {len(values)} steps, not {window}")
    sums = np.concatenate([[0.0], np.cumsum(values)])
    middle = np.arange(len(values) - window)
    half = np.minimum(middle, window)
    averages: FloatArray = (sums[middle + half + 1] - sums[middle - half]) / (2 * half + 1)
    return averages


def _mean_over_replications(source: Source, queue: str, step_s: float) -> tuple[FloatArray, FloatArray, int]:
    if not isinstance(source, pd.DataFrame):
        edges, counts = waiting_by_day(source, table_of(source, "requests"), queue, step_s)
        return (edges[:-1] + edges[1:]) / 2, counts.mean(axis=0), len(counts)
    means = source.groupby("at")["value"].mean()
    count = source["replication"].nunique() if "replication" in source else 1
    return means.index.to_numpy(np.float64), means.to_numpy(np.float64), count


def _mark_warm_up(ax: Axes, source: Source) -> None:
    scenario = scenario_of(source)
    if scenario is None or not scenario.warm_up:
        return
    at = hours_of(scenario.warm_up, source)
    ax.axvline(at, color=INK, linewidth=0.9, linestyle=(0, (2, 2)))
    ax.annotate(
        "end of the warm-up", (at, 1), xycoords=("data", "axes fraction"), xytext=(4, -3),
        textcoords="offset points", va="top", fontsize=8,
    )  # fmt: skip
