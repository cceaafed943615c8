"""Numbers from text and back: durations, shares, clock times, moments, counts, rates. The one place that reads them.

Durations become float seconds, shares floats (0.35), clock times seconds since midnight, switches bool.
Every reader raises ValueError with the value, and with what is allowed; none gives NaN or infinity.
"""

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Any, NamedTuple

from sim.errors import quoted

LONGEST_S = 36_500 * 86_400.0
LONGEST_TEXT = 400
"""Characters of a number: the smallest float takes fewer, and Python reads long ones in quadratic time."""
YEARS = range(1900, 2201)
EXACT = Context(prec=28)
"""How decimals are reckoned, whatever the program around has set for its own."""
SECONDS_OF = {"s": 1, "m": 60, "h": 3600, "d": 86400}
RATE_UNITS = {"s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
DURATION_PATTERN = r"^(\d+(\.\d+)?|\.\d+)\s*[smhd]?$"
SHARE_PATTERN = r"^(\d+(\.\d+)?|\.\d+)\s*%?$"
QUANTITY_PATTERN = r"^(\d+(\.\d+)?|\.\d+)\s*[%smhd]?$"
CLOCK_PATTERN = r"^\d{1,3}:[0-5]\d(:[0-5]\d)?$"

_DURATION = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*([smhd]?)", re.ASCII)
_SHARE = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(%?)", re.ASCII)
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?", re.ASCII | re.IGNORECASE)


def is_number(value: object) -> bool:
    """Return whether a value is a finite number; a switch is none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) <= MOST if isinstance(value, int) else math.isfinite(value)


def decimal(text: str) -> float:
    """Read the text of a decimal number, such as a cell of a table: 12, 0.5, 1e3. Raises ValueError."""
    found = float(text) if len(text) <= LONGEST_TEXT and _DECIMAL.fullmatch(text.strip()) else math.nan
    if not math.isfinite(found):
        raise ValueError(f"{quoted(text)} is not a number{too_long(text)}")
    return found


def integer(text: str) -> int:
    """Read the text of a whole number as YAML writes it: 12, 1_000, 0x1f, 0o17, 0b1. Raises ValueError."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{quoted(text)} is not a whole number{too_long(text)}")
    return int(text.replace("_", ""), 0 if re.match(r"[-+]?0[xob]", text) else 10)


def too_long(text: object) -> str:
    """Return the words that say how long the text of a number may be, where it is longer."""
    is_long = isinstance(text, str) and len(text) > LONGEST_TEXT
    return f" of at most {LONGEST_TEXT} characters" if is_long else ""


def _matched(pattern: re.Pattern[str], value: Any) -> "re.Match[str] | None":
    return pattern.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= LONGEST_TEXT else None


def rate(text: str) -> float:
    """Read contacts a second from 100/h, 2/min, 100/30min, 800/d or 100 (an hour). Raises ValueError."""
    number, slash, unit = text.strip().partition("/")
    try:
        found = decimal(number) / _rate_span_s(unit.strip() if slash else "h")
    except (ValueError, KeyError, ZeroDivisionError):
        raise ValueError(f"{quoted(text)} is no rate; write 100/h, 2/min or 0.5/s") from None
    if found <= 0:
        raise ValueError(f"{quoted(text)} must be above 0")
    if found > RANGES["per_hour"].most / 3600:
        raise ValueError(f"{quoted(text)} is too much; at most {RANGES['per_hour']} an hour")
    return found


def _rate_span_s(text: str) -> float:
    """Return the seconds of a unit of time or of a number of them: h, 30min."""
    unit = text.lstrip("0123456789. ")
    count = text[: len(text) - len(unit)].strip()
    return (decimal(count) if count else 1.0) * RATE_UNITS[unit]


def duration(value: Any) -> float:
    """Read a duration as seconds: 90, 90s, 5m, 1.5h, 2d. Raises ValueError."""
    found = _matched(_DURATION, value)
    if found:
        seconds = float(EXACT.multiply(Decimal(found[1]), SECONDS_OF[found[2] or "s"]))
    elif is_number(value) and value >= 0:
        seconds = float(value)
    else:
        raise ValueError(f"{quoted(value)} is not a duration; write 90 (seconds), 90s, 5m, 1.5h or 2d")
    if seconds > LONGEST_S:
        raise ValueError(f"{quoted(value)} is too long; at most {duration_text(LONGEST_S)}")
    return seconds


def duration_text(seconds: float) -> str:
    """Write seconds in the largest unit that keeps them whole; exact in every case."""
    for unit in ("d", "h", "m"):
        if seconds and seconds % SECONDS_OF[unit] == 0:
            return f"{int(seconds / SECONDS_OF[unit])}{unit}"
    return f"{_plain(Decimal(repr(seconds)))}s"


def share(value: Any) -> float:
    """Read a share or a ratio: 0.35 or 35%. Raises ValueError."""
    if is_number(value) and value >= 0:
        return float(value)
    found = _matched(_SHARE, value)
    if not found:
        raise ValueError(f"{quoted(value)} is not a share; write 35% or 0.35")
    read = EXACT.divide(Decimal(found[1]), 100) if found[2] else Decimal(found[1])
    if read > MOST:
        raise ValueError(f"{quoted(value)} is too much for a share; write 35% or 0.35")
    return float(read)


def share_text(value: float) -> str:
    """Write a share in per cent, exact in every case."""
    return f"{_plain(EXACT.multiply(Decimal(repr(value)), 100))}%"


