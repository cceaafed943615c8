"""The canonical frame of call logs, opening hours, and a log's figures.

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
| outcome | answered or abandoned, or how else the search ended (`sim.logs.outcomes`): no_agent, voicemail, ... |

and, where the log has them, those of `OPTIONAL`: `channel`, `transfer_to` (the queue it was handed on to), `kind`
(inbound, transfer for the search that follows one, conference or consult for that of a further agent),
`consult_to`, `joined_at` and `consult_ended_at` (the queue of the further agent, when they came, NaT = never, and when
they left or the search ended), `warm_wait_s` and `handover_s` (seconds that the agent waited for who takes over in a
warm transfer, and that both were in, the latter for who takes over, too), `rings` (offers that rang out before the
answer), `rung_s` (seconds that the longest of these rang), `ring_s` (seconds that the answering agent let it ring),
`wrap_up_s`, `customer`, `label`.

Times are local clock times. `consult_at` and `transferred_at` may be a reading of the log and no fact: each
importer says so.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.records import Records
from sim.scenario.distributions import DAY_S

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
OPTIONAL = (
    "channel", "kind", "transfer_to", "consult_to", "joined_at", "consult_ended_at", "warm_wait_s",
    "handover_s", "rings", "rung_s", "ring_s", "wrap_up_s", "customer", "label",
)  # fmt: skip


def answered(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that an agent took."""
    return calls[calls["answered_at"].notna()]


def left(calls: pd.DataFrame) -> "pd.Series[bool]":
    """Return which contacts left by themselves: without an answer, and not as their search ended otherwise."""
    unanswered = calls["answered_at"].isna()
    return unanswered & (calls["outcome"] == "abandoned") if "outcome" in calls else unanswered


def tells_ends(outcomes: Any) -> bool:
    """Return whether some search ended otherwise than with an answer or by a customer who left."""
    return not pd.Series(outcomes).isin(["answered", "abandoned"]).all()


def released_at(calls: pd.DataFrame) -> pd.Series:
    """Return when the answering agent was done with the contact: at its transfer, or else at its end."""
    return calls["transferred_at"].fillna(calls["ended_at"])


def wait_s(calls: pd.DataFrame) -> pd.Series:
    """Return seconds from the offer to the answer, or to the end without an answer."""
    return _seconds_between(calls["offered_at"], calls["answered_at"], calls["ended_at"])


def handle_s(calls: pd.DataFrame) -> pd.Series:
    """Return seconds the answering agent spent on the contact; NaN without an answer."""
    return _seconds_between(calls["answered_at"], calls["transferred_at"], calls["ended_at"])


def _seconds_between(since: pd.Series, until: pd.Series, or_until: pd.Series) -> pd.Series:
    """Return seconds from a time to another, or to a third where that is missing; in one step, as logs are long."""
    times = [one.to_numpy() for one in (since, until, or_until)]
    missing = np.isnat(times[1])
    length = np.where(missing, times[2], times[1]) - times[0]
    return pd.Series(_seconds(length, length.view(np.int64)), since.index)


def clock_s(times: pd.Series) -> pd.Series:
    """Return seconds since midnight of each time."""
    values = times.to_numpy()
    since_1970 = values.view(np.int64)
    return pd.Series(_seconds(values, since_1970 % (int(DAY_S) * _a_second(values))), times.index)


