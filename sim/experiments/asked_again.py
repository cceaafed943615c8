"""Requests that one agent let ring again and again while another agent could have been asked."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.columns import FloatArray, is_one_of
from sim.records.table import Columns
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

OFTEN = 5
"""So many ring-outs of one request by one agent are no remark."""


def are_often(tasks: Columns) -> bool:
    """Return whether there are such requests in the tasks of a replication; it needs no frame."""
    rung = tasks[is_one_of(tasks, "task_disposition", "RONA")]
    if not len(rung):
        return False
    agents = len(rung.names("agent_id"))
    pairs = np.unique(rung["request_id"] * agents + rung["agent_id"], return_counts=True)
    return bool(pairs[1].max() > OFTEN)


def asked_again(tasks: "pd.DataFrame", states: "pd.DataFrame", scenario: Scenario) -> list[str]:
    """Say, queue by queue, how many requests one agent let ring more than five times while another one was idle.

    `tasks` and `states` are the tables of one or several replications. The other agent is one of any step of the
    queue, with nothing to do at the last of these ring-outs. The remedy that is named depends on the scenario.
    """
    rung = tasks[(tasks["task_disposition"] == "RONA").to_numpy()]
    keys = [key for key in ("replication", "queue_id", "request_id", "agent_id") if key in rung]
    counts = rung.groupby(keys, observed=True)["task_end_time"].agg(["size", "max"])
    often = counts[counts["size"] > OFTEN]
    found: dict[str, int] = {}
    for place, last in zip(often.index, often["max"], strict=True):
        named = dict(zip(keys, place, strict=True))
        here = states if "replication" not in named else states[states["replication"] == named["replication"]]
        others = _idle_at(float(last), here, scenario, named["queue_id"])
        if others - {named["agent_id"]}:
            found[named["queue_id"]] = found.get(named["queue_id"], 0) + 1
    return list(_sentences(found, scenario))


def _idle_at(at: float, states: "pd.DataFrame", scenario: Scenario, queue: str) -> set[str]:
    """Return the members of a queue who have nothing to do at that moment."""
    steps, medium = scenario.steps_of(queue), scenario.queues[queue].medium
    teams = [
        name
        for name, team in scenario.teams.items()
        if team.role == "agent" and any(step.needs.holds(one) for step in steps for one in team.skill_sets)
    ]
    unable = {
        one.name
        for name in teams
        for one in scenario.teams[name].members
        if not any(step.needs.holds(one.skills) for step in steps)
    }
    begun: FloatArray = states["started_at"].to_numpy()
    over: FloatArray = states["ended_at"].to_numpy()
    idle = (
        (begun <= at)
        & (at < over)
        & np.isin(states["team"].astype(str), teams)
        & (states["medium"].astype(str) == medium).to_numpy()
        & (states["state"].astype(str) == "READY").to_numpy()
    )
    return set(states["agent"].astype(str)[idle]) - unable


def _sentences(found: dict[str, int], scenario: Scenario) -> Iterator[str]:
    for queue, count in found.items():
        spec, routing = scenario.queues[queue], scenario.routing
        anew = (spec.steps_after_ring_out or routing.steps_after_ring_out) == "anew"
        remedy = (
            "steps_after_ring_out: go_on lets later steps open"
            if len(spec.steps) > 1 and anew
            else "ring_memory: exclude asks nobody twice"
        )
        requests = "a request" if count == 1 else f"{count} requests"
        yield (
            f"Queue {queue}: one agent let {requests} ring more than {OFTEN} times while another was idle; {remedy}."
        )
