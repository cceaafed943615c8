"""The calendar of a run: its dates, opening hours, holidays and clock changes."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    field_validator,
)
from typing_extensions import TypeAliasType

from sim.errors import did_you_mean, quoted
from sim.scenario.context import Finding, several
from sim.scenario.day_rules import ByDay, rule_for
from sim.scenario.fields import Day, Part, ReadOnlyDict
from sim.scenario.numbers import LONGEST_TEXT, calendar_day, clock, clock_text, whole

DAY_S = 86_400.0
MOST_DAYS = 366

# Opening hours.

HOURS_PATTERN = r"^(\d{1,2}:\d{2} ?- ?\d{1,2}:\d{2}|closed)$"


class Hours(NamedTuple):
    """When a day opens and closes, in seconds since midnight by the clock; beyond 24 h on the next day."""

    opens: float
    closes: float

    def __str__(self) -> str:
        return f"{clock_text(self.opens)}-{clock_text(self.closes)}"


def hours(given: Any) -> Hours | None:
    """Read opening hours such as "08:00-20:00"; None for `closed`. Raises ValueError."""
    if given is None or given == "closed" or isinstance(given, Hours):
        return given if isinstance(given, Hours) else None
    first, mark, last = (
        given.partition("-") if isinstance(given, str) and len(given) <= LONGEST_TEXT else ("",) * 3
    )
    if not mark:
        raise ValueError(f'{quoted(given)} is no opening time; write "08:00-20:00" or closed')
    found = Hours(clock(first.strip()), clock(last.strip()))
    if not found.opens < found.closes <= found.opens + DAY_S or found.opens >= DAY_S:
        raise ValueError(
            f"{quoted(given)} does not close after it opens; after midnight write 26:00 for 02:00"
        )
    return found


OpeningTimes = TypeAliasType(
    "OpeningTimes",
    Annotated[
        Hours | None,
        PlainValidator(hours),
        PlainSerializer(lambda found: "closed" if found is None else str(found), when_used="json"),
        WithJsonSchema({"type": "string", "pattern": HOURS_PATTERN}),
    ],
)


def _every_day(given: Any) -> Any:
    return {"mon-sun": given} if isinstance(given, str) else given


class _OrOne:
    """Describes opening hours that may be given once for every day."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return {"anyOf": [{"type": "string", "pattern": HOURS_PATTERN}, handler(schema)]}


Open = Annotated[ByDay[OpeningTimes], BeforeValidator(_every_day), _OrOne()]
"""Opening hours by day; a day without is closed."""


# Holidays.


def _holidays(given: Any) -> tuple[date, ...] | str:
    if isinstance(given, list | tuple):
        return tuple(sorted({calendar_day(one) for one in given}))
    if isinstance(given, str) and re.fullmatch(r"[A-Z]{2}(-[A-Za-z0-9]{1,4})?", given):
        public_holidays(given, 2026)
        return given
    raise ValueError(f"{quoted(given)} is neither a list of dates nor a country such as DE or US-NY")


@lru_cache(maxsize=64)
def public_holidays(code: str, year: int) -> Mapping[date, str]:
    """Return the public holidays of a country, or of a part of it such as DE-BY, by the library `holidays`.

    Raises ValueError where it is not installed or knows no such country.
    """
    try:
        import holidays
    except ImportError:
        raise ValueError(
            f"the holidays of {quoted(code)} need the package holidays, which is not installed: "
            "pip install 'contact-routing-sim[calendar]'; or write their dates as a list"
        ) from None
    country, _, part = code.partition("-")
    known = holidays.list_supported_countries()
    if country not in known:
        raise ValueError(f"no country {quoted(country)}; {did_you_mean(country, sorted(known))}")
    if part and part not in known[country]:
        raise ValueError(
            f"{country} has no part {quoted(part)}; {did_you_mean(part, sorted(known[country]))}"
        )
    return ReadOnlyDict(holidays.country_holidays(country, subdiv=part or None, years=year))


Holidays = Annotated[
    tuple[date, ...] | str,
    PlainValidator(_holidays),
    PlainSerializer(
        lambda found: found if isinstance(found, str) else [one.isoformat() for one in found],
        when_used="json",
    ),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "string"}},
                {"type": "string", "pattern": r"^[A-Z]{2}(-[A-Za-z0-9]{1,4})?$"},
            ]
        }
    ),
]


# Clock changes.


def _zone(given: Any) -> str:
    try:
        if not isinstance(given, str) or len(given) > LONGEST_TEXT:
            raise ValueError
        return str(ZoneInfo(given))
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{quoted(given)} is no time zone; write one such as Europe/Berlin") from None


class Stretch(NamedTuple):
    """A part of a day without a change of its clock, in seconds from its midnight; the clock shows `shift` more."""

    start: float
    end: float
    shift: float


