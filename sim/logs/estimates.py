"""A log fitted: what a scenario of its ordinary day needs, each figure with the rows it was taken from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd

from sim.logs.called_in import calls_in
from sim.logs.conferences import (
    ConferenceFit,
    asks,
    fit_conference,
    handed_on_for_nobody,
    left_to_another,
    own_work,
)
from sim.logs.laws import LawFit, choose_law
from sim.logs.log import OpeningHours, handle_s, left, wait_s
from sim.logs.opening_hours import OrdinaryDays, OrdinaryPart
from sim.logs.overdispersion import Factors, counts_by_day, factors_of
from sim.logs.patience import Survival, Waits, fit_patience
from sim.logs.people import People, people_of
from sim.logs.precedence import Precedence, precedence
from sim.logs.reading import Source
from sim.logs.returning import Returns, returned_after, returns_of
from sim.logs.ringing import RingTimes, ring_times
from sim.logs.transfers import AskedFit, TransferFit, fit_consult, fit_transfer, in_warm_s
from sim.logs.unanswered import Place, SearchEnds, search_ends
from sim.scenario.distributions import Distribution

VOICE = frozenset({"voice", "phone", "call", "calls"})
VOICE_WITHIN_S, OTHER_WITHIN_S = 20.0, 60.0
"""The service level asked of a log that names none."""
FEWEST_LEFT = 100
"""Abandonments of a queue for a patience of its own."""
FEWEST_HANDLED = 30
"""Answered contacts of a queue for a handle time of its own."""
HASTY_S = 3.0
"""Who leaves so soon may not have wanted to wait at all."""


@dataclass(frozen=True)
class PatienceFit:
    """The patience of a queue: exact for those who left, censored for those who were answered or found no agent.

    `naive_s` is the mean wait of those who left, which is often taken for it and far too short; `seen` is the share
    that still waits at each moment. Both are 0 and None where it `is_own` not, but that of all queues together. Of the
    censored `ended` were not answered.
    """

    law: Distribution
    left: int
    censored: int
    naive_s: float
    is_own: bool
    balk: float
    seen: Survival | None
    ended: int = 0


@dataclass(frozen=True)
class QueueFit:
    """One queue; contacts by interval of the mean day, of each weekday, and day by day as they came."""

    name: str
    channel: str
    offered: int
    volumes: tuple[float, ...]
    weekdays: Mapping[int, tuple[float, ...]]
    counts: tuple[tuple[int, ...], ...]
    factors: Factors
    handle: LawFit
    handle_is_own: bool
    patience: PatienceFit | None
    transfer: TransferFit | None
    consult: AskedFit | None = None
    conference: ConferenceFit | None = None


@dataclass(frozen=True)
class ReceiverFit:
    """Those to whom contacts are handed on where the log does not say whom: their part, and agents enough."""

    handle: LawFit
    agents: int


@dataclass(frozen=True)
class Calibration:
    """All that was fitted from a log: the ordinary day, with the days and the contacts that are none of it."""

    log: Source
    hours: OpeningHours
    dates: tuple[date, ...]
    other_days: int
    outside: int
    offered: int
    left_out: int
    within_s: float
    within_is_given: bool
    common: Factors
    queues: tuple[QueueFit, ...]
    people: People
    receiver: ReceiverFit | None
    returns: Returns | None
    ring_times: RingTimes = field(default_factory=RingTimes)
    called_in: int = 0
    first: Precedence = field(default_factory=Precedence)
    ends: SearchEnds = field(default_factory=SearchEnds)

    @property
    def days(self) -> int:
        """How many ordinary days there are."""
        return len(self.dates)

    def within_s_of(self, queue: QueueFit) -> float:
        """Return the service level's threshold: what was asked for, or 20 s of voice and 60 s of other media."""
        return self.within_s if self.within_is_given or queue.channel in VOICE else OTHER_WITHIN_S

    @property
    def expected(self) -> float:
        """Contacts of the mean day."""
        return sum(map(sum, (queue.volumes for queue in self.queues)))

    def save(self, folder: Path | str, command: Sequence[str] = ()) -> Path:
        """Write the scenario with its files into a folder, and what `sim.open` reads back; return the folder.

        Raises SimError where the folder cannot be written, or holds a scenario already.
        """
        path: Path = import_module("sim.logs.storage").save_calibration(self, Path(folder), command)
        return path

    def __repr__(self) -> str:
        return f"<Calibration of {Path(self.log.path).name!r}: {self.days} days, {len(self.queues)} queues>"

    def _repr_html_(self) -> str:
        return str(import_module("sim.report.notebook").of_calibration(self))


