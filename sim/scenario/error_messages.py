"""From what validation finds to lines a planner can act on: place, key, what is wrong, what is allowed."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Mistake, did_you_mean, one_line, quoted
from sim.scenario.context import ANYTHING, UNKNOWN, Finding, Place, Surroundings
from sim.scenario.model import Scenario
from sim.scenario.numbers import is_number
from sim.scenario.schema import keys_at, keys_by_name
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
MOST_SHOWN = 50
"""Mistakes that are listed; of more there is only the number."""
MOST_OWNERS = 3
UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")
BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}


def mistakes_of(error: ValidationError, tree: Tree, overridden: Sequence[Place] = ()) -> list[Mistake]:
    """Return every mistake that validation found, each at its place in the file or its override."""
    details = details_of(error)
    rest = _beyond_the_first(details, tree)
    found = [one for at, detail in enumerate(details) for one in _findings(detail, tree.data, at not in rest)]
    return [one if isinstance(one, Mistake) else placed(one, tree, overridden) for one in found]


def _beyond_the_first(details: Sequence[ErrorDetails], tree: Tree) -> set[int]:
    """Return which unknown keys stand behind so many others that nobody reads what they may have been meant for."""
    unknown = [at for at, one in enumerate(details) if one["type"] in UNKNOWN_KEY]
    if len(unknown) <= MOST_SHOWN:
        return set()
    marks = {at: tree.keys.get(place_of(details[at], tree.data)[0], (0, 0)) for at in unknown}
    return set(sorted(unknown, key=marks.__getitem__)[MOST_SHOWN:])


def details_of(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors of a validation without those that only follow from others."""
    return [one for one in error.errors(include_url=False) if one["type"] != "default_factory_not_called"]


def placed(finding: Finding, tree: Tree, overridden: Sequence[Place] = ()) -> Mistake:
    """Return a finding the line and column of its place, or the override that it comes from."""
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


def _findings(detail: ErrorDetails, data: Any, has_hint: bool) -> Iterator[Finding | Mistake]:
    kind, context = detail["type"], detail.get("ctx", {})
    place, is_key = place_of(detail, data)
    if kind != "several":
        what = _what(detail, place, at(data, place)) if has_hint else UNKNOWN
        yield Finding(place, what, is_key)
        return
    for one in context["found"]:
        if isinstance(one, Mistake):
            yield one
            continue
        whole = (*place, *one.place)
        yield Finding(whole, _unknown_key(whole) if one.what == UNKNOWN else one.what, one.is_key)


def place_of(detail: ErrorDetails, data: Any) -> tuple[Place, bool]:
    """Return the place in the tree that an error is about, and whether the key itself is wrong.

    Steps of its location that are no keys there, such as the name of a union's member, are left out.
    """
    if detail["type"] in UNKNOWN_KEY and (known := _place_of_key(detail["loc"], data)):
        return known, True
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


def _place_of_key(loc: Place, data: Any) -> Place | None:
    """Return the place of a key that is there, where the name of a union's member may also be a key beside it."""
    if not loc:
        return None
    step, rest = loc[0], loc[1:]
    if _holds(data, step):
        if not rest:
            return (step,)
        inner = _place_of_key(rest, data[step])
        if inner is not None:
            return (step, *inner)
    return _place_of_key(rest, data)


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
        return _unknown_key(place)
    if kind == "value_error":
        return str(context["error"]) + _per_cent_of_factor(place, value)
    if kind in SHAPES:
        return f"{quoted(value)} is not {SHAPES[kind]}{_keys_of(kind, place)}"
    if kind in BOUNDS:
        key, word = BOUNDS[kind]
        bound = f"{word} {_bound(context[key], value)}"
        return f"{quoted(value)} has to be {bound}{_per_cent(kind, context, value)}"
    return _rarer(kind, context, value) or detail["msg"]


def _keys_of(kind: str, place: Place) -> str:
    """Name the keys that a mapping takes; nothing where they are names of the user's own."""
    known = keys_at(place) if SHAPES[kind] == SHAPES["model_type"] else ()
    return f"; its keys are {', '.join(f'`{key}`' for key in known)}" if known else ""


ALIKE = 0.8
"""From here on a mistyped key of the place is likelier than a key that is right somewhere else."""


