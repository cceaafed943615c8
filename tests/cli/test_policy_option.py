"""`sim run --policy FILE.py:CLASS`: a policy of one's own from the command line, and every mistake in one line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.cli import main

Write = Callable[..., Path]

LAST = """
class LastDeclared:
    def choose(self, request, candidates, uniform):
        return candidates[-1]


class Nobody:
    def choose(self, request, candidates, uniform):
        return None


class Newest:
    def choose(self, agent, waiting):
        return waiting[-1]


class Never:
    def allows(self, request):
        return request.view.now_s < 0


class Always:
    def allows(self, request):
        return request.view.now_s >= 0


class Neither:
    pass


class Diary:
    def __init__(self):
        self.myself = self
        self.lines = open("diary.txt", "w")

    def choose(self, request, candidates, uniform):
        self.lines.write("chosen\\n")
        return candidates[-1]


class Broken:
    def __init__(self):
        raise ZeroDivisionError("why not")
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(LAST)


def _figures(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, float]:
    assert main(["run", *words, "--replications", "2", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["figures"]
    whole = ("queue", "team", "channel", "kind", "label", "day", "interval", "variant")
    return {row["metric"]: row["value"] for row in rows if not any(row.get(part) for part in whole)}


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_policy_of_a_file_decides(
    scenario_file: Write, capsys: pytest.CaptureFixture[str], jobs: str
) -> None:
    day = str(scenario_file("day.yaml"))
    assert _figures(capsys, day)["answered"] > 0
    assert _figures(capsys, day, "--policy", "mine.py:Nobody", "--jobs", jobs)["answered"] == 0


@pytest.mark.slow
def test_what_a_policy_leaves_open_is_written_to_its_end(scenario_file: Write) -> None:
    """Python's own end closes files in any order, and loses what is in them where the bytes go first."""
    command = [sys.executable, "-m", "sim", "run", str(scenario_file("day.yaml")), "--replications", "1"]
    root = {**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1])}
    subprocess.run([*command, "--policy", "mine.py:Diary"], stdout=subprocess.DEVNULL, check=True, env=root)
    assert {*Path("diary.txt").read_text().splitlines()} == {"chosen"}


def test_both_selections_may_be_given(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    day = str(scenario_file("day.yaml"))
    both = _figures(capsys, day, "--policy", "mine.py:LastDeclared", "--policy", "mine.py:Newest")
    assert both["answered"] > 0


def test_a_rule_guards_both_selections(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    day = str(scenario_file("day.yaml"))
    assert _figures(capsys, day, "--policy", "mine.py:Never")["answered"] == 0
    assert _figures(capsys, day, "--policy", "mine.py:Always") == _figures(capsys, day)
    assert main(["run", day, "--policy", "mine.py:Never", "--policy", "mine.py:Newest"]) == 2
    assert "`mine.py:Newest` is a second request selection" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("named", "what"),
    [
        ("mine.py", "names no class; write --policy FILE.py:CLASS"),
        ("nowhere.py:Mine", "there is no such Python file"),
        ("mine.py:Newst", "there is no class `Newst`; did you mean `Newest`?"),
        ("mine.py:Neither", "is no policy; it needs the method choose"),
        ("mine.py:Broken", "cannot be made: ZeroDivisionError: why not"),
        ("torn.py:Mine", "cannot be run: SyntaxError"),
    ],
)
def test_a_mistake_is_one_line(
    scenario_file: Write, capsys: pytest.CaptureFixture[str], named: str, what: str
) -> None:
    Path("torn.py").write_text("class Mine(:")
    assert main(["run", str(scenario_file("day.yaml")), "--policy", named]) == 2
    err = capsys.readouterr().err
    assert what in err
    assert "Traceback" not in err


def test_two_of_one_kind_are_refused(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    twice = ["--policy", "mine.py:Nobody", "--policy", "mine.py:LastDeclared"]
    assert main(["run", str(scenario_file("day.yaml")), *twice]) == 2
    assert "is a second agent selection" in capsys.readouterr().err


def test_validate_takes_changes(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    day = str(scenario_file("day.yaml"))
    assert main(["validate", day, "--set", "lasts=2h"]) == 0
    assert main(["validate", day, "--set", "lasts=soon"]) == 2
    assert "--set lasts" in capsys.readouterr().err
