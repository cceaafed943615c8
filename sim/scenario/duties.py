"""When a person is on duty: the rows of a roster joined to shifts with breaks, by date, weekday or every day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from sim.errors import quoted
from sim.scenario.csv_files import Cell, CsvTable
from sim.scenario.local_times import DAY_S, WEEKDAYS
from sim.scenario.numbers import clock_text

Kind: TypeAlias = Literal["work", "break", "off"]
Day: TypeAlias = date | int | tuple[int, int] | None
"""A date, a weekday from 0 (Monday), the first and last of a range of weekdays, or None for every day."""
TOLERANCE_S = 1e-6
WEEK_S = 7 * DAY_S


class Place(NamedTuple):
    """Where a row stands: the file, its line and the column of its beginning, with its header."""

    file: str
    line: int
    column: int
    header: str


class Duty(NamedTuple):
    """A shift of a person in a team; clock times in seconds from midnight of its day, breaks as (at, length)."""

    team: str | None
    start_s: float
    end_s: float
    breaks: tuple[tuple[float, float], ...]
    place: Place


class Rostered(NamedTuple):
    """A person of a roster: their duties by day, none for a day off, and their levels by team.

    `dates` are the dates that the whole roster has rows of.
    """

    name: str
    duties: Mapping[Day, tuple[Duty, ...]]
    levels: Mapping[str | None, Mapping[str, int]]
    dates: frozenset[date]

    @property
    def teams(self) -> tuple[str | None, ...]:
        """Their teams, in the order of their duties."""
        return tuple(dict.fromkeys(duty.team for duties in self.duties.values() for duty in duties))

    def on(self, day: date | None) -> tuple[Duty, ...]:
        """Return the duties of a day by the nearest rule: a date beats a weekday, a range, and every day."""
        if day is not None:
            for rule in (day, day.weekday()):
                if rule in self.duties:
                    return self.duties[rule]
            ranges = [
                rule for rule in self.duties if isinstance(rule, tuple) and in_range(day.weekday(), rule)
            ]
            if ranges:
                return self.duties[min(ranges, key=lambda rule: (rule[1] - rule[0]) % 7)]
        return self.duties.get(None, ())

    @property
    def is_by_dates(self) -> bool:
        """Whether each of their rows has a date."""
        return all(isinstance(day, date) for day in self.duties)


def in_range(weekday: int, span: tuple[int, int]) -> bool:
    """Return whether a weekday is in a range, which may go over the end of the week."""
    return (weekday - span[0]) % 7 <= (span[1] - span[0]) % 7


def days_of(opens_at_s: float, lasts_s: float) -> tuple[int, int]:
    """Return the first and last day whose shifts may be in a run, counted from its own first day."""
    return -1, int((opens_at_s + lasts_s) // DAY_S)


class Span(NamedTuple):
    """A row: from when to when, clock times in seconds from midnight of its day."""

    kind: Kind
    start_s: float
    end_s: float
    team: str | None
    cell: Cell

    def moved(self, by_s: float) -> "Span":
        """Return it so many seconds later."""
        return self._replace(start_s=self.start_s + by_s, end_s=self.end_s + by_s)

    def __str__(self) -> str:
        begins, ends = self.start_s % DAY_S, self.start_s % DAY_S + self.end_s - self.start_s
        return f"{clock_text(begins)} to {clock_text(ends)}"


@dataclass(slots=True)
class _Shift:
    """A shift that grows row by row."""

    team: str | None
    start_s: float
    end_s: float
    cell: Cell
    breaks: list[Span] = field(default_factory=list)
    works: bool = False


@dataclass(slots=True)
class Duties:
    """The rows of one person, as they are read; what does not go together is noted in the table."""

    name: str
    table: CsvTable
    spans: dict[object, list[Span]] = field(default_factory=dict)
    off: set[Day] = field(default_factory=set)
    cells: list[tuple[Day, Cell]] = field(default_factory=list)
    levels: dict[str | None, dict[str, int]] = field(default_factory=dict)
    left_out: int = 0

    def add(self, day: Day, span: Span) -> None:
        """Add a row; those of dates stand on one line of time, and so do those of weekdays."""
        self.cells.append((day, span.cell))
        line, offset_s = _line(day)
        self.spans.setdefault(line, []).append(span.moved(offset_s))

    def add_day_off(self, day: Day, cell: Cell) -> None:
        """Add a row of a whole day off."""
        self.cells.append((day, cell))
        self.off.add(day)

    def keep_levels(self, team: str | None, levels: dict[str, int], cell: Cell) -> None:
        """Keep the levels of a row, which have to be those of the person's other rows in that team."""
        known = self.levels.setdefault(team, levels)
        if not known:
            self.levels[team] = levels
        elif levels and levels != known:
            listed = ", ".join(f"{skill} {level}" for skill, level in known.items())
            self.table.note(cell, f"{quoted(self.name)} has other levels in this row than above ({listed})")

    def rostered(self, dates: frozenset[date]) -> Rostered:
        """Return the person with their shifts by day."""
        found: dict[Day, list[Duty]] = {day: [] for day in self.off}
        for line, spans in self.spans.items():
            for shift in self._shifts(spans):
                day, midnight_s = _day(line, shift.start_s)
                if day in self.off:
                    self.left_out += 1
                else:
                    found.setdefault(day, []).append(self._duty(shift, midnight_s))
        in_time = {day: tuple(sorted(duties, key=lambda one: one.start_s)) for day, duties in found.items()}
        return Rostered(self.name, in_time, self.levels, dates)

    def _duty(self, shift: _Shift, midnight_s: float) -> Duty:
        cell = shift.cell
        breaks = tuple((one.start_s - midnight_s, one.end_s - one.start_s) for one in shift.breaks)
        place = Place(self.table.path, cell.line, cell.column, cell.header)
        return Duty(shift.team, shift.start_s - midnight_s, shift.end_s - midnight_s, breaks, place)

    # From rows to shifts.

    def _shifts(self, spans: list[Span]) -> Iterator[_Shift]:
        """Join rows that follow each other in one team; breaks and meetings are within."""
        work = self._apart([one for one in spans if one.kind == "work"])
        away = [one for one in spans if one.kind == "off"]
        for one in away:
            if not any(w.start_s < one.end_s and one.start_s < w.end_s for w in work):
                self.table.note(one.cell, f"{quoted(self.name)} has no shift that {one} is a part of")
        work = [piece for one in work for piece in self._without(one, away)]
        breaks = [self._in_shift(one, work) for one in spans if one.kind == "break"]
        shift: _Shift | None = None
        for span in sorted([*work, *breaks], key=lambda one: (one.start_s, one.kind == "break")):
            if shift is None or not _goes_on(shift, span):
                if shift is not None and self._is_shift(shift):
                    yield shift
                shift = _Shift(span.team, span.start_s, span.end_s, span.cell)
            shift.end_s = max(shift.end_s, span.end_s)
            if span.kind == "work":
                shift.team, shift.works = span.team, True
            elif shift.breaks and span.start_s < shift.breaks[-1].end_s - TOLERANCE_S:
                self._note_overlap(span, shift.breaks[-1])
            else:
                shift.breaks.append(span)
        if shift is not None and self._is_shift(shift):
            yield shift

    def _apart(self, work: list[Span]) -> list[Span]:
        """Return the rows of work in order, and note those that overlap."""
        kept: list[Span] = []
        for span in sorted(work, key=lambda one: (one.start_s, one.cell.line)):
            if kept and span.start_s < kept[-1].end_s - TOLERANCE_S:
                self._note_overlap(span, kept[-1])
            else:
                kept.append(span)
        return kept

    def _note_overlap(self, span: Span, other: Span) -> None:
        same = (span.start_s, span.end_s, span.team) == (other.start_s, other.end_s, other.team)
        if same:
            what = f"{quoted(self.name)} has this row in line {other.cell.line} too"
        else:
            what = f"{quoted(self.name)}: {span} overlaps {other} in line {other.cell.line}"
        self.table.note(span.cell, what)

    def _without(self, work: Span, away: list[Span]) -> Iterator[Span]:
        """Return what is left of a row of work without the times off."""
        at = work.start_s
        for one in sorted(away, key=lambda one: one.start_s):
            if at < one.start_s < work.end_s:
                yield work._replace(start_s=at, end_s=one.start_s)
            if one.start_s < work.end_s:
                at = max(at, one.end_s)
        if at < work.end_s:
            yield work._replace(start_s=at)

    def _in_shift(self, one: Span, work: list[Span]) -> Span:
        """Return a break, a day later where only there is a shift: 02:00 in that from 22:00 on."""
        for by_s in (0.0, DAY_S, WEEK_S):
            moved = one.moved(by_s)
            if any(
                w.start_s <= moved.end_s + TOLERANCE_S and moved.start_s <= w.end_s + TOLERANCE_S
                for w in work
            ):
                return moved
        return one

    def _is_shift(self, shift: _Shift) -> bool:
        """Return whether a shift has work, and note its breaks where it has none."""
        for one in () if shift.works else shift.breaks:
            self.table.note(one.cell, f"{quoted(self.name)} has no shift that {one} is a part of")
        return shift.works


def _goes_on(shift: _Shift, span: Span) -> bool:
    if span.start_s > shift.end_s + TOLERANCE_S:
        return False
    return span.kind == "break" or not shift.works or span.team == shift.team


def _line(day: Day) -> tuple[object, float]:
    """Return the line of time that a day is on, and when it begins there."""
    if isinstance(day, date):
        return "dates", day.toordinal() * DAY_S
    if isinstance(day, int):
        return "weekdays", day * DAY_S
    return day, 0.0


def _day(line: object, at_s: float) -> tuple[Day, float]:
    """Return the day of an instant on a line of time, and its midnight there."""
    number, since_midnight_s = divmod(at_s, DAY_S)
    if line == "dates":
        return date.fromordinal(int(number)), at_s - since_midnight_s
    if line == "weekdays":
        return int(number) % len(WEEKDAYS), at_s - since_midnight_s
    assert line is None or isinstance(line, tuple)
    return line, 0.0
