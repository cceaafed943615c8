"""How far contacts vary beyond Poisson: from day to day, and from interval to interval within the day.

With a factor of the day times one of the interval, each of mean 1, counts of intervals i and j of a day have the
covariance m_i m_j s_day^2, and the variance m_i + m_i^2 ((1 + s_day^2)(1 + s_interval^2) - 1): moments of the model PG2
of B. Oreshkin, N. Regnard and P. L'Ecuyer, Operations Research 64 (2016). Days are compared with those of the same
weekday.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.log import OpeningHours, cross_counts, day

Floats = NDArray[np.float64]


class Factors(NamedTuple):
    """Standard deviations of the day's factor and of the interval's, relative to 1."""

    day: float
    interval: float


class _Moments(NamedTuple):
    """Sums over the intervals of a day: of products of different intervals, and of one with itself beyond Poisson."""

    across: float
    own: float
    across_means: float
    own_means: float

    def __sub__(self, other: "_Moments") -> "_Moments":
        return _Moments(*(mine - yours for mine, yours in zip(self, other, strict=True)))

    @property
    def factors(self) -> Factors:
        day_variance = max(0.0, self.across / self.across_means) if self.across_means > 0 else 0.0
        both = self.own / self.own_means if self.own_means > 0 else 0.0
        interval_variance = max(0.0, (1.0 + both) / (1.0 + day_variance) - 1.0)
        return Factors(day_variance**0.5, interval_variance**0.5)


def counts_by_day(calls: pd.DataFrame, hours: OpeningHours) -> dict[str, pd.DataFrame]:
    """Return for each queue the contacts offered: a row a day, a column an interval of the day."""
    days = pd.Index(sorted(day(calls).unique()), name="day")
    slots = range(len(hours.edges) - 1)
    found = {}
    # Only the column that is counted: a group is a copy, of a large log the largest.
    for queue, offers in calls.groupby("queue", observed=True)["offered_at"]:
        counts = cross_counts(day(offers.to_frame()), hours.slot(offers))
        found[str(queue)] = counts.reindex(index=days, columns=list(slots), fill_value=0).astype("float64")
    return found


def factors_of(counts: dict[str, pd.DataFrame]) -> tuple[Factors, dict[str, Factors]]:
    """Return the factors that all queues have in common, and by queue those of its own on top of them."""
    whole = _moments(sum(counts.values(), start=0.0))  # type: ignore[arg-type]
    each = {queue: _moments(one) for queue, one in counts.items()}
    common = whole
    for one in each.values():
        common -= one
    shared = common.factors if len(counts) > 1 else Factors(0.0, 0.0)
    return shared, {queue: _rest(one.factors, shared) for queue, one in each.items()}


def _rest(whole: Factors, shared: Factors) -> Factors:
    """Return what is left of a factor's spread without that of another it is multiplied with."""
    return Factors(
        *(max(0.0, (1 + w * w) / (1 + s * s) - 1) ** 0.5 for w, s in zip(whole, shared, strict=True))
    )


def _moments(counts: pd.DataFrame) -> _Moments:
    """Add up the moments over the weekdays of which there are two days or more."""
    total = np.zeros(4)
    for _, same in counts.groupby(pd.DatetimeIndex(counts.index).day_of_week):
        days = len(same)
        if days < 2:
            continue
        values = same.to_numpy()
        means = values.mean(axis=0)
        rest = values - means
        # The square of an estimated mean is too large by the variance of the estimate.
        variances = (rest**2).sum(axis=0) / (days - 1)
        day_variance = float((rest.sum(axis=1) ** 2).sum() / (days - 1))
        squares = means**2 - variances / days
        across_means = means.sum() ** 2 - day_variance / days - squares.sum()
        total += days * np.array(
            [day_variance - variances.sum(), (variances - means).sum(), across_means, squares.sum()]
        )
    return _Moments(*total.tolist())
