"""Conferences of a log: how often agents call in another, of which queues, how long both are in, and who leaves first.

The agent who asks has a handle time of their own, of which `after` is done when they ask. Together with the further
agent their work stands still for the joint time; while they wait for that one it goes on, or they hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.called_in import TOUCH
from sim.logs.laws import Floats, LawFit, choose_law
from sim.logs.log import handle_s, released_at
from sim.logs.transfers import AskedFit, queue_shares, wilson
from sim.logs.unanswered import search_time

FEWEST = 30
"""Conferences from which it is told what the agent does meanwhile, and how long a further agent goes on alone."""
SURE = 0.2
"""Standard error of the slope by which working is told from holding: that is 0 for the one, and 1 for the other."""
TOUCH_S = TOUCH.total_seconds()

Those = NDArray[np.bool_]


@dataclass(frozen=True)
class ConferenceFit(AskedFit):
    """The share of answered contacts in which the agent called in another, with what came of it.

    `joined` is how often somebody came; `then` has the shares of who left first; `guest` is the law of how long the
    further agent went on alone, None where that is too seldom. `holds` is None where it cannot be told. `extra_s` is
    what continuing alone costs, `ttl_s` the longest search, None where that is not told.
    """

    joined: int
    joint: LawFit | None
    then: Mapping[str, float]
    guest: LawFit | None
    holds: bool | None
    transfers: bool
    extra_s: float
    ttl_s: float | None


@dataclass(frozen=True)
class _Asked:
    """The contacts whose agents asked, in seconds from the answer; NaN in `joined` where nobody came."""

    at: Floats
    joined: Floats
    ended: Floats
    left: Floats
    is_moved: Those

    @classmethod
    def of(cls, asked: pd.DataFrame) -> "_Asked":
        def since_answer(times: pd.Series) -> Floats:
            return np.asarray((times - asked["answered_at"]).dt.total_seconds(), dtype=np.float64)

        at, joined, ended = (
            since_answer(asked[one]) for one in ("consult_at", "joined_at", "consult_ended_at")
        )
        left = since_answer(released_at(asked))
        return cls(np.maximum(at, 0.0), joined, ended, left, asked["transferred_at"].notna().to_numpy())

    @property
    def came(self) -> Those:
        """In which somebody joined."""
        return ~np.isnan(self.joined)

    @property
    def guest_first(self) -> Those:
        """In which the further agent left before the one who asked."""
        return self.came & (self.ended < self.left - TOUCH_S)

    @property
    def host_first(self) -> Those:
        """In which the one who asked left before."""
        return self.came & (self.left < self.ended - TOUCH_S)

    @property
    def together(self) -> Those:
        """In which both left at once."""
        return self.came & ~self.guest_first & ~self.host_first

    @property
    def nobody(self) -> Those:
        """In which the search ended without an agent, and the one who asked was still there or handed on by then."""
        gone = self.left < self.ended + TOUCH_S
        return ~self.came & (~gone | (self.is_moved & (np.abs(self.left - self.ended) <= TOUCH_S)))

    @property
    def handed_on(self) -> Those:
        """In which the contact was handed on as nobody came."""
        return self.nobody & self.is_moved & (np.abs(self.left - self.ended) <= TOUCH_S)


def handed_on_for_nobody(calls: pd.DataFrame) -> Those:
    """Return which contacts were handed on as the search for a further agent ended without one."""
    return _in(calls, lambda asked: asked.handed_on)


def left_to_another(calls: pd.DataFrame) -> Those:
    """Return which contacts the agent left to the one called in, so that they could hand on no more."""
    return _in(calls, lambda asked: asked.host_first & ~asked.is_moved)


def _in(calls: pd.DataFrame, which: Callable[[_Asked], Those]) -> Those:
    found = asks(calls)
    found[found] = which(_Asked.of(calls[found]))
    return found


def asks(calls: pd.DataFrame) -> Those:
    """Return in which contacts the agent asked for another of a queue that the log names."""
    if "consult_to" not in calls:
        return np.zeros(len(calls), dtype=np.bool_)
    found: Those = (calls["consult_to"].notna() & calls["answered_at"].notna()).to_numpy(copy=True)
    return found


def fit_conference(calls: pd.DataFrame) -> ConferenceFit | None:
    """Fit the conferences of a queue's contacts, None where there is none."""
    of_asking = asks(calls)
    if not of_asking.any():
        return None
    part = calls[of_asking]
    asked = _Asked.of(part)
    rows = int(calls["answered_at"].notna().sum())
    low, high = wilson(len(part), rows)
    plain = handle_s(calls[~of_asking & calls["transferred_at"].isna()]).dropna()
    known = len(plain) >= FEWEST
    after = _after(asked, plain.mean() if known else _own(asked, holds=False).mean())
    holds = _holds(asked, after)
    if holds and not known:
        after = _after(asked, _own(asked, holds=True).mean())
    joint = _joint_times(asked, after, bool(holds))
    alone = (asked.ended - asked.left)[asked.host_first]
    nobody, handed_on = asked.nobody, asked.handed_on
    transfers = bool(handed_on.sum() > 0.5 * nobody.sum()) if nobody.any() else False
    ttl = search_time((asked.ended - asked.at)[nobody], "", is_read=True)
    return ConferenceFit(
        share=len(part) / rows,
        rows=rows,
        low=low,
        high=high,
        after=after,
        to=queue_shares(part["consult_to"]),
        joined=int(asked.came.sum()),
        joint=choose_law(joint) if len(joint) else None,
        then=_then(asked, after),
        guest=choose_law(alone) if len(alone) >= FEWEST else None,
        holds=holds,
        transfers=transfers,
        extra_s=_extra_s(asked, after, bool(holds)),
        ttl_s=None if ttl is None else ttl.seconds,
    )


