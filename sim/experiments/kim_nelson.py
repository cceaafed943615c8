"""The procedure KN: the best of several systems with a given probability, observation by observation."""

import math
from collections.abc import Sequence

import numpy as np

from sim.experiments.paired import Sampled
from sim.metrics.columns import FloatArray

FIRST = 20
"""Observations of every system before any is left out: enough to estimate the variance of differences."""


class KimNelson:
    """The sequential indifference-zone procedure KN, for systems that met the same customers.

    The system of the largest mean is found with probability `confidence` at least where it leads by `delta`
    or more. With k systems, n observations each at first and S² the variance of a pair's differences in them:

        eta = ((2 (1 - confidence) / (k - 1))^(-2 / (n - 1)) - 1) / 2,   h² = 2 eta (n - 1),
        after r observations i stays in while mean_i >= mean_j - max(0, delta / (2 r) (h² S²_ij / delta² - r))
        for every j that is still in; the last one left is chosen.

    Exact for normal observations, whether they are correlated or not; for ratios of means, whose mean is the
    ratio so far and whose S² is that of the linearised residuals, in the limit of many (delta method).
    Source: S.-H. Kim and B. L. Nelson (2001), A fully sequential procedure for indifference-zone selection in
    simulation, ACM Transactions on Modeling and Computer Simulation 11, 251-273 (with c = 1).
    """

    def __init__(self, systems: int, delta: float, confidence: float) -> None:
        self.delta = delta
        self.alive = list(range(systems))
        self.left_after: list[int | None] = [None] * systems
        self._error = 1.0 - confidence
        self._bounds = np.zeros((systems, systems))

    def start(self, sampled: Sequence[Sampled]) -> None:
        """Take the first observations of every system, and leave out those that are clearly behind."""
        count = len(sampled[0].tops)
        self._bounds = self._h2(count) * _spread(sampled) / self.delta**2
        self.look(count, [one.value for one in sampled])

    def look(self, count: int, means: Sequence[float]) -> None:
        """Leave out the systems that are clearly behind after `count` observations of each that is still in."""
        alive = self.alive
        self.leave([i for i in alive if any(self._is_behind(i, j, count, means) for j in alive)], count)
        if len(self.alive) > 1 and count > self.at_latest:  # equal to the last digit: keep the first of them
            best = max(self.alive, key=lambda one: means[one])
            self.leave([one for one in self.alive if one != best], count)

    @property
    def chosen(self) -> int | None:
        """The system that is left, None while there are several."""
        return self.alive[0] if len(self.alive) == 1 else None

    @property
    def at_latest(self) -> int:
        """Observations after which every pair is decided."""
        pairs = ((i, j) for i in self.alive for j in self.alive)
        return max((math.floor(float(self._bounds[pair])) for pair in pairs), default=0)

    def _h2(self, count: int) -> float:
        base = 2.0 * self._error / (len(self.alive) - 1)
        eta = (math.pow(base, -2.0 / (count - 1)) - 1.0) / 2.0
        return max(0.0, 2.0 * eta * (count - 1))

    def _is_behind(self, one: int, other: int, count: int, means: Sequence[float]) -> bool:
        slack = self.delta / (2.0 * count) * (float(self._bounds[one, other]) - count)
        return one != other and means[one] < means[other] - max(0.0, slack)

    def leave(self, gone: Sequence[int], count: int) -> None:
        """Leave systems out after `count` observations."""
        for one in gone:
            self.left_after[one] = count
        self.alive = [one for one in self.alive if one not in gone]


def _spread(sampled: Sequence[Sampled]) -> FloatArray:
    """Return the variance of the differences of each pair."""
    residuals = np.array([one.residuals for one in sampled])
    apart: FloatArray = (residuals[:, None, :] - residuals[None, :, :]).var(axis=2, ddof=1)
    return apart
