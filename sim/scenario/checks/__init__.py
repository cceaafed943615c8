"""Checks across the parts of a scenario. Each check is a generator of findings and knows one subject."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sim.scenario.checks.names import unknown_names
from sim.scenario.checks.service import (
    circles_of_limits,
    interruptions_of_itself,
    multiplied_recordings,
    shares_of_destinations,
    shares_of_labels,
    shares_of_queues,
    short_ttls,
    strange_agents,
    tasks_beyond_medium,
    tasks_that_were_measured,
    undrawable_patience,
    unlike_media,
    unscalable_handle_times,
    unserved_queues,
)
from sim.scenario.checks.times import (
    ageing_without_pace,
    endless_transfers,
    late_measuring,
    list_lengths,
    misplaced_breaks,
    misplaced_shifts,
    steps_without_end,
    too_many_contacts,
    too_many_intervals,
    without_calendar,
    wrong_supervisors,
)
from sim.scenario.context import Finding, Surroundings
from sim.scenario.expected import short_handle_times

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

Check = Callable[["Scenario"], Iterator[Finding]]


def _of_staffing(scenario: "Scenario") -> Iterator[Finding]:
    if scenario.staffing.goals or scenario.staffing.shifts:
        from sim.scenario.checks.staffing import (
            CHECKS_OF_STAFFING,  # for a day that is not planned it is not read
        )

        for one in CHECKS_OF_STAFFING:
            yield from one(scenario)


def _of_calendar(scenario: "Scenario") -> Iterator[Finding]:
    if scenario.calendar is not None:
        from sim.scenario.checks.dates import CHECKS_OF_CALENDAR

        for one in CHECKS_OF_CALENDAR:
            yield from one(scenario)


CHECKS: tuple[Check, ...] = (
    unlike_media,
    tasks_beyond_medium,
    interruptions_of_itself,
    steps_without_end,
    too_many_contacts,
    too_many_intervals,
    wrong_supervisors,
    ageing_without_pace,
    endless_transfers,
    late_measuring,
    unserved_queues,
    short_ttls,
    circles_of_limits,
    unscalable_handle_times,
    short_handle_times,
    tasks_that_were_measured,
    multiplied_recordings,
    undrawable_patience,
    strange_agents,
    shares_of_destinations,
    shares_of_labels,
    shares_of_queues,
    list_lengths,
    misplaced_shifts,
    misplaced_breaks,
    without_calendar,
    _of_calendar,
    _of_staffing,
)


def check(scenario: "Scenario", around: Surroundings | None) -> list[Finding]:
    """Return all that does not fit together."""
    found = list(unknown_names(scenario, around))
    for one in CHECKS:
        found.extend(one(scenario))
    return found
