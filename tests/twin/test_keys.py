"""Everything on: the random worlds set each key of a scenario that has an effect in a run, with each of its words."""

import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from sim.scenario import Scenario
from sim.workload import Workload
from twin.days import a_world_of_days
from twin.everything import a_world_of_everything
from twin.weeks import a_world_of_dates

WORLDS = 300
KINDS: tuple[Callable[[int], tuple[Scenario, Workload]], ...] = (
    a_world_of_everything,
    a_world_of_days,
    a_world_of_dates,
)

OF_NO_RUN = {
    "ServiceLevel": "figures alone", "FurtherLevel": "figures alone", "Target": "figures alone",
    "Staffing": "sim staff", "Bounds": "sim staff", "ShiftTemplate": "sim staff", "TemplateBreak": "sim staff",
    "Fitted": "sim backtest", "IntervalFile": "how a file is read", "RosterFile": "how a file is read",
}  # fmt: skip
"""Parts that no event of a run depends on."""
EXCEPTIONS = {
    "Scenario.name": "heads of tables and pages", "Scenario.description": "the page",
    "Scenario.currency": "money in tables", "Scenario.replications": "the number of runs",
    "Scenario.interval": "the grain of figures", "Scenario.warm_up": "simulated like the rest, and not measured",
    "Scenario.targets": "sim check", "Scenario.staffing": "sim staff", "Scenario.fitted": "sim backtest",
    "Queue.service_level": "figures alone", "Team.cost_per_hour": "figures alone",
    "Team.cost_per_answer": "figures alone", "Team.cost_per_talk_minute": "figures alone",
}  # fmt: skip
"""Keys that no event of a run depends on, with what they are for."""


def keys_there_are() -> set[str]:
    """All keys of a scenario with the part that has them, and their words."""
    found: set[str] = set()
    todo, seen = [Scenario], {Scenario}
    while todo:
        part = todo.pop()
        for name, field in part.model_fields.items():
            if field.exclude:
                continue  # what was read of a file
            key = f"{part.__name__}.{field.alias or name}"
            words, parts = set(), set()
            for one in _within(field.annotation):
                words |= set(typing.get_args(one)) if typing.get_origin(one) is Literal else set()
                parts |= {one} if isinstance(one, type) and issubclass(one, BaseModel) else set()
            found |= {key, *(f"{key}={word}" for word in words if word != field.default)}
            todo += [one for one in parts - seen if not _is_left_out(one)]
            seen |= parts
    return found


def _is_left_out(part: type) -> bool:
    return part.__name__ in OF_NO_RUN or part.__module__ == "sim.scenario.distributions"


def _within(annotation: Any) -> Iterator[Any]:
    """A type and all that it is made of."""
    yield annotation
    inner = getattr(annotation, "__value__", None)
    for one in (*typing.get_args(annotation), *(() if inner is None else (inner,))):
        yield from _within(one)


def keys_set(part: Any) -> Iterator[str]:
    """The keys that are given in a scenario, and the words in them."""
    if isinstance(part, BaseModel):
        for name in part.model_fields_set:
            value = getattr(part, name)
            key = f"{type(part).__name__}.{type(part).model_fields[name].alias or name}"
            yield key
            given = value.values() if isinstance(value, Mapping) else (value,)
            yield from (f"{key}={one}" for one in given if isinstance(one, str))
            yield from keys_set(value)
    elif isinstance(part, Mapping | tuple):
        for one in part.values() if isinstance(part, Mapping) else part:
            yield from keys_set(one)


@pytest.mark.slow
def test_the_random_worlds_set_every_key_with_every_word() -> None:
    met: set[str] = set()
    for world in KINDS:
        for number in range(WORLDS):
            met |= set(keys_set(world(number)[0]))
    assert keys_there_are() - met == set(EXCEPTIONS)
