"""A CSV file as rows of cells, each with its place."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sim.errors import Mistake, did_you_mean, one_line, quoted
from sim.scenario.context import Surroundings
from sim.scenario.numbers import clock, decimal, moment
from sim.scenario.text_files import (
    CSV,
    check_controls,
    check_lines,
    check_text,
    read_text,
    read_text_in_any_encoding,
)

if TYPE_CHECKING:
    from _csv import Reader

T = TypeVar("T")
MOST_SHOWN = 20
MOST_NOTED = 1000
"""Mistakes of a table after which no more are looked for."""
PIECE = 1 << 20
"""Characters of a text that are taken at once."""


class Cell(NamedTuple):
    """The text of one cell and where it stands, counted from 1."""

    text: str
    line: int
    column: int
    header: str


class Row(Mapping[str, Cell]):
    """The cells of one row below the header, by column; each is made when it is asked for."""

    __slots__ = ("_at", "line", "texts")

    def __init__(self, at: Mapping[str, int], texts: Sequence[str], line: int) -> None:
        self._at = at
        self.texts = texts
        self.line = line

    def __getitem__(self, name: str) -> Cell:
        at = self._at[name]
        return Cell(self.texts[at], self.line, at + 1, name)

    def text(self, name: str) -> str:
        """Return the text of a cell alone."""
        return self.texts[self._at[name]]

    def with_texts(self, texts: Mapping[str, str]) -> "Row":
        """Return the row with other texts in some cells."""
        changed = list(self.texts)
        for name, text in texts.items():
            changed[self._at[name]] = text
        return Row(self._at, changed, self.line)

    def __contains__(self, name: object) -> bool:
        return name in self._at

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


@dataclass(slots=True)
class CsvTable:
    """The rows of a CSV file and what was wrong with them so far."""

    path: str
    rows: list[Row] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    separator: str = ","
    readings: list[str] = field(default_factory=list)
    """What was found of the table's dialect where it is not the usual one."""
    asked: dict[str, str] = field(default_factory=dict)
    """By key what decides between two readings, with the reading that is likely where the key is not written."""

    def read(self, cell: Cell, reader: Callable[[str], T]) -> T | None:
        """Read a cell; None where it is wrong, which is then noted at its place, or no more is looked for."""
        if self.is_full:
            return None
        try:
            return reader(cell.text)
        except ValueError as error:
            self.note(cell, str(error) if cell.text else "the cell is empty")
            return None

    def read_column(self, name: str, reader: Callable[[str], T], rows: Sequence[Row]) -> list[T | None]:
        """Read the cells of a column as `read` does; each text is read once, however often it is there."""
        known: dict[str, T] = {}
        found: list[T | None] = []
        for row in rows:
            text = row.text(name)
            value = known.get(text)
            if value is None:
                value = self.read(row[name], reader)
                if value is not None:
                    known[text] = value
            found.append(value)
        return found

    def distinct(self, *names: str) -> list[Cell]:
        """Return the cells of columns, row by row, each text once."""
        first: dict[str, Cell] = {}
        for row in self.rows:
            for name in names:
                if row.text(name) not in first:
                    first[row.text(name)] = row[name]
        return [*first.values()]

    def read_if_any(self, cell: Cell | None, reader: Callable[[str], T]) -> T | None:
        """Read a cell that may be missing or empty."""
        return None if cell is None or not cell.text else self.read(cell, reader)

    def ask(self, cell: Cell, what: str, key: str, usual: str, likely: str) -> None:
        """Note a cell that has two readings, and the key that decides between them."""
        self.asked[key] = likely
        self.note(cell, f"{quoted(cell.text)} may be {what}; write `{key}: {usual}` or `{key}: {likely}`")

    def note(self, cell: Cell, what: str) -> None:
        """Note a mistake in a cell."""
        if not self.is_full:
            self.mistakes.append(Mistake(self.path, cell.line, cell.column, cell.header, what))

    @property
    def is_full(self) -> bool:
        """Whether it has so many mistakes that no more are looked for."""
        return len(self.mistakes) >= MOST_NOTED

    def shortened(self) -> list[Mistake]:
        """Return the mistakes; of very many only the first, and the number of the rest."""
        rest = len(self.mistakes) - MOST_SHOWN
        if rest <= 0:
            return self.mistakes
        count = f"at least {rest}" if self.is_full else str(rest)
        return [*self.mistakes[:MOST_SHOWN], Mistake(self.path, 0, 0, "", f"and {count} more mistakes")]


def check_table_text(path: str, text: str) -> None:
    """Raise ValueError for a text that has too many lines, a line too long, or characters that no table holds."""
    try:
        check_text(text, CSV)
        check_lines(text)
        check_controls(text)
    except ValueError as error:
        raise ValueError(f"`{one_line(path)}`: {error}") from None


