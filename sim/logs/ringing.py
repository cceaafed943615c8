"""How long offers ring before they go back to the queue, and how often and how soon they are accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.logs.cut_laws import choose_law_below
from sim.logs.laws import FEWEST, Floats, LawFit, law_of_enough
from sim.logs.log import wait_s
from sim.logs.text import share as written

FEWEST_RUNG = 10
"""Ring-outs from which it is told how long they last."""
MOSTLY = 0.5
"""Of the ring-outs so many last as long as the most frequent, give or take a second: else they have no one length."""
AT_ONCE = 0.25
"""Of the waits with a ring-out so many hold nothing else, where its length is told by them."""
BEFORE_IT, LEAST_TOLD_S = 0.1, 5.0
"""So many of the waits may be shorter than the ring-out that they tell of; less than 5 s is no such thing."""
ANSWERED_LATER = 0.01
"""With more answers that came later than offers ring, those offers were declined and did not ring out."""
LAST_TENTH = 0.002
"""With fewer answers in the last tenth of the ringing, none would have come after it."""


@dataclass(frozen=True)
class RingTime:
    """Seconds until an offer rings out, of how many ring-outs, and the share of them that lasted so long.

    It `is_read` where the log has the ring-outs themselves, else told by waits.
    """

    seconds: float
    rows: int
    share: float
    is_read: bool

    @property
    def words(self) -> str:
        """By what it is told."""
        part = written(self.share)
        if self.is_read:
            return f"{part} of {self.rows:,} ring-outs rang for so long, to a second"
        return (
            f"inferred, as the log has no ring-outs themselves: {part} of {self.rows:,} waits with offers that rang out"
            " are so long for each, to a second, without the ringing of who answered"
        )


@dataclass(frozen=True)
class RingTimes:
    """The ring time of all queues together, None where it is not told, and that of queues where it is another."""

    common: RingTime | None = None
    own: Mapping[str, RingTime] = field(default_factory=dict)

    @property
    def shortest_s(self) -> float | None:
        """The shortest of them in seconds."""
        found = [*self.own.values(), *([] if self.common is None else [self.common])]
        return min((one.seconds for one in found), default=None)


def ring_times(calls: pd.DataFrame) -> RingTimes:
    """Find how long offers ring, in all queues and in each."""
    if "rings" not in calls:
        return RingTimes()
    needed = ("queue", "rings", "rung_s", "ring_s", "offered_at", "answered_at", "ended_at")
    rang = calls.loc[calls["rings"] > 0, [name for name in needed if name in calls]]
    if len(rang) < FEWEST_RUNG:
        return RingTimes()
    answers = calls.get("ring_s")
    common = _ring_time(rang, answers)
    own: dict[str, RingTime] = {}
    for name, part in rang.groupby("queue", observed=True):
        found = _ring_time(part, None if answers is None else answers[calls["queue"] == name])
        if found is not None and (common is None or abs(found.seconds - common.seconds) > 0.5):
            own[str(name)] = found
    return RingTimes(common, own)


def _ring_time(rang: pd.DataFrame, answers: pd.Series | None) -> RingTime | None:
    found = None
    if "rung_s" in rang:
        found = _most_frequent(rang["rung_s"].dropna().to_numpy(dtype=np.float64))
    elif "ring_s" in rang:
        rest = (wait_s(rang) - rang["ring_s"]) / rang["rings"]
        found = _told_by_waits(rest.dropna().to_numpy(dtype=np.float64))
    if found is None or answers is None:
        return found
    later = int((answers > found.seconds + 1.0).sum())
    return found if later <= ANSWERED_LATER * answers.count() else None


def _most_frequent(lengths: Floats) -> RingTime | None:
    """Return the length that ring-outs have in common; shorter ones were declined, or ended for another reason."""
    lengths = lengths[lengths > 0]
    if len(lengths) < FEWEST_RUNG:
        return None
    at = _mode(lengths)
    share = float((np.abs(lengths - at) <= 1.0).mean())
    if share < MOSTLY or at < 1.0:
        return None
    return RingTime(_middle(lengths, at), len(lengths), share, is_read=True)


def _told_by_waits(rest: Floats) -> RingTime | None:
    """Return what is left of waits with ring-outs, for each: the ring time where agents were found at once.

    Who had to wait for an agent besides waited longer, nobody shorter: the ring time is where the shortest pile up.
    """
    if len(rest) < FEWEST:
        return None
    at = _mode(rest)
    share = float((np.abs(rest - at) <= 1.0).mean())
    if share < AT_ONCE or at < LEAST_TOLD_S or float((rest < at - 1.0).mean()) > BEFORE_IT:
        return None
    return RingTime(_middle(rest, at), len(rest), share, is_read=False)


def _mode(lengths: Floats) -> float:
    whole, count = np.unique(np.rint(lengths), return_counts=True)
    return float(whole[np.argmax(count)])


def _middle(lengths: Floats, at: float) -> float:
    return round(float(np.median(lengths[np.abs(lengths - at) <= 0.5])), 1)


@dataclass(frozen=True)
class Accepting:
    """The share of offers that are accepted, None where ring-outs are not told, of how many; and how soon."""

    share: float | None
    rows: int
    law: LawFit | None


def accepting(calls: pd.DataFrame, taken: pd.DataFrame, ring_s: float | None) -> Accepting:
    """Return how often and how soon offers are accepted.

    Where it is told how long they ring, an answer that would have come later is one of the ring-outs: the law goes on
    beyond the ringing where its form says so, and the share holds those answers, too.
    """
    soon = taken["ring_s"].dropna().to_numpy(dtype=np.float64) if "ring_s" in taken else np.zeros(0)
    if "rings" not in calls:
        return Accepting(None, 0, law_of_enough(soon))
    rung = int(calls["rings"].fillna(0).sum())
    rows = rung + len(taken)
    share = len(taken) / rows if rows else None
    law = _beyond(soon, ring_s, rung) if ring_s is not None and rung else None
    if law is None or share is None:
        return Accepting(share, rows, law_of_enough(soon))
    return Accepting(min(1.0, share * law.rows / len(soon) / law.part), rows, law)


def _beyond(soon: Floats, ring_s: float, rung: int) -> LawFit | None:
    """Return a law that goes on beyond the ringing; None where that of the answers themselves does."""
    later = soon > ring_s + 0.05
    within = soon[~later] if later.any() else soon  # of a large log there is not room for two
    if len(within) < FEWEST or float((within > 0.9 * ring_s).mean()) < LAST_TENTH:
        return None
    found = choose_law_below(within, ring_s, rung + len(soon) - len(within))
    return found if found.part < 1.0 else None
