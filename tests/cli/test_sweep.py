"""`sim sweep`: what it prints, where it keeps it, and what it refuses."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.experiments import sampling
from sim.scenario.hints import notes

SHORT = """
lasts: 1h
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat, request_ttl: 120s}}
queues: {q: {medium: chat, handle_time: 60s, patience: PATIENCE}}
teams: {t: {agents: 2, skills: {q: 1}}}
arrivals: [{channel: web, queue: q, per_hour: 5}]
"""
AGENTS = ["--vary", "teams.desk.agents=3..5", "--replications", "3"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def path(scenario_file: Callable[..., Path]) -> str:
    return str(scenario_file())


def sweep(*arguments: str) -> int:
    return main(["sweep", *arguments, "--jobs", "1"])


def test_the_table_the_json_and_the_csv_are_one_object(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    expected = sim.sweep(sim.load(path), {"teams.desk.agents": [3, 4, 5]}, replications=3, jobs=1)
    assert sweep(path, *AGENTS, "--format", "json") == 0
    out, err = capsys.readouterr()
    assert err == ""
    found = json.loads(out)
    assert found["vary"] == {"teams.desk.agents": [3, 4, 5]}
    assert [row["value"] for row in found["figures"]] == expected.figures["value"].tolist()
    assert [row["difference"] for row in found["steps"]] == expected.steps["difference"].tolist()
    assert sweep(path, *AGENTS, "--format", "csv") == 0
    out, err = capsys.readouterr()
    table = pd.read_csv(StringIO(out), keep_default_na=False)
    assert table["value"].tolist() == expected.figures["value"].tolist()
    assert "9 replications done before found in" in err


def test_it_is_kept_and_found_again_without_being_told_where(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweep(path, *AGENTS, "--metric", "asa") == 0
    out = capsys.readouterr().out
    (folder,) = Path("results/small_desk").iterdir()
    assert f"Sweep in {folder}" in out
    kept = pd.read_csv(folder / "figures.csv")
    assert kept[kept["metric"] == "asa"]["teams.desk.agents"].tolist() == [3, 4, 5]
    assert sim.load(folder / "scenario.yaml") == sim.load(path)
    assert sweep(path, "--vary", "teams.desk.agents=4..6", "--replications", "3", "--metric", "asa") == 0
    assert "6 replications done before found" in capsys.readouterr().err
    assert len(list(Path("results/small_desk").iterdir())) == 1


def test_no_line_is_longer_than_the_terminal(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    how = [*AGENTS, "--vary", "routing.ring_time=20s,40s"]
    for metric in (
        "service_level:queue=calls",
        "asa",
        "wait_p90",
        "abandon_rate",
        "occupancy",
        "handled",
        "wait_max",
    ):
        how += ["--metric", metric]
    assert sweep(path, *how) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "routing.ring_time=20s" in out
    assert "What each step of teams.desk.agents brings, by routing.ring_time" in out
    assert "20s: 3 → 4" in out
    assert "4: 20s → 40s" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--vary", "teams.dsk.agents=3..4"],
            "--vary teams.dsk.agents: there is no `dsk` in teams; did you mean `desk`?",
        ),
        (["--vary", "teams.desk.agents"], "write KEY=8..14"),
        (["--vary", "queues.calls.balk=5%,500%"], "--vary queues.calls.balk"),
        (["--vary", "teams.desk.agents=3,4", "--metric", "asq"], "did you mean `asa`?"),
        ([], "Missing option '--vary'"),
    ],
)
def test_mistakes_are_one_clear_line(
    path: str, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert sweep(path, *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert len(err.splitlines()) == 1
    assert not Path("results").exists()


def test_a_folder_of_another_seed_is_refused(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep(path, *AGENTS, "--metric", "asa", "--out", "kept") == 0
    assert sweep(path, *AGENTS, "--metric", "asa", "--out", "kept", "--seed", "9") == 2
    assert "kept: holds a sweep that is not this one (seed 3); name another folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("at", "kept", "complete"),
    [
        ((0, (0,)), "nothing was finished", 0),
        ((1, (1,)), "4 of 9 replications are kept in kept; the same command goes on from there", 1),
        ((2, (2,)), "8 of 9 replications are kept in kept; the same command goes on from there", 2),
    ],
)
def test_ctrl_c_says_what_is_kept(
    at: tuple[int, tuple[int, ...]],
    kept: str,
    complete: int,
    path: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = sampling.Sampler.sample

    def interrupted(self, replication: int, which):
        if (replication, which) == at:
            raise KeyboardInterrupt
        return usual(self, replication, which)

    with monkeypatch.context() as patched:
        patched.setattr(sampling.Sampler, "sample", interrupted)
        assert sweep(path, *AGENTS, "--metric", "asa", "--out", "kept") == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"interrupted: {kept}\n"
    if complete < 2:
        with pytest.raises(sim.SimError, match="is not finished"):
            sim.open("kept")
    else:
        part = sim.open("kept")
        assert isinstance(part, sim.Sweep)
        assert part.replications == complete
        assert sweep(path, *AGENTS[:2], "--replications", "2", "--metric", "asa", "--out", "whole") == 0
        capsys.readouterr()
        assert part.figures.equals(sim.open("whole").figures)  # type: ignore[union-attr]
    assert sweep(path, *AGENTS, "--metric", "asa", "--out", "kept") == 0
    assert ("done before found in kept" in capsys.readouterr().err) == (complete > 0)
    assert sim.open("kept").replications == 3  # type: ignore[union-attr]


def test_a_value_that_changes_nothing_is_told_once(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    queue = next(iter(sim.load(path).queues))
    assert sweep(path, "--vary", f"queues.{queue}.max_tasks=8,9", "--replications", "2") == 0
    key = f"queues.{queue}.max_tasks"
    told = f"--vary {key}=8: note: {key} changes nothing: the medium `voice` allows no more anyway\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("base", ["60s", "500s"])
def test_a_range_tells_from_where_on_its_values_change_nothing(
    base: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody leaves after a search of 120 s: the 111th value is the first of no effect, whatever the file has."""
    Path("short.yaml").write_text(SHORT.replace("PATIENCE", base), encoding="utf-8")
    monkeypatch.setattr("sim.experiments.sweeps.sweep", _nothing_more)
    assert sweep("short.yaml", "--vary", "queues.q.patience=10s..150s", "--vary", "teams.t.agents=1,2") == 2
    (told, _) = capsys.readouterr().err.splitlines()
    assert told.startswith(
        "--vary queues.q.patience=120s, teams.t.agents=1: note: queue `q`: patience changes nothing"
    )


def _nothing_more(*_: object, **__: object) -> None:
    raise sim.SimError("nothing is simulated")


def test_of_a_range_other_keys_that_lose_their_effect_are_not_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one chat at a time the pace for several changes nothing: what the sweep is about, and no mistake."""
    chats = tmp_path / "chats.yaml"
    chats.write_text(Path(__file__).parents[2].joinpath("scenarios", "chat_only.yaml").read_text())
    assert "media.chat.pace" in " ".join(notes(sim.load(chats, ["media.chat.max_tasks=1"])))
    assert sweep(str(chats), "--vary", "media.chat.max_tasks=1,2", "--replications", "2") == 0
    assert capsys.readouterr().err == ""
