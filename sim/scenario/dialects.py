"""Tables as other programs write them: separator, header, numbers and durations, found from the table itself.

What can be read in one way only is read so, and said; where two readings are possible the mistake names both and
the key that decides.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean, median, pstdev
from typing import TYPE_CHECKING

from sim.errors import Mistake, did_you_mean, quoted
from sim.scenario.csv_files import Cell, CsvTable, Row, check_table_text, lines_of
from sim.scenario.numbers import LONGEST_TEXT, decimal

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
FIRST_ROWS = 30
"""Rows among which the header is looked for; titles and empty lines may stand above it."""
FIRST_LETTERS = 1 << 16
TOTALS = re.compile(
    r"((grand |sub)[ -]?)?totale?s?\b|sum(s|me|mary)?\b|(ins)?gesamt|average\b|avg\b|mean\b|median\b|max(imum)?\b|"
    r"min(imum)?\b|durchschnitt|mittelwert|moyenne",
    re.IGNORECASE,
)
"""What a row of totals begins with, in one of its cells."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table stands in a text: the separator of its cells, the header and the row in which it is."""

    separator: str
    header: tuple[str, ...]
    row: int


def table_of_any(path: str, text: str, needed: Sequence[str]) -> CsvTable:
    """Read a table by its header, whatever separates its cells and stands above it; further columns are passed over.

    Raises ValueError where the text is no table at all.
    """
    check_table_text(path, text)
    table = CsvTable(path)
    text, separators = _without_hint(text)
    found = _layout(text, separators, needed)
    if found is None:
        table.mistakes.append(Mistake(path, 0, 0, "", "the file is empty; it needs a header"))
        return table
    table.separator = found.separator
    if found.separator != ",":
        table.readings.append(f"separator {SEPARATORS.get(found.separator, quoted(found.separator))}")
    try:
        lines = csv.reader(lines_of(text), delimiter=found.separator, strict=True)
        _fill(table, lines, found, needed)
    except csv.Error as error:
        raise ValueError(f"`{path}` is not valid CSV: {error}") from None
    return table


def _without_hint(text: str) -> tuple[str, Sequence[str]]:
    """Take the first line `sep=;` for what Excel takes it for; it stays as an empty line, so that lines count on."""
    found = re.match(r'"?sep=([^\w\s"]|\t)"?[\t ]*(?=\r?\n)', text, re.IGNORECASE)
    return (text[found.end() :], [found[1]]) if found else (text, [*SEPARATORS])


def _layout(text: str, separators: Sequence[str], needed: Sequence[str]) -> Layout | None:
    """Find the row that holds the needed columns; else the first row of several cells, for the mistake to name."""
    fallback: Layout | None = None
    for separator in separators:
        for number, cells in enumerate(_first_rows(text, separator)):
            if {*needed} <= {*cells}:
                return Layout(separator, tuple(cells), number)
            if any(cells) and (fallback is None or len(cells) > len(fallback.header)):
                fallback = Layout(separator, tuple(cells), number)
    return fallback


def _first_rows(text: str, separator: str) -> list[list[str]]:
    """Return the first rows of a text, among which its header is."""
    rows: list[list[str]] = []
    try:
        lines = csv.reader(io.StringIO(text[:FIRST_LETTERS], newline=""), delimiter=separator)
        rows.extend([cell.strip() for cell in cells] for cells in islice(lines, FIRST_ROWS))
    except csv.Error:  # what is wrong is told when the whole is read
        pass
    return rows


