"""Pictures of how long requests wait."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.metrics.columns import FloatArray
from sim.metrics.formatting import kind_words, quantity
from sim.records.schema import KINDS
from sim.report.plots.axes import Unit, unit_of
from sim.report.plots.intervals import MOST_WHISKER
from sim.report.plots.source import (
    MOST_LINES,
    NothingToDrawError,
    Source,
    days_in,
    days_words,
    figures_of,
    in_order,
    names_of,
    of_the_busiest,
    pick,
    scenario_of,
    table_of,
)
from sim.report.plots.style import INK, LOOKS, SOFT_INK, End, canvas, folded, label_ends, look, strip, styled
from sim.scenario import ServiceLevel

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
    ax.set_title(f"Wait of the answered requests ({unit.name})")
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
    """Return how far the axis goes: to the end of the intervals, unless they are much wider than what they hold."""
    values, ends = (max(float(one[c].max().max()) for one in marks) for c in (["value"], ["value", "high"]))
    return min(ends, MOST_WHISKER * values)


def _answered(source: Source, row: _Row) -> FloatArray:
    """Return the single waits of a row in seconds; none where the requests were not kept."""
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
    """Return a sample of each mark, for the strip."""
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


# The picture of how many requests are answered within which time.

LOST = ("abandoned", "no_agent", "disconnected", "voicemail", "wait_limit", "unfinished")
"""How a request ends that is offered and not answered."""
_POINTS = 400
_MOST_ROOM = 3.0
"""So much farther than the waits go may the axis reach for the sake of a target."""
_FAR_S = 86_400.0
"""Curves go on beyond their axis, which may be widened to that of others."""
_WORDS_FROM = 0.4
"""Where words at the right of the axes begin, in parts of their width."""
_HEADROOM = 103.0
"""Where the axis of per cents ends, so that a line at 100 % can be seen."""


@styled
def answered_within(
    source: Source, queue: str | Sequence[str] | None = None, *, kind: str = "", ax: Axes | None = None
) -> Axes:
    """Draw which share of the offered requests was answered within any time, a line a queue.

    It ends below 100 % by those who left, found no agent or were sent away. A cross marks a queue's target.
    Without `queue` there is a line for each, of more than six for the busiest. With a single `queue` and no
    `kind` there is a line for each way into it. Needs the table of requests, or is given it.
    """
    requests = _offered(table_of(source, "requests"), queue, kind)
    column = "kind" if isinstance(queue, str) and not kind else "queue"
    names = _names(source, requests, column, every=queue is not None)
    goals = _goals(source, [queue] if isinstance(queue, str) else names)
    unit, right = _axis(requests, goals)
    ax = canvas(ax)
    ax.set_xlim(0, right)
    ax.set_ylim(0, _HEADROOM)
    ends = [
        _draw_curve(ax, name, requests[requests[column] == name], number, unit)
        for number, name in enumerate(names)
    ]
    label_ends(ax, [_with_goal(end, goals.get(n)) for end, n in zip(ends, names, strict=True) if names[1:]])
    _mark_goals(ax, goals, names, unit)
    ax.set_xlabel(f"Time from placing the request ({unit.name})")
    ax.set_ylabel("Answered (% of offered)")
    of = f", {queue}" if isinstance(queue, str) else of_the_busiest(names, requests[column].nunique())
    ax.set_title(f"Answered within{of} (%; {days_words(source, days_in(requests))})")
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


def _names(source: Source, requests: pd.DataFrame, column: str, *, every: bool) -> list[str]:
    """Return the queues or kinds in their order, of many queues the busiest ones."""
    counts = requests[column].value_counts()
    there = [str(name) for name in (counts if every else counts.nlargest(MOST_LINES)).index if counts[name]]
    return in_order(there, KINDS if column == "kind" else names_of(source, "queue"))


def _goals(source: Source, queues: Sequence[str]) -> dict[str, ServiceLevel]:
    """Return the service level that is wanted of each queue, where one is."""
    scenario = scenario_of(source)
    wanted = scenario.queues if scenario is not None else {}
    levels = ((name, wanted[name].service_level) for name in queues if name in wanted)
    return {name: level for name, level in levels if level is not None}


def _axis(requests: pd.DataFrame, goals: dict[str, ServiceLevel]) -> tuple[Unit, float]:
    """Return the unit of the axis and where it ends: beyond the waits and, where they are near, the targets."""
    waits = requests.loc[requests["outcome"] == "answered", "wait"]
    longest = float(waits.quantile(0.985)) if len(waits) else 0.0
    near = [g.within for g in goals.values() if not longest or g.within <= _MOST_ROOM * longest]
    right = max([longest, *(1.06 * within for within in near)]) or 1.0
    unit = unit_of("wait_p95", right)
    return unit, right * unit.factor


def _draw_curve(ax: Axes, name: str, requests: pd.DataFrame, number: int, unit: Unit) -> End:
    waited = np.sort(requests.loc[requests["outcome"] == "answered", "wait"].to_numpy()) * unit.factor
    right = ax.get_xlim()[1]
    beyond = [*waited[waited > right], max([_FAR_S * unit.factor, *waited[-1:]])]
    times = np.append(np.linspace(0, right, _POINTS), beyond)
    share = 100 * np.searchsorted(waited, times, side="right") / len(requests)
    how = look(number)
    ax.plot(times, share, color=how.colour, linestyle=how.dash, label=name)
    return End(right, float(share[_POINTS - 1]), folded(kind_words(name)), how.colour)


def _with_goal(end: End, goal: ServiceLevel | None) -> End:
    """Write a queue's target beneath its name, so that crosses are told from each other without colour."""
    return end if goal is None else end._replace(text=f"{end.text}\n{_words(goal)}")


def _words(goal: ServiceLevel) -> str:
    return f"{100 * goal.target:g} % in {quantity(goal.within, 's')}"


def _mark_goals(ax: Axes, goals: dict[str, ServiceLevel], names: Sequence[str], unit: Unit) -> None:
    """Mark the targets with crosses: one in words, several as written at the lines."""
    for name, level in goals.items():
        colour = look(names.index(name)).colour if name in names and len(names) > 1 else INK
        x, y = level.within * unit.factor, 100 * level.target
        ax.plot(x, y, marker="P", color=colour, markeredgecolor="white", markersize=9, linestyle="", zorder=4)
    if not goals:
        return
    if set(goals) & set(names):
        sample = Line2D([], [], color=INK, label="target of a queue", linestyle="", marker="P", markersize=9)
        sample.set_markeredgecolor("white")
        strip(ax, [sample])
        return
    (level,) = goals.values()
    ax.text(
        0.98, _free(ax), f"+ target: {_words(level)}", transform=ax.get_yaxis_transform(), ha="right", va="bottom",
        fontsize=8,
    )  # fmt: skip


def _free(ax: Axes) -> float:
    """Return a height at the right of the axes, in per cent, at which no curve runs; the lowest of them."""
    right = ax.get_xlim()[1]
    x, y = np.concatenate([np.asarray(line.get_data(), dtype=np.float64) for line in ax.get_lines()], axis=1)
    passed = y[(x >= _WORDS_FROM * right) & (x <= right)]
    free = (at for at in range(4, 90, 4) if not ((passed > at - 3) & (passed < at + 9)).any())
    return float(next(free, 4))
