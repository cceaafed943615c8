"""Results as tables: contacts and intervals as planners have them, the vendor's rows, a roster."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import SimError
from sim.experiments.storage import for_spreadsheets
from sim.logs.export.happenings import case_of, day_of
from sim.scenario.duties import Duty, Place, days_of
from sim.scenario.local_times import DAY_S
from sim.scenario.numbers import clock_text
from sim.scenario.people import agent_name, date_of
from sim.scenario.wall_clock import WallClock

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.result import Result
    from sim.scenario import Scenario, Shift, Team

VENDOR = (
    "agent_task_id", "conversation_id", "agent_id", "task_queue_time", "task_reserved_time", "task_answered_time",
    "task_wrap_up_time", "task_end_time", "queue_id", "task_queue_duration", "task_alert_duration", "task_disposition",
    "mrd_id", "task_direction", "task_mode", "routing_mode", "channel_session_id",
)  # fmt: skip


def contacts(result: "Result") -> "pd.DataFrame":
    """Return a row a search for an agent, with the columns that `sim calibrate` finds by their heads."""
    import pandas as pd

    requests, tasks = result.recorded("requests"), result.recorded("tasks")
    key = ["replication", "request_id"]
    taken = tasks[tasks["task_answered_time"].notna()].drop_duplicates(key).set_index(key)
    index = pd.MultiIndex.from_frame(requests[key])
    left = taken["task_wrap_up_time"].reindex(index).to_numpy()
    closed = taken["task_end_time"].reindex(index).to_numpy()
    rang = taken["task_reserved_time"].reindex(index).to_numpy()
    rung = tasks[tasks["task_disposition"].astype("str") == "RONA"]
    lasted = (rung["task_end_time"] - rung["task_reserved_time"]).groupby([rung[name] for name in key]).max()
    moved = (taken["task_disposition"].astype("str").reindex(index) == "TRANSFERRED").to_numpy()
    ended = pd.Series(left, index=requests.index).fillna(requests["ended_at"])
    following = _destinations(requests)
    return pd.DataFrame(
        {
            "contact_id": _cases(requests, "request_id"),
            "conversation": _cases(requests, "conversation_id"),
            "kind": requests["kind"].astype("str"),
            "channel": requests["medium"].astype("str"),
            "queue": requests["queue"].astype("str"),
            "label": requests["label"].astype("str").where(requests["label"].notna()),
            "offered_at": _moments(result, requests, requests["placed_at"]),
            "answered_at": _moments(result, requests, requests["answered_at"]),
            "outcome": requests["outcome"].astype("str"),
            "ended_at": _moments(result, requests, ended),
            "transferred_at": _moments(result, requests, ended.where(moved)),
            "transfer_to": following.where(moved),
            **_warm(requests, tasks, ended),
            "agent": requests["agent"].astype("str").where(requests["agent"].notna()),
            "rings": requests["ring_outs"],
            "rung_s": lasted.reindex(index).round(3).to_numpy(),
            "ring_s": (requests["answered_at"] - rang).round(3),
            "wrap_up_s": pd.Series(closed - left, index=requests.index).round(3),
        }
    )


def _cases(table: "pd.DataFrame", name: str) -> list[str]:
    return [case_of(*pair) for pair in zip(table["replication"], table[name], strict=True)]


def _destinations(requests: "pd.DataFrame") -> "pd.Series":
    """Return for each request the queue of the next transfer of its conversation."""
    order = requests.sort_values(["replication", "conversation_id", "placed_at"], kind="stable")
    is_transfer = order["kind"].astype("str").isin(["transfer", "named_transfer"])
    queue = order["queue"].astype("str").where(is_transfer)
    by = [order["replication"], order["conversation_id"]]
    found: pd.Series = queue.groupby(by).shift(-1).groupby(by).bfill().reindex(requests.index)
    return found


def _warm(requests: "pd.DataFrame", tasks: "pd.DataFrame", ended: "pd.Series") -> "dict[str, pd.Series]":
    """Return how long agents waited for who takes over in a warm transfer, and both were in; nothing without any.

    Who takes over has the time of both as well.
    """
    import pandas as pd

    key = ["replication", "request_id"]
    of_warm = tasks.loc[tasks["task_direction"].astype("str") == "CONSULT_TRANSFER", key].drop_duplicates()
    if of_warm.empty:
        return {}
    warm = requests.assign(row=requests.index).merge(of_warm, on=key)[
        ["replication", "conversation_id", "placed_at", "answered_at", "ended_at", "row"]
    ]
    hosts = requests.assign(left=ended, row=requests.index)[requests["answered_at"].notna()]
    conversation = ["replication", "conversation_id"]
    pairs = hosts.merge(warm, on=conversation, suffixes=("", "_next")).sort_values(
        "answered_at", kind="stable"
    )
    is_in = (pairs["answered_at"] <= pairs["placed_at_next"]) & (pairs["placed_at_next"] <= pairs["left"])
    pairs = pairs[is_in].drop_duplicates([*conversation, "placed_at_next"], keep="last")
    pairs = pairs.drop_duplicates("row").set_index("row")
    came = pairs["answered_at_next"]
    waited = came.fillna(pairs["ended_at_next"]) - pairs["placed_at_next"]
    both = (pairs["left"] - came).where(pairs["left"] >= came)
    of_receivers = pd.Series(both.to_numpy(), index=pairs["row_next"])
    return {
        "warm_wait_s": pd.Series(waited, dtype="float64").reindex(requests.index).round(3),
        "handover_s": both.add(of_receivers, fill_value=0.0)
        .astype("float64")
        .reindex(requests.index)
        .round(3),
    }


def _moments(result: "Result", table: "pd.DataFrame", seconds: "pd.Series") -> "pd.Series":
    import pandas as pd

    opens = {number: pd.Timestamp(day_of(result, number)) for number in table["replication"].unique()}
    shown = WallClock.of(result.scenario).shown(seconds.astype("float64"))
    at = table["replication"].map(opens) + pd.to_timedelta(shown.round(3), unit="s")
    text: pd.Series = at.dt.strftime("%Y-%m-%d %H:%M:%S.%f").str[:-3]
    return text


def intervals(result: "Result") -> "pd.DataFrame":
    """Return the half-hour table of planners: a row a queue and interval, means a day."""
    found: pd.DataFrame = result.by("interval")
    return found


def agent_tasks(result: "Result") -> "pd.DataFrame":
    """Return the vendor's `agent_task` rows, with dates in place of seconds and empty for never."""
    tasks = result.recorded("tasks")
    found = tasks[list(VENDOR)].copy()
    for name in VENDOR:
        if name.endswith("_time"):
            found[name] = _moments(result, tasks, tasks[name])
    for name in ("agent_task_id", "conversation_id"):
        found[name] = _cases(tasks, name)
    return found


