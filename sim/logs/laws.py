"""The law of durations: candidates by likelihood, AIC and distance, and the sample itself where none fits."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.distributions import (
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Weibull,
)
from sim.scenario.numbers import LONGEST_S

Floats = NDArray[np.float64]

MOST = 20_000
"""Durations that are looked at: with more, every law would be refused for a distance that no planner sees."""
WORST_DISTANCE = 0.05
KEPT = 500
"""Values of an empirical law: quantiles of the sample."""


FEWEST = 50
"""Durations of a law of their own, where nothing is lost without one."""

BARS = 40
"""Of the histogram of a sample, up to its longest but one in a hundred."""


@dataclass(frozen=True)
class Histogram:
    """How many durations lie between each two of `edges`, in seconds, and how many are longer than the last."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    beyond: int

    @classmethod
    def of(cls, durations: Floats) -> "Histogram":
        """Count durations; bars begin and end at whole seconds, as logs have no others."""
        width = max(1.0, float(np.ceil(np.quantile(durations, 0.99) / BARS)))
        edges = width * np.arange(BARS + 1)
        counts = np.histogram(durations, edges)[0]
        return cls(tuple(edges.tolist()), tuple(counts.tolist()), int(len(durations) - counts.sum()))


@dataclass(frozen=True)
class LawFit:
    """The law that was chosen, of so many durations, and how each candidate did: AIC and KS distance.

    `best` is the candidate of least AIC, which is not the law where it is too far away; `seen` are the durations;
    `half_width` is that of the mean's 95 % interval, None of a single duration; `part` is the share of the law that
    was seen, less than 1 where longer durations could not be told from other things.
    """

    law: Distribution
    rows: int
    mean: float
    half_width: float | None
    candidates: tuple[tuple[str, float, float], ...]
    best: Distribution
    seen: Histogram
    part: float = 1.0

    @property
    def name(self) -> str:
        """The name of the law."""
        return type(self.law).__name__.lower()

    @property
    def distance(self) -> float:
        """The distance of the best parametric law."""
        return self.candidates[0][2]

    @property
    def words(self) -> str:
        """How it was chosen."""
        how = f"{self.name} by AIC of {len(self.candidates)} laws, KS distance {self.distance:.3f}"
        if isinstance(self.law, Empirical):
            best = f"the best law, {self.candidates[0][0]}, is {self.distance:.3f} off (KS)"
            how = f"{KEPT} quantiles of the durations, as {best}"
        sure = "" if self.half_width is None else f" ±{self.half_width:.1f}"
        longer = "" if self.part == 1.0 else f", {1 - self.part:.0%} of the law longer than those"
        return f"{how}; {self.rows:,} durations, mean {self.mean:.1f} s{sure}{longer}"


def choose_law(durations: ArrayLike) -> LawFit:
    """Choose among exponential, gamma, lognormal, Weibull and a mixture of two exponentials by AIC; seconds.

    AIC = 2 (parameters) - 2 (log-likelihood), H. Akaike 1974. Where the best is further than 0.05 from the sample by
    Kolmogorov and Smirnov, the law is the sample itself. Whole seconds are taken as spread over their second.
    """
    whole = np.asarray(durations, dtype=np.float64)
    sample = spread_out(whole)
    found = []
    for law, parameters in _candidates(sample):
        heights, below = density(law, sample)
        aic = 2.0 * parameters - 2.0 * float(np.sum(np.log(np.maximum(heights, 1e-300))))
        found.append((aic, _distance(below), law))
    found.sort(key=lambda one: one[0])
    law = best = found[0][2]
    if found[0][1] > WORST_DISTANCE:
        levels = (np.arange(KEPT) + 0.5) / KEPT
        law = Empirical(values=tuple(np.round(np.quantile(whole, levels), 1).tolist()))
    half = 1.96 * float(whole.std(ddof=1)) / len(whole) ** 0.5 if len(whole) > 1 else None
    names = tuple((type(law).__name__.lower(), aic, far) for aic, far, law in found)
    return LawFit(law, len(whole), float(whole.mean()), half, names, best, Histogram.of(whole))


def law_of_enough(durations: ArrayLike) -> LawFit | None:
    """Choose the law of durations where there are enough of them; seconds."""
    sample = np.asarray(durations, dtype=np.float64)
    return choose_law(sample) if len(sample) >= FEWEST else None


