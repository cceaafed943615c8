"""How often calls are handed on, how long they last afterwards, and whether the log shows where they went."""

import numpy as np
import pandas as pd

from sim.logs.canonical import answered, day
from sim.logs.hours import OpeningHours
from sim.logs.staffing import seconds_in


def transfer_shares(calls: pd.DataFrame) -> pd.Series:
    """Return the share of the answered calls of each queue that were handed on."""
    taken = answered(calls)
    return taken["transferred_at"].notna().groupby(taken["queue"]).mean()


def second_legs(calls: pd.DataFrame) -> pd.Series:
    """Return seconds from each transfer to the end of the call: the part of whoever received it."""
    moved = calls[calls["transferred_at"].notna()]
    return (moved["ended_at"] - moved["transferred_at"]).dt.total_seconds()


def most_second_legs(calls: pd.DataFrame, hours: OpeningHours) -> float:
    """Return the mean number of transferred calls going on in the interval of the day that has most."""
    moved = calls[calls["transferred_at"].notna()]
    spans = pd.DataFrame({"since": moved["transferred_at"], "until": moved["ended_at"]})
    return float(seconds_in(spans, hours).sum(axis=0).max()) / (hours.every * day(calls).nunique())


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
