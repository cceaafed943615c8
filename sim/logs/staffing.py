"""How many agents of each team were on duty, interval by interval."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.hours import OpeningHours
from sim.logs.returning import is_break

Floats = NDArray[np.float64]


def on_duty(table: pd.DataFrame) -> pd.DataFrame:
    """Return spans in which an agent was at work or ready: agent, since, until; from `returning.gaps`.

    A lower bound by little: the readiness before the first call of the day and after a break leaves no trace.
    """
    until = table["next_at"].where(~is_break(table), table["released_at"])
    return pd.DataFrame({"agent": table["agent"], "since": table["answered_at"], "until": until})


def busy(table: pd.DataFrame) -> pd.DataFrame:
    """Return spans in which an agent had a call: the least that can have been on duty."""
    return pd.DataFrame(
        {"agent": table["agent"], "since": table["answered_at"], "until": table["released_at"]}
    )


def logged_in(table: pd.DataFrame) -> pd.DataFrame:
    """Return spans from an agent's first answer of a day to his last release: the most, breaks and all."""
    by_day = table.groupby(["agent", table["answered_at"].dt.normalize().rename("day")])
    return by_day.agg(since=("answered_at", "min"), until=("released_at", "max")).reset_index()


def seconds_in(spans: pd.DataFrame, hours: OpeningHours) -> Floats:
    """Return seconds of each span (row) within each interval of the day (column)."""
    since, until = (hours.since_opening(spans[name]).to_numpy()[:, None] for name in ("since", "until"))
    starts, ends = hours.edges[:-1], hours.edges[1:]
    seconds: Floats = np.clip(np.minimum(until, ends) - np.maximum(since, starts), 0.0, None)
    return seconds


def hours_by_day(spans: pd.DataFrame) -> pd.Series:
    """Return agent-hours of each day."""
    length = (spans["until"] - spans["since"]).dt.total_seconds() / 3600.0
    return length.groupby(spans["since"].dt.normalize().rename("day")).sum()


def mean_head_count(spans: pd.DataFrame, team_of: pd.Series, hours: OpeningHours) -> pd.DataFrame:
    """Return agents on duty in each interval of the mean day: a row an interval, a column a team.

    `team_of` maps agents to teams.
    """
    days = spans["since"].dt.normalize().nunique()
    seconds = pd.DataFrame(seconds_in(spans, hours)).groupby(spans["agent"].map(team_of).to_numpy()).sum()
    head_count: pd.DataFrame = seconds.T / (hours.every * days)
    return head_count


def whole_heads(mean: pd.DataFrame) -> pd.DataFrame:
    """Round so that each interval's sum is the rounded sum of the means: largest remainders go up."""
    whole = mean.apply(np.floor).astype("int64")
    missing = (mean.sum(axis=1).round() - whole.sum(axis=1)).astype("int64")
    rank = (whole - mean).rank(axis=1, method="first")
    return whole + rank.le(missing, axis=0).astype("int64")
