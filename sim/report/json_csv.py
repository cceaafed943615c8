"""Tables for programs: one JSON object, or CSV, and nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.experiments.storage import for_spreadsheets
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.breakdowns import By
    from sim.experiments.result import Result


def json_object(facts: Mapping[str, Any], tables: "Mapping[str, pd.DataFrame]") -> str:
    """Write one object: the facts, the version and each table as a list of rows; NaN becomes null."""
    rows = {name: records(table) for name, table in tables.items()}
    return json.dumps({**facts, "version": __version__, **rows}, ensure_ascii=False, allow_nan=False)


def records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the rows of a table as mappings, None for NaN."""
    plain = table.astype(object)
    return [
        {str(key): one for key, one in row.items()}
        for row in plain.where(table.notna(), None).to_dict("records")
    ]


def csv_text(table: "pd.DataFrame") -> str:
    """Write a table with its heads."""
    text: str = for_spreadsheets(table).to_csv(index=False)
    return text.rstrip("\n")


# Figures for programs: one JSON object or a CSV table, and nothing else.


def as_json(result: "Result", by: "Sequence[By]" = ()) -> str:
    """Write one object: scenario, seed, replications, version and figures, and breakdowns; NaN becomes null."""
    whole = {
        "scenario": result.scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        "version": __version__,
        "engine": None if result.engine is None else asdict(result.engine),
        "figures": result.figures.astype(object).where(result.figures.notna(), None).to_dict("records"),
    }
    if by:
        whole["by"] = {one: records(result.by(one)) for one in by}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)


def as_csv(result: "Result", by: "Sequence[By]" = ()) -> str:
    """Write the table of figures with its heads, or that of the breakdown."""
    return csv_text(result.by(by[0]) if by else result.figures)
