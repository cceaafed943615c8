"""The words, tables and pictures of a sweep, in the terminal and on its page."""

from pathlib import Path

import pytest

import sim
from sim.experiments.sweep_result import labels_of
from sim.report.comparison import comparison_text
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


PLAIN = """\
name: M
lasts: 2h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {calls: {medium: voice, handle_time: 3m}}
teams: {desk: {agents: 2, skills: {calls: 1}}}
arrivals: [{channel: phone, queue: calls, per_hour: 20}]
"""
ABSENT = "service_level has no value at any point: no queue has a `service_level`."


def test_a_figure_without_a_value_is_named_with_the_reason(tmp_path: Path) -> None:
    swept = sim.sweep(sim.loads(PLAIN), {"teams.desk.agents": [2, 3]}, replications=2, jobs=1)
    assert ABSENT in sweep_text(swept, 100)
    html = page(swept, tmp_path)
    assert "service_level has no value at any point: no queue has a `service_level`" in html
    assert html.count("<svg") == 2
    assert "<table" in swept._repr_html_()


def test_points_without_a_value_are_named_and_the_others_drawn(tmp_path: Path) -> None:
    swept = sim.sweep(
        sim.loads(PLAIN), {"arrivals.0.per_hour": [0, 20], "teams.desk.agents": [2, 3]}, metrics=["asa"],
        replications=2, jobs=1,
    )  # fmt: skip
    told = "asa has no value with per_hour 0, agents 2; per_hour 0, agents 3: nothing happened there"
    assert told in " ".join(sweep_text(swept, 100).split())
    assert "<svg" in page(swept, tmp_path)


def test_a_comparison_names_figures_without_a_value(tmp_path: Path) -> None:
    base = sim.loads(PLAIN)
    compared = sim.compare(base, base.set("teams.desk.agents", 3), replications=2, jobs=1)
    told = "service_level has no value in any scenario: no queue has a `service_level`"
    assert told in comparison_text(compared, 120)
    assert told in compared.report(tmp_path / "page.html").read_text(encoding="utf-8")
    alone = sim.compare(
        base, base.set("teams.desk.agents", 3), metrics=["service_level"], replications=2, jobs=1
    )
    assert told in alone.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<table" in alone._repr_html_()
