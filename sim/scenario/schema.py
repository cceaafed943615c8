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
    return {"$schema": DIALECT, **found, "title": "Scenario of a contact-centre simulation"}


@cache
def _schema() -> Node:
    return schema()


def keys_at(place: Place) -> tuple[str, ...]:
    """Return the keys that are possible at a place; none where names are free or nothing is."""
    return tuple(dict.fromkeys(key for node in nodes_at(place) for key in node.get("properties", {})))


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
