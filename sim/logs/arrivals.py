"""Arrival curves, day factors, transfers, and the mismatch of demand and staff in a log."""

import numpy as np
import pandas as pd

from sim.logs.log import OpeningHours, answered, cross_counts, day
from sim.logs.staffing import seconds_in


def hourly_rates(calls: pd.DataFrame, hours: OpeningHours) -> pd.DataFrame:
    """Return contacts an hour in each interval of the mean day: a row an interval, a column a queue."""
    counts = cross_counts(hours.slot(calls["offered_at"]), calls["queue"])
    counts = counts.reindex(range(len(hours.edges) - 1), fill_value=0)
    return counts * 3600.0 / hours.every / day(calls).nunique()


def daily_offers(calls: pd.DataFrame) -> pd.DataFrame:
    """Return contacts offered: a row a day, a column a queue."""
    return cross_counts(day(calls), calls["queue"])


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


# Transfers: how often, how long the second leg is, and whether the log shows where they went.


def transfer_shares(calls: pd.DataFrame) -> pd.Series:
    """Return the share of the answered calls of each queue that were transferred."""
    taken = answered(calls)
    return taken["transferred_at"].notna().groupby(taken["queue"]).mean()


def second_legs(calls: pd.DataFrame) -> pd.Series:
    """Return seconds from each transfer to the end of the call: the part of its receiver."""
    moved = calls[calls["transferred_at"].notna()]
    return (moved["ended_at"] - moved["transferred_at"]).dt.total_seconds()


def most_second_legs(calls: pd.DataFrame, hours: OpeningHours) -> float:
    """Return the mean number of transferred calls going on in the interval of the day that has most."""
    moved = calls[calls["transferred_at"].notna()]
    spans = pd.DataFrame({"since": moved["transferred_at"], "until": moved["ended_at"]})
    return float(seconds_in(spans, hours).max()) / (hours.every * day(calls).nunique())


def linked_share(calls: pd.DataFrame, within: int = 5, aside: int = 60) -> float:
    """Estimate the share of the consults that show up as a new call in a queue of the log, beyond chance.

    Counts the calls offered 1 to `within` seconds after a consult, less those offered as long after a moment
    `aside` seconds earlier: a consult through a queue would leave one row there.
    """
    consults = calls["consult_at"].dropna()
    earlier = consults - pd.Timedelta(seconds=aside)
    return (_offers_after(calls, consults, within) - _offers_after(calls, earlier, within)) / len(consults)


def _offers_after(calls: pd.DataFrame, moments: pd.Series, within: int) -> int:
    offers = np.sort(calls["offered_at"].to_numpy())
    ends = moments + pd.Timedelta(seconds=within)
    until, before = (np.searchsorted(offers, times.to_numpy(), "right") for times in (ends, moments))
    return int((until - before).sum())


# Mismatch of demand and staff: it causes waits that the means do not explain.


def offers_by_slot(calls: pd.DataFrame, hours: OpeningHours) -> pd.DataFrame:
    """Return contacts offered: a row a day, a column an interval of the day."""
    return cross_counts(day(calls), hours.slot(calls["offered_at"]))


def agents_by_slot(spans: pd.DataFrame, hours: OpeningHours) -> pd.DataFrame:
    """Return the mean number of agents on duty: a row a day, a column an interval of the day."""
    number, days = pd.factorize(spans["since"].dt.normalize(), sort=True)
    return pd.DataFrame(seconds_in(spans, hours, number), index=days) / hours.every


def mismatch(calls: pd.DataFrame, spans: pd.DataFrame, hours: OpeningHours) -> float:
    """Estimate how far contacts for each agent on duty stray from their mean at that time of day.

    A standard deviation relative to the mean. As a variance it is averaged over the intervals, weighted by
    contacts; the variance of Poisson counts and that of the queues' own day factors (`stream_busyness`) are
    subtracted. Demand that was foreseen and staffed for does not count: it causes no waits.
    """
    offers = offers_by_slot(calls, hours)
    ratio = offers / agents_by_slot(spans, hours)
    seen = (ratio.std() / ratio.mean()) ** 2 - 1.0 / offers.mean()
    daily = daily_offers(calls)
    own = float(((daily.sum() / daily.to_numpy().sum() * stream_busyness(daily)) ** 2).sum())
    total = float((seen.clip(lower=0.0) * offers.mean()).sum() / offers.mean().sum())
    return float(max(0.0, total - own) ** 0.5)
