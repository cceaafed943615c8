"""The canonical frame of call logs, the reader of VANAD's, opening hours, and a log's figures.

| column | what |
|---|---|
| contact_id | counts from 0 in the order of `offered_at` |
| queue | name of the queue |
| offered_at | the customer asked for an agent |
| answered_at | an agent took the contact; NaT = never |
| ended_at | the customer's contact ended |
| agent | the answering agent; missing without an answer |
| consult_at | a second agent was consulted; NaT = never |
| transferred_at | the contact was handed on; NaT = never |
| outcome | answered or abandoned |

Times are local clock times. `consult_at` and `transferred_at` may be a reading of the log and no fact: each
importer says so.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import SimError, one_line
from sim.records import Records
from sim.scenario.text_files import CSV, Limits, check_controls, read_text

COLUMNS = (
    "contact_id",
    "queue",
    "offered_at",
    "answered_at",
    "ended_at",
    "agent",
    "consult_at",
    "transferred_at",
    "outcome",
)


def answered(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that an agent took."""
    return calls[calls["answered_at"].notna()]


def released_at(calls: pd.DataFrame) -> pd.Series:
    """Return when the answering agent was done with the contact: at its transfer, or else at its end."""
    return calls["transferred_at"].fillna(calls["ended_at"])


def wait_s(calls: pd.DataFrame) -> pd.Series:
    """Return seconds from the offer to the answer, or to the end without an answer."""
    return (calls["answered_at"].fillna(calls["ended_at"]) - calls["offered_at"]).dt.total_seconds()


def handle_s(calls: pd.DataFrame) -> pd.Series:
    """Return seconds the answering agent spent on the contact; NaN without an answer."""
    return (released_at(calls) - calls["answered_at"]).dt.total_seconds()


def day(calls: pd.DataFrame) -> pd.Series:
    """Return the date of the offer, at midnight."""
    date: pd.Series = calls["offered_at"].dt.normalize().rename("day")
    return date


# The format of VANAD, a contact centre in Rotterdam. No field guide comes with its logs: `consult` is read as the
# moment at which a second agent was called in, `transfer` as the one at which the call was transferred. The log of
# March 2014 confirms the second: an agent's next call is never answered before the `transfer` of the last one, and
# nine times in ten before its `hangup`.

_TIMES = {
    "date_received": "offered_at",
    "answered": "answered_at",
    "hangup": "ended_at",
    "consult": "consult_at",
    "transfer": "transferred_at",
}
_NAMES = (*_TIMES, "queue_name", "agent_number")
LOG = Limits(CSV.bytes * 10, CSV.lines * 10, "read it month by month")


def read(path: str | Path) -> pd.DataFrame:
    """Return the calls of a VANAD log, cleaned, in the order of their offers.

    Dropped: rows that repeat another, and rows whose times run backwards. An abandoned call keeps no agent:
    where the log names one, the call rang there and was not answered. Queues are named q0, q1, ...
    Raises SimError where the file cannot be read, lacks a column, or has a time or a number that is none.
    """
    try:
        text = read_text(Path(path), LOG)
        check_controls(text)
        raw = pd.read_csv(io.StringIO(text), na_values="NULL").drop_duplicates()
        _check_columns(raw, path)
        calls = _in_order(_canonical(raw))
    except (ValueError, TypeError, OverflowError) as problem:
        what = one_line(str(problem).strip().split("\n", 1)[0])[:300]
        raise SimError(f"{path}: not readable as a VANAD call log: {what}") from problem
    calls = calls.sort_values("offered_at", kind="stable").reset_index(drop=True)
    calls["contact_id"] = calls.index
    return calls.reindex(columns=list(COLUMNS))


def _check_columns(raw: pd.DataFrame, path: str | Path) -> None:
    missing = [name for name in _NAMES if name not in raw.columns]
    if missing:
        expected, lacking = ", ".join(_NAMES), ", ".join(missing)
        raise SimError(f"{path}: a VANAD call log has the columns {expected}; missing: {lacking}")


