"""Centres with everything in them: the second simulation and both engines tell the same events, in the same order."""

import pytest

from twin.comparison import difference
from twin.event_list import EventList
from twin.everything import a_world_of_everything

QUICK = 4
AT_ONCE = 50


def compare(number: int) -> None:
    scenario, workload = a_world_of_everything(number)
    assert difference(EventList(scenario, workload).run(), scenario, workload) == "", f"world {number}"


@pytest.mark.parametrize("number", range(QUICK))
def test_a_few_worlds_of_everything(number: int) -> None:
    compare(number)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(QUICK, QUICK + 8 * AT_ONCE, AT_ONCE))
def test_many_worlds_of_everything(first: int) -> None:
    for number in range(first, first + AT_ONCE):
        compare(number)
