"""The table of docs/reliability.md: rows from what commands print, and the others kept."""

from pathlib import Path

import pytest

from benchmarks.reliability import BEGIN, END, PARTS, with_rows

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "printed", "row"),
    [
        ("fuzz", "seed 7: 1 odd, 370 ran, 353 read, 1317 refused\nreached by: x\n",
         "2,041 | 370 ran, 353 were read alone, 1,317 refused in clear lines, 1 ended otherwise"),
        ("fuzz", "seed 7: 2 ran, 3 refused\nseed 7: 4 read\n",
         "9 | 2 ran, 4 were read alone, 3 refused in clear lines, 0 ended otherwise"),
        ("faults", "2 failed, 41 passed, 1 warning in 3 s\n", "43 | 41 pass, 2 fail"),
        ("invariants", "41 passed in 3 s\n", "41 | tests: 41 pass, 0 fail"),
        ("sanitizers", "450 days, 0 differ\n", "450 | no report; 0 differ"),
        ("twin", "3 key lasts\n2000 worlds, 1 differ\n", "2,000 | 1 differ"),
        ("kernel", "50 caught, 7 survive, 2 of them the same engine, 3 not compiled: 91 % of the rest are caught\n",
         "60 | 50 caught, 7 survive, of which 2 are the same engine: 91 % of the rest are caught"),
    ],
)  # fmt: skip
def test_a_row_has_the_numbers_that_were_printed(name: str, printed: str, row: str) -> None:
    assert f"| {row} |" in PARTS[name].row(name, printed, "2026-11-27, abc")


def test_a_part_that_told_nothing_is_no_row() -> None:
    with pytest.raises(SystemExit, match="twin: nothing is told"):
        PARTS["twin"].row("twin", "Killed\n", "today")


def test_what_was_not_run_keeps_its_row_and_the_prose_stays() -> None:
    page = f"# A\n{BEGIN}\n| part |\n| twin | old |\n| fuzz | old |\n{END}\n## B\n"
    found = with_rows(page, {"fuzz": "| fuzz | new |"})
    assert found.startswith(f"# A\n{BEGIN}\n| part |")
    assert found.endswith(f"| fuzz | new |\n| twin | old |\n{END}\n## B\n")


def test_the_page_has_a_row_of_each_part() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    table = page.partition(BEGIN)[2].partition(END)[0]
    assert [line.split(" | ")[0][2:] for line in table.splitlines()[3:]] == [*PARTS]


def test_each_command_is_there() -> None:
    for part in PARTS.values():
        words = part.command(3, 1)[1:]
        named = words[1].split(".") if words[0] == "-m" else [words[0]]
        at = ROOT / part.folder / "/".join(named)
        assert named == ["pytest"] or at.is_dir() or at.with_suffix(".py").is_file()
