"""The records of a calendar: those of its open dates, and one below the other on the calendar's clock."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.records.recorder import CHANGES, AgentStateTable, Append, Ending, Recorder, Records, tables_of
from sim.records.schema import TABLES, clock_name
from sim.records.table import Arrays, Table

if TYPE_CHECKING:
    import pandas as pd

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


class RowsOnTheCalendar:
    """Hands rows on, one by one, to what stands in a recorder in the place of its tables.

    What takes rows of a calendar is told them as its tables have them: on its clock, with numbers that go on from
    date to date.
    """

    def __init__(self, recorder: Recorder) -> None:
        takers = {name: getattr(recorder, name) for name in TABLES if name not in recorder.tables}
        self._takers: dict[str, Append] = {name: one for name, one in takers.items() if one is not None}
        self._before = dict.fromkeys(NUMBERED, 0)
        self._so_far = dict(self._before)

    def recorder(self, scenario: "Scenario", wanted: Iterable[str], midnight_s: float) -> Recorder:
        """Return the recorder of a date, after all dates before it have been simulated."""
        self._before = dict(self._so_far)
        own = Recorder(scenario, wanted)
        for name in self._takers:
            setattr(own, name, self._taker(name, midnight_s))
        return own

    def _taker(self, name: str, midnight_s: float) -> Append:
        stored = CHANGES if name == "agent_states" else [c for c in TABLES[name] if not c.derived]
        numbered = [(at, column.name) for at, column in enumerate(stored) if column.name in NUMBERED]
        times = [at for at, column in enumerate(stored) if clock_name(column)]
        take = self._takers[name]

        def on_calendar(row: tuple[Any, ...]) -> None:
            moved = list(row)
            for at in times:
                moved[at] += midnight_s
            for at, column in numbered:
                if moved[at] > 0:
                    moved[at] += self._before[column]
                    self._so_far[column] = max(self._so_far[column], moved[at])
            take(tuple(moved))

        return on_calendar


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


# The records of one clock, cut into spans.

TIMES = {
    "requests": ("placed_at", "first_offer_at", "answered_at", "ended_at"),
    "tasks": (
        "task_queue_time", "task_reserved_time", "task_answered_time", "task_wrap_up_time", "task_end_time",
    ),
    "conversations": ("arrived_at", "requested_at", "answered_at", "ended_at"),
    "agent_states": ("started_at", "ended_at"),
}  # fmt: skip


class Batch:
    """The records between two instants, with times from the first of them."""

    def __init__(self, records: Records, begin: float, end: float) -> None:
        self._records = records
        self._begin = begin
        self._end = end
        self._late = records.requests["placed_at"] >= end

    @property
    def ending(self) -> Ending:
        """How the batch ended; for the last one, how the simulation did."""
        ending, begin = self._records.ending, self._begin
        if self._end < np.inf:
            return Ending(min(self._end, ending.work_ended_s) - begin)
        added = {agent: at - begin for agent, at in ending.added.items()}
        return Ending(
            ending.horizon_s - begin, ending.work_ended_s - begin, ending.first_added_s - begin, added
        )

    @cached_property
    def requests(self) -> "pd.DataFrame":
        """The requests that were placed in the batch, and those that still waited when it began."""
        frame = self._records.requests
        return self._from_begin("requests", frame[~self._late & ~(frame["ended_at"] < self._begin)])

    @cached_property
    def tasks(self) -> "pd.DataFrame":
        """The tasks of those requests, and those that were still open when the batch began."""
        frame = self._records.tasks
        requests = self._records.requests["request_id"]
        without = ~frame["request_id"].isin(requests)  # a supervisor's, who barged in
        late = without & (frame["task_answered_time"] >= self._end)
        late |= frame["request_id"].isin(requests[self._late])
        return self._from_begin("tasks", frame[~late & ~(frame["task_end_time"] < self._begin)])

    @cached_property
    def conversations(self) -> "pd.DataFrame":
        """The conversations that began in the batch."""
        frame = self._records.conversations
        inside = (frame["arrived_at"] >= self._begin) & (frame["arrived_at"] < self._end)
        return self._from_begin("conversations", frame[inside])

    @cached_property
    def agent_states(self) -> "pd.DataFrame":
        """The agents' stays in a state that reach into the batch."""
        frame = self._records.agent_states
        inside = ~(frame["ended_at"] < self._begin) & (frame["started_at"] < self._end)
        return self._from_begin("agent_states", frame[inside])

    @property
    def whispers(self) -> "pd.DataFrame":
        """All whispers; they are counted by their conversations."""
        return self._records.whispers

    def _from_begin(self, table: str, frame: "pd.DataFrame") -> "pd.DataFrame":
        return frame.assign(**{column: frame[column] - self._begin for column in TIMES[table]})
