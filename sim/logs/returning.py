"""Customers who come again after they left without an agent."""

from dataclasses import dataclass

import pandas as pd

from sim.logs.laws import LawFit, choose_law
from sim.logs.log import left

FEWEST_BACK = 30
"""Customers who came again from which it is told how often and how soon they do."""


@dataclass(frozen=True)
class Returns:
    """The share of those who abandoned who came again within a day, and after how long."""

    share: float
    rows: int
    after: LawFit


def returned_after(calls: pd.DataFrame) -> "pd.Series[float] | None":
    """Return after how many seconds a customer came again who had abandoned, at most a day; NaN for other contacts.

    None where the log does not know its customers.
    """
    if "customer" not in calls or calls["customer"].isna().all():
        return None
    known = calls[calls["customer"].notna()].sort_values("offered_at", kind="stable")
    before = known.assign(left=left(known)).groupby("customer", observed=True)[["ended_at", "left"]].shift()
    gap = (known["offered_at"] - before["ended_at"]).dt.total_seconds()
    again = before["left"].eq(True) & (gap >= 0) & (gap <= 86_400)
    return gap.where(again).reindex(calls.index)


def returns_of(calls: pd.DataFrame, after: "pd.Series[float] | None") -> Returns | None:
    """Return who abandoned and came again within a day; None where they are too few to tell."""
    if after is None or after.count() < FEWEST_BACK:
        return None
    count = int((left(calls) & calls["customer"].notna()).sum())
    return Returns(after.count() / count, count, choose_law(after.dropna()))
