"""The law that fits a sample of durations best: gamma, lognormal or Weibull."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.distributions import Gamma, Lognormal, Weibull

_HALF_SECOND = 0.5
"""Stands for a logged duration of 0 s: the logs have whole seconds, and no law here has an atom at 0."""


def fit_law(durations: ArrayLike) -> Gamma | Lognormal | Weibull:
    """Return the law of greatest likelihood among gamma, lognormal and Weibull; seconds.

    All three have two parameters, so the likelihoods compare as they are.
    """
    sample = _positive(durations)
    likelihood = log_likelihoods(sample)
    best = max(likelihood, key=lambda name: likelihood[name])
    return _FITS[best](sample)


def log_likelihoods(durations: ArrayLike) -> Mapping[str, float]:
    """Return the greatest log-likelihood of the sample under each law, by name."""
    from scipy import stats

    sample = _positive(durations)
    families = {"gamma": stats.gamma, "lognormal": stats.lognorm, "weibull": stats.weibull_min}
    return {
        name: float(np.sum(law.logpdf(sample, *law.fit(sample, floc=0)))) for name, law in families.items()
    }


def _positive(durations: ArrayLike) -> NDArray[np.float64]:
    return np.maximum(np.asarray(durations, dtype=np.float64), _HALF_SECOND)


def _gamma(sample: NDArray[np.float64]) -> Gamma:
    from scipy import stats

    shape, _, scale = stats.gamma.fit(sample, floc=0)
    return Gamma(mean=float(shape * scale), sd=float(shape**0.5 * scale))


def _lognormal(sample: NDArray[np.float64]) -> Lognormal:
    sigma2 = float(np.var(np.log(sample)))
    mean = float(np.exp(np.mean(np.log(sample)) + sigma2 / 2))
    return Lognormal(mean=mean, sd=float(mean * np.expm1(sigma2) ** 0.5))


def _weibull(sample: NDArray[np.float64]) -> Weibull:
    from scipy import stats

    shape, _, scale = stats.weibull_min.fit(sample, floc=0)
    return Weibull(shape=float(shape), scale=float(scale))


_FITS: dict[str, Callable[[NDArray[np.float64]], Gamma | Lognormal | Weibull]] = {
    "gamma": _gamma,
    "lognormal": _lognormal,
    "weibull": _weibull,
}
