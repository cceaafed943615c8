"""Shifts, breaks and lists have to fit the opening hours."""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.errors import quoted
from sim.scenario.context import Finding, Place
from sim.scenario.expected import contacts_of
from sim.scenario.numbers import clock_text, duration_text

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.working_hours import Shift


TOLERANCE_S = 1e-6
DAY_S = 86_400.0


def list_lengths(scenario: "Scenario") -> Iterator[Finding]:
    """Find lists by interval that are too long or too short for the day."""
    if scenario.calendar is not None:
        return
    for i, stream in enumerate(scenario.arrivals):
        if isinstance(stream.per_hour, tuple):
            yield from _length(scenario, ("arrivals", i, "per_hour"), len(stream.per_hour), stream.every)
    for name, team in scenario.teams.items():
        count = team.head_count
        if count is not None:
            yield from _length(
                scenario, ("teams", name, "head_count", "agents"), len(count.counts), count.every
            )


def _length(scenario: "Scenario", place: Place, given: int, every: float) -> Iterator[Finding]:
    needed = max(1, math.ceil(scenario.lasts / every - TOLERANCE_S))
    if given != needed:
        why = f"one for every {duration_text(every)} of {duration_text(scenario.lasts)}"
        yield Finding(
            place, f"there are {given} values, but {needed} are needed, {why}", rests_on=("every", "lasts")
        )


MOST_INTERVALS = 100_000
MOST_CONTACTS = 20_000_000


def too_many_intervals(scenario: "Scenario") -> Iterator[Finding]:
    """Find tables, and factors of arrivals, that would have more rows than memory and a reader can hold."""
    grains: list[tuple[Place, float]] = [(("interval",), scenario.interval)]
    if scenario.busyness is not None:
        grains.append((("busyness", "every"), scenario.busyness.every))
    for i, stream in enumerate(scenario.arrivals):
        if stream.busyness is not None:
            grains.append((("arrivals", i, "busyness", "every"), stream.busyness.every))
    for place, every in grains:
        count = scenario.lasts / every
        if count > MOST_INTERVALS:
            what = f"{quoted(duration_text(every))} makes {count:,.0f} intervals of `lasts`"
            what += f" ({duration_text(scenario.lasts)}); at most {MOST_INTERVALS:,}"
            yield Finding(place, what, rests_on=("lasts", "interval"))


def too_many_contacts(scenario: "Scenario") -> Iterator[Finding]:
    """Find streams with more contacts than can be drawn at once."""
    for i, stream in enumerate(scenario.arrivals):
        volume = contacts_of(scenario, stream)
        if volume > MOST_CONTACTS:
            key = "per_hour" if stream.per_hour is not None else "file"
            what = f"this is {volume:,.0f} contacts in a run; at most {MOST_CONTACTS:,} are drawn at once"
            yield Finding(("arrivals", i, key), what, rests_on=("lasts", "every", "per_hour"))


def misplaced_shifts(scenario: "Scenario") -> Iterator[Finding]:
    """Find shifts that are not within the opening hours; on a date of a calendar agents may come before it opens."""
    if scenario.calendar is not None:
        return
    opens, closes = scenario.opens_at, scenario.opens_at + scenario.lasts
    for place, shift in _shifts(scenario):
        if shift.from_ < shift.to and not (opens <= shift.from_ and shift.to <= closes):
            hours = f"the opening hours {clock_text(opens)} to {clock_text(closes)}"
            why = "" if scenario.opens else " (`opens` is not given, so the day begins at 00:00)"
            yield Finding(
                place, f"the shift {_span(shift)} is not within {hours}{why}", rests_on=("opens", "lasts")
            )


def misplaced_breaks(scenario: "Scenario") -> Iterator[Finding]:
    """Find shifts that end before they begin, breaks outside their shift, and breaks that overlap."""
    for place, shift in _shifts(scenario):
        if shift.to <= shift.from_:
            what = (
                f"the shift {_span(shift)} does not end after it begins; after midnight write 26:00 for 02:00"
            )
            yield Finding(place, what)
        else:
            yield from _breaks(place, shift)


def _breaks(place: Place, shift: "Shift") -> Iterator[Finding]:
    for i, one in enumerate(shift.breaks):
        if one.at < shift.from_ or one.ends > shift.to:
            what = f"the break {clock_text(one.at)} to {clock_text(one.ends)} is not within the shift {_span(shift)}"
            yield Finding((*place, "breaks", i), what + _clock_hint(shift, one.at))
    in_order = sorted(enumerate(shift.breaks), key=lambda item: item[1].at)
    for (_, before), (i, one) in pairwise(in_order):
        if one.at < before.ends:
            what = f"the break at {clock_text(one.at)} overlaps the one at {clock_text(before.at)}"
            yield Finding((*place, "breaks", i), what)


