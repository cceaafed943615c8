"""Patience from a log: exact for customers who left, censored for those who were served or whose search ended."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.logs.log import left, wait_s
from sim.scenario.distributions import Exponential, Hyperexponential, Weibull

Floats = NDArray[np.float64]

MANY = 200_000
"""Rows above which waits are counted by tenths of a second."""
LONGEST_MEAN = 86_400.0
"""Seconds: the bound of a mean patience."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Positive waits in seconds, each once, with how many customers left after it, and how many did not.

    These were `served`, or their search ended otherwise: both might have waited on.
    """

    at: Floats
    left: Floats
    served: Floats

    @classmethod
    def of(cls, calls: pd.DataFrame) -> "Waits":
        """Count the waits of a log. Waits of 0 s contain no information on patience and are left out."""
        wait = wait_s(calls)
        gave_up = left(calls)
        gone, served = gave_up & (wait > 0), ~gave_up & (wait > 0)
        if len(wait) > MANY:
            # Far finer than a law can be told from so many; who waited at all did not wait 0 s.
            wait = wait.where(wait <= 0, wait.round(1).clip(lower=0.1))
        table = pd.DataFrame({"left": gone, "served": served}).groupby(wait).sum().query("left + served > 0")
        return cls(
            *(np.asarray(column, dtype=np.float64) for column in (table.index, table.left, table.served))
        )

    def longer_than(self, seconds: float) -> "Waits":
        """Return the waits above so many seconds."""
        kept = self.at > seconds
        return Waits(self.at[kept], self.left[kept], self.served[kept])

    def survival(self, moments: ArrayLike) -> Floats:
        """Estimate the share whose patience exceeds each moment (Kaplan-Meier)."""
        from scipy import stats

        left, served = (np.repeat(self.at, count.astype(np.int64)) for count in (self.left, self.served))
        curve = stats.ecdf(stats.CensoredData(uncensored=left, right=served)).sf
        return np.asarray(curve.evaluate(np.asarray(moments, dtype=np.float64)))

    def curve(self) -> "Survival":
        """Return the estimate of Kaplan and Meier at the waits, or at a hundred of them, with its 95 % interval."""
        from scipy import stats

        left, served = (np.repeat(self.at, count.astype(np.int64)) for count in (self.left, self.served))
        found = stats.ecdf(stats.CensoredData(uncensored=left, right=served)).sf
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # at its ends the interval has no width
            band = found.confidence_interval(0.95)
        grid = np.linspace(0.0, float(np.quantile(np.concatenate((left, served)), 0.995)), STEPS)
        columns = (np.nan_to_num(_evaluated(one, grid), nan=1.0) for one in (found, band.low, band.high))
        return Survival(tuple(grid.tolist()), *(tuple(np.round(one, 6).tolist()) for one in columns))

    def log_likelihood(self, log_density: Floats, log_survival: Floats) -> float:
        """Sum a law's logarithms at `at`: of the density for those who left, of survival for the served."""
        return float(self.left @ log_density + self.served @ log_survival)


def _evaluated(curve: Any, moments: Floats) -> Floats:
    return np.asarray(curve.evaluate(moments), dtype=np.float64)


STEPS = 101
"""Of a curve of survival that is kept."""


@dataclass(frozen=True)
class Survival:
    """The share whose patience exceeds each moment, in seconds, by Kaplan and Meier, with its 95 % interval.

    E. Kaplan and P. Meier 1958; the interval is Greenwood's (1926).
    """

    at: tuple[float, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Family:
    """A law with a logarithm of density and survival over free real parameters."""

    start: Callable[[Waits], Floats]
    logs: Callable[[Floats, Floats], tuple[Floats, Floats]]
    law: Callable[[Floats], Exponential | Weibull | Hyperexponential]


def fit_patience(waits: Waits) -> Exponential | Weibull | Hyperexponential:
    """Return the law of least AIC among exponential, Weibull and a mixture of two exponentials; seconds.

    AIC = 2 (number of parameters) - 2 (greatest log-likelihood), Akaike 1974.
    """
    fitted = [
        (2 * len(best) - 2 * height, family.law(best))
        for family in _FAMILIES
        for best, height in [_climb(family, waits)]
    ]
    return min(fitted, key=lambda pair: pair[0])[1]


def _climb(family: _Family, waits: Waits) -> tuple[Floats, float]:
    from scipy import optimize

    def depth(free: Floats) -> float:
        return -waits.log_likelihood(*family.logs(waits.at, free))

    found = optimize.minimize(
        depth,
        family.start(waits),
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-7, "maxiter": 4000},
    )
    return np.asarray(found.x), -float(found.fun)


def _log_mean(waits: Waits) -> float:
    """Return the logarithm of the exponential law's mean: all time waited for each customer who left."""
    return float(np.log(waits.at @ (waits.left + waits.served) / waits.left.sum()))


def _exponential_logs(at: Floats, free: Floats) -> tuple[Floats, Floats]:
    survival = -at * np.exp(-free[0])
    return survival - free[0], survival


def _weibull_logs(at: Floats, free: Floats) -> tuple[Floats, Floats]:
    shape = np.exp(free[0])
    scaled = np.log(at) - free[1]
    survival = -np.exp(shape * scaled)
    return free[0] - free[1] + (shape - 1) * scaled + survival, survival


def _mixture_logs(at: Floats, free: Floats) -> tuple[Floats, Floats]:
    from scipy.special import log_expit

    means = _mixture_means(free)[:, None]
    shares = np.array([log_expit(free[2]), log_expit(-free[2])])[:, None]
    parts = shares - at / means
    return np.logaddexp(*(parts - np.log(means))), np.logaddexp(*parts)


def _mixture(free: Floats) -> Hyperexponential:
    share = float(1.0 / (1.0 + np.exp(-free[2])))
    hasty, patient = _mixture_means(free)
    return Hyperexponential(means=(float(hasty), float(patient)), shares=(share, 1.0 - share))


def _mixture_means(free: Floats) -> Floats:
    """Return both means, bounded: that of a part without abandonments would be infinite."""
    return np.exp(np.clip(free[:2], 0.0, np.log(LONGEST_MEAN)))


_FAMILIES = (
    _Family(
        lambda w: np.array([_log_mean(w)]), _exponential_logs, lambda x: Exponential(mean=float(np.exp(x[0])))
    ),
    _Family(
        lambda w: np.array([0.0, _log_mean(w)]),
        _weibull_logs,
        lambda x: Weibull(shape=float(np.exp(x[0])), scale=float(np.exp(x[1]))),
    ),
    _Family(lambda w: np.array([_log_mean(w) - 3.0, _log_mean(w), -2.0]), _mixture_logs, _mixture),
)
