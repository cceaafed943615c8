"""Which days of a log are ordinary ones, and from when to when they are open."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.logs.log import OpeningHours, cross_counts, day

OPEN_SHARE = 0.5
"""An interval belongs to the opening hours where on this share of the days somebody came."""
QUIET_SHARE = 0.3
"""A weekday or a day with less than this share of the usual contacts is another kind of day."""


@dataclass(frozen=True, slots=True)
class OrdinaryDays:
    """The opening hours of the ordinary days, and the contacts that lie outside them."""

    hours: OpeningHours
    days: tuple[pd.Timestamp, ...]
    other_days: tuple[pd.Timestamp, ...]
    outside: int

    def of(self, calls: pd.DataFrame) -> pd.DataFrame:
        """Return the contacts of the ordinary days within their hours."""
        kept = self.hours.holds(calls["offered_at"]) & day(calls).isin(self.days)
        return calls if kept.all() else calls[kept].reset_index(drop=True)


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
