"""A sweep as a document: the figures of every point, and what each step to the next larger value brings."""

from collections.abc import Iterator, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

from sim.experiments.feasibility import points_of
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.growth import growth_words
from sim.experiments.unfinished import growing_in
from sim.experiments.variants import split_at_commas
from sim.experiments.varied_keys import TOGETHER, labels_of
from sim.metrics import Figure
from sim.metrics.formatting import kind_words, signed
from sim.report.document import Cell, Document, Row, Section, Table, absence, cell
from sim.report.feasibility import feasibility_words
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import text

if TYPE_CHECKING:
    from sim.experiments.sweep_result import Step, Sweep
    from sim.experiments.varied_keys import Axis


FEW = 4
"""Points without a value that are named one by one."""

POINTS = "Figures of every point"
FILES = "figures.csv, steps.csv, scenario.yaml; done.jsonl keeps every replication: a further sweep goes on from it"
ABOUT_CUSTOMERS = frozenset({"arrivals", "busyness", "lasts", "opens", "calendar", "volume_factor"})
"""The keys that may decide which customers come, at whatever place they stand."""


def document(sweep: "Sweep") -> Document:
    """Build where the targets are met, the figures of all points, then what the steps bring."""
    keys = " × ".join(axis.key for axis in sweep.axes)
    steps = [table for number in range(len(sweep.axes)) if (table := _steps(sweep, number))]
    points = list(_points(sweep))
    beneath = f": above of a figure, beneath of a difference{_on_whom(sweep)}" if steps else " of a figure"
    surer = ", and a step is surer than the points it lies between" if steps else ""
    return Document(
        title=f"{sweep.scenario.name} by {keys}: {sweep.replications} replications, seed {sweep.seed}",
        sentences=["\n".join(answers(sweep) if sweep.scenario.targets else unsteady(sweep, _names(sweep)))],
        sections=[
            Section("The points", "points", points),
            *([Section("What each step brings", "steps", steps)] if steps else []),
        ],
        notes=[f"± is half the 95 % interval{beneath}.", "\n".join(absences(sweep))],
        sure=[
            f"Figures are means of {sweep.replications} replications at each point. A target counts as met where the "
            "whole 95 % interval meets it.",
            "All points share their random numbers: where the arrivals are not varied the customers are the "
            f"same{surer}.",
        ],
        places=() if sweep.folder is None else (f"Sweep in {sweep.folder}", f"  {FILES}"),
    )


def answers(sweep: "Sweep") -> Iterator[str]:
    """Describe where all targets are met, and at what cost; else where most of them are."""
    names = _names(sweep)
    yield from feasibility_words(points_of(sweep, names), sweep.scenario.currency)
    yield from unsteady(sweep, names)


def _names(sweep: "Sweep") -> list[str]:
    labels = labels_of(sweep.keys)
    return [point_words(labels, values) for values, _ in sweep.points()]


def unsteady(sweep: "Sweep", names: Sequence[str]) -> Iterator[str]:
    """Describe at which points the backlog of a queue grows."""
    for number, name in enumerate(names):
        found = growing_in(sweep.wanted, sweep.tops[:, number])
        yield from (f"{name}: {said}" for said in growth_words(found, sweep.scenario))


def _on_whom(sweep: "Sweep") -> str:
    varied = {part for axis in sweep.axes for key in axis.keys for part in key.split(".")}
    return "" if varied & ABOUT_CUSTOMERS else " on the same customers"


def absences(sweep: "Sweep") -> Iterator[str]:
    """Describe each figure that has no value at some of the points, and why."""
    labels = labels_of(sweep.keys)
    for number, wanted in enumerate(sweep.wanted):
        points = [
            at for point, at in enumerate(sweep.combinations) if isnan(sweep.figure(point, number).value)
        ]
        if points:
            values = [[axis.values[here] for axis, here in zip(sweep.axes, at, strict=True)] for at in points]
            named = "; ".join(point_words(labels, one) for one in values[:FEW])
            more = f" and {len(points) - FEW} more points" if len(points) > FEW else ""
            where = "at any point" if len(points) == len(sweep.combinations) else f"with {named}{more}"
            yield absence(wanted, where, sweep.scenario)


