"""One day on both engines: every column of every table, every event, and how the day ended."""

import numpy as np
import pytest

from sim.engine.compiled.library import load
from sim.engine.compiled.simulation import simulate_compiled
from sim.engine.compiled.support import unsupported
from sim.engine.simulate import simulate
from sim.errors import SimError
from sim.records import EVERYTHING, Recorder, Records
from sim.scenario import Scenario
from sim.scenario.single_days import joined_of
from sim.workload import Workload, draw

needs_the_library = pytest.mark.skipif(load()[0] is None, reason=f"the compiled engine: {load()[1]}")

ENDING = ("horizon_s", "work_ended_s", "first_added_s", "added")


def differences(scenario: Scenario, workload: Workload, tables: tuple[str, ...] = EVERYTHING) -> list[str]:
    """Where the two differ, table by table; a mistake has to be the same one, and nothing may be refused."""
    assert unsupported(scenario) is None
    on_simpy = told(simulate, scenario, workload, tables)
    compiled = told(simulate_compiled, scenario, workload, tables)
    if isinstance(on_simpy, str) or isinstance(compiled, str):
        return [] if on_simpy == compiled else [f"SimPy {on_simpy}, compiled {compiled}"]
    return differing(on_simpy, compiled)


def days_drawn(scenario: Scenario, replication: int = 0) -> list[tuple[Scenario, Workload]]:
    """Return the days of a replication, of a calendar its dates, each on its own clock or all on one."""
    workload = draw(scenario, replication)
    if scenario.calendar is None:
        return [(scenario, workload)]
    joined = joined_of(scenario)
    if joined is not None:
        return [(joined, workload)]
    return [(date.scenario, own) for date, own in zip(scenario.days, workload.days, strict=True)]


compared: list[tuple[Scenario, Workload]] = []
"""The days that `on_both` has simulated, of which the mutants of the C text are tried too."""


def on_both(scenario: Scenario, workload: Workload) -> Records:
    """Return what the SimPy engine records of a day; the compiled engine has to say the same, where it is built."""
    if load()[0] is not None:
        compared.append((scenario, workload))
        assert differences(scenario, workload) == []
    return simulate(scenario, workload, Recorder(scenario, EVERYTHING))


def told(simulated, scenario, workload, tables) -> Records | str:
    try:
        return simulated(scenario, workload, Recorder(scenario, tables))
    except SimError as error:
        return str(error)


def differing(one: Records, other: Records) -> list[str]:
    ends = [
        f"{name}: {getattr(one.ending, name)}, {getattr(other.ending, name)}"
        for name in ENDING
        if getattr(one.ending, name) != getattr(other.ending, name)
    ]
    return ends + [line for name in EVERYTHING for line in _in_table(name, one, other)]


def _in_table(name: str, one: Records, other: Records) -> list[str]:
    mine, theirs = one.tables[name].arrays(), other.tables[name].arrays()
    sizes = len(next(iter(mine.values()))), len(next(iter(theirs.values())))
    if sizes[0] != sizes[1]:
        return [f"{name}: {sizes[0]} rows, {sizes[1]} rows"]
    return [f"{name}.{column}" for column in mine if not _same(mine[column], theirs[column])]


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    if one.dtype != other.dtype:
        return False
    if one.dtype == object:
        return one.tolist() == other.tolist()
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