def header_of(text: str, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the known cells of the row, of the first ones and by any separator, that has the most of them."""
    best: tuple[str, ...] = ()
    for separator in SEPARATORS:
        for cells in _first_rows(text, separator):
            known = dict.fromkeys(cell for cell in cells if cell and is_known(cell))
            best = max(best, tuple(known), key=len)
    return best


def _fill(table: CsvTable, lines: "Reader", layout: Layout, needed: Sequence[str]) -> None:
    for _ in range(layout.row + 1):
        next(lines, None)
    _check_header(table, layout.header, needed, lines.line_num)
    if not table.mistakes:
        _add_rows(table, layout.header, lines)
    if not table.mistakes and not table.rows:
        table.mistakes.append(Mistake(table.path, 0, 0, "", "there are no rows below the header"))


def _check_header(table: CsvTable, header: Sequence[str], needed: Sequence[str], line: int) -> None:
    for name in needed:
        if name not in header:
            what = f"this column is missing; {did_you_mean(name, filter(None, header))}"
            table.mistakes.append(Mistake(table.path, line, 1, name, what))
        elif header.count(name) > 1:
            at = len(header) - [*reversed(header)].index(name)
            table.mistakes.append(Mistake(table.path, line, at, name, "this column is there twice"))


def _add_rows(table: CsvTable, header: Sequence[str], lines: "Reader") -> None:
    at, width = {name: number for number, name in enumerate(header)}, len(header)
    for written in lines:
        cells = [*map(str.strip, written)]
        if not any(cells):
            continue
        if len(cells) != width:
            while len(cells) > width and not cells[-1]:
                cells.pop()
            if len(cells) < width and is_total(cells):
                cells += [""] * (width - len(cells))
        if len(cells) == width:
            table.rows.append(Row(at, tuple(cells), lines.line_num))
            continue
        what = f"this row has {len(cells)} cells, the header has {width}"
        if len(cells) > width and table.separator == ",":
            what += "; a comma within a cell needs quotes around the cell"
        table.mistakes.append(Mistake(table.path, lines.line_num, 1, "", what))
        if table.is_full:
            return


def is_total(cells: Iterable[str]) -> bool:
    """Return whether one of the cells says that its row is one of totals."""
    return any(TOTALS.match(cell) for cell in cells)


# Numbers.

DECIMAL_MARKS = {"point": ".", "comma": ","}
_SPACES = " \u00a0\u202f\u2009'’"
_GROUPED = re.compile(rf"[-+]?\d{{1,3}}([{_SPACES}]\d{{3}})+(?=[.,]|$)")
_PLAIN = re.compile(r"[-+]?[\d.,]+")


def decimal_mark(table: CsvTable, cells: Sequence[Cell], given: str | None) -> str:
    """Return the decimal mark of a table's numbers, `.` or `,`, and note where it is not certain."""
    if given is not None:
        return DECIMAL_MARKS[given]
    proofs: dict[str, Cell] = {}
    doubtful: Cell | None = None
    for cell in cells:
        mark, is_sure = _mark_of(cell.text)
        if mark and is_sure:
            proofs.setdefault(mark, cell)
        elif mark and doubtful is None:
            doubtful = cell
    if len(proofs) == 2:
        last = max(proofs.values(), key=lambda one: one.line)
        other = min(proofs.values(), key=lambda one: one.line)
        what = f"{quoted(last.text)} has another decimal mark than {quoted(other.text)} in line {other.line}"
        table.note(last, f"{what}; write `decimal: point` or `decimal: comma`")
    elif not proofs and doubtful is not None and table.separator != ",":
        table.note(doubtful, _two_readings(doubtful.text))
    mark = next(iter(proofs), ".")
    if mark == ",":
        table.readings.append("decimal comma")
    elif doubtful is not None and "," in doubtful.text:
        table.readings.append(f"{quoted(doubtful.text)} as {doubtful.text.replace(',', '')}")
    return mark


def _two_readings(text: str) -> str:
    mark = "," if "," in text else "."
    whole, share = text.replace(mark, ""), text.replace(mark, ".")
    grouped, fraction = ("point", "comma") if mark == "," else ("comma", "point")
    keys = f"write `decimal: {grouped}` for {whole}, `decimal: {fraction}` for {share}"
    return f"{quoted(text)} may be {whole} or {share}; {keys}"


def _mark_of(text: str) -> tuple[str, bool]:
    """Return the decimal mark that a number has, and whether it can be no other; none where it shows nothing."""
    text = _ungrouped(text)
    if not _PLAIN.fullmatch(text):
        return "", False
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return "", False
    mark = text[last]
    other = "," if mark == "." else "."
    if other in text:
        return mark, True
    if text.count(mark) > 1:
        return other, True
    before, after = text[:last].lstrip("+-"), text[last + 1 :]
    is_group = len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")
    return mark, not is_group


def _ungrouped(text: str) -> str:
    found = _GROUPED.match(text)
    if found is None:
        return text
    return re.sub(f"[{_SPACES}]", "", found[0]) + text[found.end() :]


def number_reader(mark: str) -> Callable[[str], float]:
    """Return a reader of numbers with that decimal mark, of at least 0; the other one and spaces group thousands."""
    groups = "," if mark == "." else "."
    grouped = re.compile(rf"[-+]?\d{{1,3}}({re.escape(groups)}\d{{3}})+(?=$|{re.escape(mark)})")

    def read(text: str) -> float:
        plain = _ungrouped(text) if len(text) <= LONGEST_TEXT else text
        if grouped.match(plain):
            plain = plain.replace(groups, "")
        if groups not in plain:
            plain = plain.replace(mark, ".")
        try:
            value = decimal(plain)
        except ValueError:
            named = " with a decimal comma" if mark == "," and _PLAIN.fullmatch(plain) else ""
            raise ValueError(f"{quoted(text)} is not a number{named}") from None
        if value < 0:
            raise ValueError(f"{quoted(text)} has to be a number of at least 0")
        return value

    return read


# Durations: the mean handle times of an export.

UNITS_S = {"ms": 0.001, "s": 1.0, "min": 60.0}
_UNIT_OF_HEADER = {
    "ms": "ms", "msec": "ms", "millis": "ms", "milliseconds": "ms", "s": "s", "sec": "s", "secs": "s", "seconds": "s",
    "min": "min", "mins": "min", "minutes": "min",
}  # fmt: skip
_CLOCKLIKE = re.compile(r"(?:(\d{1,4}):)?(\d{0,4}):([0-5]\d(?:[.,]\d+)?)", re.ASCII)
_WHOLE_MINUTES = re.compile(r"\d{1,4}:[0-5]\d:00", re.ASCII)
LONG_S, SHORT_S = 36_000.0, 15.0
"""A mean handle time beyond these is more likely in another unit than in seconds."""
LONGEST_MEAN_S = 3600.0
"""A handle time beyond it is more likely that of several contacts together."""


def unit_of(header: str) -> str | None:
    """Return the unit that a column's header names, as `AHT (s)` and `aht_s` do; None where it names none."""
    words = re.findall(r"[a-z]+", header.lower())
    return _UNIT_OF_HEADER.get(words[-1]) if len(words) > 1 else None


def duration_reader(
    table: CsvTable, cells: Sequence[Cell], mark: str, given: str | None
) -> Callable[[str], float]:
    """Return a reader of durations as seconds: numbers in their unit, `m:ss`, `h:mm:ss`; note a doubtful unit.

    A spreadsheet takes 3:32 for hours; where it seems to have, `min` as the unit takes it for minutes again.
    """
    number = number_reader(mark)
    unit = given or (unit_of(cells[0].header) if cells else None)
    given_cells = [cell for cell in cells if cell.text]
    taken_for_hours = bool(given_cells) and all(_WHOLE_MINUTES.fullmatch(cell.text) for cell in given_cells)
    if any(":" in cell.text for cell in cells):
        table.readings.append("durations as m:ss or h:mm:ss")
        if taken_for_hours and given is None:
            _doubt_hours(table, given_cells)
        if unit is None:  # a number among 4:10 and 4:05 may be minutes
            _doubt_seconds(table, [cell for cell in cells if ":" not in cell.text], number)
    elif unit is None:
        _doubt_seconds(table, cells, number)
    elif unit != "s":
        table.readings.append(f"{quoted(cells[0].header)} in {unit}" if cells else unit)
    factor = UNITS_S[unit or "s"]

    def read(text: str) -> float:
        found = _CLOCKLIKE.fullmatch(text)
        if found is None:
            if ":" in text:
                raise ValueError(f"{quoted(text)} is not a duration; write 275 (seconds), 4:35 or 0:04:35")
            return number(text) * factor
        hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
        if taken_for_hours and given == "min":
            return hours * 60 + minutes
        return hours * 3600 + minutes * 60 + seconds

    return read


def _doubt_hours(table: CsvTable, cells: Sequence[Cell]) -> None:
    """Note durations of an hour and more without any seconds, as a spreadsheet makes them of minutes and seconds."""
    hours, minutes = (int(part) for part in cells[0].text.split(":")[:2])
    if median(int(cell.text.split(":")[0]) for cell in cells) >= 1:
        what = f"{hours} h {minutes} min, or {hours} min {minutes} s that a spreadsheet took for hours"
        table.ask(cells[0], what, "aht_unit", "s", "min")


def _doubt_seconds(table: CsvTable, cells: Sequence[Cell], number: Callable[[str], float]) -> None:
    values = [value for value in (_or_none(number, cell.text) for cell in cells) if value]
    typical = median(values) if values else math.nan
    if typical > LONG_S or typical < SHORT_S:
        cell = next(one for one in cells if _or_none(number, one.text))
        other, name = ("ms", "milliseconds") if typical > LONG_S else ("min", "minutes")
        table.ask(cell, f"seconds or {name}", "aht_unit", "s", other)


def are_sums(pairs: Sequence[tuple[float, float]]) -> bool:
    """Return whether times above 0 are those of so many contacts together: then they grow with them, their means less.

    Where there are as many in each interval it is a sum that is longer than an hour.
    """
    usual = [pair for pair in pairs if all(1e-6 < one < 1e9 for one in pair)]
    times, means = [time for time, _ in usual], [time / count for time, count in usual]
    if not usual or math.isclose(_spread(times), _spread(means), abs_tol=1e-9):
        return bool(usual) and fmean(times) > LONGEST_MEAN_S
    return _spread(times) > _spread(means)


def _spread(values: Sequence[float]) -> float:
    """Return the coefficient of variation."""
    return pstdev(values) / fmean(values)


def _or_none(reader: Callable[[str], float], text: str) -> float | None:
    try:
        return reader(text)
    except ValueError:
        return None


def rows_where(table: CsvTable, rows: Sequence[Row], where: Iterable[tuple[str, str]]) -> list[Row]:
    """Return the rows that hold these values; note a value that no row has."""
    kept = list(rows)
    for column, value in where:
        known = dict.fromkeys(row.text(column) for row in rows if row.text(column))
        found = [row for row in kept if row.text(column) == value]
        if kept and not found:
            what = f"no row has {quoted(value)}" + (" beside the other values" if value in known else "")
            cell = rows[0][column]
            table.note(Cell(value, cell.line, cell.column, column), f"{what}; {did_you_mean(value, known)}")
            return []
        kept = found
    return kept
