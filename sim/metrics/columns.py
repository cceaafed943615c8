"""The records' columns as arrays, names as codes, and what their values add up to or come to, cell by cell."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.metrics.metric import Breakdown, Dimension
from sim.records.table import ALONE, Columns, Replications

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.cells import Axes

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Column = FloatArray | IntArray | BoolArray
Pair = tuple[Column, Column]
"""What goes into a numerator and a denominator, a value a row."""


DENSE = 4_000_000
"""So many possible groups are looked up in a table; more are sorted."""
AT_ONCE = 32_000
"""So many numbers are put into cells at once, or those of one breakdown."""
OUTSIDE = 2.0**60
"""The code of what has no place in a dimension: more than there can be cells, whatever is added."""


def stable_order(codes: IntArray, size: int) -> IntArray:
    """Return the order that sorts codes below `size` and leaves equal ones as they come."""
    # numpy sorts 16 bits in linear time
    return np.argsort(codes.astype(np.uint16) if size <= 65_536 else codes, kind="stable")


def firsts(codes: IntArray) -> IntArray:
    """Return where each code comes first among codes in order, of which there is at least one."""
    return np.concatenate(([0], np.flatnonzero(codes[1:] != codes[:-1]) + 1))


def numbers(frame: "pd.DataFrame | Columns", column: str) -> FloatArray:
    """Return a column of times, durations, counts or flags as floats."""
    return np.asarray(frame[column], dtype=np.float64)


def codes(frame: "pd.DataFrame | Columns", column: str, names: tuple[str, ...]) -> IntArray:
    """Return for each row the position of its name in `names`, -1 for none or another name."""
    if isinstance(frame, Columns):
        found: IntArray = _recoded(frame.names(column), names).take(frame[column])
        return found
    import pandas as pd

    values = frame[column]
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return positions(names, values)
    return _recoded(tuple(values.cat.categories), names)[values.cat.codes.to_numpy()]


@lru_cache(maxsize=256)
def _recoded(words: tuple[str, ...], names: tuple[str, ...]) -> IntArray:
    """Return for each word its position in `names`, -1 for another one; the last one is for the code -1, none."""
    known = {name: position for position, name in enumerate(names)}
    return np.array([*(known.get(word, -1) for word in words), -1])


def is_one_of(frame: "pd.DataFrame | Columns", column: str, *names: str) -> BoolArray:
    """Describe for each row whether its name is one of these."""
    if isinstance(frame, Columns):
        values = frame[column]
        # Compared with one code after the other: looked up in a table each row would take ten times as long.
        found: BoolArray = np.zeros(len(values), np.bool_)
        for code in _among(frame.names(column), names):
            found |= values == code
        return found
    return codes(frame, column, names) >= 0


@lru_cache(maxsize=256)
def _among(words: tuple[str, ...], names: tuple[str, ...]) -> tuple[int, ...]:
    """Return the codes of the words that are one of the names."""
    return tuple(code for code, word in enumerate(words) if word in names)


def positions(
    keys: "Sequence[str] | pd.Series[Any] | IntArray", wanted: "pd.Series[Any] | IntArray"
) -> IntArray:
    """Return for each wanted key its position among the keys, -1 where it is not there."""
    if isinstance(keys, np.ndarray) and isinstance(wanted, np.ndarray):
        return _positions_of_numbers(keys, wanted)
    import pandas as pd

    return np.asarray(pd.Index(keys).get_indexer(pd.Index(wanted)), dtype=np.int64)


def _positions_of_numbers(keys: IntArray, wanted: IntArray) -> IntArray:
    """Look whole numbers up in a table: the records count from 1, so that it is hardly longer than the keys."""
    most = int(max(keys.max(initial=0), wanted.max(initial=0)))
    table = np.full(most + 1, -1)
    table[keys] = np.arange(len(keys))
    return table[wanted]


# Rows in groups, and the cells of a breakdown.


class Part:
    """A numerator or denominator, in every breakdown of its metric; each kind gives one of the two that follow."""

    def cells(self, by: Breakdown) -> FloatArray:
        """Return one number for each cell of the breakdown, in a row for each replication."""
        return self.blocks((by,))

    def blocks(self, breakdowns: tuple[Breakdown, ...]) -> FloatArray:
        """Return the cells of one breakdown after the other, in a row for each replication."""
        return np.concatenate([self.cells(by) for by in breakdowns], axis=1)


class Groups:
    """The rows of a table, sorted once into the finest groups that any breakdown tells apart.

    `codes` holds for each dimension one code a row, -1 where the row has no place in it; such a row counts
    only in the breakdowns without that dimension. Teams marked in `apart` count only in breakdowns by team.
    No group has rows of two replications.
    """

    def __init__(
        self,
        axes: "Axes",
        codes: Mapping[Dimension, IntArray],
        apart: BoolArray | None = None,
        replications: Replications = ALONE,
    ) -> None:
        self.axes = axes
        self.count = replications.count
        self._counts = tuple((dimension, len(axes.names(dimension))) for dimension in codes)
        sizes = [count + 1 for _, count in self._counts]
        # A tenth of the time of numpy's own function, which looks at each code once more to check it.
        keys = np.zeros(len(next(iter(codes.values()))), np.int64)
        for column, size in zip(codes.values(), sizes, strict=True):
            if size > 1:  # else there are no names
                keys *= size
                keys += column
                keys += 1
        finest, self.group = _numbered(keys, prod(sizes))
        of: IntArray | float = 0.0
        if self.count > 1:
            # In two steps: the cells of all replications would be looked up in a table too large to be near.
            there, self.group = _numbered(
                replications.cells(self.group, len(finest)), self.count * len(finest)
            )
            of, which = np.divmod(there, len(finest))
            finest = finest[which]
        self._size = len(finest)
        self._places = np.zeros((len(sizes) + 2, self._size))
        self._places[:-2] = np.unravel_index(finest, sizes)
        self._places[:-2] -= 1.0
        self._places[-1] = of
        if apart is not None:
            self._places[-2, apart[self._places[list(codes).index("team")].astype(np.int64)]] = OUTSIDE
        self._places[self._places < 0] = OUTSIDE
        self._known: dict[Breakdown, IntArray] = {}
        self._alike: dict[Breakdown, Breakdown] = {}
        self._first_alike: dict[tuple[int, bytes], Breakdown] = {}
        # Many figures share their denominator: a column is summed once. It is known by its identity, and so kept.
        self._sums: dict[int, Sum] = {}
        self._columns: list[Column] = []
        self._totals: list[FloatArray] = []
        self._zeros: int | None = None
        self._cells: dict[Breakdown, FloatArray] = {}
        self._beside: dict[tuple[Breakdown, ...], FloatArray] = {}

    def sum(self, values: Column) -> "Sum":
        """Sum one value a row, to be given in any breakdown."""
        found = self._sums.get(id(values))
        if found is None:
            found = self._sums[id(values)] = Sum(self, self._number_of(self._total(values)))
            self._columns.append(values)
        return found

    def _total(self, values: Column) -> FloatArray:
        """Sum a column over the finest groups; of flags, most of which are seldom set, those set are counted."""
        if values.dtype == np.bool_:
            return np.bincount(self.group[values], minlength=self._size).astype(np.float64)
        return weighted_counts(self.group, values, self._size)

    def _number_of(self, total: FloatArray) -> int:
        """Return the number of a column with these sums; all columns of zeros are one, and many are nothing else."""
        if total.any():
            self._totals.append(total)
            return len(self._totals) - 1
        if self._zeros is None:
            self._zeros = len(self._totals)
            self._totals.append(total)
        return self._zeros

    def blocks(self, number: int, breakdowns: tuple[Breakdown, ...]) -> FloatArray:
        """Return the cells of one breakdown after the other, of a column that was summed up, by its number."""
        found = self._beside.get(breakdowns)
        if found is None or number >= len(found):
            self._sum_up(breakdowns)
            found = np.concatenate([self._cells[by] for by in breakdowns], axis=2)
            self._beside[breakdowns] = found
        row: FloatArray = found[number]
        return row

    def _sum_up(self, breakdowns: tuple[Breakdown, ...]) -> None:
        """Add up what is not yet, all columns and many breakdowns at once: calls would cost more than the sums."""
        count = len(self._totals)
        new = [by for by in breakdowns if by not in self._cells or len(self._cells[by]) < count]
        if not new:
            return
        totals = np.array(self._totals)
        for some in batches(new, totals.size):
            cells, layout = self.beside(some)
            places = np.add.outer(np.arange(count) * layout.size, cells).ravel()
            weights = np.repeat(totals[:, np.newaxis], len(some), axis=1).ravel()
            sums = weighted_counts(places, weights, count * layout.size).reshape(count, layout.size)
            self._cells |= {
                by: sums[:, span].reshape(count, self.count, -1)
                for by, span in zip(some, layout.spans, strict=True)
            }

    def size_of(self, by: Breakdown) -> int:
        """Return the number of cells of a breakdown in all replications."""
        return self.count * prod(self.axes.shape(by))

    def beside(self, breakdowns: Sequence[Breakdown]) -> "tuple[IntArray, _Layout]":
        """Return the cell of each finest group, in a row for each breakdown, and how their cells lie."""
        layout = _layout(self._counts, tuple(breakdowns), self.count)
        cells = np.minimum(layout.strides @ self._places, layout.sizes)
        return (cells + layout.starts).astype(np.int64), layout

    def alike(self, breakdowns: Sequence[Breakdown]) -> list[Breakdown]:
        """Return for each the first breakdown asked for here in which each row is in the same cell, as by one queue."""
        new = [by for by in breakdowns if by not in self._alike]
        if new:
            cells, layout = self.beside(new)
            for by, cell in zip(new, cells - layout.starts.astype(np.int64), strict=True):
                self._known[by] = cell
                self._alike[by] = self._first_alike.setdefault((self.size_of(by), cell.tobytes()), by)
        return [self._alike[by] for by in breakdowns]

    def rows_of(self, by: Breakdown) -> IntArray:
        """Return the cell of each row in a breakdown that was asked for; the number of cells stands for none."""
        rows: IntArray = self._known[by][self.group]
        return rows


class _Layout(NamedTuple):
    """The cells of breakdowns beside each other: after those of each comes one for what has none.

    Each has a row of strides, how far a step along a dimension goes among its cells; the last but one is for teams
    apart, which have no place but by team, and the last one leads to the cells of the next replication.
    """

    strides: FloatArray
    starts: FloatArray
    sizes: FloatArray
    spans: list[slice]
    size: int


@lru_cache(maxsize=256)
def _layout(
    counts: tuple[tuple[Dimension, int], ...], breakdowns: tuple[Breakdown, ...], replications: int
) -> _Layout:
    dimensions, spans, size = [dimension for dimension, _ in counts], [], 0
    strides = np.zeros((len(breakdowns), len(counts) + 2))
    for by, stride in zip(breakdowns, strides, strict=True):
        step = 1
        for dimension in reversed(by):
            stride[dimensions.index(dimension)] = step
            step *= dict(counts)[dimension]
        stride[-2:] = "team" not in by, step
        spans.append(slice(size, size + replications * step))
        size += replications * step + 1
    starts = np.array([span.start for span in spans], np.float64).reshape(-1, 1)
    sizes = np.array([span.stop - span.start for span in spans], np.float64).reshape(-1, 1)
    return _Layout(strides, starts, sizes, spans, size)


class Sum(Part):
    """The sums of one column over the finest groups."""

    def __init__(self, groups: Groups, number: int) -> None:
        self.groups = groups
        self._number = number

    def blocks(self, breakdowns: tuple[Breakdown, ...]) -> FloatArray:
        """Return the cells of one breakdown after the other."""
        return self.groups.blocks(self._number, breakdowns)


class Readings(Part):
    """A part with further readings: one for each name along a dimension, which comes first in a breakdown."""

    def __init__(self, own: Part, further: Mapping[Dimension, Sequence[Part]]) -> None:
        self.own = own
        self.further = further

    def cells(self, by: Breakdown) -> FloatArray:
        """Return the cells of a breakdown, reading by reading where it is one by readings."""
        if not by or by[0] not in self.further:
            return self.own.cells(by)
        found = [part.cells(by[1:]) for part in self.further[by[0]]]
        return np.concatenate(found, axis=1) if found else self.own.cells(())[:, :0]

    def blocks(self, breakdowns: tuple[Breakdown, ...]) -> FloatArray:
        """Return the cells of one breakdown after the other; its own, which come first, are found at once."""
        own = tuple(takewhile(lambda by: not by or by[0] not in self.further, breakdowns))
        return np.concatenate([self.own.blocks(own), *map(self.cells, breakdowns[len(own) :])], axis=1)


class Ranking:
    """The chosen rows' values in order, cell by cell, for percentiles."""

    def __init__(self, groups: Groups, values: FloatArray, chosen: BoolArray) -> None:
        self.groups = groups
        picked = np.flatnonzero(chosen)
        self._rows = picked[np.argsort(values[picked], kind="stable")]
        self._group = groups.group[self._rows]
        self._values = values[self._rows]
        self._shares: list[float] = []
        self._known: dict[Breakdown, FloatArray] = {}

    def percentile(self, share: float) -> "Percentile":
        """Return the value that this share of the rows does not exceed; 1 gives the greatest."""
        self._shares.append(share)
        return Percentile(self, len(self._shares) - 1)

    def percentiles(self, number: int, breakdowns: tuple[Breakdown, ...]) -> list[FloatArray]:
        """Return a percentile in each cell, by its number; all that were asked for are found at once."""
        count, alike = len(self._shares), self.groups.alike(breakdowns)
        new = [by for by in dict.fromkeys(alike) if by not in self._known or len(self._known[by]) < count]
        for some in batches(new, len(self._rows)):
            cells, layout = self.groups.beside(some)
            cell = cells.take(self._group, axis=1).ravel()
            values = np.tile(self._values, len(some))[stable_order(cell, layout.size)]
            found = self._all_percentiles(values, np.bincount(cell, minlength=layout.size))
            self._known |= {by: found[:, span] for by, span in zip(some, layout.spans, strict=True)}
        return [self._known[by][number].reshape(self.groups.count, -1) for by in alike]

    def _all_percentiles(self, values: FloatArray, counts: IntArray) -> FloatArray:
        result = np.full((len(self._shares), len(counts)), np.nan)
        filled = np.flatnonzero(counts)
        last, first = counts[filled] - 1, (np.cumsum(counts) - counts)[filled]
        at = np.multiply.outer(np.array(self._shares), last)
        below = np.floor(at).astype(np.int64)
        low, high = values[first + below], values[first + np.minimum(below + 1, last)]
        with np.errstate(invalid="ignore"):
            between = low + (at - below) * (high - low)
        # There is no way half to an endless wait.
        result[:, filled] = np.where(np.isinf(high), np.where(at > below, high, low), between)
        return result


