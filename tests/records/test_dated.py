"""Rows of a calendar, taken one by one, are those of its tables."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine import simulate
from sim.gate.probe import day
from sim.records import EVERYTHING, Recorder
from sim.scenario import Scenario, load
from sim.workload import draw

WEEK = Path(__file__).parents[2] / "scenarios" / "week.yaml"


@pytest.fixture(scope="module")
def week() -> Scenario:
    return load(WEEK)


@pytest.mark.slow
def test_rows_come_on_the_calendars_clock_with_numbers_that_go_on(week: Scenario) -> None:
    events, contacts = day(week, week.seed)
    tables = simulate(week, draw(week), Recorder(week, EVERYTHING)).tables
    for rows, name in ((events, "events"), (contacts, "conversations")):
        columns = tables[name].as_columns()
        stored = [column for column in tables[name].columns if not column.derived]
        assert len(rows) == len(columns) > 1000
        for at, column in enumerate(stored):
            if column.type in ("count", "number"):
                taken: Any = np.array([row[at] for row in rows], float)
                assert np.array_equal(taken, columns[column.name].astype(float), equal_nan=True), column.name


def test_the_gate_sees_an_event_of_a_later_date(week: Scenario) -> None:
    """The last customers of the week have numbers above those of its first day."""
    events, _ = day(week, week.seed)
    numbers = [row[3] for row in events if row[2] == "arrived"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert max(row[1] for row in events) > 5 * 86_400
