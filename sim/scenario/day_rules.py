"""Rules by date, by weekday or by range of weekdays: which one holds on a date, the nearest one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from annotated_types import MinLen
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from typing_extensions import TypeAliasType

from sim.errors import quoted
from sim.scenario.fields import ByName, ReadOnlyDict
from sim.scenario.numbers import calendar_day

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SELECTOR_PATTERN = r"^(\d{4}-\d{2}-\d{2}|(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?)$"
_RANGE = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?")


def selector(given: Any) -> str:
    """Read which days a rule is for: a date, a weekday as `mon`, or a range as `mon-fri`. Raises ValueError."""
    if isinstance(given, date) or (isinstance(given, str) and given[:4].isdigit()):
        return calendar_day(given).isoformat()
    found = _RANGE.fullmatch(given.strip().lower()) if isinstance(given, str) and len(given) <= 7 else None
    if found is None or not {one for one in found.groups() if one} <= {*WEEKDAYS}:
        raise ValueError(
            f"{quoted(given)} is neither a weekday such as mon, nor a range such as mon-fri, nor a date such as "
            "2026-03-02"
        )
    return found[0]


def weekdays_of(days: str) -> tuple[int, ...]:
    """Return the weekdays of a rule, from 0 (Monday); those of a range over the weekend too, none of a date."""
    if days[:4].isdigit():
        return ()
    first, _, last = days.partition("-")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return tuple((start + number) % 7 for number in range((end - start) % 7 + 1))


def distance(days: str, day: date) -> int | None:
    """Return how near a rule is to a date: 0 its own, 1 its weekday, more a range of so many; None: for other days."""
    if days[:4].isdigit():
        return 0 if days == day.isoformat() else None
    wanted = weekdays_of(days)
    return len(wanted) if day.weekday() in wanted else None


def rule_for(rules: Iterable[str], day: date) -> str | None:
    """Return the rule that holds on a date: its own, else that of its weekday, else that of the shortest range."""
    near = [(found, one) for one in rules if (found := distance(one, day)) is not None]
    return min(near)[1] if near else None


def holding(rules: Sequence[str | None], day: date) -> tuple[int, ...]:
    """Return which of several things hold on a date: those of the date itself, else of its weekday, else all others.

    What is given without days is for every day, as a range is.
    """
    near = [
        (min(found, 2), at)
        for at, one in enumerate(rules)
        if (found := 2 if one is None else distance(one, day)) is not None
    ]
    least = min((found for found, _ in near), default=0)
    return tuple(at for found, at in near if found == least)


def _apart(rules: Mapping[str, "V"]) -> Mapping[str, "V"]:
    """Refuse two ranges of the same length of which neither is nearer to a day of both."""
    known = list(rules)
    for number, one in enumerate(known):
        for other in known[:number]:
            same = {*weekdays_of(one)} & {*weekdays_of(other)}
            if same and len(weekdays_of(one)) == len(weekdays_of(other)):
                day = WEEKDAYS[min(same)]
                raise ValueError(f"{other} and {one} both hold on {day}; write one for {day} alone")
    return ReadOnlyDict(rules)


Days = TypeAliasType(
    "Days",
    Annotated[
        str, BeforeValidator(selector), WithJsonSchema({"type": "string", "pattern": SELECTOR_PATTERN})
    ],
)
"""A date, a weekday or a range of weekdays."""

V = TypeVar("V")
ByDay = Annotated[Mapping[Days, V], MinLen(1), AfterValidator(_apart), ByName()]
"""What holds by date, weekday or range of weekdays: the nearest one does."""
