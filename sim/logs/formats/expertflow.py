"""Expertflow CX: rows of `agent_task`, one for each attempt to find an agent.

Columns as the page "Reporting Database Schema" of the vendor has them. A task that rang out, or that an agent gave
back, is followed by a new one of its conversation: together they are one search for an agent.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.logs.column_map import ColumnMap
from sim.logs.pieces import pieces
from sim.logs.problems import NO_SEARCH, REPEATED, Problems
from sim.logs.tables import contacts_of, refuse_zone, require
from sim.logs.times import Times

NEEDED = (
    "agent_task_id", "conversation_id", "agent_id", "task_queue_time", "task_answered_time", "task_end_time",
    "queue_id", "task_disposition", "task_direction",
)  # fmt: skip
MORE = ("task_reserved_time", "task_wrap_up_time", "mrd_id")
AGAIN = ("RONA", "REROUTE", "AGENT_LOGOUT")
"""Ways in which a task ends that is followed by another of the same search."""
ENDS = {
    "NO_AGENT_AVAILABLE": "no_agent",
    "CANCELLED": "abandoned",
    "FORCE_CLOSED": "disconnected",
    "UNFINISHED": "unfinished",
}
"""Outcomes by the disposition of the last task, where nobody answered. `CANCELLED` is who left while it was looked for
an agent; of a search for a further agent it is one that was withdrawn."""
WARM = "CONSULT_TRANSFER"
TRANSFERS = ("DIRECT_TRANSFER", WARM)
MISSING = ("", "NULL", "null", "None")


def read(path: Path, problems: Problems, zone: str = "") -> pd.DataFrame:
    """Return the contacts of `agent_task` rows; those that have no queue time, of lists and outbound, are counted."""
    found = pieces(path, problems, (*NEEDED, *MORE))
    require(NEEDED, list(next(found).columns), path)
    tasks = _tasks(list(found), path, zone)
    repeated = tasks["agent_task_id"].duplicated() & ~tasks["agent_task_id"].isin(MISSING)
    problems.note(REPEATED, tasks.index[repeated])
    tasks = tasks[~repeated]
    problems.note(NO_SEARCH, tasks.index[tasks["task_queue_time"].isna()])
    rows = _searches(tasks[tasks["task_queue_time"].notna()])
    mapped = ColumnMap({name: name for name in rows.columns}, missing=MISSING)
    return contacts_of([rows], mapped, path, problems)


def _tasks(parts: list[pd.DataFrame], path: Path, zone: str) -> pd.DataFrame:
    """Return the tasks with their times read, by conversation and in the order of their queue times."""
    if not parts:
        raise SimError(f"{path}: there is no task in it")
    tasks = pd.concat(parts)
    times = Times(zone=zone)
    try:
        for name in (one for one in (*NEEDED, *MORE) if one.endswith("_time") and one in tasks):
            cells = tasks[name].astype("object")
            tasks[name] = times.read(cells.mask(cells.isin(MISSING) | cells.isna(), None))
    except ValueError as problem:
        raise SimError(f"{path}: {problem}") from problem
    if not times.uses_zone:
        refuse_zone(zone, path)
    for name in MORE:
        if name not in tasks:
            tasks[name] = None if name == "mrd_id" else np.datetime64("NaT", "ms")
    return tasks.sort_values(["conversation_id", "task_queue_time"], kind="stable")


def _searches(tasks: pd.DataFrame) -> pd.DataFrame:
    """Return a row a search: its first task says when it began, its last how it ended."""
    same = (tasks["conversation_id"] == tasks["conversation_id"].shift()).to_numpy()
    goes_on = same & tasks["task_disposition"].shift().isin(AGAIN).to_numpy()
    goes_on &= (tasks["queue_id"] == tasks["queue_id"].shift()).to_numpy()
    goes_on &= tasks["task_answered_time"].shift().isna().to_numpy()
    search = np.cumsum(~goes_on)
    first = tasks[~goes_on]
    last = tasks[np.append(~goes_on[1:], True)] if len(tasks) else tasks
    rona = (tasks["task_disposition"] == "RONA").to_numpy()
    length = (tasks["task_end_time"] - tasks["task_reserved_time"]).dt.total_seconds().where(rona)
    answered, closed = last["task_answered_time"], last["task_end_time"]
    left = last["task_wrap_up_time"].fillna(closed)
    moved = (last["task_disposition"] == "TRANSFERRED") & answered.notna()
    outcome = last["task_disposition"].map(ENDS).where(answered.isna())
    outcome = outcome.mask(
        last["task_direction"].str.endswith("CONFERENCE") & (outcome == "abandoned"), "cancelled"
    )
    after = last["queue_id"].shift(-1).where(last["conversation_id"].shift(-1) == last["conversation_id"])
    after = after.where(last["task_direction"].shift(-1).isin(TRANSFERS))
    waited, both_in = _warm(first, last, left)
    return pd.DataFrame(
        {
            "contact": last["agent_task_id"].astype("str"),
            "conversation": last["conversation_id"],
            "kind": first["task_direction"]
            .astype("str")
            .str.lower()
            .str.replace(r"^.*_", "", regex=True)
            .to_numpy(),
            "channel": last["mrd_id"],
            "queue": last["queue_id"],
            "offered_at": first["task_queue_time"].to_numpy(),
            "answered_at": answered,
            "ended_at": left.where(answered.notna(), closed),
            "transferred_at": left.where(moved),
            "transfer_to": after.where(moved),
            "warm_wait_s": waited,
            "handover_s": both_in,
            "agent": last["agent_id"],
            "outcome": outcome,
            "rings": pd.Series(rona).groupby(search).sum().to_numpy(),
            "rung_s": length.groupby(search).max().to_numpy(),
            "ring_s": (answered - last["task_reserved_time"]).dt.total_seconds(),
            "wrap_up_s": (closed - left).dt.total_seconds().where(answered.notna()),
        },
        index=last.index,
    )


def _warm(first: pd.DataFrame, last: pd.DataFrame, left: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return how long agents waited in a warm transfer, which is the search that follows, and both were in.

    Who takes over has the time of both as well.
    """
    asked = pd.Series(first["task_queue_time"].to_numpy(), index=last.index).shift(-1)
    came = last["task_answered_time"].shift(-1)
    is_warm = last["conversation_id"].shift(-1) == last["conversation_id"]
    is_warm &= (last["task_direction"].shift(-1) == WARM) & last["task_answered_time"].notna()
    waited = (came.fillna(last["task_end_time"].shift(-1)) - asked).dt.total_seconds()
    both = (left - came).dt.total_seconds().where(is_warm & (left >= came))
    return waited.where(is_warm), both.add(both.shift(), fill_value=0.0)
