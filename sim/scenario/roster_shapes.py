"""Rosters that say otherwise who and until when: first and last names in two columns, lengths in place of ends."""

import re
from collections.abc import Sequence

from sim.errors import quoted
from sim.scenario.csv_files import CsvTable, Row
from sim.scenario.dialects import header_of, table_of_any
from sim.scenario.export_headers import words_of
from sim.scenario.grids import GridRow, headed_columns
from sim.scenario.interval_rows import with_colons
from sim.scenario.local_times import DAY_S, stamp_of
from sim.scenario.numbers import clock_text
from sim.scenario.roster_words import is_off

FIRST = r"(first|given|fore|vor|voor) ?na(me|am)$|pr[ée]nom$|nombre$"
LAST = r"(last|family|sur|nach|achter) ?na(me|am)$|na(me|am)$|nom$|apellidos?$"
LENGTH = r"((shift|work(ing)?) )?(hours|length|duration|stunden|dauer|dur[ée]e|horas|uren)( min(utes)?)?$"
"""Headers of how long a shift is; of paid hours nobody can know whether breaks are within them."""
BREAK = r"(breaks?|lunch|tea|meal|pausen?|pauses|pauzes?|descansos?|meetings?)\b( break| time)?"
_NUMBER = re.compile(r"\d{1,4}(?:[.,]\d{1,4})?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:h]([0-5]\d)(?::00)?", re.ASCII)


def halves_of(header: Sequence[str]) -> tuple[str, str] | None:
    """Return the columns of first and of last names, where there is one of each."""
    first = [name for name in header if re.match(FIRST, words_of(name))]
    last = [name for name in header if name not in first and re.match(LAST, words_of(name))]
    return (first[0], last[0]) if len(first) == len(last) == 1 else None


def table_with_names(path: str, text: str, needed: Sequence[str], person: str) -> CsvTable | None:
    """Read a table whose column `person` is made of first and last names; None where it has not both."""
    halves = halves_of(header_of(text, lambda cell: re.match(f"{FIRST}|{LAST}", words_of(cell)) is not None))
    if halves is None:
        return None
    table = table_of_any(path, text, [*halves, *(name for name in needed if name != person)])
    if not table.mistakes:
        join_names(table, halves, person)
    return table


def join_names(table: CsvTable, halves: tuple[str, str], person: str) -> None:
    """Add the column `person`, of first and last names, and tell it."""
    texts = [" ".join(filter(None, map(row.text, halves))) for row in table.rows]
    _add_column(table, person, texts, halves[0])
    table.readings.append(f"{quoted(halves[0])} and {quoted(halves[1])} as one name")


def is_range(text: str) -> bool:
    """Return whether a cell has the beginning and the end of a shift."""
    stamp = stamp_of(with_colons(text))
    return stamp is not None and stamp.ends_s is not None


def length_column(header: Sequence[str]) -> str | None:
    """Return the only column that says how long a shift is."""
    found = [name for name in header if re.match(LENGTH, words_of(name))]
    return found[0] if len(found) == 1 else None


def put_ends(table: CsvTable, start: str, to: str, length: str) -> None:
    """Add the column `to`, with the ends of shifts that begin at `start` and last so long, and tell it."""
    texts = [row.text(length) for row in table.rows]
    breaks = [name for name in table.rows[0] if re.match(BREAK, words_of(name))]
    if any(row.text(name).strip("0") for name in breaks for row in table.rows):
        cell = table.rows[0][length]
        table.note(
            cell, f"{quoted(length)} may be with the breaks or without; give the end in a column `{to}`"
        )
        return
    numbers = [float(text.replace(",", ".")) for text in texts if _NUMBER.fullmatch(text)]
    in_minutes = bool(numbers) and min(numbers) > 24
    ends: list[str] = []
    for row, text in zip(table.rows, texts, strict=True):
        begins = stamp_of(with_colons(row.text(start)))
        lasts_s = _length_s(text, in_minutes)
        end = ""
        if begins is not None and begins.clock_s is not None and not is_off(row.text(start)):
            if lasts_s is None or not 0 < lasts_s <= DAY_S:
                table.note(row[length], f"{quoted(text)} is no length of a shift; write 8, 7.5 or 7:30")
            else:
                end = clock_text((begins.clock_s + lasts_s) % DAY_S)
        ends.append(end)
    _add_column(table, to, ends, length)
    unit = " in minutes" if in_minutes else ""
    table.readings.append(f"{quoted(length)} as how long a shift is{unit}")


def _length_s(text: str, in_minutes: bool) -> float | None:
    found = _CLOCK.fullmatch(text)
    if found is not None:
        return int(found[1]) * 3600.0 + int(found[2]) * 60
    if not _NUMBER.fullmatch(text):
        return None
    return round(float(text.replace(",", ".")) * (60 if in_minutes else 3600) / 60) * 60.0


def _add_column(table: CsvTable, name: str, texts: Sequence[str], beside: str) -> None:
    """Add a column whose cells are told by the place of those of another."""
    if not table.rows:
        return
    header = [*table.rows[0]]
    at = {**{one: number for number, one in enumerate(header)}, name: len(header)}
    columns = headed_columns(table)
    places = (*columns.values(), columns[beside])
    rows: list[Row] = [
        GridRow(at, (*map(row.text, header), text), row.line, places)
        for row, text in zip(table.rows, texts, strict=True)
    ]
    table.rows = rows
