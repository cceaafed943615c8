"""Centres with everything in them, of several days, or with recorded customers: all three simulations tell the same."""

from collections.abc import Callable

import pytest

from sim.scenario import Scenario
from sim.workload import Workload
from twin.comparison import difference
from twin.days import a_world_of_days
from twin.event_list import EventList
from twin.everything import a_world_of_everything
from twin.recorded import a_world_of_records

QUICK = 4
AT_ONCE = 50


def compare(number: int, world: Callable[[int], tuple[Scenario, Workload]]) -> EventList:
    scenario, workload = world(number)
    twin = EventList(scenario, workload).run()
    assert difference(twin, scenario, workload) == "", f"world {number}"
    return twin


@pytest.mark.parametrize("number", range(QUICK))
def test_a_few_worlds_of_everything(number: int) -> None:
    compare(number, a_world_of_everything)


LETS_GO = (5037, 5099, 5138)
"""Worlds in which a guard lets somebody go at the end of an instant in which nobody asks for them."""


@pytest.mark.parametrize("number", LETS_GO)
def test_worlds_in_which_somebody_is_held_back(number: int) -> None:
    assert compare(number, a_world_of_everything).let_go


def test_a_world_in_which_the_last_one_in_goes_back_while_a_guest_is_looked_for_whom_another_asked_for() -> (
    None
):
    compare(722, a_world_of_records)


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
