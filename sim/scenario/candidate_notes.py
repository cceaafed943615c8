"""What surprises in scenarios that are tried beside another: changes that change nothing above all."""

from collections.abc import Collection, Iterable, Iterator

from sim.scenario.context import Place
from sim.scenario.hints import findings, notes
from sim.scenario.model import Scenario

Tried = tuple[str, Scenario, Collection[str]]
"""The name of a scenario, itself, and the keys in which it differs from the base."""


def notes_of_candidates(base: Scenario, candidates: Iterable[Tried]) -> Iterator[str]:
    """Return as lines what surprises in candidates and not in the base, and all that is about a key they change."""
    known = set(notes(base))
    for name, other, keys in candidates:
        for one in findings(other):
            if one.what not in known or _is_within(one.place, keys):
                yield f"{name}: note: {one.what}"


def notes_of_points(base: Scenario, points: Iterable[Tried]) -> Iterator[str]:
    """Return as lines what surprises of the keys that a sweep varies, each once, at the first point that has it.

    At the end of a range other keys may well be without effect, which is no mistake.
    """
    known, told = set(notes(base)), set[Place]()
    for name, other, keys in points:
        for one in findings(other):
            is_new = one.what not in known and _is_around(one.place, keys)
            if one.place not in told and (is_new or _is_within(one.place, keys)):
                told.add(one.place)
                yield f"{name}: note: {one.what}"


def _is_within(place: Place, keys: Collection[str]) -> bool:
    path = _path(place)
    return any(f"{path}.".startswith(f"{key}.") for key in keys)


def _is_around(place: Place, keys: Collection[str]) -> bool:
    return any(key.startswith(f"{_path(place)}.") for key in keys)


def _path(place: Place) -> str:
    return ".".join(map(str, place))
