"""What has changed between two days with the same customers: the first event, and whom it hits."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sim.errors import quoted
from sim.experiments.paired import FELT_S, SERVED
from sim.experiments.variants import changes
from sim.gate.candidate import Day, Trace
from sim.gate.probe import Row
from sim.scenario import Scenario

HARDEST = 2
"""Of so many customers the stories are told."""


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """The first event that differs, by its number from 1, as it was and as it is now; None where there is none.

    Where the day before is known by its marks alone, `upto` is the last number that it can be, and the events
    are not known. `at` is in seconds from opening.
    """

    number: int
    upto: int
    at: float
    before: Row | None
    after: Row | None

    @property
    def known(self) -> bool:
        """Whether the very event is known, and not only the stretch that it lies in."""
        return self.before is not None or self.number == self.upto


@dataclass(frozen=True, slots=True)
class CustomerDay:
    """How a customer fared on one day, over all his contacts; waits in seconds, the last contact's outcome.

    `events` are those of his contact that took longest.
    """

    conversation: int
    wait: float
    outcome: str
    events: tuple[Row, ...]

    @property
    def served(self) -> bool:
        """Whether he was served to the end at last."""
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


def first_difference(before: Day, after: Day) -> FirstDifference | None:
    """Find the first event that differs; None where none does."""
    pairs = zip_longest(before.lines, after.lines)
    place = next((place for place, (one, other) in enumerate(pairs) if one != other), None)
    if place is None:
        return None
    was, now = _at(before.events, place), _at(after.events, place)
    times = [event[1] for event in (was, now) if event is not None]
    return FirstDifference(place + 1, place + 1, min(times), was, now)


def first_stretch(before: Trace, after: Day) -> FirstDifference | None:
    """Find the stretch of the day in which the first event differs; None where none does."""
    now = Trace.of(after.lines, before.stretch)
    if now.digest == before.digest:
        return None
    pairs = zip(before.marks, now.marks, strict=False)
    same = min(len(before.marks), len(now.marks))
    stretch = next((place for place, (one, other) in enumerate(pairs) if one != other), same)
    place = min(stretch * before.stretch, len(after.events) - 1)
    at = after.events[place][1] if after.events else 0.0
    return FirstDifference(place + 1, (stretch + 1) * before.stretch, at, None, None)


def fared(before: Day, after: Day) -> CustomerEffect:
    """Compare how the customers fared; a wait that differs by less than a second is the same."""
    was, now = _fates(before), _fates(after)
    pairs = [CustomerChange(customer, was[customer], now[customer]) for customer in was if customer in now]
    worse = sorted((pair for pair in pairs if _harm(pair) > 0), key=_harm, reverse=True)
    better = sum(_harm(CustomerChange(pair.customer, pair.after, pair.before)) > 0 for pair in pairs)
    told = tuple(_told(pair, before, after) for pair in worse[:HARDEST])
    return CustomerEffect(len(pairs), better, len(worse), told)


_LOST_S = 86_400.0
"""Not to be served any more counts for more than any wait."""


def _harm(pair: CustomerChange) -> float:
    """Return how much longer he waits, in seconds, 0 where that is hardly felt or he fares better."""
    if pair.before.served != pair.after.served:
        return _LOST_S + pair.after.wait if pair.before.served else 0.0
    longer = pair.after.wait - pair.before.wait
    return longer if longer >= FELT_S else 0.0


def _fates(day: Day) -> dict[int, CustomerDay]:
    found: dict[int, CustomerDay] = {}
    contacts: dict[int, list[dict[str, Any]]] = {}
    for contact in sorted(day.conversations(), key=lambda row: int(str(row["attempt"]))):
        contacts.setdefault(int(str(contact["customer_id"])), []).append(contact)
    for customer, own in contacts.items():
        longest = max(own, key=lambda row: float(row["total_wait"]))
        wait = sum(float(row["total_wait"]) for row in own)
        found[customer] = CustomerDay(int(longest["conversation_id"]), wait, str(own[-1]["outcome"]), ())
    return found


def _told(pair: CustomerChange, before: Day, after: Day) -> CustomerChange:
    return CustomerChange(pair.customer, _with_events(pair.before, before), _with_events(pair.after, after))


def _with_events(fate: CustomerDay, day: Day) -> CustomerDay:
    own = tuple(event for event in day.events if event[3] == fate.conversation)
    return CustomerDay(fate.conversation, fate.wait, fate.outcome, own)


def _at(events: Sequence[Row], place: int) -> Row | None:
    return events[place] if place < len(events) else None


# Which keys of a scenario have changed, for the reviewer.


@dataclass(frozen=True, slots=True)
class Change:
    """A key with its values before and after, None where there was or is none.

    A value that is not given is the default.
    """

    key: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.key}: {_said(self.before)} -> {_said(self.after)}"


def changed_keys(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Return every key in which two scenarios differ; those that are not given as their defaults apply."""
    new, old = changes(before, after), changes(after, before)
    found = (Change(key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old]))
    return tuple(change for change in found if (change.before, change.after) != (None, None))


def _said(value: Any) -> str:
    return "(not given)" if value is None else quoted(value).strip("`")
