"""How far a value is known from replications."""

import math
from dataclasses import dataclass
from typing import Self

from sim.experiments.paired import Sampled


@dataclass(frozen=True, slots=True)
class Evidence:
    """An estimate, its standard error and the error's degrees of freedom, all of Student's t.

    `slack` is how much a share may still be off where the event it counts never, or always, occurred in so
    many cases that no spread is left to judge by: with confidence 1 - alpha at most 1 - alpha^(1/cases), the
    exact binomial bound ("rule of three", Hanley and Lippman-Hand 1983).
    """

    value: float
    error: float
    freedom: int
    cases: float = math.inf

    @classmethod
    def of(cls, sampled: Sampled, is_share: bool) -> Self:
        """Take a figure by itself; for a ratio of means the error is the delta method's."""
        counted = sampled.only(sampled.there)
        size = len(counted.tops)
        spread = float(counted.residuals.std(ddof=1)) if size > 1 else math.nan
        cases = float(counted.bottoms.sum()) if is_share and spread == 0 else math.inf
        return cls(counted.value, spread / math.sqrt(size) if size else math.nan, size - 1, cases)

    @classmethod
    def of_difference(cls, base: Sampled, other: Sampled) -> Self:
        """Take what `other` has more than `base`, replication by replication on the same customers."""
        both = base.there * other.there
        base, other = base.only(both), other.only(both)
        size = len(base.tops)
        apart = other.residuals - base.residuals
        spread = float(apart.std(ddof=1)) if size > 1 else math.nan
        return cls(other.value - base.value, spread / math.sqrt(size) if size else math.nan, size - 1)

    def limits(self, alpha: float) -> tuple[float, float]:
        """Give a lower and an upper limit, each of which errs with probability `alpha`."""
        from scipy.special import stdtrit

        if math.isnan(self.error) or math.isnan(self.value):
            return -math.inf, math.inf
        half = float(stdtrit(self.freedom, 1 - alpha)) * self.error
        if math.isfinite(self.cases):
            half = 1 - alpha ** (1 / self.cases) if self.cases else math.inf
        return self.value - half, self.value + half

    def p_above(self, bound: float) -> float:
        """Give the probability of so large a value where the truth is `bound` or less."""
        from scipy.special import stdtr

        if math.isnan(self.error) or math.isnan(self.value):
            return 1.0
        if self.error == 0:
            return 1.0 if self.value <= bound else 0.0
        return float(stdtr(self.freedom, (bound - self.value) / self.error))

    def reversed(self) -> "Evidence":
        """Look at it from the other side: what is high becomes low."""
        return Evidence(-self.value, self.error, self.freedom, self.cases)
