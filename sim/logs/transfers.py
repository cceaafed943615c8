"""Transfers and consults of a log: the share of contacts, where to, and after which part of the handle time."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.logs.laws import LawFit, choose_law
from sim.logs.log import handle_s

SHORTEST_S = 0.5
"""A handover that is shorter on average is none."""


@dataclass(frozen=True)
class AskedFit:
    """The share of answered contacts that the agent handed on, or called another in for, to which queues, and when.

    `low` and `high` are its 95 % interval; `after` is the part of the handle time that was done by then.
    """

    share: float
    rows: int
    low: float
    high: float
    after: float
    to: Mapping[str, float]


@dataclass(frozen=True)
class TransferFit(AskedFit):
    """Transfers; `warm` is the share in which the agent waited for who takes over, `handover` how long both were in."""

    warm: float = 0.0
    handover: LawFit | None = None


def fit_transfer(calls: pd.DataFrame) -> TransferFit | None:
    """Return how often, where to and when contacts are handed on, None where none is."""
    taken = calls["answered_at"].notna()
    moved = taken & calls["transferred_at"].notna()
    asked = moved | (taken & waited(calls))
    count, rows = int(asked.sum()), int(taken.sum())
    if not moved.any():
        return None
    low, high = wilson(count, rows)
    to: dict[str, float] = {}
    after = 1.0
    if "transfer_to" in calls:
        to = queue_shares(calls.loc[moved, "transfer_to"])
        length = handle_s(calls)
        whole, part = length[taken & ~asked].mean(), (length - in_warm_s(calls))[moved].mean()
        if to and whole > 0:
            after = float(np.clip(part / whole, 0.02, 1.0))
    warm = waited(calls) & asked
    return TransferFit(
        count / rows, rows, low, high, after, to, int(warm.sum()) / count, _handovers(calls, warm & moved)
    )


def waited(calls: pd.DataFrame) -> "pd.Series[bool]":
    """Return in which contacts the agent waited for who takes over, in a warm transfer."""
    if "warm_wait_s" not in calls:
        return pd.Series(False, index=calls.index)
    return calls["warm_wait_s"].notna()


def in_warm_s(calls: pd.DataFrame) -> "pd.Series[float] | float":
    """Return how long agents waited in warm transfers, and two were in, which is no work of theirs; seconds."""
    there = [calls[name].fillna(0.0) for name in ("warm_wait_s", "handover_s") if name in calls]
    return sum(there) if there else 0.0


def _handovers(calls: pd.DataFrame, warm: "pd.Series[bool]") -> LawFit | None:
    """Return the law of how long both were in; of those who took over and hand on again it is that of both."""
    if "handover_s" not in calls or not warm.any():
        return None
    own = warm & (calls["kind"] == "inbound") if "kind" in calls else warm
    both = calls.loc[own if own.any() else warm, "handover_s"].dropna()
    return choose_law(both) if len(both) and both.mean() >= SHORTEST_S else None


def queue_shares(asked: pd.Series) -> dict[str, float]:
    """Return the share of each queue that was asked."""
    return {str(queue): float(part) for queue, part in asked.value_counts(normalize=True).items() if part > 0}


def fit_consult(calls: pd.DataFrame) -> AskedFit | None:
    """Return how often and when a second agent was called in, None where the log has nothing of it."""
    if "consult_at" not in calls:
        return None
    taken = calls["answered_at"].notna()
    called = calls[taken & calls["consult_at"].notna()]
    if called.empty:
        return None
    rows = int(taken.sum())
    part = (called["consult_at"] - called["answered_at"]).dt.total_seconds().sum() / max(
        handle_s(called).sum(), 1.0
    )
    return AskedFit(len(called) / rows, rows, *wilson(len(called), rows), float(np.clip(part, 0.0, 1.0)), {})


def wilson(count: int, rows: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (E. B. Wilson 1927)."""
    z = 1.959964
    share = count / rows
    middle, spread = (
        share + z * z / (2 * rows),
        z * (share * (1 - share) / rows + z * z / (4 * rows * rows)) ** 0.5,
    )
    return (middle - spread) / (1 + z * z / rows), (middle + spread) / (1 + z * z / rows)