def _canonical(raw: pd.DataFrame) -> pd.DataFrame:
    for name in _TIMES:  # pandas would take a number for nanoseconds since 1970
        if raw[name].notna().any() and pd.api.types.is_numeric_dtype(raw[name]):
            raise ValueError(f"the column {name} holds numbers, not dates and times")
    calls: pd.DataFrame = raw[list(_TIMES)].apply(pd.to_datetime).rename(columns=_TIMES)
    answered = calls["answered_at"].notna()
    calls["queue"] = "q" + raw["queue_name"].astype("int64").astype("string")
    calls["agent"] = raw["agent_number"].astype("Int64").astype("string").where(answered)
    calls["outcome"] = answered.map({True: "answered", False: "abandoned"})
    return calls


def _in_order(calls: pd.DataFrame) -> pd.DataFrame:
    """Keep rows in which offer, answer, consult, transfer and end, where given, follow each other."""
    steps = calls[["offered_at", "answered_at", "consult_at", "transferred_at", "ended_at"]].ffill(axis=1)
    kept: pd.DataFrame = calls[(steps == steps.cummax(axis=1)).all(axis=1)]
    return kept


# Opening hours.

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Weekdays from `opens` to `closes` (seconds since midnight), in intervals of `every` seconds."""

    opens: float = 8 * 3600.0
    closes: float = 20 * 3600.0
    every: float = 1800.0

    @property
    def lasts(self) -> float:
        """Length of the day in seconds."""
        return self.closes - self.opens

    @property
    def edges(self) -> NDArray[np.float64]:
        """Where the intervals begin and end, in seconds from opening."""
        return np.arange(0.0, self.lasts + self.every / 2, self.every)

    def since_opening(self, times: pd.Series) -> pd.Series:
        """Return seconds from the opening of each time's own day."""
        seconds: pd.Series = (times - times.dt.normalize()).dt.total_seconds() - self.opens
        return seconds

    def slot(self, times: pd.Series) -> pd.Series:
        """Return the interval of the day that each time falls in, from 0."""
        return (self.since_opening(times) // self.every).astype("int64").rename("slot")

    def select(self, calls: pd.DataFrame) -> pd.DataFrame:
        """Return the contacts offered on a weekday within the opening hours."""
        at = self.since_opening(calls["offered_at"])
        weekday = calls["offered_at"].dt.day_of_week < _SATURDAY
        kept: pd.DataFrame = calls[weekday & (at >= 0) & (at < self.lasts)]
        return kept.reset_index(drop=True)


def regular_queues(calls: pd.DataFrame, least: int = 10) -> pd.DataFrame:
    """Return the contacts of queues that were offered `least` a day on at least half of the days.

    The others are not part of an ordinary day: queues that are hardly used, campaigns of a day or two.
    """
    daily = pd.crosstab(day(calls), calls["queue"])
    kept = daily.columns[(daily >= least).mean() >= 0.5]
    return calls[calls["queue"].isin(kept)].reset_index(drop=True)


# Simulated records as a log, so that both are measured by the same code.


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


# Figures of a log, by the names and definitions of the simulator's metrics.

OVERALL = ""
"""The row over all queues, as an empty queue stands for all in the simulator's figures."""


def figures(calls: pd.DataFrame, within: float = 20.0) -> pd.DataFrame:
    """Return a row a queue, and one over all: the log's figures, times in seconds.

    offered: a day. service_level: answered within `within` s, of all offered. asa and waits: of the answered.
    transfer_rate: of the answered.
    handle_time: of the agent who answered, up to a transfer.
    """
    days = day(calls).nunique()
    rows = {str(queue): _figures(part, days, within) for queue, part in calls.groupby("queue")}
    return pd.DataFrame({**rows, OVERALL: _figures(calls, days, within)}).T


def _figures(calls: pd.DataFrame, days: int, within: float) -> dict[str, float]:
    taken = answered(calls)
    wait = wait_s(taken)
    return {
        "offered": len(calls) / days,
        "abandon_rate": 1.0 - len(taken) / len(calls),
        "service_level": float((wait <= within).sum()) / len(calls),
        "asa": float(wait.mean()),
        **{f"wait_p{percent}": float(wait.quantile(percent / 100)) for percent in (50, 80, 90)},
        "handle_time": float(handle_s(taken).mean()),
        "transfer_rate": float(taken["transferred_at"].notna().mean()),
    }
