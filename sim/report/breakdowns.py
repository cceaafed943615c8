"""A run broken down by half hour, day, label or team, as tables for a terminal, Markdown and programs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import compress
from math import isnan
from typing import TYPE_CHECKING, Any

from sim.experiments.breakdowns import METRICS, By, broken_down
from sim.metrics import lookup
from sim.metrics.cells import Axes
from sim.metrics.formatting import NONE, number
from sim.report.document import Cell, Document, Row, Section, Table

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.result import Result

_FIRST = {"interval": "From", "day": "Day", "label": "Label", "team": "Team"}
_NOTE = "The tables by {} are means without their intervals; --format json and figures.csv have low and high."


def with_breakdowns(whole: Document, result: "Result", by: Sequence[By]) -> Document:
    """Return the document of a run with the tables of its breakdowns behind its own."""
    if not by:
        return whole
    parts = [Section(f"By {one}", f"{one}s", tables_of(result, one, "day" in by)) for one in by]
    notes = [*whole.notes, _NOTE.format(" and ".join(by))] if result.replications > 1 else whole.notes
    return replace(whole, sections=[*whole.sections, *parts], notes=notes)


def tables_of(result: "Result", by: By, by_day: bool = False) -> list[Table]:
    """Return a table a queue, or one table of all teams; with a calendar, by interval, one for each day `by_day`."""
    rows = broken_down(result, by)
    dated = {one.name: f"{one.weekday.capitalize()} {one.name}" for one in result.scenario.days}
    heads = (_FIRST[by], *(lookup(metric).narrow_head for metric in METRICS[by]))
    if by == "team":
        return [Table("By team", heads, [_row(one, one["queue"] or one["team"], by) for one in _each(rows)])]
    last = Axes.of(result.scenario).interval[-1] if by == "interval" else ""
    of_days = by == "interval" and "day" in rows
    found = rows.groupby(["queue", "day"] if of_days else ["queue"], sort=False)
    tables = []
    for place, part in found:
        queue, day = map(str, (*place, "")[:2])
        if day and not by_day:
            continue
        named = ", ".join(one for one in (queue or "all queues", dated.get(day, day)) if one)
        lines = [
            _row(one, dated.get(one[by], one[by]) + (" and later" if one[by] == last else ""), by)
            for one in _each(part)
        ]
        tables.append(_without_empty_columns(Table(f"By {by}, {named}", heads, lines)))
    return tables


def _without_empty_columns(table: Table) -> Table:
    """Leave out columns in which there is no value: the occupancy of a day is that of teams, not of a queue."""
    kept = [any(row.cells[at].text != NONE for row in table.rows) for at in range(len(table.heads) - 1)]
    heads = (table.heads[0], *compress(table.heads[1:], kept))
    return replace(
        table, heads=heads, rows=[replace(row, cells=[*compress(row.cells, kept)]) for row in table.rows]
    )


def _each(rows: "pd.DataFrame") -> Iterator[dict[str, Any]]:
    yield from rows.to_dict("records")  # type: ignore[misc]


def _row(one: dict[str, Any], label: str, by: By) -> Row:
    cells = [_cell(metric, one[metric]) for metric in METRICS[by]]
    return Row(label, cells, int(by == "team" and bool(one["queue"])))


def _cell(metric: str, value: float) -> Cell:
    scale = lookup(metric).scale
    return Cell(NONE if isnan(value) else number(scale(value), scale.decimals))
