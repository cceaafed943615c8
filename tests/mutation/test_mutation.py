"""The command that puts faults into the Python code draws where a fault can be seen, and tells caught from not."""

import ast
from pathlib import Path

import pytest

from mutation.asking import Ending, Tree
from mutation.drawing import Mutant, drawn, packages_of, without_effect

ROOT = Path(__file__).parents[2]
TEXT = """\
if TYPE_CHECKING:
    import this
def half(x: int | None, *more: int) -> "int | float":
    y: float | None = x / 2
    return y
"""


def test_what_only_a_type_checker_reads_is_left_alone() -> None:
    assert sorted(without_effect(ast.parse(TEXT))) == [
        ((1, 0), (2, 15)), ((3, 12), (3, 22)), ((3, 31), (3, 34)), ((3, 39), (3, 52)), ((4, 7), (4, 19)),
    ]  # fmt: skip


def test_every_package_and_its_tests_are_there() -> None:
    packages, afterwards = packages_of(Path(__file__).with_name("settings.toml"))
    assert [*packages] == [f"sim/{one}" for one in ("engine", "policies", "metrics", "workload", "staffing")]
    for name in (*packages, *afterwards, *(test for tests in packages.values() for test in tests)):
        assert (ROOT / name).is_dir()


@pytest.mark.slow
def test_the_same_seed_draws_the_same_mutants() -> None:
    pytest.importorskip("cosmic_ray")
    found = drawn(ROOT, ["sim/policies"], 8, seed=1)
    assert len({one.text for one in found}) == 8
    assert found == drawn(ROOT, ["sim/policies"], 8, seed=1) != drawn(ROOT, ["sim/policies"], 8, seed=2)


@pytest.mark.slow
def test_a_mutant_is_caught_and_the_code_itself_is_not(tmp_path: Path) -> None:
    module, tests = "sim/metrics/waiting.py", ["tests/metrics/test_waiting.py"]
    text = (ROOT / module).read_text(encoding="utf-8")
    tree = Tree(ROOT, tmp_path / "tree")
    tree.require_green(tests)
    same = Mutant("sim/metrics", module, "", 1, "", "", text)
    assert tree.ask(same, tests).ending is Ending.SURVIVES
    assert "np.repeat([-1, 1]" in text
    changed = text.replace("np.repeat([-1, 1]", "np.repeat([1, 1]")
    assert tree.ask(Mutant("sim/metrics", module, "", 1, "", "", changed), tests).ending is Ending.CAUGHT
    assert (tree.folder / module).read_text(encoding="utf-8") == text
