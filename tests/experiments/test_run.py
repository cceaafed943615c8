"""A scenario run over replications: what a result says, keeps and writes."""

import json
import math
import os
import re
import signal
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.experiments import replications as replicating
from sim.experiments.storage import MANIFEST
from sim.metrics import several as module
from sim.parallel.workers import Workers
from sim.report.run import terminal
from sim.scenario.budget import BudgetError

COLUMNS = [
    "metric", "variant", "queue", "team", "channel", "kind", "label", "day", "interval", "value", "low", "high", "sd",
    "min", "max", "replications", "unit",
]  # fmt: skip


@pytest.fixture
def small(small_text: str) -> sim.Scenario:
    return sim.loads(small_text)


@pytest.fixture(scope="module")
def result(small_text: str) -> sim.Result:
    return sim.run(sim.loads(small_text), keep_tables="all")


def test_figures_are_one_long_table(result: sim.Result) -> None:
    assert list(result.figures.columns) == COLUMNS
    assert (result.replications, result.asked, result.seed) == (3, 3, 3)
    assert {"calls", "experts", ""} == set(result.figures["queue"])
    offered = result.figure("offered", queue="calls", kind="inbound")
    assert offered.low < offered.value < offered.high


def test_counts_are_means_over_the_replications(result: sim.Result) -> None:
    """The figure is what one gets from the tables by hand."""
    calls = result.requests[
        (result.requests["queue"] == "calls") & (result.requests["outcome"] == "answered")
    ]
    assert result.figure("answered", queue="calls", kind="inbound").value == pytest.approx(len(calls) / 3)


def test_tables_carry_their_replication(result: sim.Result) -> None:
    for name in ("requests", "tasks", "conversations", "agent_states"):
        table = getattr(result, name)
        assert table.columns[0] == "replication"
        assert sorted(table["replication"].unique()) == [0, 1, 2]
    assert isinstance(result.requests["queue"].dtype, pd.CategoricalDtype)


@pytest.mark.parametrize(("keep", "expected"), [("first", [0]), ("all", [0, 1])])
def test_tables_are_kept_as_asked(small: sim.Scenario, keep, expected: list[int]) -> None:
    kept = sim.run(small, 2, keep_tables=keep).requests
    assert sorted(kept["replication"].unique()) == expected


def test_tables_that_were_not_kept_say_how_to_keep_them(small: sim.Scenario) -> None:
    with pytest.raises(sim.SimError, match="keep_tables="):
        _ = sim.run(small, 1, keep_tables="none").requests
    with pytest.raises(sim.SimError, match="events=True"):
        _ = sim.run(small, 1).events
    assert len(sim.run(small, 1, events=True).events) > 0


def test_what_is_kept_changes_no_figure(small: sim.Scenario, result: sim.Result) -> None:
    bare = sim.run(small, keep_tables="none")
    pd.testing.assert_frame_equal(bare.figures, result.figures)
    pd.testing.assert_frame_equal(sim.run(small, events=True).figures, result.figures)


def test_the_seed_decides(small: sim.Scenario, result: sim.Result) -> None:
    other = sim.run(small, seed=4)
    assert other.seed == 4
    assert not other.figures["value"].equals(result.figures["value"])
    pd.testing.assert_frame_equal(sim.run(small, seed=3).figures, result.figures)


