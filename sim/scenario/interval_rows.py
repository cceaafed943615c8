"""The rows of a table before their times are read: which are of totals, cells below merged ones, hours as 8.30."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from sim.errors import quoted
from sim.scenario.csv_files import CsvTable, Row
from sim.scenario.dialects import is_total, rows_where
from sim.scenario.local_times import stamp_of

SAMPLE = 200
"""Rows whose cells have to fit what a column is taken for."""
MOSTLY = 0.8


def mostly(test: Callable[[str], bool], texts: Sequence[str]) -> bool:
    """Return whether a test holds of most texts, as of those that a column is known by."""
    return sum(map(test, texts)) >= MOSTLY * len(texts)


def is_time(text: str) -> bool:
    """Return whether a cell is a time, a date, or a number that may be one."""
    return stamp_of(text) is not None or text.replace(".", "").isdigit()


def is_of_totals(row: Row, times: Sequence[str]) -> bool:
    """Return whether a row is one of totals: one of its `times` is none, and a cell says so."""
    return not all(is_time(row.text(name)) for name in times) and is_total(row.texts)


def leave_out_totals(table: CsvTable, times: Sequence[str]) -> None:
    """Leave the rows of totals out of a table, and tell how many they are."""
    rows = table.rows
    table.rows = [row for row in rows if not is_of_totals(row, times)]
    if len(table.rows) < len(rows):
        count = len(rows) - len(table.rows)
        table.readings.append(f"{count} row{'s' if count > 1 else ''} of totals left out")


def fill_merged(
    table: CsvTable, columns: Sequence[str], start: str, is_row: Callable[[str], bool] = is_time
) -> None:
    """Give the empty cells of columns the text above them, where they lie below merged cells, and tell it.

    They do where the cells that are not empty begin blocks, and no two rows are of the same time then. `is_row` says
    by its `start` whether a row is filled.
    """
    if all(row.text(name) for row in table.rows for name in columns):
        return
    rows = [row for row in table.rows if is_row(row.text(start))]
    gaps = [
        name for name in columns if rows and rows[0].text(name) and not all(row.text(name) for row in rows)
    ]
    if not gaps or _are_repeated(rows, columns, gaps):
        return
    filled: list[Row] = []
    above: dict[str, str] = {}
    for row in rows:
        above = {name: row.text(name) or above[name] for name in gaps}
        filled.append(row.with_texts(above))
    if len({tuple(map(row.text, (start, *columns))) for row in filled}) < len(filled):
        return
    new = {id(row): one for row, one in zip(rows, filled, strict=True)}
    table.rows = [new.get(id(row), row) for row in table.rows]
    for name in gaps:
        line = next(row.line for row in rows if not row.text(name))
        table.readings.append(f"empty cells of {quoted(name)}, from line {line} on, as the cell above")


def keep_wanted(
    table: CsvTable,
    where: Mapping[str, str],
    days: Iterable[str | None],
    start: str,
    is_row: Callable[[str], bool] = is_time,
) -> None:
    """Keep the rows that `where` asks for, those below merged cells among them."""
    fill_merged(table, [*filter(None, days), *where], start, is_row)
    tell_unnamed(table, where, start)
    table.rows = rows_where(table, table.rows, where.items())


def tell_unnamed(table: CsvTable, columns: Iterable[str], start: str) -> None:
    """Tell how many rows of times have no value where one is asked for; they are left out."""
    for name in columns:
        count = sum(not row.text(name) and is_time(row.text(start)) for row in table.rows)
        if count:
            table.readings.append(f"{count} row{'s' if count > 1 else ''} without {quoted(name)} left out")


def _are_repeated(rows: Sequence[Row], columns: Sequence[str], gaps: Sequence[str]) -> bool:
    """Return whether two rows below each other name the same in a column and in all others, as no merged cell does."""
    for above, row in pairwise(rows):
        is_new = any(row.text(name) not in ("", above.text(name)) for name in columns)
        if not is_new and any(row.text(name) and row.text(name) == above.text(name) for name in gaps):
            return True
    return False


_POINTED = re.compile(r"(?<![\d.:])([01]?\d|2[0-4])\.([0-5]\d)(?![\d.:])", re.ASCII)


def with_colons(text: str) -> str:
    """Write clock times such as 8.30 as 8:30."""
    return _POINTED.sub(r"\1:\2", text)


def put_colons(table: CsvTable, column: str) -> None:
    """Write the clock times of a column with colons where all are as 8.30, and tell it.

    Quarters of hours in decimals are no clock times: the minutes have to be others than 25, 50 and 75, or none.
    """
    texts = {cell.text for cell in table.distinct(column) if re.search(r"\d\.\d", cell.text)}
    rest = {_POINTED.sub("", text) for text in texts}
    minutes = {found[2] for text in texts for found in _POINTED.finditer(text)}
    is_decimal = minutes <= {"00", "25", "50", "75"} and minutes != {"00"}
    if not minutes or is_decimal or any(re.search(r"\d", text) for text in rest):
        return
    first = next(text for row in table.rows if (text := row.text(column)) in texts)
    table.rows = [
        row.with_texts({column: with_colons(row.text(column))}) if row.text(column) in texts else row
        for row in table.rows
    ]
    table.readings.append(f"{quoted(first)} as {with_colons(first)}")
