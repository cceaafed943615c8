"""The command line: what goes where, and every mistake in one clear line without a traceback."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.experiments import replications as replicating
from sim.experiments import storage
from sim.parallel.workers import Workers

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results of a test go into its own folder."""
    monkeypatch.chdir(tmp_path)


def test_a_starter_scenario_is_written_checked_and_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "desk"]) == 0
    assert "sim run desk/scenario.yaml" in capsys.readouterr().out
    assert main(["validate", "desk/scenario.yaml"]) == 0
    assert capsys.readouterr().out == "desk/scenario.yaml: fine: 3 queues, 3 teams, 9 agents\n"
    assert main(["run", "desk/scenario.yaml", "--replications", "1"]) == 0
    assert "Support desk: one replication, seed 1" in capsys.readouterr().out


def test_init_overwrites_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("scenario.yaml").write_text("mine")
    assert main(["init"]) == 2
    assert "scenario.yaml: is there already" in capsys.readouterr().err
    assert Path("scenario.yaml").read_text() == "mine"


def test_validate_names_every_mistake_of_every_file(
    scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    good = scenario_file("good.yaml")
    first = scenario_file(
        "first.yaml", **{"{experts: 100%}": "{expert: 100%}", "lasts: 1h": "lasts: 1 fortnight"}
    )
    second = scenario_file("second.yaml", **{"service_level, queue": "servce_level, queue"})
    assert main(["validate", str(first), str(good), str(second), "nowhere.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out == f"{good}: fine: 2 queues, 2 teams, 4 agents\n"
    assert re.search(r"first\.yaml:3:\d+: lasts: ", err)
    assert "did you mean `experts`?" in err
    assert re.search(r"second\.yaml:31:14: targets\.0\.metric: .*did you mean .service_level", err)
    assert "nowhere.yaml" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ("asa, at_most: 30%", "`30%` is no value of asa, whose unit is seconds: write 30s or 2m"),
        ("offered, at_most: 5m", "`5m` is no value of offered, whose unit is requests"),
        (
            "service_level, at_most: 5s",
            "`5s` is no value of service_level, whose unit is a share: write 5% or 0.05",
        ),
    ],
)
def test_a_target_in_the_unit_of_something_else_is_a_mistake_at_its_place(
    bound: str, said: str, scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scenario_file(**{"service_level, queue: calls, at_least: 70%": bound})
    for command in ("validate", "run", "check"):
        assert main([command, str(path)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert re.fullmatch(rf"{re.escape(str(path))}:31:\d+: targets\.0\.at_most: {re.escape(said)}\n", err)


def test_what_may_surprise_is_noted_beside(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = scenario_file(**{"channels:\n": "channels:\n  fax: {medium: voice}\n"})
    assert main(["validate", str(path)]) == 0
    assert capsys.readouterr() == (
        f"{path}: fine: 2 queues, 2 teams, 4 agents\n",
        f"{path}:9:3: note: nobody arrives by channel `fax`\n",
    )


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"


def test_run_prints_what_python_gives(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """The table, JSON and CSV come from the same object."""
    path = scenario_file()
    result = sim.run(sim.load(path))
    assert main(["run", str(path), "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {key: printed[key] for key in printed if key not in ("figures", "engine")} == {
        "scenario": "Small desk",
        "seed": 3,
        "replications": 3,
        "version": sim.__version__,
    }
    assert len(printed["figures"]) == len(result.figures)
    assert [row["value"] for row in printed["figures"]] == result.figures["value"].tolist()
    assert main(["run", str(path), "--format", "csv"]) == 0
    table = pd.read_csv(StringIO(capsys.readouterr().out))
    assert table["value"].tolist() == result.figures["value"].tolist()


def test_what_is_not_a_number_is_null_in_json(
    scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(scenario_file()), "--replications", "1", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["figures"]
    assert {row["low"] for row in rows} == {None}


def test_options_change_the_run(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = scenario_file()
    options = [
        "--replications",
        "2",
        "--seed",
        "9",
        "--set",
        "teams.desk.agents=7",
        "--set",
        "queues.calls.patience=9m",
    ]
    assert main(["run", str(path), *options, "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    day = sim.load(path).set("teams.desk.agents", 7).set("queues.calls.patience", "9m")
    assert [row["value"] for row in printed["figures"]] == sim.run(day, 2, 9).figures["value"].tolist()


def test_a_day_without_customers_says_so_in_one_line(
    scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scenario_file(**{"  - {channel: phone, queue: calls, per_hour: 60}": "  []"})
    assert main(["run", str(path), "--out", "kept"]) == 0
    head, empty, said, *_ = capsys.readouterr().out.splitlines()
    assert head.startswith("Small desk: means of 3 replications")
    assert (empty, said) == (
        "",
        "Nobody made contact, so that there is nothing to be said of queues and teams.",
    )
    result = sim.run(sim.load(path))
    assert result.figure("offered", queue="calls").value == 0.0
    assert pd.isna(result.figure("abandon_rate").value)


def test_the_table_holds_queues_teams_totals_and_places(
    scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(scenario_file()), "--out", "kept"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "Small desk: means of 3 replications, ± 95 % interval, seed 3"
    labels = [line.split("  ")[0] for line in lines if line[:1].isalpha()]
    assert [label for label in labels if label in {"calls", "experts", "all queues", "desk"}] == [
        "calls", "experts", "all queues", "desk", "experts",
    ]  # fmt: skip
    assert "  transfer" in out
    assert "Result in kept\n  figures.csv" in out
    assert {path.name for path in Path("kept").iterdir()} >= {
        "manifest.json",
        "figures.csv",
        "requests.csv.gz",
    }


@pytest.mark.parametrize("width", [80, 200])
def test_the_table_fits(
    width: int, scenario_file: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["run", str(scenario_file()), "--out", "kept"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    beside = any(re.search(r"\d ±", line) for line in lines if line.startswith("calls"))
    assert beside == (width == 200)
    assert not any("\x1b" in line for line in lines)


def test_results_lie_by_scenario_and_time(scenario_file: Write) -> None:
    for _ in range(2):
        assert main(["run", str(scenario_file()), "--replications", "1", "--events"]) == 0
    runs = list(Path("results/small_desk").iterdir())
    assert len(runs) == 2
    assert all((run / "events.csv.gz").is_file() for run in runs)
    manifest = json.loads((runs[0] / "manifest.json").read_text())
    assert manifest["replications"] == 1


@pytest.mark.parametrize(("tables", "expected"), [("none", []), ("first", [0]), ("all", [0, 1, 2])])
def test_tables_are_written_as_asked(scenario_file: Write, tables: str, expected: list[int]) -> None:
    assert main(["run", str(scenario_file()), "--tables", tables, "--out", "kept"]) == 0
    path = Path("kept/requests.csv.gz")
    assert path.exists() == bool(expected)
    if expected:
        assert sorted(pd.read_csv(path)["replication"].unique()) == expected


def test_a_folder_of_somebody_elses_is_refused_before_the_run(
    scenario_file: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scenario_file()
    Path("thesis").mkdir()
    Path("thesis/chapter.txt").touch()
    monkeypatch.setattr(replicating, "replicate", lambda *_: pytest.fail("it ran"))
    assert main(["run", str(path), "--out", "thesis"]) == 2
    assert capsys.readouterr() == (
        "",
        "thesis: is not empty and not an earlier run; empty it or name another folder\n",
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", "--out", "file/run"], "file/run: cannot be written: file is a file"),
        (["run", "--out", "/proc/run"], "/proc/run: cannot be written: "),
        (["run"], "results/small_desk/run: cannot be written: results is a file"),
        (["compare", "--set", "seed=4", "--out", "file/a/b"], "file/a/b: cannot be written: file is a file"),
        (["sweep", "--vary", "seed=1,2", "--out", "file/a"], "file/a: cannot be written: file is a file"),
        (["sweep", "--vary", "seed=1,2"], "cannot be written: results is a file"),
        (["check", "--accept", "--baseline", "/proc/base"], "/proc/base/small.json: cannot be written: "),
        (["check", "--accept"], "results/baselines/small.json: cannot be written: results is a file"),
        (["warm-up", "--picture", "nowhere/a.png"], "nowhere/a.png: cannot be written: there is no folder"),
        (["warm-up", "--picture", "file/a.png"], "file/a.png: cannot be written: file is a file"),
    ],
)
def test_where_nothing_can_be_written_nothing_is_simulated(
    arguments: list[str], expected: str, scenario_file: Write, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = scenario_file()
    Path("file").touch()
    Path("results").touch()
    monkeypatch.setattr(Workers, "ordered", lambda *_: pytest.fail("it ran"))
    command, *options = arguments
    assert main([command, str(path), *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert expected in err
    assert err.count("\n") == 1


def test_a_full_disk_takes_the_folder_but_not_the_figures(
    scenario_file: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scenario_file()

    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "put_csv", full)
    assert main(["run", str(path), "--out", "kept"]) == 2
    out, err = capsys.readouterr()
    assert out.startswith("Small desk: ")
    assert err.count("\n") == 1
    assert "No space left on device" in err
    assert sorted(p.name for p in Path().iterdir()) == ["small.yaml"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["rnu", "x.yaml"], "sim: No such command 'rnu'. Did you mean 'run'? (see 'sim --help')"),
        (["run"], "sim run: Missing argument 'FILE' (see 'sim run --help')"),
        (["run", "x.yaml", "--replicatons", "3"], "did you mean --replications?"),
        (["run", "x.yaml", "-n", "3"], "did you mean --replications?"),
        (["erlang", "--aht", "4m", "--rate", "9/h"], "did you mean --handle?"),
        (["run", "x.yaml", "--format", "jsn"], "'jsn' is not one of 'table', 'json', 'csv'"),
        (["run", "x.yaml", "--replications", "0"], "greater than or equal to 1"),
        (["run", "nowhere.yaml"], "nowhere.yaml"),
        (["run", "."], "."),
    ],
)
def test_slips_are_answered_in_one_line(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert expected in err


def test_no_command_shows_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "sim init" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == sim.__version__


def test_ctrl_c_keeps_the_finished_replications_and_says_how_many(
    scenario_file: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = replicating.replicate

    def replicate(scenario, number, *rest):
        if number == 2:
            raise KeyboardInterrupt
        return honest(scenario, number, *rest)

    monkeypatch.setattr(replicating, "replicate", replicate)
    assert main(["run", str(scenario_file()), "--out", "kept"]) == 130
    out, err = capsys.readouterr()
    assert out.startswith("Small desk: means of 2 replications")
    assert err == "interrupted: kept the 2 of 3 replications that were finished\n"
    assert json.loads(Path("kept/manifest.json").read_text())["replications"] == 2


def test_ctrl_c_at_the_start_is_one_line(
    scenario_file: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def replicate(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(replicating, "replicate", replicate)
    assert main(["run", str(scenario_file())]) == 130
    assert capsys.readouterr() == ("", "interrupted\n")
    assert not Path("results").exists()


@pytest.mark.slow
def test_a_reader_who_leaves_is_no_error(scenario_file: Write) -> None:
    command = f"{sys.executable} -m sim run {scenario_file()} --format csv --out kept | :"
    with_code = command + "; exit ${PIPESTATUS[0]}"
    done = subprocess.run(["bash", "-c", with_code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (141, "")
    assert Path("kept/manifest.json").exists()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_output_onto_a_full_disk_is_one_line(scenario_file: Write) -> None:
    command = [sys.executable, "-m", "sim", "run", str(scenario_file()), "--out", "kept"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, "the output cannot be written: No space left on device\n")
    assert Path("kept/manifest.json").exists()


def test_what_never_ended_is_told(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    endless = {
        "request_ttl: 5m": "identified: 0%", "    patience: {exponential: {mean: 2m}}\n": "", "agents: 3": "agents: 0"
    }  # fmt: skip
    path = scenario_file(**endless)
    assert main(["run", str(path)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert re.search(r"Still open at the end: (\S+) requests \(calls \1\); \S+ of them", out)
    assert "count as too late" in out
    assert main(["run", str(path), "--set", "drain=1h"]) == 0
    assert "30 days" not in capsys.readouterr().out
    assert main(["run", str(scenario_file())]) == 0
    assert "Still open" not in capsys.readouterr().out


@pytest.mark.slow
def test_a_terminal_that_knows_no_sign_for_it_still_gets_its_table(scenario_file: Write) -> None:
    path = scenario_file(**{"Small desk": "小 desk"})
    command = [sys.executable, "-m", "sim", "run", str(path), "--replications", "2"]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"? desk: ")


def test_a_run_says_what_may_surprise_before_its_figures(
    scenario_file: Write, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = scenario_file(**{"channels:\n": "channels:\n  fax: {medium: voice}\n"})
    assert main(["run", str(path), "--format", "json", "--out", str(tmp_path / "out")]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)
    assert err == f"{path}:9:3: note: nobody arrives by channel `fax`\n"


@pytest.mark.parametrize(
    "command", ["run", "compare", "sweep", "check", "report", "staff", "calibrate", "export"]
)
def test_each_command_that_writes_a_folder_or_a_page_has_both_names_of_out(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    assert "-o, --out " in capsys.readouterr().out
