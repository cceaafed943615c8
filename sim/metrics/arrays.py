"""Types of the arrays that columns and cells are held in."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Column = FloatArray | IntArray | BoolArray
Pair = tuple[Column, Column]
"""What goes into a numerator and a denominator, a value a row."""
