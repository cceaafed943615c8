"""Forecasts and head-counts as a grid: a row a time and a column a day, or a row a day and a column a time.

Each cell with a number becomes the row that a table with a row an interval would have, at its place in the file.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.errors import quoted
from sim.scenario.csv_files import Cell, CsvTable, Row
from sim.scenario.dialects import header_of, is_total, table_of_any
from sim.scenario.interval_rows import SAMPLE, is_time, keep_wanted, leave_out_totals, mostly, with_colons
from sim.scenario.local_times import DAY_S, are_hours, stamp_of
from sim.scenario.weekday_names import is_day, put_weekdays

if TYPE_CHECKING:
    from sim.scenario.interval_files import IntervalFile

CLOSED = re.compile(r"[-–—x]|n/?a|closed|geschlossen|ferm[ée]e?|cerrad[oa]|gesloten", re.IGNORECASE)
"""What stands in a cell where nobody is there; such a cell is left out like an empty one."""
_FIGURE = re.compile(r"[\d.,\s'’\u00a0]+")
_HHMM = re.compile(r"([01]\d|2[0-4])([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose `columns` are days or times, by header as they are read.

    `head` is the column with the other of the two; a grid of times may be without.
    """

    table: CsvTable
    columns: Mapping[str, str]
    has_days: bool
    head: str | None

    @property
    def others(self) -> list[str]:
        """Columns beside the grid, as that of the queue."""
        return [name for name in self.table.rows[0] if name not in self.columns and name != self.head]


HeadedColumn = tuple[int, str]
"""A column of the file, counted from 1, and its header."""


class GridRow(Row):
    """One cell of a grid as a row: the cells of other columns, then the time and the number, at their places."""

    __slots__ = ("_places",)

    def __init__(
        self, at: Mapping[str, int], texts: Sequence[str], line: int, places: Sequence[HeadedColumn]
    ) -> None:
        super().__init__(at, texts, line)
        self._places = places

    def __getitem__(self, name: str) -> Cell:
        at = self._at[name]
        return Cell(self.texts[at], self.line, *self._places[at])

    def with_texts(self, texts: Mapping[str, str]) -> "GridRow":
        """Return the row with other texts in some cells."""
        return GridRow(self._at, super().with_texts(texts).texts, self.line, self._places)


def headed_columns(table: CsvTable) -> dict[str, HeadedColumn]:
    """Return where each column of a table is in the file, by its header."""
    return {name: (cell.column, cell.header) for name, cell in table.rows[0].items()}


def table_of_grid(path: str, text: str, file: "IntervalFile", volume: str, most: int) -> CsvTable | None:
    """Read the grid of a file as a table with its `start` and `volume`, of at most so many rows; None where it is none.

    The column that `start` names has the times of a grid of days, that of `day` the days of a grid of times.
    """
    head = file.day or (file.start if "start" in file.model_fields_set else None)
    grid = grid_in(path, text, [*file.where, *([file.aht] if file.aht else ())], head)
    if grid is None or (head is not None and grid.has_days == (file.day is not None)):
        return None
    if grid.table.mistakes:
        return grid.table
    keep_wanted(grid.table, file.where, [file.day], grid.head or next(iter(grid.columns)), is_time_or_day)
    return long_table(grid, file.start, volume, file.day, most)


def is_time_or_day(text: str) -> bool:
    """Return whether a cell may be at the head of a row of a grid."""
    return is_time(text) or is_day(text)


def grid_in(path: str, text: str, needed: Sequence[str] = (), head: str | None = None) -> Grid | None:
    """Find the grid that a text holds, with the column `head` where it is named; None where there is none."""
    days = {name: name for name in header_of(text, is_day)}
    times = _clocks(header_of(text, lambda cell: bool(_clock_of(cell))))
    both = [(days, True), (times, False)]
    for columns, has_days in sorted(both, key=lambda one: -len(one[0])):
        wanted = dict.fromkeys([*columns, *([head] if head else ()), *needed])
        if len(columns) > 1:
            table = table_of_any(path, text, tuple(wanted))
            found = _grid(table, columns, has_days, head)
            if found is not None:
                return found
    return None


