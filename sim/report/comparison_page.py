"""A comparison on a terminal: what changes, how sure that is, and who fares better or worse."""

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.experiments.compared import (
    Line,
    difference,
    lines_of,
    number,
    place_of,
    probability,
    value,
    weak,
)
from sim.report.columns import Cell, Row, table
from sim.report.objects import csv_text, json_object

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison, Difference, Fared

HEADS = ("Base", "Candi-\ndate", "Differ-\nence", "p\n(Holm)", "Corre-\nlation", "Pairing\n×")
CUSTOMER_HEADS = ("A day", "Better\noff %", "Worse\noff %", "The\nsame %")

LEGEND = (
    "± is half the 95 % interval of the difference; p is Holm's for all rows together. Pairing ×: so many times"
    " more replications would have been needed without the same customers in both."
)
CUSTOMERS_LEGEND = (
    "Better off: served to the end where they were not before, or a second or more less to wait in all."
)


def comparison_text(comparison: "Comparison", width: int, folder: Path | None = None) -> str:
    """Write a comparison: a table a candidate with the customers beneath, no line longer than `width`."""
    blocks = [
        wrap(_headline(comparison), width),
        *(block for name in comparison.names for block in _blocks(comparison, name, width)),
        wrap(LEGEND, width) + wrap(CUSTOMERS_LEGEND, width),
        [line for text in _weak(comparison) for line in wrap(text, width)],
        [] if folder is None else wrap(f"Comparison in {folder}", width, break_long_words=False),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def comparison_json(comparison: "Comparison") -> str:
    """Write one object: what was compared, `figures` (a row a figure and candidate) and `customers`."""
    facts = {
        "scenario": comparison.base.name,
        "seed": comparison.seed,
        "replications": comparison.replications,
        "candidates": list(comparison.names),
    }
    return json_object(facts, {"figures": comparison.table, "customers": comparison.customers})


def comparison_csv(comparison: "Comparison") -> str:
    """Write the table of differences with its heads."""
    return csv_text(comparison.table)


def _headline(comparison: "Comparison") -> str:
    on = " on the same customers" if any(row.compared for row in comparison.fared) else ""
    return f"{comparison.base.name}: differences{on}, {comparison.replications} replications, seed {comparison.seed}"


def _blocks(comparison: "Comparison", name: str, width: int) -> list[list[str]]:
    rows = [row for row in comparison.differences if row.candidate == name]
    fared = [row for row in comparison.fared if row.candidate == name]
    figures = table(["", *HEADS], [_row(line) for line in lines_of(rows)], width)
    return [[*wrap(f"Candidate: {name}", width), *figures], _customers(fared, width)]


def _row(line: Line) -> Row:
    label = f"  {line.label}" if line.indented else line.label
    found = line.found
    if found is None:
        return label, [Cell("")] * len(HEADS)
    return label, [
        Cell(value(found, found.base)),
        Cell(value(found, found.value)),
        Cell(*difference(found)),
        Cell(probability(found.p_adjusted)),
        Cell(number(found.correlation, 2)),
        Cell(number(found.variance_factor, 1)),
    ]


def _customers(fared: "list[Fared]", width: int) -> list[str]:
    if not any(row.compared for row in fared):
        text = (
            "No customer comes at the same time in both, so that nobody can be said to fare better or worse."
        )
        return wrap(text, width)
    return table(["Customers", *CUSTOMER_HEADS], [_customer_row(row) for row in fared], width)


def _customer_row(row: "Fared") -> Row:
    return (row.stream and f"  {row.stream}") or "all", [
        Cell(f"{row.compared:.1f}"),
        _share(row.better, row.better_high),
        _share(row.worse, row.worse_high),
        Cell(number(row.same * 100, 1)),
    ]


def _share(share: float, high: float) -> Cell:
    return Cell(number(share * 100, 1), f"±{number((high - share) * 100, 1)}")


def _weak(comparison: "Comparison") -> list[str]:
    """Say where the same customers were no help."""
    return [
        f"{_named(row)}: pairing hardly helps here, the correlation is {row.correlation:.2f}; more replications do."
        for row in weak(comparison)
    ]


def _named(row: "Difference") -> str:
    place = place_of(row)
    return f"{row.candidate}: {row.metric}{f' {place}' if place else ''}"
