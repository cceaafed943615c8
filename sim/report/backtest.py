"""What happened beside what the model predicts, as a document and for programs."""

from typing import TYPE_CHECKING, Any

from sim.metrics.formatting import number
from sim.report.document import Cell, Document, Row, Table
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import text

if TYPE_CHECKING:
    import pandas as pd

    from sim.logs.prediction import Backtest

COLUMNS = (("offered", 1.0, 0), ("abandon_rate", 100.0, 1), ("service_level", 100.0, 1), ("asa", 1.0, 0))
"""Metric, its scale and decimals in the table."""
HEADS = (
    "Queue", "Offered\na day", "modelled", "Aban-\ndoned %", "predicted", "Service\nlevel %", "predicted", "ASA\ns",
    "predicted",
)  # fmt: skip
METHOD = (
    "Beside each observed figure its 95 % prediction interval; * lies outside. Offered: with as many contacts as are"
    " modelled. The others: with the contacts that came, so that wrong demand does not look like wrong service."
)


def backtest_document(found: "Backtest") -> Document:
    """Build the verdict, the table by queue, and how often the intervals held."""
    rows = found.rows
    whole = rows[(rows["day"] == "") & (rows["interval"] == "")]
    lines = [Row(queue or "all", _cells(whole[whole["queue"] == queue])) for queue in (*found.queues, "")]
    first, last = found.days[0], found.days[-1]
    days = first if len(found.days) == 1 else f"{len(found.days)} days, {first} to {last}"
    return Document(
        title=f"{found.scenario.name} against {found.log}: {days}, {found.replications} replications of each",
        sentences=[_verdict(found)],
        tables=[Table("By queue", HEADS, lines, titled=False, split=True)],
        notes=[METHOD, _coverage(found), *_silent(found), *_left_out(found)],
    )


def backtest_text(found: "Backtest", width: int) -> str:
    """Write the document, no line longer than `width`."""
    return text(backtest_document(found), width)


def backtest_json(found: "Backtest") -> str:
    """Write one object: the verdict, coverage and width of the intervals, and `rows`."""
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
        "coverage": found.coverage,
        "width": found.width,
    }
    return json_object(facts, {"rows": found.rows})


def backtest_csv(found: "Backtest") -> str:
    """Write the rows with their heads."""
    return csv_text(found.rows)


def _verdict(found: "Backtest") -> str:
    sample = "In sample, on days that the scenario was fitted on: " if found.in_sample else ""
    if not found.unexplained:
        return f"{sample}The model explains the figures over all."
    head = f"{sample}The model does not explain these figures over all:"
    return "\n".join([head, *(f"- {one}" for one in found.unexplained)])


def _cells(rows: "pd.DataFrame") -> list[Cell]:
    cells: list[Cell] = []
    for metric, scale, decimals in COLUMNS:
        demand = "modelled" if metric == "offered" else "actual"
        here = rows[(rows["metric"] == metric) & (rows["demand"] == demand)]
        if here.empty:
            cells += [Cell("-"), Cell("-")]
            continue
        row = here.iloc[0]
        mark = "" if row["verdict"] == "explained" else " *"
        low, high = (number(float(row[name]) * scale, decimals) for name in ("low", "high"))
        cells += [Cell(number(float(row["observed"]) * scale, decimals) + mark), Cell(f"{low} to {high}")]
    return cells


def _coverage(found: "Backtest") -> str:
    offered, level = (f"{found.coverage[name]:.0%}" for name in ("offered", "service_level"))
    width = ", ".join(f"{found.width[name]:.0%}" for name in ("offered", "service_level"))
    return (
        f"Of all queues' intervals with demand, {offered} have their offered contacts and {level} their service level"
        f" inside the 95 % prediction interval, demand modelled; 90 to 98 % is right. Their median width is {width} of"
        " the figure."
    )


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
        f"Not compared: {found.left_out:,} contacts of other queues, outside the hours or on exceptional days."
    ]
