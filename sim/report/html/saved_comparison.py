"""A comparison read back from its folder."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import pandas as pd

from sim.experiments.comparison import CustomerEffect, Difference
from sim.report.html.saved_run import read_manifest, read_table
from sim.scenario import Scenario, load

COMPARISON_FACTS: Mapping[str, type] = {
    "candidates": list, "seed": int, "replications": int, "asked": int, "scenario_hash": str, "version": str,
    "command": list,
}  # fmt: skip
"""What the manifest of a comparison says at least."""


class SavedComparison:
    """What `Comparison.save` wrote, with the same tables."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder, COMPARISON_FACTS)

    @cached_property
    def base(self) -> Scenario:
        """What the candidates are held against."""
        return load(self.folder / "base" / "scenario.yaml")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the candidates."""
        return tuple(candidate["name"] for candidate in self.manifest["candidates"])

    @property
    def texts(self) -> dict[str, str]:
        """The scenario files of the base and the candidates, by what they are."""
        folders = {"The base": "base"} | {
            f"Candidate: {candidate['name']}": candidate["folder"]
            for candidate in self.manifest["candidates"]
        }
        return {
            title: (self.folder / folder / "scenario.yaml").read_text(encoding="utf-8")
            for title, folder in folders.items()
        }

    @property
    def replications(self) -> int:
        """How many replications were finished."""
        return int(self.manifest["replications"])

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every figure of every candidate beside the base, one a row."""
        return read_table(self.folder / "comparison.csv", Difference)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """The rows of the table."""
        return tuple(Difference(*row) for row in self.table.itertuples(index=False))

    @cached_property
    def customer_effects(self) -> tuple[CustomerEffect, ...]:
        """How the customers fare with each candidate, by stream and over all."""
        table = read_table(self.folder / "customers.csv", CustomerEffect)
        return tuple(CustomerEffect(*row) for row in table.itertuples(index=False))