def test_progress_is_told(small: sim.Scenario) -> None:
    told: list[tuple[int, int]] = []
    sim.run(small, 2, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_no_replications_is_a_mistake(small: sim.Scenario) -> None:
    with pytest.raises(sim.SimError, match="at least 1, not 0"):
        sim.run(small, 0)


def test_targets_must_name_figures_that_there_are(small_text: str) -> None:
    wrong = (
        small_text
        + "  - {metric: servce_level, at_least: 70%}\n  - {metric: occupancy, queue: calls, at_least: 70%}\n"
    )
    with pytest.raises(sim.ScenarioError) as told:
        sim.run(sim.loads(wrong))
    first, second = told.value.mistakes
    assert "targets.1" in str(first)
    assert "service_level" in str(first)
    assert "targets.2" in str(second)


def test_a_target_of_a_share_beyond_a_hundred_per_cent_is_a_mistake(small_text: str) -> None:
    """No rate would ever miss `at_most: 5`, where 5% was meant."""
    wrong = small_text + "  - {metric: no_agent_rate, at_most: 5}\n  - {metric: asa, at_most: 5}\n"
    with pytest.raises(sim.SimError) as raised:
        sim.run(sim.loads(wrong), 1)
    assert str(raised.value).endswith(
        "targets.1.at_most: no_agent_rate is a share, and 5 is 500%; write 5% or a number from 0 to 1"
    )


def interrupt_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C come while this replication is under way."""
    honest = replicating.replicate

    def replicate(scenario, current, *rest):
        if current == number:
            raise KeyboardInterrupt
        return honest(scenario, current, *rest)

    monkeypatch.setattr(replicating, "replicate", replicate)


def test_ctrl_c_keeps_what_is_finished(small: sim.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    two = sim.run(small, 2)
    interrupt_at(2, monkeypatch)
    cut = sim.run(small, 5)
    assert (cut.replications, cut.asked) == (2, 5)
    pd.testing.assert_frame_equal(cut.figures, two.figures)


def test_ctrl_c_before_anything_is_finished_is_passed_on(
    small: sim.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt_at(0, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        sim.run(small, 5)


def test_a_saved_run_holds_all_that_is_needed_to_repeat_it(result: sim.Result, tmp_path: Path) -> None:
    folder = result.save(tmp_path / "run", command=["sim", "run", "small.yaml"])
    manifest = json.loads((folder / MANIFEST).read_text())
    assert manifest["scenario"] == "Small desk"
    assert manifest["scenario_hash"] == result.scenario.hash
    assert (manifest["seed"], manifest["replications"]) == (3, 3)
    assert manifest["versions"]["numpy"] == version("numpy")
    assert manifest["command"] == ["sim", "run", "small.yaml"]
    assert manifest["scenario_text"] == (folder / "scenario.yaml").read_text()
    again = sim.run(sim.load(folder / "scenario.yaml"), manifest["replications"], manifest["seed"])
    pd.testing.assert_frame_equal(again.figures, result.figures)


def test_a_saved_run_brings_the_files_its_scenario_names(small_text: str, tmp_path: Path) -> None:
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "forecast.csv").write_text("interval_start,volume\n09:00,20\n09:30,40\n")
    path = tmp_path / "day.yaml"
    path.write_text(small_text.replace("per_hour: 60", "file: inputs/forecast.csv"))
    result = sim.run(sim.load(path), 1)
    folder = result.save(tmp_path / "run")
    (tmp_path / "inputs" / "forecast.csv").unlink()
    assert sim.load(folder / "scenario.yaml").hash == result.scenario.hash


def test_saved_tables_are_the_tables(result: sim.Result, tmp_path: Path) -> None:
    folder = result.save(tmp_path / "run")
    for name in ("requests", "tasks", "conversations", "agent_states", "whispers"):
        saved = pd.read_csv(folder / f"{name}.csv.gz")
        assert list(saved.columns) == list(result.recorded(name).columns)
        assert len(saved) == len(getattr(result, name))
    saved = pd.read_csv(folder / "requests.csv.gz")
    assert saved["placed_at"].tolist() == result.requests["placed_at"].tolist()
    figures = pd.read_csv(folder / "figures.csv")
    assert figures["value"].tolist() == result.figures["value"].tolist()
    assert not (folder / "events.csv.gz").exists()


def test_the_same_run_writes_the_same_bytes_at_any_time(
    small: sim.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sim.run(small, 2).save(tmp_path / "a")
    monkeypatch.setattr(time, "time", lambda: 2e9)
    second = sim.run(small, 2).save(tmp_path / "b")
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    for name in set(names) - {MANIFEST}:
        assert (first / name).read_bytes() == (second / name).read_bytes()


def rows_in(page: str) -> list[list[str]]:
    """The rows of all tables of a page, each its label and its cells."""
    rows = re.findall(r'<tr><th scope="row".*?</tr>', page)
    return [[re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_a_result_shows_itself(result: sim.Result) -> None:
    assert repr(result) == "<Result of 'Small desk': 3 replications, seed 3>"
    page = result._repr_html_()
    assert page.count("<table>") == 3
    labels = [row[0] for row in rows_in(page)]
    assert labels[labels.index("experts") + 1] == "transfer"
    value = result.figure("service_level", queue="calls", kind="inbound").value
    assert '<th scope="col">Service level, %</th>' in page
    assert f"<td>{100 * value:.1f} " in page


def test_a_notebook_shows_no_figure_without_a_request(result: sim.Result) -> None:
    """No customer asks for an expert directly."""
    rows = rows_in(result._repr_html_())
    calls, experts = (next(row for row in rows if row[0] == name) for name in ("calls", "experts"))
    assert all(calls[1:6])
    assert not any(experts[1:])


def test_a_notebook_shows_overtime_in_minutes_as_sim_run_does(small_text: str) -> None:
    shift = "desk:\n    shifts: [{from: '09:00', to: '09:30', agents: 1}, {from: '09:00', to: '10:00', agents: 2}]"
    result = sim.run(sim.loads(small_text.replace("desk:", shift, 1)), 3, jobs=1)
    minutes = result.figure("overtime", team="desk").value / 60
    assert minutes > 0
    page = result._repr_html_()
    assert '<th scope="col">Overtime, min</th></tr>' in page
    (cell,) = [row[-1] for row in rows_in(page) if row[0] == "desk"]
    assert cell.startswith(f"{minutes:.1f} ±")
    (row,) = [line for line in terminal(result, 200).splitlines() if line.startswith("desk")]
    assert row.split()[-2:] == cell.split()


def test_a_name_in_html_is_only_a_name(small_text: str) -> None:
    page = sim.run(sim.loads(small_text.replace("Small desk", "<b>R&D</b>")), 1)._repr_html_()
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in page


def test_one_replication_has_no_intervals(small: sim.Scenario) -> None:
    figure = sim.run(small, 1).figure("offered")
    assert math.isnan(figure.low)
    assert math.isnan(figure.high)


@pytest.mark.parametrize("asked", [1, 2, 3, 20, 200, 1001])
@pytest.mark.parametrize("at_once", [1, 2, 8])
def test_replications_are_shared_out_each_once_in_order(
    small: sim.Scenario, asked: int, at_once: int
) -> None:
    shared = replicating.Replication(small, 1, "none").shared_out(asked, at_once, 16)
    assert [number for some in shared for number in some] == list(range(asked))
    sizes = [len(some) for some in shared]
    assert sizes[0] == 1
    assert max(sizes) <= 16
    left = [asked - some[0] for some in shared]
    assert all(
        size <= -(-some // at_once) for size, some in zip(sizes, left, strict=True)
    )  # the last ones too
    if asked >= 200:
        assert 16 in sizes


def test_long_days_are_measured_by_themselves(small_text: str) -> None:
    busy = sim.loads(small_text, overrides=["arrivals.0.per_hour=1e6"])
    assert {len(some) for some in replicating.Replication(busy, 1, "none").shared_out(50, 1, 16)} == {1}


def test_replications_of_a_calendar_are_measured_by_themselves() -> None:
    """Each has the records of all its dates: of a year, sixteen would not fit into the memory."""
    week = sim.load(Path(__file__).parents[2] / "scenarios" / "week.yaml")
    assert {len(some) for some in replicating.Replication(week, 1, "none").shared_out(50, 1, 16)} == {1}


def test_a_centre_without_anybody_is_simulated() -> None:
    """Its replications have no events at all."""
    empty = sim.loads(
        """
        lasts: 1h
        media: {chat: {max_tasks: 1}}
        channels: {web: {medium: chat}}
        queues: {desk: {medium: chat, handle_time: 1m}}
        teams: {front: {agents: 0, skills: {desk: 1}}}
        arrivals: [{channel: web, queue: desk, per_hour: 0}]
        """
    )
    result = sim.run(empty, 4, jobs=1)
    assert (result.replications, result.figure("offered").value) == (4, 0)


def test_it_does_not_matter_which_are_measured_together(
    small: sim.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = sim.run(small, 12, jobs=1, by_team=True)
    monkeypatch.setattr(replicating, "TOGETHER", 1)
    monkeypatch.setattr(module, "measure_several", lambda *_, **__: pytest.fail("measured together"))
    alone = sim.run(small, 12, jobs=1, by_team=True)
    pd.testing.assert_frame_equal(together.figures, alone.figures, check_exact=True)


def test_a_cluster_is_given_one_at_a_time(small: sim.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows how many workers it has or will have."""
    assert Workers(cluster="tcp://nowhere:1").may_grow
    monkeypatch.setattr(Workers, "may_grow", True)
    monkeypatch.setattr(module, "measure_several", lambda *_, **__: pytest.fail("measured together"))
    assert sim.run(small, 12, jobs=1).replications == 12


def test_the_end_of_a_budget_keeps_the_replications_before_it(
    small: sim.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sixth one, third of the six that are simulated before they are measured, is stopped."""
    honest, at = replicating.replicate, []

    def replicate(scenario: sim.Scenario, number: int, *rest: Any) -> Any:
        at.append(number)
        if number == 5:
            raise BudgetError("too much")
        return honest(scenario, number, *rest)

    monkeypatch.setattr(replicating, "replicate", replicate)
    result = sim.run(small, 12, jobs=1)
    assert (result.replications, result.interrupted, result.stopped) == (5, True, "too much")
    assert at == [0, 1, 2, 3, 4, 5]
    assert result.figures.equals(sim.run(small, 5, jobs=1).figures)


def test_ctrl_c_while_they_are_measured_keeps_them(
    small: sim.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = module.measure_several

    def measured(*given: Any, **named: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return honest(*given, **named)

    monkeypatch.setattr(module, "measure_several", measured)
    result = sim.run(small, 12, jobs=1)
    assert (result.replications, result.interrupted) == (3, True)
