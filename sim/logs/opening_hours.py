"""Which days of a log are ordinary ones, from when to when they are open, and their part of the log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import SimError
from sim.logs.log import OpeningHours, clock_s, cross_counts, day, tells_ends
from sim.logs.nights import closed_edges, closed_gap, cut_days, round_the_clock
from sim.logs.reading import TIMES, Log, Source
from sim.scenario.distributions import DAY_S
from sim.scenario.numbers import clock_text

OPEN_SHARE = 0.5
"""An interval belongs to the opening hours where on this share of the days somebody came."""
QUIET_SHARE = 0.3
"""A weekday or a day with less than this share of the usual contacts is another kind of day."""
LIKE_SHARE = 0.5
"""A weekday with less than this share of the contacts of the middle weekday, or more than its inverse, is unlike it."""
LIKE_MISSED = 0.05
"""A weekday that is closed while more than this share of the contacts of the others comes is unlike them."""
NOT_FITTED = ("contact_id", "label")
"""Columns that nothing is fitted from."""
TELLING = ("offered_at", "queue", "kind")
"""Columns that tell which contacts are fitted."""
RARE = 0.002
"""A queue with less than this share of the contacts, or none on half of the days, is no part of an ordinary day."""


@dataclass(frozen=True, slots=True)
class OrdinaryDays:
    """The ordinary days, and their opening hours.

    `turn` is the clock time at which the business day seems to change, 0 where that is midnight.
    """

    hours: OpeningHours
    days: tuple[pd.Timestamp, ...]
    other_days: tuple[pd.Timestamp, ...]
    turn: float = 0.0
    readings: tuple[str, ...] = ()

    def holds(self, calls: pd.DataFrame) -> pd.Series:
        """Return which contacts are theirs: those within the hours, and the searches that follow, whenever they do."""
        inside = self.hours.holds(calls["offered_at"])
        if "kind" in calls:
            inside |= _follows(calls["kind"])
        return inside & day(calls).isin(self.days)


def ordinary_days(calls: pd.DataFrame, every_s: float = 1800.0, turn: float = 0.0) -> OrdinaryDays:
    """Find the weekdays with the usual number of contacts, and the hours in which on most of them somebody came.

    Searches that follow a transfer or a call for help may begin after closing, and tell no hours. `turn` is what the
    clock of the contacts was set back by. Raises SimError where the log has no ordinary day.
    """
    offered = _by_customers(calls)
    dates = offered.dt.normalize()
    daily = dates.value_counts().sort_index()
    weekday = pd.DatetimeIndex(daily.index).day_of_week
    usual = daily.groupby(weekday).median()
    kept = tuple(int(one) for one in usual.index[usual >= QUIET_SHARE * usual.max()])
    ordinary = daily.index[weekday.isin(kept) & (daily >= QUIET_SHARE * usual.max())]
    if turn:
        ordinary = ordinary.difference(cut_days(offered, turn))
    if not len(ordinary):
        raise SimError("the log has no day with contacts")
    slots = int(DAY_S / every_s)
    at = offered[dates.isin(ordinary)]
    del offered, dates  # of a large log there is not room for what is not needed any more
    slot = (clock_s(at) // every_s).astype("int64")
    came = cross_counts(at.dt.normalize(), slot).reindex(columns=range(slots), fill_value=0)
    seen = (came > 0).mean().to_numpy()
    busy = np.flatnonzero(seen >= OPEN_SHARE)
    first, last = (int(busy[0]), int(busy[-1]) + 1) if len(busy) else (int(slot.min()), int(slot.max()) + 1)
    start = first * every_s + turn
    by_weekday = pd.DatetimeIndex(came.index).day_of_week
    shorter = tuple(
        (one, start + own[0] * every_s, start + own[1] * every_s)
        for one in kept
        if (own := closed_edges(came[by_weekday == one].sum().to_numpy()[first:last])) != (0, last - first)
    )
    hours = OpeningHours(start, last * every_s + turn, every_s, kept, turn, shorter)
    much = [
        one
        for one, *_ in shorter
        if _missed(came.iloc[:, first:last], one, hours.slots_on(one)) > LIKE_MISSED
    ]
    hours = replace(hours, alike=alike_weekdays(usual[list(kept)], much))
    readings: tuple[str, ...] = ()
    if turn:
        readings = (
            f"the business day goes on over midnight, from {clock_text(hours.opens)} to {clock_text(hours.closes)}, as"
            f" between them nobody came; what comes before {clock_text(turn)} belongs to the day before",
        )
    else:
        gap = closed_gap(came.sum().to_numpy())
        turn = 0.0 if gap is None else (gap[0] + gap[1]) // 2 * every_s
        readings = round_the_clock(seen >= OPEN_SHARE, every_s)
    return OrdinaryDays(hours, tuple(ordinary), tuple(daily.index.difference(ordinary)), turn, readings)


def _by_customers(calls: pd.DataFrame) -> pd.Series:
    """Return when customers came by themselves."""
    return calls["offered_at"] if "kind" not in calls else calls.loc[~_follows(calls["kind"]), "offered_at"]


def _follows(kind: pd.Series) -> "pd.Series[bool]":
    """Return which searches follow a contact of a customer, as a transfer or for a further agent."""
    return kind.notna() & (kind != "inbound")


def _missed(came: pd.DataFrame, weekday: int, own: slice) -> float:
    """Return the share of other weekdays' contacts that comes while this weekday is closed; `came` is by day."""
    others = came[pd.DatetimeIndex(came.index).day_of_week != weekday].sum().to_numpy()
    return 1.0 - float(others[own].sum()) / max(float(others.sum()), 1.0)


