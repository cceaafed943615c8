"""The simulator's records in the frame of a log, so that both are measured by the same code."""

import pandas as pd

from sim.logs.canonical import COLUMNS
from sim.records import Records


def calls_of(records: Records, opening: pd.Timestamp) -> pd.DataFrame:
    """Return the first requests of a simulated day as a log that opens at `opening` would show them.

    One row a customer's own request; `ended_at` is the end of the first agent's part, or that of the wait.
    """
    requests = records.requests
    first = requests[requests["kind"] == "inbound"]
    taken = (
        records.tasks.query("task_answered_time.notna()")
        .drop_duplicates("request_id")
        .set_index("request_id")
    )
    ended = first["request_id"].map(taken["task_wrap_up_time"]).fillna(first["ended_at"])
    moved = first["request_id"].map(taken["task_disposition"].astype("string")) == "TRANSFERRED"
    calls = pd.DataFrame(
        {
            "contact_id": first["conversation_id"],
            "queue": first["queue"].astype("string"),
            "offered_at": _clock(opening, first["placed_at"]),
            "answered_at": _clock(opening, first["answered_at"]),
            "ended_at": _clock(opening, ended),
            "agent": first["agent"].astype("string"),
            "transferred_at": _clock(opening, ended.where(moved)),
            "outcome": first["outcome"].astype("string"),
        }
    )
    return calls.reindex(columns=list(COLUMNS)).reset_index(drop=True)


def _clock(opening: pd.Timestamp, seconds: pd.Series) -> pd.Series:
    return opening + pd.to_timedelta(seconds.astype("float64").round(6), unit="s")
