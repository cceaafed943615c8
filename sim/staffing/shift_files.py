"""Shift templates from a file of their own: `shifts:`, in the form of `staffing.shifts` of a scenario."""

from pathlib import Path
from typing import Any

from sim.errors import Mistake, ScenarioError, quoted
from sim.scenario import Scenario
from sim.scenario.context import Finding, Place
from sim.scenario.error_messages import MOST_SHOWN, placed
from sim.scenario.loading import OPTION, changed
from sim.scenario.text_files import SCENARIO, read_text
from sim.scenario.yaml_tree import Tree, read_tree

KEY, SHIFTS = "staffing.shifts", "shifts"
FORM = "write `shifts:` and the templates beneath it, in the form of `staffing.shifts`"


def with_shifts(scenario: Scenario, path: Path) -> Scenario:
    """Return a scenario with the shift templates of a file in place of its own.

    Raises ScenarioError with every mistake at its place in the file.
    """
    tree = _tree(path)
    mistakes = [*tree.mistakes, *_of_form(tree)][:MOST_SHOWN]
    if mistakes:
        raise ScenarioError(mistakes)
    try:
        return changed(scenario, {KEY: tree.data[SHIFTS]})
    except ScenarioError as error:
        found = [_in_file(one, tree) for one in error.mistakes]
        raise ScenarioError(sorted(found, key=lambda one: (one.line, one.column))) from None


def _tree(path: Path) -> Tree:
    try:
        return read_tree(read_text(path, SCENARIO), str(path), FORM)
    except ValueError as error:
        raise ScenarioError([Mistake(str(path), 0, 0, "", str(error))]) from None


def _of_form(tree: Tree) -> list[Mistake]:
    """Find what is not the form of such a file: other keys, and no list of templates."""
    data: dict[str, Any] = tree.data
    found = [
        Finding((key,), f"unknown key {quoted(key)}; a file of shifts has `shifts` alone", is_key=True)
        for key in data
        if key != SHIFTS
    ]
    if not isinstance(data.get(SHIFTS), list) or not data[SHIFTS]:
        found.append(Finding((SHIFTS,), f"there is no list of templates; {FORM}"))
    return [placed(one, tree) for one in found]


def _in_file(mistake: Mistake, tree: Tree) -> Mistake:
    """Return a mistake of the override as one of the file; those of the scenario stay as they are."""
    if mistake.file != OPTION + KEY:
        return mistake
    steps = mistake.key.split(".")[2:]
    place: Place = (SHIFTS, *(int(step) if step.isdecimal() else step for step in steps))
    return placed(Finding(place, mistake.what, is_key=mistake.what.startswith("unknown key")), tree)
