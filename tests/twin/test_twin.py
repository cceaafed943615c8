"""The engine and a plain event list agree on every request and every agent's time, world by world."""

import pytest

from sim.engine import simulate
from sim.scenario import Scenario
from sim.workload import draw
from twin.comparison import (
    first_difference,
    searches_of_engine,
    searches_of_twin,
    work_of_engine,
    work_of_twin,
)
from twin.event_list import EventList
from twin.worlds import a_world


def compare(scenario: Scenario) -> None:
    workload = draw(scenario)
    twin, records = EventList(scenario, workload).run(), simulate(scenario, workload)
    assert first_difference(searches_of_twin(twin), searches_of_engine(records)) == ""
    assert first_difference(work_of_twin(twin), work_of_engine(records)) == ""


@pytest.mark.parametrize("seed", range(60))
def test_small_worlds(seed: int) -> None:
    compare(a_world(seed))
