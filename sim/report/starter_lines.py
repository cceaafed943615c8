"""The rows of a forecast that become a first scenario: each with its queue, its day and its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sim.errors import SimError, one_line
from sim.scenario.context import Surroundings
from sim.scenario.csv_files import CsvTable, Row
from sim.scenario.dialects import decimal_mark, duration_reader, number_reader
from sim.scenario.export_columns import Export
from sim.scenario.local_times import DAY_S, Column, Moment, stamp_of

MONDAY = date(2026, 3, 2)
"""The day of a forecast that names no date."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the forecast."""

    queue: str
    channel: str
    day: date | int | None
    clock_s: float
    volume: float
    aht_s: float | None


def lines_of(export: Export) -> tuple[list[Line], dict[str, str]]:
    """Return the rows, and what of them has two readings, as `CsvTable.asked` has it."""
    table, columns = export.table, export.columns
    scratch = CsvTable(table.path, separator=table.separator)  # questions are asked when the scenario is read
    numbers = [row[columns[role]] for row in table.rows for role in ("volume", "aht") if role in columns]
    mark = decimal_mark(scratch, numbers, None)
    volume_of = number_reader(mark)
    aht_cells = [row[columns["aht"]] for row in table.rows] if "aht" in columns else []
    aht_of = duration_reader(scratch, aht_cells, mark, None)
    unit = scratch.asked.get("aht_unit")
    if unit is not None:
        aht_of = duration_reader(CsvTable(table.path, separator=table.separator), aht_cells, mark, unit)
    days = [row[columns["day"]] for row in table.rows] if "day" in columns else None
    moments = Column(scratch, [row[columns["start"]] for row in table.rows], days, Surroundings()).moments()
    found = []
    for row, moment in zip(table.rows, moments, strict=True):
        volume = scratch.read(row[columns["volume"]], volume_of)
        aht_s = scratch.read_if_any(row[columns["aht"]], aht_of) if "aht" in columns else None
        if moment is not None and volume is not None:
            found.append(_line(row, columns, moment, volume, aht_s or None))
    if not found:
        told = (
            "\n".join(map(str, scratch.shortened()))
            or f"{one_line(table.path)}: no row has a time and contacts"
        )
        raise SimError(told)
    return found, scratch.asked


def _line(row: Row, columns: dict[str, str], moment: Moment, volume: float, aht_s: float | None) -> Line:
    queue, channel = (row[columns[role]].text if role in columns else "" for role in ("queue", "channel"))
    day = moment.day if moment.day is not None else moment.weekday
    clock_s = moment.clock_s if moment.clock_s is not None else (moment.seconds or 0.0) % DAY_S
    return Line(queue, channel, day, clock_s, volume, aht_s)


def length_of(export: Export) -> float:
    """Return how long the first interval is, where its cell is a range; else an hour."""
    stamp = stamp_of(export.table.rows[0][export.columns["start"]].text)
    if stamp is None or stamp.ends_s is None or stamp.clock_s is None:
        return 3600.0
    return (stamp.ends_s - stamp.clock_s) % DAY_S or 3600.0


def hours_of(lines: Sequence[Line], grain_s: float) -> dict[date, tuple[float, float]]:
    """Return by day from its first to the end of its last interval with contacts; nothing where no day is named."""
    clocks: dict[date, list[float]] = {}
    for line in lines:
        if line.volume and line.day is not None:
            day = MONDAY + timedelta(days=line.day) if isinstance(line.day, int) else line.day
            clocks.setdefault(day, []).append(line.clock_s)
    return {day: (min(found), max(found) + grain_s) for day, found in clocks.items()}


def busiest_of(lines: Sequence[Line]) -> date | int | None:
    """Return the day with the most contacts."""
    totals: dict[date | int | None, float] = {}
    for line in lines:
        totals[line.day] = totals.get(line.day, 0.0) + line.volume
    return max(totals, key=totals.__getitem__) if totals else None
