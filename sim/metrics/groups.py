"""From the rows of a table to the cells of a breakdown: sums and percentiles on codes."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Protocol

import numpy as np

from sim.metrics.cells import Axes
from sim.metrics.columns import BoolArray, Column, FloatArray, IntArray, stable_order
from sim.metrics.metric import Breakdown, Dimension

DENSE = 4_000_000
"""So many possible groups are looked up in a table; more are sorted."""


class Part(Protocol):
    """A numerator or denominator: it can be given in every breakdown of its metric."""

    def cells(self, by: Breakdown) -> FloatArray:
        """Return one number for each cell of the breakdown."""
        ...


class Groups:
    """The rows of a table, sorted once into the finest groups that any breakdown tells apart.

    `codes` holds for each dimension one code a row, -1 where the row has no place in it; such a row counts
    only in the breakdowns without that dimension. Teams marked in `apart` count only in breakdowns by team.
    """

    def __init__(
        self, axes: Axes, codes: Mapping[Dimension, IntArray], apart: BoolArray | None = None
    ) -> None:
        self.axes = axes
        sizes = [len(axes.names(dimension)) + 1 for dimension in codes]
        keys = np.ravel_multi_index([column + 1 for column in codes.values()], sizes)
        finest, self._group = _numbered(keys, prod(sizes))
        columns = np.unravel_index(finest, sizes)
        self._codes = {dimension: column - 1 for dimension, column in zip(codes, columns, strict=True)}
        self._size = len(finest)
        self._apart = None if apart is None else apart[self._codes["team"]]
        self._known: dict[Breakdown, IntArray] = {}
        self._sizes: dict[Breakdown, int] = {}
        # Many figures share their denominator: a column is summed once. It is known by its identity, and so kept.
        self._totals: dict[int, tuple[Column, FloatArray]] = {}
        self._cells: dict[tuple[int, Breakdown], FloatArray] = {}

    def sum(self, values: Column) -> "Sum":
        """Sum one value a row, to be given in any breakdown."""
        if id(values) not in self._totals:
            self._totals[id(values)] = values, weighted_counts(self._group, values, self._size)
        return Sum(self, values)

    def sums(self, values: Column, by: Breakdown) -> FloatArray:
        """Add a column that was summed up into the cells of a breakdown."""
        place = id(values), by
        if place not in self._cells:
            size, totals = self.size_of(by), self._totals[id(values)][1]
            self._cells[place] = weighted_counts(self.cell_of(by), totals, size + 1)[:size]
        return self._cells[place]

    def size_of(self, by: Breakdown) -> int:
        """Return the number of cells of a breakdown."""
        if by not in self._sizes:
            self._sizes[by] = prod(self.axes.shape(by))
        return self._sizes[by]

    def rows_of(self, by: Breakdown) -> IntArray:
        """Return the cell of each row in a breakdown; the number of cells stands for none."""
        return self.cell_of(by)[self._group]

    def cell_of(self, by: Breakdown) -> IntArray:
        """Return the cell of each finest group in a breakdown; the number of cells stands for none."""
        if by not in self._known:
            self._known[by] = self._cell_of(by)
        return self._known[by]

    def _cell_of(self, by: Breakdown) -> IntArray:
        none = self.size_of(by)
        cell = np.zeros(self._size, dtype=np.int64)
        outside = np.zeros(self._size, dtype=np.bool_)
        for dimension, size in zip(by, self.axes.shape(by), strict=True):
            cell = cell * size + self._codes[dimension]
            outside |= self._codes[dimension] < 0
        if self._apart is not None and "team" not in by:
            outside |= self._apart
        cell[outside] = none
        return cell


class Sum:
    """The sums of one column over the finest groups."""

    def __init__(self, groups: Groups, values: Column) -> None:
        self.groups = groups
        self._values = values

    def cells(self, by: Breakdown) -> FloatArray:
        """Add the groups up into the cells of a breakdown."""
        return self.groups.sums(self._values, by)


class Readings:
    """A part with further readings: one for each name along a dimension, which comes first in a breakdown."""

    def __init__(self, own: Part, further: Mapping[Dimension, Sequence[Part]]) -> None:
        self.own = own
        self.further = further

    def cells(self, by: Breakdown) -> FloatArray:
        """Return the cells of a breakdown, reading by reading where it is one by readings."""
        if not by or by[0] not in self.further:
            return self.own.cells(by)
        found = [part.cells(by[1:]) for part in self.further[by[0]]]
        return np.concatenate(found) if found else np.zeros(0)


class Ranking:
    """The chosen rows' values in order, cell by cell, for percentiles."""

    def __init__(self, groups: Groups, values: FloatArray, chosen: BoolArray) -> None:
        self.groups = groups
        picked = np.flatnonzero(chosen)
        self._rows = picked[np.argsort(values[picked], kind="stable")]
        self._values = values[self._rows]
        self._known: dict[Breakdown, tuple[FloatArray, IntArray, IntArray]] = {}

    def percentile(self, share: float) -> "Percentile":
        """Return the value that this share of the rows does not exceed; 1 gives the greatest."""
        return Percentile(self, share)

    def sorted_cells(self, by: Breakdown) -> tuple[FloatArray, IntArray, IntArray]:
        """Return the values sorted by cell and size, and each cell's first position and number of values."""
        if by not in self._known:
            size = self.groups.size_of(by)
            cell = self.groups.rows_of(by)[self._rows]
            counts = np.bincount(cell, minlength=size + 1)[:size]
            order = stable_order(cell, size + 1)
            self._known[by] = self._values[order], np.cumsum(counts) - counts, counts
        return self._known[by]


class Percentile:
    """A percentile in each cell, interpolated linearly between ordered values; NaN where there are none."""

    def __init__(self, ranking: Ranking, share: float) -> None:
        self.ranking = ranking
        self.share = share

    def cells(self, by: Breakdown) -> FloatArray:
        """Return the percentile of each cell."""
        values, first, counts = self.ranking.sorted_cells(by)
        result = np.full(len(counts), np.nan)
        filled = counts > 0
        at = self.share * (counts[filled] - 1)
        below = np.floor(at).astype(np.int64)
        above = np.minimum(below + 1, counts[filled] - 1)
        low, high = values[first[filled] + below], values[first[filled] + above]
        with np.errstate(invalid="ignore"):
            between = low + (at - below) * (high - low)
        # There is no way half to an endless wait.
        result[filled] = np.where(np.isinf(high), np.where(at > below, high, low), between)
        return result


def _numbered(keys: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Return the keys there are, in order, and for each row the number of its own."""
    if size > DENSE:
        return np.unique(keys, return_inverse=True)
    there = np.zeros(size, dtype=np.bool_)
    there[keys] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[keys]


def weighted_counts(codes: IntArray, weights: Column, size: int) -> FloatArray:
    """Sum the weights of each code."""
    return np.bincount(codes, weights=weights, minlength=size).astype(np.float64, copy=False)
