"""Changes between two days with the same customers: the first event, the customers hit, the keys."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import numpy as np

from sim.errors import quoted
from sim.experiments.paired import FELT_S, SERVED
from sim.experiments.variants import changes
from sim.gate.candidate import Day, Trace
from sim.gate.probe import Row
from sim.scenario import Scenario
from sim.scenario.wall_clock import WallClock

HARDEST = 2
"""Customers whose stories are shown."""


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """The first event that differs, by its number from 1, as it was and as it is now; None where there is none.

    Where the day before is known by its marks only, `upto` is the last number it can have, and the events
    are unknown. `at` is in seconds by the clock from what it shows at t = 0.
    """

    number: int
    upto: int
    at: float
    before: Row | None
    after: Row | None

    @property
    def known(self) -> bool:
        """Whether the event itself is known, not only the stretch that it lies in."""
        return self.before is not None or self.number == self.upto


@dataclass(frozen=True, slots=True)
class CustomerDay:
    """A customer's outcome on one day over all their contacts: wait in seconds, the last contact's outcome.

    `events` are those of the contact with the longest wait.
    """

    conversation: int
    wait: float
    outcome: str
    events: tuple[Row, ...]

    @property
    def served(self) -> bool:
        """Whether they were served to the end at last."""
        return self.outcome in SERVED


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """A customer who fares worse than before."""

    customer: int
    before: CustomerDay
    after: CustomerDay


@dataclass(frozen=True, slots=True)
class CustomerEffect:
    """How many customers of a day fare better and worse than before, and those hit hardest."""

    customers: int
    better: int
    worse: int
    hardest: tuple[CustomerChange, ...]


def differing(
    before: Day | None, trace: Trace, after: Day, clock: WallClock
) -> tuple[FirstDifference | None, CustomerEffect | None]:
    """Return the first event that differs from a trace and its day, and whom that hits where the day is known.

    Instants of events are those that the clock shows.
    """
    if before is None:
        first = first_stretch(trace, after)
        return first and replace(first, at=float(clock.shown(first.at))), None
    was, now = _by_the_clock(before, clock), _by_the_clock(after, clock)
    return first_difference(was, now), customer_changes(was, now)


def _by_the_clock(day: Day, clock: WallClock) -> Day:
    times = clock.shown(np.array([event[1] for event in day.events], dtype=np.float64)).tolist()
    shown = [(event[0], at, *event[2:]) for event, at in zip(day.events, times, strict=True)]
    return Day(shown, day.contacts)


def first_difference(before: Day, after: Day) -> FirstDifference | None:
    """Return the first event that differs; None where none does."""
    pairs = zip_longest(before.lines, after.lines)
    place = next((place for place, (one, other) in enumerate(pairs) if one != other), None)
    if place is None:
        return None
    was, now = _at(before.events, place), _at(after.events, place)
    times = [event[1] for event in (was, now) if event is not None]
    return FirstDifference(place + 1, place + 1, min(times), was, now)


def first_stretch(before: Trace, after: Day) -> FirstDifference | None:
    """Return the stretch of the day in which the first event differs; None where none does."""
    now = Trace.of(after.lines, before.stretch)
    if now.digest == before.digest:
        return None
    pairs = zip(before.marks, now.marks, strict=False)
    same = min(len(before.marks), len(now.marks))
    stretch = next((place for place, (one, other) in enumerate(pairs) if one != other), same)
    place = min(stretch * before.stretch, len(after.events) - 1)
    at = after.events[place][1] if after.events else 0.0
    return FirstDifference(place + 1, (stretch + 1) * before.stretch, at, None, None)


def customer_changes(before: Day, after: Day) -> CustomerEffect:
    """Compare the customers' outcomes; waits that differ by less than a second are equal."""
    was, now = _customer_days(before), _customer_days(after)
    pairs = [CustomerChange(customer, was[customer], now[customer]) for customer in was if customer in now]
    worse = sorted((pair for pair in pairs if _harm(pair) > 0), key=_harm, reverse=True)
    better = sum(_harm(CustomerChange(pair.customer, pair.after, pair.before)) > 0 for pair in pairs)
    hardest = tuple(_with_events(pair, before, after) for pair in worse[:HARDEST])
    return CustomerEffect(len(pairs), better, len(worse), hardest)


_LOST_S = 86_400.0
"""Seconds that count for the loss of service: more than any wait."""


def _harm(pair: CustomerChange) -> float:
    """Return how much longer the customer waits, in seconds; 0 below the felt second or where they fare better."""
    if pair.before.served != pair.after.served:
        return _LOST_S + pair.after.wait if pair.before.served else 0.0
    longer = pair.after.wait - pair.before.wait
    return longer if longer >= FELT_S else 0.0


def _customer_days(day: Day) -> dict[int, CustomerDay]:
    found: dict[int, CustomerDay] = {}
    contacts: dict[int, list[dict[str, Any]]] = {}
    for contact in sorted(day.conversations(), key=lambda row: int(str(row["attempt"]))):
        contacts.setdefault(int(str(contact["customer_id"])), []).append(contact)
    for customer, own in contacts.items():
        longest = max(own, key=lambda row: float(row["total_wait"]))
        wait = sum(float(row["total_wait"]) for row in own)
        found[customer] = CustomerDay(int(longest["conversation_id"]), wait, str(own[-1]["outcome"]), ())
    return found


def _with_events(pair: CustomerChange, before: Day, after: Day) -> CustomerChange:
    return CustomerChange(pair.customer, _add_events(pair.before, before), _add_events(pair.after, after))


def _add_events(customer: CustomerDay, day: Day) -> CustomerDay:
    own = tuple(event for event in day.events if event[3] == customer.conversation)
    return CustomerDay(customer.conversation, customer.wait, customer.outcome, own)


def _at(events: Sequence[Row], place: int) -> Row | None:
    return events[place] if place < len(events) else None


# Keys of the scenario.


@dataclass(frozen=True, slots=True)
class Change:
    """A key with its values before and after: the default where not given, None where there is no such key."""

    key: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.key}: {_value_text(self.before)} -> {_value_text(self.after)}"


def changed_keys(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Return every key in which two scenarios differ; with their defaults where they are not given."""
    new, old = changes(before, after), changes(after, before)
    found = (Change(key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old]))
    return tuple(change for change in found if (change.before, change.after) != (None, None))


def _value_text(value: Any) -> str:
    return "(not given)" if value is None else quoted(value).strip("`")