@lru_cache(maxsize=4096)
def stretches(day: date, time_zone: str | None) -> tuple[Stretch, ...]:
    """Return a day's stretches: one of 24 hours, or two where the clock is changed."""
    if time_zone is None:
        return (Stretch(0.0, DAY_S, 0.0),)
    zone = ZoneInfo(time_zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    begins, ends = midnight.timestamp(), (midnight + timedelta(days=1)).timestamp()

    def offset(at: float) -> float:
        found = datetime.fromtimestamp(at, zone).utcoffset()
        return 0.0 if found is None else found.total_seconds()

    shift = offset(ends) - offset(begins)
    if not shift:  # the clock may have gone forward at midnight itself
        skipped = datetime.fromtimestamp(begins, zone).replace(tzinfo=None) - midnight.replace(tzinfo=None)
        return (Stretch(0.0, ends - begins, skipped.total_seconds()),)
    before, after = int(begins), int(ends)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if offset(middle) == offset(begins) else (before, middle)
    return Stretch(0.0, after - begins, 0.0), Stretch(after - begins, ends - begins, shift)


# The calendar.


class Calendar(Part):
    """The dates of a run, in place of `opens` and `lasts`; t = 0 is midnight of the first."""

    from_: Day = Field(alias="from", description="First day, a date such as 2026-03-02.")
    days: Annotated[
        int,
        BeforeValidator(whole),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_DAYS}),
    ] = Field(default=7, description="Number of days; default 7.")
    time_zone: Annotated[str, BeforeValidator(_zone)] | None = Field(
        default=None,
        description="Time zone whose clock changes make days of 23 and 25 hours, such as Europe/Berlin; default: none.",
    )
    open: Open = Field(
        description='Opening hours by date, weekday or range of weekdays, such as {mon-fri: "08:00-20:00"}; the '
        "nearest one holds, a day without is closed."
    )
    holidays: Holidays = Field(
        default=(),
        description="Closed days: a list of dates, or a country code such as DE or US-NY (extra `calendar`); hours "
        "that `open` gives for the date itself hold all the same; default: none.",
    )

    @field_validator("days")
    @classmethod
    def _few(cls, days: int) -> int:
        if not 1 <= days <= MOST_DAYS:
            raise ValueError(f"{days} days are outside 1 to {MOST_DAYS}; more of them are replications")
        return days

    @property
    def dates(self) -> tuple[date, ...]:
        """All its dates, closed ones included."""
        return tuple(self.from_ + timedelta(days=number) for number in range(self.days))

    def holiday_on(self, day: date) -> str:
        """Return the name of the holiday on a date, the date itself where it has none; empty where there is none."""
        if isinstance(self.holidays, str):
            return public_holidays(self.holidays, day.year).get(day, "")
        return day.isoformat() if day in self.holidays else ""

    def hours_on(self, day: date, own: Mapping[str, Hours | None] | None = None) -> Hours | None:
        """Return the opening hours of a date, of the centre or of a queue with hours of its `own`; None: closed."""
        rules = self.open if own is None else own
        found = rule_for(rules, day)
        if found is None or (found != day.isoformat() and self.holiday_on(day)):
            return None
        return rules[found]

    def hours_on_workday(self, day: date) -> Hours | None:
        """Return the opening hours that a date would have if it were no holiday; None: closed."""
        found = rule_for(self.open, day)
        return None if found is None else self.open[found]

    def is_open(self, start: float, end: float) -> bool:
        """Return whether it is open between two instants, in seconds by the clock from its first midnight."""
        for number in range(int(start // DAY_S) - 1, int(end // DAY_S) + 1):
            day, midnight = self.from_ + timedelta(days=number), number * DAY_S
            found = self.hours_on(day)
            if found is not None:
                first, last = max(found.opens, start - midnight), min(found.closes, end - midnight)
                if any(self.spans(day, first, last)):  # the clock may skip the hour
                    return True
        return False

    def midnight_s(self, day: date) -> float:
        """Return when a date begins, in seconds from the midnight of the first one."""
        before = (day - self.from_).days
        if before < 0:
            return -sum(self.length_s(day + timedelta(days=n)) for n in range(-before))
        return sum(self.length_s(self.from_ + timedelta(days=n)) for n in range(before))

    def length_s(self, day: date) -> float:
        """Return how long a date is, in seconds."""
        return stretches(day, self.time_zone)[-1].end

    def spans(self, day: date, start: float, end: float) -> Iterator[tuple[float, float]]:
        """Return when the clock of a date shows times from `start` to `end`, in seconds from its midnight.

        It is nothing where the clock skips them, and twice where it goes through them twice; beyond 24 h it is the
        next day.
        """
        for one in stretches(day, self.time_zone):
            first, last = max(start, one.start + one.shift), min(end, one.end + one.shift)
            if first < last:
                yield first - one.shift, last - one.shift
        if end > DAY_S:
            length, tomorrow = self.length_s(day), day + timedelta(days=1)
            for first, last in self.spans(tomorrow, max(start - DAY_S, 0.0), end - DAY_S):
                yield length + first, length + last

    def instant(self, day: date, clock_s: float) -> float:
        """Return when the clock of a date first shows a time, or has gone past it, in seconds from its midnight."""
        if clock_s >= DAY_S:
            return self.length_s(day) + self.instant(day + timedelta(days=1), clock_s - DAY_S)
        found = stretches(day, self.time_zone)
        one = next((part for part in found if clock_s < part.end + part.shift), found[-1])
        return max(clock_s - one.shift, one.start)


def calendar_of(given: Any) -> Calendar | None:
    """Return the calendar of a scenario as it stands in the file; None where it makes no sense."""
    if isinstance(given, Calendar):
        return given
    try:
        return Calendar.model_validate(given, by_alias=True, by_name=False)
    except ValueError:
        return None


def run_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a scenario with when its calendar begins, and how long it is.

    Raises PydanticCustomError where that is given, too.
    """
    found = [
        Finding((key,), f"{key} does not go with calendar, which says it by `{instead}`", is_key=True)
        for key, instead in (("opens", "from"), ("lasts", "days"))
        if given.get(key) is not None
    ]
    if found:
        raise several(found)
    calendar = calendar_of(given["calendar"])
    if calendar is None:  # told where its key is read
        return {**given, "lasts": DAY_S}
    lasts = sum(map(calendar.length_s, calendar.dates))
    return {**given, "opens": datetime.combine(calendar.from_, time()), "lasts": lasts}
