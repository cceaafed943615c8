"""What the columns of an export hold, found by their headers and cells, so that nobody has to write it down first."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sim.errors import SimError, one_line, quoted
from sim.scenario.csv_files import CsvTable
from sim.scenario.dialects import (
    are_sums,
    decimal_mark,
    duration_reader,
    header_of,
    is_total,
    number_reader,
    table_of_any,
)
from sim.scenario.export_headers import (
    ANSWERED,
    GOAL,
    MEAN,
    MEDIA,
    NO_FIGURE,
    OF_OTHERS,
    PATTERNS,
    PER_HOUR,
    is_in_thousands,
    is_without_wrap_up,
    kind_of,
    rank_of,
    says,
    words_of,
)
from sim.scenario.grids import Grid, by_queue, grid_in, is_time_or_day, long_table
from sim.scenario.interval_files import MOST_ROWS
from sim.scenario.interval_rows import SAMPLE, fill_merged, is_of_totals, mostly, put_colons
from sim.scenario.local_times import are_hours, stamp_of
from sim.scenario.weekday_names import put_weekdays

START, VOLUME, QUEUE = "interval_start", "volume", "queue"
"""Columns that are made of a grid, or of a column a queue."""
NOT_QUEUES = r"weeks?|kw|months?|years?|days?|ids?|no|nr|number|index|end|ende|fin|einde|cost|price|sla?"
"""Words of columns of numbers that count no contacts."""


@dataclass(frozen=True, slots=True)
class Export:
    """A table with its columns by what they hold: start, volume, and perhaps day, aht, wrap_up, queue and channel.

    `handle_sum` is a column with the handle time of all contacts of an interval together. `told` are sentences on
    what was chosen.
    """

    table: CsvTable
    columns: dict[str, str]
    told: tuple[str, ...] = ()
    unnamed: Collection[str] = ()
    """Roles that no column of the file has, as its header says them: of a grid, or of a column a queue."""

    @property
    def volume_factor(self) -> int:
        """What its contacts are counted in, 1 or 1000."""
        return 1000 if is_in_thousands(self.columns["volume"]) else 1

    @property
    def has_wrap_up(self) -> bool:
        """Whether its handle times have the wrap-up in them, as those of planning tools have."""
        times = self.columns.get("aht", self.columns.get("handle_sum"))
        return times is not None and not is_without_wrap_up(times)


def export_of(path: str, text: str) -> Export:
    """Find the columns of an export. Raises SimError where none holds the times or the contacts."""
    grid = grid_in(path, text)
    if grid is not None:
        return _of_grid(grid)
    header = header_of(text, _is_known)
    try:
        table = table_of_any(path, text, header)
    except ValueError as error:
        raise SimError(f"{one_line(path)}: {error}") from None
    if not table.rows:
        raise SimError("\n".join(map(str, table.shortened())) or f"{one_line(path)}: there are no rows")
    for name in filter(None, table.rows[0]):
        if rank_of(name, "day") is not None:
            put_weekdays(table, name)
        if rank_of(name, "start") is not None and rank_of(name, "day") is None:  # 02.03 may be a date
            put_colons(table, name)
    rows = table.rows
    table.rows = [row for row in rows if not is_total(row.texts)] or rows
    found: dict[str, str] = {}
    told: list[str] = []
    for role in PATTERNS:
        names = _columns(table, role, found)
        if role in ("aht", "wrap_up") and "volume" in found:
            sums = [name for name in names if _is_sum(table, name, found["volume"])]
            names = [name for name in names if name not in sums]
            if sums and not names and role == "aht":
                found["handle_sum"] = sums[0]
                told.append(_tell_sum(sums[0]))
        if names:
            found[role] = names[0]
            told += _tell_choice(role, names)
    if "start" not in found and "day" in found and _fits(table, found["day"], _has_clock):
        found["start"] = found.pop("day")
    queues = _queues(table, found) if "start" in found and "volume" not in found else []
    if not queues:
        _require(table, found)
    table.rows, before = rows, len(table.readings)
    fill_merged(table, [found[role] for role in ("day", "queue", "channel") if role in found], found["start"])
    told[:0] = table.readings[before:]
    table.rows = [row for row in table.rows if not is_of_totals(row, [found["start"]])] or table.rows
    if queues:
        told.append(f"{' and '.join(map(quoted, queues))} are taken for queues with their contacts")
        found |= {"queue": QUEUE, "volume": VOLUME}
        table = by_queue(table, queues, QUEUE, VOLUME)
    return Export(table, found, tuple(told), ("queue", "volume") if queues else ())


def _of_grid(grid: Grid) -> Export:
    """Find what is beside the days and times of a grid. Raises SimError where it has mistakes."""
    wide, before = grid.table, len(grid.table.readings)
    if not wide.mistakes:
        found: dict[str, str] = {}
        for role in ("channel", "queue", "aht"):
            names = [name for name in _columns(wide, role, found) if name in grid.others]
            found |= {role: names[0]} if names else {}
        queues = [found[role] for role in ("queue", "channel") if role in found]
        fill_merged(wide, queues, grid.head or next(iter(grid.columns)), is_time_or_day)
        table = long_table(grid, START, VOLUME, None, MOST_ROWS)
        put_weekdays(table, START)
        if table.rows and not table.mistakes:
            columns = {"start": START, "volume": VOLUME, **found}
            return Export(table, columns, tuple(table.readings[before:]), ("start", "volume"))
    raise SimError("\n".join(map(str, wide.shortened())) or f"{one_line(wide.path)}: there are no contacts")


def _queues(table: CsvTable, found: Mapping[str, str]) -> list[str]:
    """Return the columns that can be nothing but the contacts of a queue each; none where one is something else."""
    names = [
        name
        for name in table.rows[0]
        if name not in found.values() and not is_total([name]) and _fits(table, name, _is_figure)
    ]
    is_other = any(
        not words_of(name)
        or "%" in name
        or says(name, rf"\b({OF_OTHERS['volume']}|{NO_FIGURE}|{NOT_QUEUES})\b|{PER_HOUR}")
        or any(rank_of(name, role) is not None for role in ("day", "start", "aht", "wrap_up"))
        for name in names
    )
    return names if len(names) > 1 and not is_other else []


def _require(table: CsvTable, found: Mapping[str, str]) -> None:
    """Raise SimError where no column has the times or the contacts."""
    path, names = one_line(table.path), [name for name in table.rows[0] if name]
    for role, what in (
        ("start", "the beginning of each interval"),
        ("volume", "the contacts of each interval"),
    ):
        if role in found:
            continue
        _require_fitting(table, role)
        listed = ", ".join(map(quoted, names))
        raise SimError(
            f"{path}: no column looks like {what}; there is {listed}; {_remedy(path, role, found, names)}"
        )


def _remedy(path: str, role: str, found: Mapping[str, str], names: Sequence[str]) -> str:
    """Say what may be done where no column has a role, by what the others seem to be."""
    hourly = next((name for name in names if says(name, PER_HOUR)), None)
    ends = next((name for name in names if says(name, r"\b(end|ending|ende|fin|einde)\b")), None)
    if role == "start" and ends is not None:
        return f"{quoted(ends)} says when they end: give their beginnings"
    if role == "start" and "day" in found:
        return "a row a day is too long: give one for each interval, with its beginning such as 09:00"
    if role == "volume" and hourly is not None:
        return (
            f"{quoted(hourly)} counts those of an hour: name it so, and write `volume_factor: 0.5` beside `file` "
            "where the intervals are half hours"
        )
    return f"name it in a scenario with `file: {{path: {path}, {role}: ...}}`"


def _is_known(header: str) -> bool:
    return any(rank_of(header, role) is not None for role in PATTERNS)


def _columns(table: CsvTable, role: str, found: Mapping[str, str]) -> list[str]:
    """Return the columns that may be of a role, the likeliest first."""
    ranked = []
    for name in table.rows[0]:
        rank = rank_of(name, role) if name and name not in found.values() else None
        if rank is None or not (
            _fits(table, name, FITS[role]) or (role == "start" and _has_hours(table, name))
        ):
            continue
        is_goal, is_number, pattern = rank
        is_empty = role in ("volume", "aht") and not any(row.text(name).strip("0.,:") for row in table.rows)
        ranked.append(((is_goal, is_empty, _is_other(name, role, found), is_number, pattern), name))
    return [name for _, name in sorted(ranked, key=lambda one: one[0])]


def _is_other(name: str, role: str, found: Mapping[str, str]) -> bool:
    """Return whether a column has what was where another may have what will be, or the other way round."""
    if role == "aht" and "volume" in found:
        wanted = kind_of(found["volume"])
        return kind_of(name) not in ("", wanted or "actual")
    return role == "volume" and kind_of(name) == "actual"


def _is_sum(table: CsvTable, name: str, volume: str) -> bool:
    """Return whether a handle time is that of all contacts of its interval together, as its figures grow with them."""
    if says(name, MEAN):
        return False
    if says(name, r"\b(total|sum|gesamt\w*|totale?)\b"):
        return True
    seconds, counts = CsvTable(table.path), CsvTable(table.path)
    cells = [row[name] for row in table.rows[:SAMPLE]]
    numbers = [row[volume] for row in table.rows[:SAMPLE]]
    mark = decimal_mark(counts, [*numbers, *cells], None)
    time_of, count_of = duration_reader(seconds, cells, mark, "s"), number_reader(mark)
    both = [
        (seconds.read(one, time_of), counts.read(other, count_of))
        for one, other in zip(cells, numbers, strict=True)
    ]
    return are_sums([(time, count) for time, count in both if time and count])


def _tell_sum(name: str) -> str:
    return (
        f"{quoted(name)} is the time of all contacts of an interval together: the handle time is its mean of the day; "
        "for one by interval the file needs a column with the mean"
    )


def _tell_choice(role: str, names: Sequence[str]) -> list[str]:
    """Say which of several columns is read, where they are of another kind, and what a count leaves out."""
    name, told = names[0], []
    if role in ("volume", "aht"):
        others = [one for one in names[1:] if _class_of(one) != _class_of(name)]
        if others:
            told.append(f"{quoted(name)} is read, {' and '.join(map(quoted, others))} not")
    own = _media_of(name)
    apart = [one for one in names[1:] if role == "volume" and _media_of(one) - own and own - _media_of(one)]
    if apart:
        told.append(
            f"{quoted(name)} is read, {' and '.join(map(quoted, apart))} not: give each its own stream"
        )
    if role == "volume" and is_in_thousands(name):
        told.append(f"{quoted(name)} counts thousands: `volume_factor: 1000`")
    if role == "volume" and says(name, ANSWERED):
        told.append(f"{quoted(name)} counts those who were answered; those who gave up have to be added")
    return told


def _media_of(name: str) -> set[str]:
    """Return the media that a header names, without their plural."""
    return {one[0].rstrip("s") for one in re.finditer(MEDIA, words_of(name))}


def _class_of(name: str) -> tuple[str, bool]:
    return kind_of(name), says(name, GOAL)


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
        what = "time; write 09:30" if role == "start" else "number; write 0 where there were none"
        table.note(cell, f"{quoted(cell.text)} is no {what}")
    raise SimError("\n".join(map(str, table.shortened())))


def _fits(table: CsvTable, name: str, test: Callable[[str], bool]) -> bool:
    texts = [row[name].text for row in table.rows[:SAMPLE] if row[name].text]
    return bool(texts) and mostly(test, texts)


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
    "wrap_up": _is_figure,
    "channel": lambda text: not _is_figure(text),
    "queue": lambda text: not text[:1].isdigit(),
}
"""What the cells of a column have to be, by its role."""
