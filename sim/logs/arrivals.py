"""Arrival curves, and how much busier one day is than another."""

import pandas as pd

from sim.logs.canonical import day
from sim.logs.hours import OpeningHours


def hourly_rates(calls: pd.DataFrame, hours: OpeningHours) -> pd.DataFrame:
    """Return contacts an hour in each interval of the mean day: a row an interval, a column a queue."""
    counts = pd.crosstab(hours.slot(calls["offered_at"]), calls["queue"])
    counts = counts.reindex(range(len(hours.edges) - 1), fill_value=0)
    return counts * 3600.0 / hours.every / day(calls).nunique()


def daily_offers(calls: pd.DataFrame) -> pd.DataFrame:
    """Return contacts offered: a row a day, a column a queue."""
    return pd.crosstab(day(calls), calls["queue"])


def spread(values: pd.Series) -> float:
    """Return the coefficient of variation."""
    return float(values.std() / values.mean())


def stream_busyness(offers: pd.DataFrame) -> pd.Series:
    """Estimate the standard deviation of each queue's own day factor, on top of the common one.

    sd^2 = var(share) / mean(share)^2 - mean(1 / expected count), where share is the queue's part of the
    day's contacts; the second term is what a Poisson count would show by itself.
    """
    total = offers.sum(axis=1)
    shares = offers.div(total, axis=0)
    poisson = pd.Series({queue: (1.0 / (shares[queue].mean() * total)).mean() for queue in offers.columns})
    return ((shares.std() / shares.mean()) ** 2 - poisson).clip(lower=0.0) ** 0.5
