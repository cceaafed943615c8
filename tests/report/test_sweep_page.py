"""The words, tables and pictures of a sweep, in the terminal and on its page."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.experiments.varied_keys import labels_of
from sim.report.comparison import comparison_text
from sim.report.html.page import with_code
from sim.report.sweep import sweep_text

pytestmark = pytest.mark.usefixtures("undrawn")

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
    assert "desk.agents" in "\n".join(text.splitlines()[:8])
    assert "experts.agents" in text
    assert ">teams.experts.agents=2</caption>" in html
    assert '<th scope="col">desk.agents</th>' in html
    assert '<th scope="col">agents</th>' not in html.split('id="plan"')[0]


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


def test_words_about_steps_are_said_only_where_there_are_steps(two_teams: sim.Sweep, tmp_path: Path) -> None:
    """Names have no next larger value, so no table of steps stands there to be explained."""
    names = sim.sweep(
        two_teams.scenario, {"routing.agent_selection": ["random", "longest_available"]},
        metrics=["asa"], replications=2, jobs=1,
    )  # fmt: skip
    for swept, has_steps in ((two_teams, True), (names, False)):
        html, shown = page(swept, tmp_path), " ".join(sweep_text(swept, 100).split())
        assert (not swept.steps.empty) is has_steps
        assert ("beneath of a difference" in shown) is ("beneath of a difference" in html) is has_steps
        assert ("a step is surer" in html) is has_steps
    assert "± is half the 95 % interval of a figure." in shown


def test_a_figure_without_a_value_is_named_with_the_reason(tmp_path: Path) -> None:
    swept = sim.sweep(sim.loads(PLAIN), {"teams.desk.agents": [2, 3]}, replications=2, jobs=1)
    assert ABSENT in sweep_text(swept, 100)
    html = page(swept, tmp_path)
    assert "service_level has no value at any point: no queue has a <code>service_level</code>" in html
    assert html.split('id="plan"')[0].count("<svg") == 3
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
    assert with_code(told) in compared.report(tmp_path / "page.html").read_text(encoding="utf-8")
    alone = sim.compare(
        base, base.set("teams.desk.agents", 3), metrics=["service_level"], replications=2, jobs=1
    )
    assert with_code(told) in alone.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<table" in alone._repr_html_()


CHATS = """\
name: Web chat, concurrency 2
opens: 2026-03-02 09:00
lasts: 8h
seed: 11
replications: 20
media:
  chat: {max_tasks: 2, slowdown: 25%}
channels:
  web: {medium: chat}
queues:
  chats:
    medium: chat
    service_level: {within: 60s, target: 80%}
    handle_time: {lognormal: {mean: 13m, sd: 9m}}
    patience: {exponential: {mean: 5m}}
teams:
  chatters:
    agents: 18
    skills: {chats: 5}
    accept: {probability: 97%, delay: {lognormal: {mean: 6s, sd: 4s}}}
    wrap_up: 30s
    cost_per_hour: 20
arrivals:
  - {channel: web, queue: chats, per_hour: 100}
targets:
  - {metric: service_level, queue: chats, at_least: 80%}
  - {metric: abandon_rate, at_most: 5%}
"""


@pytest.mark.slow
def test_the_targets_are_measured_whatever_is_asked(tmp_path: Path) -> None:
    metrics = ["service_level", "abandon_rate"]
    swept = sim.sweep(sim.loads(CHATS), ["teams.chatters.agents=16..20:2"], metrics=metrics, jobs=1)
    assert [one.text for one in swept.wanted] == [*metrics, "service_level:queue=chats"]
    assert "Both targets are met at 2 of 3 points: agents 18; agents 20." in page(swept, tmp_path)


def test_a_headline_counts_only_what_was_measured(small_text: str, tmp_path: Path) -> None:
    swept = sim.sweep(
        sim.loads(small_text), ["teams.desk.agents=3,9"], metrics=["asa"], replications=3, jobs=1
    )
    older = replace(swept, wanted=swept.wanted[:1], tops=swept.tops[..., :1], bottoms=swept.bottoms[..., :1])
    html = page(older, tmp_path)
    assert "1 of 1 targets was not measured in this sweep." in html
    assert "met" not in html.split("1 of 1 targets")[1].split("</p>")[0]


@pytest.mark.slow
def test_the_cheapest_that_surely_meets_all_targets_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 16, 18 and 20 agents for eight hours at 20 an hour 18 cost about 3,120, and 16 miss a target."""
    day = tmp_path / "chats.yaml"
    day.write_text(CHATS + "currency: EUR\n", encoding="utf-8")
    vary = ["sweep", str(day), "--vary", "teams.chatters.agents=16..20:2", "--metric", "service_level"]
    assert main([*vary, "--subject-to", "targets", "--jobs", "1", "--out", str(tmp_path / "s")]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Both targets are met at 2 of 3 points: agents 18; agents 20." in printed
    assert re.search(r"The cheapest of them is agents 18, at a cost of 3,1\d\d\.\d ±\d+\.\d EUR\.", printed)
    few = ["sweep", str(day), "--vary", "teams.chatters.agents=8,9", "--subject-to", "targets", "--jobs", "1"]
    assert main([*few, "--replications", "3", "--out", str(tmp_path / "few")]) == 1
    told = capsys.readouterr()
    assert "every point surely misses a target" in told.err
    printed = " ".join(told.out.split())
    assert (
        "No point meets both targets for sure; the nearest is agents 8, which meets none; not surely"
        in printed
    )
    assert re.search(r"are Service level chats \(\d+\.\d % ±\d+\.\d, at least 80 %\), Aban", printed)


def test_without_targets_nothing_can_be_subject_to_them(
    small_text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = tmp_path / "day.yaml"
    day.write_text(small_text.split("targets:")[0], encoding="utf-8")
    assert main(["sweep", str(day), "--vary", "teams.desk.agents=3,9", "--subject-to", "targets"]) == 2
    assert "the scenario has no targets" in capsys.readouterr().err


def test_a_change_of_what_is_varied_is_refused(
    small_text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = tmp_path / "day.yaml"
    day.write_text(small_text, encoding="utf-8")
    asked = ["sweep", str(day), "--vary", "teams.desk.agents=3,9", "--set", "teams.desk.agents=5"]
    assert main(asked) == 2
    assert capsys.readouterr().err == "--set teams.desk.agents: --vary gives it other values; leave one out\n"
