"""`sim run --by`: the figures by half hour, label and team, and what cannot be asked for."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli import main

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_half_hours_of_each_queue_are_printed_in_eighty_columns(
    scenario_file: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    day = str(scenario_file("day.yaml"))
    assert main(["run", day, "--replications", "2"]) == 0
    without = capsys.readouterr().out
    assert main(["run", day, "--replications", "2", "--by", "interval"]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) > len(without.splitlines())
    assert "ffered" in out
    assert max(map(len, out.splitlines())) <= 80


def test_json_has_the_breakdown_under_by(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    day = str(scenario_file("day.yaml"))
    assert main(["run", day, "--replications", "2", "--by", "interval", "--format", "json"]) == 0
    by = json.loads(capsys.readouterr().out)["by"]
    assert list(by) == ["interval"]
    assert by["interval"]


def test_csv_prints_one_table_alone(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    day = str(scenario_file("day.yaml"))
    assert main(["run", day, "--by", "interval", "--by", "team", "--format", "csv"]) == 2
    assert "--format csv prints one table" in capsys.readouterr().err


def test_an_unknown_part_is_one_line(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(scenario_file("day.yaml")), "--by", "hour"]) == 2
    err = capsys.readouterr().err
    assert "hour" in err
    assert "interval" in err
    assert "Traceback" not in err
