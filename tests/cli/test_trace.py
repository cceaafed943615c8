"""`sim trace` on the command line: what is printed, and what a slip is answered with."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from sim.cli import main
from sim.story import Find, View

Write = Callable[..., Path]
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


def test_it_tells_the_first_conversation_with_what_was_asked_for(
    scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trace", str(scenario_file()), "--find", "transfer"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0].startswith("Small desk, seed 3, replication 0: conversation ")
    assert lines[2].startswith("The first of ")
    assert lines[3] == ""
    assert lines[4].startswith("09:")
    assert '(message): "Your request is being transferred to experts, please wait!"' in out


def test_the_clock_is_that_of_the_opening(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = scenario_file(**{"opens: 2026-03-02 09:00\n": ""})
    assert main(["trace", str(path), "--conversation", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[3].startswith("00:")


def test_it_is_the_same_story_for_the_customer_without_the_rest(
    scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trace", str(scenario_file()), "--find", "transfer", "--as", "customer"]) == 0
    out = capsys.readouterr().out
    assert "As the customer sees it." in out
    assert "has left" in out
    assert "is offered" not in out


def test_an_agent_by_name_needs_no_as(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", str(scenario_file()), "--find", "transfer", "--agent", "experts-1"]) == 0
    assert "As experts-1 sees it" in capsys.readouterr().out


def test_options_change_the_day(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    pages = set()
    for options in ([], ["--seed", "4"], ["--replication", "1"], ["--set", "queues.calls.handle_time=30s"]):
        assert main(["trace", str(scenario_file()), "--conversation", "1", *options]) == 0
        pages.add(capsys.readouterr().out)
    assert len(pages) == 4


def test_nothing_found_is_one_line_with_the_remedy_and_exit_code_1(
    scenario_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trace", str(scenario_file()), "--find", "named"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "no conversation with a transfer to a named agent among" in err
    assert "try --set queues.calls.transfer.named=100%" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--conversation", "9999"], "conversation 9999: there are "),
        (["--find", "transfer", "--conversation", "1"], "--find and --conversation exclude each other"),
        (["--find", "transfer", "--agent", "export-1"], "did you mean `experts-1`?"),
        (["--as", "customer", "--agent", "desk-1"], "--agent goes with --as agent"),
        (["--find", "transfers"], "transfers"),
        (["--set", "queues.call.handle_time=1m"], "did you mean `calls`?"),
    ],
)
def test_a_slip_is_answered_in_a_line_with_exit_code_2(
    scenario_file: Write, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert main(["trace", str(scenario_file()), *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_the_help_names_all_choices(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert all(choice in shown for choice in (*get_args(Find), *get_args(View)))
    assert "exit code 1" in shown


def test_a_slip_on_the_command_line_costs_no_heavy_import() -> None:
    program = (
        "import sys; from sim.cli import main; code = main(sys.argv[1:]);"
        "print(code, sorted({'pandas', 'numpy', 'simpy', 'ruamel.yaml'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, "trace", "x.yaml", "--find", "whispers"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "2 []\n"


@pytest.mark.slow
def test_a_page_in_a_file_is_plain_text(scenario_file: Write, tmp_path: Path) -> None:
    target = tmp_path / "story.txt"
    with target.open("w", encoding="utf-8") as file:
        command = [sys.executable, "-m", "sim", "trace", str(scenario_file()), "--find", "transfer"]
        assert subprocess.run(command, stdout=file, cwd=ROOT).returncode == 0
    text = target.read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 160