def fit(part: OrdinaryPart, within_s: float | None = None) -> Calibration:
    """Fit the ordinary day of a log."""
    ordinary, calls = part.days, part.calls
    moved = _is_transfer(calls)
    # Of a large log copies are the largest part of the memory: only the columns that are fitted.
    first = calls.loc[~moved, _there(OF_OFFERS, calls)] if moved.any() else calls
    again = returned_after(first)
    returns = returns_of(first, again)
    # Who comes again is simulated as such, and would be there twice.
    by_themselves = first
    if returns is not None and again is not None:
        by_themselves = first.loc[again.isna(), ["queue", "offered_at"]]
    counts = counts_by_day(by_themselves, ordinary.hours)
    del by_themselves, again
    pooled = _patience(first, None)
    del first, moved
    common, own = factors_of(counts)
    everything = choose_law(_handle(_alone(calls)))
    queues = tuple(
        _queue(
            str(name),
            calls.loc[calls["queue"] == name, _there(OF_QUEUES, calls)],
            counts.get(str(name)),
            own.get(str(name)),
            everything,
            pooled,
            ordinary,
        )
        for name in calls["queue"].value_counts().index
        if (calls["queue"] == name).any()
    )
    rings = ring_times(calls)
    places = [Place(one.name, one.channel, tuple(one.transfer.to) if one.transfer else ()) for one in queues]
    ends = search_ends(calls, places, rings, is_read=not part.source.ends_inferred)
    people = people_of(calls, ordinary.hours, rings.shortest_s)
    return Calibration(
        log=part.source,
        hours=ordinary.hours,
        dates=tuple(one.date() for one in ordinary.days),
        other_days=len(ordinary.other_days),
        outside=part.outside,
        offered=part.offered,
        left_out=part.offered - len(calls),
        within_s=VOICE_WITHIN_S if within_s is None else within_s,
        within_is_given=within_s is not None,
        common=common,
        queues=queues,
        people=people,
        receiver=_receiver(calls, queues),
        returns=returns,
        ring_times=rings,
        called_in=_called_in(calls),
        first=precedence(calls),
        ends=ends,
    )


def _is_transfer(calls: pd.DataFrame) -> pd.Series:
    if "kind" not in calls:
        return pd.Series(False, index=calls.index)
    return calls["kind"].notna() & (calls["kind"] != "inbound")


def _called_in(calls: pd.DataFrame) -> int:
    """Return how many searches for a further agent are put beside no contact."""
    searches = int(calls_in(calls["kind"]).sum()) if "kind" in calls else 0
    return max(0, searches - int(asks(calls).sum()))


OF_OFFERS = ("queue", "offered_at", "answered_at", "ended_at", "customer", "outcome")
OF_QUEUES = (
    "offered_at",
    "answered_at",
    "ended_at",
    "transferred_at",
    "transfer_to",
    "channel",
    "kind",
    "consult_at",
    "consult_to",
    "warm_wait_s",
    "handover_s",
    "joined_at",
    "consult_ended_at",
    "outcome",
)
OF_WORK = ("answered_at", "ended_at", "transferred_at", "warm_wait_s", "handover_s")


def _there(names: Sequence[str], calls: pd.DataFrame) -> list[str]:
    return [name for name in names if name in calls]