def _seconds(times: NDArray[Any], counted: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what was counted in the unit of times in seconds, NaN where there is no time."""
    found = counted / _a_second(times)
    found[np.isnat(times)] = np.nan
    return found


def _a_second(times: NDArray[Any]) -> int:
    """Return how many units of times a second has."""
    return {"s": 1, "ms": 1000, "us": 1_000_000, "ns": 1_000_000_000}[np.datetime_data(times.dtype)[0]]


def day(calls: pd.DataFrame) -> pd.Series:
    """Return the date of the offer, at midnight."""
    date: pd.Series = calls["offered_at"].dt.normalize().rename("day")
    return date


def cross_counts(rows: pd.Series, columns: pd.Series) -> pd.DataFrame:
    """Count by two properties, both in order: what `pandas.crosstab` gives, in a tenth of its time and room."""
    (row, row_names), (column, column_names) = (pd.factorize(one, sort=True) for one in (rows, columns))
    known = (row >= 0) & (column >= 0)
    shape = (len(row_names), len(column_names))
    counts = np.bincount(row[known] * shape[1] + column[known], minlength=shape[0] * shape[1])
    index, heads = pd.Index(row_names, name=rows.name), pd.Index(column_names, name=columns.name)
    return pd.DataFrame(counts.reshape(shape), index, heads)


# Opening hours.


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """From `opens` to `closes`, seconds since midnight, on `weekdays` (Monday is 0), in intervals of `every`.

    Who is open over midnight `closes` after 24 hours, and `turn` is the clock time at which one business day becomes
    the next. Times of contacts are then set back by it, so that a date holds a whole business day. `shorter` has the
    weekdays that open later or close earlier, each with its own hours; `alike` those of which the mean day is made,
    all where none are named.
    """

    opens: float = 8 * 3600.0
    closes: float = 20 * 3600.0
    every: float = 1800.0
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    turn: float = 0.0
    shorter: tuple[tuple[int, float, float], ...] = ()
    alike: tuple[int, ...] = ()

    @classmethod
    def of_day(cls, opens: float, lasts: float, every: float, weekdays: tuple[int, ...]) -> "OpeningHours":
        """Return the hours of a day; where it goes on over midnight, it turns in the middle of the closed time."""
        over = opens < DAY_S < opens + lasts and lasts <= DAY_S
        turn = (opens - (DAY_S - lasts) / 2) // every * every if over else 0.0
        return cls(opens, opens + lasts, every, weekdays, turn)

    def on(self, weekday: int) -> tuple[float, float]:
        """Return from when to when it is open on a weekday."""
        own = next((hours for of, *hours in self.shorter if of == weekday), None)
        return (self.opens, self.closes) if own is None else (own[0], own[1])

    def slots_on(self, weekday: int) -> slice:
        """Return which intervals of the day are those of a weekday."""
        return slice(*(round((at - self.opens) / self.every) for at in self.on(weekday)))

    @property
    def of_mean(self) -> tuple[int, ...]:
        """The weekdays of which the mean day is made."""
        return self.alike or self.weekdays

    @property
    def apart(self) -> tuple[int, ...]:
        """The weekdays that are no part of the mean day."""
        return tuple(one for one in self.weekdays if one not in self.of_mean)

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
        return clock_s(times) - (self.opens - self.turn)

    def slot(self, times: pd.Series) -> pd.Series:
        """Return the interval of the day that each time falls in, from 0."""
        return (self.since_opening(times) // self.every).astype("int64").rename("slot")

    def select(self, calls: pd.DataFrame) -> pd.DataFrame:
        """Return the contacts offered within the opening hours of these weekdays."""
        kept: pd.DataFrame = calls[self.holds(calls["offered_at"])]
        return kept.reset_index(drop=True)

    def holds(self, times: pd.Series) -> pd.Series:
        """Return which times lie within the opening hours of these weekdays."""
        at = self.since_opening(times)
        held: pd.Series = times.dt.day_of_week.isin(self.weekdays) & (at >= 0) & (at < self.lasts)
        return held


def regular_queues(calls: pd.DataFrame, least: int = 10) -> pd.DataFrame:
    """Return the contacts of queues that were offered `least` a day on at least half of the days.

    The others are not part of an ordinary day: queues that are hardly used, campaigns of a day or two.
    """
    daily = cross_counts(day(calls), calls["queue"])
    kept = daily.columns[(daily >= least).mean() >= 0.5]
    found = calls[calls["queue"].isin(kept)].reset_index(drop=True)
    found["queue"] = found["queue"].astype("str")  # a category would keep the names of the others
    return found


# Simulated records as a log, so that both are measured by the same code.


def calls_of(records: Records, opening: pd.Timestamp) -> pd.DataFrame:
    """Return the first requests of a simulated day as a log that opens at `opening` would show them.

    One row a customer's own request; `ended_at` is the end of the first agent's part, or that of the wait. A request
    that went on in another queue is not there, as in a log: its second one is.
    """
    requests = records.requests
    first = requests[(requests["kind"] == "inbound") & (requests["outcome"] != "moved")]
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
    at: pd.Series = opening + pd.to_timedelta(seconds.astype("float64").round(6), unit="s")
    return at.astype("datetime64[us]")


# Figures of a log, by the names and definitions of the simulator's metrics.

OVERALL = ""
"""The row over all queues, as an empty queue stands for all in the simulator's figures."""


def figures(calls: pd.DataFrame, within: float = 20.0) -> pd.DataFrame:
    """Return a row a queue, and one over all: the log's figures, times in seconds.

    offered: a day. abandon_rate: who left by themselves, of all offered.
    service_level: answered within `within` s, of all offered. asa and waits: of the answered.
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
        "abandon_rate": float(left(calls).sum()) / len(calls),
        "service_level": float((wait <= within).sum()) / len(calls),
        "asa": float(wait.mean()),
        **{f"wait_p{percent}": float(wait.quantile(percent / 100)) for percent in (50, 80, 90)},
        "handle_time": float(handle_s(taken).mean()),
        "transfer_rate": float(taken["transferred_at"].notna().mean()),
    }
