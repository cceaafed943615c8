"""A search for the best scenario as a document: which one, how sure, and what it took."""

from collections.abc import Iterator, Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.growth import growth_words
from sim.experiments.paired import alone
from sim.experiments.variants import have_the_same_customers
from sim.metrics import Figure, lookup
from sim.metrics.formatting import UNITS, number
from sim.report.document import Cell, Document, Row, Table, Tone, cell, in_currency
from sim.report.feasibility import met_words, money
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import text
from sim.report.trade_off import customers_in_words, hit_hardest

if TYPE_CHECKING:
    from sim.experiments.selection import Candidate, Selection


HEADS = ("Value", "Behind\nthe best", "Repli-\ncations", "Left out\nafter")


def document(selection: "Selection") -> Document:
    """Build which scenario is the best, and the table of all."""
    unit = UNITS.get(selection.wanted.definition.unit)
    named = f"{selection.wanted.text}{f', {unit}' if unit else ''}"
    head = in_currency(named, selection.wanted.definition.unit, selection.scenarios[0])
    rows = [_row(selection, one) for one in selection.candidates]
    return Document(
        title=_headline(selection),
        sentences=list(_outcome(selection)),
        tables=[Table("Scenarios", [head, *HEADS], rows, titled=False), *_beside(selection)],
        notes=[_method(selection), *_leaving(selection), *_unsteady(selection)],
    )


def selection_text(selection: "Selection", width: int) -> str:
    """Write the document of a search, no line longer than `width`."""
    return text(document(selection), width)


def selection_json(selection: "Selection") -> str:
    """Write one object: what was asked, which scenario is the best (null where undecided) and `figures`."""
    facts: dict[str, Any] = {
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
    if selection.plans:
        facts["meets_targets"] = {
            name: selection.meets_targets(at) for at, name in enumerate(selection.names)
        }
    return json_object(facts, {"figures": selection.table, "customers": selection.customers})


def selection_csv(selection: "Selection") -> str:
    """Write the table of scenarios with its heads."""
    return csv_text(selection.table)


def delta_words(selection: "Selection") -> str:
    """Write the difference that matters with its unit."""
    if selection.wanted.definition.is_share:
        points = f"{selection.delta * 100:g}"
        return f"{points} percentage point{'' if points == '1' else 's'}"
    unit = selection.wanted.definition.unit
    name = selection.scenarios[0].currency if unit == "currency" else unit
    return f"{round(selection.delta, 2):g} {name}".rstrip()


def _headline(selection: "Selection") -> str:
    return (
        f"{selection.scenarios[0].name}: {len(selection.scenarios)} scenarios by {selection.wanted.text}, the"
        f" {'higher' if selection.goal == 'high' else 'lower'} the better, seed {selection.seed}"
    )


def _outcome(selection: "Selection") -> Iterator[str]:
    if selection.plans:
        yield met_words(selection.plans, "scenario", "by")
    if selection.chosen is None:
        if len(selection.still_in) > 1:
            left = " and ".join(selection.names[number] for number in selection.still_in)
            yield f"Not decided after {selection.asked} replications between {left}."
        return
    found = f"it is found with a probability of at least {selection.confidence * 100:g} %"
    alone_left = isnan(selection.delta)  # the others were left out before any were compared
    leads = "" if alone_left else f" Where the best leads by {delta_words(selection)} or more, {found}."
    yield f"{_best_words(selection, selection.chosen)}.{leads}"
    effects = selection.effects[selection.chosen] if selection.effects else ()
    if fared := [*customers_in_words(effects), *hit_hardest(effects)]:
        yield f"{selection.name} against base: {', '.join(fared)}."


def _best_words(selection: "Selection", chosen: int) -> str:
    if not selection.plans or selection.wanted != FigureSelector("cost"):
        return f"Best: {selection.name}"
    value, low, high = alone(selection.sampled[chosen])
    cost = _figure(selection, selection.candidates[0], value, low, high)
    return f"The cheapest: {selection.name}, at a cost of {money(cost, selection.scenarios[0].currency)}"


ANSWERS: Mapping[bool | None, tuple[str, Tone]] = {
    True: ("✓ met", "met"), False: ("✗ missed", "missed"), None: ("≈ not sure", "open"),
}  # fmt: skip


def _beside(selection: "Selection") -> Iterator[Table]:
    """Return what stands beside the figure: whether targets are met, the service, and what it takes."""
    if not selection.beside:
        return
    order = [selection.names.index(one.candidate) for one in selection.candidates]
    shown = [at for at, _ in enumerate(selection.beside[0]) if _has_values(selection, at)]
    heads = [_head(selection, selection.beside[0][at]) for at in shown]
    rows = []
    for one in order:
        cells = [cell(selection.beside[one][at]) for at in shown]
        if selection.plans:
            word, tone = ANSWERS[selection.meets_targets(one)]
            cells.insert(0, Cell(word, tone=tone))
        rows.append(Row(selection.names[one], cells))
    yield Table("Beside it", ["", *["Targets"] * bool(selection.plans), *heads], rows, titled=False)


def _has_values(selection: "Selection", at: int) -> bool:
    return any(not isnan(figures[at].value) for figures in selection.beside)


def _head(selection: "Selection", figure: Figure) -> str:
    metric = lookup(figure.metric)
    currency = selection.scenarios[0].currency
    return (
        f"{metric.narrow_head}\n{currency}" if currency and metric.unit == "currency" else metric.narrow_head
    )


def _method(selection: "Selection") -> str:
    on = (
        "All meet the same customers"
        if have_the_same_customers(selection.scenarios)
        else "Not all meet the same customers"
    )
    return (
        f"{selection.simulated} replications of all scenarios together. {on};{_by_targets(selection)} after the first"
        f" {selection.first} replications, and after each further one, those that are clearly behind are left out"
        " (procedure KN of Kim and Nelson 2001). ± is half the 95 % interval of the difference."
    )


def _by_targets(selection: "Selection") -> str:
    return " those that surely miss a target are left out;" if selection.plans else ""


def _leaving(selection: "Selection") -> list[str]:
    """Name the scenarios that leave people unfinished, which are never preferred to those that do not."""
    pairs = zip(selection.names, selection.unfinished, strict=False)
    found = [f"{name} leaves {number(count, 1)}" for name, count in pairs if count > 0]
    said = "No scenario that leaves people unfinished is preferred to one that leaves none; a replication of"
    return [f"{said} {', of '.join(found)}."] if found else []


def _unsteady(selection: "Selection") -> list[str]:
    """Name the scenarios in which a backlog grows."""
    every = zip(selection.names, selection.scenarios, selection.growing, strict=False)
    return [f"{name}: {said}" for name, one, found in every for said in growth_words(found, one)]


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
