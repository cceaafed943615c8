"""What happened beside what the model predicts, or what would have happened, as a document and for programs."""

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.metrics import lookup
from sim.metrics.formatting import number
from sim.report.document import Cell, Document, Row, Section, Table, heads
from sim.report.json_csv import csv_text, json_object, records
from sim.report.text_table import text

if TYPE_CHECKING:
    import pandas as pd

    from sim.logs.prediction import Backtest

METHOD = (
    "Beside each observed figure its 95 % prediction interval; * lies outside. Offered: with as many contacts as are"
    " modelled. The others: with the contacts that came, so that wrong demand does not look like wrong service."
)
REPLAYED = (
    "Both sides replay the customers of the log with their recorded arrival and handle time, and with a patience of at"
    " least what they waited, with the same draws. ± is half of the 95 % interval of the difference."
)


def backtest_document(found: "Backtest", folder: Path | None = None) -> Document:
    """Build the verdict, the table by queue, and how often the intervals held; or what a change would have done."""
    places = [] if folder is None else [f"Backtest in {folder}"]
    if found.changed:
        return _what_if(found, places)
    return Document(
        title=f"{found.scenario.name} against {found.log}: {_days(found)}, {found.replications} replications of each",
        sentences=[verdict_of(found)],
        tables=[
            Table("By queue", ("Queue", *_heads(found)), _lines(found, "queue"), titled=False, split=2),
        ],
        sections=[
            Section(
                "Day by day",
                "days",
                details=[Table("By day", ("Day", *_heads(found)), _lines(found, "day"), split=2)],
            ),
            Section("Observed over the predicted band", "validation"),
            Section("Where in the bands", "ranks", details=[_held(found)]),
        ],
        notes=[METHOD, _coverage(found), *_silent(found), *_left_out(found)],
        places=places,
    )


def backtest_text(found: "Backtest", width: int, folder: Path | None = None) -> str:
    """Write the document, no line longer than `width`."""
    return text(backtest_document(found, folder), width)


def backtest_json(found: "Backtest") -> str:
    """Write one object: the verdict, coverage and width of the intervals, `rows`, and of a what-if `differences`."""
    facts: dict[str, Any] = {
        "scenario": found.scenario.name,
        "log": found.log,
        "from": found.days[0],
        "to": found.days[-1],
        "in_sample": found.in_sample,
        "seed": found.seed,
        "replications": found.replications,
        "left_out": found.left_out,
        "verdict": found.verdict,
        "coverage": _known(found.coverage),
        "width": _known(found.width),
    }
    if found.changed:
        facts |= {"changed": list(found.changed), "differences": records(found.differences)}
    return json_object(facts, {"rows": found.rows})


def backtest_csv(found: "Backtest") -> str:
    """Write the rows with their heads; of a what-if those of its differences."""
    return csv_text(found.differences if found.changed else found.rows)


def _known(shares: dict[str, float]) -> dict[str, float | None]:
    return {name: one if isfinite(one) else None for name, one in shares.items()}


def _days(found: "Backtest") -> str:
    first, last = found.days[0], found.days[-1]
    return first if len(found.days) == 1 else f"{len(found.days)} days, {first} to {last}"


def shown(found: "Backtest") -> list[str]:
    """Return the figures of the tables: all but the handle time."""
    return [metric for metric in found.metrics if metric != "handle_time"]


def _of_service(found: "Backtest") -> list[str]:
    return shown(found)[1:]


def _heads(found: "Backtest") -> list[str]:
    return heads([name for metric in shown(found) for name in (metric, _beside(metric))])


def _beside(metric: str) -> str:
    return "modelled" if metric == "offered" else "predicted"


def verdict_of(found: "Backtest") -> str:
    """Say in the words of the table which figures over all the model does not explain, and why."""
    sample = "In sample, on days that the scenario was fitted on: " if found.in_sample else ""
    if not found.missed:
        return f"{sample}The model explains the figures over all."
    head = f"{sample}The model does not explain these figures over all:"
    labels = {
        reason: [lookup(metric).label for metric in metrics] for reason, metrics in found.missed.items()
    }
    return "\n".join([head, *(f"- {', '.join(names)}{reason}" for reason, names in labels.items())])


def _lines(found: "Backtest", by: str) -> list[Row]:
    """Return a row for each queue or day, and one over all."""
    rows = found.rows
    other = "day" if by == "queue" else "queue"
    rows = rows[(rows[other] == "") & (rows["interval"] == "")]
    names = found.queues if by == "queue" else found.days
    return [Row(name or "all", _cells(rows[rows[by] == name], shown(found))) for name in (*names, "")]


def _cells(rows: "pd.DataFrame", metrics: Sequence[str]) -> list[Cell]:
    cells: list[Cell] = []
    for metric in metrics:
        demand = "modelled" if metric == "offered" else "actual"
        here = rows[(rows["metric"] == metric) & (rows["demand"] == demand)]
        if here.empty:
            cells += [Cell("-"), Cell("-")]
            continue
        row = here.iloc[0]
        mark = "" if row["verdict"] == "explained" else " *"
        low, high = (_read(metric, row[name]) for name in ("low", "high"))
        cells += [Cell(_read(metric, row["observed"]) + mark), Cell(f"{low} to {high}")]
    return cells


