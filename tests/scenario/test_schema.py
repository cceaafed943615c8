import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sim.scenario import schema
from sim.scenario.fields import Part
from sim.scenario.schema import keys_at
from sim.scenario.yaml_tree import read_tree

from .small import REFERENCE, SMALL, text_with


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def errors(validator: Draft202012Validator, text: str) -> list[str]:
    return [error.json_path for error in validator.iter_errors(read_tree(text, "day.yaml").data)]


def test_it_is_itself_valid_and_plain_json() -> None:
    Draft202012Validator.check_schema(schema())
    assert json.loads(json.dumps(schema())) == schema()
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_reference_and_a_small_scenario_are_valid(validator: Draft202012Validator) -> None:
    assert errors(validator, REFERENCE.read_text()) == []
    assert errors(validator, SMALL) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (text_with(intervall="intervall: 5m"), "$"),
        (text_with(interval="interval: 5 min"), "$.interval"),
        (text_with(interval="interval: 0"), "$.interval"),
        (text_with(seed="seed: x"), "$.seed"),
        (text_with(seed="seed: -1"), "$.seed"),
        (text_with(channels="channels: {}"), "$.channels"),
        (text_with(channels="channels: {web: {medium: chat, identified: 1.5}}"), "$.channels.web.identified"),
        (text_with(channels="channels: {web: {}}"), "$.channels.web"),
        (text_with(labels="labels: {gold: {priority: 11}}"), "$.labels.gold.priority"),
        (text_with(labels="labels: {a/b: {}}"), "$.labels"),
        (text_with(routing="routing: {ring_memory: some}"), "$.routing.ring_memory"),
        (text_with(routing="routing: {last_agent: maybe}"), "$.routing.last_agent"),
        (text_with(queues="queues: {sales: {medium: chat, handle_time: {gama: {mean: 1}}}}"),
         "$.queues.sales.handle_time"),
        (text_with(teams="teams: {crew: {agents: 1, shifts: [{from: 8, to: '10:00'}]}}"),
         "$.teams.crew.shifts[0].from"),
        (text_with(arrivals="arrivals: [{channel: web, queue: sales, per_hour: [1, -2]}]"),
         "$.arrivals[0].per_hour"),
    ],
)  # fmt: skip
def test_wrong_files_are_not_valid(validator: Draft202012Validator, text: str, path: str) -> None:
    assert path in errors(validator, text)


def parts(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        for key, part in node.get("properties", {}).items():
            yield f"{path}.{key}", part
        for key, part in node.items():
            yield from parts(part, f"{path}.{key}")
    elif isinstance(node, list):
        for part in node:
            yield from parts(part, path)


def test_every_key_is_described_in_a_sentence() -> None:
    laws = ("exponential", "lognormal", "gamma", "weibull", "erlang", "uniform", "triangular", "empirical")
    keys = [(path, part) for path, part in parts(schema()) if not path.endswith((*laws, "hyperexponential"))]
    assert len(keys) > 120
    assert [path for path, part in keys if not part.get("description", "").endswith(".")] == []


def test_keys_are_known_at_every_place() -> None:
    assert keys_at(("queues", "any", "transfer"))[:3] == ("probability", "after", "to")
    assert keys_at(("arrivals", 0, "self_service")) == ("time", "contained")
    assert "lognormal" in keys_at(("queues", "any", "handle_time"))
    assert keys_at(("queues", "any", "handle_time", "gamma")) == ("mean", "sd")
    assert keys_at(("queues",)) == keys_at(("seed",)) == keys_at(("nothing",)) == ()


def kinds_of(kind: type[Part]) -> Iterator[type[Part]]:
    for one in kind.__subclasses__():
        yield one
        yield from kinds_of(one)


def test_what_is_made_of_nothing_is_what_checking_makes_of_it() -> None:
    """Defaults that are parts are not checked as they are made."""
    keys = [key for kind in kinds_of(Part) for key in kind.model_fields.values()]
    defaults = [key.default for key in keys if isinstance(key.default, Part)]
    assert len(defaults) > 5
    for one in defaults:
        checked = type(one)(**{name: getattr(one, name) for name in one.model_fields_set})
        assert (checked, repr(checked)) == (one, repr(one))


def test_nothing_that_checks_is_built_before_it_is_needed() -> None:
    program = (
        "import sim.scenario; from sim.scenario.fields import Part; from sim.scenario.local_times import _stamp;"
        "print([kind.__name__ for kind in Part.__subclasses__() if kind.__pydantic_complete__], _stamp.cache_info()[1])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] 0"
