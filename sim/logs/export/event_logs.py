"""Event logs for process mining: XES (IEEE 1849) and OCEL 2.0 as JSON."""

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from sim.logs.export.happenings import ACTIVITIES, Happening

EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
)


def write_xes(events: Iterable[Happening], path: Path) -> None:
    """Write a trace a conversation. Raises OSError."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">\n')
        for name, prefix, place in EXTENSIONS:
            file.write(f'  <extension name="{name}" prefix="{prefix}" uri="{place}"/>\n')
        file.write('  <classifier name="Activity" keys="concept:name"/>\n')
        for case, trace in groupby(events, key=lambda one: one.case):
            file.write(f"  <trace>\n    {_string('concept:name', case)}\n")
            for one in trace:
                file.write("    <event>\n")
                file.writelines(f"      {line}\n" for line in _lines(one))
                file.write("    </event>\n")
            file.write("  </trace>\n")
        file.write("</log>\n")


def _lines(one: Happening) -> Iterable[str]:
    yield _string("concept:name", one.activity)
    yield f'<date key="time:timestamp" value="{one.at.isoformat(timespec="milliseconds")}Z"/>'
    yield _string("lifecycle:transition", "complete")
    for key, value in (("org:resource", one.agent), ("org:group", one.team), ("queue", one.queue)):
        if value:
            yield _string(key, value)


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"


def write_ocel(events: Iterable[Happening], path: Path) -> None:
    """Write events with the conversation, agent, queue and team that they are about. Raises OSError."""
    kinds = ("conversation", "agent", "queue", "team")
    objects: dict[tuple[str, str], None] = {}
    rows: list[dict[str, Any]] = []
    for number, one in enumerate(events, start=1):
        about = list(zip(kinds, (one.case, one.agent, one.queue, one.team), strict=True))
        named = [(kind, name) for kind, name in about if name]
        objects |= dict.fromkeys(named)
        rows.append(
            {
                "id": f"e{number}",
                "type": one.activity,
                "time": f"{one.at.isoformat(timespec='milliseconds')}Z",
                "attributes": [],
                "relationships": [{"objectId": _id(*pair), "qualifier": pair[0]} for pair in named],
            }
        )
    whole = {
        "objectTypes": [{"name": kind, "attributes": []} for kind in kinds],
        "eventTypes": [{"name": activity, "attributes": []} for activity in ACTIVITIES],
        "objects": [
            {"id": _id(*pair), "type": pair[0], "attributes": [], "relationships": []} for pair in objects
        ],
        "events": rows,
    }
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def _id(kind: str, name: str) -> str:
    return f"{kind}:{name}"
