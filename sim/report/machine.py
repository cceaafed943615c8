"""Figures for programs: one JSON object or a CSV table, and nothing else."""

import json
from typing import TYPE_CHECKING

from sim.version import __version__

if TYPE_CHECKING:
    from sim.experiments.result import Result


def as_json(result: "Result") -> str:
    """Write one object: scenario, seed, replications, version and figures; NaN becomes null."""
    whole = {
        "scenario": result.scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        "version": __version__,
        "figures": result.figures.astype(object).where(result.figures.notna(), None).to_dict("records"),
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)


def as_csv(result: "Result") -> str:
    """Write the table of figures with its heads."""
    text: str = result.figures.to_csv(index=False)
    return text.rstrip("\n")
