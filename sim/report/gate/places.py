"""Where in its file a scenario says what a finding is about."""

from pathlib import Path

from sim.errors import SimError
from sim.gate.result import Checked
from sim.gate.sequential import Finding, Layer
from sim.scenario.yaml_tree import Tree, read_tree

Place = tuple[str | int, ...]


def line_of(checked: Checked, finding: Finding | None) -> int:
    """Give the line of the target, or else of the first key that has changed; 1 where none is known."""
    tree = _tree(checked)
    if tree is None:
        return 1
    if finding is not None and finding.claim.layer is Layer.TARGET:
        return _nearest(tree, ("targets", finding.claim.number))
    keys = checked.changed.keys if checked.changed else ()
    return _nearest(tree, _steps(keys[0].key)) if keys else 1


def _steps(key: str) -> Place:
    return tuple(int(step) if step.isdecimal() else step for step in key.split("."))


def _nearest(tree: Tree, place: Place) -> int:
    """Give the line of a place, or of what it would be in."""
    for length in range(len(place), 0, -1):
        found = tree.keys.get(place[:length]) or tree.values.get(place[:length])
        if found:
            return found[0]
    return 1


def _tree(checked: Checked) -> Tree | None:
    try:
        return read_tree(Path(checked.file).read_text(encoding="utf-8-sig"), checked.file)
    except (OSError, ValueError, SimError):  # the file need not be there any more
        return None
