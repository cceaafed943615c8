"""The records' columns as arrays, names as codes, and what their values add up to, group by group and cell by cell."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from sim.metrics.metric import Breakdown, Dimension
from sim.records import Records
from sim.records.table import Columns

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.cells import Axes
    from sim.records import Ending

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Column = FloatArray | IntArray | BoolArray
Pair = tuple[Column, Column]
"""What goes into a numerator and a denominator, a value a row."""


DENSE = 4_000_000
"""So many possible groups are looked up in a table; more are sorted."""


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
        found: IntArray = _recoded(frame.names(column), names)[frame[column]]
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
        found: BoolArray = _among(frame.names(column), names)[frame[column]]
        return found
    return codes(frame, column, names) >= 0


@lru_cache(maxsize=256)
def _among(words: tuple[str, ...], names: tuple[str, ...]) -> BoolArray:
    """Return for each word whether it is one of the names; the last one is for the code -1, none."""
    return _recoded(words, names) >= 0


def anything_open(records: "Recorded") -> bool:
    """Return whether a request or a conversation was open when the run ended."""
    if isinstance(records, Records) and records.days:
        return any(map(anything_open, records.days))
    tables = (lean(records).requests, lean(records).conversations)
    return any(bool(is_one_of(table, "outcome", "unfinished").any()) for table in tables)


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


def at_or_none(values: IntArray, position: IntArray) -> IntArray:
    """Look codes up by position; -1 stays -1."""
    if not len(values):
        return np.full(len(position), -1, dtype=np.int64)
    return np.where(position < 0, -1, values[position])


class Recorded(Protocol):
    """The tables a run leaves behind, and how it ended."""

    @property
    def requests(self) -> "pd.DataFrame":
        """One row a search for an agent."""
        ...

    @property
    def tasks(self) -> "pd.DataFrame":
        """One row an attempt to serve."""
        ...

    @property
    def conversations(self) -> "pd.DataFrame":
        """One row a contact."""
        ...

    @property
    def agent_states(self) -> "pd.DataFrame":
        """One row a stay of an agent in a state."""
        ...

    @property
    def whispers(self) -> "pd.DataFrame":
        """One row a whisper."""
        ...

    @property
    def ending(self) -> "Ending":
        """How the simulation ended."""
        ...


class _Lean:
    """The tables of a run as columns, with the end of the run."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.ending = records.ending

    def __getattr__(self, name: str) -> Any:
        return self._records.columns(name)


def lean(records: Recorded) -> Any:
    """Return the tables as columns where they are those of a run that was just simulated, else as they are.

    A run to which log-ins were added is measured by the names of those agents, in frames.
    """
    return _Lean(records) if isinstance(records, Records) and not records.ending.added else records


