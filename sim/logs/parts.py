"""Rows with the number of one contact: which repeat another, and which tell of its further parts."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.problems import REPEATED, Problems

HANDED_ON_S = 60.0
"""A part that begins so long after the answered one before it has ended is not where that was handed on to."""
AT_ONCE_S = 2.0
"""A part that begins so near to the end of one that nobody answered is the same search, in another queue."""
WENT_ON = "the contact went on unanswered to another queue, whose row has it all"


def put_together(calls: pd.DataFrame, problems: Problems) -> NDArray[np.bool_]:
    """Return which rows are left out: those that repeat another, and those that another tells of as well.

    A row with the number of one before it, of another moment or in another queue, is a further part. Where the log does
    not say of what kind its rows are, it is a transfer if it begins as an answered part ends.
    """
    key = calls.pop("key")
    left_out = np.array(key.duplicated(), dtype=np.bool_)
    if not left_out.any():
        return left_out
    several = np.flatnonzero(key.isin(key[left_out].unique()).to_numpy())
    of_them = {name: calls[name].iloc[several] for name in ("offered_at", "queue", "answered_at", "ended_at")}
    parts = pd.DataFrame(
        {"key": key.iloc[several], **of_them, "place": several, "line": calls.index[several]}
    )
    left_out[several] = repeats = parts.duplicated(["key", "offered_at", "queue"]).to_numpy()
    problems.note(REPEATED, calls.index[left_out])
    if not repeats.all() and "kind" not in calls:
        left_out[_follow(calls, parts[~repeats], problems)] = True
    return left_out


def _follow(calls: pd.DataFrame, parts: pd.DataFrame, problems: Problems) -> NDArray[np.int64]:
    """Note in the contacts which were handed on, and where to; return the places of those that went on unanswered."""
    parts = parts.sort_values(["key", "offered_at", "ended_at"], kind="stable")
    before = parts.shift()
    goes_on = parts["key"] == before["key"]
    later = (parts["offered_at"] - before["ended_at"]).dt.total_seconds()
    was_answered = before["answered_at"].notna()
    moved = goes_on & ~was_answered & (later.abs() <= AT_ONCE_S)
    handed = goes_on & was_answered & (parts["offered_at"] >= before["answered_at"]) & (later <= HANDED_ON_S)
    search = np.cumsum(~moved.to_numpy())
    last = ~parts.assign(search=search).duplicated("search", keep="last").to_numpy()
    whole = parts[last].assign(
        offered_at=parts["offered_at"].groupby(search).first().to_numpy(),
        handed=handed.groupby(search).first().to_numpy(),
    )
    _put(calls, "offered_at", whole["place"].to_numpy(), whole["offered_at"])
    if whole["handed"].any():
        _hand_on(calls, whole, problems)
    problems.note(WENT_ON, parts["line"].to_numpy()[~last])
    gone: NDArray[np.int64] = parts["place"].to_numpy()[~last]
    return gone


def _hand_on(calls: pd.DataFrame, whole: pd.DataFrame, problems: Problems) -> None:
    handed = whole["handed"].to_numpy(dtype=bool)
    kinds = np.zeros(len(calls), dtype=np.int8)
    kinds[whole["place"].to_numpy()[handed]] = 1
    calls["kind"] = pd.Categorical.from_codes(kinds, pd.Index(["inbound", "transfer"]))
    giving = whole["place"].to_numpy()[np.append(handed[1:], False)]
    queue = calls["queue"].astype("category")
    if "transfer_to" not in calls:
        to = np.full(len(calls), -1, dtype=np.int32)
        to[giving] = queue.cat.codes.to_numpy()[whole["place"].to_numpy()[handed]]
        calls["transfer_to"] = pd.Categorical.from_codes(to, queue.cat.categories)
    given = calls["transferred_at"].iloc[giving]
    _put(calls, "transferred_at", giving, given.fillna(calls["ended_at"].iloc[giving]))
    problems.readings.append(
        f"{handed.sum():,} rows have the number of a contact before them and begin as it ends: taken for its transfer"
    )


def _put(calls: pd.DataFrame, name: str, places: NDArray[np.int64], values: pd.Series) -> None:
    column = calls[name].to_numpy().copy()
    column[places] = values.to_numpy()
    calls[name] = column
