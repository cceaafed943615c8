"""Birth-death chains: the number of contacts in a station, in the long run and in the course of a day."""

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]


def stationary(births: FloatArray, deaths: FloatArray) -> FloatArray:
    """Return the long-run probabilities of the levels 0..n of a birth-death chain.

    `births[i]` is the rate from level i to i+1, `deaths[i]` the rate back. Detailed balance in logarithms, so
    that a thousand agents neither overflow nor vanish.
    """
    weights = np.concatenate(([0.0], np.cumsum(np.log(births) - np.log(deaths))))
    probabilities = np.exp(weights - weights.max())
    total: FloatArray = probabilities / probabilities.sum()
    return total


def over_time(births: FloatArray, deaths: FloatArray, lasts: float) -> tuple[FloatArray, FloatArray]:
    """Return the time-averaged and the final probabilities of a chain that starts in level 0.

    The chain runs for `lasts`. Uniformisation (Jensen 1953): with R above every rate out of a level and
    P = I + Q/R, p(t) = sum_k Poisson(k; Rt) p(0) P^k, and its integral over time is
    sum_k P(Poisson(Rt) > k)/R p(0) P^k. Nothing is subtracted, so every digit holds.
    """
    up = np.concatenate((births, [0.0]))
    down = np.concatenate(([0.0], deaths))
    pace = float((up + down).max())
    steps = int(pace * lasts + 12 * np.sqrt(pace * lasts) + 40)
    tails = special.gammainc(np.arange(1.0, steps + 1), pace * lasts).astype(np.float64)
    hits: FloatArray = np.concatenate(([np.exp(-pace * lasts)], tails[:-1])) - np.concatenate(
        ([0.0], tails[1:])
    )
    return _mixed(up / pace, down / pace, tails / (pace * lasts), hits)


def _mixed(up: FloatArray, down: FloatArray, *weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    now = np.zeros(up.size)
    now[0] = 1.0
    sums = [np.zeros(up.size) for _ in weights]
    for step in range(weights[0].size):
        for total, weight in zip(sums, weights, strict=True):
            total += weight[step] * now
        moved = now * (1.0 - up - down)
        moved[1:] += now[:-1] * up[:-1]
        moved[:-1] += now[1:] * down[1:]
        now = moved
    return sums[0], sums[1]
