"""Reads a call log in the format of VANAD, a contact centre in Rotterdam, into the canonical frame.

No field guide comes with these logs. Two readings are taken: `consult` is the moment at which a second agent
was called in and `transfer` the one at which the call was handed on. The log of March 2014 bears the second
out: an agent's next call is never answered before the `transfer` of his last, and nine times in ten before
its `hangup`.
"""

from pathlib import Path

import pandas as pd

from sim.errors import SimError
from sim.logs.canonical import COLUMNS

_TIMES = {
    "date_received": "offered_at",
    "answered": "answered_at",
    "hangup": "ended_at",
    "consult": "consult_at",
    "transfer": "transferred_at",
}
_NAMES = (*_TIMES, "queue_name", "agent_number")


def read(path: str | Path) -> pd.DataFrame:
    """Return the calls of a VANAD log, cleaned, in the order of their offers.

    Dropped: rows that repeat another, and rows whose times run backwards. An abandoned call keeps no agent:
    where the log names one, the call rang at his desk and was not answered. Queues are named q0, q1, ...
    Raises SimError where the file cannot be read, lacks a column, or has a time or a number that is none.
    """
    try:
        raw = pd.read_csv(path, na_values="NULL").drop_duplicates()
        _check_columns(raw, path)
        calls = _in_order(_canonical(raw))
    except (OSError, ValueError) as problem:
        raise SimError(f"{path}: not readable as a VANAD call log: {problem}") from problem
    calls = calls.sort_values("offered_at", kind="stable").reset_index(drop=True)
    calls["contact_id"] = calls.index
    return calls.reindex(columns=list(COLUMNS))


def _check_columns(raw: pd.DataFrame, path: str | Path) -> None:
    missing = [name for name in _NAMES if name not in raw.columns]
    if missing:
        expected, lacking = ", ".join(_NAMES), ", ".join(missing)
        raise SimError(f"{path}: a VANAD call log has the columns {expected}; missing: {lacking}")


def _canonical(raw: pd.DataFrame) -> pd.DataFrame:
    calls: pd.DataFrame = raw[list(_TIMES)].apply(pd.to_datetime).rename(columns=_TIMES)
    answered = calls["answered_at"].notna()
    calls["queue"] = "q" + raw["queue_name"].astype("int64").astype("string")
    calls["agent"] = raw["agent_number"].astype("Int64").astype("string").where(answered)
    calls["outcome"] = answered.map({True: "answered", False: "abandoned"})
    return calls


def _in_order(calls: pd.DataFrame) -> pd.DataFrame:
    """Keep rows in which offer, answer, consult, transfer and end, as far as there, follow each other."""
    steps = calls[["offered_at", "answered_at", "consult_at", "transferred_at", "ended_at"]].ffill(axis=1)
    kept: pd.DataFrame = calls[(steps == steps.cummax(axis=1)).all(axis=1)]
    return kept
