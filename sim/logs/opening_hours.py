"""Which days of a log are ordinary ones, from when to when they are open, and their part of the log."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.logs.log import OpeningHours, cross_counts, day
from sim.logs.reading import Log, Source

OPEN_SHARE = 0.5
"""An interval belongs to the opening hours where on this share of the days somebody came."""
QUIET_SHARE = 0.3
"""A weekday or a day with less than this share of the usual contacts is another kind of day."""
NOT_FITTED = ("contact_id", "consult_at", "outcome", "label")
"""Columns that nothing is fitted from."""
RARE = 0.002
"""A queue with less than this share of the contacts, or none on half of the days, is no part of an ordinary day."""


@dataclass(frozen=True, slots=True)
class OrdinaryDays:
    """The opening hours of the ordinary days, and the contacts that lie outside them."""

    hours: OpeningHours
    days: tuple[pd.Timestamp, ...]
    other_days: tuple[pd.Timestamp, ...]
    outside: int

    def holds(self, calls: pd.DataFrame) -> pd.Series:
        """Return which contacts are those."""
        return self.hours.holds(calls["offered_at"]) & day(calls).isin(self.days)


def ordinary_days(calls: pd.DataFrame, every_s: float = 1800.0) -> OrdinaryDays:
    """Find the weekdays with the usual number of contacts, and the hours in which on most of them somebody came.

    Raises SimError where the log has no ordinary day.
    """
    dates = day(calls)
    daily = dates.value_counts().sort_index()
    weekday = pd.DatetimeIndex(daily.index).day_of_week
    usual = daily.groupby(weekday).median()
    kept = tuple(int(one) for one in usual.index[usual >= QUIET_SHARE * usual.max()])
    ordinary = daily.index[weekday.isin(kept) & (daily >= QUIET_SHARE * usual.max())]
    if not len(ordinary):
        raise SimError("the log has no day with contacts")
    slots = int(86_400 / every_s)
    at = calls.loc[dates.isin(ordinary), "offered_at"]
    seconds = (at - at.dt.normalize()).dt.total_seconds()
    slot = (seconds // every_s).astype("int64")
    seen = cross_counts(at.dt.normalize(), slot).reindex(columns=range(slots), fill_value=0) > 0
    busy = np.flatnonzero(seen.mean().to_numpy() >= OPEN_SHARE)
    first, last = (int(busy[0]), int(busy[-1]) + 1) if len(busy) else (int(slot.min()), int(slot.max()) + 1)
    hours = OpeningHours(first * every_s, last * every_s, every_s, kept)
    outside = len(calls) - int(hours.holds(at).sum())
    return OrdinaryDays(hours, tuple(ordinary), tuple(daily.index.difference(ordinary)), outside)


@dataclass(frozen=True)
class OrdinaryPart:
    """The contacts of the ordinary days of a log in their regular queues, of so many that were offered on them."""

    source: Source
    days: OrdinaryDays
    offered: int
    calls: pd.DataFrame

    @classmethod
    def of(cls, log: Log, every_s: float = 1800.0) -> "OrdinaryPart":
        """Take it from a log, with no second copy where that has nothing else. Raises SimError where it is empty."""
        days = ordinary_days(log.calls, every_s)
        kept = days.holds(log.calls)
        offered = int(kept.sum())
        kept &= log.calls["queue"].isin(_regular(day(log.calls)[kept], log.calls["queue"][kept]))
        needed = log.calls.drop(columns=list(NOT_FITTED), errors="ignore")
        calls = needed if kept.all() else needed[kept].reset_index(drop=True)
        for name in ("queue", "agent"):
            calls[name] = calls[name].astype("category").cat.remove_unused_categories()
        if calls["answered_at"].isna().all():
            raise SimError(f"{log.path}: nobody was answered; there is no handle time and no agent to fit")
        return cls(Source.of(log), days, offered, calls)


def _regular(days: pd.Series, queues: pd.Series) -> pd.Index:
    daily = cross_counts(days, queues)
    return daily.columns[((daily > 0).mean() >= 0.5) & (daily.sum() >= RARE * len(queues))]