# Rows in groups, and the cells of a breakdown.


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
        self, axes: "Axes", codes: Mapping[Dimension, IntArray], apart: BoolArray | None = None
    ) -> None:
        self.axes = axes
        sizes = [len(axes.names(dimension)) + 1 for dimension in codes]
        # A tenth of the time of numpy's own function, which looks at each code once more to check it.
        keys = np.zeros(len(next(iter(codes.values()))), np.int64)
        for column, size in zip(codes.values(), sizes, strict=True):
            keys *= size
            keys += column
            keys += 1
        finest, self._group = _numbered(keys, prod(sizes))
        columns = np.unravel_index(finest, sizes)
        self._codes = {dimension: column - 1 for dimension, column in zip(codes, columns, strict=True)}
        self._size = len(finest)
        self._apart = None if apart is None else apart[self._codes["team"]]
        self._known: dict[Breakdown, IntArray] = {}
        self._sizes: dict[Breakdown, int] = {}
        # Many figures share their denominator: a column is summed once. It is known by its identity, and so kept.
        self._numbers: dict[int, int] = {}
        self._columns: list[Column] = []
        self._totals: list[FloatArray] = []
        self._cells: dict[Breakdown, FloatArray] = {}

    def sum(self, values: Column) -> "Sum":
        """Sum one value a row, to be given in any breakdown."""
        number = self._numbers.setdefault(id(values), len(self._columns))
        if number == len(self._columns):
            self._columns.append(values)
            self._totals.append(self._total(values))
        return Sum(self, number)

    def _total(self, values: Column) -> FloatArray:
        """Sum a column over the finest groups; flags are counted, row after row of a group, which is much faster."""
        if values.dtype != np.bool_ or not len(values):
            return weighted_counts(self._group, values, self._size)
        order, first = self._in_order
        counts = np.add.reduceat(values if order is None else values[order], first, dtype=np.int64)
        return counts.astype(np.float64)

    @cached_property
    def _in_order(self) -> tuple[IntArray | None, IntArray]:
        """The order of the rows by group, None where they come so, and each group's first row in it."""
        order = None
        group = self._group
        if (group[1:] < group[:-1]).any():
            order = stable_order(group, self._size)
            group = group[order]
        return order, firsts(group)

    def sums(self, number: int, by: Breakdown) -> FloatArray:
        """Add a column that was summed up, by its number, into the cells of a breakdown.

        All columns that there are go into these cells at once: a call for each would cost more than the sums.
        """
        found = self._cells.get(by)
        if found is None or number >= len(found):
            found = self._cells[by] = self._all_sums(by)
        row: FloatArray = found[number]
        return row

    def _all_sums(self, by: Breakdown) -> FloatArray:
        count, size = len(self._totals), self.size_of(by)
        place = np.add.outer(np.arange(count) * (size + 1), self.cell_of(by)).ravel()
        sums = weighted_counts(place, np.concatenate(self._totals), count * (size + 1))
        return sums.reshape(count, size + 1)[:, :size]

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

    def __init__(self, groups: Groups, number: int) -> None:
        self.groups = groups
        self._number = number

    def cells(self, by: Breakdown) -> FloatArray:
        """Add the groups up into the cells of a breakdown."""
        return self.groups.sums(self._number, by)


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
        self._shares: list[float] = []
        self._known: dict[Breakdown, FloatArray] = {}

    def percentile(self, share: float) -> "Percentile":
        """Return the value that this share of the rows does not exceed; 1 gives the greatest."""
        self._shares.append(share)
        return Percentile(self, len(self._shares) - 1)

    def percentiles(self, number: int, by: Breakdown) -> FloatArray:
        """Return a percentile in each cell, by its number; all that were asked for are found at once."""
        found = self._known.get(by)
        if found is None or number >= len(found):
            found = self._known[by] = self._all_percentiles(by)
        row: FloatArray = found[number]
        return row

    def _all_percentiles(self, by: Breakdown) -> FloatArray:
        values, first, counts = self._sorted_cells(by)
        result = np.full((len(self._shares), len(counts)), np.nan)
        filled = np.flatnonzero(counts)
        last, first = counts[filled] - 1, first[filled]
        at = np.multiply.outer(np.array(self._shares), last)
        below = np.floor(at).astype(np.int64)
        low, high = values[first + below], values[first + np.minimum(below + 1, last)]
        with np.errstate(invalid="ignore"):
            between = low + (at - below) * (high - low)
        # There is no way half to an endless wait.
        result[:, filled] = np.where(np.isinf(high), np.where(at > below, high, low), between)
        return result

    def _sorted_cells(self, by: Breakdown) -> tuple[FloatArray, IntArray, IntArray]:
        """Return the values sorted by cell and size, and each cell's first position and number of values."""
        size = self.groups.size_of(by)
        cell = self.groups.rows_of(by)[self._rows]
        counts = np.bincount(cell, minlength=size + 1)[:size]
        order = stable_order(cell, size + 1)
        return self._values[order], np.cumsum(counts) - counts, counts


class Percentile:
    """A percentile in each cell, interpolated linearly between ordered values; NaN where there are none."""

    def __init__(self, ranking: Ranking, number: int) -> None:
        self.ranking = ranking
        self._number = number

    def cells(self, by: Breakdown) -> FloatArray:
        """Return the percentile of each cell."""
        return self.ranking.percentiles(self._number, by)


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
