"""Centres with everything in them, or of several days: all three simulations tell the same events, in order."""

from collections.abc import Callable

import pytest

from sim.scenario import Scenario
from sim.workload import Workload
from twin.comparison import difference
from twin.days import a_world_of_days
from twin.event_list import EventList
from twin.everything import a_world_of_everything

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


LETS_GO = (1125, 1271, 1329)
"""Worlds in which a guard lets somebody go at the end of an instant in which nobody asks for them."""


@pytest.mark.parametrize("number", LETS_GO)
def test_worlds_in_which_somebody_is_held_back(number: int) -> None:
    assert compare(number, a_world_of_everything).let_go


@pytest.mark.slow
@pytest.mark.parametrize("first", range(QUICK, QUICK + 8 * AT_ONCE, AT_ONCE))
def test_many_worlds_of_everything(first: int) -> None:
    for number in range(first, first + AT_ONCE):
        compare(number, a_world_of_everything)


@pytest.mark.parametrize("number", range(QUICK))
def test_a_few_worlds_of_days(number: int) -> None:
    compare(number, a_world_of_days)


@pytest.mark.slow
def test_many_worlds_of_days_with_the_days_that_follow_them() -> None:
    twins = [compare(number, a_world_of_days) for number in range(QUICK, 2 * AT_ONCE)]
    late = sum(e.event == "accepted" and e.at > twin.scenario.lasts for twin in twins for e in twin.events)
    assert late > AT_ONCE, "nobody is served by a log-in of the days after"
