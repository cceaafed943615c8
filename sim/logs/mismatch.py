"""How far demand and staff miss each other: what makes waits on days whose means would not."""

import pandas as pd

from sim.logs.arrivals import daily_offers, stream_busyness
from sim.logs.canonical import day
from sim.logs.hours import OpeningHours
from sim.logs.staffing import seconds_in


def offers_by_slot(calls: pd.DataFrame, hours: OpeningHours) -> pd.DataFrame:
    """Return contacts offered: a row a day, a column an interval of the day."""
    return pd.crosstab(day(calls), hours.slot(calls["offered_at"]))


def agents_by_slot(spans: pd.DataFrame, hours: OpeningHours) -> pd.DataFrame:
    """Return the mean number of agents on duty: a row a day, a column an interval of the day."""
    days = spans["since"].dt.normalize().rename("day")
    return pd.DataFrame(seconds_in(spans, hours)).groupby(days.to_numpy()).sum() / hours.every


def mismatch(calls: pd.DataFrame, spans: pd.DataFrame, hours: OpeningHours) -> float:
    """Estimate how far contacts for each agent on duty stray from their mean at that time of day.

    A standard deviation relative to the mean. As a variance it is averaged over the intervals, weighted by
    contacts; off it are taken what Poisson counts show by themselves and what the queues' own day factors
    explain (`stream_busyness`). Demand that was foreseen and staffed for does not count: it makes no waits.
    """
    offers = offers_by_slot(calls, hours)
    ratio = offers / agents_by_slot(spans, hours)
    seen = (ratio.std() / ratio.mean()) ** 2 - 1.0 / offers.mean()
    daily = daily_offers(calls)
    own = float(((daily.sum() / daily.to_numpy().sum() * stream_busyness(daily)) ** 2).sum())
    total = float((seen.clip(lower=0.0) * offers.mean()).sum() / offers.mean().sum())
    return float(max(0.0, total - own) ** 0.5)