def alike_weekdays(usual: pd.Series, shorter: Sequence[int]) -> tuple[int, ...]:
    """Return the weekdays whose mean is a day as one knows it: open all day, with about as many contacts.

    `usual` has the usual number of each weekday. A short Saturday would be a sixth of every interval of the mean.
    """
    whole = usual.drop(index=list(shorter))
    middle = whole.median()
    like = whole.between(LIKE_SHARE * middle, middle / LIKE_SHARE)
    return tuple(int(one) for one in (whole.index[like] if like.any() else usual.index))


@dataclass(frozen=True)
class OrdinaryPart:
    """The contacts of the ordinary days of a log in their regular queues, of so many that were offered on them.

    `outside` are those on other days and at other hours.
    """

    source: Source
    days: OrdinaryDays
    offered: int
    outside: int
    calls: pd.DataFrame

    @classmethod
    def of(cls, log: Log, first: date | None = None, last: date | None = None) -> "OrdinaryPart":
        """Take it out of the days of a log, column by column, which leaves that empty: two copies have no room.

        Raises SimError where it is empty, or nobody who answered is named.
        """
        part, rows, days = _of_days(log, first, last)
        if days.turn:
            night, of_night, found = _of_days(log, first, last, days.turn)
            if found.hours.opens < DAY_S < found.hours.closes:
                part, rows, days = night, of_night, found
            del night
        kept = days.holds(part.calls)
        offered, every = int(kept.sum()), len(part.calls)
        kept &= part.calls["queue"].isin(_regular(day(part.calls)[kept], part.calls["queue"][kept]))
        source = Source.of(part.read_as(*days.readings))
        del part
        calls = _taken_out(log.calls, rows, kept.to_numpy(), days.hours.turn)
        for name in ("queue", "agent"):
            calls[name] = calls[name].astype("category").cat.remove_unused_categories()
        taken = calls["answered_at"].notna()
        if not taken.any():
            raise SimError(f"{source.path}: nobody was answered; there is no handle time and no agent to fit")
        if calls.loc[taken, "agent"].isna().all():
            raise SimError(
                f"{source.path}: no contact says who answered it, so there are no teams to fit;"
                " name the column that does as `agent` in a map file"
            )
        return cls(source, days, offered, every - offered, calls)


def _of_days(
    log: Log, first: date | None, last: date | None, turn: float = 0.0
) -> tuple[Log, slice, OrdinaryDays]:
    """Return what of a part of a log tells its ordinary days, which rows it is, and those days."""
    telling = replace(log, calls=log.calls[[name for name in TELLING if name in log.calls]]).set_back(turn)
    part = telling.between(first, last)
    return part, telling.rows(first, last), ordinary_days(part.calls, turn=turn)


def _taken_out(calls: pd.DataFrame, rows: slice, kept: NDArray[np.bool_], turn: float) -> pd.DataFrame:
    """Return what is fitted of some rows, those `kept` of them, with the clock set back; take all columns out."""
    by = pd.Timedelta(seconds=turn)
    columns: dict[str, Any] = {}
    for name in map(str, list(calls)):
        cells = calls.pop(name).array[rows]  # the last one goes as this one comes
        if name in NOT_FITTED or (name == "consult_at" and cells.isna().all()):
            continue
        if name == "outcome" and not tells_ends(cells):
            continue
        if turn and name in TIMES:
            cells = cells - by
        columns[name] = cells if kept.all() else cells[kept]
    return pd.DataFrame(columns, copy=False)


def _regular(days: pd.Series, queues: pd.Series) -> pd.Index:
    daily = cross_counts(days, queues)
    return daily.columns[((daily > 0).mean() >= 0.5) & (daily.sum() >= RARE * len(queues))]
