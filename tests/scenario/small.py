"""A scenario of a few lines, its variations, and the mistakes of a text as lines."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario, loads

REFERENCE = Path(__file__).parents[2] / "scenarios" / "reference.yaml"

SMALL = """\
lasts: 2h
opens: 2026-03-02 08:00
media: {chat: {max_tasks: 3}, voice: {max_tasks: 1}}
channels: {web: {medium: chat}, phone: {medium: voice}}
labels: {gold: {priority: 8}}
queues:
  sales: {medium: chat, handle_time: 5m}
  help: {medium: chat, handle_time: 5m}
  calls: {medium: voice, handle_time: 5m}
teams:
  crew: {agents: 3, skills: {sales: 5, help: 5, calls: 5}}
arrivals:
  - {channel: web, queue: sales, per_hour: 30}
  - {channel: web, queue: help, per_hour: 30}
  - {channel: phone, queue: calls, per_hour: 30}
"""


def small(**changes: Any) -> Scenario:
    """The small scenario with keys changed; a double underscore stands for a dot."""
    return loads(SMALL, overrides={key.replace("__", "."): value for key, value in changes.items()})


def text_with(**parts: str) -> str:
    """The small scenario's text with whole top-level sections replaced or added at the end."""
    lines = SMALL.splitlines()
    for key, part in parts.items():
        at = next((i for i, line in enumerate(lines) if line.startswith(f"{key}:")), len(lines))
        end = next((i for i in range(at + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
        lines[at:end] = dedent(part).strip("\n").splitlines()
    return "\n".join(lines) + "\n"


def mistakes(
    text: str, overrides: Mapping[str, Any] | Sequence[str] = (), folder: Path | None = None
) -> list[str]:
    """The lines that say what is wrong with a text; the file is called day.yaml."""
    with pytest.raises(ScenarioError) as caught:
        loads(text, "day.yaml", folder, overrides)
    assert str(caught.value).splitlines() == [str(mistake) for mistake in caught.value.mistakes]
    for mistake in caught.value.mistakes:  # a place is where something stands
        if mistake.file == "day.yaml" and 0 < mistake.line <= len(text.splitlines()):
            assert text.splitlines()[mistake.line - 1][mistake.column - 1 :].strip(), mistake
    return [str(mistake) for mistake in caught.value.mistakes]
