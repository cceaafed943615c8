"""A recorded day on the clock: a value in the file counts, with and without a law for it in the scenario."""

from pathlib import Path

import pytest

from engine.worlds import Row
from sim.engine import simulate
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
