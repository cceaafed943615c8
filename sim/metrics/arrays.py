"""The arrays that columns and cells are held in: their types, and the sorting of codes."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Column = FloatArray | IntArray | BoolArray
Pair = tuple[Column, Column]
"""What goes into a numerator and a denominator, a value a row."""


def stable_order(codes: IntArray, size: int) -> IntArray:
    """Give the order that sorts codes below `size` and leaves equal ones as they come."""
    # numpy sorts 16 bits in linear time
    return np.argsort(codes.astype(np.uint16) if size <= 65_536 else codes, kind="stable")