def likeliest_law(durations: ArrayLike) -> Gamma | Lognormal | Weibull:
    """Return the law of greatest likelihood among gamma, lognormal and Weibull, however far it is; seconds.

    All three have two parameters, so the likelihoods compare as they are. A logged duration of 0 s counts as half a
    second: no law here has an atom at 0.
    """
    sample = np.maximum(np.asarray(durations, dtype=np.float64), 0.5)
    return max(_of_two_parameters(sample), key=lambda law: float(np.sum(np.log(density(law, sample)[0]))))


def spread_out(whole: Floats) -> Floats:
    """Return sorted durations above 0, of very many every n-th; whole seconds lie in the middle of parts of theirs."""
    sample = np.sort(whole)
    sample = sample[:: max(1, len(sample) // MOST)]
    if np.all(sample == np.rint(sample)):
        _, start, count = np.unique(sample, return_index=True, return_counts=True)
        place = (np.arange(len(sample)) - np.repeat(start, count) + 0.5) / np.repeat(count, count)
        sample = sample + place - 0.5
    return np.maximum(sample, 0.05)


def _candidates(sample: Floats) -> list[tuple[Distribution, int]]:
    mean = float(sample.mean())
    found: list[tuple[Distribution, int]] = [(Exponential(mean=mean), 1)]
    if len(sample) < 3 or np.ptp(sample) < 1e-6:
        return found
    found += [(law, 2) for law in _of_two_parameters(sample)]
    if float(sample.var()) > 1.05 * mean**2:
        found.append((_mixture(sample), 3))
    return found


def _of_two_parameters(sample: Floats) -> list[Gamma | Lognormal | Weibull]:
    """Fit the laws of two parameters by greatest likelihood."""
    from scipy import stats

    shape, _, scale = stats.gamma.fit(sample, floc=0)
    gamma = Gamma(mean=float(shape * scale), sd=float(shape**0.5 * scale))
    logs = np.log(sample)
    middle, variance = float(np.exp(logs.mean() + logs.var() / 2)), float(logs.var())
    sd = float(middle * np.expm1(variance) ** 0.5)
    # Durations of seconds and of days in one sample give one that no scenario may have.
    lognormal = [Lognormal(mean=middle, sd=sd)] if max(middle, sd) <= LONGEST_S else []
    shape, _, scale = stats.weibull_min.fit(sample, floc=0)
    return [gamma, *lognormal, Weibull(shape=float(shape), scale=float(scale))]


def _mixture(sample: Floats) -> Hyperexponential:
    """Fit a mixture of two exponentials by expectation and maximisation (A. Dempster, N. Laird & D. Rubin 1977)."""
    share, short, long = 0.5, float(np.quantile(sample, 0.25)), float(np.quantile(sample, 0.85))
    for _ in range(300):
        one, two = share / short * np.exp(-sample / short), (1 - share) / long * np.exp(-sample / long)
        part = one / np.maximum(one + two, 1e-300)
        share = float(np.clip(part.mean(), 1e-4, 1 - 1e-4))
        short = max(0.05, float(part @ sample / max(part.sum(), 1e-9)))
        long = max(0.05, float((1 - part) @ sample / max((1 - part).sum(), 1e-9)))
    return Hyperexponential(means=(short, long), shares=(share, 1.0 - share))


def density(law: Distribution, at: Floats) -> tuple[Floats, Floats]:
    """Return density and distribution function of a law that was fitted, at so many seconds."""
    from scipy import stats

    if isinstance(law, Hyperexponential):
        heights, below = np.zeros_like(at), np.zeros_like(at)
        for share, mean in zip(law.shares, law.means, strict=True):
            heights += share / mean * np.exp(-at / mean)
            below += share * -np.expm1(-at / mean)
        return heights, below
    frozen: Any
    if isinstance(law, Exponential):
        frozen = stats.expon(scale=law.mean)
    elif isinstance(law, Gamma):
        frozen = stats.gamma((law.mean / law.sd) ** 2, scale=law.sd**2 / law.mean)
    elif isinstance(law, Weibull):
        frozen = stats.weibull_min(law.shape, scale=law.scale)
    else:
        assert isinstance(law, Lognormal)
        variance = float(np.log1p((law.sd / law.mean) ** 2))
        frozen = stats.lognorm(variance**0.5, scale=law.mean * np.exp(-variance / 2))
    return np.asarray(frozen.pdf(at)), np.asarray(frozen.cdf(at))


def _distance(below: Floats) -> float:
    """Return the largest distance of the distribution function from the sample's (Kolmogorov 1933, Smirnov 1948)."""
    size = len(below)
    steps = np.arange(1, size + 1) / size
    return float(max(np.max(steps - below), np.max(below - (steps - 1 / size))))
