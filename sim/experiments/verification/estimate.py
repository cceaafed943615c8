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


def ratio_of_means(
    numerators: FloatArray, denominators: FloatArray, controls: FloatArray | None = None
) -> Estimate:
    """Estimate sum(numerators) / sum(denominators) over independent days or batches.

    The residuals of the ratio r, (n - r d) / mean(d), have the delta method's spread. `controls` are columns of
    numbers known to be 0 in the mean, one row a day or batch; what the residuals owe to them is taken out by
    regression (control variates: S. Lavenberg & P. Welch 1981), which narrows the interval and moves no mean.
    With fewer than three days or batches to spare nothing is known about the error, and it is infinite.
    """
    cells, whole = numerators.size, float(denominators.sum())
    value = float(numerators.sum()) / whole if whole else math.nan
    known = np.empty((cells, 0)) if controls is None else controls
    freedom = cells - 1 - known.shape[1]
    if freedom < 1 or not whole:
        return Estimate(value, math.inf, -math.inf, math.inf)
    residuals = (numerators - value * denominators) * (cells / whole)
    shift, standard_error = _intercept(residuals, known, freedom)
    reach = float(special.stdtrit(freedom, 0.975)) * standard_error
    value += shift
    return Estimate(value, standard_error, value - reach, value + reach)


def _intercept(residuals: FloatArray, controls: FloatArray, freedom: int) -> tuple[float, float]:
    """Return the mean of the residuals where all controls are 0, and its standard error."""
    design = np.column_stack((np.ones(residuals.size), controls))
    coefficients = np.linalg.lstsq(design, residuals, rcond=None)[0]
    variance = float(((residuals - design @ coefficients) ** 2).sum()) / freedom
    leverage = float(np.linalg.pinv(design.T @ design)[0, 0])
    return float(coefficients[0]), math.sqrt(variance * leverage)
