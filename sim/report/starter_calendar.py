"""All days of a forecast as a calendar, beside the one day of the starter."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from sim.scenario.calendar import DAY_S, MOST_DAYS
from sim.scenario.day_rules import WEEKDAYS
from sim.scenario.numbers import clock_text

Span = tuple[float, float]
"""When a day opens and closes, by the clock in seconds."""


def calendar_lines(hours: Mapping[date, Span]) -> list[str]:
    """Return, as comments, the key `calendar` that stands for days with these hours; none for a day alone."""
    first, last = min(hours, default=date.min), max(hours, default=date.min)
    days = (last - first).days + 1
    if days < 2 or days > MOST_DAYS or any(closes > DAY_S for _, closes in hours.values()):
        return []
    usual = _usual(hours)
    own = {day: span for day, span in hours.items() if span != usual[day.weekday()]}
    span = (first + timedelta(days=number) for number in range(days))
    closed = [day for day in span if day not in hours and day.weekday() in usual]
    opened = [f"{name}: {_text(span)}" for name, span in _ranges(usual)]
    opened += [f"{day}: {_text(span)}" for day, span in sorted(own.items())]
    holidays = f", holidays: [{', '.join(map(str, closed))}]" if closed else ""
    return [
        "# All its days, in place of `opens` and `lasts`:",
        f"# calendar: {{from: {first}, days: {days}, open: {{{', '.join(opened)}}}{holidays}}}",
    ]


def _usual(hours: Mapping[date, Span]) -> dict[int, Span]:
    """Return by weekday the hours that most of its days have."""
    return {
        weekday: Counter(span for day, span in hours.items() if day.weekday() == weekday).most_common(1)[0][0]
        for weekday in range(7)
        if any(day.weekday() == weekday for day in hours)
    }


def _ranges(usual: Mapping[int, Span]) -> Iterable[tuple[str, Span]]:
    """Name weekdays that follow each other with the same hours together, as mon-fri."""
    for span, several in groupby(range(7), usual.get):
        weekdays: Sequence[int] = [*several]
        if span is not None:
            names = dict.fromkeys(WEEKDAYS[one] for one in (weekdays[0], weekdays[-1]))
            yield "-".join(names), span


def _text(span: Span) -> str:
    return f'"{clock_text(span[0])}-{clock_text(span[1])}"'
