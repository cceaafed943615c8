"""How soon an agent who has finished a call takes the next one.

Logs without wrap-up and without agents' states still show both where customers wait: an agent who is ready
would be given one at once, so the whole gap to his next call is his own.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.canonical import answered, released_at

CROWD = 3
"""From so many waiting customers on, a ready agent is taken to be given one at once."""

SHORT = 60.0
"""Seconds: a longer return, with customers waiting, is a break and no wrap-up."""

BREAK = 300.0
"""Seconds: a longer gap is a break even where nobody waited."""


def waiting(calls: pd.DataFrame, moments: pd.Series) -> NDArray[np.int64]:
    """Count the customers waiting at each moment."""
    offers = np.sort(calls["offered_at"].to_numpy())
    ends = np.sort(calls["answered_at"].fillna(calls["ended_at"]).to_numpy())
    at = moments.to_numpy()
    return np.searchsorted(offers, at, side="right") - np.searchsorted(ends, at, side="right")


def gaps(calls: pd.DataFrame, everyones: frozenset[str]) -> pd.DataFrame:
    """Return a row a call answered: agent, answered_at, released_at, next_at, gap and crowd.

    `next_at` is the agent's next answer of that day, or NaT, and `gap` the seconds up to it. `crowd` counts
    who waits at the release in the queues that `everyones` names: those that all agents serve.
    """
    taken = answered(calls).sort_values(["agent", "answered_at"])
    table = taken[["agent", "answered_at"]].assign(released_at=released_at(taken))
    by_day = [table["agent"], table["answered_at"].dt.normalize()]
    table["next_at"] = table.groupby(by_day)["answered_at"].shift(-1)
    table["gap"] = (table["next_at"] - table["released_at"]).dt.total_seconds()
    table["crowd"] = waiting(calls[calls["queue"].isin(everyones)], table["released_at"])
    return table.reset_index(drop=True)


def is_break(table: pd.DataFrame) -> pd.Series:
    """Tell after which calls the agent was away: no more that day, a long gap, or a crowd kept waiting."""
    kept_waiting = (table["crowd"] >= CROWD) & (table["gap"] > SHORT)
    return table["gap"].isna() | (table["gap"] > BREAK) | kept_waiting


def return_time(table: pd.DataFrame) -> float:
    """Return the mean of the short gaps that began with a crowd: wrap-up and ring together, seconds."""
    crowded = table[(table["crowd"] >= CROWD) & (table["gap"] <= SHORT)]
    return float(crowded["gap"].mean())
