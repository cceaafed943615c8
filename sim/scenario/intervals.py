"""Times in CSV files, and the even grid that interval files have to keep."""

import math
from collections.abc import Iterator, Sequence

from sim.errors import Mistake
from sim.scenario.csv_table import Cell
from sim.scenario.nearest import shown
from sim.scenario.quantities import clock, duration_text, moment
from sim.scenario.surroundings import Surroundings

TOLERANCE_S = 1e-6


def seconds_from_opening(text: str, around: Surroundings) -> float:
    """Read a local date and time, a clock time or seconds from opening. Raises ValueError."""
    seconds = _seconds(text, around)
    if seconds < 0:
        raise ValueError(f"{shown(text)} is before opening")
    return seconds


def _seconds(text: str, around: Surroundings) -> float:
    if ":" not in text and "-" not in text[1:]:
        return _number(text)
    if "-" not in text:
        return clock(text) - around.opens_at
    at = moment(text)
    if around.opens is None:
        raise ValueError(f"{shown(text)} is a date and time, but the scenario does not say when it opens")
    return (at - around.opens).total_seconds()


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        what = "is not a time; write 08:30, 2026-03-02 08:30 or seconds from opening"
        raise ValueError(f"{shown(text)} {what}")
    return value


def grid_mistakes(
    path: str, cells: Sequence[Cell], starts: Sequence[float], lasts: float | None
) -> list[Mistake]:
    """Find gaps, overlaps, rows out of order and what is outside the day; `lasts` None leaves the day open."""
    found = [
        Mistake(path, cell.line, cell.column, cell.header, what) for cell, what in _uneven(cells, starts)
    ]
    if found or lasts is None:
        return found
    return [
        Mistake(path, cell.line, cell.column, cell.header, what)
        for cell, what in _outside(cells, starts, lasts)
    ]


def _uneven(cells: Sequence[Cell], starts: Sequence[float]) -> Iterator[tuple[Cell, str]]:
    if starts[0] > TOLERANCE_S:
        yield cells[0], f"there is a gap of {duration_text(starts[0])} between opening and this first row"
    step = starts[1] - starts[0] if len(starts) > 1 else 0.0
    for cell, before, start in zip(cells[1:], starts, starts[1:], strict=False):
        apart = start - before
        if apart <= 0:
            yield cell, f"{shown(cell.text)} is not after the row above; the rows have to be in order"
        elif apart < step - TOLERANCE_S:
            yield cell, f"this row overlaps the one above, whose interval is {duration_text(step)}"
        elif apart > step + TOLERANCE_S:
            yield cell, f"there is a gap of {duration_text(apart - step)} above this row"


def _outside(cells: Sequence[Cell], starts: Sequence[float], lasts: float) -> Iterator[tuple[Cell, str]]:
    end = starts[-1] + (starts[1] - starts[0]) if len(starts) > 1 else lasts
    if end < lasts - TOLERANCE_S:
        yield cells[-1], f"there is a gap of {duration_text(lasts - end)} between this last row and the end"
    for cell, start in zip(cells, starts, strict=True):
        if start >= lasts - TOLERANCE_S:
            yield cell, f"{shown(cell.text)} is after the end; the scenario lasts {duration_text(lasts)}"
