"""A search for the best scenario as a document: which one, how sure, and what it took."""

from math import isnan
from typing import TYPE_CHECKING

from sim.experiments.variants import have_the_same_customers
from sim.metrics import Figure
from sim.metrics.formatting import UNITS, number
from sim.report.document import Cell, Document, Row, Table, cell
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import text

if TYPE_CHECKING:
    from sim.experiments.selection import Candidate, Selection


HEADS = ("Value", "Behind\nthe best", "Repli-\ncations", "Left out\nafter")


def document(selection: "Selection") -> Document:
    """Build which scenario is the best, and the table of all."""
    unit = UNITS.get(selection.wanted.definition.unit)
    head = f"{selection.wanted.text}{f', {unit}' if unit else ''}"
    rows = [_row(selection, one) for one in selection.candidates]
    return Document(
        title=_headline(selection),
        sentences=[_outcome(selection)],
        tables=[Table("Scenarios", [head, *HEADS], rows, titled=False)],
        notes=[_method(selection), *_leaving(selection)],
    )


def selection_text(selection: "Selection", width: int) -> str:
    """Write the document of a search, no line longer than `width`."""
    return text(document(selection), width)


def selection_json(selection: "Selection") -> str:
    """Write one object: what was asked, which scenario is the best (null where undecided) and `figures`."""
    facts = {
        "scenario": selection.scenarios[0].name,
        "seed": selection.seed,
        "replications": selection.replications,
        "simulated": selection.simulated,
        "best": selection.name,
        "confidence": selection.confidence,
        "delta": selection.delta,
        "goal": selection.goal,
        "unfinished": dict(zip(selection.names, selection.unfinished, strict=False)),
        **selection.wanted.columns(),
        "unit": selection.wanted.definition.unit,
    }
    return json_object(facts, {"figures": selection.table})


def selection_csv(selection: "Selection") -> str:
    """Write the table of scenarios with its heads."""
    return csv_text(selection.table)


def delta_words(selection: "Selection") -> str:
    """Write the difference that matters with its unit."""
    if selection.wanted.definition.is_share:
        points = f"{selection.delta * 100:g}"
        return f"{points} percentage point{'' if points == '1' else 's'}"
    return f"{selection.delta:g} {selection.wanted.definition.unit}"


def _headline(selection: "Selection") -> str:
    return (
        f"{selection.scenarios[0].name}: {len(selection.scenarios)} scenarios by {selection.wanted.text}, the"
        f" {'higher' if selection.goal == 'high' else 'lower'} the better, seed {selection.seed}"
    )


def _outcome(selection: "Selection") -> str:
    if selection.name is None:
        left = " and ".join(selection.names[number] for number in selection.still_in)
        return f"Not decided after {selection.asked} replications between {left}."
    return (
        f"Best: {selection.name}. Where the best leads by {delta_words(selection)} or more, it is found with a"
        f" probability of at least {selection.confidence * 100:g} %."
    )


def _method(selection: "Selection") -> str:
    on = (
        "All meet the same customers"
        if have_the_same_customers(selection.scenarios)
        else "Not all meet the same customers"
    )
    return (
        f"{selection.simulated} replications of all scenarios together. {on}; after the first"
        f" {selection.first} replications, and after each further one, those that are clearly behind are left out"
        " (procedure KN of Kim and Nelson 2001). ± is half the 95 % interval of the difference."
    )


def _leaving(selection: "Selection") -> list[str]:
    """Name the scenarios that leave people unfinished, which are never preferred to those that do not."""
    pairs = zip(selection.names, selection.unfinished, strict=False)
    found = [f"{name} leaves {number(count, 1)}" for name, count in pairs if count > 0]
    said = "No scenario that leaves people unfinished is preferred to one that leaves none; a replication of"
    return [f"{said} {', of '.join(found)}."] if found else []


def _row(selection: "Selection", one: "Candidate") -> Row:
    value = cell(_figure(selection, one, one.value, one.value, one.value)).text
    behind = Cell("") if isnan(one.behind) else _behind(selection, one)
    left = "" if one.left_after is None else str(one.left_after)
    return Row(one.candidate, [Cell(value), behind, Cell(number(one.replications, 0)), Cell(left)])


def _behind(selection: "Selection", one: "Candidate") -> Cell:
    return cell(_figure(selection, one, one.behind, one.behind_low, one.behind_high))


def _figure(selection: "Selection", one: "Candidate", value: float, low: float, high: float) -> Figure:
    unit = selection.wanted.definition.unit
    return Figure.of(selection.wanted.metric, value, (low, high), one.replications, unit)
