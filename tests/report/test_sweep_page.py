"""The words, tables and pictures of a sweep, in the terminal and on its page."""

from pathlib import Path

import pytest

import sim
from sim.experiments.sweep_result import labels_of
from sim.report.sweep import sweep_text

TWO_TEAMS = {"teams.desk.agents": [3, 4], "teams.experts.agents": [1, 2]}


@pytest.fixture(scope="module")
def two_teams(small_text: str) -> sim.Sweep:
    return sim.sweep(sim.loads(small_text), TWO_TEAMS, metrics=["asa"], replications=2, jobs=1)


def page(swept: sim.Sweep, folder: Path) -> str:
    return swept.report(folder / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("keys", "labels"),
    [
        (["teams.desk.agents"], ["agents"]),
        (["teams.a.agents", "routing.ring_time"], ["agents", "ring_time"]),
        (["teams.a.agents", "teams.b.agents"], ["a.agents", "b.agents"]),
        (["teams.a.agents", "teams.b.agents", "seed"], ["a.agents", "b.agents", "seed"]),
        (
            ["teams.a.max_tasks.chat", "queues.a.max_tasks.chat"],
            ["teams.a.max_tasks.chat", "queues.a.max_tasks.chat"],
        ),
        (["lasts", "x.lasts"], ["lasts", "x.lasts"]),
    ],
)
def test_a_label_is_the_shortest_end_that_no_other_key_has(keys: list[str], labels: list[str]) -> None:
    assert labels_of(keys) == labels


def test_keys_that_end_alike_can_be_told_apart_everywhere(two_teams: sim.Sweep, tmp_path: Path) -> None:
    text, html = sweep_text(two_teams, 100), page(two_teams, tmp_path)
    assert "desk.agents" in text.splitlines()[4]
    assert "experts.agents" in text
    assert "desk.agents 3, experts.agents 2" in html
    assert ">agents 3" not in html
