"""Pictures of how long requests wait."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.records.schema import KINDS
from sim.report.plots.intervals import MOST_WHISKER
from sim.report.plots.labels import End, label_ends
from sim.report.plots.source import (
    NothingToDrawError,
    Source,
    days_in,
    days_words,
    figures_of,
    in_order,
    names_of,
    pick,
    scenario_of,
    table_of,
)
from sim.report.plots.style import INK, LOOKS, SOFT_INK, canvas, look, strip, styled
from sim.report.plots.units import Unit, kind_words, unit_of

PERCENTILES = {"wait_p50": "|", "wait_p80": "o", "wait_p90": "D", "wait_p95": "s"}
"""The percentiles that are marked, with their markers."""
LOST = ("abandoned", "no_agent", "disconnected")
"""How a request ends that is offered and not answered."""
_BINS = 70
_POINTS = 400
_RIDGE = 0.5
_BELOW = (0.13, 0.27)
"""How far beneath a row's line its percentiles stand, by turns, so that their intervals do not touch."""


class _Row(NamedTuple):
    queue: str
    kind: str

    @property
    def name(self) -> str:
        return self.queue if self.kind == "inbound" else f"{self.queue}\n{kind_words(self.kind)}"


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
    them stands the distribution of the single waits, where the requests were kept. `queue` and `kind`
    take only some of the rows. Waits run from the placing of a request to its answer, the ringing included.
    """
    figures = figures_of(source)
    rows = _rows(source, figures, queue, kind)
    quantiles = {(row, m): pick(figures, m, **row._asdict()) for row in rows for m in PERCENTILES}
    largest = _longest([one for one in quantiles.values() if len(one)])
    unit = unit_of("wait_p95", largest)
    ax = canvas(ax, 1.3 + 0.62 * len(rows))
    ax.set_xlim(0, largest * unit.factor * 1.05)
    for at, row in enumerate(rows):
        _draw_ridge(ax, source, row, at, unit)
        _draw_percentiles(ax, {m: quantiles[row, m] for m in PERCENTILES}, at, unit)
        _write_p90(ax, quantiles[row, "wait_p90"], at, unit)
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


def _draw_ridge(ax: Axes, source: Source, row: _Row, at: int, unit: Unit) -> None:
    """Draw the distribution of the waits as an area that stands on the row's line."""
    ax.axhline(at, color=SOFT_INK, linewidth=0.6)
    if isinstance(source, pd.DataFrame) or "requests" not in source.tables:
        return
    requests = source.table("requests")
    chosen = (requests["queue"] == row.queue) & (requests["kind"] == row.kind)
    answered = requests.loc[chosen & (requests["outcome"] == "answered"), "wait"].to_numpy() * unit.factor
    counts, edges = np.histogram(answered, bins=np.linspace(0, ax.get_xlim()[1], _BINS + 1))
    heights = at - _RIDGE * counts / max(counts.max(), 1)
    ax.fill_between(edges, at, [*heights, at], step="post", color="#c9d8e8", linewidth=0)
    ax.step(edges, [*heights, at], where="post", color=LOOKS[0].colour, linewidth=0.6)


def _draw_percentiles(ax: Axes, marks: dict[str, pd.DataFrame], at: int, unit: Unit) -> None:
    """Mark the percentiles beneath the row's line, each on a bar that is its interval."""
    for number, (metric, marker) in enumerate(PERCENTILES.items()):
        y = at + _BELOW[number % 2]
        value, low, high = marks[metric][["value", "low", "high"]].to_numpy()[0] * unit.factor
        ax.plot([low, high], [y, y], color=INK, linewidth=1.0, marker="|", markersize=4)
        face = INK if metric == "wait_p90" else "white"
        ax.plot(value, y, linestyle="", marker=marker, color=INK, markerfacecolor=face, markersize=5)


def _samples() -> list[Line2D]:
    """Give a sample of each mark, for the strip."""
    return [
        Line2D(
            [], [], linestyle="", marker=marker, color=INK, markersize=5,
            markerfacecolor=INK if metric == "wait_p90" else "white",
            label=f"{metric.removeprefix('wait_p')} %" + (" wait at most" if metric == "wait_p95" else ""),
        )
        for metric, marker in PERCENTILES.items()
    ]  # fmt: skip


