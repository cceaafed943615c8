"""Scenario files: reading with every mistake at its place, overriding keys, writing."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.scenario.model import Scenario
from sim.scenario.surroundings import Surroundings
from sim.scenario.yaml_tree import read_tree

Overrides = Mapping[str, Any] | Sequence[str]


def load(path: str | Path, overrides: Overrides = ()) -> Scenario:
    """Read a scenario file."""
    return loads(Path(path).read_text(encoding="utf-8"), str(path), Path(path).parent, overrides)


def loads(text: str, name: str = "<text>", folder: Path | None = None, overrides: Overrides = ()) -> Scenario:
    """Read the text of a scenario."""
    tree = read_tree(text, name)
    return Scenario.model_validate(
        tree.data, context=Surroundings(folder=folder), by_alias=True, by_name=False
    )
