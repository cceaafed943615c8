"""How a figure is read off a replication: for each day or batch a numerator and a denominator."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from sim.experiments.verification.estimate import FloatArray
from sim.experiments.verification.observation import Observation
from sim.experiments.verification.rows import Test, both, everyone, where
from sim.experiments.verification.spans import overlaps

Cells = tuple[FloatArray, FloatArray]
Measure = Callable[[Observation], Cells]
Sum = Callable[[Observation], FloatArray]
TableName = Literal["requests", "tasks", "conversations"]
STARTS = {"requests": "placed_at", "tasks": "task_queue_time", "conversations": "arrived_at"}


def count_of(test: Test, table: TableName = "requests") -> Sum:
    """Count rows by the cell in which they start."""
    return sum_of(None, test, table)


def sum_of(column: str | None, test: Test, table: TableName = "requests") -> Sum:
    """Sum a column (or count, without one) over the rows that pass, by the cell in which they start."""

    def summed(seen: Observation) -> FloatArray:
        rows = getattr(seen.records, table)
        counted = test(rows)
        starts = rows[STARTS[table]].to_numpy()[counted]
        weights = None if column is None else rows[column].to_numpy()[counted]
        return np.histogram(starts, seen.edges, weights=weights)[0].astype(np.float64)

    return summed


def share(part: Test, whole: Test = everyone, table: TableName = "requests") -> Measure:
    """Measure how many of the rows that pass `whole` also pass `part`, as a share."""
    numerator = count_of(lambda rows: part(rows) & whole(rows), table)
    denominator = count_of(whole, table)
    return lambda seen: (numerator(seen), denominator(seen))


def mean(column: str, among: Test = everyone, table: TableName = "requests", unit_s: float = 1.0) -> Measure:
    """Measure the mean of a column over the rows that pass, in units of `unit_s` seconds."""
    numerator, denominator = sum_of(column, among, table), count_of(among, table)
    return lambda seen: (numerator(seen) / unit_s, denominator(seen))


def fraction(part: Test, whole: Test, less: Test | None = None) -> Measure:
    """Measure part / (whole - less), counts of requests of which neither need contain the other."""
    numerator, denominator = count_of(part), count_of(whole)
    taken = count_of(less) if less is not None else None
    return lambda seen: (numerator(seen), denominator(seen) - (taken(seen) if taken else 0.0))


def per_cell(test: Test, table: TableName = "requests", times: float = 1.0) -> Measure:
    """Measure the mean number of rows a day, or `times` that."""
    counted = count_of(test, table)
    return lambda seen: (counted(seen) * times, np.ones(seen.cells))


def rate(test: Test, unit_s: float = 1.0) -> Measure:
    """Measure requests placed per `unit_s` seconds."""
    counted = count_of(test)
    return lambda seen: (counted(seen) * unit_s, np.diff(seen.edges))


def queue_length(test: Test = everyone) -> Measure:
    """Measure the mean number of requests waiting: the integral over time of who has been placed and not answered."""

    def measured(seen: Observation) -> Cells:
        rows = seen.records.requests[test(seen.records.requests)]
        starts = rows["placed_at"].to_numpy()
        return overlaps(starts, starts + rows["wait"].to_numpy(), seen.edges), np.diff(seen.edges)

    return measured


def busy_time(test: Test, until: Literal["task_wrap_up_time", "task_end_time"] = "task_end_time") -> Sum:
    """Integrate the number of tasks that are being handled, wrap-up included, by cell."""

    def measured(seen: Observation) -> FloatArray:
        rows = seen.records.tasks
        rows = rows[test(rows) & rows["task_answered_time"].notna().to_numpy()]
        return overlaps(rows["task_answered_time"].to_numpy(), rows[until].to_numpy(), seen.edges)

    return measured


def in_state(test: Test) -> Sum:
    """Integrate the number of agents whose row of `agent_states` passes, by cell."""

    def measured(seen: Observation) -> FloatArray:
        rows = seen.records.agent_states
        rows = rows[test(rows)]
        return overlaps(rows["started_at"].to_numpy(), rows["ended_at"].to_numpy(), seen.edges)

    return measured


def over(
    numerator: Sum,
    denominator: Sum,
    times: float = 1.0,
) -> Measure:
    """Measure one integral or sum over another, or `times` that."""
    return lambda seen: (numerator(seen) * times, denominator(seen))


def span(seen: Observation) -> FloatArray:
    """Give the length of each cell in seconds."""
    return np.diff(seen.edges)


def arrivals(seen: Observation) -> FloatArray:
    """Give the contacts that arrive in each cell, by the workload alone."""
    total = np.zeros(seen.cells)
    for stream in seen.workload.streams:
        total += np.histogram(stream.times, seen.edges)[0]
    return total


def used(team: str) -> Measure:
    """Measure busy agents of a team over its agents there, those who only finish what they have included."""
    there = in_state(both(where("team", team), where("medium", "")))
    return over(busy_time(where("team", team)), there)


def whole_run(measure: Measure) -> Measure:
    """Measure over the whole run as one cell, the time after closing included."""

    def measured(seen: Observation) -> Cells:
        edges = np.array([0.0, seen.records.horizon_s])
        return measure(Observation(seen.scenario, seen.workload, seen.ran, edges))

    return measured
