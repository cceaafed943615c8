"""What the columns of an export hold, found by their headers and cells, so that nobody has to write it down first."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sim.errors import SimError, one_line, quoted
from sim.scenario.csv_files import CsvTable
from sim.scenario.dialects import first_rows, is_total, table_of_any
from sim.scenario.export_headers import PATTERNS, rank_of
from sim.scenario.local_times import are_hours, stamp_of

SAMPLE = 200
"""Rows whose cells have to fit what a column is taken for."""
MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class Export:
    """A table with its columns by what they hold: start, volume, and perhaps day, aht, queue and channel."""

    table: CsvTable
    columns: dict[str, str]


def export_of(path: str, text: str) -> Export:
    """Find the columns of an export. Raises SimError where none holds the times or the contacts."""
    header = _header(text)
    try:
        table = table_of_any(path, text, header[:1] if not header else tuple(dict.fromkeys(header)))
    except ValueError as error:
        raise SimError(f"{one_line(path)}: {error}") from None
    if not table.rows:
        raise SimError("\n".join(map(str, table.shortened())) or f"{one_line(path)}: there are no rows")
    table.rows = [row for row in table.rows if not is_total(row.texts)] or table.rows
    found: dict[str, str] = {}
    for role in PATTERNS:
        name = _column(table, role, set(found.values()))
        if name is not None:
            found[role] = name
    if "start" not in found and "day" in found and _fits(table, found["day"], _has_clock):
        found["start"] = found.pop("day")
    for role, what in (
        ("start", "the beginning of each interval"),
        ("volume", "the contacts of each interval"),
    ):
        if role not in found:
            _require_fitting(table, role)
            names = ", ".join(quoted(name) for name in table.rows[0] if name)
            key = f"name it in a scenario with `file: {{path: {one_line(path)}, {role}: ...}}`"
            raise SimError(f"{one_line(path)}: no column looks like {what}; there is {names}; {key}")
    return Export(table, found)


def _header(text: str) -> tuple[str, ...]:
    """Return the row, of the first ones and by any separator, with the most cells that some pattern knows."""
    best: tuple[int, tuple[str, ...]] = (0, ())
    for separator in (",", ";", "\t", "|"):
        for cells in first_rows(text, separator):
            known = sum(any(rank_of(cell, role) is not None for role in PATTERNS) for cell in cells if cell)
            if known > best[0]:
                best = known, tuple(cell for cell in cells if cell and _is_known(cell))
    return best[1]


def _is_known(header: str) -> bool:
    return any(rank_of(header, role) is not None for role in PATTERNS)


def _column(table: CsvTable, role: str, taken: set[str]) -> str | None:
    ranked = [
        (rank, name)
        for name in table.rows[0]
        if name
        and name not in taken
        and (rank := rank_of(name, role)) is not None
        and (_fits(table, name, FITS[role]) or (role == "start" and _has_hours(table, name)))
    ]
    return min(ranked, key=lambda one: one[0])[1] if ranked else None


def _require_fitting(table: CsvTable, role: str) -> None:
    """Raise SimError with the cells for which the only column with a header of that role is none."""
    named = [name for name in table.rows[0] if name and rank_of(name, role) is not None]
    if len(named) != 1:
        return
    cells = [row[named[0]] for row in table.rows[:SAMPLE] if row[named[0]].text]
    wrong = [cell for cell in cells if not FITS[role](cell.text)]
    if len(wrong) == len(cells):  # it holds something else than its header says
        return
    for cell in wrong:
        table.note(cell, f"{quoted(cell.text)} is no {'time' if role == 'start' else 'number'}")
    raise SimError("\n".join(map(str, table.shortened())))


def _fits(table: CsvTable, name: str, test: Callable[[str], bool]) -> bool:
    texts = [row[name].text for row in table.rows[:SAMPLE] if row[name].text]
    return bool(texts) and sum(map(test, texts)) >= MOSTLY * len(texts)


def _has_hours(table: CsvTable, name: str) -> bool:
    return are_hours(name, [row[name].text for row in table.rows])


def _has_clock(text: str) -> bool:
    stamp = stamp_of(text)
    return (stamp is not None and stamp.clock_s is not None) or bool(re.fullmatch(r"\d{3,4}", text))


def _is_day(text: str) -> bool:
    stamp = stamp_of(text)
    return stamp is not None and stamp.clock_s in (None, 0.0)


def _is_figure(text: str) -> bool:
    return bool(re.fullmatch(r"[\d.,:\s'’\u00a0]+", text))


FITS: dict[str, Callable[[str], bool]] = {
    "day": _is_day,
    "start": _has_clock,
    "aht": _is_figure,
    "volume": _is_figure,
    "channel": lambda text: not _is_figure(text),
    "queue": lambda text: not text[:1].isdigit(),
}
"""What the cells of a column have to be, by its role."""
