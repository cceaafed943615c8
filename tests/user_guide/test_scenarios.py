"""The scenarios that ship for this part: each answers its question on a day that has what it asks about."""

from pathlib import Path
from typing import NamedTuple

import pytest

from sim.engine import simulate
from sim.records import Records
from sim.scenario import Scenario, load, notes
from sim.workload import draw

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = ["conference_desk", "community_list", "escalation", "reference"]


class Day(NamedTuple):
    scenario: Scenario
    records: Records


@pytest.fixture(scope="module")
def days() -> dict[str, Day]:
    scenarios = {name: load(SCENARIOS / f"{name}.yaml") for name in NAMES}
    return {name: Day(scenario, simulate(scenario, draw(scenario))) for name, scenario in scenarios.items()}


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_with_two_sentences_on_its_question(name: str) -> None:
    first, second = (SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[:2]
    assert first.startswith("# ")
    assert first.endswith("?")
    assert second.startswith("# ")
    assert second.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_it_is_valid_and_nothing_in_it_surprises(name: str) -> None:
    assert list(notes(load(SCENARIOS / f"{name}.yaml"))) == []


@pytest.mark.parametrize("name", NAMES)
def test_most_customers_are_served_and_some_wait(days: dict[str, Day], name: str) -> None:
    contacts = days[name].records.conversations
    assert len(contacts) > 400
    assert contacts["outcome"].isin(["handled", "contained"]).mean() > 0.85
    assert (contacts["wait"] > 30).sum() > 10


def test_at_the_conference_desk_experts_are_called_in_and_now_and_then_do_not_come(
    days: dict[str, Day],
) -> None:
    requests = days["conference_desk"].records.requests
    called = requests[requests["kind"] == "conference"]
    assert len(called) > 100
    assert 0.9 < (called["outcome"] == "answered").mean() < 1


def test_the_community_is_served_from_a_list_now_and_then_by_two(days: dict[str, Day]) -> None:
    tasks = days["community_list"].records.tasks
    pulled = tasks[(tasks["routing_mode"] == "PULL") & tasks["task_answered_time"].notna()]
    assert len(pulled) > 80
    assert pulled["task_reserved_time"].isna().all()
    assert pulled.groupby("conversation_id")["agent_id"].nunique().max() == 2


def test_an_escalation_climbs_in_chains_and_leads_look_in(days: dict[str, Day]) -> None:
    records = days["escalation"].records
    assert records.conversations["transfers"].max() >= 3
    assert {"named_transfer", "transfer", "conference"} <= set(records.requests["kind"])
    assert records.requests["warm"].any()
    assert {"SILENT_MONITOR", "BARGE_IN", "CONSULT_TRANSFER"} <= set(records.tasks["task_direction"])
    assert (records.conversations["attempt"] > 0).any()


def test_the_reference_has_everything_in_it(days: dict[str, Day]) -> None:
    records = days["reference"].records
    assert {"transfer", "named_transfer", "conference", "inbound"} <= set(records.requests["kind"])
    assert len(records.whispers) > 10
