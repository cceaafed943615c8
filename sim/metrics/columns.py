"""Columns of the records as arrays, names as codes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.metrics.arrays import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    import pandas as pd


def numbers(frame: "pd.DataFrame", column: str) -> FloatArray:
    """Give a column of times, durations, counts or flags as floats."""
    return np.asarray(frame[column].to_numpy(), dtype=np.float64)


def codes(frame: "pd.DataFrame", column: str, names: tuple[str, ...]) -> IntArray:
    """Give for each row the position of its name in `names`, -1 for none or another name."""
    import pandas as pd

    values = frame[column]
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return positions(names, values)
    known = {name: position for position, name in enumerate(names)}
    position = [known.get(name, -1) for name in values.cat.categories]
    return np.array([*position, -1])[values.cat.codes.to_numpy()]  # the last one is for the code -1, none


def is_one_of(frame: "pd.DataFrame", column: str, *names: str) -> BoolArray:
    """Tell for each row whether its name is one of these."""
    return codes(frame, column, names) >= 0


def positions(keys: "Sequence[str] | pd.Series[Any]", wanted: "pd.Series[Any]") -> IntArray:
    """Give for each wanted key its position among the keys, -1 where it is not there."""
    import pandas as pd

    return np.asarray(pd.Index(keys).get_indexer(pd.Index(wanted)), dtype=np.int64)


def at_or_none(values: IntArray, position: IntArray) -> IntArray:
    """Look codes up by position; -1 stays -1."""
    if not len(values):
        return np.full(len(position), -1, dtype=np.int64)
    return np.where(position < 0, -1, values[position])