def own_work(calls: pd.DataFrame, holds: bool) -> Floats:
    """Return the agents' own time of the conferences after which they went on, without the joint one; seconds."""
    found = asks(calls)
    return _own(_Asked.of(calls[found]), holds) if found.any() else np.zeros(0)


def _own(asked: _Asked, holds: bool) -> Floats:
    waited = asked.joined - asked.at if holds else 0.0
    own = asked.left - (asked.ended - asked.joined) - waited
    return np.asarray(own[asked.guest_first & ~asked.is_moved])


def _after(asked: _Asked, whole_s: float) -> float:
    """Return the part of the work that is done as the agent asks, by means: which works take long is not looked at."""
    if not whole_s > 0.0:
        return 1.0
    return float(np.clip(asked.at.mean() / whole_s, 0.02, 1.0))


def _rest(asked: _Asked, after: float) -> Floats:
    """Return how much longer the agent's own time is, without the joint one, than the moment of asking lets expect."""
    together = np.where(asked.came, np.minimum(asked.ended, asked.left) - asked.joined, 0.0)
    return asked.left - together - asked.at / after


def _holds(asked: _Asked, after: float) -> bool | None:
    """Return whether agents hold for the further one, None where it cannot be told.

    By the slope of the agent's own time on the wait for the further agent (least squares): 0 where work goes on, 1
    where it stands still. Only those count who went on after the further agent had left.
    """
    rests: list[Floats] = []
    waits: list[Floats] = []
    # Who left together shared the rest of the work, which is as long for them after each wait.
    for those, rest in (
        (asked.guest_first, _rest(asked, after)),
        (asked.together, asked.left - asked.at / after),
    ):
        of = those & ~asked.is_moved
        if of.any():
            rests.append(rest[of] - rest[of].mean())
            waits.append((asked.joined - asked.at)[of] - (asked.joined - asked.at)[of].mean())
    if sum(map(len, waits)) < FEWEST:
        return None
    wait, own = np.concatenate(waits), np.concatenate(rests)
    spread = float(wait @ wait)
    if spread <= 0.0:
        return None
    slope = float(wait @ own) / spread
    error = float(((own - slope * wait) ** 2).mean() / spread) ** 0.5
    return slope > 0.5 if error <= SURE else None


def _joint_times(asked: _Asked, after: float, holds: bool) -> Floats:
    """Return how long both were in; where they left together, without the rest of the work, which they share."""
    together = np.minimum(asked.ended, asked.left) - asked.joined
    exact = together[asked.guest_first | asked.host_first]
    both = asked.together
    if len(exact) >= FEWEST or not both.any():
        return np.asarray(exact)
    done = np.where(holds, 0.0, asked.joined - asked.at)
    rest = np.maximum(asked.at * (1.0 / after - 1.0) - done, 0.0)
    return np.concatenate([exact, np.maximum(together - rest, 0.0)[both]])


def _then(asked: _Asked, after: float) -> dict[str, float]:
    """Return the shares of who leaves first; who has no work left leaves together with the further agent."""
    came = int(asked.came.sum())
    if not came:
        return {}
    guest, host = int(asked.guest_first.sum()), int(asked.host_first.sum())
    both = came - guest - host
    if after >= 0.995:
        guest, both = guest + both, 0
    counts = {"guest_leaves": guest, "requester_leaves": host, "both_stay": both}
    return {name: count / came for name, count in counts.items() if count}


def _extra_s(asked: _Asked, after: float, holds: bool) -> float:
    """Return how much longer those take who go on alone, 0 where that may be chance; seconds."""
    rest = _rest(asked, after)
    waits = np.where(asked.came, asked.joined, asked.ended) - asked.at
    rest = rest - waits if holds else rest
    alone = rest[asked.nobody & ~asked.is_moved]
    others = rest[asked.guest_first & ~asked.is_moved]
    if len(alone) < FEWEST or len(others) < FEWEST:
        return 0.0
    extra = float(alone.mean() - others.mean())
    error = float(alone.var() / len(alone) + others.var() / len(others)) ** 0.5
    return extra if extra > max(2.0 * error, 1.0) else 0.0
