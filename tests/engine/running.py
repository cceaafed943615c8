"""A run of a random day with its tables as plain rows."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from engine.random_scenarios import Day
from sim.engine import simulate
from sim.records import EVERYTHING, Column, Recorder, Table

Row = dict[str, Any]
NEVER = float("nan")


class Run:
    """A simulated day; `requests`, `tasks` and so on are lists of rows, None where a thing never was."""

    def __init__(self, day: Day, wanted: Iterable[str] = EVERYTHING, **policies: Any) -> None:
        self.scenario = day.scenario
        self.workload = day.workload
        recorder = Recorder(day.scenario, wanted)
        self.records = simulate(day.scenario, day.workload, recorder, **policies)
        self.horizon: float = self.records.horizon_s

    @cached_property
    def requests(self) -> list[Row]:
        """The searches for an agent."""
        return self.rows("requests")

    @cached_property
    def tasks(self) -> list[Row]:
        """The attempts to serve."""
        return self.rows("tasks")

    @cached_property
    def conversations(self) -> list[Row]:
        """The contacts."""
        return self.rows("conversations")

    @cached_property
    def agent_states(self) -> list[Row]:
        """The agents' stays."""
        return self.rows("agent_states")

    @cached_property
    def events(self) -> list[Row]:
        """Everything, in order."""
        return self.rows("events")

    def rows(self, table: str) -> list[Row]:
        """The rows of a table."""
        found = self.records.tables[table]
        arrays = found.arrays()
        columns = [_values(found, column, arrays[column.name].tolist()) for column in found.columns]
        return [dict(zip(arrays, row, strict=True)) for row in zip(*columns, strict=True)]

    def until(self, moment: float | None) -> float:
        """The moment, or the end of the run where it never came."""
        return self.horizon if moment is None else moment


def _values(table: Table, column: Column, found: list[Any]) -> list[Any]:
    """Names in place of codes, None in place of what never was."""
    if column.type == "names":
        names = (*table.names(column.name), None)
        return [names[code] for code in found]
    return [None if value != value else value for value in found]
