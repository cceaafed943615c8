"""Searches for a further agent, put beside the contact whose agent asked: for a conference, or a consult."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.log import released_at

CONVERSATION = "conversation"
KINDS = ("conference", "consult")
"""Kinds of searches for an agent who comes in beside the one who asks."""
TOUCH = pd.Timedelta(seconds=1)
"""Who left not longer ago than this may have asked as they left: logs round their times."""


def calls_in(kind: pd.Series) -> "pd.Series[bool]":
    """Return which searches are for a further agent."""
    return kind.astype("category").cat.rename_categories(str.lower).isin(KINDS)


def put_beside(calls: pd.DataFrame, left_out: NDArray[np.bool_]) -> None:
    """Add to contacts whose agent called in another: when, of which queue, when that one joined, and when they left.

    Who asked is the agent of the conversation who was in when the search began, of several who came last; of several
    searches of one agent the first counts. The columns are `consult_at`, `consult_to`, `joined_at` (NaT where nobody
    came) and `consult_ended_at`, when the further agent left or the search ended. That of the conversation is taken
    out: a number for each contact, 0 where there is none.
    """
    if CONVERSATION not in calls:
        return
    conversation = calls.pop(CONVERSATION).to_numpy()
    if "kind" not in calls:
        return
    searches = np.flatnonzero(calls_in(calls["kind"]).to_numpy() & (conversation != 0) & ~left_out)
    pairs = _pairs(calls, np.where(left_out, 0, conversation), searches)
    if pairs.empty:
        return
    asked, own = pairs["asking"].to_numpy(), pairs["search"].to_numpy()
    left = released_at(calls)
    for name, times in (
        ("consult_at", calls["offered_at"]),
        ("joined_at", calls["answered_at"]),
        ("consult_ended_at", left),
    ):
        column = np.full(len(calls), np.datetime64("NaT"), dtype=left.to_numpy().dtype)
        column[asked] = times.to_numpy()[own]
        calls[name] = column
    queue = calls["queue"].astype("category")
    to = np.full(len(calls), -1, dtype=np.int32)
    to[asked] = queue.cat.codes.to_numpy()[own]
    calls["consult_to"] = pd.Categorical.from_codes(to, queue.cat.categories)


def _pairs(calls: pd.DataFrame, conversation: NDArray[np.uint64], searches: NDArray[Any]) -> pd.DataFrame:
    """Return the place of each search for a further agent with that of the contact whose agent asked."""
    theirs = pd.DataFrame(
        {"of": conversation[searches], "search": searches, "at": calls["offered_at"].to_numpy()[searches]}
    )
    several = np.flatnonzero(np.isin(conversation, conversation[searches]) & calls["answered_at"].notna())
    part = calls.iloc[several]
    served = pd.DataFrame(
        {
            "of": conversation[several],
            "asking": several,
            "since": part["answered_at"].to_numpy(),
            "until": released_at(part).to_numpy(),
        }
    )
    pairs = theirs.merge(served, on="of")
    is_in = (pairs["since"] <= pairs["at"]) & (pairs["at"] <= pairs["until"] + TOUCH)
    pairs = pairs[is_in & (pairs["asking"] != pairs["search"])]
    pairs = pairs.sort_values(["at", "search", "since"], kind="stable").drop_duplicates("search", keep="last")
    return pairs.drop_duplicates("asking")
