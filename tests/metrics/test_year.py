"""A year in one run: sums of millions of seconds are as exact as those of a day, added up here without rounding."""

from math import fsum

import numpy as np
import pytest

import sim

YEAR = """
lasts: 365d
seed: 3
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales: {medium: voice, handle_time: {gamma: {mean: 3m, sd: 90s}}, patience: {exponential: {mean: 3m}}}
teams: {sellers: {agents: 2, skills: {sales: 1}, wrap_up: 20s}}
arrivals: [{channel: phone, queue: sales, per_hour: 20}]
"""
YEAR_S = 365 * 86_400.0


@pytest.mark.slow
def test_the_sums_of_a_year_keep_nine_digits() -> None:
    """Each figure against the rows of the tables, summed exactly (Shewchuk's algorithm, `math.fsum`)."""
    run = sim.run(sim.loads(YEAR), 1, keep_tables="all", jobs=1)
    requests, tasks, states = run.requests, run.tasks, run.agent_states
    assert len(requests) > 170_000
    answered, left = requests["outcome"] == "answered", requests["outcome"] == "abandoned"
    began, ended = requests["placed_at"].to_numpy(), requests["ended_at"].to_numpy()
    waits = ended - began
    done = tasks[tasks["task_disposition"] == "DONE"]
    talked = done["task_wrap_up_time"].to_numpy() - done["task_answered_time"].to_numpy()
    spent = {
        state: fsum(rows["ended_at"].clip(upper=YEAR_S) - rows["started_at"].clip(upper=YEAR_S))
        for state, rows in states[states["medium"] == "voice"].groupby("state")
    }
    staffed = 2 * YEAR_S
    assert fsum(spent.values()) == pytest.approx(staffed, rel=1e-9)
    exact = {
        "asa": fsum(waits[answered]) / answered.sum(),
        "abandon_wait_mean": fsum(waits[left]) / left.sum(),
        "wait_all_mean": fsum(waits) / len(waits),
        "handle_time": fsum(talked) / len(talked),
        "queue_length_mean": fsum(np.minimum(ended, YEAR_S) - np.minimum(began, YEAR_S)) / YEAR_S,
        "occupancy": (spent["BUSY"] + spent.get("ACTIVE", 0.0)) / staffed,
    }
    found = {name: run.figure(name).value for name in exact}
    assert found == pytest.approx(exact, rel=1e-9)