OTHER_WORDS: Mapping[str, tuple[str, ...]] = {
    "agents": ("agent_count", "capacity", "count", "headcount", "number", "servers", "size", "staff"),
    "file": ("csv", "excel", "forecast"),
    "handle_time": ("aht", "average_handle_time", "duration", "handling_time", "service_time", "talk_time"),
    "lasts": ("closes", "duration", "end", "ends", "hours", "length", "until"),
    "max_tasks": ("capacity", "concurrency", "concurrent", "slots"),
    "opens": ("begin", "begins", "date", "from", "start", "start_time", "starts"),
    "patience": ("abandon", "abandonment", "max_wait", "reneging"),
    "per_hour": ("arrival_rate", "calls_per_hour", "contacts", "rate", "volume"),
    "request_ttl": ("max_wait", "timeout", "ttl"),
    "ring_time": ("offer_timeout", "ring_timeout", "timeout"),
    "service_level": ("sl", "sla"),
    "wrap_up": ("acw", "after_call_work", "after_work", "wrapup_time"),
}
"""What planners and other tools call a key of this place."""


def _unknown_key(place: Place) -> str:
    """Say what a key may have been meant for: a key of its place, or where else a key of this name belongs."""
    key, known = str(place[-1]), keys_at(place[:-1])
    if key.isdecimal():  # what is left of `{per_hour: 60,5}`
        return f"unknown key {quoted(key)}; if it is the end of a decimal, write a point, as in 60.5"
    owners = keys_by_name().get(key, ())
    is_mistyped = bool(get_close_matches(key, known, n=1, cutoff=ALIKE))
    own = next((one for one in known if key.lower() in OTHER_WORDS.get(one, ())), None)
    if own and not is_mistyped:
        return f"unknown key {quoted(key)}; did you mean `{own}`?"
    if is_mistyped or not owners:
        return f"unknown key {quoted(key)}; {did_you_mean(key, known)}"
    listed = " and of ".join(
        f"`{owner}`" if owner else "the scenario itself" for owner in owners[:MOST_OWNERS]
    )
    return f"unknown key {quoted(key)}; it is a key of {listed}"


def _per_cent_of_factor(place: Place, value: Any) -> str:
    meant = (
        place[-2:] in (("busyness", "sd"), ("busyness", "interval_sd"))
        and is_number(value)
        and 1 < value <= 100
    )
    return f"; did you mean `{value:g}%`?" if meant else ""


def _rarer(kind: str, context: Mapping[str, Any], value: Any) -> str | None:
    if kind == "literal_error":
        allowed = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        listed = ", ".join(f"`{word}`" for word in allowed)
        close = did_you_mean(value, allowed)
        hint = f"{close} " if close.endswith("?") else ""
        return f"{quoted(value)} is not allowed; {hint}allowed: {listed}"
    if kind == "too_long":
        return f"at most {context['max_length']} entries are possible, there are {context['actual_length']}"
    if kind == "too_short":
        least = context["min_length"]
        return "there have to be at least two entries" if least == 2 else "there has to be at least one entry"
    return None


def _per_cent(kind: str, context: Mapping[str, Any], value: Any) -> str:
    """Suggest the sign that is missing where a share is beyond 1; only shares end there."""
    meant = kind == "less_than_equal" and context["le"] == 1 and is_number(value) and value in range(2, 101)
    return f"; did you mean `{value:g}%`?" if meant else ""


def _bound(bound: float, value: Any) -> str:
    if isinstance(value, str) and value.strip().endswith("%"):
        return f"{bound * 100:g}%"
    return f"{bound:g}s" if isinstance(value, str) and value.strip()[-1:] in "smhd" else f"{bound:g}"


# Cross-checks of a scenario with faulty parts: these are taken out, and what is left is checked.

MOST_ROUNDS = 12
STAND_INS: dict[str | int, Any] = {
    "agents": 1,
    "handle_time": "1s",
    "lasts": "1h",
    "max_tasks": 1,
    "per_hour": 1,
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
            return [
                one if isinstance(one, Mistake) else placed(rest.original(one), tree, overridden)
                for one in found
                if isinstance(one, Mistake) or rest.is_sound(one)
            ]
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
        """Return whether a finding does not come from what was taken out."""
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
