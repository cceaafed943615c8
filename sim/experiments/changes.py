"""In which keys a scenario differs from another, to name it by."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.scenario import Scenario
from sim.scenario.distributions import KINDS
from sim.scenario.writing import plain

FEW = 3
"""So many changes make a name; more do not."""

_NOTHING = object()


def changes(base: Scenario, other: Scenario) -> dict[str, Any]:
    """Give the keys in which `other` differs from `base`, with its values, be they given or a default.

    They are None for a key that it has not.
    """
    whole = other.model_dump(mode="json", by_alias=True)
    return dict(_differing(plain(base), plain(other), whole, ()))


def name_of(base: Scenario, other: Scenario) -> str:
    """Name a scenario by what it changes, such as `teams.frontline.agents=15`; else by its own name."""
    found = changes(base, other)
    if not 0 < len(found) <= FEW:
        return other.name
    return ", ".join(_said(key, value) for key, value in found.items())


def names_of(base: Scenario, others: Sequence[Scenario], given: Sequence[str | None]) -> tuple[str, ...]:
    """Name several scenarios, each by the name given or by what it changes, and no two alike."""
    names: list[str] = []
    for other, own in zip(others, given, strict=True):
        name = own or name_of(base, other)
        taken = sum(one == name or one.startswith(f"{name} #") for one in names)
        names.append(f"{name} #{taken + 1}" if taken else name)
    return tuple(names)


def _said(key: str, value: Any) -> str:
    return f"no {key}" if value is None else f"{key}={value}".replace("'", "")


def _differing(ours: Any, theirs: Any, whole: Any, place: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Compare what is given; `whole` is `theirs` with the defaults, which apply to what is not given there."""
    if theirs is _NOTHING and _has_keys(ours) and _has_keys(whole):
        theirs = {}
    if _has_keys(theirs) and (_has_keys(ours) or (ours is _NOTHING and theirs)):
        before = {} if ours is _NOTHING else ours
        for key in dict.fromkeys([*before, *theirs]):
            pair = before.get(key, _NOTHING), theirs.get(key, _NOTHING)
            yield from _differing(*pair, whole.get(key), (*place, key))
    elif _are_lists_of_parts(ours, theirs):
        for number, (one, other, all_of_it) in enumerate(zip(ours, theirs, whole, strict=True)):
            yield from _differing(one, other, all_of_it, (*place, str(number)))
    elif ours != theirs:
        yield ".".join(place), _given(whole) if theirs is _NOTHING else theirs


def _given(default: Any) -> Any:
    """Give a default's value, None where it is empty."""
    return None if default in ([], {}) else default


def _has_keys(value: Any) -> bool:
    """Tell whether a value is a part of a scenario, with keys of its own; a law is one value."""
    return isinstance(value, Mapping) and not KINDS.keys() & value.keys()


def _are_lists_of_parts(ours: Any, theirs: Any) -> bool:
    return (
        isinstance(ours, list)
        and isinstance(theirs, list)
        and len(ours) == len(theirs)
        and all(isinstance(one, Mapping) for one in [*ours, *theirs])
    )
