"""The differences of a comparison in words and in an order to be read, and what each of them means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.errors import SimError
from sim.experiments.figure_selectors import COLUMNS, FigureSelector, goal_of
from sim.metrics import Figure, lookup
from sim.metrics.formatting import UNITS, number, probability, signed, value_and_spread
from sim.report.document import Cell, Row, Table, Tone

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison, Difference


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
        lines.append(Line(_name(group[0]) + mark(whole), False, whole))
        lines.extend(Line(place_of(row) + mark(row), True, row) for row in group if row is not whole)
    return lines


OTHERS = "*"
"""What stands behind a figure of other customers in the candidate than in the base."""


def mark(row: "Difference | None") -> str:
    """Return what marks a row that is not about the same customers in both."""
    return "" if row is None or row.same_customers else OTHERS


def place_of(row: "Difference") -> str:
    """Name the part of the run that a figure is about; empty for the whole."""
    return " ".join(getattr(row, column).replace("_", " ") for column in COLUMNS if getattr(row, column))


def weak(comparison: "Comparison") -> "list[Difference]":
    """Return the differences for which the same customers were no help, where there were some and that can be known."""
    shared = {row.candidate for row in comparison.customer_effects if row.compared}
    return [
        row
        for row in comparison.differences
        if row.replications >= FEW
        and row.candidate in shared
        and row.same_customers
        and row.correlation < WEAK
    ]


def value(row: "Difference", number: float) -> str:
    """Write one of the values of a row without its unit."""
    return value_and_spread(figure_of(row, number, number, number))[0]


def difference(row: "Difference") -> tuple[str, str]:
    """Write the difference with its sign, and half the width of its interval."""
    return signed(figure_of(row, row.difference, row.low, row.high))


def _name(row: "Difference") -> str:
    unit = UNITS.get(row.unit)
    return f"{row.metric}, {unit}" if unit else row.metric


def figure_of(row: "Difference", value: float, low: float, high: float) -> Figure:
    """Return numbers of a row as a figure, so that they are written as such."""
    return Figure.of(row.metric, value, (low, high), row.replications, row.unit)


def over_all(comparison: "Comparison") -> "list[Difference]":
    """Return the figures over all of every candidate."""
    return [row for row in comparison.differences if not place_of(row)]


def labelled(row: "Difference") -> str:
    """Name a figure and the part of the run that it is about, marked where the customers are others."""
    return f"{lookup(row.metric).label} {place_of(row)}".strip() + mark(row)


# What a difference means: whether it is there, and for the better.

SURE = 0.05
"""A difference counts as there where p, adjusted after Holm, is at most this."""
Meaning = Literal["better", "worse", "changed", "same", "open"]
SIGNS: Mapping[Meaning, str] = {"better": "✓", "worse": "✗", "changed": "≠", "same": "=", "open": "≈"}
TONES: Mapping[Meaning, Tone] = {
    "better": "met",
    "worse": "missed",
    "changed": "open",
    "same": "",
    "open": "",
}


def meaning(row: "Difference") -> Meaning:
    """Return whether a difference is there, and whether it is one for the better."""
    if row.difference == row.low == row.high == 0:
        return "same"
    if not row.p_adjusted <= SURE:
        return "open"
    try:
        goal = goal_of(FigureSelector(row.metric), None)
    except SimError:  # no direction is better for an occupancy
        return "changed"
    return "better" if (row.difference > 0) == (goal == "high") else "worse"


# The table of one candidate.

HEADS = ("Base", "Candi-\ndate", "Differ-\nence", "p\n(Holm)", "Corre-\nlation", "Pairing\n×")


def difference_table(caption: str, rows: "Sequence[Difference]") -> Table:
    """Return the figures of a candidate beside the base's, each difference with the sign of what it means."""
    return Table(caption, ("", *HEADS), [_row(line) for line in lines_of(rows)])


def _row(line: Line) -> Row:
    found = line.found
    cells = [Cell("")] * len(HEADS) if found is None else _cells(found)
    return Row(line.label, cells, int(line.indented))


def _cells(row: "Difference") -> list[Cell]:
    what, (apart, half) = meaning(row), difference(row)
    sign = f"{half} {SIGNS[what]}" if half else ""
    return [
        Cell(value(row, row.base)), Cell(value(row, row.value)), Cell(apart, sign, TONES[what]),
        Cell(probability(row.p_adjusted)), Cell(number(row.correlation, 2)), Cell(number(row.variance_factor, 1)),
    ]  # fmt: skip
