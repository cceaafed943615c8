"""Shifts, breaks and lists have to fit the opening hours."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.scenario.quantities import clock_text, duration_text
from sim.scenario.surroundings import Finding, Place

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.shifts import Shift

TOLERANCE_S = 1e-6


def list_lengths(scenario: "Scenario") -> Iterator[Finding]:
    """Find lists by interval that are too long or too short for the day."""
    for i, stream in enumerate(scenario.arrivals):
        if isinstance(stream.per_hour, tuple):
            yield from _length(scenario, ("arrivals", i, "per_hour"), len(stream.per_hour), stream.every)
    for name, team in scenario.teams.items():
        count = team.head_count
        if count is not None:
            yield from _length(
                scenario, ("teams", name, "head_count", "agents"), len(count.agents), count.every
            )


def _length(scenario: "Scenario", place: Place, given: int, every: float) -> Iterator[Finding]:
    needed = max(1, math.ceil(scenario.lasts / every - TOLERANCE_S))
    if given != needed:
        why = f"one for every {duration_text(every)} of {duration_text(scenario.lasts)}"
        yield Finding(
            place, f"there are {given} values, but {needed} are needed, {why}", rests_on=("every", "lasts")
        )


def misplaced_shifts(scenario: "Scenario") -> Iterator[Finding]:
    """Find shifts that are not within the opening hours."""
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
            yield Finding((*place, "breaks", i), what)
    in_order = sorted(enumerate(shift.breaks), key=lambda item: item[1].at)
    for (_, before), (i, one) in pairwise(in_order):
        if one.at < before.ends:
            what = f"the break at {clock_text(one.at)} overlaps the one at {clock_text(before.at)}"
            yield Finding((*place, "breaks", i), what)


def _shifts(scenario: "Scenario") -> Iterator[tuple[Place, "Shift"]]:
    for name, team in scenario.teams.items():
        for i, shift in enumerate(team.shifts):
            yield ("teams", name, "shifts", i), shift


def _span(shift: "Shift") -> str:
    return f"{clock_text(shift.from_)} to {clock_text(shift.to)}"
