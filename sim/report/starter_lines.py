"""The rows of a forecast that become a first scenario: each with its queue, its day and its figures."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sim.errors import SimError, one_line, quoted
from sim.scenario.context import Surroundings
from sim.scenario.csv_files import CsvTable, Row
from sim.scenario.dialects import decimal_mark, duration_reader, is_total, number_reader
from sim.scenario.export_columns import Export
from sim.scenario.local_times import DAY_S, Column, Moment, stamp_of

TOTAL = re.compile(
    r"((grand|sub)[ -]?)?(total|sum|summe|gesamt|insgesamt|overall|all|alle|tous|toutes|todos|todas)s?"
    r"( (queues|skills|splits|groups|contacts|calls|services|warteschlangen|colas|les files))?",
    re.IGNORECASE,
)
"""Names of queues that can be nothing but all of them."""
SURELY = 4
"""Intervals in which a queue is not by chance all others together."""
ROUNDED = 0.005
Volumes = dict[tuple[date | int | None, float], float]
"""Contacts by day and time."""
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
    wrap_up_s: float | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """All rows of a forecast, what of them has two readings as `CsvTable.asked` has it, and what is to be told."""

    rows: list[Line]
    asked: dict[str, str]
    told: tuple[str, ...] = ()


def lines_of(export: Export) -> Lines:
    """Read the rows of a forecast, without queues that are the sum of the others."""
    table, columns = export.table, export.columns
    times = columns.get("aht", columns.get("handle_sum"))
    scratch = CsvTable(table.path, separator=table.separator)  # questions are asked when the scenario is read
    numbers = [row[name] for row in table.rows for name in (columns["volume"], times) if name is not None]
    mark = decimal_mark(scratch, numbers, None)
    volume_of = number_reader(mark)
    aht_of = _times_of(table, scratch, times, mark)
    unit = scratch.asked.get("aht_unit", "s")
    wrap_up_of = _times_of(table, CsvTable(table.path), columns.get("wrap_up"), mark, unit)
    days = [row[columns["day"]] for row in table.rows] if "day" in columns else None
    moments = Column(scratch, [row[columns["start"]] for row in table.rows], days, Surroundings()).moments()
    found = []
    for row, moment in zip(table.rows, moments, strict=True):
        volume = scratch.read(row[columns["volume"]], volume_of)
        aht_s = scratch.read_if_any(row[times], aht_of) if times is not None else None
        if moment is None or volume is None:
            continue
        if "handle_sum" in columns and aht_s is not None:
            aht_s = aht_s / volume if volume else None
        wrap_up_s = scratch.read_if_any(row[columns["wrap_up"]], wrap_up_of) if "wrap_up" in columns else None
        found.append(_line(row, columns, moment, volume * export.volume_factor, aht_s or None, wrap_up_s))
    if not found:
        nothing = f"{one_line(table.path)}: no row has a time and contacts"
        raise SimError("\n".join(map(str, scratch.shortened())) or nothing)
    found = _over_midnight(found)
    sums = sums_of(found)
    told = tuple(f"queue {quoted(name)} is taken for all others together and left out" for name in sums)
    return Lines([line for line in found if line.queue not in sums], scratch.asked, told)


def _times_of(
    table: CsvTable, scratch: CsvTable, column: str | None, mark: str, unit: str | None = None
) -> Callable[[str], float]:
    """Return the reader of a column of durations, in the likely unit where there are two."""
    cells = [row[column] for row in table.rows] if column is not None else []
    reader = duration_reader(scratch, cells, mark, unit)
    likely = scratch.asked.get("aht_unit")
    return reader if likely is None else duration_reader(CsvTable(table.path), cells, mark, likely)


def _line(
    row: Row,
    columns: dict[str, str],
    moment: Moment,
    volume: float,
    aht_s: float | None,
    wrap_up_s: float | None,
) -> Line:
    queue, channel = (row[columns[role]].text if role in columns else "" for role in ("queue", "channel"))
    day = moment.day if moment.day is not None else moment.weekday
    clock_s = moment.clock_s if moment.clock_s is not None else (moment.seconds or 0.0) % DAY_S
    return Line(queue, channel, day, clock_s, volume, aht_s, wrap_up_s)


def _over_midnight(lines: Sequence[Line]) -> list[Line]:
    """Put the rows of no day on the next one that go on over midnight, as 00:00 below 23:30 does."""
    before: dict[tuple[str, str], tuple[float, float]] = {}
    found: list[Line] = []
    for line in lines:
        at, key = line.clock_s, (line.queue, line.channel)
        first_s, last_s = before.get(key, (at, at))
        if line.day is None and at < first_s and at + DAY_S - last_s <= 3600.0:
            at += DAY_S
        before[key] = first_s, at
        found.append(replace(line, clock_s=at))
    return found


def sums_of(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the queues that are all others together: those whose name says so, and those whose figures do."""
    by_queue: dict[str, Volumes] = {}
    for line in lines:
        at, own = (line.day, line.clock_s), by_queue.setdefault(line.queue, {})
        own[at] = own.get(at, 0.0) + line.volume
    both: Volumes = {}
    for own in by_queue.values():
        for at, volume in own.items():
            both[at] = both.get(at, 0.0) + volume
    several = len(by_queue) > 2
    found = [
        name
        for name, own in by_queue.items()
        if TOTAL.fullmatch(name) or (several and _is_sum(name, own, both))
    ]
    return tuple(found) if len(found) < len(by_queue) else ()


def _is_sum(name: str, own: Volumes, both: Volumes) -> bool:
    """Return whether a queue has half of all contacts in each interval, and a name for it or too many for chance."""
    if not is_total([name]) and sum(map(bool, own.values())) < SURELY:
        return False
    return all(abs(2 * own.get(at, 0.0) - volume) <= ROUNDED * volume for at, volume in both.items())


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
