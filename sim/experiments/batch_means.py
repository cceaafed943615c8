"""Batch means: one long run cut into batches by time, each measured like a replication."""

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from math import nan, sqrt
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics import Measures, measure
from sim.records import Ending, Records
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


CORRELATED = "queue_length_mean"
"""The figure whose correlation is tested: queues are correlated over the longest time."""

DOUBT = 1.645
"""One-sided 5 % quantile of the normal law."""

TIMES = {
    "requests": ("placed_at", "first_offer_at", "answered_at", "ended_at"),
    "tasks": (
        "task_queue_time", "task_reserved_time", "task_answered_time", "task_wrap_up_time", "task_end_time",
    ),
    "conversations": ("arrived_at", "requested_at", "answered_at", "ended_at"),
    "agent_states": ("started_at", "ended_at"),
}  # fmt: skip


def batch_measures(
    records: Records, scenario: Scenario, count: int, only: Collection[str] | None = None
) -> Iterator[Measures]:
    """Measure a run in batches of equal length from the end of the warm-up until arrivals stop.

    Requests and conversations belong to the batch in which they begin, with all their later events; agents'
    time to the batch in which it is spent. The time after arrivals stop is in the last one. `only` names the
    metrics that are wanted, by default all.
    """
    edges = np.linspace(scenario.warm_up, scenario.lasts, count + 1)
    length = float(edges[1] - edges[0])
    day = scenario.model_copy(update={"warm_up": 0.0, "lasts": length, "interval": length})
    for begin, end in zip(edges[:-1], [*edges[1:-1], np.inf], strict=True):
        yield measure(Batch(records, float(begin), float(end)), day, only)


def correlation(batches: Sequence[Measures]) -> float:
    """Return the correlation of neighbouring batches' mean queue length; NaN where it never changes."""
    values = np.array([measures.value(CORRELATED) for measures in batches])
    off = values - values.mean()
    squares = float(off @ off)
    return float(off[:-1] @ off[1:]) / squares if squares else nan


def doubts(batches: Sequence[Measures]) -> str | None:
    """Return a warning where neighbouring batches are too strongly correlated to be taken for independent.

    Test: von Neumann (1941), as in Law, Simulation Modeling and Analysis, 9.5.3.
    """
    found = correlation(batches)
    if not found * sqrt(len(batches)) > DOUBT:
        return None
    return (
        f"neighbouring batches are alike (their queue lengths correlate {found:.2f}), so that the intervals are too"
        " narrow; take fewer batches or a longer run"
    )


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