def text_of_file(path: Path, *, any_encoding: bool = False) -> tuple[str, list[str]]:
    """Return the text of a CSV file, packed by gzip or not, and what it is in if not UTF-8. Raises ValueError."""
    try:
        if not any_encoding:
            return read_text(path, CSV), []
        text, encoding = read_text_in_any_encoding(path, CSV)
    except ValueError as error:
        raise ValueError(_told(path, str(error))) from None
    return text, [] if encoding == "UTF-8" else [f"text in {encoding}"]


def _told(path: Path, what: str) -> str:
    if what == "there is no such file":
        return f"there is no file `{one_line(str(path))}`"
    what = what.replace("this is a folder", "is a folder").removeprefix("it ").removeprefix("this ")
    return f"`{one_line(str(path))}` {what}"


def table_from(
    path: str, text: str, needed: Iterable[str], possible: Iterable[str] | None = None
) -> CsvTable:
    """Read CSV text with a header; mistakes in its shape are noted in the table.

    Without `possible` further columns are passed over. Raises ValueError where the text is no CSV.
    """
    table = CsvTable(path)
    check_table_text(path, text)
    try:
        _fill(table, csv.reader(lines_of(text), strict=True), tuple(needed), possible)
    except csv.Error as error:
        raise ValueError(f"`{path}` is not valid CSV: {error}") from None
    return table


def lines_of(text: str) -> Iterator[str]:
    """Return the lines of a text with their ends; a buffer over all of it would take four times its memory."""
    at = 0
    while at < len(text):
        end = text.find("\n", at + PIECE) + 1 or len(text)
        yield from io.StringIO(text[at:end], newline="")
        at = end


def _fill(table: CsvTable, lines: "Reader", needed: tuple[str, ...], possible: Iterable[str] | None) -> None:
    header = [cell.strip() for cell in next(lines, [])]
    if not header:
        table.mistakes.append(Mistake(table.path, 0, 0, "", "the file is empty; it needs a header"))
        return
    _check_header(table, header, needed, None if possible is None else tuple(possible))
    if not table.mistakes:
        _add_rows(table, header, lines)
    if not table.mistakes and not table.rows:
        table.mistakes.append(Mistake(table.path, 0, 0, "", "there are no rows below the header"))


def _check_header(
    table: CsvTable, header: list[str], needed: tuple[str, ...], possible: tuple[str, ...] | None
) -> None:
    for name in needed:
        if name not in header:
            hint = did_you_mean(name, header)
            table.mistakes.append(Mistake(table.path, 1, 1, name, f"this column is missing; {hint}"))
    before: set[str] = set()
    for at, name in enumerate(header, start=1):
        if possible is not None and name not in possible:
            hint = f"; {did_you_mean(name, possible)}" if len(table.mistakes) < MOST_SHOWN else ""
            table.mistakes.append(Mistake(table.path, 1, at, name, f"unknown column {quoted(name)}{hint}"))
        elif name in before and (possible is not None or name in needed):
            table.mistakes.append(Mistake(table.path, 1, at, name, "this column is there twice"))
        before.add(name)


def _add_rows(table: CsvTable, header: list[str], lines: "Reader") -> None:
    at, width = {name: number for number, name in enumerate(header)}, len(header)
    for written in lines:
        cells = tuple(map(str.strip, written))
        if not any(cells):
            continue
        if len(cells) == width:
            table.rows.append(Row(at, cells, lines.line_num))
            continue
        what = f"this row has {len(cells)} cells, the header has {width}"
        table.mistakes.append(Mistake(table.path, lines.line_num, 1, "", what))
        if table.is_full:
            return


# Times of recorded contacts.


def seconds_from_opening(text: str, around: Surroundings) -> float:
    """Read a local date and time, a clock time or seconds from opening. Raises ValueError."""
    seconds = _seconds(text, around)
    if seconds < 0:
        raise ValueError(f"{quoted(text)} is before opening")
    return seconds


def _seconds(text: str, around: Surroundings) -> float:
    if ":" not in text and "-" not in text[1:]:
        return _number(text)
    if "-" not in text:
        return clock(text) - around.opens_at
    at = moment(text)
    if around.opens is None:
        raise ValueError(f"{quoted(text)} is a date and time, but the scenario does not say when it opens")
    return (at - around.opens).total_seconds()


def _number(text: str) -> float:
    try:
        return decimal(text)
    except ValueError:
        what = "is not a time; write 08:30, 2026-03-02 08:30 or seconds from opening"
        raise ValueError(f"{quoted(text)} {what}") from None
