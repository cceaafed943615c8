"""A comparison as a document: what changes, how sure that is, and who fares better or worse."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, isnan, log10
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from sim.errors import SimError
from sim.experiments.figure_selectors import COLUMNS, FigureSelector, goal_of
from sim.metrics import Figure, lookup
from sim.metrics.formatting import UNITS, number, percent, probability, signed, value_and_spread
from sim.report.document import Cell, Document, Row, Table, Tone, absence, share_cell
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import text

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison, CustomerEffect, Difference


# The differences of a comparison in words and in an order to be read, for the terminal and the notebook.

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
    return value_and_spread(_figure(row, number, number, number))[0]


def difference(row: "Difference") -> tuple[str, str]:
    """Write the difference with its sign, and half the width of its interval."""
    return signed(_figure(row, row.difference, row.low, row.high))


def _name(row: "Difference") -> str:
    unit = UNITS.get(row.unit)
    return f"{row.metric}, {unit}" if unit else row.metric


def _figure(row: "Difference", value: float, low: float, high: float) -> Figure:
    return Figure.of(row.metric, value, (low, high), row.replications, row.unit)


# What a difference means: whether it is there, and for the better.

SURE = 0.05
"""A difference counts as there where p, adjusted after Holm, is at most this."""

Meaning = Literal["better", "worse", "changed", "same", "open"]
SIGNS: Mapping[Meaning, str] = {"better": "✓", "worse": "✗", "changed": "≠", "same": "=", "open": "≈"}
WORDS: Mapping[Meaning, str] = {
    "better": "better",
    "worse": "worse",
    "changed": "differs",
    "same": "the same",
    "open": "may be none",
}
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


def meaning_cell(row: "Difference") -> Cell:
    """Return the meaning of a difference as a cell: its sign and its word."""
    found = meaning(row)
    return Cell(f"{SIGNS[found]} {WORDS[found]}", tone=TONES[found])


def overview(comparison: "Comparison") -> Table:
    """Return the figures over all as rows and the candidates as columns, each with its difference and what it means."""
    rows = [
        Row(lookup(metric).label, _side_by_side(comparison, metric))
        for metric in dict.fromkeys(row.metric for row in _whole(comparison))
    ]
    heads = ("", "Base", *map(_broken, comparison.names))
    return Table("Side by side", heads, rows, titled=False, split=True)


def _side_by_side(comparison: "Comparison", metric: str) -> list[Cell]:
    rows = [row for row in _whole(comparison) if row.metric == metric]
    unit = UNITS.get(rows[0].unit, "")
    return [Cell(f"{value(rows[0], rows[0].base)} {unit}".strip()), *map(_with_meaning, rows)]


def _with_meaning(row: "Difference") -> Cell:
    found = meaning(row)
    unit = UNITS.get(row.unit, "")
    text = f"{value(row, row.value)} {unit}".strip() + mark(row)
    said = "=" if found == "same" else f"{' '.join(difference(row))} {SIGNS[found]}"
    return Cell(text, said, TONES[found])


def _whole(comparison: "Comparison") -> "list[Difference]":
    return [row for row in comparison.differences if not place_of(row)]


def _broken(name: str) -> str:
    """Break the name of a candidate at its changes, so that a column is no wider than it must be."""
    return name.replace(", ", ",\n").replace("=", "=\n") if len(name) > WIDE else name


WIDE = 18
"""Longer names of candidates are broken in the head of a column."""


def trade_off(comparison: "Comparison", name: str) -> str:
    """Describe in a sentence who gains and who loses by a candidate, at what cost."""
    parts = [*_customers_in_words(comparison, name), *_cost_in_words(comparison, name)]
    here = [row for row in comparison.differences if row.candidate == name and row.metric != "cost"]
    rows = [row for row in here if not place_of(row)] or here
    found = {
        what: ", ".join(_labelled(row) for row in rows if meaning(row) == what)
        for what in ("better", "worse", "changed")
    }
    words = {"better": "Surely better", "worse": "surely worse", "changed": "surely otherwise"}
    said = "; ".join(f"{words[what]}: {names}" for what, names in found.items() if names)
    figures = f"{said[0].upper()}{said[1:]}." if said else "No figure surely differs."
    return f"{name}: {', '.join(parts)}. {figures}" if parts else f"{name}: {figures}"


def _labelled(row: "Difference") -> str:
    return f"{lookup(row.metric).label} {place_of(row)}".strip() + mark(row)


def _customers_in_words(comparison: "Comparison", name: str) -> Iterator[str]:
    for row in comparison.customer_effects:
        if row.candidate != name or row.stream or not row.compared:
            continue
        better, worse = (percent(share) for share in (row.better, row.worse))
        if row.by == "wait":
            yield f"{better} % of customers better off, {worse} % worse"
        elif max(row.better, row.worse) >= FELT:
            yield f"the conversation longer for {worse} % and shorter for {better} %"


FELT = 0.001
"""Shares of longer and shorter conversations below this are not spoken of."""


def _cost_in_words(comparison: "Comparison", name: str) -> Iterator[str]:
    for row in _whole(comparison):
        if row.candidate == name and row.metric == "cost":
            what = meaning(row)
            apart = " ".join(difference(row))
            yield {"same": "cost unchanged", "open": f"cost perhaps unchanged ({apart})"}.get(
                what, f"cost {apart}"
            )


def unknown(comparison: "Comparison") -> Iterator[str]:
    """Describe, a sentence a candidate, what of the figures over all is not known to differ, and what would tell."""
    for name in comparison.names:
        rows = [row for row in _whole(comparison) if row.candidate == name and meaning(row) == "open"]
        found = [said for row in rows if not isnan(row.low) and (said := _what_would_tell(comparison, row))]
        if found:
            yield f"{name}: not known to differ are {'; '.join(found)}."


def _what_would_tell(comparison: "Comparison", row: "Difference") -> str:
    low, high = (signed(_figure(row, one, one, one))[0] for one in (row.low, row.high))
    unit = "points" if row.unit == "share" else UNITS.get(row.unit, "")
    said = f"{_labelled(row)} (somewhere from {low} to {high} {unit}".rstrip()
    half = max(row.high - row.difference, row.difference - row.low)
    reach = NormalDist().inv_cdf(1 - SURE / 2 / len(comparison.differences)) / 1.96
    needed = row.replications * (reach * half / row.difference) ** 2 if row.difference else inf
    if needed > MOST_REPLICATIONS:
        return f"{said}: if it does, by less than {MOST_REPLICATIONS} replications can tell)"
    return f"{said}: about {_rounded(max(needed, 2 * row.replications))} replications would tell)"


MOST_REPLICATIONS = 1000


def _rounded(number: float) -> int:
    """Round up to two digits, as an estimate is no better."""
    step: int = 10 ** max(0, floor(log10(number)) - 1)
    return ceil(number / step) * step


HEADS = ("Base", "Candi-\ndate", "Differ-\nence", "p\n(Holm)", "Corre-\nlation", "Pairing\n×")
CUSTOMER_HEADS = ("Com-\npared", "Better\noff %", "Worse\noff %", "The\nsame %")

LEGEND = (
    "± is half the 95 % interval of the difference; p is Holm's for all rows together. Pairing ×: so many times"
    " more replications would have been needed without the same customers in both."
)
SIGNS_LEGEND = "✓ surely better, ✗ surely worse, ≠ surely otherwise, = the same, ≈ may be no difference."
NOT_THE_SAME = (
    "No customer comes at the same time in both, so that nobody can be said to fare better or worse."
)
CUSTOMERS_LEGEND = (
    "Better off by the wait: served to the end where they were not before, or a second or more less to wait in all;"
    " by the conversation: it takes a second or more less. Compared: customers in a replication who are in both."
)


def document(comparison: "Comparison", folder: Path | None = None) -> Document:
    """Build a table a candidate, with the customers beneath, and what the numbers mean."""
    notes = [*unmatched(comparison), *marks(comparison), *_weak(comparison), *absences(comparison)]
    side_by_side = [overview(comparison)] if len(comparison.names) > 1 else []
    return Document(
        title=_headline(comparison),
        sentences=[trade_off(comparison, name) for name in comparison.names],
        tables=[*side_by_side, *(table for name in comparison.names for table in _tables(comparison, name))],
        notes=[
            "\n".join([SIGNS_LEGEND] * bool(side_by_side) + [LEGEND, CUSTOMERS_LEGEND]),
            "\n".join(notes),
        ],
        places=() if folder is None else (f"Comparison in {folder}",),
    )


def absences(comparison: "Comparison") -> Iterator[str]:
    """Describe each figure that has no value in the base or a candidate, and why."""
    scenarios = {"base": comparison.base, **dict(zip(comparison.names, comparison.candidates, strict=True))}
    for wanted in comparison.wanted:
        rows = [row for row in comparison.differences if wanted.columns().items() <= row._asdict().items()]
        without = [row.candidate for row in rows if isnan(row.value)]
        gone = ["base"] * any(isnan(row.base) for row in rows) + without
        if gone:
            where = "in any scenario" if len(gone) == len(rows) + 1 else f"in {', '.join(gone)}"
            yield absence(wanted, where, scenarios[gone[0]])


def comparison_text(comparison: "Comparison", width: int, folder: Path | None = None) -> str:
    """Write the document of a comparison, no line longer than `width`."""
    return text(document(comparison, folder), width)


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
    on = " on the same customers" if comparison.has_the_same_customers else ""
    return f"{comparison.base.name}: differences{on}, {comparison.replications} replications, seed {comparison.seed}"


def _tables(comparison: "Comparison", name: str) -> list[Table]:
    rows = [row for row in comparison.differences if row.candidate == name]
    fared = [row for row in comparison.customer_effects if row.candidate == name]
    return [difference_table(f"Candidate: {name}", rows), customer_table(name, fared)]


def unmatched(comparison: "Comparison") -> Iterator[str]:
    """Describe for each candidate how many customers come in one of the two only, where there are any."""
    for row in comparison.customer_effects:
        gone = row.arrived - row.compared
        if row.stream or row.by != "wait" or not (gone or row.added):
            continue
        yield (
            f"{row.candidate}: of {number(row.arrived, 1)} customers of the base {number(gone, 1)} do not come here,"
            f" and {number(row.added, 1)} come here only. They count in the figures, which so are those of different"
            " customers, but cannot be said to fare better or worse."
        )


def marks(comparison: "Comparison") -> Iterator[str]:
    """Describe what the mark of a row means, where there is one."""
    if not all(row.same_customers for row in comparison.differences):
        yield f"{OTHERS} not the same customers in both: others come to the run, to this queue or by this channel."


def difference_table(
    caption: str, rows: "Sequence[Difference]", verdict: "Callable[[Difference], Cell] | None" = None
) -> Table:
    """Return the figures of a candidate beside the base's, with a verdict in front where there is one to give."""
    heads = ("Figure", "Verdict", *HEADS) if verdict else ("", *HEADS)
    return Table(caption, heads, [_row(line, verdict) for line in lines_of(rows)])


