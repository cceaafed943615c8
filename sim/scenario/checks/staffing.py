"""What a search for staffing is given has to fit the scenario."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.errors import quoted
from sim.scenario.calendar import DAY_S
from sim.scenario.context import Finding, Place
from sim.scenario.numbers import clock_text, duration_text
from sim.scenario.staffing import TOLERANCE_S

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.staffing import ShiftTemplate

MOST_SHIFTS = 5_000
"""A search over more of them would take hours."""


def unusable_templates(scenario: "Scenario") -> Iterator[Finding]:
    """Find shift templates that do not fit the day, or that nobody works."""
    for i, template in enumerate(scenario.staffing.shifts):
        place: Place = ("staffing", "shifts", i)
        team = scenario.teams.get(template.team)
        if team is not None and team.role != "agent":
            what = (
                f"team {quoted(template.team)} has the role {quoted(team.role)}, whose agents answer nobody"
            )
            yield Finding((*place, "team"), what, rests_on=("role",))
        yield from _starts(scenario, place, template)
        yield from _breaks(place, template)
    yield from _too_many(scenario)


_OF_HOURS = ("opens", "lasts", "calendar")


def _hours(scenario: "Scenario") -> tuple[float, float]:
    """Return the opening hours by the clock, of a calendar the widest: each date takes the shifts within its own."""
    calendar = scenario.calendar
    if calendar is None:
        return scenario.opens_at, scenario.opens_at + scenario.lasts
    rules = [calendar.open, *(queue.open for queue in scenario.queues.values() if queue.open is not None)]
    given = [one for rule in rules for one in rule.values() if one is not None]
    return min((one.opens for one in given), default=0.0), max((one.closes for one in given), default=DAY_S)


def _starts(scenario: "Scenario", place: Place, template: "ShiftTemplate") -> Iterator[Finding]:
    opens, closes = _hours(scenario)
    hours = f"the opening hours {clock_text(opens)} to {clock_text(closes)}"
    if template.lasts > closes - opens + TOLERANCE_S:
        what = f"{quoted(duration_text(template.lasts))} is longer than {hours}"
        yield Finding((*place, "lasts"), what, rests_on=_OF_HOURS)
        return
    if template.from_ is None:
        return
    first, last = template.from_ if isinstance(template.from_, tuple) else (template.from_, template.from_)
    if last < first:
        what = f"the latest log-in, {clock_text(last)}, is before the earliest, {clock_text(first)}"
        yield Finding((*place, "from"), what)
    elif first < opens or last + template.lasts > closes + TOLERANCE_S:
        span = f"{clock_text(first)} to {clock_text(last + template.lasts)}"
        yield Finding((*place, "from"), f"shifts from {span} are not within {hours}", rests_on=_OF_HOURS)


def _breaks(place: Place, template: "ShiftTemplate") -> Iterator[Finding]:
    for i, one in enumerate(template.breaks):
        if isinstance(one.after, tuple) and one.after[1] < one.after[0]:
            what = f"the longest, {duration_text(one.after[1])}, is below the shortest, {duration_text(one.after[0])}"
            yield Finding((*place, "breaks", i, "after"), what)
        elif one.latest_end > template.lasts + TOLERANCE_S:
            what = f"the break ends {duration_text(one.latest_end)} into a shift of {duration_text(template.lasts)}"
            yield Finding((*place, "breaks", i), what, rests_on=("lasts",))


def _too_many(scenario: "Scenario") -> Iterator[Finding]:
    opens, closes = _hours(scenario)
    sizes = [template.ways(opens, closes) for template in scenario.staffing.shifts]
    if sum(sizes) > MOST_SHIFTS:
        largest = sizes.index(max(sizes))
        what = f"there are {sum(sizes):,} shifts to choose from, most of them of this template; at most {MOST_SHIFTS:,}"
        yield Finding(("staffing", "shifts", largest), what, rests_on=("every", "after", "from"))


def goals_without_bound(scenario: "Scenario") -> Iterator[Finding]:
    """Find goals that are met with more and with fewer agents, which no search can keep."""
    for i, goal in enumerate(scenario.staffing.goals):
        if goal.metric == "occupancy" and goal.at_least is not None:
            what = "asks for fewer agents; a staffing is the least that keeps its goals, so give at_most"
            yield Finding(("staffing", "goals", i, "at_least"), what)


CHECKS_OF_STAFFING = (unusable_templates, goals_without_bound)
