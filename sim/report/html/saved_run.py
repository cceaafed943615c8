"""A run read back from its folder."""

import ast
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

import pandas as pd

from sim.errors import SimError
from sim.experiments.storage import MANIFEST
from sim.metrics import Figure
from sim.records.recorder import vocabularies_of
from sim.records.schema import TABLES, Column
from sim.report.plots import Plots
from sim.scenario import Scenario, load

RUN_FACTS: Mapping[str, type] = {
    "seed": int, "replications": int, "asked": int, "tables": list, "scenario_text": str, "scenario_hash": str,
    "versions": dict, "started": str, "seconds": float, "command": list,
}  # fmt: skip
"""What the manifest of a run says at least."""


def read_manifest(folder: Path, needed: Mapping[str, type] | None = None) -> dict[str, Any]:
    """Read what a result's folder says of itself.

    Raises SimError where the folder is none, or cannot be read, or the manifest lacks something `needed`.
    """
    return read_json(folder / MANIFEST, needed)


def read_json(path: Path, needed: Mapping[str, type] | None = None) -> dict[str, Any]:
    """Read the file that makes a folder a result.

    Raises SimError where there is none, or it cannot be read, or lacks something `needed`.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise SimError(f"{path.parent}: is no saved result (it has no {path.name})") from None
    except (OSError, ValueError) as error:
        raise SimError(f"{path}: cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise SimError(f"{path}: cannot be read: it is no JSON object")
    for key, kind in (needed or {}).items():
        if not isinstance(content.get(key), (int, float) if kind is float else kind):
            what = "not as it was written" if key in content else "missing"
            raise SimError(f"{path}: does not tell of a result: `{key}` is {what}")
    return content


class SavedRun:
    """What `Result.save` wrote, with the same tables; pictures are drawn from it as from the result."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder, RUN_FACTS)

    @cached_property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return load(self.folder / "scenario.yaml")

    @property
    def plot(self) -> Plots:
        """Its pictures, as a result has them: `SavedRun("results/day/run").plot.waits()`."""
        return Plots(self)

    @property
    def seed(self) -> int:
        """The seed of its random numbers."""
        return int(self.manifest["seed"])

    @property
    def replications(self) -> int:
        """How many replications were finished."""
        return int(self.manifest["replications"])

    @property
    def asked(self) -> int:
        """How many replications were wanted."""
        return int(self.manifest["asked"])

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that were kept."""
        return tuple(self.manifest["tables"])

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Every figure, one a row. Raises SimError where they cannot be read."""
        path = self.folder / "figures.csv"
        found = read_table(path, Figure)
        gone = [name for name in Figure._fields if name not in found]
        if gone:
            raise SimError(f"{path}: is not as it was written: the column {gone[0]} is missing")
        return found

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the kept replications, one below the other, with its declared types.

        Raises SimError where it was not kept.
        """
        if name not in self.tables:
            raise SimError(f"{self.folder}: the table {name} was not kept")
        if name not in self._read:
            self._read[name] = self._typed(name)
        return self._read[name]

    @cached_property
    def _read(self) -> dict[str, pd.DataFrame]:
        return {}

    def _typed(self, name: str) -> pd.DataFrame:
        frame = _csv(self.folder / f"{name}.csv.gz", {c.name: _DTYPES[c.type] for c in TABLES[name]})
        vocabularies = vocabularies_of(self.scenario)
        for column in TABLES[name]:
            frame[column.name] = _as_declared(frame[column.name], column, vocabularies)
        return frame


def read_table(path: Path, row: type[NamedTuple], more: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Read a table of figures as it was written, with the types of `row` and of `more` columns.

    A name that is not given is empty text, not a gap. Raises SimError where it cannot be read.
    """
    types = {name: _OF_FIELD[kind] for name, kind in get_type_hints(row).items()}
    return _csv(path, {**types, **(more or {})})


_OF_FIELD: dict[type, str] = {str: "str", float: "float64", int: "int64"}
_DTYPES = {"number": "float64", "count": "int64", "flag": "bool", "text": "str", "names": "str"}


def _csv(path: Path, types: Mapping[str, str]) -> pd.DataFrame:
    """Read a table; only columns of numbers have gaps."""
    gaps = {name: [""] for name, type_ in types.items() if type_ == "float64"}
    try:
        frame: pd.DataFrame = pd.read_csv(path, dtype=dict(types), keep_default_na=False, na_values=gaps)
    except OSError as error:
        raise SimError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise SimError(f"{path}: is not as it was written: {str(error).splitlines()[0]}") from error
    return frame


def _as_declared(values: pd.Series, column: Column, vocabularies: dict[str, tuple[str, ...]]) -> Any:
    if column.type == "names":
        names = pd.Index(vocabularies[column.vocabulary], dtype="str")
        return pd.Categorical(values.where(values.isin(names)), categories=names)
    if column.name == "detail":
        return values.map(ast.literal_eval)
    return values