def _grid(table: CsvTable, columns: dict[str, str], has_days: bool, head: str | None) -> Grid | None:
    """Take a table for a grid where the cells below its days or times are numbers."""
    if table.mistakes:
        is_other = len(columns) < 3 or any(one.key == head for one in table.mistakes)
        return None if is_other else Grid(table, columns, has_days, head)
    if has_days:
        take_dates_below(table, columns)
    if not _fits(table, columns, _is_number):
        return None
    if not any(row.text(name) for row in table.rows if not is_total(row.texts) for name in columns):
        return None
    others = [name for name in table.rows[0] if name not in columns]
    if head is None:
        test = _has_clocks if has_days else _has_days
        head = next((name for name in others if test(table, name)), None)
    if head is None and has_days:
        return None
    if head is not None and not has_days:
        put_weekdays(table, head)
    leave_out_totals(table, [head] if head is not None else [])
    return Grid(table, columns, has_days, head) if table.rows else None


def _clocks(header: Sequence[str]) -> dict[str, str]:
    """Return the clock times of headers; none where they may be plain numbers, as years are."""
    is_sure = any(":" in one or one.startswith("0") or not one.isdecimal() for one in header)
    return {name: _clock_of(name) for name in header} if is_sure else {}


def _clock_of(text: str) -> str:
    """Return a clock time or a range of them with colons; nothing where a text is none."""
    plain = _HHMM.sub(r"\1:\2", text) if _HHMM.fullmatch(text) else with_colons(text)
    stamp = stamp_of(plain)
    is_clock = (
        stamp is not None and stamp.clock_s is not None and stamp.date is None and stamp.weekday is None
    )
    return plain if is_clock else ""


def take_dates_below(table: CsvTable, columns: dict[str, str]) -> None:
    """Take the dates of the row below weekdays for the days; a row of weekdays below dates says nothing new."""
    first = table.rows[0] if table.rows else None
    if first is None or not all(is_day(first.text(name)) for name in columns):
        return
    del table.rows[0]
    if all(any(letter.isdigit() for letter in first.text(name)) for name in columns):
        columns.update({name: first.text(name) for name in columns})


def _fits(table: CsvTable, columns: Iterable[str], test: Callable[[str], bool]) -> bool:
    """Return whether a test holds of most cells of columns together: of few rows, one wrong cell is much."""
    rows = [row for row in table.rows[:SAMPLE] if not is_total(row.texts)]
    return mostly(test, [row.text(name) for name in columns for row in rows if row.text(name)])


def _is_number(text: str) -> bool:
    return CLOSED.fullmatch(text) is not None or (_FIGURE.fullmatch(text) is not None and not is_day(text))


def _has_clocks(table: CsvTable, name: str) -> bool:
    return any(row.text(name) for row in table.rows) and (
        are_hours(name, [row.text(name) for row in table.rows])
        or _fits(table, [name], lambda text: bool(_clock_of(text)))
    )


def _has_days(table: CsvTable, name: str) -> bool:
    return any(row.text(name) for row in table.rows) and _fits(table, [name], is_day)


# From a grid to rows.


def long_table(grid: Grid, start: str, volume: str, day: str | None, most: int) -> CsvTable:
    """Return a grid's cells as the rows of a table with `start` and `volume`, no more than one above `most`.

    A time is written with its day before it, unless that is in the column `day`.
    """
    wide = grid.table
    table = CsvTable(wide.path, separator=wide.separator, readings=wide.readings, mistakes=wide.mistakes)
    kept = [*grid.others, *([day] if day is not None else ())]
    at = {name: number for number, name in enumerate((*kept, start, volume))}
    places = headed_columns(wide)
    own = [places[name] for name in kept]
    closed: list[str] = []
    for row, name, time in _cells(grid, with_day=day is None):
        text = row.text(name)
        if len(table.rows) > most:
            break
        if CLOSED.fullmatch(text):
            closed.append(text)
        elif text:
            texts = (*map(row.text, kept), time, text)
            table.rows.append(GridRow(at, texts, row.line, (*own, places[name], places[name])))
    _tell(grid, table, closed)
    return table


