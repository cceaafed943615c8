"""The picture of a comparison: differences with their intervals, held against nothing and against a margin."""

from collections.abc import Sequence
from math import floor, log10

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.errors import SimError
from sim.report.plots.source import NothingToDrawError
from sim.report.plots.style import INK, LOOKS, SOFT_INK, canvas, strip, styled
from sim.report.plots.units import Unit, title_of, unit_of

SURE = 0.05
PLACE = ("queue", "team", "channel", "kind", "interval")


@styled
def differences(
    table: pd.DataFrame, metrics: str | Sequence[str] | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw how much a candidate differs from the base, a row a figure, with intervals.

    `table` has the columns metric, queue, team, channel, kind, interval, unit, difference, low and high and,
    where there are any, candidate, p_adjusted, and margin: how much worse is still accepted, drawn as a bound on
    either side. `metrics` takes only some; they must be of one unit, by default that of the first row. A
    difference is bold where p_adjusted is at most 5 % or, without it, where the 95 % interval does not hold 0.

    Raises SimError where nothing is left to draw, or units differ.
    """
    rows = _chosen(table, metrics)
    largest = float(rows[["difference", "low", "high"]].abs().max().max())
    unit = unit_of(rows["metric"].iloc[0], largest, rows["unit"].iloc[0])
    ax = canvas(ax, 1.4 + 0.44 * len(rows))
    ax.axvline(0, color=SOFT_INK, linewidth=1.0)
    for at, (_, row) in enumerate(rows.iterrows()):
        _draw_row(ax, row, at, unit)
    ax.set_yticks(range(len(rows)), [_name(row) for _, row in rows.iterrows()])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.08)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    if ax.get_legend_handles_labels()[0]:
        strip(ax)
    name = "percentage points" if unit.name == "%" else unit.name
    ax.set_xlabel(f"Candidate less base ({name})")
    ax.set_title(f"Differences in {name}")
    return ax


def _chosen(table: pd.DataFrame, metrics: str | Sequence[str] | None) -> pd.DataFrame:
    if metrics is None:
        rows = table[table["unit"] == table["unit"].iloc[0]] if len(table) else table
    else:
        rows = table[table["metric"].isin([metrics] if isinstance(metrics, str) else metrics)]
    rows = rows[rows["difference"].notna()]
    if rows.empty:
        raise NothingToDrawError("there is no difference to draw")
    units = list(dict.fromkeys(rows["unit"]))
    if len(units) > 1:
        raise SimError(f"these have different units: {', '.join(units)}; draw one at a time")
    return rows


def _draw_row(ax: Axes, row: pd.Series, at: int, unit: Unit) -> None:
    value, low, high = (float(row[name]) * unit.factor for name in ("difference", "low", "high"))
    sure = row["p_adjusted"] <= SURE if "p_adjusted" in row else bool(low > 0 or high < 0)
    colour = LOOKS[0].colour if sure else SOFT_INK
    ax.plot([low, high], [at, at], color=colour, linewidth=2.4 if sure else 1.2, marker="|", markersize=7)
    ax.plot(value, at, color=colour, marker="o", markerfacecolor=colour if sure else "white", markersize=6)
    margin = float(row.get("margin", np.nan)) * unit.factor
    if np.isfinite(margin):
        ax.plot(
            [-margin, margin], [at, at], linestyle="", marker="x", color=INK, markersize=5,
            label="accepted margin" if at == 0 else None,
        )  # fmt: skip
    half = (high - low) / 2
    decimals = min(2, max(0, 1 - floor(log10(half or 1.0)))) if np.isfinite(half) else 2
    text = f"{value:+.{decimals}f}" + (f" ±{half:.{decimals}f}" if np.isfinite(half) else "")
    ax.annotate(text, (1.02, at), xycoords=("axes fraction", "data"), va="center", fontsize=8.5)


def _name(row: pd.Series) -> str:
    """Name a row by metric and place and, where it has one, by candidate, in as many lines."""
    place = " ".join(str(row[column]) for column in PLACE if row.get(column))
    candidate = str(row.get("candidate") or "")
    return "\n".join(part for part in (title_of(row["metric"]), place, candidate) if part)