def _alone(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts without the parts of further agents, and without those in which one was called in."""
    if "consult_to" not in calls:
        return calls
    alone = calls[~asks(calls) & ~calls_in(calls["kind"])]
    return alone if alone["answered_at"].notna().any() else calls


def _handle(calls: pd.DataFrame) -> pd.Series:
    return handle_s(calls)[calls["answered_at"].notna()]


def _queue(
    name: str,
    calls: pd.DataFrame,
    counts: pd.DataFrame | None,
    factors: Factors | None,
    everything: LawFit,
    pooled: PatienceFit | None,
    ordinary: OrdinaryDays,
) -> QueueFit:
    weekdays: dict[int, tuple[float, ...]] = {}
    volumes: tuple[float, ...] = ()
    if counts is not None:
        weekday = pd.DatetimeIndex(counts.index).day_of_week
        volumes = tuple(counts[weekday.isin(ordinary.hours.of_mean)].mean().tolist())
        by_weekday = counts.groupby(weekday).mean()
        weekdays = {number: tuple(by_weekday.loc[number].tolist()) for number in by_weekday.index.tolist()}
    channel = (
        str(calls["channel"].mode().iloc[0])
        if "channel" in calls and calls["channel"].notna().any()
        else "voice"
    )
    if "kind" in calls and (further := calls_in(calls["kind"])).any():
        calls = calls[~further]
    conference = fit_conference(calls)
    alone, handed_on = calls, calls
    if conference is not None:
        alone = calls[~asks(calls)]
        handed_on = calls[~left_to_another(calls)]
        if conference.transfers:
            handed_on = handed_on[~handed_on_for_nobody(handed_on)]
    transfer = fit_transfer(handed_on)
    if transfer is not None and transfer.to and transfer.after < 1.0:
        alone = alone.loc[alone["transferred_at"].isna(), _there(OF_WORK, alone)]
    durations = (handle_s(alone) - in_warm_s(alone))[alone["answered_at"].notna()]
    if conference is not None and len(durations) < FEWEST_HANDLED:
        durations = pd.Series(own_work(calls, bool(conference.holds)))
    own_handle = len(durations) >= FEWEST_HANDLED
    return QueueFit(
        name=name,
        channel=channel.lower(),
        offered=len(calls),
        volumes=volumes,
        weekdays=weekdays,
        counts=_by_day(counts, ordinary.days),
        factors=factors or Factors(0.0, 0.0),
        handle=choose_law(durations) if own_handle else everything,
        handle_is_own=own_handle,
        patience=_patience(calls, pooled),
        transfer=transfer,
        consult=fit_consult(calls) if conference is None else None,
        conference=conference,
    )


def _by_day(counts: pd.DataFrame | None, days: Sequence[pd.Timestamp]) -> tuple[tuple[int, ...], ...]:
    """Return the contacts of each day and interval; none of a queue that contacts are only handed on to."""
    if counts is None:
        return ()
    whole = counts.reindex(index=list(days), fill_value=0.0).to_numpy().astype(np.int64)
    return tuple(tuple(row) for row in whole.tolist())


def _patience(calls: pd.DataFrame, pooled: PatienceFit | None) -> PatienceFit | None:
    waits = Waits.of(calls)
    count, served = int(waits.left.sum()), int(waits.served.sum())
    waited, gone = wait_s(calls), left(calls)
    ended = int((calls["answered_at"].isna() & ~gone & (waited > 0)).sum())
    if count < FEWEST_LEFT and pooled is not None:
        return PatienceFit(pooled.law, count, served, 0.0, False, 0.0, None, ended)
    if count < 2:
        return None
    balk = _balk(waited, gone)
    if balk:
        waits = waits.longer_than(HASTY_S)
    naive_s = float(waited[gone].mean())
    return PatienceFit(fit_patience(waits), count, served, naive_s, True, balk, waits.curve(), ended)


def _balk(waited: pd.Series, gone: pd.Series) -> float:
    """Return the share who left within seconds, where it is far more than those who left later let expect.

    Expected from the rate of leaving between 3 and 60 seconds: abandonments for each second that was waited.
    """
    hasty = int((gone & (waited <= HASTY_S)).sum())
    had_to_wait = int(((waited > HASTY_S) | gone).sum())
    exposure = float(np.clip(waited - HASTY_S, 0.0, 60.0 - HASTY_S).sum())
    later = int((gone & (waited > HASTY_S) & (waited <= 60.0)).sum())
    if not exposure or not had_to_wait:
        return 0.0
    expected = later / exposure * float(np.minimum(waited, HASTY_S).sum())
    return (hasty - expected) / had_to_wait if hasty >= FEWEST_HANDLED and hasty > 5.0 * expected else 0.0


def _receiver(calls: pd.DataFrame, queues: tuple[QueueFit, ...]) -> ReceiverFit | None:
    """Fit the second part of contacts that are handed on to nobody knows whom."""
    unknown = [queue.name for queue in queues if queue.transfer is not None and not queue.transfer.to]
    moved = calls[calls["transferred_at"].notna() & calls["queue"].isin(unknown)]
    if moved.empty:
        return None
    length = (moved["ended_at"] - moved["transferred_at"]).dt.total_seconds()
    hourly = moved["transferred_at"].dt.floor("h").value_counts().max()
    load = float(hourly) * float(length.mean()) / 3600.0
    return ReceiverFit(choose_law(length), int(np.ceil(2.0 * load + 4.0 * load**0.5)) + 1)
