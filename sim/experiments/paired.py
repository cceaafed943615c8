"""Paired differences of two scenarios on the same customers: of a figure, and of each customer's outcome."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from sim.metrics.columns import BoolArray, FloatArray, IntArray
from sim.records import Records
from sim.workload.inverse import special

if TYPE_CHECKING:
    import pandas as pd

NOTHING = (math.nan, math.nan, math.nan, math.nan, math.nan)
"""Low, high, p, correlation and variance factor where the variance is unknown."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A figure of one scenario over its replications.

    For a ratio of means `tops` and `bottoms` are its parts. For a mean `tops` is each replication's own
    value, NaN where it has none.
    """

    tops: FloatArray
    bottoms: FloatArray
    is_ratio: bool

    @property
    def there(self) -> FloatArray:
        """Whether each replication counts."""
        return np.ones(len(self.tops)) if self.is_ratio else (~np.isnan(self.tops)).astype(np.float64)

    def only(self, chosen: FloatArray) -> "Sampled":
        """Return some of the replications."""
        kept = chosen > 0
        return Sampled(self.tops[kept], self.bottoms[kept], self.is_ratio)

    def upto(self, count: int) -> "Sampled":
        """Return the first replications."""
        return Sampled(self.tops[:count], self.bottoms[:count], self.is_ratio)

    @property
    def value(self) -> float:
        """The figure; NaN where there are no data."""
        whole = self._whole
        return float(self.tops.sum()) / whole if whole else math.nan

    @property
    def residuals(self) -> FloatArray:
        """The difference of each replication from the figure, in its unit, linearised by the delta method.

        (n - r d) / mean(d) for a ratio of means r, and value - mean for a mean.
        """
        whole = self._whole
        if not whole:
            return np.full(len(self.tops), np.nan)
        weights = self.bottoms if self.is_ratio else np.ones(len(self.tops))
        return (self.tops - self.value * weights) * (len(self.tops) / whole)

    @property
    def _whole(self) -> float:
        return float(self.bottoms.sum()) if self.is_ratio else float(len(self.tops))


@dataclass(frozen=True, slots=True)
class Paired:
    """A figure of two scenarios and their difference, in the metric's own unit.

    `low` and `high` are the limits of the interval of the difference, `p` the two-sided probability of so
    large a difference if the true one is 0. `correlation` is that of the two over the replications, and
    `variance_factor` how many times more replications it would take with customers of their own each. All of
    these are NaN where there are fewer than two replications.
    """

    base: float
    value: float
    difference: float
    low: float
    high: float
    p: float
    correlation: float
    variance_factor: float
    replications: int


def paired(base: Sampled, other: Sampled, level: float = 0.95) -> Paired:
    """Compare a figure of two scenarios by the paired t of its replications.

    For ratios of means the t is that of the linearised residuals of both (delta method). Replications in
    which one of them has no value are left out; without a common one, each scenario's value is over its own
    replications.
    """
    both = base.there * other.there
    if not both.any():
        base, other = base.only(base.there), other.only(other.there)
        return Paired(base.value, other.value, math.nan, *NOTHING, 0)
    base, other = base.only(both), other.only(both)
    difference = other.value - base.value
    count = len(base.tops)
    if count < 2:
        return Paired(base.value, other.value, difference, *NOTHING, count)
    ours, theirs = other.residuals, base.residuals
    error = math.sqrt(_variance(ours - theirs) / count)
    low, high, p = _by_student(difference, error, count - 1, level)
    gained = _gained(theirs, ours)
    return Paired(base.value, other.value, difference, low, high, p, *gained, count)


def alone(sampled: Sampled, level: float = 0.95) -> tuple[float, float, float]:
    """Return a figure with the limits of its interval: Student's t of the replications or of their residuals."""
    counted = sampled.only(sampled.there)
    count = len(counted.tops)
    if math.isinf(counted.value):
        return counted.value, counted.value, counted.value
    if count < 2:
        return counted.value, math.nan, math.nan
    error = math.sqrt(_variance(counted.residuals) / count)
    low, high, _ = _by_student(counted.value, error, count - 1, level)
    return counted.value, low, high


def own_spread(sampled: Sampled) -> tuple[float, float, float]:
    """Return standard deviation, least and greatest of the replications' own values, NaN where there are none."""
    divisor = sampled.bottoms if sampled.is_ratio else np.ones(len(sampled.tops))
    own = sampled.tops[divisor > 0] / divisor[divisor > 0]
    own = own[~np.isnan(own)]
    if not len(own):
        return math.nan, math.nan, math.nan
    return float(own.std(ddof=1)) if len(own) > 1 else math.nan, float(own.min()), float(own.max())


def holm(p: Sequence[float]) -> list[float]:
    """Adjust the probabilities of several tests so that all of them together err as seldom as one.

    Step-down by size: the smallest is multiplied by their number, the next by one less, and none becomes
    smaller than the one before it. NaN stays NaN and does not count. Source: S. Holm (1979), A simple
    sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 65-70.
    """
    adjusted = [math.nan] * len(p)
    order = sorted((one, at) for at, one in enumerate(p) if not math.isnan(one))
    reached = 0.0
    for rank, (one, at) in enumerate(order):
        reached = max(reached, min(1.0, one * (len(order) - rank)))
        adjusted[at] = reached
    return adjusted


