"""Nothing that a user sets is silently without effect: every key of the schema changes a run, or is told of.

Each key is set in a plain centre, in which most keys have nothing to act on, and in one where it has an effect.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from sim.engine import simulate
from sim.metrics import measure
from sim.records import EVERYTHING, Recorder
from sim.scenario import Scenario, loads, schema
from sim.scenario.hints import notes
from sim.workload import draw

from .keys_with_an_effect import EFFECTIVE, NO_RUN, PLAIN_CENTRE, Changes

NO_EFFECT = "changes nothing"


@cache
def plain() -> Scenario:
    return loads(PLAIN_CENTRE)


def ran(scenario: Scenario) -> tuple[str, str]:
    """All that happens on a day, and all that is measured of it."""
    records = simulate(scenario, draw(scenario, 0), Recorder(scenario, EVERYTHING))
    figures = measure(records, scenario)
    return records.events.to_csv(), f"{figures.numerator.tolist()} {figures.denominator.tolist()}"


BEFORE: dict[str, tuple[str, str]] = {}
"""What is so of the centres that keys are set in, by what was set before."""


def written(changes: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in changes.items())


@pytest.mark.parametrize(("around", "changes"), EFFECTIVE, ids=lambda one: written(one) or "plain")
def test_a_key_has_an_effect_or_a_note(around: Changes, changes: Changes) -> None:
    """And never both: what is told to change nothing changes nothing."""
    before = plain().set(around) if around else plain()
    after = before.set(changes)
    known = notes(before)
    said = [one for one in notes(after) if one not in known]
    idle = [one for one in said if NO_EFFECT in one]
    if written(around) not in BEFORE:
        BEFORE[written(around)] = ran(before)
    changed = BEFORE[written(around)] != ran(after)
    assert changed or said
    assert not (changed and idle), idle


def keys(
    node: Mapping[str, Any], defs: Mapping[str, Any], path: str = "", seen: tuple[str, ...] = ()
) -> Iterator[str]:
    """The paths of all keys of a JSON Schema, laws as one key; `*` stands for a name, `0` for a place in a list."""
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        if name not in seen:
            yield from keys(defs[name], defs, path, (*seen, name))
        return
    for choice in ("anyOf", "oneOf", "allOf"):
        for one in node.get(choice, ()):
            yield from keys(one, defs, path, seen)
    for key, one in node.get("properties", {}).items():
        here = f"{path}.{key}".lstrip(".")
        if key in LAWS:
            continue
        yield here
        yield from keys(one, defs, here, seen)
    for key, step in (("additionalProperties", "*"), ("items", "0")):
        if isinstance(node.get(key), dict):
            yield from keys(node[key], defs, f"{path}.{step}", seen)


LAWS = (
    "exponential", "lognormal", "gamma", "weibull", "erlang", "uniform", "triangular", "hyperexponential", "empirical",
    "by_time", "sum",
)  # fmt: skip


def test_every_key_of_the_schema_is_tried() -> None:
    """By itself or as a part of what is set; what no run can show is listed with what shows it."""
    whole = schema()
    tried = {path for _, changes in EFFECTIVE for path in _paths(changes)}
    missing = [key for key in dict.fromkeys(keys(whole, whole["$defs"])) if not _is_tried(key, tried)]
    assert missing == []
    assert [key for key in NO_RUN if key not in set(keys(whole, whole["$defs"]))] == []


def _is_tried(key: str, tried: set[str]) -> bool:
    steps = key.split(".")
    return any(".".join(steps[: count + 1]) in NO_RUN for count in range(len(steps))) or key in tried


def _paths(value: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The paths of a change as the schema has them: names as `*`, places in lists as `0`."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            steps = (*path, *str(key).split("."))
            yield from (_plain(steps[: count + 1]) for count in range(len(path), len(steps)))
            yield from _paths(one, steps)
    elif isinstance(value, list):
        for one in value:
            yield from _paths(one, (*path, "0"))


NAMED = ("media", "channels", "labels", "queues", "teams", "waiting_rooms")
TABLES = ("after_ring",)


def _plain(steps: tuple[str, ...]) -> str:
    found = list(steps)
    if found[0] in NAMED and len(found) > 1:
        found[1] = "*"
    for at, step in enumerate(steps[:-1]):
        if step in TABLES:
            found[at + 1] = "*"
    return ".".join("0" if one.isdigit() else one for one in found)


@pytest.mark.parametrize(("entries", "idle"), [
    ({"00:00": "4m", "01:00": "5m"}, []),
    ({"00:00": "4m", "14:00": "5m"}, ["14:00"]),
    ({"08:00": "4m", "14:00": "5m"}, ["08:00"]),
])  # fmt: skip
def test_a_law_of_an_hour_in_which_nobody_comes_is_told(entries: dict[str, str], idle: list[str]) -> None:
    """It is open from midnight to two; the last law of a day holds until the first."""
    after = plain().set(
        {"opens": "2026-03-02 00:00", "lasts": "2h", "queues.calls.handle_time": {"by_time": entries}}
    )
    said = [one for one in notes(after) if "by_time" in one]
    what = "changes nothing: nobody comes while it is in force"
    assert said == [f"queues.calls.handle_time.by_time.{at} {what}" for at in idle]
