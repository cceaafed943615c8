"""The picture of a sweep: how a figure changes with what was varied."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.errors import SimError, did_you_mean, quoted
from sim.metrics.figures import FIGURE_COLUMNS
from sim.metrics.formatting import kind_words
from sim.report.plots.axes import Unit, axis_of, fit, heading, span_of, target_line, unit_of, unit_of_key
from sim.report.plots.source import NothingToDrawError, pick
from sim.report.plots.style import End, canvas, folded, label_ends, look, styled


class _Place(NamedTuple):
    queue: str
    team: str
    channel: str
    kind: str


class _Line(NamedTuple):
    """One of several lines: the value of the key that it stands for, its number among them, the names along x."""

    value: Any
    number: int
    of: int
    names: list[Any]


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
    first that was varied and the next one. `target` is drawn across, in the metric's own unit (shares 0 to 1).

    Raises SimError for a key that was not varied and a metric that the sweep does not have.
    """
    keys = varied(figures)
    x = _key(keys, x)
    others = [key for key in keys if key != x]
    by = _key(others, by) if by or others else None
    rows = pick(figures, metric, **_Place(queue, team, channel, kind)._asdict())
    if rows.empty:
        raise NothingToDrawError(f"the sweep has no {metric} of that place")
    if rows["value"].isna().all():
        raise NothingToDrawError(f"{metric} has no value at any point")
    unit = unit_of(metric, float(rows[["value", "high"]].max().max()))
    ax = canvas(ax)
    values, names = (list(dict.fromkeys(rows[by])) if by else [None]), _names(rows[x])
    ends = [
        _draw_line(
            ax,
            rows if by is None else rows[rows[by] == value],
            x,
            _Line(value, number, len(values), names),
            unit,
        )
        for number, value in enumerate(values)
    ]
    fit(ax, unit, span_of(rows), target)
    _set_axis(ax, rows, x)
    goal = [] if target is None else [target_line(ax, target, unit)]
    label_ends(ax, goal + (ends if by else []))
    of = ", ".join(name for name in (queue, team, channel, kind_words(kind)) if name)
    ax.set_ylabel(f"{axis_of(metric)} ({unit.name})")
    ax.set_title(heading(metric, unit, f"{f', {of}' if of else ''}{f', by {by}' if by else ''}"))
    return ax


def varied(figures: pd.DataFrame) -> list[str]:
    """Return the keys that a table of figures is broken down by beside its own columns."""
    return [str(c) for c in figures.columns if c not in FIGURE_COLUMNS and len(set(figures[c])) > 1]


def _key(keys: list[str], wanted: str | None) -> str:
    if wanted is None and keys:
        return keys[0]
    if wanted not in keys:
        raise SimError(f"{quoted(wanted or 'anything')} was not varied; {did_you_mean(wanted or '', keys)}")
    return wanted


def _draw_line(ax: Axes, rows: pd.DataFrame, x: str, line: _Line, unit: Unit) -> End:
    how = look(line.number)
    at, rows = _positions(rows, x, line.names)
    values, low, high = rows[["value", "low", "high"]].to_numpy(np.float64).T * unit.factor
    known = np.flatnonzero(np.isfinite(values))
    if line.of == 1:
        ax.fill_between(at, low, high, color=how.colour, alpha=0.16, linewidth=0)
    else:
        at = at + _DODGE * float(np.diff(at).min(initial=1.0)) * (line.number - (line.of - 1) / 2)
        ax.vlines(at, low, high, color=how.colour, linewidth=3.0, alpha=0.25)
    ax.plot(at, values, color=how.colour, linestyle=how.dash, marker=how.marker, clip_on=False)
    name = folded(_text(line.value))
    if not len(known):
        return End(float(at[-1]), 0.0, f"{name}\n(no value)", how.colour)
    return End(float(at[known[-1]]), float(values[known[-1]]), name, how.colour)


def _positions(rows: pd.DataFrame, x: str, names: list[Any]) -> tuple[np.ndarray, pd.DataFrame]:
    """Return where the values of a key stand, and the rows in that order: numbers at themselves, names in theirs."""
    place = {name: float(number) for number, name in enumerate(names)}
    at = np.array([place[one] if names else float(one) for one in rows[x]])
    order = np.argsort(at, kind="stable")
    return at[order], rows.iloc[order]


def _names(values: pd.Series) -> list[Any]:
    """Return the values of a key that are no numbers, in the order in which they were given."""
    return [] if pd.api.types.is_numeric_dtype(values) else list(dict.fromkeys(values))


def _set_axis(ax: Axes, rows: pd.DataFrame, x: str) -> None:
    if pd.api.types.is_numeric_dtype(rows[x]):
        whole = bool((rows[x] % 1 == 0).all())
        ax.xaxis.set_major_locator(MaxNLocator(integer=whole, min_n_ticks=2))
    else:
        names = _names(rows[x])
        ax.set_xticks(range(len(names)), [folded(_text(name)) for name in names])
        ax.set_xlim(-0.5, len(names) - 0.5)
    ax.set_xlabel(f"{x} ({unit_of_key(x)})")


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float | np.number) else str(value)