def clock(value: Any) -> float:
    """Read a clock time as seconds since midnight; "26:00" is 02:00 of the next day. Raises ValueError."""
    found = _matched(_CLOCK, value)
    if not found:
        raise ValueError(f'{quoted(value)} is not a clock time; write "08:00" (after midnight "26:00")')
    return float(int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0))


def clock_text(seconds: float) -> str:
    """Write seconds since midnight as a clock time."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{rest:02d}" if rest else "")


def switch(value: Any) -> bool:
    """Read on/off or true/false. Raises ValueError."""
    if isinstance(value, bool):
        return value
    if value in ("on", "off"):
        return bool(value == "on")
    raise ValueError(f"{quoted(value)} is not a switch; write on or off")


def whole(value: Any) -> int:
    """Read a whole number. Raises ValueError."""
    if is_number(value) and value == int(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(f"{quoted(value)} is too much")
    raise ValueError(f"{quoted(value)} is not a whole number{in_quotes(value)}")


def number(value: Any) -> float:
    """Read a plain number. Raises ValueError."""
    if is_number(value):
        return float(value)
    raise ValueError(f"{quoted(value)} is not a number{in_quotes(value)}")


def in_quotes(value: Any) -> str:
    """Return what to do with the text of a number, which is text by its quotation marks."""
    return "; leave out the quotation marks" if _matched(_DECIMAL, value) else ""


def quantity(value: Any) -> float:
    """Read a number, a share (70%) or a duration (4m) in its own unit: 1, 0.7, 240. Raises ValueError."""
    if is_number(value):
        return float(value)
    reader = share if isinstance(value, str) and value.strip().endswith("%") else duration
    try:
        return reader(value)
    except ValueError:
        raise ValueError(f"{quoted(value)} is no number; write 12, 70% or 4m") from None


def moment(value: Any) -> datetime:
    """Read a local date and time of day. Raises ValueError."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return _in_years(value)
    try:
        short = isinstance(value, str) and len(value) <= LONGEST_TEXT
        found = datetime.fromisoformat(_padded(value.strip())) if short else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise ValueError(f"{quoted(value)} is not a local date and time; write one such as 2026-03-02 08:00")
    return _in_years(found)


def _padded(text: str) -> str:
    """Write months, days and hours of one digit, as in 2026-3-2 9:07, with two."""
    return re.sub(r"(?<=[-T ])(\d)(?=[-:T ]|$)", r"0\1", text, flags=re.ASCII)


def calendar_day(value: Any) -> date:
    """Read a date. Raises ValueError."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = value.strip() if isinstance(value, str) and len(value) <= LONGEST_TEXT else ""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(f"{quoted(value)} is not a date; write one such as 2026-03-02")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{quoted(value)} is not in the calendar; write a date such as 2026-03-02") from None
    if found.year not in YEARS:
        raise ValueError(f"{quoted(value)} is not in the years {YEARS[0]} to {YEARS[-1]}")
    return found


def _in_years(found: datetime) -> datetime:
    if found.year not in YEARS:
        raise ValueError(f"{quoted(moment_text(found))} is not in the years {YEARS[0]} to {YEARS[-1]}")
    return found


def moment_text(value: datetime) -> str:
    """Write a date and time as short as it can be without loss."""
    return value.isoformat(" ", "auto" if value.second or value.microsecond else "minutes")


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# How large, or small, the values of a key may be, and why.

MOST = 2**63 - 1
"""No plain number is larger; what a key counts has a bound of its own."""


class Range(NamedTuple):
    """The least and the most that a key may be, the reason, and the unit in which they are written."""

    least: float
    most: float
    why: str
    is_time: bool = False

    def __str__(self) -> str:
        return f"{self.text(self.most)} ({self.why})"

    def text(self, bound: float) -> str:
        """Write a bound as the key's values are written."""
        if self.is_time:
            return duration_text(bound)
        return str(int(bound)) if bound == int(bound) else f"{bound:g}"


YEAR_S = 366 * 86_400.0
RANGES: dict[str, Range] = {
    "agents": Range(0, 100_000, "the largest centres have some ten thousand agents"),
    "max_tasks": Range(0, 1_000, "an agent has a slot for each"),
    "per_hour": Range(0, 1e7, "the busiest centres get some hundred thousand an hour"),
    "whispers_per_minute": Range(0, 60, "one a second is more than is read"),
    "ring_time": Range(1, LONGEST_S, "an offer has to be seen", is_time=True),
    "interval": Range(1, YEAR_S, "tables have one row an interval", is_time=True),
    "lasts": Range(0, YEAR_S, "a run is a year; more of it are replications", is_time=True),
    "sd": Range(0, 3, "the factor is 0 on nearly all days beyond that"),
    "ratio": Range(0, 1_000, "100000% of the usual"),
    "replications": Range(0, 1_000_000, "intervals are narrow long before"),
    "at_most": Range(0, 1_000, "contacts of one customer in one run"),
    "seed": Range(0, 2**63 - 1, "seeds are numbers of 63 bits"),
    "count": Range(0, 10**9, "more than the events of a run"),
    "cost": Range(0, 10**9, "sums stay exact to the cent"),
}


def within(key: str, reader: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a reader that also holds what it reads to the range of a key; 0 and below are left to the field."""
    bounds = RANGES[key]

    def read(value: Any) -> Any:
        found = reader(value)
        if found > bounds.most:
            raise ValueError(f"{quoted(value)} is too much; at most {bounds}")
        if 0 < found < bounds.least:
            raise ValueError(
                f"{quoted(value)} is too little; at least {bounds.text(bounds.least)} ({bounds.why})"
            )
        return found

    return read
