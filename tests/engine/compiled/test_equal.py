"""The compiled engine and the SimPy engine give the same records, to the last bit."""

from pathlib import Path

import pytest

from benchmarks.growth.worlds import of_agents, of_waiting
from engine.compiled.both_engines import days_drawn, differences, needs_the_library
from engine.compiled.random_days import KINDS, compare
from sim.records import NOTHING
from sim.scenario import Scenario, load, loads
from sim.workload import draw, draws

pytestmark = needs_the_library
SCENARIOS = sorted((Path(__file__).parents[3] / "scenarios").glob("*.yaml"))
QUICK = [path for path in SCENARIOS if path.stem not in ("erlang_a", "hotline_march")]


def on_each_date(scenario: Scenario, replication: int) -> list[str]:
    """Return the differences, of a calendar those of its dates, each on its own clock."""
    return [one for day in days_drawn(scenario, replication) for one in differences(*day)]


@pytest.mark.slow
@pytest.mark.parametrize("path", QUICK, ids=lambda path: path.stem)
def test_a_day_of_each_scenario(path: Path) -> None:
    scenario = load(path)
    assert on_each_date(scenario, 0) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_further_days_of_each_scenario(path: Path) -> None:
    scenario = load(path)
    assert [on_each_date(scenario, replication) for replication in (1, 2)] == [[], []]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("days", [10, pytest.param(150, marks=pytest.mark.slow)])
def test_random_days(days: int, kind: str) -> None:
    """`python -m engine.compiled.random_days 1500` compares ten times as many."""
    found: list[list[str]] = []
    compare(days, kind, lambda _, different: found.append(different))
    assert found == []


DRAWN = """
lasts: 2h
media: {chat: {max_tasks: 2, slowdown: 0.8}}
channels: {web: {medium: chat, identified: 40%, request_ttl: 5m}}
labels: {gold: {priority: 5}, silver: {priority: 3}}
queues:
  sales: {medium: chat, handle_time: {exponential: {mean: 4m}}, patience: {exponential: {mean: 3m}},
          transfer: {probability: 40%, to: {service: 50%, sales: 50%}}}
  service: {medium: chat, handle_time: {lognormal: {mean: 5m, sd: 3m}}}
teams:
  all: {agents: 7, skills: {sales: 1, service: 2}, accept: {probability: 60%, delay: {exponential: {mean: 5s}}},
        after_ring: {chat: {not_ready: {exponential: {mean: 40s}}}}}
arrivals:
  - {channel: web, queue: {sales: 60%, service: 40%}, per_hour: 150, labels: {gold: 20%, silver: 30%}}
"""


def test_drawn_contacts_split_over_queues_and_labels() -> None:
    scenario = loads(DRAWN)
    assert differences(scenario, draw(scenario)) == []


@pytest.mark.parametrize("scenario", [of_agents(2000, 600), of_waiting(2000, 800)])
def test_a_centre_with_much_under_way(scenario: str) -> None:
    """More entries stand in the calendar than `MUCH`, from which on the engine looks ahead."""
    centre = loads(scenario)
    assert differences(centre, draw(centre)) == []


def test_columns_that_are_made_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of few contacts, so that many are made, dropped and made again."""
    monkeypatch.setattr(draws, "BLOCKS", (8, 4, 2))
    monkeypatch.setattr(draws, "KEPT", 2)
    scenario = loads(DRAWN)
    assert differences(scenario, draw(scenario)) == []


@pytest.mark.parametrize("tables", [NOTHING, ("requests",), ("tasks", "whispers"), ("agent_states",)])
def test_some_of_the_tables(tables: tuple[str, ...]) -> None:
    """Supervisors' tasks are numbered only where tasks are recorded."""
    scenario = load(SCENARIOS[0].with_name("reference.yaml"))
    assert differences(scenario, draw(scenario), tables) == []