def by_queue(table: CsvTable, columns: Sequence[str], queue: str, volume: str) -> CsvTable:
    """Return a table with a column a queue as one with a row each, the queue's name and its number in two columns."""
    kept = [name for name in table.rows[0] if name not in columns]
    at = {name: number for number, name in enumerate((*kept, queue, volume))}
    places = headed_columns(table)
    own = [places[name] for name in kept]
    rows: list[Row] = [
        GridRow(
            at, (*map(row.text, kept), name, row.text(name)), row.line, (*own, places[name], places[name])
        )
        for name in columns
        for row in table.rows
    ]
    return replace(table, rows=rows)


def _cells(grid: Grid, *, with_day: bool) -> Iterator[tuple[Row, str, str]]:
    """Give each cell by its row and column, with its time, day by day."""
    if grid.has_days:
        times = _times(grid)
        for name, day in grid.columns.items():
            for row, time in times:
                yield row, name, f"{plain_day(day)} {time}"
        return
    before = ""
    for row in grid.table.rows:
        before = f"{plain_day(row.text(grid.head))} " if grid.head is not None and with_day else ""
        for name, time in grid.columns.items():
            yield row, name, before + time
    if before:
        _check_order(grid.table, [(Cell(name, 0, 0, name), time) for name, time in grid.columns.items()])


def plain_day(day: str) -> str:
    """Return a day without the midnight that Excel writes behind it."""
    return re.sub(r"[ T]00:00(:00)?$", "", day)


def _times(grid: Grid) -> list[tuple[Row, str]]:
    """Return the rows with their times; one that has none is noted."""
    table, head = grid.table, grid.head
    assert head is not None
    hours = are_hours(head, [row.text(head) for row in table.rows])
    found: list[tuple[Row, str]] = []
    for row in table.rows:
        text = row.text(head)
        time = f"{int(text):02d}:00" if hours else _clock_of(text)
        if time:
            found.append((row, time))
        else:
            table.note(
                row[head], f"{quoted(text)} is not a time; write 09:30" if text else "the cell is empty"
            )
    _check_order(table, [(row[head], time) for row, time in found])
    return found


def _check_order(table: CsvTable, times: Sequence[tuple[Cell, str]]) -> None:
    """Note a time after midnight that stands after those before it: it may be of either day."""
    first, latest = None, None
    for cell, time in times:
        stamp = stamp_of(time)
        clock_s = None if stamp is None else stamp.clock_s
        if clock_s is None:
            continue
        first = clock_s if first is None else first
        if latest is not None and latest[0] - clock_s > DAY_S / 2 and clock_s < first:
            hours, rest = divmod(int(clock_s), 3600)
            later = f"{hours + 24}:{rest // 60:02d}"
            what = f"{quoted(cell.text)} after {quoted(latest[1])} may be of the night before or after"
            table.note(cell, f"{what}; write {later} for the one after, or put it first")
            return
        latest = clock_s, cell.text


def _tell(grid: Grid, table: CsvTable, closed: Sequence[str]) -> None:
    names = [*grid.columns]
    kinds = (
        ("days", "a row a time")
        if grid.has_days
        else ("times", "a row a day" if grid.head else "a row a queue")
    )
    table.readings.append(f"columns {quoted(names[0])} to {quoted(names[-1])} as {kinds[0]}, {kinds[1]}")
    if closed:
        cells = "1 cell" if len(closed) == 1 else f"{len(closed)} cells"
        table.readings.append(f"{cells} such as {quoted(closed[0])} left out")
