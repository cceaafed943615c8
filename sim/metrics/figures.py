"""Figures with their intervals, over replications."""

from collections.abc import Collection
from math import nan
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from sim.metrics.cells import Cells
from sim.metrics.columns import BoolArray, FloatArray, IntArray, is_one_of
from sim.metrics.measures import Measures
from sim.metrics.metric import PLACE_COLUMNS
from sim.records.table import Columns, frame_of
from sim.workload.inverse import special

if TYPE_CHECKING:
    import pandas as pd


EVERY = slice(None)


class Moments:
    """Means and sums of squared deviations of numerator and denominator, updated as Welford (1962) does."""

    def __init__(self, size: int) -> None:
        self.count = np.zeros(size)
        self.top, self.bottom = np.zeros(size), np.zeros(size)
        self.top_top, self.top_bottom, self.bottom_bottom = np.zeros(size), np.zeros(size), np.zeros(size)

    def add(self, top: FloatArray, bottom: FloatArray, missing: IntArray) -> None:
        """Add one replication; the cells `missing`, those whose numerator is NaN, have no value in it."""
        _count(self.count, missing)
        with np.errstate(divide="ignore"):
            weight = 1.0 / self.count
        weight[missing] = 0.0
        off_top, off_bottom = _off(self.top, top, missing), _off(self.bottom, bottom, missing)
        product = weight * off_top
        self.top += product
        self.bottom += np.multiply(weight, off_bottom, out=product)
        rest = np.subtract(1.0, weight, out=weight)
        left = off_top * rest
        self.top_top += np.multiply(off_top, left, out=left)
        left = np.multiply(off_bottom, rest, out=left)
        self.top_bottom += np.multiply(off_top, left, out=product)
        self.bottom_bottom += np.multiply(off_bottom, left, out=product)

    def of(self, rows: slice) -> "Moments":
        """Return those of some cells."""
        some = Moments(0)
        for name, sums in vars(self).items():
            setattr(some, name, sums[rows])
        return some

    def estimate(self, is_ratio: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Return value and standard error of each cell, NaN where there are none."""
        has_data = (self.count > 0) & (self.bottom > 0)
        divisor = np.where(is_ratio, self.bottom, 1.0)
        value = np.divide(self.top, divisor, out=np.full(len(divisor), np.nan), where=has_data)
        slope = np.where(is_ratio, value, 0.0)
        squares = self.top_top - 2 * slope * self.top_bottom + slope**2 * self.bottom_bottom
        spread = self.count * (self.count - 1) * divisor**2
        known = has_data & (self.count > 1)
        variance = np.divide(squares, spread, out=np.full(len(divisor), np.nan), where=known)
        return value, np.sqrt(np.maximum(variance, 0.0))


def _count(count: FloatArray, missing: IntArray) -> None:
    """Count one more of each cell but of those missing."""
    count += 1.0
    count[missing] -= 1.0


def _off(mean: FloatArray, values: FloatArray, missing: IntArray) -> FloatArray:
    """Return how far values are off their means, 0 where they are missing."""
    off: FloatArray = values - mean
    off[missing] = 0.0
    return off


class _OwnValues:
    """Mean, squared deviations, least and greatest of the replications' own values, updated likewise."""

    def __init__(self, size: int) -> None:
        self.count, self.mean, self.squares = np.zeros(size), np.zeros(size), np.zeros(size)
        self.least, self.greatest = np.full(size, np.nan), np.full(size, np.nan)

    def add(self, top: FloatArray, bottom: FloatArray, is_ratio: BoolArray) -> None:
        """Add one replication; a ratio without a denominator has no value in it, a count of nothing is 0."""
        value = top.copy()
        with np.errstate(divide="ignore", invalid="ignore"):
            np.divide(top, bottom, out=value, where=is_ratio)
        missing = np.flatnonzero(np.isnan(top) | (is_ratio & ~(bottom > 0)))
        value[missing] = np.nan
        _count(self.count, missing)
        off = _off(self.mean, value, missing)
        with np.errstate(invalid="ignore"):
            step = off / self.count
        step[missing] = 0.0
        self.mean += step
        off *= _off(self.mean, value, missing)
        self.squares += off
        np.fmin(self.least, value, out=self.least)
        np.fmax(self.greatest, value, out=self.greatest)

    def spread(self, rows: slice = EVERY) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return standard deviation (of n - 1), least and greatest of cells, NaN where there are none."""
        count, squares = self.count[rows], self.squares[rows]
        variance = np.divide(squares, count - 1, out=np.full_like(squares, np.nan), where=count > 1)
        return np.sqrt(variance), self.least[rows], self.greatest[rows]


FIGURE_COLUMNS = (
    "metric", *PLACE_COLUMNS, "value", "low", "high", "sd", "min", "max", "replications", "unit",
)  # fmt: skip


class Figure(NamedTuple):
    """One row of the table: empty names mean over all; `low` and `high` are NaN with one replication.

    `sd`, `min` and `max` are those of the replications' own values.
    """

    metric: str
    variant: str
    queue: str
    team: str
    channel: str
    kind: str
    label: str
    day: str
    interval: str
    value: float
    low: float
    high: float
    sd: float
    min: float
    max: float
    replications: int
    unit: str

    @classmethod
    def of(
        cls,
        metric: str,
        value: float,
        limits: tuple[float, float],
        replications: int,
        unit: str,
        **place: str,
    ) -> Self:
        """Return a figure without sd, min and max, over all but for the `place` given."""
        low, high = limits
        names = {column: place.get(column, "") for column in PLACE_COLUMNS}
        return cls(
            metric, **names, value=value, low=low, high=high, sd=nan, min=nan, max=nan,
            replications=replications, unit=unit,
        )  # fmt: skip


class Figures:
    """Means, variances and covariances of every cell, folded one replication after the other.

    Memory does not grow with the replications. The same replications in the same order give the same bytes.
    """

    def __init__(self) -> None:
        self.replications = 0
        self._cells: Cells | None = None
        self._moments, self._own = Moments(0), _OwnValues(0)

    @property
    def cells(self) -> Cells:
        """The cells of the folded measures; ValueError before the first fold."""
        if self._cells is None:
            raise ValueError("no replication has been folded in yet")
        return self._cells

    def fold(self, measures: Measures) -> None:
        """Take one more replication in.

        Raises ValueError where its cells are not those of the replications before it.
        """
        if self._cells is None:
            self._cells = measures.cells
            self._moments, self._own = Moments(len(measures.cells)), _OwnValues(len(measures.cells))
        if measures.cells != self._cells:
            raise ValueError("these measures are those of another scenario or of other metrics")
        self.replications += 1
        missing = np.flatnonzero(np.isnan(measures.numerator))
        self._moments.add(measures.numerator, measures.denominator, missing)
        self._own.add(measures.numerator, measures.denominator, measures.cells.is_ratio)

    def table(self, level: float = 0.95) -> "pd.DataFrame":
        """Return the figures that have data, one a row, with intervals of this confidence level."""
        return frame_of(self.columns(level))

    def columns(self, level: float = 0.95) -> Columns:
        """Return the same as columns, which need no pandas."""
        cells = self.cells.columns()
        found = {name: cells[name] for name in cells}
        found["value"], found["low"], found["high"] = self.intervals(level)
        found["sd"], found["min"], found["max"] = self._own.spread()
        found["replications"] = self._moments.count.astype(np.int64)
        ordered = {name: found[name] for name in FIGURE_COLUMNS}
        names = {name: cells.names(name) for name in cells}
        there: BoolArray = ~np.isnan(found["value"])
        return Columns(ordered, names)[there]

    def intervals(
        self, level: float = 0.95, rows: slice = EVERY
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return value, low and high of cells, NaN where there are no data.

        Ratios of means: delta method; means: the plain standard error; both with Student's t
        of n - 1 degrees. The limits of a share are kept within 0 and 1.
        """
        moments = self._moments.of(rows)
        value, error = moments.estimate(self.cells.is_ratio[rows])
        half = _student_t(moments.count, level) * error
        low, high = value - half, value + half
        share = self.cells.is_share[rows]
        return value, np.where(share, np.clip(low, 0, 1), low), np.where(share, np.clip(high, 0, 1), high)

    def value(
        self,
        metric: str,
        *,
        variant: str = "",
        queue: str = "",
        team: str = "",
        channel: str = "",
        kind: str = "",
        label: str = "",
        day: str = "",
        interval: str = "",
        level: float = 0.95,
    ) -> Figure:
        """Return one figure; its value is NaN where there are no data, but a count of nothing is 0.

        Raises SimError, with the nearest name, for a name that does not exist.
        """
        names = (variant, queue, team, channel, kind, label, day, interval)
        place = dict(zip(PLACE_COLUMNS, names, strict=True))
        row = self.cells.row(metric, place)
        alone = slice(row, row + 1)
        value, low, high = (column.item() for column in self.intervals(level, alone))
        count = int(self._moments.count[row])
        if self._is_count_of_nothing(row):
            value, low, high = 0.0, *([0.0, 0.0] if count > 1 else [nan, nan])
        found = Figure.of(metric, value, (low, high), count, self.cells.unit_of(metric), **place)
        sd, least, most = (column.item() for column in self._own.spread(alone))
        return found._replace(sd=sd, min=least, max=most)

    def _is_count_of_nothing(self, row: int) -> bool:
        """Return whether a row is a total that had nothing to add up: such a total is 0, a mean then has no value."""
        moments = self._moments
        return bool(not self.cells.is_ratio[row] and moments.count[row] and not moments.bottom[row])


def _student_t(count: FloatArray, level: float) -> FloatArray:
    """Return the two-sided quantile of Student's t with n - 1 degrees of freedom, NaN where n is below 2."""
    sizes, cell = np.unique(count, return_inverse=True)
    quantiles = np.full(len(sizes), np.nan)
    quantiles[sizes > 1] = special().stdtrit(sizes[sizes > 1] - 1, 0.5 + level / 2)
    return quantiles[cell]


# Rows chosen from a table of figures, be it a frame or columns, which need no pandas.


def about(table: "pd.DataFrame | Columns", metrics: Collection[str]) -> list[Figure]:
    """Return the figures of some metrics."""
    return _rows(table, is_one_of(table, "metric", *metrics))


def over_all(table: "pd.DataFrame | Columns", apart: Collection[str] = ()) -> list[Figure]:
    """Return the figures over all but for the columns that set them apart."""
    whole = np.ones(len(table), dtype=np.bool_)
    for column in PLACE_COLUMNS:
        if column not in apart:
            whole &= is_one_of(table, column, "")
    return _rows(table, whole)


def _rows(table: "pd.DataFrame | Columns", chosen: BoolArray) -> list[Figure]:
    if not isinstance(table, Columns):
        return [Figure._make(row) for row in table[chosen][list(Figure._fields)].itertuples(index=False)]
    taken = table[chosen]
    cells = [taken.words(name) if name in taken.coded else taken[name].tolist() for name in Figure._fields]
    return [Figure._make(row) for row in zip(*cells, strict=True)]
