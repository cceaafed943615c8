"""More of a run than its first tables: broken down by half hour, day, label or team, and in a few sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import compress
from math import isnan
from typing import TYPE_CHECKING, Any

from sim.experiments.breakdowns import METRICS, By, broken_down
from sim.metrics import Figure, lookup
from sim.metrics.cells import DAY_S, Axes
from sim.metrics.formatting import NONE, about, like, number, open_words, with_unit
from sim.metrics.metric import PLACE_COLUMNS
from sim.report.document import Cell, Document, Row, Section, Table
from sim.scenario.local_times import WEEKDAYS

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
    dated |= {name[:3]: f"{name.capitalize()}, mean" for name in WEEKDAYS}
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


# In sentences: what became of the requests, and on how much the figures rest.

FEW = 10
"""With fewer replications the page says that intervals are wide."""


def in_numbers(run: "Result") -> Iterator[str]:
    """Describe what became of the requests, and of those handed on."""
    offered = _figure(run, "offered")
    if offered is None or not offered.value:
        yield "Nobody asked for an agent."
        return
    yield (
        f"{_share(run, 'answered', offered)} of {about(offered)} requests{_how_many(run)} were answered, "
        f"after {_seconds(run, 'asa')} on average."
    )
    yield (
        f"{_share(run, 'abandoned', offered)} were given up by the customer, "
        f"{_share(run, 'no_agent', offered)} found no agent."
    )
    both = [_figure(run, f"unfinished_{which}") for which in ("missed", "undetermined")]
    if words := open_words(*(0.0 if one is None else one.value for one in both)):
        yield f"{words.capitalize()}."
    for kind in ("transfer", "named_transfer", "conference"):
        placed = _figure(run, "placed", kind)
        if placed is not None and placed.value:
            nobody = with_unit(_figure(run, "no_agent_rate", kind))
            yield f"Of {about(placed)} {_KINDS[kind]} {nobody} found no agent."


_KINDS = {
    "transfer": "transfers",
    "named_transfer": "transfers to an agent by name",
    "conference": "requests for a conference",
}


def how_sure(run: "Result") -> Iterator[str]:
    """Describe on how much the figures rest, and what that does and does not mean."""
    if run.manifest.get("interrupted"):
        how = "stopped by its budget" if run.manifest.get("stopped") else "interrupted"
        yield f"The run was {how}: {run.replications} of {run.asked} replications were finished."
    if run.replications == 1:
        yield (
            "One replication says what may happen, not what is to be expected: there are no intervals. "
            "Run it with more replications before you decide."
        )
        return
    word = "day" if run.scenario.lasts <= DAY_S else "run"
    yield (
        f"All figures are means of {run.replications} replications, with other customers in each. ± is half the "
        "width of the 95 % interval: of 100 such runs about 95 would hold the long-run mean within it. It says how "
        f"well the mean is known, not how much single {word}s differ, and not how well the scenario describes your "
        "centre."
    )
    yield from run.manifest.get("precision", ())
    if run.replications < FEW:
        yield f"{run.replications} replications are few, and intervals wide; 20 to 50 are usual."


def _figure(run: "Result", metric: str, kind: str = "") -> Figure | None:
    table = run.figures
    rows = table[(table["metric"] == metric) & (table["kind"] == kind)]
    others = [column for column in PLACE_COLUMNS if column != "kind"]
    rows = rows[(rows[others] == "").all(axis=1)]
    return None if rows.empty else Figure(*next(rows.itertuples(index=False)))


def _how_many(run: "Result") -> str:
    return " in an average replication" if run.replications > 1 else ""


def _share(run: "Result", metric: str, offered: Figure) -> str:
    figure = _figure(run, metric)
    return f"{100 * figure.value / offered.value:.1f} %" if figure is not None else "0 %"


def _seconds(run: "Result", metric: str) -> str:
    figure = _figure(run, metric)
    return "no time" if figure is None or isnan(figure.value) else with_unit(like(figure.value, figure))