class Percentile(Part):
    """A percentile in each cell, interpolated linearly between ordered values; NaN where there are none."""

    def __init__(self, ranking: Ranking, number: int) -> None:
        self.ranking = ranking
        self._number = number

    def blocks(self, breakdowns: tuple[Breakdown, ...]) -> FloatArray:
        """Return the percentile of each cell of one breakdown after the other."""
        return np.concatenate(self.ranking.percentiles(self._number, breakdowns), axis=1)


def _numbered(keys: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Return the keys there are, in order, and for each row the number of its own."""
    if size > DENSE:
        return np.unique(keys, return_inverse=True)
    there = np.zeros(size, dtype=np.bool_)
    there[keys] = True
    found = np.flatnonzero(there)
    number = np.empty(size, np.int64)  # only of the keys there are
    number[found] = np.arange(len(found))
    return found, number[keys]


def batches(breakdowns: Sequence[Breakdown], size: int) -> list[Sequence[Breakdown]]:
    """Return breakdowns together as far as what is gone through for each, of that size, may be there at once."""
    step = max(1, AT_ONCE // max(1, size))
    return [breakdowns[first : first + step] for first in range(0, len(breakdowns), step)]


def weighted_counts(codes: IntArray, weights: Column, size: int) -> FloatArray:
    """Sum the weights of each code."""
    return np.bincount(codes, weights=weights, minlength=size).astype(np.float64, copy=False)
