"""The rows of a roster: who each is of, what it is, on which day and from when to when."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sim.errors import did_you_mean, quoted
from sim.scenario.context import Surroundings
from sim.scenario.csv_files import Cell, CsvTable, Row
from sim.scenario.dialects import is_total
from sim.scenario.duties import Day, Duties, Kind, Rostered, Span, days_of
from sim.scenario.interval_rows import fill_merged, is_time, put_colons, with_colons
from sim.scenario.local_times import DAY_S, Moment, stamp_of
from sim.scenario.numbers import clock_text, decimal, whole
from sim.scenario.roster_times import Times
from sim.scenario.roster_words import is_off, kind_of
from sim.scenario.text_files import printable

if TYPE_CHECKING:
    from sim.scenario.roster_files import RosterFile

USUAL = ("team", "date", "activity")
"""Columns that are read by these names where they are there."""
LONGEST_NAME = 100


def people_of(table: CsvTable, file: "RosterFile", around: Surroundings) -> list[Rostered]:
    """Return all who are in a table, in the order of their first rows; what is wrong is noted in it."""
    return _Reader(table, file, around).people()


def fill_below(table: CsvTable, file: "RosterFile") -> None:
    """Give rows below a merged name the person, the day and what else is asked for, and rows of no name their team."""
    there = table.rows[0]
    team, day = (getattr(file, key) or (key if key in there else None) for key in ("team", "date"))
    is_merged = not all(row.text(file.person) for row in table.rows)
    columns = dict.fromkeys(filter(None, (file.person, day, team if is_merged else None, *file.where)))
    fill_merged(table, [*columns], file.from_, lambda text: not text or is_time(text) or is_off(text))


class _Reader:
    """Reads the rows of a table: who is there when, and what they can."""

    def __init__(self, table: CsvTable, file: "RosterFile", around: Surroundings) -> None:
        self.table, self.file, self.around = table, file, around
        there = table.rows[0]
        self.columns = {key: getattr(file, key) or (key if key in there else None) for key in USUAL}
        self.breaks = _pairs(table, file.breaks or (("breaks",) if "breaks" in there else ()))
        skills = around.names.get("skills", ())
        self.levels = file.levels or {name: name for name in there if name in skills}
        self.to = file.to if file.to in there else None
        self.unknown: dict[str, Cell] = {}
        self.times = Times(table, around, None if file.dates is None else file.dates == "day_first")
        self.known = {
            name.lower()
            for kind in ("teams", "queues", "channels", "media", "skills")
            for name in around.names.get(kind, ())
        }

    def people(self) -> list[Rostered]:
        """Return all who are in the table; what is wrong is noted in it."""
        self._leave_out_totals()
        for column in filter(None, (self.file.from_, self.to)):
            put_colons(self.table, column)
        kinds = [self._kind(row) for row in self.table.rows]
        self._tell_unknown()
        days = self.times.days(self.columns["date"])
        begins, ends = self.times.clocks(self.file.from_), self.times.clocks(self.to)
        people: dict[str, Duties] = {}
        empty: list[tuple[Duties, Day, Cell]] = []
        for row, kind in zip(self.table.rows, kinds, strict=True):
            key, cell = id(row), row[self.file.person]
            team = self._team(row, kind)
            if not self._is_name(cell):
                continue
            own = people.setdefault(cell.text, Duties(cell.text, self.table))
            own.keep_levels(team, self._levels(row), cell)
            if kind is None or key in self.times.lost:
                continue
            start = begins.get(key)
            text = row.text(self.file.from_)
            for day in days.get(key, (None,)) if start is None or start.day is None else (start.day,):
                if start is None and (kind == "off" or is_off(text)):
                    own.add_day_off(day, cell)
                elif kind == "work" and start is None and key not in ends and not text:
                    empty.append((own, day, cell))
                else:
                    self._add(own, row, day, (kind, team), start, ends.get(key))
        self._add_empty(empty)
        self._check_run(people.values())
        return self._rostered(people.values())

    def _add_empty(self, empty: Sequence[tuple[Duties, Day, Cell]]) -> None:
        """Take rows without any time for days off, where the person has no other row of that day, and tell it."""
        for own, day, cell in empty:
            if all(day != other for other, _ in own.cells):
                own.add_day_off(day, cell)
        if empty:
            self.table.readings.append(f"{_counted(len(empty), 'row')} without times as days off")

    def _rostered(self, people: Iterable[Duties]) -> list[Rostered]:
        dates = frozenset(day for own in people for day, _ in own.cells if isinstance(day, date))
        found = [own.rostered(dates) for own in people]
        left_out = sum(own.left_out for own in people)
        if left_out:
            self.table.readings.append(f"{_counted(left_out, 'shift')} on days off left out")
        return found

    def _is_name(self, cell: Cell) -> bool:
        if cell.text and len(cell.text) <= LONGEST_NAME:
            return self.table.read(cell, printable) is not None
        too_long = f"{quoted(cell.text)} is longer than {LONGEST_NAME} letters"
        self.table.note(cell, too_long if cell.text else "the cell is empty; it names the person")
        return False

    def _leave_out_totals(self) -> None:
        rows = self.table.rows
        person, start = self.file.person, self.file.from_
        kept = [row for row in rows if row[start].text or not is_total([row[person].text])]
        if kept and len(kept) < len(rows):
            self.table.rows = kept
            self.table.readings.append(f"{_counted(len(rows) - len(kept), 'row')} of totals left out")

    # Activities and teams.

    def _kind(self, row: Row) -> Kind | None:
        """Return what a row is; None where its activity is not known."""
        column = self.columns["activity"]
        if column is None:
            return "work"
        text = row[column].text
        given = self.file.activities.get(text)
        if given is not None:
            return given
        found = kind_of(text, self.known)
        if found is None:
            self.unknown.setdefault(text, row[column])
        return found

    def _tell_unknown(self) -> None:
        for text, cell in self.unknown.items():
            what = f"{quoted(text)} may be work, a break or a day off"
            self.table.note(cell, f"{what}; write `activities: {{{text}: work}}`, `break` or `off`")
        column = self.columns["activity"]
        there = {row[column].text for row in self.table.rows} if column is not None else set()
        for text in self.file.activities:
            if text not in there:
                cell = self.table.rows[0][column or self.file.person]
                known = did_you_mean(text, there) if column is not None else "name its column with `activity`"
                self.table.note(cell, f"no row has the activity {quoted(text)}; {known}")

    def _team(self, row: Row, kind: Kind | None) -> str | None:
        """Return the team of a row, None where it names none."""
        column = self.columns["team"]
        teams = self.around.names.get("teams", ())
        if column is None or (not row[column].text and kind != "work"):
            return None
        text = row[column].text
        plain = {_plain(name): name for name in teams}
        found = text if text in teams else plain.get(_plain(text))
        if found is None and teams:
            what = (
                f"unknown team {quoted(text)}; {did_you_mean(text, teams)}" if text else "the cell is empty"
            )
            self.table.note(row[column], what)
        return found or text

    def _levels(self, row: Row) -> dict[str, int]:
        def level(text: str) -> int:
            value = whole(decimal(text))
            if not 0 <= value <= 10:
                raise ValueError(f"{quoted(text)} is no level; levels are whole numbers from 0 to 10")
            return value

        read = {skill: self.table.read_if_any(row[name], level) for name, skill in self.levels.items()}
        return {skill: value for skill, value in read.items() if value is not None}

    # Days and times.

    def _add(
        self, own: Duties, row: Row, day: Day, what: tuple[Kind, str | None], start: Moment | None,
        ends: Moment | None,
    ) -> None:  # fmt: skip
        """Add what a row says to the duties of its person."""
        cell = row[self.file.from_]
        if start is None or start.clock_s is None:
            self.table.note(cell, "the cell is empty")
            return
        start_s, end_s = start.clock_s, self._end(cell, day, start.clock_s, ends)
        if end_s is None:
            missing = row[self.to] if self.to is not None else cell
            self.table.note(missing, "there is no end; name its column with `to`, or write 08:00-16:30")
        elif not 0 < end_s - start_s <= DAY_S:
            self.table.note(cell, f"the row {_impossible(start_s, end_s)}")
        else:
            kind, team = what
            own.add(day, Span(kind, start_s, end_s, team, cell))
            for names in self.breaks if kind == "work" else ():
                first = row[names[0]]
                between = first._replace(text=" - ".join(row[name].text for name in names).strip(" -"))
                for at in self._ranges(between, start_s):
                    own.add(day, Span("break", *at, None, first))

    def _end(self, cell: Cell, day: Day, start_s: float, ends: Moment | None) -> float | None:
        """Return the end, the next day's where it is before the beginning; None where there is none."""
        if ends is None:
            stamp = stamp_of(cell.text)
            end_s = None if stamp is None else stamp.ends_s
        else:
            end_s = ends.clock_s
            if end_s is not None and ends.day is not None and isinstance(day, date):
                return end_s + (ends.day - day).days * DAY_S
        return end_s + DAY_S if end_s is not None and end_s < start_s < DAY_S else end_s

    def _ranges(self, cell: Cell, after_s: float) -> list[tuple[float, float]]:
        """Return the breaks of a cell, those before the beginning of their shift on the next day."""
        found = []
        for text in filter(None, (part.strip() for part in re.split(r"[;,+]|\band\b", cell.text))):
            stamp = stamp_of(with_colons(text))
            if stamp is None or stamp.clock_s is None or stamp.ends_s is None:
                self.table.note(cell, f"{quoted(text)} is no time of a break; write 12:00-12:30")
                continue
            at = stamp.clock_s + (DAY_S if stamp.clock_s < after_s else 0.0)
            found.append((at, at + ((stamp.ends_s - stamp.clock_s) % DAY_S or DAY_S)))
        return found

    def _check_run(self, people: Iterable[Duties]) -> None:
        """Note days that nothing ties to the run, and tell how many rows of work are not in it."""
        opens, lasts = self.around.opens, self.around.lasts or 0.0
        if opens is None:
            tied = [cell for own in people for day, cell in own.cells if day is not None]
            for cell in tied[:1]:
                self.table.note(cell, "this row is of a day, but the scenario does not say when it opens")
            return
        begins_s = opens.date().toordinal() * DAY_S + self.around.opens_at
        work = [one for own in people for one in own.spans.get("dates", ()) if one.kind == "work"]
        outside = [one for one in work if one.end_s <= begins_s or one.start_s >= begins_s + lasts]
        by_dates = all(isinstance(day, date) for own in people for day, _ in own.cells)
        if outside and by_dates and len(outside) == len(work):
            _, last = days_of(self.around.opens_at, lasts)
            days = f"{opens.date()}" + (f" to {opens.date() + timedelta(days=last)}" if last else "")
            self.table.note(outside[0].cell, f"no row is of the run, {days}")
        elif outside:
            self.table.readings.append(f"{_counted(len(outside), 'row')} outside the run left out")


