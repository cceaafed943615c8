"""The picture of a comparison: differences with their intervals, held against nothing and against a margin."""

from collections.abc import Sequence
from math import floor, log10

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.errors import SimError
from sim.metrics.formatting import fixed, kind_words
from sim.metrics.metric import PLACE_COLUMNS
from sim.report.differences import SURE
from sim.report.plots.axes import Unit, title_of, unit_of
from sim.report.plots.source import NothingToDrawError
from sim.report.plots.style import INK, LOOKS, SOFT_INK, canvas, strip, styled

HEIGHT, ROW = 1.35, 0.4
"""In inches: of everything but the rows, and of a row."""


@styled
def differences(
    table: pd.DataFrame, metrics: str | Sequence[str] | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw how much a candidate differs from the base, a row a figure, with intervals.

    `table` has the columns metric, queue, team, channel, kind, interval, unit, difference, low and high and,
    where there are any, candidate, p_adjusted, and margin: how much worse is still accepted, drawn as a bound on
    either side. `metrics` takes only some; they must be of one unit, by default that of the first row. A
    difference is bold, and surely there, where p_adjusted is at most 5 % or, without it, where the 95 % interval
    does not hold 0. Rows of several candidates stand beneath the candidate's name.

    Raises SimError where nothing is left to draw, or units differ.
    """
    rows = _chosen(table, metrics)
    largest = float(rows[["difference", "low", "high"]].abs().max().max())
    unit = unit_of(rows["metric"].iloc[0], largest, rows["unit"].iloc[0])
    names, at = _places(rows)
    ax = canvas(ax, HEIGHT + ROW * len(names))
    ax.axvline(0, color=SOFT_INK, linewidth=1.0)
    for place, (_, row) in zip(at, rows.iterrows(), strict=True):
        _draw_row(ax, row, place, unit)
    _label(ax, names)
    ax.margins(x=0.08)
    strip(ax, _samples(rows))
    name = "percentage points" if unit.name == "%" else unit.name
    ax.set_xlabel(f"Candidate less base ({name})")
    ax.set_title(f"Differences in {name}")
    return ax


def height_of(table: pd.DataFrame) -> float:
    """Return the height in inches that the picture of a table takes."""
    return HEIGHT + ROW * len(_places(table)[0])


def _places(rows: pd.DataFrame) -> tuple[list[str], list[int]]:
    """Name the rows from top to bottom, with a line before those of each of several candidates; say where they are."""
    candidates = list(dict.fromkeys(rows["candidate"])) if "candidate" in rows else []
    names: list[str] = []
    at: list[int] = []
    last = None
    for _, row in rows.iterrows():
        if len(candidates) > 1 and row["candidate"] != last:
            last = row["candidate"]
            names.append(f"{last}:")
        at.append(len(names))
        names.append(_name(row))
    return names, at


def _label(ax: Axes, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    for label in ax.get_yticklabels():
        if label.get_text().endswith(":"):
            label.set_fontweight("bold")
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


def _samples(rows: pd.DataFrame) -> list[Line2D]:
    """Return a sample of each mark, for the strip."""
    there = [_is_sure(row) for _, row in rows.iterrows()]
    looks = {True: (LOOKS[0].colour, "surely different"), False: ("white", "may be none")}
    samples = [
        Line2D(
            [], [], color=LOOKS[0].colour if sure else SOFT_INK, linewidth=2.4 if sure else 1.2,
            marker="o", markersize=6, markerfacecolor=face, label=words,
        )
        for sure, (face, words) in looks.items()
        if sure in there
    ]  # fmt: skip
    if "margin" in rows and rows["margin"].notna().any():
        samples.append(
            Line2D([], [], linestyle="", marker="x", color=INK, markersize=5, label="accepted margin")
        )
    return samples


def _is_sure(row: pd.Series) -> bool:
    if "p_adjusted" in row:
        return bool(row["p_adjusted"] <= SURE)
    return bool(row["low"] > 0 or row["high"] < 0)


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
    sure = _is_sure(row)
    colour = LOOKS[0].colour if sure else SOFT_INK
    ax.plot([low, high], [at, at], color=colour, linewidth=2.4 if sure else 1.2, marker="|", markersize=7)
    ax.plot(value, at, color=colour, marker="o", markerfacecolor=colour if sure else "white", markersize=6)
    margin = float(row.get("margin", np.nan)) * unit.factor
    if np.isfinite(margin):
        ax.plot([-margin, margin], [at, at], linestyle="", marker="x", color=INK, markersize=5)
    half = (high - low) / 2
    decimals = min(2, max(0, 1 - floor(log10(half or 1.0)))) if np.isfinite(half) else 2
    shown = fixed(value, decimals)
    text = f"+{shown}" if float(shown) > 0 else shown.replace("-", "−")
    text += f" ±{half:.{decimals}f}" if np.isfinite(half) else ""
    ax.annotate(text, (1.02, at), xycoords=("axes fraction", "data"), va="center", fontsize=8.5)


def _name(row: pd.Series) -> str:
    """Name a row by its metric and, beneath that, its place."""
    said = {**row, "kind": kind_words(str(row.get("kind", "")))}
    place = ", ".join(str(said[column]) for column in PLACE_COLUMNS if said.get(column))
    return "\n".join(part for part in (title_of(row["metric"]), place) if part)
