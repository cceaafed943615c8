"""A ratio of means from many days or batches, with its interval."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]


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


def ratio_of_means(numerators: FloatArray, denominators: FloatArray) -> Estimate:
    """Estimate sum(numerators) / sum(denominators) over independent days or batches.

    The standard error is that of the delta method, sd(n - r d) / (sqrt(k) mean(d)); k - 1 degrees of freedom.
    With a single day or batch nothing is known about the error, and it is infinite.
    """
    cells, whole = numerators.size, float(denominators.sum())
    value = float(numerators.sum()) / whole if whole else math.nan
    if cells < 2 or not whole:
        return Estimate(value, math.inf, -math.inf, math.inf)
    rest = numerators - value * denominators
    standard_error = float(rest.std(ddof=1)) * math.sqrt(cells) / whole
    reach = float(special.stdtrit(cells - 1, 0.975)) * standard_error
    return Estimate(value, standard_error, value - reach, value + reach)
