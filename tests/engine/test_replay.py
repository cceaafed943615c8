"""A recorded day on the clock: a value in the file counts, with and without a law for it in the scenario."""

from pathlib import Path

import pytest

from engine.worlds import Row
from sim.engine import simulate
from sim.engine.simulate import simulate as simulate_on_simpy
from sim.scenario import load
from sim.workload import draw

DAY = """
lasts: 10m
media: {{voice: {{max_tasks: 1}}}}
channels: {{phone: {{medium: voice}}}}
labels: {{vip: {{priority: 2}}}}
queues: {{q: {{medium: voice, handle_time: 60s{law}}}}}
teams: {{t: {{agents: 1, skills: {{q: 1}}}}}}
arrivals: [{{replay: contacts.csv{shares}}}]
"""
BUSY = "a1,phone,q,0,,600,"


def replayed(folder: Path, *contacts: str, law: str = "", shares: str = "") -> list[Row]:
    """The conversations of a day with one agent, who is busy with the first contact for 600 s."""
    header = "contact_id,channel,queue,offered_at,patience_s,handle_time_s,label"
    (folder / "contacts.csv").write_text("\n".join([header, BUSY, *contacts]) + "\n")
    (folder / "day.yaml").write_text(DAY.format(law=law, shares=shares))
    scenario = load(folder / "day.yaml")
    rows = simulate(scenario, draw(scenario)).conversations.sort_values("conversation_id").to_dict("records")
    return [{key: None if value != value else value for key, value in row.items()} for row in rows]


@pytest.mark.parametrize("law", ["", ", patience: 5m"])
def test_a_recorded_patience_counts(tmp_path: Path, law: str) -> None:
    _, second, _ = replayed(tmp_path, "a2,phone,q,10,20,60,", "a3,phone,q,20,,60,", law=law)
    assert (second["outcome"], second["wait"]) == ("abandoned", 20)


def test_a_patience_left_empty_follows_the_law_and_is_without_end_where_there_is_none(tmp_path: Path) -> None:
    contacts = ("a2,phone,q,10,20,60,", "a3,phone,q,20,,60,")
    third = replayed(tmp_path, *contacts)[2]
    assert (third["outcome"], third["wait"]) == ("handled", 580)
    third = replayed(tmp_path, *contacts, law=", patience: 5m")[2]
    assert (third["outcome"], third["wait"]) == ("abandoned", 300)


@pytest.mark.parametrize(("cell", "lasts"), [("90", 90), ("0", 0), ("", 60)])
def test_a_recorded_handle_time_counts_and_an_empty_one_is_drawn(
    tmp_path: Path, cell: str, lasts: float
) -> None:
    second = replayed(tmp_path, f"a2,phone,q,10,,{cell},")[1]
    assert second["ended_at"] - second["answered_at"] == lasts


@pytest.mark.parametrize("shares", ["", ", labels: {vip: 0%}"])
def test_a_recorded_label_counts_and_an_empty_one_is_drawn(tmp_path: Path, shares: str) -> None:
    first, second, third = replayed(tmp_path, "a2,phone,q,10,,60,", "a3,phone,q,20,,60,vip", shares=shares)
    assert [first["label"], second["label"], third["label"]] == [None, None, "vip"]
    assert third["answered_at"] < second["answered_at"]
    drawn = replayed(tmp_path, "a2,phone,q,10,,60,", shares=", labels: {vip: 100%}")
    assert [row["label"] for row in drawn] == ["vip", "vip"]


def test_columns_may_be_missing_altogether(tmp_path: Path) -> None:
    replayed(tmp_path)
    (tmp_path / "contacts.csv").write_text("contact_id,channel,queue,offered_at\na1,phone,q,0\n")
    scenario = load(tmp_path / "day.yaml")
    [row] = simulate(scenario, draw(scenario)).conversations.to_dict("records")
    assert (row["outcome"], row["ended_at"]) == ("handled", 60)


# Further columns, each with and without a law, on both engines where the compiled one knows it.

WIDE = """
lasts: 30m
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  q: {medium: voice, handle_time: 100s%s}
  other: {medium: voice, handle_time: 50s}
teams:
  t: {agents: 2, skills: {q: 1}%s}
  o: {agents: 1, skills: {other: 1}}
arrivals: [{replay: contacts.csv}]
"""


def wide(folder: Path, *contacts: str, queue: str = "", team: str = "") -> tuple[list[Row], list[Row]]:
    """The conversations and tasks of a day with two agents of one queue and one of another."""
    header = "contact_id,channel,queue,offered_at,waited_s,outcome"
    header += ",handle_time_s,wrap_up_s,transfer_to,transfer_after_s,agent"
    (folder / "contacts.csv").write_text("\n".join([header, *contacts]) + "\n")
    (folder / "day.yaml").write_text(WIDE % (queue, team))
    scenario = load(folder / "day.yaml")
    records = simulate(scenario, draw(scenario))
    other = simulate_on_simpy(scenario, draw(scenario))
    for name in ("conversations", "tasks", "requests"):
        assert getattr(records, name).equals(getattr(other, name))
    tables = (
        records.conversations.sort_values("conversation_id"),
        records.tasks.sort_values("task_answered_time"),
    )
    rows = [table.to_dict("records") for table in tables]
    return rows[0], rows[1]


