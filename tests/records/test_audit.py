"""What is seen when a run is over: tables that are changed by hand are found."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from engine.crowded import day

from sim.engine.engines import simulate
from sim.records import EVERYTHING, Recorder
from sim.records.audit import audit


def changed(table: str, column: str, how: Callable[[np.ndarray], np.ndarray]) -> str:
    """What is said of the day when a column of a table is changed."""
    records = simulate(*day(), Recorder(day()[0], EVERYTHING), engine="simpy")
    arrived = int((records.columns("events")["event"] == "arrived").sum())
    assert audit(records, arrived) == ""
    columns = records.columns(table)
    columns._arrays[column] = how(columns._arrays[column].copy())
    return audit(records, arrived)


def _first(value: float) -> Callable[[np.ndarray], np.ndarray]:
    def how(values: np.ndarray) -> np.ndarray:
        values[np.flatnonzero(~np.isnan(values.astype(float)))[0]] = value
        return values

    return how


@pytest.mark.parametrize(
    ("table", "column", "how", "said"),
    [
        ("conversations", "conversation_id", _first(2), "two ends"),
        ("conversations", "ended_at", lambda ends: np.full_like(ends, np.nan), "has no end"),
        ("requests", "ended_at", _first(-1.0), "ended before it was placed"),
        ("requests", "wait", _first(1e4), "not the time from its placing to its end"),
        ("requests", "ring_outs", _first(99), "rang out more often"),
        ("tasks", "task_end_time", _first(-1.0), "not in order"),
        ("agent_states", "started_at", lambda at: at - 5.0, "in two states"),
        ("agent_states", "ended_at", lambda at: at - 0.01, "do not tile"),
        ("tasks", "task_end_time", lambda at: at + 1e-3, "at work without a task"),
    ],
)
def test_tables_that_cannot_be_are_found(table: str, column: str, how: Any, said: str) -> None:
    assert said in changed(table, column, how)


def test_a_contact_without_an_outcome_is_found() -> None:
    scenario, workload = day()
    records = simulate(scenario, workload, Recorder(scenario, EVERYTHING), engine="simpy")
    assert audit(records, 46) == "46 contacts came and 45 have an outcome"
