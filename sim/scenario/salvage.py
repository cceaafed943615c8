"""Cross-checks of a scenario with faulty parts: these are taken out, and what is left is checked."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Mistake
from sim.scenario.mistakes import at, details_of, place_of, placed
from sim.scenario.model import Scenario
from sim.scenario.surroundings import ANYTHING, Finding, Place, Surroundings
from sim.scenario.yaml_tree import Tree

MOST_ROUNDS = 12
STAND_INS: dict[str | int, Any] = {
    "agents": 1,
    "handle_time": "1s",
    "lasts": "1h",
    "max_tasks": 1,
    "probability": 0,
    "target": 0,
    "within": "1s",
}
"""What stands for a faulty key that its part cannot do without; no finding rests on it."""


def further_mistakes(
    error: ValidationError, tree: Tree, around: Surroundings, overridden: Sequence[Place]
) -> list[Mistake]:
    """Return what does not fit together among the parts that are right in themselves."""
    rest = _Rest(deepcopy(tree.data))
    details = details_of(error)
    for _ in range(MOST_ROUNDS):
        if _is_cross(details):
            found = details[0]["ctx"]["found"]
            return [placed(rest.original(one), tree, overridden) for one in found if rest.is_sound(one)]
        if not rest.take_out(details):
            break
        try:
            Scenario.model_validate(rest.data, context=around, by_alias=True, by_name=False)
        except ValidationError as next_error:
            details = details_of(next_error)
        else:
            break
    return []


def _is_cross(details: list[ErrorDetails]) -> bool:
    return details[0]["type"] == "several" and not details[0]["loc"]


class _Rest:
    """What is left of a scenario's tree, with the original index of every item of its lists."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.indices: dict[int, list[int]] = {}
        self.gone: set[str] = set()

    def take_out(self, details: list[ErrorDetails]) -> bool:
        """Take out what the errors are about; False where nothing would be left to check."""
        places = {self._culprit(detail) for detail in details}
        in_order = sorted(places, key=lambda one: [str(step).zfill(9) for step in one], reverse=True)
        return all(self._drop(place) for place in in_order)

    def _culprit(self, detail: ErrorDetails) -> Place:
        place, _ = place_of(detail, self.data)
        if (
            place
            and isinstance(at(self.data, place[:-1]), list)
            and not isinstance(at(self.data, place), dict)
        ):
            return place[:-1]  # a list of numbers without one of them says something else
        return place

    def _drop(self, place: Place) -> bool:
        if not place:
            return False
        owner, key = at(self.data, place[:-1]), place[-1]
        self.gone |= {str(key), *(f"{one}.*" for one in place[-2:-1])}
        if isinstance(owner, list) and isinstance(key, int):
            del self.indices.setdefault(id(owner), list(range(len(owner))))[key], owner[key]
        elif not isinstance(owner, dict):
            return True  # its owner is gone already
        elif key in STAND_INS and owner.get(key) != STAND_INS[key]:
            owner[key] = STAND_INS[key]
        elif key in owner:
            del owner[key]
        else:  # it is missing: its owner cannot be saved
            return self._drop(place[:-1])
        return True

    def is_sound(self, finding: Finding) -> bool:
        """Tell whether a finding does not come from what was taken out."""
        return ANYTHING not in finding.rests_on and not self.gone.intersection(finding.rests_on)

    def original(self, finding: Finding) -> Finding:
        """Return a finding at its place in the whole tree."""
        node: Any = self.data
        place: Place = ()
        for step in finding.place:
            indices = self.indices.get(id(node)) if isinstance(node, list) else None
            place = (*place, indices[step] if indices is not None and isinstance(step, int) else step)
            node = at(node, (step,))
        return Finding(place, finding.what, finding.is_key)
