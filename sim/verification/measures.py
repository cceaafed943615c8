"""Measures of a replication, a numerator and a denominator for each day or batch, and their estimates."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.errors import SimError
from sim.metrics.columns import FloatArray
from sim.metrics.waiting import overlaps
from sim.records import Records
from sim.scenario import Scenario
from sim.workload import Workload

if TYPE_CHECKING:
    import pandas as pd


# Tests of the rows of a table, to be combined.

Mask = npt.NDArray[np.bool_]
Test = Callable[["pd.DataFrame"], Mask]


def everyone(table: "pd.DataFrame") -> Mask:
    """Count every row."""
    return np.ones(len(table), dtype=bool)


def where(column: str, *values: str) -> Test:
    """Count the rows whose column of names holds one of these."""

    def test(table: "pd.DataFrame") -> Mask:
        names = table[column].cat
        wanted = np.flatnonzero(names.categories.isin(values))
        return np.isin(names.codes.to_numpy(), wanted)

    return test


def both(*tests: Test) -> Test:
    """Count the rows that pass all the tests."""

    def test(table: "pd.DataFrame") -> Mask:
        passed = everyone(table)
        for one in tests:
            passed &= one(table)
        return passed

    return test


def unless(test: Test) -> Test:
    """Count the rows that do not pass the test."""

    def opposite(table: "pd.DataFrame") -> Mask:
        return ~test(table)

    return opposite


def either(*tests: Test) -> Test:
    """Count the rows that pass one of the tests or more."""

    def test(table: "pd.DataFrame") -> Mask:
        passed = ~everyone(table)
        for one in tests:
            passed |= one(table)
        return passed

    return test


def at_most(column: str, value: float) -> Test:
    """Count the rows whose number is at most `value`."""

    def test(table: "pd.DataFrame") -> Mask:
        return table[column].to_numpy() <= value

    return test


def between(column: str, low: float, high: float) -> Test:
    """Count the rows whose number lies in [low, high)."""

    def test(table: "pd.DataFrame") -> Mask:
        numbers = table[column].to_numpy()
        return (numbers >= low) & (numbers < high)

    return test


answered = where("outcome", "answered")
"""Requests that an agent accepted."""

abandoned = where("outcome", "abandoned")
"""Requests whose customer gave up, balkers among them."""

let_in = where("outcome", "answered", "abandoned")
"""Requests that were not turned away for want of a waiting place."""


def waits_at_all(table: "pd.DataFrame") -> Mask:
    """Count requests that were not answered at once."""
    return ~answered(table) | (table["wait"].to_numpy() > 0)


# Estimates.


@dataclass(frozen=True, slots=True)
class Estimate:
    """A simulated figure with the standard error of its mean and a 95 % interval by Student's t."""

    value: float
    standard_error: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


def ratio_of_means(
    numerators: FloatArray, denominators: FloatArray, controls: FloatArray | None = None
) -> Estimate:
    """Estimate sum(numerators) / sum(denominators) over independent days or batches.

    The residuals of the ratio r, (n - r d) / mean(d), have the delta method's spread. `controls` are columns of
    numbers with known mean 0, one row a day or batch; their effect on the residuals is taken out by
    regression (control variates: S. Lavenberg & P. Welch 1981), which narrows the interval and moves no mean.
    Without a degree of freedom left the error is unknown, and infinite.
    """
    cells, whole = numerators.size, float(denominators.sum())
    value = float(numerators.sum()) / whole if whole else math.nan
    known = np.empty((cells, 0)) if controls is None else controls
    freedom = cells - 1 - known.shape[1]
    if freedom < 1 or not whole:
        return Estimate(value, math.inf, -math.inf, math.inf)
    residuals = (numerators - value * denominators) * (cells / whole)
    shift, standard_error = _intercept(residuals, known, freedom)
    reach = float(special.stdtrit(freedom, 0.975)) * standard_error
    value += shift
    return Estimate(value, standard_error, value - reach, value + reach)


def _intercept(residuals: FloatArray, controls: FloatArray, freedom: int) -> tuple[float, float]:
    """Return the mean of the residuals where all controls are 0, and its standard error."""
    design = np.column_stack((np.ones(residuals.size), controls))
    coefficients = np.linalg.lstsq(design, residuals, rcond=None)[0]
    variance = float(((residuals - design @ coefficients) ** 2).sum()) / freedom
    leverage = float(np.linalg.pinv(design.T @ design)[0, 0])
    return float(coefficients[0]), math.sqrt(variance * leverage)


# Measures.


@dataclass(frozen=True, slots=True)
class Observation:
    """One replication, cut at `edges` (seconds from opening) into days or batches, one cell each.

    `ran` holds the records; it is None where a case looks at the workload alone and nothing was simulated.
    """

    scenario: Scenario
    workload: Workload
    ran: Records | None
    edges: FloatArray

    @property
    def records(self) -> Records:
        """The records of the run.

        Raises:
            SimError: nothing was simulated.

        """
        if self.ran is None:
            raise SimError("this case looks at its workload alone")
        return self.ran

    @property
    def cells(self) -> int:
        """Number of days or batches."""
        return int(self.edges.size) - 1


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
    """Measure the mean number of requests waiting: the integral over time of those placed and not answered."""

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
    """Return the length of each cell in seconds."""
    return np.diff(seen.edges)


def arrivals(seen: Observation) -> FloatArray:
    """Return the contacts that arrive in each cell, by the workload alone."""
    total = np.zeros(seen.cells)
    for stream in seen.workload.streams:
        total += np.histogram(stream.times, seen.edges)[0]
    return total


def used(team: str) -> Measure:
    """Measure busy agents of a team over its agents there, including those who only finish their tasks."""
    there = in_state(both(where("team", team), where("medium", "")))
    return over(busy_time(where("team", team)), there)


def whole_run(measure: Measure) -> Measure:
    """Measure over the whole run as one cell, the time after closing included."""

    def measured(seen: Observation) -> Cells:
        edges = np.array([0.0, seen.records.horizon_s])
        return measure(Observation(seen.scenario, seen.workload, seen.ran, edges))

    return measured
