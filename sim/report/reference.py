"""The reference pages, made from the code: scenario keys, metrics, tables, events, notices.

`python -m sim.report.reference events > docs/events.md` writes one; `python -m sim.cli.reference` that of the commands.
"""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from sim.metrics.page import metrics_page
from sim.records.schema import COLUMNS, TABLES
from sim.report.events_page import events_page
from sim.report.notices_page import notifications_page
from sim.scenario import schema

Node = dict[str, Any]

_HOLDS = {
    "number": "number",
    "count": "whole number",
    "flag": "true or false",
    "text": "text",
    "names": "name",
}


def scenario_page() -> str:
    """Give the page of every key of a scenario file."""
    found = schema()
    lines = [
        "# The scenario file, key by key",
        "",
        "Made from the schema that `sim schema` prints; `python -m sim.report.reference scenario` writes it.",
        "",
        'Durations are written 90 (seconds), 90s, 5m, 1.5h or 2d; shares 0.35 or 35%; clock times "08:00". A law is a',
        "duration, which is then constant, or one of the laws below. NAME stands for a name of your own, [] for each",
        "item of a list. A key that is not required and has no default may simply be left out.",
        "",
    ]
    return "\n".join([*lines, *_parts(found)]).rstrip() + "\n"


def _parts(found: Node) -> Iterator[str]:
    definitions = found["$defs"]
    yield from _section("Top level", found, "")
    for name, place in _places(found).items():
        yield from _section(f"`{place}`", definitions[name], definitions[name].get("description", ""))


def _places(found: Node) -> dict[str, str]:
    """Give the parts that have keys, each with the place where the file first mentions it."""
    definitions = found["$defs"]
    places: dict[str, str] = {}

    def visit(node: Any, place: str) -> None:
        name = node.get("$ref", "").rsplit("/", 1)[-1]
        if name and name not in places:
            places[name] = place
            visit(definitions[name], place)
        for key, value in node.get("properties", {}).items():
            visit(value, f"{place}.{key}" if place else key)
        for inner in (*node.get("anyOf", ()), *node.get("oneOf", ())):
            visit(inner, place)
        if isinstance(node.get("additionalProperties"), dict):
            visit(node["additionalProperties"], f"{place}.NAME")
        if isinstance(node.get("items"), dict):
            visit(node["items"], f"{place}[]")

    visit({"properties": found["properties"]}, "")
    return {name: place for name, place in places.items() if "properties" in definitions[name]}


def _section(title: str, node: Node, opening: str) -> Iterator[str]:
    yield from (f"## {title}", "")
    if opening:
        yield from (opening, "")
    yield from ("| key | default | meaning |", "|---|---|---|")
    needed = node.get("required", ())
    for key, value in node["properties"].items():
        default = "**required**" if key in needed else _cell(default_of(value))
        meaning = _AT_THE_END.sub(".", value.get("description", "")).replace(" (default)", "")
        yield f"| `{key}` | {default} | {_cell(meaning)} |"
    yield ""


def default_of(key: Node) -> str:
    """Give what holds where a key is left out, in the words of its description; empty where it does not say."""
    text = key.get("description", "")
    if at_the_end := _AT_THE_END.search(text):
        return at_the_end[1]
    named = _IN_BRACKETS.search(text)
    if named is None:
        return ""
    values = next((node["enum"] for node in (key, *key.get("anyOf", ())) if "enum" in node), [named[1]])
    return named[1] if named[1] in values else str(values[0])


_AT_THE_END = re.compile(r"; default:? ([^;]+?)\.$")
_IN_BRACKETS = re.compile(r"(\w+) \(default\b")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def tables_page() -> str:
    """Give the page of every table."""
    lines = [
        "# Tables",
        "",
        "Made from the code; `python -m sim.report.reference tables` writes it. Times are seconds from opening, empty",
        "for never. In the files of a run each table begins with the column `replication`. Names of events are",
        "explained on [a page of their own](events.md).",
        "",
    ]
    for table, columns in TABLES.items():
        lines += [f"## {table}", "", "| column | holds | meaning |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {_HOLDS[c.type]} | {_cell(COLUMNS[table][c.name])} |" for c in columns]
        lines.append("")
    return "\n".join(lines)


PAGES: dict[str, Callable[[], str]] = {
    "scenario": scenario_page,
    "metrics": metrics_page,
    "tables": tables_page,
    "events": events_page,
    "notifications": notifications_page,
}
"""The pages by name."""

if __name__ == "__main__":
    sys.stdout.write(PAGES[sys.argv[1]]())
