"""What is imported is declared, with bounds, and the lock file holds a release within them."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
NEEDED = [Requirement(one) for one in PROJECT["dependencies"]]
DECLARED = [*NEEDED, *(Requirement(one) for extra in EXTRAS.values() for one in extra)]
OTHERS = [one for one in DECLARED if one.name != PROJECT["name"]]
NAMES = {"_pytest": "pytest", "ruamel": "ruamel.yaml"}
"""Distributions that are called otherwise than what they bring."""
LOCKED = dict(
    re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M)
)


def imported() -> set[str]:
    found = set()
    for path in (ROOT / "sim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {one.name.split(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - {"sim"} - sys.stdlib_module_names


def test_what_is_imported_is_declared() -> None:
    declared = {one.name.replace("-", "_") for one in OTHERS}
    assert {NAMES.get(one, one) for one in imported()} <= declared


@pytest.mark.parametrize("one", OTHERS, ids=lambda one: one.name)
def test_each_has_a_least_and_a_next_major_version(one: Requirement) -> None:
    assert {bound.operator for bound in one.specifier} == {">=", "<"}


@pytest.mark.parametrize("one", OTHERS, ids=lambda one: one.name)
def test_the_lock_holds_a_release_within_the_bounds(one: Requirement) -> None:
    by_hand = EXTRAS["bench"] + EXTRAS["mutation"]
    if one.name in {each.name for each in map(Requirement, by_hand)}:
        assert one.name not in LOCKED
    else:
        assert one.specifier.contains(LOCKED[one.name.lower().replace(".", "-")])
