"""Cross-checks of a scenario with faulty parts: these are taken out, and what is left is checked."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Mistake
from sim.scenario.mistakes import at, place_of, placed
from sim.scenario.model import Scenario
from sim.scenario.surroundings import ANYTHING, Finding, Place, Surroundings
from sim.scenario.yaml_tree import Tree

MOST_ROUNDS = 12
STAND_INS = {"lasts": "1h"}
"""What stands for a faulty key that nothing can do without; findings that rest on it are not reported."""


def further_mistakes(
    error: ValidationError, tree: Tree, around: Surroundings, overridden: Sequence[Place]
) -> list[Mistake]:
    """Return what does not fit together among the parts that are right in themselves."""
    rest = _Rest(deepcopy(tree.data))
    details = error.errors(include_url=False)
    for _ in range(MOST_ROUNDS):
        if _is_cross(details):
            found = details[0]["ctx"]["found"]
            return [placed(rest.original(one), tree, overridden) for one in found if rest.is_sound(one)]
        if not rest.take_out(details):
            break
        try:
            Scenario.model_validate(rest.data, context=around, by_alias=True, by_name=False)
        except ValidationError as next_error:
            details = next_error.errors(include_url=False)
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
        for place in sorted(places, key=lambda one: [str(step).zfill(9) for step in one], reverse=True):
            if not self._drop(place):
                return False
        return True

    def _culprit(self, detail: ErrorDetails) -> Place:
        place, _ = place_of(detail, self.data)
        if detail["type"] == "missing" and place[:-1]:
            place = place[:-1]
        if (
            place
            and isinstance(at(self.data, place[:-1]), list)
            and not isinstance(at(self.data, place), dict)
        ):
            place = place[:-1]  # a list of numbers without one of them says something else
        return place

    def _drop(self, place: Place) -> bool:
        if not place or (len(place) == 1 and place[0] not in self.data):
            return self._stand_in(place)
        owner, key = at(self.data, place[:-1]), place[-1]
        if isinstance(owner, list) and isinstance(key, int):
            del self.indices.setdefault(id(owner), list(range(len(owner))))[key], owner[key]
        elif isinstance(owner, dict) and key in owner:
            del owner[key]
        self.gone.add(str(key))
        return True

    def _stand_in(self, place: Place) -> bool:
        key = str(place[0]) if place else ""
        if key in STAND_INS:
            self.data[key] = STAND_INS[key]
            self.gone.add(key)
        return key in STAND_INS

    def is_sound(self, finding: Finding) -> bool:
        """Tell whether a finding does not come from what was taken out."""
        return ANYTHING not in finding.rests_on and not self.gone.intersection(finding.rests_on)

    def original(self, finding: Finding) -> Finding:
        """Return a finding at its place in the whole tree."""
        node: Any = self.data
        place: Place = ()
        for step in finding.place:
            is_item = isinstance(node, list) and isinstance(step, int)
            place = (*place, self.indices[id(node)][step] if is_item and id(node) in self.indices else step)
            node = at(node, (step,))
        return Finding(place, finding.what, finding.is_key)
