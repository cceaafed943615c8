"""A sweep on a terminal: the figures of every point, and what each step to the next larger value brings."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sim.experiments.figure_selectors import FigureSelector
from sim.metrics import Figure
from sim.metrics.formatting import value_and_spread
from sim.report.comparison import UNITS, signed
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import Cell, Row, table

if TYPE_CHECKING:
    from sim.experiments.sweep_result import Axis, Step, Sweep


LEGEND = "± is half the 95 % interval: above of a figure, beneath of a difference on the same customers."


def sweep_text(sweep: "Sweep", width: int) -> str:
    """Write the figures of all points, then what the steps bring, no line longer than `width`."""
    keys = " × ".join(axis.key for axis in sweep.axes)
    headline = f"{sweep.scenario.name} by {keys}: {sweep.replications} replications, seed {sweep.seed}"
    blocks = [
        wrap(headline, width),
        *_points(sweep, width),
        *(_steps(sweep, number, width) for number in range(len(sweep.axes))),
        wrap(LEGEND, width),
        [] if sweep.folder is None else _places(sweep.folder, width),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


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


def _points(sweep: "Sweep", width: int) -> Iterator[list[str]]:
    """Return a block for each combination of the further keys: the first key down, the figures across."""
    first, *others = sweep.axes
    for rest in dict.fromkeys(at[1:] for at in sweep.points):
        here = [number for number, at in enumerate(sweep.points) if at[1:] == rest]
        rows = [(str(first.values[sweep.points[point][0]]), _values(sweep, point)) for point in here]
        values = [axis.values[at] for axis, at in zip(others, rest, strict=True)]
        yield [*wrap(_at(others, values), width), *_tables(_last(first.key), sweep.wanted, rows, width)]


def _values(sweep: "Sweep", point: int) -> list[Cell]:
    return [Cell(*value_and_spread(sweep.figure(point, number))) for number in range(len(sweep.wanted))]


def _steps(sweep: "Sweep", number: int, width: int) -> list[str]:
    """Write what the steps of a key bring: the other keys' values and the step down, the differences across."""
    axis, others = sweep.axes[number], _without(sweep.axes, number)
    steps = [step for step in sweep.all_steps if step.key == axis.key]
    if not steps:
        return []
    rows: list[Row] = []
    for at in dict.fromkeys(_without(step.at, number) for step in steps):
        here = [step for step in steps if _without(step.at, number) == at]
        values = ", ".join(_written(one, value) for one, value in zip(others, at, strict=True))
        starts = dict.fromkeys(step.lower for step in here)
        rows += [_step_row(axis, values, [step for step in here if step.lower == start]) for start in starts]
    label = "\n".join(_last(one.key) for one in (*others, axis))
    title = f"What each step of {axis.key} brings" + "".join(f", by {one.key}" for one in others)
    return [*wrap(title, width), *_tables(label, sweep.wanted, rows, width)]


def _step_row(axis: "Axis", values: str, steps: "Sequence[Step]") -> Row:
    """Write the differences of one step in all figures."""
    label = f"{_written(axis, steps[0].lower)} → {_written(axis, steps[0].upper)}"
    return f"{values}: {label}" if values else label, [Cell(*signed(_difference(step))) for step in steps]


def _difference(step: "Step") -> Figure:
    numbers = (step.difference, step.low, step.high, step.replications)
    return Figure(step.wanted.metric, "", "", "", "", "", *numbers, step.wanted.definition.unit)


def _without(values: Sequence[Any], number: int) -> tuple[Any, ...]:
    return (*values[:number], *values[number + 1 :])


def _written(axis: "Axis", value: Any) -> str:
    """Return a value of an axis as it was written."""
    return str(axis.values[axis.column.index(value)])


def _at(axes: "Sequence[Axis]", values: Sequence[Any]) -> str:
    return ", ".join(f"{axis.key}={value}" for axis, value in zip(axes, values, strict=True))


def _last(key: str) -> str:
    return key.rpartition(".")[2]


def _tables(label: str, wanted: Sequence[FigureSelector], rows: Sequence[Row], width: int) -> list[str]:
    """Lay out a table; columns that do not fit the width go into a table of their own beneath."""
    heads = [_head(one) for one in wanted]
    lines: list[str] = []
    for chosen in _chunks(label, heads, rows, width):
        part = [(name, cells[chosen]) for name, cells in rows]
        lines += [*([""] if lines else []), *table([label, *heads[chosen]], part, width)]
    return lines


def _chunks(label: str, heads: Sequence[str], rows: Sequence[Row], width: int) -> Iterator[slice]:
    """Take as many columns together as fit with their intervals beneath them."""
    room = width - max(map(len, [*label.split("\n"), *(name for name, _ in rows)]))
    start, used = 0, 0
    for number, head in enumerate(heads):
        texts = [
            *head.split("\n"),
            *(text for _, cells in rows for text in (cells[number].value, cells[number].spread)),
        ]
        needed = 2 + max(map(len, texts))
        if number > start and used + needed > room:
            yield slice(start, number)
            start, used = number, 0
        used += needed
    yield slice(start, len(heads))


def _head(wanted: FigureSelector) -> str:
    """Write a figure as the head of a column: its metric in words, its place, its unit."""
    unit = UNITS.get(wanted.definition.unit)
    lines = [*wanted.metric.split("_"), *(name for _, name in wanted.place)]
    return "\n".join([*lines, unit] if unit else lines)


def _places(folder: Path, width: int) -> list[str]:
    files = "figures.csv, steps.csv, scenario.yaml; done.jsonl keeps every replication: a further sweep goes on from it"
    indent = "  "
    return [f"Sweep in {folder}", *wrap(files, width, initial_indent=indent, subsequent_indent=indent)]
