"""The check that two models give the same figures, before their speed is compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

LEVEL = 0.999
"""Of the intervals: one of a thousand comparisons of equal models fails; with fixed seeds always the same one."""

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Estimate:
    """A mean over replications, with the standard error of it; an exact value has none."""

    mean: float
    error: float
    replications: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Estimate":
        """Estimate from one value a replication, at least two of them."""
        return cls(fmean(values), stdev(values) / sqrt(len(values)), len(values))

    @classmethod
    def known(cls, value: float) -> "Estimate":
        """Return an exact value as an estimate."""
        return cls(value, 0.0, 0)

    def agrees(self, other: "Estimate") -> bool:
        """Return whether the difference is within its interval (Welch's t)."""
        return abs(self.mean - other.mean) <= self._half_width(other)

    def _half_width(self, other: "Estimate") -> float:
        from scipy.stats import t

        squares = [(e.error**2, e.replications - 1) for e in (self, other) if e.error > 0]
        if not squares:
            return 0.0
        total = sum(square for square, _ in squares)
        freedom = total**2 / sum(square**2 / free for square, free in squares)
        return float(t.ppf((1 + LEVEL) / 2, freedom)) * sqrt(total)


def estimates(runs: Sequence[Figures]) -> dict[str, Estimate]:
    """Estimate every figure from the runs' own."""
    return {name: Estimate.of([run[name] for run in runs]) for name in runs[0]}


def disagreements(who: str, ours: Mapping[str, Estimate], truth: Mapping[str, Estimate]) -> list[str]:
    """Describe the figures in which `who` and the truth are further apart than chance allows."""
    return [
        f"{who}: {name} is {ours[name].mean:.5g} ± {ours[name].error:.2g} in place of {value.mean:.5g}"
        for name, value in truth.items()
        if not ours[name].agrees(value)
    ]
