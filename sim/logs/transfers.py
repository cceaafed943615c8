"""Transfers and consults of a log: the share of contacts, where to, and after which part of the handle time."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.logs.log import handle_s


@dataclass(frozen=True)
class TransferFit:
    """The share of answered contacts that the agent handed on, or called another in for, to which queues, and when.

    `low` and `high` are its 95 % interval; `after` is the part of the handle time that was done by then.
    """

    share: float
    rows: int
    low: float
    high: float
    after: float
    to: Mapping[str, float]


def fit_transfer(calls: pd.DataFrame) -> TransferFit | None:
    """Return how often, where to and when contacts are handed on, None where none is."""
    taken = calls["answered_at"].notna()
    moved = taken & calls["transferred_at"].notna()
    count, rows = int(moved.sum()), int(taken.sum())
    if not count:
        return None
    low, high = wilson(count, rows)
    to: dict[str, float] = {}
    after = 1.0
    if "transfer_to" in calls:
        to = queue_shares(calls.loc[moved, "transfer_to"])
        length = handle_s(calls)
        whole, part = length[taken & ~moved].mean(), length[moved].mean()
        if to and whole > 0:
            after = float(np.clip(part / whole, 0.02, 1.0))
    return TransferFit(count / rows, rows, low, high, after, to)


def queue_shares(asked: pd.Series) -> dict[str, float]:
    """Return the share of each queue that was asked."""
    return {str(queue): float(part) for queue, part in asked.value_counts(normalize=True).items() if part > 0}


def fit_consult(calls: pd.DataFrame) -> TransferFit | None:
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
    return TransferFit(
        len(called) / rows, rows, *wilson(len(called), rows), float(np.clip(part, 0.0, 1.0)), {}
    )


def wilson(count: int, rows: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (E. B. Wilson 1927)."""
    z = 1.959964
    share = count / rows
    middle, spread = (
        share + z * z / (2 * rows),
        z * (share * (1 - share) / rows + z * z / (4 * rows * rows)) ** 0.5,
    )
    return (middle - spread) / (1 + z * z / rows), (middle + spread) / (1 + z * z / rows)
