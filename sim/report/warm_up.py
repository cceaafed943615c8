"""The initial transient of a long run as a document: where it ends, and the steps it is seen in."""

from math import floor, isnan, log10
from typing import TYPE_CHECKING

from sim.metrics.cells import clock_text
from sim.metrics.formatting import number
from sim.report.document import Cell, Document, Row, Table
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import text

if TYPE_CHECKING:
    from sim.experiments.transient import WarmUp

ROWS = 25
"""Rows, about, of the table."""


def document(found: "WarmUp") -> Document:
    """Build the suggestion, the first steps and one row for the rest of the run."""
    title = "" if found.seconds is None else str(found)
    return Document(title, tables=[_steps(found)])


def warm_up_text(found: "WarmUp", width: int) -> str:
    """Write the document of a transient, no line longer than `width`."""
    return text(document(found), width)


def warm_up_json(found: "WarmUp") -> str:
    """Write one object: what was watched, the suggestion (null where the run is too short) and `steps`."""
    facts = {
        "scenario": found.scenario.name,
        "metric": found.metric,
        "queue": found.queue,
        "step_s": found.step_s,
        "warm_up_s": found.seconds,
    }
    return json_object(facts, {"steps": found.table})


def warm_up_csv(found: "WarmUp") -> str:
    """Write the table of steps with its heads."""
    return csv_text(found.table)


def _steps(found: "WarmUp") -> Table:
    table = found.table
    beginning = len(table) if found.seconds is None else max(ROWS, int(3 * found.seconds / found.step_s))
    quoted = table.iloc[: beginning : -(-min(beginning, len(table)) // ROWS)]
    decimals = _decimals(table["mean"].max())
    rows = [
        Row(clock_text(found.scenario.opens_at + at), [Cell(number(one, decimals)) for one in (mean, smooth)])
        for at, mean, smooth in quoted[["at", "mean", "moving_average"]].itertuples(index=False)
    ]
    rest = table["mean"].iloc[beginning:].mean()
    after = [] if isnan(rest) else [Row("mean from here", [Cell(number(rest, decimals)), Cell("")])]
    heads = ("Middle of\nstep", found.metric, "Moving\naverage")
    return Table("Steps", heads, [*rows, *after], titled=False)


def _decimals(largest: float) -> int:
    """Return the decimals that leave the largest number four digits, so that decimal points are aligned."""
    return max(0, 3 - floor(log10(largest))) if largest > 0 else 0