def roster(result: "Result") -> "pd.DataFrame":
    """Return who is there when, a row a shift or break, as a scenario's `roster` reads it: a row's date is its shift's.

    Without `opens` a row holds every day. Levels stand in a column a skill, where persons have levels of their own.
    Raises SimError where no team has shifts or a roster.
    """
    import pandas as pd

    scenario = result.scenario
    skills = _own_skills(scenario)
    rows = []
    for name, team in scenario.teams.items():
        for person, duties, levels in _on_duty(scenario, name, team):
            own = tuple(levels.get(skill, "") for skill in skills)
            for day, duty in duties:
                first = (person, name, "" if day is None else day.isoformat())
                spans = [
                    (duty.start_s, duty.end_s - duty.start_s, "work"),
                    *((*b, "break") for b in duty.breaks),
                ]
                rows += [
                    (*first, clock_text(at), clock_text(at + length), what, *own)
                    for at, length, what in spans
                ]
    if not rows:
        raise SimError("no team has shifts or a roster: a head-count says how many are there, not who")
    found = pd.DataFrame(rows, columns=["person", "team", "date", "from", "to", "activity", *skills])
    return found if scenario.opens is not None else found.drop(columns="date")


def _own_skills(scenario: "Scenario") -> tuple[str, ...]:
    """Return the skills in which some person has a level of their own."""
    pairs = [
        (skill, level)
        for team in scenario.teams.values()
        for one in team.members
        for skill, level in one.skills.items()
        if team.skills.get(skill) != level
    ]
    return tuple(dict.fromkeys(skill for skill, _ in pairs))


def _on_duty(
    scenario: "Scenario", name: str, team: "Team"
) -> "Iterator[tuple[str, list[tuple[date | None, Duty]], Mapping[str, int]]]":
    """Return each person of a team, also one who is only numbered, with their duties by day and levels."""
    sizes = zip(team.shifts, team.shift_sizes(), strict=True)
    workers = [shift for shift, size in sizes for _ in range(size)]
    people: list[tuple[str, Callable[[date | None], Iterable[Duty]], Mapping[str, int]]] = [
        (one.name, one.on, one.skills) for one in team.members
    ]
    people += [
        (agent_name(name, number), partial(_of_shift, shift), {}) for number, shift in enumerate(workers, 1)
    ]
    for person, on, levels in people:
        yield person, list(_in_run(scenario, on)), levels


def _in_run(
    scenario: "Scenario", on: Callable[[date | None], Iterable[Duty]]
) -> "Iterator[tuple[date | None, Duty]]":
    """Return the duties of the days of a run; of one of several days also those of its last day after the end."""
    if scenario.opens is None:
        yield from ((None, duty) for duty in on(None))
        return
    first, last = days_of(scenario.opens_at, scenario.lasts)
    for number in range(first, last + 1):
        day, midnight_s = date_of(scenario, number), number * DAY_S - scenario.opens_at
        for duty in on(day):
            in_time = midnight_s + duty.start_s < scenario.lasts or scenario.has_tomorrow
            if midnight_s + duty.end_s > 0 and in_time:
                yield day, duty


def _of_shift(shift: "Shift", day: "date | None") -> list[Duty]:
    del day
    breaks = tuple((one.at, one.for_) for one in shift.breaks)
    return [Duty(None, shift.from_, shift.to, breaks, Place("", 0, 0, ""))]


def write_table(table: "pd.DataFrame", path: Path) -> None:
    """Write a table as CSV, or as Parquet where the file's name says so. Raises OSError and SimError."""
    if path.suffix == ".parquet":
        try:
            table.to_parquet(path, index=False)
        except ImportError as error:
            raise SimError(f"{path}: Parquet needs the extra [parquet]; CSV does not") from error
        return
    for_spreadsheets(table).to_csv(path, index=False)