def _row(line: Line, verdict: "Callable[[Difference], Cell] | None") -> Row:
    found = line.found
    if found is None:
        return Row(line.label, [Cell("")] * (len(HEADS) + bool(verdict)), int(line.indented))
    first = [verdict(found)] if verdict else []
    return Row(line.label, [*first, *_cells(found)], int(line.indented))


def _cells(row: "Difference") -> list[Cell]:
    return [
        Cell(value(row, row.base)), Cell(value(row, row.value)), Cell(*difference(row)),
        Cell(probability(row.p_adjusted)), Cell(number(row.correlation, 2)), Cell(number(row.variance_factor, 1)),
    ]  # fmt: skip


def customer_table(name: str, fared: "Sequence[CustomerEffect]") -> Table:
    """Return how many customers fare better and worse, over all and by stream; a remark where that is not known."""
    caption, heads = f"Customers with {name}", ("Customers", *CUSTOMER_HEADS)
    if not any(row.compared for row in fared):
        return Table(NOT_THE_SAME, heads, ())
    rows = [
        Row(row.stream or f"all, by the {row.by}", _customer_cells(row), int(bool(row.stream)))
        for row in fared
    ]
    return Table(caption, heads, rows, titled=False)


def _customer_cells(row: "CustomerEffect") -> list[Cell]:
    return [
        Cell(number(row.compared, 1)), share_cell(row.better, row.better_high), share_cell(row.worse, row.worse_high),
        share_cell(row.same),
    ]  # fmt: skip


def _weak(comparison: "Comparison") -> list[str]:
    """Describe where the same customers were no help."""
    return [
        f"{_named(row)}: pairing hardly helps here, the correlation is {row.correlation:.2f}; more replications do."
        for row in weak(comparison)
    ]


def _named(row: "Difference") -> str:
    place = place_of(row)
    return f"{row.candidate}: {row.metric}{f' {place}' if place else ''}"
