"""Centres with everything, of several days or dates, or with recorded customers: all three tell the same."""

from collections.abc import Callable

import pytest

from sim.scenario import Scenario
from sim.workload import Workload
from twin.comparison import compare as compared
from twin.days import a_world_of_days
from twin.event_list import EventList
from twin.everything import a_world_of_everything
from twin.recorded import a_world_of_records
from twin.weeks import a_world_of_dates

QUICK = 4
AT_ONCE = 50


def compare(number: int, world: Callable[[int], tuple[Scenario, Workload]]) -> EventList:
    """Compare a world on all three, and return the second simulation of it, of a calendar that of its last date."""
    scenario, workload = world(number)
    twins, found = compared(scenario, workload)
    assert found == "", f"world {number}"
    return twins[-1]


@pytest.mark.parametrize("number", range(QUICK))
def test_a_few_worlds_of_everything(number: int) -> None:
    compare(number, a_world_of_everything)


LETS_GO = (5037, 5396, 5495)
"""Worlds in which a guard lets somebody go at the end of an instant in which nobody asks for them."""


@pytest.mark.parametrize("number", LETS_GO)
def test_worlds_in_which_somebody_is_held_back(number: int) -> None:
    assert compare(number, a_world_of_everything).let_go


def test_a_world_in_which_the_last_one_in_goes_back_while_a_guest_is_looked_for_whom_another_asked_for() -> (
    None
):
    compare(4264, a_world_of_records)


def test_a_world_in_which_a_bound_of_a_queue_makes_its_expected_wait_longer() -> None:
    """A slot that no second task of the queue may take counts for nothing in the rate at which the queue is served."""
    assert compare(2066, a_world_of_everything).guard == "overflow_by_expected_wait"


@pytest.mark.slow
@pytest.mark.parametrize("first", range(QUICK, QUICK + 8 * AT_ONCE, AT_ONCE))
def test_many_worlds_of_everything(first: int) -> None:
    for number in range(first, first + AT_ONCE):
        compare(number, a_world_of_everything)


@pytest.mark.parametrize("number", range(QUICK))
def test_a_few_worlds_of_days(number: int) -> None:
    compare(number, a_world_of_days)


@pytest.mark.parametrize("number", range(QUICK))
def test_a_few_worlds_of_records(number: int) -> None:
    compare(number, a_world_of_records)


@pytest.mark.slow
def test_many_worlds_of_records() -> None:
    for number in range(QUICK, 3 * AT_ONCE):
        compare(number, a_world_of_records)


@pytest.mark.slow
def test_many_worlds_of_days_with_the_days_that_follow_them() -> None:
    twins = [compare(number, a_world_of_days) for number in range(QUICK, 2 * AT_ONCE)]
    late = sum(e.event == "accepted" and e.at > twin.scenario.lasts for twin in twins for e in twin.events)
    assert late > AT_ONCE, "nobody is served by a log-in of the days after"


@pytest.mark.parametrize("number", range(QUICK))
def test_a_few_worlds_of_dates(number: int) -> None:
    compare(number, a_world_of_dates)


@pytest.mark.slow
def test_many_worlds_of_dates_apart_and_on_one_clock() -> None:
    ways = {True: 0, False: 0}
    for number in range(QUICK, 3 * AT_ONCE):
        ways[compare(number, a_world_of_dates).times.has_tomorrow] += 1
    assert min(ways.values()) > AT_ONCE / 2
