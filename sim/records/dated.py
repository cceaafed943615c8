"""The records of a calendar: those of its open dates, and one below the other on the calendar's clock."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.records.recorder import Ending, Recorder, Records, tables_of
from sim.records.schema import TABLES, clock_name
from sim.records.table import AgentStateTable, Arrays, Table

if TYPE_CHECKING:
    from sim.scenario import Scenario

NUMBERED = ("conversation_id", "customer_id", "request_id", "agent_task_id", "seq")
"""The columns of numbers that count from 1 on each date; 0 stands for none."""


class DatedRecords(Records):
    """The tables of a calendar, in seconds from the midnight of its first date; `days` are its dates' own.

    The tables are put together of those of the dates when one is first asked for.
    """

    def __init__(
        self, scenario: "Scenario", recorder: Recorder, replication: int, days: Sequence[Records]
    ) -> None:
        self.replication = replication
        self.days = tuple(days)
        self._scenario = scenario
        self._wanted = tuple(recorder.tables)
        dates = scenario.days
        horizon = dates[-1].midnight_s + days[-1].horizon_s if days else scenario.lasts
        self.horizon_s = horizon
        self.ending = Ending(horizon)
        self._columns = {}

    def __getattr__(self, name: str) -> Any:
        """Put the tables together; everything else is there."""
        if name != "tables":
            raise AttributeError(name)
        self.tables = self._together()
        return self.tables

    def forget(self) -> None:
        """Let go of what was made of the tables, and of those of the dates, which are in them."""
        super().forget()
        self.days = ()

    def _together(self) -> dict[str, Table]:
        both = tables_of(self._scenario)
        before = dict.fromkeys(NUMBERED, 0)
        for date, day in zip(self._scenario.days, self.days, strict=True):
            found = {name: _arrays(day.tables[name]) for name in self._wanted}
            for name, arrays in found.items():
                both[name].take(_moved(name, arrays, date.midnight_s, before))
            for column in NUMBERED:
                before[column] += _most(column, found.values())
        return both


def _arrays(table: Table) -> Arrays:
    return table.changes() if isinstance(table, AgentStateTable) else table.arrays()


def _moved(name: str, arrays: Arrays, by_s: float, before: dict[str, int]) -> Arrays:
    """Return the columns of a date's table on the calendar's clock, with numbers that go on from the date before."""
    if name == "agent_states":
        return {**arrays, "at": arrays["at"] + by_s}
    moved = dict(arrays)
    for column in TABLES[name]:
        if column.name in NUMBERED:
            there = arrays[column.name] > 0
            moved[column.name] = np.where(there, arrays[column.name] + before[column.name], 0)
        elif clock_name(column):
            moved[column.name] = arrays[column.name] + by_s
    return moved


def _most(column: str, tables: Iterable[Arrays]) -> int:
    return max((int(arrays[column].max(initial=0)) for arrays in tables if column in arrays), default=0)
