"""In which keys a scenario differs from another, to name it by."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.scenario import Scenario
from sim.scenario.laws import KINDS
from sim.scenario.writing import plain

FEW = 3
"""So many changes make a name; more do not."""

_NOTHING = object()


def changes(base: Scenario, other: Scenario) -> dict[str, Any]:
    """Give the keys in which `other` differs from `base`, with its values; None for a key that it has not."""
    ours, theirs = plain(base), plain(other)
    return dict(_differing(ours, theirs, ()))


def name_of(base: Scenario, other: Scenario) -> str:
    """Name a scenario by what it changes, such as `teams.frontline.agents=15`; else by its own name."""
    found = changes(base, other)
    if not 0 < len(found) <= FEW:
        return other.name
    return ", ".join(f"{key}={value}".replace("'", "") for key, value in found.items())


def names_of(base: Scenario, others: Sequence[Scenario], given: Sequence[str | None]) -> tuple[str, ...]:
    """Name several scenarios, each by the name given or by what it changes, and no two alike."""
    names: list[str] = []
    for other, own in zip(others, given, strict=True):
        name = own or name_of(base, other)
        taken = sum(one == name or one.startswith(f"{name} #") for one in names)
        names.append(f"{name} #{taken + 1}" if taken else name)
    return tuple(names)


def _differing(ours: Any, theirs: Any, place: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if _has_keys(theirs) and (_has_keys(ours) or ours is _NOTHING):
        before = {} if ours is _NOTHING else ours
        for key in dict.fromkeys([*before, *theirs]):
            yield from _differing(before.get(key, _NOTHING), theirs.get(key, _NOTHING), (*place, key))
    elif _are_lists_of_parts(ours, theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _differing(one, other, (*place, str(number)))
    elif ours != theirs:
        yield ".".join(place), None if theirs is _NOTHING else theirs


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
