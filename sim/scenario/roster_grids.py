"""Rosters as a grid: a row a person and a column a day, with the times of a shift in its cells.

Each cell becomes the row that a table with a row a shift would have, at its place in the file.
"""

import re
from collections.abc import Mapping, Sequence

from sim.errors import quoted
from sim.scenario.csv_files import Cell, CsvTable
from sim.scenario.dialects import header_of, is_total
from sim.scenario.grids import GridRow, headed_columns, plain_day, take_dates_below
from sim.scenario.interval_rows import with_colons
from sim.scenario.local_times import stamp_of
from sim.scenario.roster_words import is_off
from sim.scenario.weekday_names import is_day

_HOURS = re.compile(
    r"(\d{1,2})(?::?([0-5]\d))?\s*(?:h|uhr)?\s*[-–—]\s*(\d{1,2})(?::?([0-5]\d))?\s*(?:h|uhr)?",
    re.IGNORECASE | re.ASCII,
)
"""A shift as 9-17 or 0900-1730."""
MOST_CELLS = 1_000_000
MOST_NAMED = 10
LONGEST_CELL = 200


def columns_of_days(text: str) -> dict[str, str]:
    """Return the headers of a text that are days, as they are read."""
    return {name: name for name in header_of(text, is_day)}


def are_shifts(table: CsvTable, columns: dict[str, str]) -> bool:
    """Return whether a table has rows below its days, which are no days themselves, as those of a row a shift are."""
    if not table.mistakes:
        take_dates_below(table, columns)
    texts = {row.text(name)[: LONGEST_CELL + 1] for row in table.rows for name in columns}
    return bool(table.rows) and not any(is_day(text) and not is_off(text) for text in texts)


def table_of_shifts(wide: CsvTable, columns: dict[str, str], person: str, date: str, start: str) -> CsvTable:
    """Return the shifts of a grid as rows with the columns `date` and `start`; a cell that is none is noted."""
    table = CsvTable(wide.path, separator=wide.separator, readings=wide.readings, mistakes=wide.mistakes)
    rows = [row for row in wide.rows if not is_total([row.text(person)])]
    if not rows:
        return table
    if len(rows) * len(columns) > MOST_CELLS:
        table.note(
            rows[0][person], f"{len(rows) * len(columns):,} cells would be read; at most {MOST_CELLS:,}"
        )
        return table
    kept = [name for name in wide.rows[0] if name not in columns]
    at = {name: number for number, name in enumerate((*kept, date, start))}
    places = headed_columns(wide)
    own = [places[name] for name in kept]
    unknown: dict[str, list[Cell]] = {}
    for row in rows:
        for name, day in columns.items():
            shifts = _shifts(row.text(name))
            if shifts is None:
                unknown.setdefault(row.text(name), []).append(row[name])
            for shift in shifts or ():
                texts = (*map(row.text, kept), plain_day(day), shift)
                table.rows.append(GridRow(at, texts, row.line, (*own, places[name], places[name])))
    _note_unknown(table, unknown)
    names = [*columns]
    table.readings.append(f"columns {quoted(names[0])} to {quoted(names[-1])} as days, a row a person")
    return table


def _shifts(text: str) -> Sequence[str] | None:
    """Return the shifts of a cell as ranges, an empty cell and a day off as they are; None where it is no shift."""
    if len(text) > LONGEST_CELL:
        return None
    if not text or is_off(text):
        return [text]
    found = [_range(part) for part in re.split(r"\s*[;,/+\n]\s*", text)]
    return None if not all(found) else found


def _range(text: str) -> str:
    """Return a shift such as 9-17 as 09:00-17:00; nothing where it is none, or may be of the morning or the evening."""
    text = with_colons(text.strip())
    found = _HOURS.fullmatch(text)
    if found is None:
        stamp = stamp_of(text)
        return text if stamp is not None and stamp.ends_s is not None else ""
    begins, ends = int(found[1]), int(found[3])
    if begins > 24 or ends > 24 or (begins <= 12 and ends <= begins and ":" not in text):
        return ""  # 9-5
    return f"{begins:02d}:{found[2] or '00'}-{ends:02d}:{found[4] or '00'}"


def _note_unknown(table: CsvTable, unknown: Mapping[str, Sequence[Cell]]) -> None:
    for text, cells in [*unknown.items()][:MOST_NAMED]:
        count = len(cells) - 1
        more = (
            f", and so {'are' if count > 1 else 'is'} {count} more cell{'s' if count > 1 else ''}"
            if count
            else ""
        )
        what = f"{quoted(text)} is neither a shift nor a day off{more}"
        if len(text) <= LONGEST_CELL and _HOURS.fullmatch(text):
            what = f"{quoted(text)} may end in the afternoon or the next morning{more}"
        table.note(cells[0], f"{what}; write its times as 09:00-17:30, or off")
