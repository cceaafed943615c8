"""A comparison on the disk: its tables, the scenarios it compared, and what its manifest says."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.storage import MANIFEST, for_spreadsheets, heading, put_json, put_scenario, write_whole
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison import Comparison


def save_comparison(comparison: "Comparison", folder: Path, command: Sequence[str]) -> Path:
    """Write a comparison into a folder and return it."""
    write_whole(folder, lambda fresh: _fill_comparison(fresh, comparison, command))
    return folder


def _fill_comparison(folder: Path, comparison: "Comparison", command: Sequence[str]) -> None:
    for_spreadsheets(comparison.table).to_csv(folder / "comparison.csv", index=False)
    for_spreadsheets(comparison.customers).to_csv(folder / "customers.csv", index=False)
    for_spreadsheets(_replications(comparison)).to_csv(folder / "replications.csv", index=False)
    base = put_scenario(folder / "base", comparison.base)
    files = [
        put_scenario(folder / f"candidate-{number}", candidate)
        for number, candidate in enumerate(comparison.candidates, start=1)
    ]
    candidates = [
        {**one, "scenario_file": name} for one, name in zip(_candidates(comparison), files, strict=True)
    ]
    known = {**comparison.manifest, **heading("comparison"), "candidates": candidates, "scenario_file": base}
    put_json(folder / MANIFEST, {**known, "command": list(command) or known["command"]})


def comparison_facts(comparison: "Comparison") -> dict[str, object]:
    """Describe a comparison as its manifest does."""
    return {
        **heading("comparison"),
        "scenario": comparison.base.name,
        "scenario_hash": comparison.base.hash,
        "candidates": _candidates(comparison),
        "figures": [wanted.text for wanted in comparison.wanted],
        "streams": list(comparison.streams),
        "seed": comparison.seed,
        "replications": comparison.replications,
        "asked": comparison.asked,
        "engine": None if comparison.engine is None else asdict(comparison.engine),
        "command": [],
        "version": __version__,
    }


def _candidates(comparison: "Comparison") -> list[dict[str, str]]:
    pairs = zip(comparison.names, comparison.candidates, strict=True)
    return [
        {"folder": f"candidate-{number}", "name": name, "scenario_hash": candidate.hash}
        for number, (name, candidate) in enumerate(pairs, start=1)
    ]


def _replications(comparison: "Comparison") -> "pd.DataFrame":
    """Return numerator and denominator of every figure in every replication, the base's under the name ""."""
    import pandas as pd

    rows = [
        {
            "replication": replication,
            "candidate": name,
            **wanted.columns(),
            "numerator": comparison.tops[replication, scenario, figure],
            "denominator": comparison.bottoms[replication, scenario, figure],
        }
        for replication in range(comparison.replications)
        for scenario, name in enumerate(("", *comparison.names))
        for figure, wanted in enumerate(comparison.wanted)
    ]
    return pd.DataFrame(rows)
