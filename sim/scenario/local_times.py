"""Times as tables hold them: dates in any order, weekdays, clock times, ranges, offsets; a whole column at once.

What one cell leaves open, as the month of 02/03/2026, the column decides, else the run's own dates; where neither
does the mistake names both readings.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from sim.errors import quoted
from sim.scenario.context import Surroundings
from sim.scenario.csv_files import Cell, CsvTable
from sim.scenario.numbers import YEARS, clock_text, decimal

DAY_S = 86_400.0
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WHAT_TO_WRITE = "write 08:30, 2026-03-02 08:30 or seconds from opening"

_CLOCK = r"""(?:(?P<h>\d{1,3})[:h](?P<m>[0-5]\d)(?::(?P<s>[0-5]\d(?:\.\d{1,6})?))?
              (?:\s*(?P<half>[ap])(?:\.?m\.?)?|\s*uhr)?
            |(?P<h2>\d{1,2})\s*(?:(?P<half2>[ap])(?:\.?m\.?)?|h|uhr))"""
_DATE = r"""(?:(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|(?:19|20|21)\d\d(?:0[1-9]|1[0-2])[0-3]\d)
           |(?P<a2>\d\d)(?P<b2>\d\d)(?P<y4>(?:19|20|21)\d\d)
           |(?P<a>\d{1,2})(?P<dot>[/.-])(?P<b>\d{1,2})(?P=dot)(?P<y>\d{4}|\d{2})
           |(?P<d>\d{1,2})[ -]?(?P<name>[a-z]{3,9})\.?[ ,-]*(?P<y2>\d{4}|\d{2})
           |(?P<name2>[a-z]{3,9})\.?\s+(?P<d2>\d{1,2}),?\s+(?P<y3>\d{4}))"""
_RANGE = re.compile(r"\s*[–—]\s*|\s+(?:-|to)\s+|-", re.IGNORECASE)
_HHMM = re.compile(r"\d{1,2}[0-5]\d|[0-5]?\d", re.ASCII)


@cache
def _stamp() -> "re.Pattern[str]":
    """Return the form of a cell; to compile it takes 6 ms, and most scenarios have no table."""
    return re.compile(
        rf"""(?:(?P<weekday>[a-z]{{3,9}})\.?,?(?=\s|$)\s*)?(?:{_DATE})?(?:(?<=\d)t(?=\d)|,?\s*)
            (?:{_CLOCK}|(?<=\d[\s])(?P<hhmm>[0-2]\d[0-5]\d))?\s*(?P<offset>z|utc|gmt|[+-]\d\d:?\d\d)?""",
        re.IGNORECASE | re.VERBOSE | re.ASCII,
    )


class Stamp(NamedTuple):
    """What a cell says of a time: a date as written, a weekday from 0 (Monday), the clock in seconds, its end.

    `date` is year, month and day; of one that is `doubtful` the last two as they stand, in either order.
    """

    date: tuple[int, int, int] | None = None
    doubtful: bool = False
    weekday: int | None = None
    clock_s: float | None = None
    ends_s: float | None = None
    offset: str = ""


class Moment(NamedTuple):
    """When a row is: on a date, on a weekday or neither, by the clock; or so many seconds from opening."""

    day: date | None = None
    weekday: int | None = None
    clock_s: float | None = None
    seconds: float | None = None


@lru_cache(maxsize=4096)
def stamp_of(text: str) -> Stamp | None:
    """Read one cell, also one of a range `09:00-09:30`; None where it is no time."""
    text = text.strip()
    if not text or len(text) > 80:
        return None
    whole = _one(text)
    if whole is not None:
        return whole
    for found in _RANGE.finditer(text):
        ends = _one(text[found.end() :])
        if ends is None or ends.clock_s is None:
            continue
        begins = _one(text[: found.start()])
        if begins is not None and begins.clock_s is not None:
            return _range(begins, ends, text[: found.start()])
    return None


def _range(begins: Stamp, ends: Stamp, text: str) -> Stamp:
    assert begins.clock_s is not None
    assert ends.clock_s is not None
    clock_s = begins.clock_s
    if not re.search(r"\d\s*[ap]", text, re.IGNORECASE) and clock_s + DAY_S / 2 < ends.clock_s:
        clock_s += DAY_S / 2  # 1:00-1:30 PM
    return begins._replace(clock_s=clock_s, ends_s=ends.clock_s)


def _one(text: str) -> Stamp | None:
    found = _stamp().fullmatch(text.strip())
    if found is None:
        return None
    part = found.groupdict()
    weekday = _index(WEEKDAYS, part["weekday"])
    if part["weekday"] and weekday is None:
        return None
    if (part["offset"] or "").startswith("-") and not re.search(r"\dt\d", text, re.IGNORECASE):
        return None  # 09:00-09:30 is a range
    try:
        written, doubtful = _date(part)
        clock_s = _clock(part)
    except ValueError:
        return None
    if written is None and clock_s is None and weekday is None:
        return None
    return Stamp(written, doubtful, None if written else weekday, clock_s, None, part["offset"] or "")


def _index(names: Sequence[str], given: str | None) -> int | None:
    low = (given or "").lower()
    return next((i for i, one in enumerate(names) if len(low) >= 3 and one.startswith(low)), None)


def _date(part: dict[str, str | None]) -> tuple[tuple[int, int, int] | None, bool]:
    """Return year, month and day, and whether the last two may be the other way round. Raises ValueError."""
    if part["iso"]:
        digits = re.findall(r"\d+", part["iso"])
        if len(digits) == 1:
            digits = [part["iso"][:4], part["iso"][4:6], part["iso"][6:]]
        return _checked(*map(int, digits)), False
    name = part["name"] or part["name2"]
    if name:
        month = _index(MONTHS, name[:3])
        full = next((one for one in _MONTH_NAMES if one.startswith(name.lower())), None)
        if month is None or full is None:
            raise ValueError(name)
        return _checked(_year(part["y2"] or part["y3"]), month + 1, int(part["d"] or part["d2"] or 0)), False
    first, second = part["a"] or part["a2"], part["b"] or part["b2"]
    if first is None or second is None:
        return None, False
    one, two, year = int(first), int(second), _year(part["y"] or part["y4"])
    if part["dot"] == "." or one > 12:
        return _checked(year, two, one), False
    if two > 12:
        return _checked(year, one, two), False
    _checked(year, one, two)
    _checked(year, two, one)
    return (year, one, two), one != two


_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def _year(text: str | None) -> int:
    return int(text or 0) + (2000 if len(text or "") == 2 else 0)


def _checked(year: int, month: int, day: int) -> tuple[int, int, int]:
    if year not in YEARS:
        raise ValueError(f"{year} is not in the years {YEARS[0]} to {YEARS[-1]}")
    date(year, month, day)
    return year, month, day


def _clock(part: dict[str, str | None]) -> float | None:
    if part["hhmm"]:
        return int(part["hhmm"][:2]) * 3600.0 + int(part["hhmm"][2:]) * 60
    if not (part["h"] or part["h2"]):
        return None
    hours, half = int(part["h"] or part["h2"] or 0), (part["half"] or part["half2"] or "").lower()
    if half:
        if not 1 <= hours <= 12:
            raise ValueError("there is no such hour before or after noon")
        hours = hours % 12 + (12 if half == "p" else 0)
    return hours * 3600.0 + int(part["m"] or 0) * 60 + float(part["s"] or 0)


_HOURS = re.compile(r"(hour|stunde|heure|hora|uur)( of( the)? day)?", re.IGNORECASE)


def are_hours(header: str, texts: Sequence[str]) -> bool:
    """Return whether whole numbers below a header such as `hour` are hours of the day, and no seconds from opening."""
    return bool(_HOURS.fullmatch(header)) and all(
        len(text) <= 2 and text.isdecimal() and text.isascii() and int(text) < 24 for text in texts
    )


# A column of times.


@dataclass(slots=True)
class Column:
    """The times of a table's rows, read together.

    `days` are the cells of a column of days beside `cells`; `day_first` is what the scenario says of 02/03/2026.
    """

    table: CsvTable
    cells: Sequence[Cell]
    days: Sequence[Cell] | None
    around: Surroundings
    day_first: bool | None = None

    def moments(self) -> list[Moment | None]:
        """Read all cells; None and a mistake in the table for each that is no time."""
        numbers = self._numbers()
        stamps = [None if numbers else self._stamp(cell) for cell in self.cells]
        if self.days is not None:
            days = [self._stamp(cell) for cell in self.days]
            if numbers is None or not any(moment.seconds is not None for moment in numbers):
                return self._beside(stamps, days, numbers)
            self.table.note(self.cells[0], f"{quoted(self.cells[0].text)} is no clock time beside a day")
            return [None] * len(self.cells)
        if numbers is not None:
            return [*numbers]
        self._tell_offsets(stamps)
        day_first = self._is_day_first(stamps, self.cells)
        return [self._moment(stamp, day_first) for stamp in stamps]

    def lengths(self) -> set[float]:
        """Return how long the ranges are that the cells give, in seconds."""
        stamps = filter(None, (stamp_of(cell.text) for cell in self.cells))
        return {
            (one.ends_s - one.clock_s) % DAY_S
            for one in stamps
            if one.ends_s is not None and one.clock_s is not None
        }

    def _stamp(self, cell: Cell) -> Stamp | None:
        found = stamp_of(cell.text)
        if found is None:
            what = f"{quoted(cell.text)} is not a time; {WHAT_TO_WRITE}" if cell.text else "the cell is empty"
            self.table.note(cell, what)
        return found

    def _beside(
        self, stamps: list[Stamp | None], days: list[Stamp | None], numbers: list[Moment] | None
    ) -> list[Moment | None]:
        assert self.days is not None
        day_first = self._is_day_first(days, self.days)
        self._tell_offsets(stamps)
        found: list[Moment | None] = []
        for i, day in enumerate(days):
            stamp = stamps[i]
            clock_s = numbers[i].clock_s if numbers is not None else stamp.clock_s if stamp else None
            of_day = self._moment(day, day_first)
            if of_day is None or clock_s is None:
                found.append(None)
            else:
                found.append(Moment(of_day.day, of_day.weekday, clock_s))
        return found

    def _moment(self, stamp: Stamp | None, day_first: bool) -> Moment | None:
        if stamp is None:
            return None
        return Moment(
            _as_date(stamp, day_first), stamp.weekday, 0.0 if stamp.clock_s is None else stamp.clock_s
        )

    def _tell_offsets(self, stamps: Sequence[Stamp | None]) -> None:
        offsets = sorted({one.offset for one in stamps if one is not None and one.offset})
        if offsets:
            self.table.readings.append(
                f"times by the clock they show, offset {' and '.join(offsets)} left out"
            )

    # Numbers: seconds from opening, or the clock as 0900.

    def _numbers(self) -> list[Moment] | None:
        """Return the moments of a column of plain numbers; None where it is none."""
        texts = [cell.text for cell in self.cells]
        if any(":" in text or not text for text in texts):
            return None
        if self.cells and are_hours(self.cells[0].header, texts):
            self.table.readings.append(f"{quoted(texts[0])} as {clock_text(int(texts[0]) * 3600.0)}")
            return [Moment(clock_s=int(text) * 3600.0) for text in texts]
        try:
            read = {text: decimal(text) for text in dict.fromkeys(texts)}
        except ValueError:
            return None
        seconds = [read[text] for text in texts]
        if all(_HHMM.fullmatch(text) for text in read) and self._is_hhmm(texts, seconds):
            self.table.readings.append(f"{quoted(texts[0])} as {clock_text(_of_hhmm(texts[0]))}")
            return [Moment(clock_s=_of_hhmm(text)) for text in texts]
        if self.days is None and 2 * sum(len(text) > 7 and stamp_of(text) is not None for text in read) > len(
            read
        ):
            return None
        return [Moment(seconds=one) for one in seconds]

    def _is_hhmm(self, texts: Sequence[str], seconds: Sequence[float]) -> bool:
        """Return whether 0900 is a clock time: seconds from opening begin at 0 and keep to whole minutes."""
        if any(int(text[:-2] or 0) > 24 for text in texts):
            return False
        if self.days is not None or any(len(text) == 4 and text[0] == "0" for text in texts):
            return True
        return 0 not in seconds or any(one % 60 for one in seconds)

    # The order of day and month.

    def _is_day_first(self, stamps: Sequence[Stamp | None], cells: Sequence[Cell]) -> bool:
        doubtful = [
            (cell, one) for cell, one in zip(cells, stamps, strict=True) if one is not None and one.doubtful
        ]
        if not doubtful:
            return True
        if self.day_first is not None:
            return self.day_first
        cell, first = doubtful[0]
        found = self._by_others(cells) or self._by_run(stamps) or self._by_neighbours(stamps)
        if found is None:
            what = f"{_long(first, True)} or {_long(first, False)}"
            self.table.ask(cell, what, "dates", "day_first", "month_first")
            return True
        day_first, why = found
        self.table.readings.append(f"{quoted(cell.text)} as {_long(first, day_first)}, {why}")
        return day_first

    def _by_others(self, cells: Sequence[Cell]) -> tuple[bool, str] | None:
        """Look for a date in which one of the numbers can be no month."""
        for cell in cells:
            found = re.search(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d{2})(?!\d)", cell.text)
            found = found or re.match(r"(\d\d)(\d\d)(?:19|20|21)\d\d(?!\d)", cell.text)
            if found and (int(found[1]) > 12 or int(found[2]) > 12):
                return int(found[1]) > 12, f"as {quoted(cell.text)} shows"
        return None

    def _by_run(self, stamps: Sequence[Stamp | None]) -> tuple[bool, str] | None:
        """Look which reading has dates of the run."""
        opens, lasts = self.around.opens, self.around.lasts
        if opens is None or lasts is None:
            return None
        days = {
            opens.date() + timedelta(days=i)
            for i in range(int((self.around.opens_at + lasts - 1) // DAY_S) + 1)
        }
        fits = [any(_as_date(one, way) in days for one in stamps if one is not None) for way in (True, False)]
        return (fits[0], "a day of the run") if fits[0] != fits[1] else None

    def _by_neighbours(self, stamps: Sequence[Stamp | None]) -> tuple[bool, str] | None:
        """Look which reading has days one after the other."""
        both = [
            sorted({day for one in stamps if one and (day := _as_date(one, way))}) for way in (True, False)
        ]
        runs = [len(days) > 1 and (days[-1] - days[0]).days < 2 * len(days) for days in both]
        return (runs[0], "the days follow each other then") if runs[0] != runs[1] else None


def _as_date(stamp: Stamp, day_first: bool) -> date | None:
    if stamp.date is None:
        return None
    year, one, two = stamp.date
    return date(year, two, one) if stamp.doubtful and day_first else date(year, one, two)


def _long(stamp: Stamp, day_first: bool) -> str:
    day = _as_date(stamp, day_first)
    assert day is not None
    return f"{day.day} {_MONTH_NAMES[day.month - 1].capitalize()} {day.year}"


def _of_hhmm(text: str) -> float:
    return int(text[:-2] or 0) * 3600.0 + int(text[-2:]) * 60
