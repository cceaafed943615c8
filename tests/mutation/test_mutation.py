"""The command that puts faults into the Python code draws where a fault can be seen, and tells caught from not."""

import ast
import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from mutation.drawing import Mutant, Settings, drawn, without_effect

ROOT = Path(__file__).parents[2]
TEXT = """\
if TYPE_CHECKING:
    import this
@cache
def half(x: int | None, *more: int) -> "int | float":
    y: float | None = x / 2
    return y
"""
LINES = """\
LIMIT = 3

@given(
    1,
)
def first(
    x=2,
):
    if (x
            > LIMIT):
        return x
    return [
        x,
        1,
    ]
"""
SETTINGS = Settings.read()


def test_what_only_a_type_checker_reads_is_left_alone() -> None:
    assert sorted(without_effect(ast.parse(TEXT), SETTINGS)) == [
        ((1, 0), (2, 15)), ((3, 0), (4, 0)), ((4, 12), (4, 22)), ((4, 31), (4, 34)), ((4, 39), (4, 52)),
        ((5, 7), (5, 19)),
    ]  # fmt: skip


def test_a_flag_that_guards_against_a_slip_is_left_alone() -> None:
    tree = ast.parse("@dataclass(frozen=True, eq=False)\nclass Pair: ...\nzip(a, b, strict=True)")
    assert sorted(without_effect(tree, SETTINGS)) == [((1, 11), (1, 22)), ((3, 10), (3, 21))]


def test_every_package_and_its_tests_are_there() -> None:
    assert SETTINGS.packages == [
        f"sim/{one}" for one in ("engine", "policies", "metrics", "workload", "staffing")
    ]
    assert all((ROOT / name).is_dir() for name in (*SETTINGS.packages, *SETTINGS.tests))


@pytest.mark.parametrize(
    ("line", "reached"),
    [
        (1, {9, 10, 11, 12, 13, 14, 15}),  # the module is loaded: whoever runs a function
        (4, {9, 10, 11, 12, 13, 14, 15}),  # the head of a function: whoever runs it
        (7, {9, 10, 11, 12, 13, 14, 15}),
        (10, {9, 10}),
        (14, {12, 13, 14, 15}),
    ],
)
def test_the_lines_that_are_run_where_a_line_has_an_effect(line: int, reached: set[int]) -> None:
    reaching = pytest.importorskip("mutation.reaching", exc_type=ImportError)
    assert {*reaching.lines_of(LINES, line)} == reached


def test_a_mutant_is_found_again_where_its_line_has_moved() -> None:
    mutant = Mutant("", "m.py", "", 2, "x += 1", "x += 2", "def f(x):\n    x += 2\n    return x\n")
    moved = mutant.on("import this\n\ndef f(x):\n        x += 1\n        return x\n")
    assert moved == replace(
        mutant, line=4, text="import this\n\ndef f(x):\n        x += 2\n        return x\n"
    )
    assert mutant.on("def f(x):\n    return x + 1\n") is None


def test_what_is_asked_again_is_counted_with_what_was_caught_before(tmp_path: Path) -> None:
    sample = pytest.importorskip("mutation.sample", exc_type=ImportError)
    mutants = [
        Mutant("sim/engine", "sim/engine/a.py", "", line, f"x = {line}", "x = 9", "") for line in (1, 2)
    ]
    lines = [json.dumps(asdict(one)) + "\n" for one in mutants]
    (tmp_path / "mutants.jsonl").write_text("".join(lines))
    sample.Sample(tmp_path).take_up(5, {mutants[1].key})
    kept = sample.Sample(tmp_path)
    assert (kept.before, [*kept.told], kept.surviving()) == (5, [1], [mutants[1]])


def test_the_next_test_is_the_one_that_adds_the_most_lines_for_its_time() -> None:
    spreading = pytest.importorskip("mutation.spreading", exc_type=ImportError)
    from coverage import CoverageData

    noted = CoverageData(no_disk=True)
    for test, lines in {"all": [1, 2, 3], "two": [1, 2], "again": [1, 2], "other": [4]}.items():
        noted.set_context(test)
        noted.add_lines({"/m.py": lines})
    spread = spreading.Spread(noted, {"all": 1.0, "two": 0.1, "again": 0.25, "other": 0.1})
    # Lines for a second: 3, 20, 8 and 10; after `two` 1, 0 and 10; after `other` 1 and 0; then all lines count anew.
    assert spread.ordered(["all", "two", "again", "other"], 2.0) == ["two", "other", "all", "again"]
    assert spread.ordered(["all", "two", "again", "other"], 1.15) == ["two", "other", "again"]
    assert spread.ordered([], 2.0) == []


@pytest.mark.slow
def test_the_same_seed_draws_the_same_mutants() -> None:
    pytest.importorskip("cosmic_ray")
    found = drawn(ROOT, SETTINGS, ["sim/policies"], 8, seed=1)
    assert len({one.text for one in found}) == 8
    assert (
        found
        == drawn(ROOT, SETTINGS, ["sim/policies"], 8, seed=1)
        != drawn(ROOT, SETTINGS, ["sim/policies"], 8, seed=2)
    )


@pytest.mark.slow
def test_a_mutant_is_caught_and_the_code_itself_is_not(tmp_path: Path) -> None:
    sample = pytest.importorskip("mutation.sample", exc_type=ImportError)
    module = "sim/metrics/waiting.py"
    text = (ROOT / module).read_text(encoding="utf-8")
    line = next(at for at, words in enumerate(text.splitlines(), 1) if "np.cumsum(counts" in words)
    mutants = [
        Mutant("sim/metrics", module, "", line, "", "", text.replace("axis=1) - counts", one))
        for one in ("axis=1) - counts", "axis=1) + counts")
    ]
    settings = replace(SETTINGS, tests=["tests/metrics/test_waiting.py"])
    sample.Sample.begun(ROOT, tmp_path / "kept", settings, mutants)
    words = [sys.executable, "-m", "mutation", "2", "--continue", "--folder", str(tmp_path / "kept")]
    done = subprocess.run(words, cwd=ROOT / "tests", capture_output=True, text=True)
    told = done.stdout.splitlines()
    assert [line.split()[3] for line in told[:4:2]] == ["survives", "caught"]
    assert told[3].strip().startswith("tests/metrics/test_waiting.py::")
    assert told[4].startswith("1 caught, 1 survive, 0 of them the same program: 50 %")
    assert (tmp_path / "kept/tree" / module).read_text(encoding="utf-8") == text
