"""The rows of an interval file in the run: on an even grain, each there once, none missing."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sim.errors import quoted
from sim.scenario.context import Surroundings
from sim.scenario.csv_files import Cell, CsvTable, Row
from sim.scenario.interval_files import MOST_ROWS, IntervalFile
from sim.scenario.local_times import DAY_S, WEEKDAYS, Column, Moment
from sim.scenario.numbers import clock_text, duration_text

TOLERANCE_S = 1e-6
GRAINS_S = (3600.0, 1800.0, 900.0, 600.0, 300.0)
"""Lengths of intervals that planning tools use, the longest first."""
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Intervals:
    """The rows that are in a run, with their starts in seconds from opening, in order, and their common length."""

    table: CsvTable
    rows: tuple[Row, ...]
    starts: tuple[float, ...]
    every: float
    left_out: tuple[Row, ...] = ()


def intervals_of(
    table: CsvTable, file: IntervalFile, around: Surroundings, *, counts_agents: bool = False
) -> Intervals | None:
    """Place the rows in the run and check that none is missing; None where the table has mistakes by now."""
    found = _placed(table, file, around, counts_agents)
    return None if found is None else found.intervals()


def levels_of(table: CsvTable, file: IntervalFile, around: Surroundings) -> list[tuple[float, Row]] | None:
    """Return the rows that each hold until the next, by when they begin, from the one in force at opening on."""
    found = _placed(table, file, around, True)
    return None if found is None else found.levels()


def _placed(
    table: CsvTable, file: IntervalFile, around: Surroundings, counts_agents: bool
) -> "_Placed | None":
    cells = [row[file.start] for row in table.rows]
    days = [row[file.day] for row in table.rows] if file.day else None
    day_first = None if file.dates is None else file.dates == "day_first"
    column = Column(table, cells, days, around, day_first)
    moments = column.moments()
    repeats = file.repeats or _repeats_of_itself(moments)
    _check_days(table, cells, moments, around, repeats)
    if table.mistakes:
        return None
    steps = [*_in_order(moments, around, repeats)]
    if not steps:
        table.note(cells[0], _of_other_days(around))
        return None
    if len(steps) > MOST_ROWS:
        table.note(cells[0], f"this makes {len(steps):,} intervals in the run; at most {MOST_ROWS:,}")
        return None
    return _Placed(table, file, around, steps, column.lengths(), repeats, counts_agents)


def _of_other_days(around: Surroundings) -> str:
    """Say that no row of a file by weekday is of a day of the run."""
    assert around.opens is not None
    last = around.opens + timedelta(seconds=(around.lasts or DAY_S) - TOLERANCE_S)
    days = dict.fromkeys(
        f"{WEEKDAYS[one.weekday()].capitalize()}, {one:%Y-%m-%d}" for one in (around.opens, last)
    )
    key = "opens" if around.is_open is None else "calendar"
    return f"no row is of a day of the run ({' to '.join(days)}); add its rows, or change `{key}`"


def _repeats_of_itself(moments: Sequence[Moment | None]) -> str | None:
    """Return weekly where rows are of weekdays, which come every week."""
    return "weekly" if any(one is not None and one.weekday is not None for one in moments) else None


def _check_days(
    table: CsvTable,
    cells: Sequence[Cell],
    moments: Sequence[Moment | None],
    around: Surroundings,
    repeats: str | None,
) -> None:
    """Note dates and weekdays that nothing ties to the run, and repeated rows of more than a day or a week."""
    known = [(cell, one) for cell, one in zip(cells, moments, strict=True) if one is not None]
    for cell, one in known:
        if around.opens is None and (one.day is not None or one.weekday is not None):
            kind = "a date and time" if one.day else "a weekday"
            table.note(cell, f"{quoted(cell.text)} is {kind}, but the scenario does not say when it opens")
            return
    if repeats is None:
        return
    dates = {one.day for _, one in known if one.day is not None}
    if any(one.seconds is not None for _, one in known):
        table.note(cells[0], f"{quoted(cells[0].text)} is no clock time, so it cannot repeat {repeats}")
    elif repeats == "daily" and len(dates) > 1:
        what = f"with `repeats: daily` there have to be the rows of one day; these are of {len(dates)} days"
        table.note(cells[0], what)
    elif repeats == "weekly" and any(_weekday_of(one) is None for _, one in known):
        table.note(cells[0], "`repeats: weekly` needs a date or a weekday; name its column with `day`")
    elif repeats == "weekly" and len(dates) > len({one.weekday() for one in dates}):
        what = f"with `repeats: weekly` there can be one date of each weekday; these are {len(dates)} dates"
        table.note(cells[0], what)


@dataclass(slots=True)
class _Placed:
    """Rows in order of time, which become intervals of the run where none is missing."""

    table: CsvTable
    file: IntervalFile
    around: Surroundings
    steps: list[tuple[int, float]]
    lengths: set[float]
    repeats: str | None
    counts_agents: bool

    def intervals(self) -> Intervals | None:
        every = self._grain()
        lasts = math.inf if self.around.lasts is None else self.around.lasts
        inside = [
            (i, start)
            for i, start in self.steps
            if start < lasts - TOLERANCE_S and start + every > TOLERANCE_S
        ]
        if not inside:
            self._all_outside()
        elif not self._twice(inside):
            self._uneven(inside, every)
            if not self.table.mistakes:
                self._missing(inside, every, inside[-1][1] + every if lasts == math.inf else lasts)
        if self.table.mistakes:
            return None
        used = {i for i, _ in inside}
        rows = self.table.rows
        return Intervals(
            self.table,
            tuple(rows[i] for i, _ in inside),
            tuple(start for _, start in inside),
            every,
            tuple(row for i, row in enumerate(rows) if i not in used),
        )

    def levels(self) -> list[tuple[float, Row]] | None:
        if self._twice(self.steps):
            return None
        lasts = math.inf if self.around.lasts is None else self.around.lasts
        before = [step for step in self.steps if step[1] <= TOLERANCE_S]
        inside = [step for step in self.steps if TOLERANCE_S < step[1] < lasts - TOLERANCE_S]
        if not before:
            first = self._cell(self.steps[0][0])
            what = f"nothing says how many are there from opening to {quoted(first.text)}; add a row"
            self.table.note(first, what)
            return None
        return [(max(start, 0.0), self.table.rows[i]) for i, start in [before[-1], *inside]]

    def _cell(self, i: int) -> Cell:
        return self.table.rows[i][self.file.start]

    def _twice(self, steps: list[tuple[int, float]]) -> bool:
        """Note once that intervals have several rows, with the column by which they could be told apart."""
        pairs = [(one, other) for (one, at), (other, then) in pairwise(steps) if then - at < TOLERANCE_S]
        if not pairs:
            return False
        one, other = pairs[0]
        cell, first = self._cell(other), self._cell(one)
        rest = f", and so are {len(pairs) - 1} more" if len(pairs) > 1 else ""
        what = f"{quoted(cell.text)} is there twice, first in line {first.line}{rest}"
        self.table.note(cell, f"{what}; {self._apart(one, other)}")
        return True

    def _apart(self, one: int, other: int) -> str:
        """Say by which column two rows of an interval could be told apart."""
        here, there = self.table.rows[one], self.table.rows[other]
        read = {self.file.start, self.file.volume, self.file.aht}
        column = next(
            (
                name for name in here
                if name not in read
                and here[name].text != there[name].text
                and here[name].text and not here[name].text[:1].isdigit()
            ), None,
        )  # fmt: skip
        if column is None:
            return "one row an interval is read"
        values = list(dict.fromkeys(row[column].text for row in self.table.rows))
        listed = ", ".join(map(quoted, values[:MOST_NAMED])) + (", ..." if len(values) > MOST_NAMED else "")
        wanted = f"path: {self.file.path}, where: {{{column}: {values[0]}}}"
        return f"the rows differ in {quoted(column)} ({listed}): write `file: {{{wanted}}}`"

    def _grain(self) -> float:
        """Return the length of an interval: as it is given, as ranges have it, else from the steps between rows."""
        if self.file.every is not None:
            return self.file.every
        apart = {round(then - at, 6) for (_, at), (_, then) in pairwise(self.steps)} - {0.0}
        if len(self.lengths) == 1 and len(apart) != 1:
            return next(iter(self.lengths))
        if not apart:
            return next(iter(self.lengths), self.around.lasts or 3600.0)
        if len(apart) == 1:
            return next(iter(apart))
        return next((one for one in GRAINS_S if not any(step % one for step in apart)), min(apart))

    def _uneven(self, inside: list[tuple[int, float]], every: float) -> None:
        """Note rows that are not a whole number of intervals after the first."""
        for i, start in inside[1:]:
            apart = (start - inside[0][1]) % every
            if min(apart, every - apart) > TOLERANCE_S:
                text = self._cell(i).text
                what = f"{quoted(text)} does not keep to intervals of {duration_text(every)}"
                self.table.note(
                    self._cell(i), f"{what} from {self._at(inside[0][1])} on; {self._remedy_of_length()}"
                )

    def _remedy_of_length(self) -> str:
        given = "write the length of an interval as `every`"
        return (
            f"where each row holds until the next write `levels: on`, else {given}"
            if self.counts_agents
            else given
        )

    def _missing(self, inside: list[tuple[int, float]], every: float, end: float) -> None:
        """Note the rows that are not there, by the times at which they would begin."""
        first = inside[0][1]
        if first > TOLERANCE_S:
            count = math.ceil(first / every - TOLERANCE_S)
            self._note_missing(inside[0][0], first - count * every, count, every, "above this one")
        for (_, before), (i, start) in pairwise(inside):
            count = round((start - before) / every) - 1
            if count > 0:
                self._note_missing(i, before + every, count, every, "above this one")
        at = inside[-1][1] + every
        if at < end - TOLERANCE_S:
            count = math.ceil((end - at) / every - TOLERANCE_S)
            self._note_missing(inside[-1][0], at, count, every, "below this one")

    def _note_missing(self, i: int, start: float, count: int, every: float, where: str) -> None:
        if self.around.is_open is not None:
            starts = [start + number * every for number in range(min(count, MOST_ROWS))]
            missing = [one for one in starts if self.around.is_open(one, one + every)]
            if not missing:
                return
            start, count = missing[0], len(missing)
            every_to = missing[-1]
        else:
            every_to = start + (count - 1) * every
        last = "" if count == 1 else f" to {self._at(every_to)}"
        rows = "1 row is" if count == 1 else f"{count} rows are"
        what = f"{rows} missing {where} ({self._at(start)}{last}), with intervals of {duration_text(every)}"
        self.table.note(self._cell(i), what + self._remedy())

    def _remedy(self) -> str:
        if self.counts_agents:
            return "; where each row holds until the next write `levels: on`"
        over_midnight = self.around.opens_at + (self.around.lasts or 0.0) > DAY_S
        return (
            "; `repeats: daily` takes one day's rows for each day"
            if over_midnight and not self.repeats
            else ""
        )

    def _at(self, seconds: float) -> str:
        if (
            self.around.is_open is not None and self.around.opens is not None
        ):  # dates tell more than 35:00 does
            return f"{self.around.opens + timedelta(seconds=seconds):%Y-%m-%d %H:%M}"
        return clock_text(
            (self.around.opens_at + seconds) % DAY_S if seconds < 0 else self.around.opens_at + seconds
        )

    def _all_outside(self) -> None:
        lasts = self.around.lasts or 0.0
        first, last = self._cell(self.steps[0][0]), self._cell(self.steps[-1][0])
        opens = self.around.opens
        begins = clock_text(0.0) if opens is None else f"{opens:%Y-%m-%d %H:%M}"
        count = len(self.table.rows)
        rows = f"all {count} rows are" if count > 1 else "the only row is"
        span = f"{quoted(first.text)} to {quoted(last.text)}" if count > 1 else quoted(first.text)
        what = f"{rows} outside the run of {duration_text(lasts)} from {begins}: {span}"
        self.table.note(first, f"{what}; where one day stands for each write `repeats: daily`")


# Where a row stands in the run.


def _in_order(
    moments: Sequence[Moment | None], around: Surroundings, repeats: str | None
) -> Iterator[tuple[int, float]]:
    """Return the rows by their number with their seconds from opening, in order; repeated ones once for each day.

    Clock times without a date go on from row to row, over midnight where they begin again.
    """
    found = _repeated(moments, around, repeats) if repeats else _once(moments, around)
    return iter(sorted(found, key=lambda one: (one[1], one[0])))


def _once(moments: Sequence[Moment | None], around: Surroundings) -> Iterator[tuple[int, float]]:
    day_s, latest, first = -around.opens_at, None, None
    for i, moment in enumerate(moments):
        if moment is None:
            continue
        if moment.seconds is not None:
            yield i, moment.seconds
        elif moment.day is not None and around.opens is not None:
            yield i, _since(around.opens, moment.day) + (moment.clock_s or 0.0)
        else:
            clock_s = moment.clock_s or 0.0
            first = clock_s if first is None else first
            # Where the clock came round before, a second time is another queue's and not another day.
            if latest is not None and latest - clock_s > DAY_S / 2 and clock_s < first:
                day_s = DAY_S - around.opens_at
            latest = clock_s
            yield i, day_s + clock_s


def _since(opens: datetime, day: date) -> float:
    return (datetime(day.year, day.month, day.day) - opens).total_seconds()


def _repeated(
    moments: Sequence[Moment | None], around: Surroundings, repeats: str
) -> Iterator[tuple[int, float]]:
    lasts = around.lasts or DAY_S
    first = None if around.opens is None else around.opens.date()
    for number in range(-1, int((around.opens_at + lasts) // DAY_S) + 1):
        day_s = number * DAY_S - around.opens_at
        weekday = None if first is None else (first + timedelta(days=number)).weekday()
        for i, moment in enumerate(moments):
            if moment is None or (repeats == "weekly" and _weekday_of(moment) != weekday):
                continue
            yield i, day_s + (moment.clock_s or 0.0)


def _weekday_of(moment: Moment) -> int | None:
    """Return the weekday of a row, from 0 (Monday); None where it has neither a date nor a weekday."""
    return moment.weekday if moment.day is None else moment.day.weekday()