def _pairs(table: CsvTable, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the columns of breaks, two together where one has their beginnings and the next their ends."""
    left, found = list(names), []
    while left:
        both = len(left) > 1 and all(_are_moments(table, name) for name in left[:2])
        found.append(tuple(left[: 2 if both else 1]))
        del left[: len(found[-1])]
    return found


def _are_moments(table: CsvTable, name: str) -> bool:
    stamps = [stamp_of(row[name].text) for row in table.rows if row[name].text]
    return bool(stamps) and all(
        one is not None and one.clock_s is not None and one.ends_s is None for one in stamps
    )


def _impossible(start_s: float, end_s: float) -> str:
    """Describe why a row cannot be worked from one instant to the other, and what may be meant."""
    if end_s > start_s:
        return "lasts more than 24 hours"
    if start_s < DAY_S:
        return "does not end after it begins"
    meant = clock_text(end_s % DAY_S + DAY_S)
    return (
        f"does not end after it begins: {clock_text(start_s)} is {clock_text(start_s - DAY_S)} of the day after; "
        f"write the end as {meant}"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("s" if number != 1 else "")


def _plain(text: str) -> str:
    """Write a name as one that a scenario can hold, so that `Sales & Service` finds `Sales Service`."""
    return " ".join(re.sub(r"[^\w -]+", " ", text).split()).lower()
