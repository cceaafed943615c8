"""What a candidate gains and loses, at what cost: in a sentence, and several candidates side by side."""

from collections.abc import Iterable, Iterator
from math import isnan
from statistics import NormalDist
from typing import TYPE_CHECKING

from sim.metrics import lookup
from sim.metrics.formatting import UNITS, percent, replications_that_tell, signed
from sim.report.differences import (
    SIGNS,
    SURE,
    TONES,
    difference,
    figure_of,
    labelled,
    mark,
    meaning,
    over_all,
    place_of,
    value,
)
from sim.report.document import Cell, Row, Table, in_currency

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison, CustomerEffect, Difference


def overview(comparison: "Comparison") -> Table:
    """Return the figures over all as rows and the candidates as columns, each with its difference and what it means."""
    rows = [
        Row(
            in_currency(lookup(metric).label, lookup(metric).unit, comparison.base),
            _side_by_side(comparison, metric),
        )
        for metric in dict.fromkeys(row.metric for row in over_all(comparison))
    ]
    heads = ("", "Base", *map(_broken, comparison.names))
    return Table("Side by side", heads, rows, titled=False, split=1)


def _side_by_side(comparison: "Comparison", metric: str) -> list[Cell]:
    rows = [row for row in over_all(comparison) if row.metric == metric]
    unit = UNITS.get(rows[0].unit, "")
    return [Cell(f"{value(rows[0], rows[0].base)} {unit}".strip()), *map(_with_meaning, rows)]


def _with_meaning(row: "Difference") -> Cell:
    found = meaning(row)
    unit = UNITS.get(row.unit, "")
    text = f"{value(row, row.value)} {unit}".strip() + mark(row)
    said = "=" if found == "same" else f"{' '.join(difference(row))} {SIGNS[found]}"
    return Cell(text, said, TONES[found])


def _broken(name: str) -> str:
    """Break the name of a candidate at its changes, so that a column is no wider than it must be."""
    return name.replace(", ", ",\n").replace("=", "=\n") if len(name) > WIDE else name


WIDE = 18
"""Longer names of candidates are broken in the head of a column."""


def trade_off(comparison: "Comparison", name: str) -> str:
    """Describe in a sentence who gains and who loses by a candidate, at what cost, and in another what is sure."""
    parts = _gains_and_losses(comparison, name)
    sure = sure_of(comparison, name)
    return f"{name}: {', '.join(parts)}. {sure}" if parts else f"{name}: {sure}"


def trade_offs(comparison: "Comparison") -> str:
    """Describe in a sentence who gains and loses by each candidate, at what cost."""
    parts = ((name, _gains_and_losses(comparison, name)) for name in comparison.names)
    said = "; ".join(f"{name}: {', '.join(one)}" for name, one in parts if one)
    return f"{said}." if said else ""


def _gains_and_losses(comparison: "Comparison", name: str) -> list[str]:
    fared = [row for row in comparison.customer_effects if row.candidate == name]
    return [*customers_in_words(fared), *_cost_in_words(comparison, name)]


def sure_of(comparison: "Comparison", name: str) -> str:
    """Describe in a sentence which figures of a candidate are surely better, worse or otherwise."""
    here = [row for row in comparison.differences if row.candidate == name and row.metric != "cost"]
    whole = {row.metric for row in here if not place_of(row)}
    rows = [row for row in here if not place_of(row) or row.metric not in whole]
    found = {
        what: ", ".join(labelled(row) for row in rows if meaning(row) == what)
        for what in ("better", "worse", "changed")
    }
    words = {"better": "Surely better", "worse": "surely worse", "changed": "surely otherwise"}
    said = "; ".join(f"{words[what]}: {names}" for what, names in found.items() if names)
    dearer = any("unchanged" not in one for one in _cost_in_words(comparison, name))
    return f"{said[0].upper()}{said[1:]}." if said else f"No {'other ' * dearer}figure surely differs."


def customers_in_words(effects: "Iterable[CustomerEffect]") -> Iterator[str]:
    """Describe how many customers fare better and worse by their wait, and how many by the conversation."""
    for row in effects:
        if row.stream or not row.compared:
            continue
        better, worse = (percent(share) for share in (row.better, row.worse))
        if row.by == "wait":
            yield f"{better} % of customers better off, {worse} % worse"
        elif max(row.better, row.worse) >= FELT:
            yield f"the conversation longer for {worse} % and shorter for {better} %"


def hit_hardest(effects: "Iterable[CustomerEffect]") -> Iterator[str]:
    """Describe which stream's customers are most often worse off by their wait, where there are several streams."""
    rows = [row for row in effects if row.stream and row.by == "wait" and row.compared and row.worse >= FELT]
    if rows:
        worst = max(rows, key=lambda row: row.worse)
        yield f"worst off are those of {worst.stream}, {percent(worst.worse)} % of them"


FELT = 0.001
"""Shares of longer and shorter conversations below this are not spoken of."""


def _cost_in_words(comparison: "Comparison", name: str) -> Iterator[str]:
    for row in over_all(comparison):
        if row.candidate == name and row.metric == "cost":
            what = meaning(row)
            apart = " ".join([*difference(row), comparison.base.currency]).strip()
            yield {"same": "cost unchanged", "open": f"cost perhaps unchanged ({apart})"}.get(
                what, f"cost {apart}"
            )


def unknown(comparison: "Comparison") -> Iterator[str]:
    """Describe, a sentence a candidate, what of the figures over all is not known to differ, and what would tell."""
    for name in comparison.names:
        rows = [row for row in over_all(comparison) if row.candidate == name and meaning(row) == "open"]
        told: dict[str, list[str]] = {}
        for row in rows:
            if not isnan(row.low):
                told.setdefault(_needed(comparison, row), []).append(_somewhere(row))
        if told:
            parts = (f"{needed} would tell of {', '.join(said)}" for needed, said in told.items())
            yield f"{name}: some figures are not known to differ; {'; '.join(parts)}."


def _somewhere(row: "Difference") -> str:
    low, high = (signed(figure_of(row, one, one, one))[0] for one in (row.low, row.high))
    unit = "points" if row.unit == "share" else UNITS.get(row.unit, "")
    return f"{labelled(row)} ({f'{low} to {high} {unit}'.rstrip()})"


def _needed(comparison: "Comparison", row: "Difference") -> str:
    half = max(row.high - row.difference, row.difference - row.low)
    reach = NormalDist().inv_cdf(1 - SURE / 2 / len(comparison.differences)) / 1.96
    return replications_that_tell(row.replications, reach * half, row.difference)
