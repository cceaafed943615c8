"""The JSON Schema of scenario files: for editors, and to know which keys there are."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from sim.scenario.context import Place
from sim.scenario.model import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Node = dict[str, Any]


class _Generator(GenerateJsonSchema):
    """Leaves out what the descriptions say better: defaults, which are in seconds here, and titles."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False


def schema() -> Node:
    """Return the JSON Schema (draft 2020-12) of scenario files."""
    found = Scenario.model_json_schema(by_alias=True, mode="validation", schema_generator=_Generator)
    found["required"] = [key for key in found["required"] if key != "lasts"]
    found |= {
        "if": {"required": ["calendar"]},
        "then": {"not": {"anyOf": [{"required": ["opens"]}, {"required": ["lasts"]}]}},
        "else": {"required": ["lasts"]},
    }
    return {"$schema": DIALECT, **found, "title": "Scenario of a contact-centre simulation"}


@cache
def _schema() -> Node:
    return schema()


def keys_at(place: Place) -> tuple[str, ...]:
    """Return the keys that are possible at a place; none where names are free or nothing is."""
    return tuple(dict.fromkeys(key for node in nodes_at(place) for key in node.get("properties", {})))


@cache
def keys_by_name() -> dict[str, tuple[str, ...]]:
    """Return for each key the parts that have it, such as `teams` or `queues.transfer`, the nearest first.

    The parameters of laws are left out: they belong to their law wherever it stands.
    """
    found: dict[str, dict[str, None]] = {}
    todo: list[tuple[str, Node]] = [("", node) for node in _resolved([_schema()])]
    while todo:
        owner, node = todo.pop(0)
        for key, inner in node.get("properties", {}).items():
            found.setdefault(key, {})[owner] = None
            below = owner + "." * bool(owner) + key
            todo.extend((below, one) for one in _inside([inner]) if not _is_law(inner))
    return {key: tuple(owners) for key, owners in found.items()}


def _is_law(node: Node) -> bool:
    refs = (str(one.get("$ref", "")) for one in (node, *node.get("anyOf", ())))
    return any(ref.endswith(("/Distribution", "/CustomerLaw")) for ref in refs)


def _inside(nodes: Iterable[Node]) -> Iterator[Node]:
    """Go through names and lists to the parts whose keys are fixed."""
    for node in _resolved(nodes):
        yield node
        more = [node[key] for key in ("additionalProperties", "items") if isinstance(node.get(key), dict)]
        yield from _inside(more)


def nodes_at(place: Place) -> list[Node]:
    """Return the parts of the schema that may describe a place; none where there is no such key."""
    nodes = list(_resolved([_schema()]))
    for step in place:
        nodes = list(_resolved(_step(nodes, step)))
    return nodes


def _step(nodes: Iterable[Node], step: str | int) -> Iterator[Node]:
    for node in nodes:
        if step in node.get("properties", {}):
            yield node["properties"][step]
        elif isinstance(node.get("additionalProperties"), dict):
            yield node["additionalProperties"]
        if isinstance(node.get("items"), dict):
            yield node["items"]


def _resolved(nodes: Iterable[Node]) -> Iterator[Node]:
    """Follow references and alternatives to the plain parts."""
    for node in nodes:
        if "$ref" in node:
            yield from _resolved([_schema()["$defs"][node["$ref"].rsplit("/", 1)[-1]]])
        alternatives = [*node.get("anyOf", ()), *node.get("oneOf", ())]
        yield from _resolved(alternatives)
        if "$ref" not in node and not alternatives:
            yield node
