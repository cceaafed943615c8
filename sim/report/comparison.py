"""A comparison as a document: what changes, how sure that is, and who fares better or worse."""

from collections.abc import Iterator, Sequence
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.growth import growth_words
from sim.metrics.formatting import number
from sim.report.differences import OTHERS, SURE, difference_table, place_of, weak
from sim.report.document import Cell, Document, Row, Section, Table, absence, remark, share_cell
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import text
from sim.report.trade_off import overview, sure_of, trade_off, trade_offs, unknown

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison, CustomerEffect, Difference


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
    """Build the candidates side by side, then a section a candidate, and what the numbers mean."""
    several = len(comparison.names) > 1
    notes = [
        *unsteady(comparison),
        *unmatched(comparison),
        *marks(comparison),
        *_weak(comparison),
        *absences(comparison),
    ]
    return Document(
        title=_headline(comparison),
        sentences=[] if several else [trade_off(comparison, name) for name in comparison.names],
        tables=_opening(comparison) if several else [],
        sections=[
            Section(name, f"candidate-{number}", _tables(comparison, name, several))
            for number, name in enumerate(comparison.names, 1)
        ],
        notes=[
            "\n".join([LEGEND, CUSTOMERS_LEGEND] if several else [SIGNS_LEGEND, LEGEND, CUSTOMERS_LEGEND]),
            "\n".join(notes),
        ],
        sure=list(how_sure(comparison)),
        places=() if folder is None else (f"Comparison in {folder}",),
    )


def unsteady(comparison: "Comparison") -> Iterator[str]:
    """Describe in which scenarios the backlog of a queue grows."""
    scenarios = {"base": comparison.base, **dict(zip(comparison.names, comparison.candidates, strict=True))}
    for at, (name, scenario) in enumerate(scenarios.items()):
        yield from (f"{name}: {said}" for said in growth_words(comparison.growing(at), scenario))


def how_sure(comparison: "Comparison") -> Iterator[str]:
    """Describe on how much the differences rest, and what of them is not known."""
    asked = comparison.manifest["asked"]
    if comparison.replications < asked:
        yield f"It was interrupted: {comparison.replications} of {asked} replications were finished."
    same = comparison.has_the_same_customers
    met = "met the very same customers" if same else "were simulated, not all with the same customers"
    yield (
        f"In each of {comparison.replications} replications the base and every candidate {met}. A difference is "
        f"surely there where p is at most {SURE}, adjusted after Holm for all {len(comparison.differences)} rows "
        "together."
    )
    factors = sorted(row.variance_factor for row in comparison.differences if not isnan(row.variance_factor))
    if factors and same:
        yield (
            f"With other customers in each scenario it would have taken about {factors[len(factors) // 2]:.0f} times "
            "as many replications (the middle one of the figures)."
        )
    yield from unknown(comparison)


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


def _opening(comparison: "Comparison") -> list[Table]:
    """Return the candidates side by side, what the signs in it mean, and what each of them gains and loses."""
    return [overview(comparison), remark(SIGNS_LEGEND), remark(trade_offs(comparison))]


def _tables(comparison: "Comparison", name: str, several: bool) -> list[Table]:
    rows = [row for row in comparison.differences if row.candidate == name]
    fared = [row for row in comparison.customer_effects if row.candidate == name]
    said = [remark(sure_of(comparison, name))] if several else []
    return [difference_table(f"Candidate: {name}", rows), customer_table(name, fared), *said]


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
        yield (
            f"{OTHERS} not the same customers in both: others come to the run, to this queue, by this channel or with"
            " this label."
        )


def customer_table(name: str, fared: "Sequence[CustomerEffect]") -> Table:
    """Return how many customers fare better and worse, over all and by stream; a remark where that is not known."""
    caption, heads = f"Customers with {name}", ("Customers", *CUSTOMER_HEADS)
    if not any(row.compared for row in fared):
        return remark(NOT_THE_SAME)
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
