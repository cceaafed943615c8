"""`sim compare`: what it prints, what it refuses, and how it ends."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.experiments import comparison

Write = Callable[..., Path]
MORE = ["--set", "teams.desk.agents=4"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def path(scenario_file: Write) -> str:
    return str(scenario_file())


def compare(*arguments: str) -> int:
    return main(["compare", *arguments, "--jobs", "1"])


def test_the_table_the_json_and_the_csv_are_one_object(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = sim.load(path)
    expected = sim.compare(scenario, scenario.set("teams.desk.agents", 4), replications=6, jobs=1)
    assert compare(path, *MORE, "--replications", "6", "--format", "json") == 0
    out, err = capsys.readouterr()
    assert err == ""
    found = json.loads(out)
    assert (found["scenario"], found["seed"], found["replications"]) == ("Small desk", 3, 6)
    assert found["candidates"] == ["teams.desk.agents=4"]
    assert [row["difference"] for row in found["figures"]] == expected.table["difference"].tolist()
    assert found["customers"][0]["better"] == expected.customer_effects[0].better
    assert compare(path, *MORE, "--replications", "6", "--format", "csv") == 0
    table = pd.read_csv(StringIO(capsys.readouterr().out), keep_default_na=False)
    assert table["p_adjusted"].tolist() == expected.table["p_adjusted"].tolist()
    assert compare(path, *MORE, "--replications", "6") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "Candidate: teams.desk.agents=4" in out
    level = expected.figure("service_level", queue="calls")
    (line,) = [line for line in out.splitlines() if line.startswith("  calls ")][:1]
    assert f"{level.base * 100:.1f}" in line
    assert f"+{level.difference * 100:.1f}" in line


def test_no_line_is_longer_than_the_terminal(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    how = ["--candidate", "a desk of four: teams.desk.agents=4", "--candidate", "teams.desk.wrap_up=5s"]
    assert compare(path, *how, "--replications", "3") == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "Candidate: a desk of four" in out
    assert "Candidate: teams.desk.wrap_up=5s" in out
    assert "same customers" in out


def test_candidates_may_be_files(path: str, scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    other = scenario_file("quick.yaml", **{"wrap_up: 20s": "wrap_up: 1s"})
    assert compare(path, str(other), "--metric", "asa:queue=calls", "--replications", "3") == 0
    out = capsys.readouterr().out
    assert "Candidate: teams.desk.wrap_up=1s" in out
    assert "asa, s" in out


def test_it_is_written_where_that_is_asked(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(path, *MORE, "--replications", "2", "--metric", "asa", "--out", "kept") == 0
    assert "Comparison in kept" in capsys.readouterr().out
    assert {"comparison.csv", "customers.csv", "manifest.json"} < {one.name for one in Path("kept").iterdir()}
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("dear")
    assert compare(path, *MORE, "--replications", "2", "--metric", "asa", "--out", "mine") == 2
    assert "not an earlier run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give another scenario file, or changes of BASE by --set or --candidate"),
        ([*MORE, "--metric", "serice_level"], "did you mean `service_level`?"),
        (
            ["--set", "teams.dsk.agents=4"],
            "--set teams.dsk.agents: there is no `dsk` in teams; did you mean `desk`?",
        ),
        (["nowhere.yaml"], "nowhere.yaml: there is no such file"),
        ([*MORE, "--delta", "1%"], "--delta cannot be used without --best"),
        ([*MORE, "--best", "asa", "--delta", "1s", "--out", "x"], "--out cannot be used with --best"),
        ([*MORE, "--best", "asa"], "give a delta in s"),
        ([*MORE, "--best", "asa", "--delta", "1%"], "`1%` is no amount of asa (s); write 5s"),
        ([*MORE, "--best", "occupancy"], "give the goal, high or low"),
        ([*MORE, "--best", "service_level", "--confidence", "soon"], "--confidence: `soon` is not a share"),
        ([*MORE, "--replications", "1"], "--replications"),
    ],
)
def test_mistakes_are_one_clear_line(
    path: str, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert compare(path, *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert len(err.splitlines()) == 1


def test_a_scenario_of_one_replication_says_how_many_there_should_be(
    scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scenario_file(**{"replications: 3": "replications: 1"})
    assert compare(str(path), *MORE) == 2
    assert (
        "at least 2 replications, not 1 (the scenario's own number); 20 is a good start"
        in capsys.readouterr().err
    )


@pytest.mark.slow
def test_the_best_is_named_with_its_probability(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    how = [*MORE, "--candidate", "five: teams.desk.agents=5", "--best", "service_level:queue=calls"]
    assert compare(path, *how, "--confidence", "90%") == 0
    out = capsys.readouterr().out
    assert "Best: five. Where the best leads by 1 percentage point or more" in out
    assert "at least 90 %" in out
    assert max(map(len, out.splitlines())) <= 80
    assert compare(path, *how, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["best"], found["goal"], found["delta"], found["queue"]) == ("five", "high", 0.01, "calls")
    assert found["figures"][0]["behind"] is None
    assert compare(path, *how, "--format", "csv") == 0
    assert capsys.readouterr().out.startswith("candidate,chosen,value")


def test_no_decision_is_exit_code_3(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    how = ["--set", "teams.desk.wrap_up=20.5s", "--best", "service_level", "--delta", "0.001%"]
    assert compare(path, *how, "--replications", "20") == 3
    out, err = capsys.readouterr()
    assert "Not decided after 20 replications between base and" in out
    assert "allow more with --replications" in err


def test_ctrl_c_prints_what_was_finished(
    path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = comparison.Sampler.sample

    def interrupted(self, replication: int, which):
        if replication == 3:
            raise KeyboardInterrupt
        return usual(self, replication, which)

    monkeypatch.setattr(comparison.Sampler, "sample", interrupted)
    assert compare(path, *MORE, "--replications", "5", "--metric", "asa") == 130
    out, err = capsys.readouterr()
    assert "3 replications" in out
    assert err == "interrupted: compared the 3 of 5 replications that were finished\n"


def test_of_few_replications_nothing_is_said_about_pairing(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(path, "--set", "queues.calls.handle_time=10s", "--replications", "2") == 0
    out, _ = capsys.readouterr()
    assert "differences on the same customers, 2 replications" in " ".join(out.split())
    assert "hardly helps" not in out


def test_where_no_customer_is_shared_it_is_not_said_to_be_about_the_same_ones(
    path: str, scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    other = scenario_file("other.yaml", **{"  - {channel": "  - {name: others, channel"})
    assert compare(path, str(other), "--replications", "12") == 0
    out, _ = capsys.readouterr()
    assert "No customer comes at the same time in both" in out
    assert "Small desk: differences, 12 replications, seed 3" in out
    assert "hardly helps" not in out


def test_a_change_that_changes_nothing_is_told(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Once, by the candidate; what BASE has as well is for `run` to tell."""
    queue = next(iter(sim.load(path).queues))
    change = ["--candidate", f"idle: queues.{queue}.max_tasks=9"]
    assert compare(path, *change, *MORE, "--replications", "2") == 0
    told = f"idle: note: queues.{queue}.max_tasks changes nothing: the medium `voice` allows no more anyway\n"
    assert capsys.readouterr().err == told


def test_a_change_between_two_values_without_effect_is_told(
    path: str, scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """BASE has the same note, and both candidates have it of the key that they change; of another key it is silent."""
    queue = next(iter(sim.load(path).queues))
    key = f"queues.{queue}.max_tasks"
    idle = [
        "--candidate",
        f"a: {key}=8",
        "--candidate",
        f"b: {key}=7",
        "--candidate",
        "c: teams.desk.agents=5",
    ]
    base = sim.load(path, [f"{key}=9"])
    Path("nine.yaml").write_text(sim.scenario.dump(base), encoding="utf-8")
    assert compare("nine.yaml", *idle, *MORE, "--replications", "2") == 0
    told = f"{key} changes nothing: the medium `voice` allows no more anyway"
    assert capsys.readouterr().err.splitlines() == [f"a: note: {told}", f"b: note: {told}"]
