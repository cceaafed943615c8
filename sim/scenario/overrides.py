"""Overriding single keys of a scenario, as `--set K=V` does."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from sim.errors import Mistake, ScenarioError, did_you_mean, one_line, quoted
from sim.scenario.arrivals import default_name, unlike
from sim.scenario.context import NAMED, Place
from sim.scenario.error_messages import at
from sim.scenario.fields import is_stream_name
from sim.scenario.numbers import LONGEST_TEXT, integer
from sim.scenario.schema import keys_at, nodes_at
from sim.scenario.yaml_tree import plain, read_value

Overrides = Mapping[str, Any] | Sequence[str]
"""New values by key, or texts `K=V`; text is read as YAML."""


def changes_of(key: str | Mapping[str, Any], value: Any) -> Mapping[str, Any]:
    """Return the changes that `Scenario.set` was given: a key and its value, or several in a mapping and `...`.

    Raises ScenarioError for a key without a value, and for a mapping with one.
    """
    changes = {key: value} if isinstance(key, str) else key
    is_one = isinstance(key, str)
    if (
        is_one != (value is ...)
        and isinstance(changes, Mapping)
        and all(isinstance(one, str) for one in changes)
    ):
        return changes
    raise ScenarioError([Mistake("set", 0, 0, "", 'write set("KEY", VALUE) or set({"KEY": VALUE, ...})')])


MOST_KEYS = 1000
"""Keys that may be overridden at once: each value is read as YAML, in some milliseconds."""


def override(data: dict[str, Any], overrides: Overrides) -> tuple[dict[str, Any], list[Place], list[Mistake]]:
    """Return a scenario's tree with keys overridden, the places that were, and the mistakes in doing so."""
    before, data = data, deepcopy(data)
    places: list[Place] = []
    mistakes: list[Mistake] = []
    pairs = _pairs(overrides)
    if len(pairs) > MOST_KEYS:
        return data, [], [Mistake("--set", 0, 0, "", f"{len(pairs):,} keys are given; at most {MOST_KEYS:,}")]
    for key, value in pairs:
        try:
            place = _put(data, key.split("."), _read(key, value))
            _require_once(place, places)
            places.append(place)
        except ValueError as error:
            mistakes.append(Mistake(f"--set {one_line(key)}", 0, 0, "", str(error)))
    _keep_names(before.get("arrivals"), data.get("arrivals"), places)
    return data, places, mistakes


def _require_once(place: Place, before: Sequence[Place]) -> None:
    """Raise ValueError where an override does away with one before it, which would then have no effect."""
    for one in before:
        if one[: len(place)] == place:
            again = "it is given twice" if one == place else f"it replaces {quoted('.'.join(map(str, one)))}"
            raise ValueError(f"{again}, of which the first would have no effect; give it once")


# Streams of arrivals, whose customers stay the same when they are sent elsewhere.


def _keep_names(before: Any, after: Any, places: Sequence[Place]) -> None:
    """Write the names of streams into the tree where other ones would follow from what was overridden.

    A stream's draws are addressed by its name, which by default is that of its channel and queue.
    """
    changed = {place[1:3] for place in places if place[0] == "arrivals" and len(place) > 1}
    if (
        not changed
        or not isinstance(before, list)
        or not isinstance(after, list)
        or len(before) != len(after)
    ):
        return
    was = _names(before)
    own = {at for at, *key in changed if not key or key[0] in ("name", "replay")}
    sent = [at for at, *key in sorted(changed, key=str) if key and key[0] in ("channel", "queue")]
    now = _names(after)
    for i in [*sent, *range(len(after))]:
        if now[i] != was[i] and i not in own and isinstance(after[i], dict) and is_stream_name(was[i]):
            after[i].setdefault("name", was[i])
            now = _names(after)


def _names(streams: Sequence[Any]) -> tuple[str, ...]:
    parts = [one if isinstance(one, Mapping) else {} for one in streams]
    return unlike(
        (
            None if one.get("name") is None else str(one["name"]),
            default_name(one.get("channel"), one.get("queue"), one.get("replay")),
        )
        for one in parts
    )


class _Nothing:
    """Stands for the value of an override without `=`."""


def _pairs(overrides: Overrides) -> list[tuple[str, Any]]:
    if isinstance(overrides, Mapping):
        return list(overrides.items())
    parts = [text.partition("=") for text in ([overrides] if isinstance(overrides, str) else overrides)]
    return [(key.strip(), value if equals else _Nothing()) for key, equals, value in parts]


def _read(key: str, value: Any) -> Any:
    if isinstance(value, _Nothing):
        raise ValueError("write KEY=VALUE")
    if not isinstance(value, str):
        return plain(value)
    if not _is_text(tuple(key.split("."))):
        return read_value(value)
    try:
        found = read_value(value)
    except ValueError:
        return value
    return found if isinstance(found, str) else value


def _is_text(place: Place) -> bool:
    """Return whether only text is possible here, so that `A: b` is no mapping and `7` no number."""
    nodes = nodes_at(place)
    return bool(nodes) and all(node.get("type") == "string" for node in nodes)


def _put(data: dict[str, Any], steps: Sequence[str], value: Any) -> Place:
    place = _way(data, steps)
    node: Any = data
    for key in place[:-1]:
        if isinstance(node, dict) and node.get(key) is None:
            node[key] = {}
        node = node[key]
    node[place[-1]] = value
    return place


def _way(data: dict[str, Any], steps: Sequence[str]) -> Place:
    """Find the place that a key means. Raises ValueError where there can be none."""
    place: Place = ()
    node: Any = data
    parts = (data.get(part) for part in NAMED)
    names = [str(name) for part in parts if isinstance(part, dict) for name in part]
    for step in steps[:-1]:
        key = _key(node, place, step, names, is_last=False)
        place, node = (*place, key), at(node, (key,))
        node = {} if node is None else node
    return (*place, _key(node, place, steps[-1], names, is_last=True))


def _key(node: Any, place: Place, step: str, names: Sequence[str], *, is_last: bool) -> Any:
    """Return the key or index that a step of the way means. Raises ValueError where there is none.

    Below a part of the file a name that is defined elsewhere may be new: the bounds of a team, what follows a ring-out
    on a medium.
    """
    if isinstance(node, list):
        return _index(node, step)
    if not isinstance(node, dict):
        raise ValueError(f"{quoted(place[-1])} is {quoted(node)}, which has no key {quoted(step)}")
    possible = keys_at(place)
    if possible and step not in possible:
        raise ValueError(f"unknown key {quoted(step)}; {did_you_mean(step, possible)}")
    if not nodes_at((*place, step)):
        raise ValueError(f"{quoted(place[-1])} has no keys, not even {quoted(step)}")
    if not is_last and not possible and step not in node and (len(place) == 1 or step not in names):
        near = did_you_mean(step, names)
        hint = near if len(place) > 1 and near.startswith("did") else did_you_mean(step, node)
        raise ValueError(f"there is no {quoted(step)} in {place[-1]}; {hint}")
    return step


def _index(node: list[Any], step: str) -> int:
    if step.isdecimal() and len(step) < LONGEST_TEXT and integer(step) < len(node):
        return integer(step)
    raise ValueError(f"there is no item {quoted(step)}; the list has {len(node)}, counted from 0")