def _by_student(difference: float, error: float, freedom: int, level: float) -> tuple[float, float, float]:
    """Return the interval of a difference and its p-value; with variance 0 the difference is certain."""
    half = float(special().stdtrit(freedom, 0.5 + level / 2)) * error
    if math.isnan(difference):
        return math.nan, math.nan, math.nan
    if not error:
        return difference, difference, 0.0 if difference else 1.0
    return (
        difference - half,
        difference + half,
        2.0 * float(special().stdtr(freedom, -abs(difference) / error)),
    )


def _gained(base: FloatArray, other: FloatArray) -> tuple[float, float]:
    """Return the correlation of two series of residuals, and the factor by which it reduces the variance."""
    apart, together = _variance(base) + _variance(other), _variance(other - base)
    root = math.sqrt(_variance(base) * _variance(other))
    correlation = (apart - together) / 2 / root if root else math.nan
    return correlation, apart / together if together else math.nan


def _variance(values: FloatArray) -> float:
    return float(values.var(ddof=1))


# Customers: the outcome of each in one run, compared with another run.

COUNTS = 8
"""Numbers of customers that `CustomerOutcomes.against` returns."""

FELT_S = 1.0
"""Seconds: waits that differ by less count as equal."""

SERVED = ("handled", "contained")


@dataclass(frozen=True, slots=True, eq=False)
class CustomerOutcomes:
    """The customers of one arrival stream in order of arrival, over all their attempts.

    `waits` is the sum of a customer's waits in seconds, `served` whether they were served to the end at last, and
    `talks` how long agents served them in all, 0 where none did.
    """

    arrived_at: FloatArray
    waits: FloatArray
    served: BoolArray
    talks: FloatArray

    @classmethod
    def of(cls, records: Records, warm_up: float) -> dict[str, Self]:
        """Take the customers who arrived after the warm-up from a run, by stream."""
        table = records.conversations
        order = np.lexsort((table["attempt"].to_numpy(), table["customer_id"].to_numpy()))
        customers = table["customer_id"].to_numpy()[order]
        first = np.flatnonzero(np.diff(customers, prepend=-1))
        last = np.append(first[1:], len(customers)) - 1
        waits = table["total_wait"].to_numpy()[order]
        served = table["outcome"].isin(SERVED).to_numpy()[order]
        streams = table["stream"].cat.codes.to_numpy()[order][first]
        arrived_at = table["arrived_at"].to_numpy()[order][first]
        total = np.add.reduceat(waits, first) if len(first) else waits
        times = _served_for(table)[order]
        talks = np.add.reduceat(times, first) if len(first) else times
        names = table["stream"].cat.categories
        found = {}
        for code in np.unique(streams):
            here = (streams == code) & (arrived_at >= warm_up)
            found[str(names[code])] = cls(arrived_at[here], total[here], served[last][here], talks[here])
        return found

    def __len__(self) -> int:
        return self.arrived_at.size

    def against(self, base: "CustomerOutcomes") -> FloatArray:
        """Count customers: the base's, those who came here too, and of these who fared better and worse.

        The same customer comes by the same stream at the same instant. Customers fare better who are served
        where they were not, or wait less by at least a second. Then follow those who came only here, those whom
        agents served in both, and of these whose conversation was shorter and longer by at least a second.
        """
        ours, theirs = _same(self.arrived_at, base.arrived_at)
        served, was_served = self.served[ours], base.served[theirs]
        shorter = base.waits[theirs] - self.waits[ours]
        both = served & was_served
        better = (served & ~was_served) | (both & (shorter >= FELT_S))
        worse = (was_served & ~served) | (both & (shorter <= -FELT_S))
        spoke = (self.talks[ours] > 0) & (base.talks[theirs] > 0)
        less = base.talks[theirs] - self.talks[ours]
        counts = (len(base), len(ours), better.sum(), worse.sum(), len(self) - len(ours))
        return np.array(
            [*counts, spoke.sum(), (spoke & (less >= FELT_S)).sum(), (spoke & (less <= -FELT_S)).sum()],
            dtype=np.float64,
        )


def _served_for(conversations: "pd.DataFrame") -> FloatArray:
    """Return how long agents served each contact: from the first accept to the end, without the waits between."""
    columns = ("answered_at", "ended_at", "wait", "total_wait")
    answered, ended, wait, waits = (conversations[name].to_numpy() for name in columns)
    times: FloatArray = np.nan_to_num(ended - answered - (waits - wait))
    return times


def _same(times: FloatArray, others: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the arrivals that two runs have in common, as positions in each."""
    if np.array_equal(times, others):
        every = np.arange(len(times))
        return every, every
    _, ours, theirs = np.intersect1d(times, others, return_indices=True)
    return ours, theirs