def _write_p90(ax: Axes, row: pd.DataFrame, at: int, unit: Unit) -> None:
    value, low, high = row[["value", "low", "high"]].to_numpy()[0] * unit.factor
    half = f" ±{(high - low) / 2:.0f}" if np.isfinite(high) else ""
    text = f"90 % within\n{value:.0f}{half} {unit.name}"
    ax.annotate(text, (1.02, at), xycoords=("axes fraction", "data"), va="center", fontsize=8)


def _label_rows(ax: Axes, rows: Sequence[_Row]) -> None:
    ax.set_yticks(range(len(rows)), [row.name for row in rows])
    ax.set_ylim(len(rows) - 0.45, -0.85)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


@styled
def answered_within(
    source: Source, queue: str | Sequence[str] | None = None, *, kind: str = "", ax: Axes | None = None
) -> Axes:
    """Draw which share of the offered requests was answered within any time, a line a queue.

    It ends below 100 % by those who left, found no agent or were sent away. A cross marks a queue's target.
    With a single `queue` and no `kind` there is a line for each way into it. Needs the table of requests,
    or is given it.
    """
    requests = _offered(table_of(source, "requests"), queue, kind)
    column = "kind" if isinstance(queue, str) and not kind else "queue"
    names = in_order([str(name) for name in requests[column].unique()], [*KINDS, *names_of(source, "queue")])
    longest = float(requests.loc[requests["outcome"] == "answered", "wait"].quantile(0.985))
    unit = unit_of("wait_p95", longest)
    ax = canvas(ax)
    ax.set_xlim(0, longest * unit.factor)
    ax.set_ylim(0, 100)
    ends = [
        _draw_curve(ax, source, name, requests[requests[column] == name], number, unit)
        for number, name in enumerate(names)
    ]
    if isinstance(queue, str):
        _mark_goal(ax, source, queue, unit, INK)
    label_ends(ax, ends if len(names) > 1 else [])
    ax.set_xlabel(f"Time from placing the request ({unit.name})")
    ax.set_ylabel("Answered (% of offered)")
    of = f", {queue}" if isinstance(queue, str) else ""
    ax.set_title(f"Answered within{of} ({days_words(source, days_in(requests))})")
    return ax


def _offered(requests: pd.DataFrame, queue: str | Sequence[str] | None, kind: str) -> pd.DataFrame:
    chosen = requests["outcome"].isin(["answered", *LOST])
    if queue is not None:
        chosen &= requests["queue"].isin([queue] if isinstance(queue, str) else queue)
    if kind:
        chosen &= requests["kind"] == kind
    if not chosen.any():
        raise NothingToDrawError("there are no such requests")
    return requests[chosen]


def _draw_curve(ax: Axes, source: Source, name: str, requests: pd.DataFrame, number: int, unit: Unit) -> End:
    waited = np.sort(requests.loc[requests["outcome"] == "answered", "wait"].to_numpy()) * unit.factor
    right = ax.get_xlim()[1]
    times = np.append(np.linspace(0, right, _POINTS), waited[waited > right])
    share = 100 * np.searchsorted(waited, times, side="right") / len(requests)
    how = look(number)
    ax.plot(times, share, color=how.colour, linestyle=how.dash, label=name)
    if name not in KINDS:
        _mark_goal(ax, source, name, unit, how.colour)
    return End(right, float(share[_POINTS - 1]), kind_words(name), how.colour)


def _mark_goal(ax: Axes, source: Source, queue: str, unit: Unit, colour: str) -> None:
    """Mark a queue's target with a cross; that of a single queue in words too."""
    scenario = scenario_of(source)
    level = scenario.queues[queue].service_level if scenario is not None else None
    if level is None:
        return
    x, y = level.within * unit.factor, 100 * level.target
    ax.plot(x, y, marker="P", color=colour, markeredgecolor="white", markersize=9, linestyle="", zorder=4)
    if colour == INK:
        text = f"target {y:g} % in {level.within:g} s"
        ax.annotate(text, (x, y), (8, -10), textcoords="offset points", va="top", fontsize=8)
