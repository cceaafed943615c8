"""From what validation finds to lines a planner can act on: place, key, what is wrong, what is allowed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Mistake
from sim.scenario.nearest import did_you_mean, one_line, shown
from sim.scenario.quantities import is_number
from sim.scenario.schema import keys_at
from sim.scenario.surroundings import Finding, Place
from sim.scenario.yaml_tree import Tree

SHAPES = {
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "dataclass_type": "a mapping (key: value)",
    "dataclass_exact_type": "a mapping (key: value)",
    "dict_type": "a mapping (key: value)",
    "mapping_type": "a mapping (key: value)",
    "tuple_type": "a list",
    "string_type": "text; write it in quotes",
}
UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")
BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}


def mistakes_of(error: ValidationError, tree: Tree, overridden: Sequence[Place] = ()) -> list[Mistake]:
    """Return every mistake that validation found, each at its place in the file or its override."""
    found = [one for detail in details_of(error) for one in _findings(detail, tree.data)]
    return [one if isinstance(one, Mistake) else placed(one, tree, overridden) for one in found]


def details_of(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors of a validation without those that only follow from others."""
    return [one for one in error.errors(include_url=False) if one["type"] != "default_factory_not_called"]


def placed(finding: Finding, tree: Tree, overridden: Sequence[Place] = ()) -> Mistake:
    """Give a finding the line and column of its place, or the override that it comes from."""
    place = finding.place
    source = next((one for one in overridden if place[: len(one)] == one), None)
    if source is None and place not in tree.values:
        made = next(place[:n] for n in range(len(place) + 1) if place[:n] not in tree.values)
        source = next((one for one in overridden if one[: len(made)] == made), None)
    if source is not None:
        key = "" if place == source else dotted(place)
        return Mistake(f"--set {dotted(source)}", 0, 0, key, finding.what)
    return Mistake(tree.name, *_mark(finding, tree), dotted(place), finding.what)


def dotted(place: Place) -> str:
    """Write a place as a key, such as `arrivals.0.per_hour`."""
    return one_line(".".join(str(one) for one in place))


def _mark(finding: Finding, tree: Tree) -> tuple[int, int]:
    place = finding.place
    if place in tree.values:
        key, value = tree.keys.get(place, tree.values[place]), tree.values[place]
        return key if finding.is_key or key[0] != value[0] else value
    while place:  # what is missing is shown at its owner
        place = place[:-1]
        if place in tree.values:
            return tree.keys.get(place, tree.values[place])
    return 1, 1


def _findings(detail: ErrorDetails, data: Any) -> Iterator[Finding | Mistake]:
    kind, context = detail["type"], detail.get("ctx", {})
    place, is_key = place_of(detail, data)
    if kind != "several":
        yield Finding(place, _what(detail, place, at(data, place)), is_key)
        return
    for one in context["found"]:
        yield one if isinstance(one, Mistake) else Finding((*place, *one.place), one.what, one.is_key)


def place_of(detail: ErrorDetails, data: Any) -> tuple[Place, bool]:
    """Return the place in the tree that an error is about, and whether the key itself is wrong.

    Steps of its location that are no keys there, such as the name of a union's member, are left out.
    """
    place: Place = ()
    kind, loc = detail["type"], detail["loc"]
    for i, step in enumerate(loc):
        if step == "[key]":
            return place, True
        if _holds(data, step):
            data = data[step]
        elif not (kind == "missing" and i == len(loc) - 1):
            continue
        place = (*place, step)
    return place, kind in UNKNOWN_KEY


def _holds(data: Any, step: str | int) -> bool:
    if isinstance(data, Mapping):
        return step in data
    return isinstance(data, list | tuple) and isinstance(step, int) and step < len(data)


def at(data: Any, place: Place) -> Any:
    """Return the value at a place of a tree; None where there is none."""
    for step in place:
        if not _holds(data, step):
            return None
        data = data[step]
    return data


def _what(detail: ErrorDetails, place: Place, value: Any) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return "this key is missing"
    if kind in UNKNOWN_KEY:
        return f"unknown key {shown(place[-1])}; {did_you_mean(place[-1], keys_at(place[:-1]))}"
    if kind == "value_error":
        return str(context["error"])
    if kind in SHAPES:
        return f"{shown(value)} is not {SHAPES[kind]}"
    if kind in BOUNDS:
        key, word = BOUNDS[kind]
        bound = f"{word} {_bound(context[key], value)}"
        return f"{shown(value)} has to be {bound}{_per_cent(kind, context, value)}"
    return _rarer(kind, context, value) or detail["msg"]


def _rarer(kind: str, context: Mapping[str, Any], value: Any) -> str | None:
    if kind == "literal_error":
        allowed = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        listed = ", ".join(f"`{word}`" for word in allowed)
        close = did_you_mean(value, allowed)
        hint = f"{close} " if close.endswith("?") else ""
        return f"{shown(value)} is not allowed; {hint}allowed: {listed}"
    if kind == "too_long":
        return f"at most {context['max_length']} entries are possible, there are {context['actual_length']}"
    if kind == "too_short":
        return "there has to be at least one entry"
    return None


def _per_cent(kind: str, context: Mapping[str, Any], value: Any) -> str:
    """Suggest the sign that is missing where a share is beyond 1; only shares end there."""
    meant = kind == "less_than_equal" and context["le"] == 1 and is_number(value) and value in range(2, 101)
    return f"; did you mean `{value:g}%`?" if meant else ""


def _bound(bound: float, value: Any) -> str:
    if isinstance(value, str) and value.strip().endswith("%"):
        return f"{bound * 100:g}%"
    return f"{bound:g}s" if isinstance(value, str) and value.strip()[-1:] in "smhd" else f"{bound:g}"
