"""How long searches last that end without an agent: the time-to-live and the longest wait of a scenario."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import quoted
from sim.logs.log import left, wait_s
from sim.logs.outcomes import LEAST_S, WITHIN_S, common_length
from sim.logs.ringing import RingTimes
from sim.logs.text import share as written
from sim.scenario.numbers import duration_text

FEWEST_ENDED = 10
"""Searches that ended alike from which it is told how long they last."""
MOSTLY = 0.5
"""Of them so many last as long as the most frequent, give or take a second: else they have no one length."""
LONGEST_RING_S = 60.0
"""What rings without a `ring_time`; a wait may be so much longer than the search, as an offer is not cut short."""
NO_AGENT, INBOUND, TRANSFER = "no_agent", "inbound", "transfer"
LIMITS = {"wait_limit": "end", "voicemail": "voicemail"}
"""Outcomes of the longest wait of a queue, and what follows then."""
ENDED_AS = {
    NO_AGENT: "found no agent", "wait_limit": "were at the longest wait", "voicemail": "were sent to voice mail",
    "exited": "left by a key", "disconnected": "were sent away", "cancelled": "were withdrawn",
    "refused": "were turned down", "unfinished": "were open at the end",
}  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SearchTime:
    """Seconds after which a search ends, of so many that ended so, and the share of them that lasted so long.

    It `is_read` where the log says how they ended, else told by the waits. `then` follows a longest wait.
    """

    seconds: float
    rows: int
    share: float
    is_read: bool
    then: str = ""

    @property
    def value(self) -> str:
        """The duration as a scenario has it."""
        return duration_text(self.seconds)

    @property
    def words(self) -> str:
        """By what it is told."""
        how = "" if self.is_read else ", inferred, as the log does not say how they ended"
        return f"{written(self.share)} of {self.rows:,} searches without an agent lasted so long, to a second{how}"


@dataclass(frozen=True)
class SearchEnds:
    """The time-to-live by channel, by queue, and by queue that hands on; the longest wait by queue.

    `counts` has how contacts ended that nobody answered and that did not leave, `told` what of it is not written.
    `ring_s` is how long offers ring where that is not known and a time-to-live is shorter than what is usual.
    """

    channels: Mapping[str, SearchTime] = field(default_factory=dict)
    queues: Mapping[str, SearchTime] = field(default_factory=dict)
    transfers: Mapping[str, SearchTime] = field(default_factory=dict)
    wait_limits: Mapping[str, SearchTime] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    ring_s: float | None = None

    @property
    def all(self) -> tuple[SearchTime, ...]:
        """Each of them."""
        of_all = (self.channels, self.queues, self.transfers, self.wait_limits)
        return tuple(one for times in of_all for one in times.values())

    def lines_of(self, queue: str) -> Iterator[str]:
        """Write what a queue has of its own."""
        ttl, limit = self.queues.get(queue), self.wait_limits.get(queue)
        if ttl is not None:
            yield f"request_ttl: {ttl.value}   # {ttl.words}"
        if limit is not None:
            yield f"wait_limit: {{after: {limit.value}, then: {limit.then}}}   # {limit.words}"

    @property
    def notes(self) -> Iterator[str]:
        """Say how many contacts ended without an agent and without leaving, and what of it is not written."""
        if self.counts:
            how = ", ".join(f"{count:,} {ENDED_AS.get(one, one)}" for one, count in self.counts.items())
            yield (
                f"Not every contact without an answer left: {how}. They are no abandonments, and count in patience like"
                " those who were answered."
            )
        yield from self.told


@dataclass(frozen=True, slots=True)
class Place:
    """A queue with its channel, and the queues that its agents hand on to."""

    queue: str
    channel: str
    to: tuple[str, ...]


def search_ends(
    calls: pd.DataFrame, places: Sequence[Place], rings: RingTimes, *, is_read: bool
) -> SearchEnds:
    """Find after what time searches without an agent end, and by which key a scenario says so."""
    if "outcome" not in calls:
        return SearchEnds()
    ended = calls.loc[calls["answered_at"].isna() & ~left(calls)]
    counts = {str(name): int(count) for name, count in ended["outcome"].astype("str").value_counts().items()}
    waits, kinds = wait_s(ended), _kinds(ended)
    told: list[str] = []

    def times(outcome: str, kind: str) -> dict[str, SearchTime]:
        found = {}
        for place in places:
            here = (ended["outcome"] == outcome) & (kinds == kind) & (ended["queue"] == place.queue)
            own = waits[here].to_numpy(dtype=np.float64)
            time = search_time(own, LIMITS.get(outcome, ""), is_read)
            if time is not None:
                found[place.queue] = time
            elif len(own):
                told.append(_untold(place.queue, outcome, kind, len(own)))
        return found

    of_customers, of_transfers = times(NO_AGENT, INBOUND), times(NO_AGENT, TRANSFER)
    limits: dict[str, SearchTime] = {}
    for outcome in LIMITS:
        limits |= times(outcome, INBOUND)
    longest = _longest(calls, [place.queue for place in places])
    channels, queues = _by_channel(places, of_customers, longest)
    effective = {
        place.queue: found
        for place in places
        if (found := queues.get(place.queue) or channels.get(place.channel)) is not None
    }
    transfers = _by_giver(places, of_transfers, effective, told)
    ends = SearchEnds(channels, queues, transfers, limits, counts, tuple(told))
    return _with_ringing(ends, rings)


def _kinds(ended: pd.DataFrame) -> "pd.Series[str]":
    if "kind" not in ended:
        return pd.Series(INBOUND, ended.index)
    return ended["kind"].astype("object").fillna(INBOUND)


def search_time(waits: Floats, then: str, is_read: bool) -> SearchTime | None:
    """Return the length that searches have in common; an offer that rang out later made some of them longer."""
    waits = waits[waits >= LEAST_S]
    if len(waits) < FEWEST_ENDED:
        return None
    lengths, count = np.unique(np.rint(waits), return_counts=True)
    at = float(lengths[np.argmax(count)])
    share = float((np.abs(waits - at) <= WITHIN_S).mean())
    if share < MOSTLY:
        return None
    return SearchTime(common_length(waits, at), len(waits), share, is_read, then)


def _untold(queue: str, outcome: str, kind: str, rows: int) -> str:
    what = "too few to tell after what time" if rows < FEWEST_ENDED else "after no one time"
    of_kind = " of transfers" if kind == TRANSFER else ""
    key = "request_ttl" if outcome == NO_AGENT else "wait_limit"
    return f"{rows:,} searches{of_kind} for {quoted(queue)} ended as {quoted(outcome)}, {what}: no `{key}` is written."


def _longest(calls: pd.DataFrame, queues: Iterable[str]) -> dict[str, float]:
    """Return the longest wait of customers in each queue, but for one in a thousand."""
    own = wait_s(calls)[_kinds(calls) == INBOUND] if "kind" in calls else wait_s(calls)
    by_queue = own.groupby(calls["queue"], observed=True).quantile(0.999)
    return {queue: float(by_queue.get(queue, 0.0)) for queue in queues}


def _by_channel(
    places: Sequence[Place], found: Mapping[str, SearchTime], longest: Mapping[str, float]
) -> tuple[dict[str, SearchTime], dict[str, SearchTime]]:
    """Return what is written at channels, and at queues: at a channel what no queue of it contradicts."""
    channels: dict[str, SearchTime] = {}
    queues = dict(found)
    for channel in dict.fromkeys(place.channel for place in places):
        here = [place.queue for place in places if place.channel == channel]
        own = {queue: found[queue] for queue in here if queue in found}
        if not own:
            continue
        most = max(own.values(), key=lambda one: one.rows)
        alike = {queue: one for queue, one in own.items() if abs(one.seconds - most.seconds) <= WITHIN_S}
        if any(longest[queue] > most.seconds + LONGEST_RING_S for queue in here if queue not in own):
            continue
        channels[channel] = _together(list(alike.values()), most.seconds)
        queues = {queue: one for queue, one in queues.items() if queue not in alike}
    return channels, queues


def _together(parts: Sequence[SearchTime], seconds: float) -> SearchTime:
    rows = sum(one.rows for one in parts)
    share = sum(one.rows * one.share for one in parts) / rows
    return SearchTime(seconds, rows, share, parts[0].is_read, parts[0].then)


def _by_giver(
    places: Sequence[Place],
    found: Mapping[str, SearchTime],
    effective: Mapping[str, SearchTime],
    told: list[str],
) -> dict[str, SearchTime]:
    """Return what is written at queues that hand on, where it is not what counts for the queue they hand on to."""
    transfers = {}
    for place in places:
        own = {queue: found[queue] for queue in place.to if queue in found}
        if all(queue in effective and _alike(one, effective[queue]) for queue, one in own.items()):
            continue
        first = next(iter(own.values()))
        if all(_alike(one, first) for one in own.values()):
            transfers[place.queue] = _together(list(own.values()), first.seconds)
        else:
            lengths = ", ".join(f"{one.value} for {quoted(queue)}" for queue, one in own.items())
            told.append(
                f"Searches after a transfer from {quoted(place.queue)} end after {lengths}: `transfer.request_ttl` has"
                " one value for all and is not written."
            )
    return transfers


def _alike(one: SearchTime, other: SearchTime) -> bool:
    return abs(one.seconds - other.seconds) <= WITHIN_S


def _with_ringing(ends: SearchEnds, rings: RingTimes) -> SearchEnds:
    """Leave out each time-to-live that is not above the ring time; where that is not known it is one below them."""
    ttls = [*ends.channels.values(), *ends.queues.values(), *ends.transfers.values()]
    if not ttls:
        return ends
    known = [one.seconds for one in (rings.common, *rings.own.values()) if one is not None]
    shortest = min(one.seconds for one in ttls)
    ring_s = shortest - 1.0 if rings.common is None and shortest <= LONGEST_RING_S else None
    longest = max([*known, *([] if ring_s is None else [ring_s])], default=0.0)
    short = [one.value for one in ttls if one.seconds <= longest]
    if not short:
        return replace(ends, ring_s=ring_s)
    why = (
        f"Searches without an agent end after {', '.join(short)}, but offers ring for {duration_text(longest)}, which a"
        " scenario cannot have: no such `request_ttl` is written."
    )
    channels, queues, transfers = (
        {name: one for name, one in times.items() if one.seconds > longest}
        for times in (ends.channels, ends.queues, ends.transfers)
    )
    return replace(ends, channels=channels, queues=queues, transfers=transfers, told=(*ends.told, why))
