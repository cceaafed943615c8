"""Pictures of how long requests wait."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.metrics.inputs import FloatArray
from sim.report.plots.intervals import MOST_WHISKER
from sim.report.plots.labels import folded
from sim.report.plots.source import (
    NothingToDrawError,
    Source,
    figures_of,
    in_order,
    names_of,
    pick,
)
from sim.report.plots.style import INK, LOOKS, SOFT_INK, canvas, strip, styled
from sim.report.plots.units import Unit, kind_words, unit_of

PERCENTILES = {"wait_p50": "^", "wait_p80": "o", "wait_p90": "D", "wait_p95": "s"}
"""The percentiles that are marked, with their markers."""
_BINS = 70
_RIDGE = 0.36
_BELOW = 0.11
"""How far beneath a row's line, and beneath each other, its percentiles stand; of 1 from row to row."""
_TALLEST = 3.0
"""A first bar that is so much taller than all others is cut, and its share written beside it."""


class _Row(NamedTuple):
    queue: str
    kind: str

    @property
    def name(self) -> str:
        name = folded(self.queue)
        return name if self.kind == "inbound" else f"{name}\n{kind_words(self.kind)}"


@styled
def waits(
    source: Source,
    queue: str | Sequence[str] | None = None,
    *,
    kind: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how long the answered requests waited: a row a queue and way into it.

    Marks are the percentiles 50, 80, 90 and 95, each the mean over the days with its 95 % interval. Above
    them stands the distribution of the single waits, where the requests were kept; where very
    many are answered at once, their bar is cut and its share written beside it. `queue` and `kind` take only
    some of the rows. Waits run from the placing of a request to its answer, the ringing included.
    """
    figures = figures_of(source)
    rows = _rows(source, figures, queue, kind)
    quantiles = {(row, m): pick(figures, m, **row._asdict()) for row in rows for m in PERCENTILES}
    largest = _longest([one for one in quantiles.values() if len(one)])
    unit = unit_of("wait_p95", largest)
    ax = canvas(ax, 1.2 + 0.72 * len(rows))
    right = (largest or 1.0) * unit.factor * 1.05
    ax.set_xlim(-0.012 * right, right)
    for at, row in enumerate(rows):
        cut = _draw_ridge(ax, _answered(source, row) * unit.factor, at, unit)
        _draw_percentiles(ax, {m: quantiles[row, m] for m in PERCENTILES}, at, unit)
        _write_p90(ax, quantiles[row, "wait_p90"], at, unit, cut)
    _label_rows(ax, rows)
    strip(ax, _samples())
    ax.set_xlabel(f"Wait of the answered requests ({unit.name})")
    ax.set_title("Waits")
    return ax


def _rows(
    source: Source, figures: pd.DataFrame, queue: str | Sequence[str] | None, kind: str | None
) -> list[_Row]:
    found = pick(figures, "wait_p50", queue=None, kind=None)
    wanted = [queue] if isinstance(queue, str) else queue
    rows = [_Row(q, k) for q, k in zip(found["queue"], found["kind"], strict=True)]
    rows = [row for row in rows if (wanted is None or row.queue in wanted) and kind in (None, row.kind)]
    if not rows:
        raise NothingToDrawError("there are no answered requests of this kind")
    queues = in_order([row.queue for row in rows], names_of(source, "queue"))
    return sorted(rows, key=lambda row: queues.index(row.queue))


def _longest(marks: Sequence[pd.DataFrame]) -> float:
    """Give how far the axis goes: to the end of the intervals, unless they are much wider than what they hold."""
    values, ends = (max(float(one[c].max().max()) for one in marks) for c in (["value"], ["value", "high"]))
    return min(ends, MOST_WHISKER * values)


def _answered(source: Source, row: _Row) -> FloatArray:
    """Give the single waits of a row in seconds; none where the requests were not kept."""
    if isinstance(source, pd.DataFrame) or "requests" not in source.tables:
        return np.empty(0)
    requests = source.table("requests")
    chosen = (requests["queue"] == row.queue) & (requests["kind"] == row.kind)
    return requests.loc[chosen & (requests["outcome"] == "answered"), "wait"].to_numpy(np.float64)


def _draw_ridge(ax: Axes, answered: FloatArray, at: int, unit: Unit) -> str:
    """Draw the distribution of waits as an area that stands on the row's line; say what does not fit."""
    ax.axhline(at, color=SOFT_INK, linewidth=0.6)
    if not len(answered):
        return ""
    counts, edges = np.histogram(answered, bins=np.linspace(0, ax.get_xlim()[1], _BINS + 1))
    others = counts[1:].max()
    tallest = others if counts[0] > _TALLEST * others > 0 else counts.max()
    heights = at - _RIDGE * np.minimum(counts / max(tallest, 1), 1.0)
    ax.fill_between(edges, at, [*heights, at], step="post", color="#c9d8e8", linewidth=0)
    ax.step(edges, [*heights, at], where="post", color=LOOKS[0].colour, linewidth=0.6)
    if counts[0] > tallest:
        return f"\n{100 * counts[0] / len(answered):.0f} % in {edges[1]:.2g} {unit.name}"
    return ""


def _draw_percentiles(ax: Axes, marks: dict[str, pd.DataFrame], at: int, unit: Unit) -> None:
    """Mark the percentiles beneath the row's line, each on a bar that is its interval."""
    for number, (metric, marker) in enumerate(PERCENTILES.items()):
        y = at + _BELOW * (number + 1)
        value, low, high = marks[metric][["value", "low", "high"]].to_numpy()[0] * unit.factor
        ax.plot([low, high], [y, y], color=INK, linewidth=1.0, marker="|", markersize=4)
        face = INK if metric == "wait_p90" else "white"
        ax.plot(value, y, linestyle="", marker=marker, color=INK, markerfacecolor=face, markersize=4.5)


def _samples() -> list[Line2D]:
    """Give a sample of each mark, for the strip."""
    return [
        Line2D(
            [], [], linestyle="", marker=marker, color=INK, markersize=5,
            markerfacecolor=INK if metric == "wait_p90" else "white",
            label=f"{metric.removeprefix('wait_p')} % within",
        )
        for metric, marker in PERCENTILES.items()
    ]  # fmt: skip


def _write_p90(ax: Axes, row: pd.DataFrame, at: int, unit: Unit, cut: str) -> None:
    value, low, high = row[["value", "low", "high"]].to_numpy()[0] * unit.factor
    decimals = 0 if value >= 10 else 1
    half = f" ±{(high - low) / 2:.{decimals}f}" if np.isfinite(high) else ""
    text = f"90 % within\n{value:.{decimals}f}{half} {unit.name}{cut}"
    ax.annotate(text, (1.02, at), xycoords=("axes fraction", "data"), va="center", fontsize=8)


def _label_rows(ax: Axes, rows: Sequence[_Row]) -> None:
    ax.set_yticks(range(len(rows)), [row.name for row in rows])
    ax.set_ylim(len(rows) - 0.45, -0.85)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
