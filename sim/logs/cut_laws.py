"""The law of durations of which only those below a cut were told from other things: by truncated likelihood."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sim.logs.laws import WORST_DISTANCE, Floats, LawFit, choose_law, density, spread_out
from sim.scenario.distributions import Exponential, Gamma, Lognormal, Weibull

Cut = Exponential | Gamma | Lognormal | Weibull
LEAST_BEYOND = 0.01
"""A smaller part of a law beyond the cut changes nothing that is seen."""
MOST_BEYOND = 0.5
"""With a greater part of it beyond the cut, a law is a guess."""
MOST_UNSURE = 0.15
"""Half the width of the mean's 95 % interval, of the mean: what is less sure is not continued."""
NEARLY = 1.25
"""How many times as many as there are may be expected beyond the cut: both are counts by chance."""
LOOKED_AT = 2_000
"""Quantiles of the durations that are fitted."""


def choose_law_below(whole: Floats, cut: float, longer: int, less: float = 0.0) -> LawFit:
    """Choose the law of the durations `whole`, each shortened by `less`, that are known up to `cut`; seconds.

    The `longer` ones may be something else, such as breaks, and are the most that the law may have there. Where no law
    is within 0.05 of the durations below the cut (KS), its mean is not sure to 15 %, or hardly any of it lies beyond,
    the law is that of the durations as they are, which ends at the cut.
    """
    as_seen, end = choose_law(np.maximum(whole - less, 0.0)), cut - less
    if not longer or end <= 0:
        return as_seen
    size = min(LOOKED_AT, len(whole))
    levels = (np.arange(size) + 0.5) / size
    sample = np.clip(np.quantile(spread_out(whole), levels) - less, 0.05, end)
    found = []
    for make, start in _families(sample):
        law, parameters, loss = _likeliest(make, start, sample, end)
        part = float(density(law, np.array([end]))[1][0])
        apart = float(np.max(np.abs(density(law, sample)[1] / max(part, 1e-9) - levels)))
        aic = 2.0 * len(start) + 2.0 * loss * len(whole) / size
        found.append((aic, apart, law, part, parameters, make))
    found.sort(key=lambda one: one[0])
    _, apart, law, part, parameters, make = found[0]
    is_possible = (1.0 - part) * len(whole) <= NEARLY * part * longer
    if apart > WORST_DISTANCE or not is_possible or not LEAST_BEYOND <= 1.0 - part <= MOST_BEYOND:
        return as_seen
    half = 1.96 * _deviation(make, parameters, sample, end) * (size / len(whole)) ** 0.5
    if half > MOST_UNSURE * law.mean:
        return as_seen
    return replace(
        as_seen,
        law=law,
        best=law,
        mean=float(law.mean),
        half_width=half,
        candidates=tuple((type(one[2]).__name__.lower(), one[0], one[1]) for one in found),
        part=part,
    )


Maker = Callable[[Floats], Cut]


def _families(sample: Floats) -> list[tuple[Maker, Floats]]:
    """Return how each law is made of logarithms of its parameters, and where to begin."""
    mean, sd = np.log(sample.mean()), np.log(max(sample.std(), 0.05))
    return [
        (lambda at: Exponential(mean=float(np.exp(at[0]))), np.array([mean])),
        (lambda at: Gamma(mean=float(np.exp(at[0])), sd=float(np.exp(at[1]))), np.array([mean, sd])),
        (lambda at: Lognormal(mean=float(np.exp(at[0])), sd=float(np.exp(at[1]))), np.array([mean, sd])),
        (lambda at: Weibull(shape=float(np.exp(at[0])), scale=float(np.exp(at[1]))), np.array([0.0, mean])),
    ]


def _loss(law: Cut, sample: Floats, end: float) -> float:
    heights = np.log(np.maximum(density(law, sample)[0], 1e-300))
    return float(len(sample) * np.log(max(density(law, np.array([end]))[1][0], 1e-300)) - heights.sum())


def _likeliest(make: Maker, start: Floats, sample: Floats, end: float) -> tuple[Cut, Floats, float]:
    from scipy import optimize

    near = [(float(one) - 4.0, float(one) + 4.0) for one in start]

    def loss(at: Floats) -> float:
        return _loss(make(at), sample, end)

    found = optimize.minimize(
        loss, start, method="Nelder-Mead", bounds=near, options={"xatol": 1e-4, "fatol": 1e-4}
    )
    return make(found.x), found.x, float(found.fun)


def _deviation(make: Maker, at: Floats, sample: Floats, end: float) -> float:
    """Return the standard deviation of the fitted mean: from the curvature of the likelihood (R. A. Fisher 1922)."""
    step = 1e-3 * np.eye(len(at))

    def loss(where: Floats) -> float:
        return _loss(make(where), sample, end)

    curvature = np.array(
        [
            [loss(at + a + b) - loss(at + a - b) - loss(at - a + b) + loss(at - a - b) for a in step]
            for b in step
        ]
    ) / (4 * 1e-6)
    slope = np.array([(make(at + a).mean - make(at - a).mean) / 2e-3 for a in step])
    return float(np.sqrt(max(slope @ np.linalg.pinv(curvature) @ slope, 0.0)))
