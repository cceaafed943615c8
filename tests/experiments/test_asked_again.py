"""A request that rings again and again at one agent while another is idle is told, with the remedy."""

import pytest

import sim
from sim.experiments.asked_again import asked_again
from sim.report.run import document
from sim.scenario import Scenario

BULLSEYE = """
lasts: 5m
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice, request_ttl: 2m}}
routing: {ring_time: 5s}
queues:
  q:
    medium: voice
    handle_time: 60s
    steps: [{needs: "ring1 >= 1", for: 5s}, {needs: "ring2 >= 1"}]
teams:
  silent: {agents: 1, skills: {ring1: 1}, accept: {probability: 0%}}
  willing: {agents: 1, skills: {ring2: 1}}
arrivals: [{channel: phone, queue: q, per_hour: 12}]
"""


def told(scenario: Scenario) -> list[str]:
    result = sim.run(scenario, replications=1, jobs=1, keep_tables="all")
    return asked_again(result.tasks, result.agent_states, result.scenario)


def test_the_steps_that_begin_anew_are_named() -> None:
    """Every 5 s a ring-out ends just as the next step would open; the willing agent is never asked."""
    [line] = told(sim.loads(BULLSEYE))
    assert line.startswith("Queue q: one agent let ")
    assert line.endswith(
        "ring more than 5 times while another was idle; steps_after_ring_out: go_on lets later steps open."
    )


def test_what_rings_five_times_or_while_nobody_else_is_idle_is_not_told() -> None:
    assert told(sim.loads(BULLSEYE).set("channels.phone.request_ttl", "26s")) == []
    assert told(sim.loads(BULLSEYE).set("routing.steps_after_ring_out", "go_on")) == []
    nobody = sim.loads(BULLSEYE).set("teams.willing.head_count", {"every": "5m", "agents": [0]})
    assert told(nobody) == []


def test_where_there_is_one_step_the_memory_is_named() -> None:
    """With no memory the idle one who was ready first is asked again and again, however long the other waits."""
    alike = sim.loads(BULLSEYE).set(
        {
            "queues.q.steps": [{"needs": "ring1 >= 1"}], "teams.willing.skills": {"ring1": 1},
            "routing.ring_memory": "none", "routing.agent_selection": "most_skilled",
            "teams.silent.skills": {"ring1": 1, "q": 9},
        }
    )  # fmt: skip
    [line] = told(alike)
    assert line.endswith("ring_memory: exclude asks nobody twice.")


@pytest.mark.parametrize(("tables", "lines"), [("first", 1), ("none", 0)])
def test_the_run_says_so_where_it_kept_its_tables(tables: str, lines: int) -> None:
    result = sim.run(sim.loads(BULLSEYE), replications=1, jobs=1, keep_tables=tables)
    assert sum("ring more than 5 times" in note for note in document(result).notes) == lines
