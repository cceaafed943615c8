"""A run of a random day with its tables as plain rows."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from engine.random_scenarios import Day
from sim.engine import simulate
from sim.records import EVERYTHING, TABLES, Recorder
from sim.scenario import Scenario

Row = dict[str, Any]
NEVER = float("nan")


class RowRecorder(Recorder):
    """Takes rows as they come, without tables."""

    __slots__ = ("taken",)

    def __init__(self, scenario: Scenario, wanted: Iterable[str]) -> None:
        super().__init__(scenario, ())
        self.taken: dict[str, list[tuple[Any, ...]]] = {name: [] for name in wanted}
        for name, rows in self.taken.items():
            setattr(self, name, rows.append)


class Run:
    """A simulated day; `requests`, `tasks` and so on are lists of rows, None where a thing never was."""

    def __init__(self, day: Day, wanted: Iterable[str] = EVERYTHING, **policies: Any) -> None:
        self.scenario = day.scenario
        self.workload = day.workload
        self.recorder = RowRecorder(day.scenario, wanted)
        self.horizon: float = simulate(day.scenario, day.workload, self.recorder, **policies).horizon_s

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
        columns = [column.name for column in TABLES[table]]
        return [
            {key: None if value != value else value for key, value in zip(columns, row, strict=True)}
            for row in self.recorder.taken[table]
        ]

    def until(self, moment: float | None) -> float:
        """The moment, or the end of the run where it never came."""
        return self.horizon if moment is None else moment
