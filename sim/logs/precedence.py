"""Who is answered first: customers who have waited for longer, or a search that an agent began."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.logs.log import wait_s
from sim.logs.text import share as written

FEWEST = 30
"""Pairs that waited together, from which it is told who is first."""
SURELY = 0.95
"""Of the offers that are accepted so many ring no longer than is allowed for."""
MOST = 100_000
"""Rows that are looked at: of a large log the first ones, which tell enough."""
OF_WAITS = ("kind", "queue", "offered_at", "answered_at", "ended_at", "ring_s")


@dataclass(frozen=True)
class Precedence:
    """Of so many pairs that waited together, the share in which the later search of an agent was answered first."""

    share: float = 0.0
    pairs: int = 0

    @property
    def is_told(self) -> bool:
        """Whether there are pairs enough."""
        return self.pairs >= FEWEST

    @property
    def is_by_priority(self) -> bool:
        """Whether searches of agents go first."""
        return self.is_told and self.share > 0.5

    @property
    def words(self) -> str:
        """By what it is told."""
        return (
            f"Of {self.pairs:,} times that a customer had waited for longer than a search of an agent (a transfer, a"
            f" further agent) in one queue, the search was answered first in {written(self.share)}"
        )


def precedence(calls: pd.DataFrame) -> Precedence:
    """Count in all queues who was answered first of a customer and of a later search of an agent."""
    if "kind" not in calls:
        return Precedence()
    calls = calls[[name for name in OF_WAITS if name in calls]].iloc[:MOST]
    of_agents = calls["kind"].notna() & (calls["kind"] != "inbound")
    rings = calls["ring_s"].quantile(SURELY) if "ring_s" in calls else 0.0
    ringing = np.timedelta64(0 if np.isnan(rings) else int(1000 * rings), "ms")
    before = after = 0
    for queue in calls.loc[of_agents, "queue"].unique():
        here = calls["queue"] == queue
        first, later = _pairs(calls[here & of_agents], calls[here & ~of_agents], ringing)
        before, after = before + first, after + later
    pairs = before + after
    return Precedence(before / pairs if pairs else 0.0, pairs)


def _pairs(searches: pd.DataFrame, customers: pd.DataFrame, ringing: np.timedelta64) -> tuple[int, int]:
    """Count customers who had waited for longer and were answered later than a search, and those answered before it.

    Who is answered within the time of `ringing` may have been offered already, and waits no more.
    """
    answered = searches[searches["answered_at"].notna()]
    if answered.empty or customers.empty:
        return 0, 0
    customers = customers.sort_values("offered_at", kind="stable")
    came, served = customers["offered_at"].to_numpy(), customers["answered_at"].to_numpy()
    gone = customers["answered_at"].fillna(customers["ended_at"]).to_numpy()
    longest = np.timedelta64(int(np.ceil(wait_s(customers).max())), "s")
    placed, taken = answered["offered_at"].to_numpy(), answered["answered_at"].to_numpy()
    lows, highs = np.searchsorted(came, placed - longest), np.searchsorted(came, placed, "left")
    before = after = 0
    for at, until, low, high in zip(placed, taken, lows, highs, strict=True):
        left = gone[low:high]
        before += int((left > until + ringing).sum())
        after += int(((served[low:high] > at + ringing) & (served[low:high] < until)).sum())
    return before, after