@pytest.mark.parametrize("team", ["", ", wrap_up: 5m"])
def test_a_recorded_wrap_up_counts(tmp_path: Path, team: str) -> None:
    """Two agents are busy until 60 and 100 s; wrap-up of 30 s after the first: the third waits for 90 s - 10 s."""
    contacts = ("a,phone,q,0,,,60,30,,,", "b,phone,q,1,,,100,30,,,", "c,phone,q,10,,,60,0,,,")
    conversations, tasks = wide(tmp_path, *contacts, team=team)
    assert [row["task_end_time"] - row["task_wrap_up_time"] for row in tasks] == [30, 30, 0]
    assert conversations[2]["wait"] == 80


@pytest.mark.parametrize("queue", ["", ", transfer: {probability: 0%, to: {q: 100%}}"])
def test_a_recorded_transfer_counts(tmp_path: Path, queue: str) -> None:
    """Handed on after 40 s of 90 to a queue of 50 s: 90 s with two agents, whatever the law has."""
    _, tasks = wide(tmp_path, "a,phone,q,0,,,90,,other,40,", queue=queue)
    assert [(row["queue_id"], row["task_wrap_up_time"] - row["task_answered_time"]) for row in tasks] == [
        ("q", 40),
        ("other", 50),
    ]
    assert tasks[0]["task_disposition"] == "TRANSFERRED"


def test_a_recorded_transfer_without_a_moment_is_at_the_laws_or_at_the_end(tmp_path: Path) -> None:
    for queue, lasts in (("", 90), (", transfer: {probability: 0%, after: 20%, to: {q: 100%}}", 18)):
        _, tasks = wide(tmp_path, "a,phone,q,0,,,90,,other,,", queue=queue)
        assert tasks[0]["task_wrap_up_time"] - tasks[0]["task_answered_time"] == lasts
    _, tasks = wide(tmp_path, "a,phone,q,0,,,,,other,130,")  # longer than the 100 s that are drawn
    assert tasks[0]["task_wrap_up_time"] - tasks[0]["task_answered_time"] == 130


@pytest.mark.parametrize(("after", "lasts"), [("", 110), ("40", 40)])
def test_the_set_up_of_a_recorded_transfer_is_the_laws_where_its_moment_is_not_recorded(
    tmp_path: Path, after: str, lasts: float
) -> None:
    """At the end of 90 s and 20 s of set-up, or at the moment that is recorded, which has the set-up in it."""
    law = ", transfer: {probability: 0%, to: {q: 100%}, set_up_time: 20s}"
    _, tasks = wide(tmp_path, f"a,phone,q,0,,,90,,other,{after},", queue=law)
    assert tasks[0]["task_wrap_up_time"] - tasks[0]["task_answered_time"] == lasts


def test_a_conference_that_is_due_with_a_recorded_transfer_comes_first_as_with_a_drawn_one(
    tmp_path: Path,
) -> None:
    """At 90 a colleague is asked in for 10 s, and at 100 the customer is handed on for 50 s."""
    law = ", conference: {probability: 100%, to: {other: 100%}, joint_time: 10s, then: {guest_leaves: 100%}}"
    _, recorded = wide(tmp_path, "a,phone,q,0,,,90,,other,,", queue=law)
    _, drawn = wide(
        tmp_path, "a,phone,q,0,,,90,,,,", queue=law + ", transfer: {probability: 100%, to: {other: 100%}}"
    )
    for tasks in (recorded, drawn):
        assert [
            (row["agent_id"], row["task_answered_time"], row["task_wrap_up_time"], row["task_disposition"])
            for row in tasks
        ] == [("t-1", 0, 100, "TRANSFERRED"), ("o-1", 90, 100, "DONE"), ("o-1", 100, 150, "DONE")]


def test_a_dash_says_that_nobody_was_handed_on(tmp_path: Path) -> None:
    law = ", transfer: {probability: 100%, to: {other: 100%}}"
    contacts = ("a,phone,q,0,,,60,,-,,", "b,phone,q,300,,,60,,,,")
    _, tasks = wide(tmp_path, *contacts, queue=law)
    assert [row["queue_id"] for row in tasks] == ["q", "q", "other"]
    assert tasks[0]["task_disposition"] == "DONE"


def test_the_recorded_agent_is_asked_first(tmp_path: Path) -> None:
    """The second agent takes the first contact; busy, the third one's goes to the other; unnamed by the usual order."""
    contacts = ("a,phone,q,0,,,60,,,,t-2", "b,phone,q,10,,,60,,,,t-2", "c,phone,q,200,,,60,,,,")
    _, tasks = wide(tmp_path, *contacts)
    assert [row["agent_id"] for row in tasks][:2] == ["t-2", "t-1"]


def test_who_was_answered_is_as_patient_as_their_wait_at_least(tmp_path: Path) -> None:
    """Both agents are busy for 600 s. One left after 45 s; one was answered after 200 s, with a law of 60 s."""
    busy = ("a,phone,q,0,,,600,,,,", "b,phone,q,0,,,600,,,,")
    contacts = (*busy, "c,phone,q,1,45,abandoned,,,,,", "d,phone,q,2,200,answered,,,,,")
    conversations, _ = wide(tmp_path, *contacts, queue=", patience: 60s")
    assert [(row["outcome"], row["wait"]) for row in conversations[2:]] == [
        ("abandoned", 45),
        ("abandoned", pytest.approx(200.001)),
    ]
    conversations, _ = wide(tmp_path, *contacts)  # without a law: one left, one waits for ever
    assert [(row["outcome"], row["wait"]) for row in conversations[2:]] == [
        ("abandoned", 45),
        ("handled", 598),
    ]
