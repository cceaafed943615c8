"""A comparison on a terminal: what changes, how sure that is, and who fares better or worse."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import isnan
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.experiments.figure_selectors import COLUMNS
from sim.metrics import Figure
from sim.metrics.formatting import fixed, value_and_spread
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import Cell, Row, table

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison, CustomerEffect, Difference


# The differences of a comparison in words and in an order to be read, for the terminal and the notebook.

UNITS = {"share": "%", "s": "s"}
"""Units in which figures are read; counts and ratios have none."""

WEAK = 0.3
"""A correlation below this is hardly worth the pairing."""

FEW = 10
"""A correlation over fewer replications than these says next to nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the table, or the head over figures of the same metric."""

    label: str
    indented: bool
    found: "Difference | None"


def lines_of(rows: "Sequence[Difference]") -> list[Line]:
    """Put the figures of a candidate into groups by metric: the one over all, then those of parts beneath."""
    lines: list[Line] = []
    for metric in dict.fromkeys(row.metric for row in rows):
        group = [row for row in rows if row.metric == metric]
        whole = next((row for row in group if not place_of(row)), None)
        lines.append(Line(_name(group[0]), False, whole))
        lines.extend(Line(place_of(row), True, row) for row in group if row is not whole)
    return lines


def place_of(row: "Difference") -> str:
    """Name the part of the run that a figure is about; empty for the whole."""
    return " ".join(getattr(row, column).replace("_", " ") for column in COLUMNS if getattr(row, column))


def weak(comparison: "Comparison") -> "list[Difference]":
    """Return the differences for which the same customers were no help, where there were some and that can be known."""
    shared = {row.candidate for row in comparison.customer_effects if row.compared}
    return [
        row
        for row in comparison.differences
        if row.replications >= FEW and row.candidate in shared and row.correlation < WEAK
    ]


def value(row: "Difference", number: float) -> str:
    """Write one of the values of a row without its unit."""
    return value_and_spread(_figure(row, number, number, number))[0]


def difference(row: "Difference") -> tuple[str, str]:
    """Write the difference with its sign, and half the width of its interval."""
    return signed(_figure(row, row.difference, row.low, row.high))


def signed(figure: Figure) -> tuple[str, str]:
    """Write a difference with its sign, and half the width of its interval."""
    text, spread = value_and_spread(figure)
    if text == "-":
        return text, spread
    return ("+" + text if figure.value > 0 and float(text) else text).replace("-", "−"), spread


def probability(p: float) -> str:
    """Write a probability as briefly as it says something."""
    if isnan(p):
        return "-"
    return "<.001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def number(value: float, decimals: int) -> str:
    """Write a plain number, "-" where there is none."""
    return "-" if isnan(value) else fixed(value, decimals)


def _name(row: "Difference") -> str:
    unit = UNITS.get(row.unit)
    return f"{row.metric}, {unit}" if unit else row.metric


def _figure(row: "Difference", value: float, low: float, high: float) -> Figure:
    return Figure(row.metric, "", "", "", "", "", value, low, high, row.replications, row.unit)


NOTEBOOK_HEADS = ("base", "candidate", "difference", "interval", "p (Holm)", "correlation", "variance factor")


def html(comparison: "Comparison") -> str:
    """Show a comparison in a notebook: a table a candidate."""
    name = escape(comparison.base.name)
    head = f"<p><b>{name}</b>: {comparison.replications} replications, seed {comparison.seed}</p>"
    return head + "".join(_html_of(comparison, candidate) for candidate in comparison.names)


def _html_of(comparison: "Comparison", candidate: str) -> str:
    heads = "".join(f"<th>{escape(text)}</th>" for text in (candidate, *NOTEBOOK_HEADS))
    rows = [row for row in comparison.differences if row.candidate == candidate]
    body = "".join(_html_row(line) for line in lines_of(rows))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _html_row(line: Line) -> str:
    label = f"<th>{'&emsp;' if line.indented else ''}{escape(line.label)}</th>"
    cells = [""] * len(NOTEBOOK_HEADS) if line.found is None else _cells(line.found)
    return f"<tr>{label}{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _cells(row: "Difference") -> list[str]:
    return [
        value(row, row.base), value(row, row.value), *difference(row), probability(row.p_adjusted),
        number(row.correlation, 2), number(row.variance_factor, 1),
    ]  # fmt: skip


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
    on = " on the same customers" if any(row.compared for row in comparison.customer_effects) else ""
    return f"{comparison.base.name}: differences{on}, {comparison.replications} replications, seed {comparison.seed}"


def _blocks(comparison: "Comparison", name: str, width: int) -> list[list[str]]:
    rows = [row for row in comparison.differences if row.candidate == name]
    fared = [row for row in comparison.customer_effects if row.candidate == name]
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


def _customers(fared: "list[CustomerEffect]", width: int) -> list[str]:
    if not any(row.compared for row in fared):
        text = (
            "No customer comes at the same time in both, so that nobody can be said to fare better or worse."
        )
        return wrap(text, width)
    return table(["Customers", *CUSTOMER_HEADS], [_customer_row(row) for row in fared], width)


def _customer_row(row: "CustomerEffect") -> Row:
    return (row.stream and f"  {row.stream}") or "all", [
        Cell(f"{row.compared:.1f}"),
        _share(row.better, row.better_high),
        _share(row.worse, row.worse_high),
        Cell(number(row.same * 100, 1)),
    ]


def _share(share: float, high: float) -> Cell:
    return Cell(number(share * 100, 1), f"±{number((high - share) * 100, 1)}")


def _weak(comparison: "Comparison") -> list[str]:
    """Describe where the same customers were no help."""
    return [
        f"{_named(row)}: pairing hardly helps here, the correlation is {row.correlation:.2f}; more replications do."
        for row in weak(comparison)
    ]


def _named(row: "Difference") -> str:
    place = place_of(row)
    return f"{row.candidate}: {row.metric}{f' {place}' if place else ''}"
