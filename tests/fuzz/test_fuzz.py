"""500 mutants, always the same: each runs or is refused in clear lines."""

import ast
import re
import subprocess
import sys
import time

import pytest

from sim.errors import ScenarioError
from sim.scenario import loads

from .fuzzer import ROOT
from .sources import DAY


@pytest.fixture(scope="module")
def printed() -> str:
    """What the command of CONTRIBUTING prints, for the mutants of the tests."""
    assert "python tests/fuzz --seed 7 --mutants 2000" in (ROOT / "CONTRIBUTING.md").read_text(
        encoding="utf-8"
    )
    command = [sys.executable, "tests/fuzz", "--seed", "1", "--mutants", "500"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_mutants_run_or_are_refused_in_clear_lines(printed: str) -> None:
    ends = {end: int(count) for count, end in re.findall(r"(\d+) (ran|read|refused|odd)", printed)}
    assert sum(ends.values()) == 500
    assert ends["ran"] > 50
    assert 200 < ends["refused"] < 350


@pytest.mark.slow
def test_each_reader_has_its_mutators(printed: str) -> None:
    """Each module that the page of readers names has a part in reading one of the first mutants."""
    reached = set(printed.partition("reached by the first ones: ")[2].split("\n")[0].split())
    assert readers_on_the_page() - reached == set()


def test_each_module_that_reads_a_file_is_on_the_page_of_readers() -> None:
    reading = {
        path for path in (ROOT / "sim").rglob("*.py") if reads(ast.parse(path.read_text(encoding="utf-8")))
    }
    names = {path.relative_to(ROOT).as_posix() for path in reading}
    assert names - readers_on_the_page() == OWN


READING = {"read_text", "opened_text", "read_bytes", "bytes_of", "text_of_sheet", "read_csv", "load"}
OWN = {
    "sim/cli/init.py",  # its templates, and a forecast once it has been read
    "sim/engine/compiled/layout.py", "sim/engine/compiled/library.py",  # the code of the engine
    "sim/experiments/figure_selectors.py", "sim/report/check/github.py",  # a scenario again, for its lines
    "sim/gate/probe.py", "sim/gate/revision.py",  # what they tell each other, and code
    "sim/parallel/cores.py",  # what the system tells
}  # fmt: skip
"""Modules that read what no user hands over, or what has been read by its reader before."""


def reads(tree: ast.Module) -> bool:
    """Whether code reads files, by the names of what it calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            whose = node.func.value if isinstance(node.func, ast.Attribute) else None
            if name == "load" and not (isinstance(whose, ast.Name) and whose.id == "np"):
                continue
            if name in READING or (name == "open" and node.args and "rb" in ast.unparse(node.args[0])):
                return True
    return False


def readers_on_the_page() -> set[str]:
    """The modules of the second column of the table; one without a folder is in that of the one before.

    A folder stands for all its modules.
    """
    found, folder = set(), ""
    page = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    for row in re.findall(r"^\|[^|]*\|([^|]*)\|.*\|$", page, re.M):
        for name in re.findall(r"`([\w/]+\.py)`", row):
            folder = name.rpartition("/")[0] or folder
            found.add(name if "/" in name else f"{folder}/{name}")
        for name in re.findall(r"`(sim/[\w/]+)`", row):
            modules = (path for path in (ROOT / name).glob("*.py") if path.stem != "__init__")
            found |= {path.relative_to(ROOT).as_posix() for path in modules}
    assert len(found) >= 20
    return found


@pytest.mark.slow
def test_unknown_keys_without_number_are_told_in_linear_time() -> None:
    started = time.process_time()
    with pytest.raises(ScenarioError) as raised:
        loads(DAY + "".join(f"key{number}: 1\n" for number in range(20_000)), "day.yaml")
    assert time.process_time() - started < 10
    assert len(str(raised.value).splitlines()) == 51
    assert "more mistakes" in str(raised.value).splitlines()[-1]
