"""Columns of the records as arrays, names as codes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd


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


def numbers(frame: "pd.DataFrame", column: str) -> FloatArray:
    """Return a column of times, durations, counts or flags as floats."""
    return np.asarray(frame[column].to_numpy(), dtype=np.float64)


def codes(frame: "pd.DataFrame", column: str, names: tuple[str, ...]) -> IntArray:
    """Return for each row the position of its name in `names`, -1 for none or another name."""
    import pandas as pd

    values = frame[column]
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return positions(names, values)
    known = {name: position for position, name in enumerate(names)}
    position = [known.get(name, -1) for name in values.cat.categories]
    return np.array([*position, -1])[values.cat.codes.to_numpy()]  # the last one is for the code -1, none


def is_one_of(frame: "pd.DataFrame", column: str, *names: str) -> BoolArray:
    """Describe for each row whether its name is one of these."""
    return codes(frame, column, names) >= 0


def positions(keys: "Sequence[str] | pd.Series[Any]", wanted: "pd.Series[Any]") -> IntArray:
    """Return for each wanted key its position among the keys, -1 where it is not there."""
    import pandas as pd

    return np.asarray(pd.Index(keys).get_indexer(pd.Index(wanted)), dtype=np.int64)


def at_or_none(values: IntArray, position: IntArray) -> IntArray:
    """Look codes up by position; -1 stays -1."""
    if not len(values):
        return np.full(len(position), -1, dtype=np.int64)
    return np.where(position < 0, -1, values[position])


class Recorded(Protocol):
    """The tables a run leaves behind; `horizon_s` is when it ended, in seconds from opening."""

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
    def horizon_s(self) -> float:
        """When the simulation ended."""
        ...


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
