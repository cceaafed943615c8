"""What a user wrote reaches no terminal, page or spreadsheet as something that is obeyed."""

import csv
import io
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.scenario.text_files import cell_text, text_of_cell

DAY = """\
lasts: 10m
replications: 2
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat}}
queues: {desk: {medium: chat, handle_time: 1m}}
teams: {crew: {agents: 2, skills: {desk: 5}}}
arrivals: [{channel: web, queue: desk, per_hour: 60}]
"""
HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "'=1", "<script>alert(1)</script>"]


@pytest.fixture
def day(tmp_path: Path) -> Path:
    path = tmp_path / "day.yaml"
    path.write_text(DAY)
    return path


@pytest.mark.parametrize("text", [*HOSTILE, "''=1", "plain", "", "'", "\t=1"])
def test_a_cell_gives_its_text_back(text: str) -> None:
    assert not cell_text(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert text_of_cell(cell_text(text)) == text


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_a_text_in_each_form_and_comes_back(label: str, day: Path, tmp_path: Path) -> None:
    base = sim.load(day)
    found = sim.compare(base, base.set("teams.crew.agents", 3), names=[label], replications=2, jobs=1)
    folder = found.save(tmp_path / "saved")
    for table in folder.glob("*.csv"):
        cells = [cell for row in csv.reader(io.StringIO(table.read_text())) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@")) or cell == label[:1] == "-"]
    opened = sim.open(folder)
    assert opened.names == (label,)
    assert opened.table.equals(found.table)
    assert "<script>alert" not in opened._repr_html_()


@pytest.mark.parametrize("label", ["\x1b[31mred", "one\ntwo", "\u202eturned", "a\x07"])
def test_a_label_that_a_terminal_would_obey_is_refused(
    label: str, day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(day), "--candidate", f"{label}: teams.crew.agents=3"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "control characters" in printed.err
    assert label not in printed.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--set", "name=\x1b[31m7"],
        ["run", "--set", "\x1b[31m=7"],
        ["compare", "--set", "description=\x1b[31m7"],
        ["sweep", "--vary", "name=\x1b[31m7,b"],
        ["sweep", "--vary", "\x1b[31m=7,b"],
        ["check", "--set", "teams.\x1b[31m.agents=3"],
        ["run", "--precision", "\x1b[31m=1%"],
        ["warm-up", "--metric", "\x1b[31m"],
        ["trace", "--agent", "\x1b[31m"],
    ],
)
def test_what_a_command_was_given_is_told_without_its_control_characters(
    arguments: list[str], day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *more = arguments
    assert main([command, str(day), *more]) == 2
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err
    assert printed.err.strip()


def test_a_formula_in_a_csv_on_standard_output_is_text(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--candidate", "@SUM(A1): teams.crew.agents=3", "--replications", "2", "--format", "csv"]
    assert main(["compare", str(day), *arguments]) == 0
    assert "\n'@SUM(A1)," in capsys.readouterr().out