def _clock_hint(shift: "Shift", at: float) -> str:
    """Say how a clock time after midnight is written where the shift goes on so long."""
    meant = at < shift.from_ <= at + DAY_S < shift.to
    return f"; {clock_text(at)} after midnight is written {clock_text(at + DAY_S)}" if meant else ""


def _shifts(scenario: "Scenario") -> Iterator[tuple[Place, "Shift"]]:
    for name, team in scenario.teams.items():
        for i, shift in enumerate(team.shifts):
            yield ("teams", name, "shifts", i), shift


def _span(shift: "Shift") -> str:
    return f"{clock_text(shift.from_)} to {clock_text(shift.to)}"


# Keys that only make sense together.


def steps_without_end(scenario: "Scenario") -> Iterator[Finding]:
    """Find steps before the last that do not say when the next one is added."""
    for name, queue in scenario.queues.items():
        for i, step in enumerate(queue.steps[:-1]):
            if step.for_ is None:
                what = "`for` is missing; only the last step may be without it"
                yield Finding(("queues", name, "steps", i), what, rests_on=("for",))


def wrong_supervisors(scenario: "Scenario") -> Iterator[Finding]:
    """Find a supervising team of ordinary agents."""
    supervision = scenario.supervision
    team = scenario.teams.get(supervision.team) if supervision is not None else None
    if supervision is not None and team is not None and team.role != "supervisor":
        what = f"team {quoted(supervision.team)} has the role {quoted(team.role)}; only supervisors look in"
        yield Finding(("supervision", "team"), what, rests_on=("role",))


def ageing_without_pace(scenario: "Scenario") -> Iterator[Finding]:
    """Find ageing that would never add a point."""
    routing = scenario.routing
    if routing.request_selection == "priority_with_ageing" and not routing.ageing:
        what = "priority_with_ageing needs `ageing`, the waiting time that counts as one point, above 0s"
        yield Finding(("routing", "request_selection"), what, rests_on=("ageing",))


def endless_transfers(scenario: "Scenario") -> Iterator[Finding]:
    """Find queues that hand on all their conversations at once, and only to each other.

    Where all agents accept at once, too, no time would ever pass, and the day not end.
    """
    if any(team.accept.delay.mean or team.accept.probability < 1 for team in scenario.teams.values()):
        return
    handed_on = {
        name: {to for to, share in queue.transfer.to.items() if share}
        for name, queue in scenario.queues.items()
        if queue.transfer is not None
        and queue.transfer.probability == 1
        and not queue.transfer.after * queue.handle_time.mean
    }
    while leaving := [name for name, to in handed_on.items() if to - handed_on.keys()]:
        for name in leaving:
            del handed_on[name]
    if handed_on:
        circle = ", ".join(map(quoted, handed_on))
        what = f"conversations would be handed on without end and without time passing among {circle}"
        rests_on = ("probability", "after", "to.*", "handle_time", "accept", "delay")
        yield Finding(("queues", next(iter(handed_on)), "transfer"), what, rests_on=rests_on)


def late_measuring(scenario: "Scenario") -> Iterator[Finding]:
    """Find a warm-up that leaves nothing to measure."""
    if scenario.warm_up >= scenario.lasts:
        lasts = duration_text(scenario.lasts)
        what = f"{quoted(duration_text(scenario.warm_up))} is not below `lasts` ({lasts}); nothing would be measured"
        yield Finding(("warm_up",), what, rests_on=("lasts",))


def without_calendar(scenario: "Scenario") -> Iterator[Finding]:
    """Find keys that need a calendar where there is none."""
    if scenario.calendar is not None:
        return
    for place in _by_day(scenario):
        yield Finding(place, "needs a `calendar`, whose dates it is for", rests_on=("calendar",))


def _by_day(scenario: "Scenario") -> Iterator[Place]:
    for name, queue in scenario.queues.items():
        if queue.open is not None:
            yield "queues", name, "open"
        if queue.carry_over:
            yield "queues", name, "carry_over"
    for i, stream in enumerate(scenario.arrivals):
        if isinstance(stream.per_hour, Mapping):
            yield "arrivals", i, "per_hour"
    for name, team in scenario.teams.items():
        if team.head_count is not None and isinstance(team.head_count.agents, Mapping):
            yield "teams", name, "head_count", "agents"
        for i, shift in enumerate(team.shifts):
            if shift.days is not None:
                yield "teams", name, "shifts", i, "days"
            for at, one in enumerate(shift.breaks):
                if one.days is not None:
                    yield "teams", name, "shifts", i, "breaks", at, "days"
