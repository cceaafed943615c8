"""What a calendar says of its dates, in the second simulation: the clock, opening hours, and what holds on a day."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sim.scenario import Scenario
from twin.stays import DAY_S

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOLLOWING = 30
"""Days after the last date on which a run may go on."""


# Which of several rules holds on a date.


def distance(rule: str, day: date) -> int | None:
    """R12.8: 0 of the date itself, 1 of its weekday, the length of a range that has it; None of other days."""
    if rule[0].isdigit():
        return 0 if rule == day.isoformat() else None
    first, _, last = rule.partition("-")
    begins, ends = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    length = (ends - begins) % 7 + 1
    return length if (day.weekday() - begins) % 7 < length else None


def nearest(rules: Iterable[str], day: date) -> str | None:
    near = {rule: found for rule in rules if (found := distance(rule, day)) is not None}
    return min(near, key=lambda rule: near[rule]) if near else None


def those_of(things: Sequence[Any], day: date) -> list[Any]:
    """R12.9: shifts or breaks of the date itself, where there are none of its weekday, and else all others."""
    near = [9 if one.days is None else distance(one.days, day) for one in things]
    for closest in ({0}, {1}, set(range(2, 10))):
        if found := [one for one, far in zip(things, near, strict=True) if far in closest]:
            return found
    return []


# The clock.


@lru_cache(maxsize=4096)
def stamp(day: date, clock_s: float, zone: str | None) -> float:
    """R12.10: when the clock of a date first shows a time, or goes over it, in seconds that have gone by."""
    days, clock_s = divmod(clock_s, DAY_S)
    shown = datetime.combine(day + timedelta(days=days), time()) + timedelta(seconds=clock_s)
    if zone is None:
        return shown.replace(tzinfo=UTC).timestamp()
    there = ZoneInfo(zone)
    at = shown.replace(tzinfo=there).timestamp()

    def clock(when: float) -> datetime:
        return datetime.fromtimestamp(when, there).replace(tzinfo=None)

    if clock(at) == shown:
        return at
    before, after = int(at) - 7200, int(at)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if clock(middle) < shown else (before, middle)
    return float(after)


class Dates:
    """The dates of a scenario's calendar; instants are seconds from the midnight of the first."""

    def __init__(self, scenario: Scenario) -> None:
        assert scenario.calendar is not None
        self.scenario, self.calendar = scenario, scenario.calendar
        first = self.calendar.from_
        self.all = [first + timedelta(days=n) for n in range(self.calendar.days)]
        self.open = [day for day in self.all if self.is_open(day)]

    def instant(self, day: date, clock_s: float) -> float:
        zone = self.calendar.time_zone
        return stamp(day, clock_s, zone) - stamp(self.calendar.from_, 0.0, zone)

    def midnight(self, day: date) -> float:
        return self.instant(day, 0.0)

    def next_midnight(self, now: float) -> float:
        day = self.calendar.from_ + timedelta(days=now // DAY_S - 1)
        while self.midnight(day) <= now:
            day += timedelta(days=1)
        return self.midnight(day)

    # Opening hours

    def hours(self, queue: str | None, day: date) -> tuple[float, float] | None:
        """When a queue opens and closes by the clock of a date, the centre's hours without one; None: closed."""
        own = None if queue is None else self.scenario.queues[queue].open
        rules = self.calendar.open if own is None else own
        rule = nearest(rules, day)
        if rule is None or rules[rule] is None:
            return None
        is_holiday = bool(self.calendar.holiday_on(day))
        return None if is_holiday and rule != day.isoformat() else tuple(rules[rule])  # type: ignore

    def is_open(self, day: date) -> bool:
        return any(self.hours(queue, day) for queue in self.scenario.queues)

    def opens(self, day: date) -> float:
        """When the first queue opens on an open date, by its clock."""
        return min(found[0] for queue in self.scenario.queues if (found := self.hours(queue, day)))

    def closes(self, day: date) -> float:
        return max(found[1] for queue in self.scenario.queues if (found := self.hours(queue, day)))

    # Dates that hang together

    @property
    def hang_together(self) -> bool:
        """R12.13: a queue carries over, or hours or a shift go on over midnight."""
        queues = self.scenario.queues.values()
        rules = [self.calendar.open, *(queue.open for queue in queues if queue.open is not None)]
        if any(queue.carry_over for queue in queues):
            return True
        if any(one is not None and one[1] > DAY_S for rule in rules for one in rule.values()):
            return True
        if any(self._goes_on(queue) for queue in (None, *self.scenario.queues)):
            return True
        shifts = [shift.to for team in self.scenario.teams.values() for shift in team.shifts]
        return any(end > DAY_S for end in (*shifts, *self._ends_of_persons()))

    def _goes_on(self, queue: str | None) -> bool:
        both = ((self.hours(queue, day), self.hours(queue, then)) for day, then in pairwise(self.all))
        return any(one and then and one[1] == DAY_S and then[0] == 0 for one, then in both)

    def _ends_of_persons(self) -> Iterable[float]:
        for team in self.scenario.teams.values():
            for member in team.members:
                for rostered, _ in member.sources:
                    yield from (duty.end_s for duties in rostered.duties.values() for duty in duties)

    def before(self) -> list[date]:
        """The date before the first, where it is open."""
        day = self.calendar.from_ - timedelta(days=1)
        return [day] if self.is_open(day) else []

    def following(self) -> list[date]:
        """The open ones of the dates that come after the last."""
        days = (self.all[-1] + timedelta(days=n) for n in range(1, FOLLOWING + 1))
        return [day for day in days if self.is_open(day)]
