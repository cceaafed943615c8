"""What a user wrote reaches no terminal, page or spreadsheet as something that is obeyed."""

import ast
import csv
import gzip
import io
import json
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


@pytest.mark.slow
def test_each_table_that_is_written_has_cells_that_a_spreadsheet_shows() -> None:
    plain = []
    for path in Path(sim.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "to_csv"
            ):
                whose = ast.unparse(node.func.value)
                plain += [] if whose.startswith("for_spreadsheets(") else [f"{path.name}: {whose}"]
    assert plain == []


@pytest.mark.parametrize("person", HOSTILE)
def test_a_person_is_a_text_in_each_table_and_comes_back(person: str, day: Path, tmp_path: Path) -> None:
    rows = [["person", "team", "from", "to"], [person, "crew", "08:00", "09:00"]]
    with (tmp_path / "people.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    day.write_text(DAY.replace("agents: 2, ", "") + "opens: 2026-03-02 08:00\nroster: people.csv\n")
    found = sim.run(sim.load(day), jobs=1, keep_tables="all", events=True)
    assert set(found.table("requests")["agent"]) - {""} == {person}
    folder = found.save(tmp_path / "saved")
    text = gzip.decompress((folder / "requests.csv.gz").read_bytes()).decode()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@")) or cell == person[0] == "-"]
    opened = sim.open(folder)
    assert isinstance(opened, sim.Result)
    assert opened.table("requests").equals(found.table("requests"))


def test_a_person_whose_name_turns_the_writing_is_refused(day: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("person,team,from,to\nA\u202eb,crew,08:00,09:00\n", encoding="utf-8")
    day.write_text(DAY.replace("agents: 2, ", "") + "opens: 2026-03-02 08:00\nroster: people.csv\n")
    with pytest.raises(sim.ScenarioError, match=r"people\.csv:2:1: person: .*control character U\+202E"):
        sim.load(day)


@pytest.mark.parametrize("name", [name for name in HOSTILE if not name[0].isalnum()])
def test_a_name_that_a_spreadsheet_would_work_out_is_refused(name: str) -> None:
    with pytest.raises(sim.ScenarioError, match="is not a name"):
        sim.loads(DAY.replace("crew", json.dumps(name)), "day.yaml")


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