def _read(metric: str, value: Any) -> str:
    """Write a figure in the unit of its head; counts and times without decimals."""
    definition = lookup(metric)
    return number(definition.scale(float(value)), 1 if definition.is_share else 0)


def _held(found: "Backtest") -> Table:
    rows = [
        Row(lookup(metric).title, [_percent(found.coverage[metric]), _percent(found.width[metric])])
        for metric in found.coverage
    ]
    return Table("How often the 95 % intervals held", ("Intervals with", *heads(("inside", "width"))), rows)


def _percent(share: float) -> Cell:
    return Cell(number(100 * share, 1) if isfinite(share) else "-")


def _coverage(found: "Backtest") -> str:
    held, widths = (
        [_whole_percent(shares[name]) for name in ("offered", "service_level")]
        for shares in (found.coverage, found.width)
    )
    return (
        f"Of all queues' intervals with demand, {held[0]} have their offered contacts and {held[1]} their service level"
        f" inside the 95 % prediction interval, demand modelled; 90 to 98 % is right. Their median width is {widths[0]}"
        f" and {widths[1]} of the figure."
    )


def _whole_percent(share: float) -> str:
    return f"{100 * share:.0f} %" if isfinite(share) else "an unknown share"


def _silent(found: "Backtest") -> list[str]:
    if not found.silent:
        return []
    many = "interval" if found.silent == 1 else "intervals"
    what = "five or more came and nobody was answered: a fault, or nobody was there"
    return [f"In {found.silent} {many} of a queue {what}."]


def _left_out(found: "Backtest") -> list[str]:
    if not found.left_out:
        return []
    return [
        f"Not compared: {found.left_out:,} contacts after a transfer, of other queues, outside the hours or on "
        f"{'exceptional days' if found.scenario.calendar is None else 'other dates'}."
    ]


# What if: the same days with something changed.


def _what_if(found: "Backtest", places: Sequence[str]) -> Document:
    columns = [
        name for metric in _of_service(found) for name in (metric, "replayed", "changed", "difference")
    ]
    tables = [
        Table(f"By {by}", (by.capitalize(), *heads(columns)), _changes(found, by), titled=False, split=4)
        for by in ("queue", "day")
    ]
    return Document(
        title=f"{found.scenario.name}, {_days(found)} of {found.log}, replayed {found.replications} times with"
        f" {'; '.join(found.changed)}",
        sentences=["\n".join(_answers(found))],
        tables=tables[: 1 if len(found.days) == 1 else 2],
        sections=[Section("Observed, and with the change", "validation")],
        notes=[REPLAYED, *_unlike(found), *_left_out(found)],
        places=places,
    )


def _changes(found: "Backtest", by: str) -> list[Row]:
    rows = found.differences
    rows = rows[rows["day" if by == "queue" else "queue"] == ""]
    names = found.queues if by == "queue" else found.days
    return [
        Row(name or "all", _changed_cells(rows[rows[by] == name], _of_service(found)))
        for name in (*names, "")
    ]


def _changed_cells(rows: "pd.DataFrame", metrics: Sequence[str]) -> list[Cell]:
    cells: list[Cell] = []
    for metric in metrics:
        here = rows[rows["metric"] == metric]
        if here.empty:
            cells += [Cell("-")] * 4
            continue
        row = here.iloc[0]
        cells += [Cell(_read(metric, row[name])) for name in ("observed", "replayed", "changed")]
        cells.append(Cell(_signed(metric, row["difference"]), f"±{_read(metric, row['half_width'])}"))
    return cells


def _signed(metric: str, value: Any) -> str:
    text = _read(metric, value)
    return text if value < 0 or not text.strip("0.") else f"+{text}"


def _answers(found: "Backtest") -> list[str]:
    """Say for each figure over all what the change would have made of it."""
    rows = found.differences
    whole = rows[(rows["queue"] == "") & (rows["day"] == "")].set_index("metric")
    said = []
    for metric in _of_service(found):
        if metric not in whole.index:
            continue
        row, unit = whole.loc[metric], lookup(metric).scale.unit
        seen, was, now = (_read(metric, row[name]) for name in ("observed", "replayed", "changed"))
        apart = f"{_signed(metric, row['difference'])} ±{_read(metric, row['half_width'])}"
        title = lookup(metric).title
        said.append(f"{title}: {now} {unit} instead of {was} {unit}, {apart} (observed {seen} {unit}).")
    return said


def _unlike(found: "Backtest") -> list[str]:
    """Say where the days replayed as they were are not what was observed: then it is the difference that counts."""
    missed = found.unlike
    if not missed:
        return []
    names = " and ".join(lookup(metric).title.lower() for metric in missed)
    return [
        f"Replayed as they were, the days do not have the {names} that was observed: trust the difference more than the"
        " level, and look at `sim backtest` without a change for what the model lacks."
    ]
