"""The picture of a sweep: how a figure changes with what was varied."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.errors import SimError
from sim.metrics.figures import FIGURE_COLUMNS
from sim.report.plots.labels import End, label_ends
from sim.report.plots.source import NothingToDrawError, pick
from sim.report.plots.style import canvas, look, styled
from sim.report.plots.units import Unit, axis_of, target_line, title_of, unit_of
from sim.scenario.nearest import did_you_mean, shown


class _Place(NamedTuple):
    queue: str
    team: str
    channel: str
    kind: str


class _Line(NamedTuple):
    """One of several lines: the value of the key that it stands for, and its number among them."""

    value: Any
    number: int
    of: int


_DODGE = 0.06
"""How far lines stand apart, in parts of the smallest step of the axis, so that their intervals show."""


@styled
def sweep_curve(
    figures: pd.DataFrame,
    metric: str,
    *,
    x: str | None = None,
    by: str | None = None,
    queue: str = "",
    team: str = "",
    channel: str = "",
    kind: str = "",
    target: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a metric over the values of a key that was varied, with its 95 % intervals.

    `figures` is the table of figures of all points with a column a varied key, such as
    teams.frontline.agents. `x` is the key along the axis and `by` the one with a line a value; by default the
    first and the second that were varied. `target` is drawn across, in the metric's own unit (shares 0 to 1).

    Raises SimError for a key that was not varied and a metric that the sweep does not have.
    """
    keys = varied(figures)
    x, by = _key(keys, x, 0), (_key(keys, by, 1) if by or len(keys) > 1 else None)
    rows = pick(figures, metric, **_Place(queue, team, channel, kind)._asdict())
    if rows.empty:
        raise NothingToDrawError(f"the sweep has no {metric} of that place")
    unit = unit_of(metric, float(rows[["value", "high"]].max().max()))
    ax = canvas(ax)
    values = list(dict.fromkeys(rows[by])) if by else [None]
    ends = [
        _draw_line(
            ax, rows if by is None else rows[rows[by] == value], x, _Line(value, number, len(values)), unit
        )
        for number, value in enumerate(values)
    ]
    _set_axes(ax, rows, x, unit)
    goal = [] if target is None else [target_line(ax, target, unit)]
    label_ends(ax, goal + (ends if by else []))
    of = " ".join(name for name in (queue, team, channel, kind) if name)
    ax.set_ylabel(f"{axis_of(metric)} ({unit.name})")
    ax.set_title(f"{title_of(metric)}{f', {of}' if of else ''}{f', by {by}' if by else ''}")
    return ax


def varied(figures: pd.DataFrame) -> list[str]:
    """Give the keys that a table of figures is broken down by beside its own columns."""
    return [str(c) for c in figures.columns if c not in FIGURE_COLUMNS and len(set(figures[c])) > 1]


def _key(keys: list[str], wanted: str | None, place: int) -> str:
    if wanted is None and place < len(keys):
        return keys[place]
    if wanted not in keys:
        raise SimError(f"{shown(wanted or 'anything')} was not varied; {did_you_mean(wanted or '', keys)}")
    return wanted


def _draw_line(ax: Axes, rows: pd.DataFrame, x: str, line: _Line, unit: Unit) -> End:
    how = look(line.number)
    rows = rows.sort_values(x)
    at = _positions(rows[x])
    values, low, high = rows[["value", "low", "high"]].to_numpy(np.float64).T * unit.factor
    if line.of == 1:
        ax.fill_between(at, low, high, color=how.colour, alpha=0.16, linewidth=0)
    else:
        at = at + _DODGE * float(np.diff(at).min(initial=1.0)) * (line.number - (line.of - 1) / 2)
        ax.vlines(at, low, high, color=how.colour, linewidth=3.0, alpha=0.25)
    ax.plot(at, values, color=how.colour, linestyle=how.dash, marker=how.marker, clip_on=False)
    return End(float(at[-1]), float(values[-1]), _text(line.value), how.colour)


def _positions(values: pd.Series) -> np.ndarray:
    """Give where the values of a key stand: numbers at themselves, others one beside the next."""
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(np.float64)
    return pd.factorize(values)[0].astype(np.float64)


def _set_axes(ax: Axes, rows: pd.DataFrame, x: str, unit: Unit) -> None:
    top = float(rows[["value", "high"]].max().max()) * unit.factor
    ax.set_ylim(0, min(top * 1.05, 100.0) if unit.name == "%" else top * 1.08)
    if pd.api.types.is_numeric_dtype(rows[x]):
        whole = bool((rows[x] % 1 == 0).all())
        ax.xaxis.set_major_locator(MaxNLocator(integer=whole, min_n_ticks=2))
    else:
        names = list(dict.fromkeys(rows.sort_values(x)[x]))
        ax.set_xticks(range(len(names)), [_text(name) for name in names])
    ax.set_xlabel(f"{x} (scenario key)")


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float | np.number) else str(value)
