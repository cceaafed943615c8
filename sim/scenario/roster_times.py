"""The days and the clock times of a roster's rows, a whole column at once."""

import re
from collections.abc import Sequence

from sim.errors import quoted
from sim.scenario.context import Surroundings
from sim.scenario.csv_files import Cell, CsvTable, Row
from sim.scenario.duties import Day
from sim.scenario.local_times import Column, Moment, stamp_of
from sim.scenario.roster_words import is_off, listed_days
from sim.scenario.weekday_names import put_weekdays

A_DAY = "write 2026-03-02, Mon, Mon-Fri or Mon, Wed, Fri"


class Times:
    """Reads the columns of a table with days and clock times; what is wrong is noted in it.

    Rows whose day or times cannot be read are `lost`, by their identity.
    """

    def __init__(self, table: CsvTable, around: Surroundings, day_first: bool | None) -> None:
        self.table, self.around, self.day_first = table, around, day_first
        self.lost: set[int] = set()

    def days(self, column: str | None) -> dict[int, tuple[Day, ...]]:
        """Return the days of each row, where there is a column of days."""
        if column is None:
            return {}
        put_weekdays(self.table, column)
        found: dict[int, tuple[Day, ...]] = {}
        rest: list[Row] = []
        for row in self.table.rows:
            text = row.text(column)
            listed = listed_days(text)
            if listed is not None:
                found[id(row)] = listed
            elif text and stamp_of(text) is None and not text.isdigit():
                self.lost.add(id(row))
                self.table.note(row[column], f"{quoted(text)} is no day; {A_DAY}")
            else:
                rest.append(row)
        for row, moment in zip(rest, self._moments([row[column] for row in rest]), strict=True):
            if moment is None or (moment.day is None and moment.weekday is None):
                self.lost.add(id(row))
                if moment is not None:
                    self.table.note(
                        row[column], f"{quoted(row[column].text)} is neither a date nor a weekday"
                    )
            else:
                found[id(row)] = (moment.day if moment.day is not None else moment.weekday,)
        return found

    def _moments(self, cells: Sequence[Cell]) -> list[Moment | None]:
        return Column(self.table, cells, None, self.around, self.day_first).moments() if cells else []

    def clocks(self, column: str | None) -> dict[int, Moment]:
        """Return the times of a column by row, those of empty cells left out."""
        cells = {id(row): row[column] for row in self.table.rows if column is not None}
        cells = {key: cell for key, cell in cells.items() if cell.text and not is_off(cell.text)}
        hours = {key for key, cell in cells.items() if re.fullmatch(r"\d{1,2}([.,]\d+)?", cell.text)}
        for key in hours:
            self._note_time(key, cells[key])
        rest = {key: cell for key, cell in cells.items() if key not in hours}
        found = {}
        for (key, cell), moment in zip(rest.items(), self._moments([*rest.values()]), strict=True):
            if moment is not None and moment.clock_s is not None:
                found[key] = moment
            elif moment is not None:
                self._note_time(key, cell)
            else:
                self.lost.add(key)
        return found

    def _note_time(self, key: int, cell: Cell) -> None:
        self.lost.add(key)
        self.table.note(cell, f"{quoted(cell.text)} is not a clock time; write it as 08:00 or 4:30 PM")
