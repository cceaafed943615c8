"""The records' columns as arrays, names as codes: what all figures are taken from."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from sim.records import Records
from sim.records.table import Columns

if TYPE_CHECKING:
    import pandas as pd

    from sim.records import Ending

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Column = FloatArray | IntArray | BoolArray
Pair = tuple[Column, Column]
"""What goes into a numerator and a denominator, a value a row."""


def stable_order(codes: IntArray, size: int) -> IntArray:
    """Return the order that sorts codes below `size` and leaves equal ones as they come."""
    # numpy sorts 16 bits in linear time
    return np.argsort(codes.astype(np.uint16) if size <= 65_536 else codes, kind="stable")


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


def coded(frame: "pd.DataFrame | Columns", column: str) -> tuple[IntArray, int]:
    """Return a column of names as codes of its own, and how many of them there may be."""
    if isinstance(frame, Columns):
        return frame[column].astype(np.int64), len(frame.names(column))
    import pandas as pd

    found, names = pd.factorize(frame[column])
    return found.astype(np.int64), len(names)


def numbered(codes: IntArray, size: int) -> tuple[IntArray, int]:
    """Return codes below `size` numbered in the order in which they first come, and how many there are."""
    first = np.full(size, len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # of one code the row that is written last is its first
    there = np.flatnonzero(first < len(codes))
    number = np.zeros(size, dtype=np.int64)
    number[there[np.argsort(first[there])]] = np.arange(len(there))
    return number[codes], len(there)


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


def overlaps(starts: FloatArray, ends: FloatArray, edges: FloatArray) -> FloatArray:
    """Return, for each cell between two edges, the total time that the intervals [start, end] spend in it.

    Up to x an interval has been open for (x - start)+ - (x - end)+; summed over all by two sorted lists.
    """
    return np.diff(_elapsed(np.sort(starts), edges) - _elapsed(np.sort(ends), edges))


def _elapsed(moments: FloatArray, edges: FloatArray) -> FloatArray:
    """Return the sum of (edge - moment)+ over all moments, for each edge."""
    before = np.searchsorted(moments, edges)
    sums = np.concatenate(([0.0], np.cumsum(moments)))
    return before * edges - sums[before]
