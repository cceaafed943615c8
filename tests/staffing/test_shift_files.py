"""Shift templates from a file of their own are those of the scenario, and mistakes are told at their places in it."""

from pathlib import Path

import pytest

from sim.cli import main
from sim.errors import SimError
from sim.scenario import dump
from sim.staffing.choices import Choices
from sim.staffing.shift_files import with_shifts

from .small import desk

SHIFTS = """\
shifts:
  - {team: desk, lasts: 1h, premium: 10%}
  - {team: desk, from: ["09:00", "09:30"], lasts: 90m, breaks: [{after: 30m, for: 15m}]}
"""


def written(folder: Path, text: str) -> Path:
    (folder / "shifts.yaml").write_text(text, encoding="utf-8")
    return folder / "shifts.yaml"


def test_a_file_is_what_the_scenario_would_have(tmp_path: Path) -> None:
    own = [
        {"team": "desk", "lasts": "1h", "premium": "10%"},
        {"team": "desk", "from": ["09:00", "09:30"], "lasts": "90m", "breaks": [{"after": "30m", "for": "15m"}]},
    ]  # fmt: skip
    found = with_shifts(desk(), written(tmp_path, SHIFTS))
    assert found == desk(staffing__shifts=own)
    assert [(one.start / 3600, one.paid_h) for one in Choices.of(found).items] == [
        (9, 1), (9.5, 1), (10, 1), (9, 1.25), (9.5, 1.25)
    ]  # fmt: skip


def test_those_of_the_scenario_are_replaced(tmp_path: Path) -> None:
    day = desk(staffing__shifts=[{"team": "desk", "lasts": "2h"}])
    assert [one.lasts / 60 for one in with_shifts(day, written(tmp_path, SHIFTS)).staffing.shifts] == [60, 90]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SHIFTS + "  - {team: dsk, lasts: 1h}\n", ":4:12: shifts.2.team: unknown team `dsk`; did you mean `desk`?"),
        (SHIFTS + "  - {team: desk, lasts: 1h,\n     x: 2}\n", ":5:6: shifts.2.x: unknown key `x`"),
        (SHIFTS + "  - team: desk\n    lasts: 9h\n", ":5:12: shifts.2.lasts: `9h` is longer than the opening hours"),
        (SHIFTS + "  - {team: desk}\n", ":4:5: shifts.2.lasts: this key is missing"),
        ("shifts: []\n", ":1:9: shifts: there is no list of templates; write `shifts:`"),
        ("- {team: desk}\n", ":1:1: write `shifts:` and the templates beneath it"),
        ("", ": the file is empty; write `shifts:`"),
        ("name: x\n" + SHIFTS, ":1:1: name: unknown key `name`; a file of shifts has `shifts` alone"),
        ("shifts: [&a [*a]]\n", ":1:"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(text: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SimError) as caught:
        with_shifts(desk(), path)
    assert str(caught.value).startswith(f"{path}{said}")


def test_the_command_refuses_what_would_have_no_effect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "day.yaml").write_text(dump(desk()), encoding="utf-8")
    command = ["staff", str(tmp_path / "day.yaml"), "--shifts", str(written(tmp_path, SHIFTS)), "--jobs", "1"]
    assert main([*command, "--heads", "--set", "staffing.shifts=[]"]) == 2
    assert "--heads and --set staffing.shifts cannot be used with --shifts" in capsys.readouterr().err
    assert main([*command[:3], str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml: there is no such file" in capsys.readouterr().err


@pytest.mark.slow
def test_the_command_plans_with_the_shifts_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "day.yaml").write_text(dump(desk()), encoding="utf-8")
    command = [
        "staff",
        str(tmp_path / "day.yaml"),
        "--days",
        "4",
        "--check",
        "6",
        "--jobs",
        "1",
        "--format",
        "csv",
    ]
    main([*command, "--shifts", str(written(tmp_path, SHIFTS)), "--at-most-days", "40"])
    assert capsys.readouterr().out.startswith("team,from,to,break,agents")
