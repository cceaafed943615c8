"""What a saved comparison consists of."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.store import MANIFEST, write_whole
from sim.scenario import Scenario, dump
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison import Comparison


def save_comparison(comparison: "Comparison", folder: Path, command: Sequence[str]) -> Path:
    """Write a comparison into a folder and return it."""
    write_whole(folder, lambda fresh: _fill_comparison(fresh, comparison, command))
    return folder


def put_scenario(folder: Path, scenario: Scenario) -> None:
    """Write a scenario and the files it names, so that it loads from where it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = scenario.origin.texts if scenario.origin else {}
    for name, text in {**texts, "scenario.yaml": dump(scenario)}.items():
        path = folder / name
        if path.resolve().is_relative_to(folder.resolve()):  # an absolute name is found where it was
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")


def put_json(path: Path, content: object) -> None:
    """Write a value as JSON that a person can read."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _fill_comparison(folder: Path, comparison: "Comparison", command: Sequence[str]) -> None:
    comparison.table.to_csv(folder / "comparison.csv", index=False)
    comparison.customers.to_csv(folder / "customers.csv", index=False)
    _replications(comparison).to_csv(folder / "replications.csv", index=False)
    put_scenario(folder / "base", comparison.base)
    for number, candidate in enumerate(comparison.candidates, start=1):
        put_scenario(folder / f"candidate-{number}", candidate)
    put_json(folder / MANIFEST, _comparison_facts(comparison, command))


def _comparison_facts(comparison: "Comparison", command: Sequence[str]) -> dict[str, object]:
    return {
        "kind": "comparison",
        "scenario": comparison.base.name,
        "scenario_hash": comparison.base.hash,
        "candidates": [
            {"folder": f"candidate-{number}", "name": name, "scenario_hash": candidate.hash}
            for number, (name, candidate) in enumerate(
                zip(comparison.names, comparison.candidates, strict=True), start=1
            )
        ],
        "seed": comparison.seed,
        "replications": comparison.replications,
        "asked": comparison.asked,
        "command": list(command),
        "version": __version__,
    }


def _replications(comparison: "Comparison") -> "pd.DataFrame":
    """Give numerator and denominator of every figure in every replication, the base's under the name ""."""
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
