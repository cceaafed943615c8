"""A sweep read back from its folder."""

from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiments.sweeps import HEAD
from sim.metrics import Figure
from sim.report.html.saved_run import read_json, read_table
from sim.scenario import Scenario, load

SWEEP_FACTS = {"scenario": str, "scenario_hash": str, "seed": int, "sim": str, "numpy": str}
"""What a sweep's folder says of itself."""

STEP_COLUMNS = {
    "key": "str", "lower": "float64", "upper": "float64", "difference": "float64", "low": "float64",
    "high": "float64", "per_one": "float64",
}  # fmt: skip


class SavedSweep:
    """What `sim sweep` keeps in its folder, with the same tables."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.facts: dict[str, Any] = read_json(self.folder / HEAD, SWEEP_FACTS)

    @cached_property
    def scenario(self) -> Scenario:
        """What was varied."""
        return load(self.folder / "scenario.yaml")

    @property
    def text(self) -> str:
        """The scenario's file."""
        return (self.folder / "scenario.yaml").read_text(encoding="utf-8")

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Every figure of every point, one a row: a column a varied key, then those of a run's figures."""
        return read_table(self.folder / "figures.csv", Figure)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """What each step to the next larger value of a key brings; empty where no key has numbers."""
        path = self.folder / "steps.csv"
        return read_table(path, Figure, STEP_COLUMNS) if len(path.read_bytes()) > 1 else pd.DataFrame()

    @property
    def keys(self) -> list[str]:
        """The keys that were varied."""
        return [str(column) for column in self.figures.columns if column not in Figure._fields]

    @property
    def replications(self) -> int:
        """How many replications each point had."""
        return int(self.figures["replications"].max())

    def points(self) -> list[tuple[tuple[Any, ...], pd.DataFrame]]:
        """Return each combination of the keys' values with its figures."""
        groups = self.figures.groupby(self.keys, sort=False)
        return [(values, rows[list(Figure._fields)]) for values, rows in groups]