def point_words(labels: Sequence[str], values: Sequence[Any]) -> str:
    """Write a point as `agents 13, ring_time 20`."""
    words: list[str] = []
    for label, value in zip(labels, values, strict=True):
        text = f"{value:g}" if isinstance(value, int | float) else str(value)
        together = split_at_commas(label, TOGETHER)
        each = [text] if len(together) == 1 else split_at_commas(text, TOGETHER)
        words += [f"{one} {own}" for one, own in zip(together, each, strict=True)]
    return ", ".join(words)


def sweep_text(sweep: "Sweep", width: int) -> str:
    """Write the document of a sweep, no line longer than `width`."""
    return text(document(sweep), width)


def sweep_json(sweep: "Sweep") -> str:
    """Write one object: what was varied, `figures` (a row a figure and point) and `steps`."""
    facts = {
        "scenario": sweep.scenario.name,
        "seed": sweep.seed,
        "replications": sweep.replications,
        "vary": {axis.key: list(axis.column) for axis in sweep.axes},
    }
    return json_object(facts, {"figures": sweep.figures, "steps": sweep.steps})


def sweep_csv(sweep: "Sweep") -> str:
    """Write the table of figures with its heads."""
    return csv_text(sweep.figures)


def _points(sweep: "Sweep") -> Iterator[Table]:
    """Return a table for each combination of the further keys: the first key down, the figures across."""
    first, *others = sweep.axes
    heads = [labels_of([axis.key for axis in sweep.axes])[0], *map(_head, sweep.wanted)]
    for rest in dict.fromkeys(at[1:] for at in sweep.combinations):
        here = [number for number, at in enumerate(sweep.combinations) if at[1:] == rest]
        rows = [Row(str(first.values[sweep.combinations[point][0]]), _values(sweep, point)) for point in here]
        values = [axis.values[at] for axis, at in zip(others, rest, strict=True)]
        yield Table(_at(others, values) or POINTS, heads, rows, titled=bool(others), split=1)


def _values(sweep: "Sweep", point: int) -> list[Cell]:
    return [cell(sweep.figure(point, number)) for number in range(len(sweep.wanted))]


def _steps(sweep: "Sweep", number: int) -> Table | None:
    """Return what the steps of a key bring: the other keys' values and the step down, the differences across."""
    axis, others = sweep.axes[number], _without(sweep.axes, number)
    steps = [step for step in sweep.all_steps if step.key == axis.key]
    if not steps:
        return None
    rows: list[Row] = []
    for at in dict.fromkeys(_without(step.at, number) for step in steps):
        here = [step for step in steps if _without(step.at, number) == at]
        values = ", ".join(_written(one, value) for one, value in zip(others, at, strict=True))
        starts = dict.fromkeys(step.lower for step in here)
        rows += [_step_row(axis, values, [step for step in here if step.lower == start]) for start in starts]
    label = "\n".join(labels_of([one.key for one in (*others, axis)]))
    caption = f"What each step of {axis.key} brings" + "".join(f", by {one.key}" for one in others)
    return Table(caption, [label, *map(_head, sweep.wanted)], rows, split=1)


def _step_row(axis: "Axis", values: str, steps: "Sequence[Step]") -> Row:
    """Return the differences of one step in all figures."""
    label = f"{_written(axis, steps[0].lower)} → {_written(axis, steps[0].upper)}"
    cells = [Cell(*signed(_difference(step))) for step in steps]
    return Row(f"{values}: {label}" if values else label, cells)


def _difference(step: "Step") -> Figure:
    limits, unit = (step.low, step.high), step.wanted.definition.unit
    return Figure.of(step.wanted.metric, step.difference, limits, step.replications, unit)


def _without(values: Sequence[Any], number: int) -> tuple[Any, ...]:
    return (*values[:number], *values[number + 1 :])


def _written(axis: "Axis", value: Any) -> str:
    """Return a value of an axis as it was written."""
    return str(axis.values[axis.column.index(value)])


def _at(axes: "Sequence[Axis]", values: Sequence[Any]) -> str:
    return ", ".join(f"{axis.key}={value}" for axis, value in zip(axes, values, strict=True))


def _head(wanted: FigureSelector) -> str:
    """Write a figure as the head of a column: its metric as in every table, its place, its unit."""
    metric = wanted.definition
    unit = metric.scale.unit
    name = metric.narrow_head.removesuffix(unit).rstrip() if unit else metric.narrow_head
    places = [kind_words(name) if column == "kind" else name for column, name in wanted.place]
    return "\n".join([name, *places, *([unit] if unit else [])])
