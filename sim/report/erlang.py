"""Erlang's formulas as a document: alone, and beside a simulated scenario."""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sim.experiments.growth import growth_words
from sim.metrics.formatting import number, open_words, quantity
from sim.report.document import Cell, Document, Row, Table, cell, seconds_cell, share_cell
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import text

if TYPE_CHECKING:
    from sim.experiments.erlang.calculation import Calculation, ErlangAnswer, StaffingRow
    from sim.experiments.erlang.comparison import ErlangComparison, ErlangDates
    from sim.experiments.erlang.reasons import Reason
    from sim.experiments.erlang.sheet import ErlangSheet, PlannedRow, SheetRow


HEADS = (
    "Occu-\npancy %", "B:\nblocked\n%", "C:\nwait\n%", "C:\nin time\n%", "C:\nASA\ns",
)  # fmt: skip
IMPATIENT = ("A:\nwait\n%", "A:\nin time\n%", "A: aban-\ndoned\n%", "A:\nASA\ns")

ASSUMED = (
    "The formulas take each interval as a steady state of its own, arrivals as the forecast has them, handle times with"
    " wrap-up and patience as exponential, and an agent with several chats as so many agents. Parts of agents lie"
    " between the whole numbers beside them. Simulated are first contacts alone; ± is half the 95 % interval."
)


def calculation_document(found: "ErlangAnswer") -> Document:
    """Build the load, the least agents by each formula, and the table around them."""
    impatient = found.calculation.patience is not None
    rows = [
        Row(f"{row.agents:g}{' *' if row.agents == found.agents else ''}", _staffing(row, impatient))
        for row in found.table
    ]
    heads = ("Agents", *HEADS, *(IMPATIENT if impatient else ()))
    return Document(
        title=_question(found.calculation),
        sentences=[_answer(found), *_gross(found)],
        tables=[Table("By agents", heads, rows, titled=False)],
        notes=[_legend(found)],
    )


def calculation_text(found: "ErlangAnswer", width: int) -> str:
    """Write the document of an answer, no line longer than `width`."""
    return text(calculation_document(found), width)


def calculation_json(found: "ErlangAnswer") -> str:
    """Write one object: what was asked, the least agents, and `rows`."""
    asked = found.calculation
    facts = {
        "rate_per_hour": asked.rate * 3600,
        "handle_s": asked.handle,
        "patience_s": asked.patience,
        "within_s": asked.within,
        "target": found.target,
        "max_occupancy": asked.max_occupancy,
        "shrinkage": asked.shrinkage,
        "load_erlang": asked.load,
        "least": found.least,
        "gross": found.gross,
    }
    return json_object(facts, {"rows": found.rows.replace(math.inf, math.nan)})


def calculation_csv(found: "ErlangAnswer") -> str:
    """Write the rows with their heads."""
    return csv_text(found.rows)


def beside_document(beside: "ErlangComparison", by_interval: bool) -> Document:
    """Build each queue by formula and by simulation, and why they differ."""
    result = beside.result
    heads = ["First contacts", "Erlang C", "Erlang A", "Simulated"]
    return Document(
        title=f"{beside.scenario.name}: Erlang's formulas beside the simulation, {result.replications} replications,"
        f" seed {result.seed}",
        tables=[
            Table("First contacts", heads, rows_of_queues(beside, beside.sheet.day), titled=False),
            *(table for queue in beside.queues for table in _of_queue(beside, queue, by_interval)),
        ],
        notes=[
            *(reasons_text(beside.reasons, queue) for queue in beside.queues),
            *simulated_notes(beside),
            ASSUMED,
        ],
    )


def simulated_notes(beside: "ErlangComparison | ErlangDates") -> list[str]:
    """Tell how many the simulation leaves unfinished, whom the formulas do not know, and which backlogs grow."""
    figure = beside.result.figure
    words = open_words(figure("unfinished_missed").value, figure("unfinished_undetermined").value)
    growing = [one for one in beside.result.growing if one.queue in beside.queues]
    told = [f"Simulated, {said}" for said in growth_words(growing, beside.scenario)]
    return [*([f"Simulated, {words}."] if words else []), *told]


def beside_text(beside: "ErlangComparison", width: int, by_interval: bool) -> str:
    """Write the document of formulas beside a simulation, no line longer than `width`."""
    return text(beside_document(beside, by_interval), width)


def beside_json(beside: "ErlangComparison | ErlangDates") -> str:
    """Write one object: `rows` (what is there and needed), `figures` (beside the simulated ones) and `reasons`."""
    import pandas as pd

    facts = {
        "scenario": beside.scenario.name,
        "seed": beside.result.seed,
        "replications": beside.result.replications,
        "unfinished": beside.result.figure("unfinished").value,
        "growing": [one._asdict() for one in beside.result.growing if one.queue in beside.queues],
    }
    why = pd.DataFrame(beside.reasons, columns=["queue", "topic", "text"])
    rows, figures = (table.replace(math.inf, math.nan) for table in (beside.rows, beside.figures))
    return json_object(facts, {"rows": rows, "figures": figures, "reasons": why})


def beside_csv(beside: "ErlangComparison | ErlangDates") -> str:
    """Write a row a queue and interval: what is there, what is needed, and the formulas' figures."""
    return csv_text(beside.rows)


def _question(asked: "Calculation") -> str:
    patience = "endless patience" if asked.patience is None else f"patience {asked.patience:g} s"
    words = f"{asked.rate * 3600:g} contacts an hour of {asked.handle:g} s each, {patience}"
    return f"{words}: a load of {asked.load:.2f} Erlang"


def _answer(found: "ErlangAnswer") -> str:
    asked = found.calculation
    listed = ", ".join(f"{rule} {agents}" for rule, agents in found.least.items())
    beta = asked.by_square_root(found.target)[1]
    busy = "" if asked.max_occupancy == 1 else f" and an occupancy of at most {asked.max_occupancy * 100:g} %"
    wanted = f"{found.target * 100:g} % in {quantity(asked.within, 's')}{busy}"
    return f"Least agents for {wanted}: {listed} (beta {beta:.2f})"


def _gross(found: "ErlangAnswer") -> list[str]:
    if not found.calculation.shrinkage:
        return []
    listed = ", ".join(f"{rule} {number(agents, 1)}" for rule, agents in found.gross.items())
    return [f"To be scheduled with a shrinkage of {found.calculation.shrinkage * 100:g} %: {listed}"]


def _legend(found: "ErlangAnswer") -> str:
    a = "; A: they leave when their patience is over" if found.calculation.patience is not None else ""
    asked = "" if found.agents is None else " * is what was asked about."
    part = found.agents is not None and found.agents % 1
    between = " A part of an agent lies between the whole numbers beside it." if part else ""
    in_time = f"In time: answered in {quantity(found.calculation.within, 's')}, of all."
    return f"B: nobody may wait; C: everybody waits for ever{a}. {in_time}{asked}{between}"


def _staffing(row: "StaffingRow", impatient: bool) -> list[Cell]:
    shares = (row.occupancy, row.blocked, row.waits_c, row.in_time_c)
    endless = [*map(share_cell, shares), seconds_cell(row.asa_c)]
    if not impatient:
        return endless
    return [
        *endless,
        *map(share_cell, (row.waits_a, row.in_time_a, row.abandoned_a)),
        seconds_cell(row.asa_a),
    ]


def rows_of_queues(
    beside: "ErlangComparison | ErlangDates", over_all: "Callable[[str], SheetRow]"
) -> list[Row]:
    """Build the figures of each queue over all intervals, by formula and simulated."""
    rows: list[Row] = []
    for queue in beside.queues:
        row = over_all(queue)
        if not row.volume:
            continue
        level = beside.scenario.queues[queue].service_level
        ours = beside.simulated(row)
        rows.append(Row(queue, [Cell("")] * 3))
        if level is not None:
            cells = [share_cell(row.in_time_c), share_cell(row.in_time_a), cell(ours["in_time"])]
            rows.append(Row(f"in {quantity(level.within, 's')}, %", cells, 1))
        rows.append(Row("ASA, s", [seconds_cell(row.asa_c), seconds_cell(row.asa_a), cell(ours["asa"])], 1))
        rows.append(Row("abandoned, %", [Cell("-"), share_cell(row.abandoned_a), cell(ours["abandoned"])], 1))
    return rows


def _of_queue(beside: "ErlangComparison", queue: str, by_interval: bool) -> list[Table]:
    """Build what is there and needed in each interval, and where one queue is asked about how it goes there."""
    rows = beside.sheet.planned(queue)
    if not any(row.offered for row in rows):
        return []
    is_gross = any(row.gross != row.agents for row in rows)
    heads = ["", *PLAN_HEADS, *(GROSS_HEADS if is_gross else ())]
    plan = [Row(row.interval, _plan(beside, row, is_gross)) for row in rows]
    return [
        Table(promise(beside.sheet, queue), heads, plan),
        *([_intervals(beside, queue)] if by_interval else []),
    ]


PLAN_HEADS = (
    "Con-\ntacts", "AHT\ns", "Load\nErlang", "Agents\nthere", "Needed\nC", "Needed\nA", "Occu-\npancy\n%",
)  # fmt: skip
GROSS_HEADS = ("Gross\nthere", "Gross\nC", "Gross\nA")


def promise(sheet: "ErlangSheet", queue: str) -> str:
    """Say what agents of a queue are needed for."""
    level = sheet.scenario.queues[queue].service_level
    busiest = sheet.max_occupancy
    busy = "" if busiest == 1 else f" and at most {busiest * 100:g} % busy"
    if level is None:
        return f"{queue}: agents there; without a service level none are needed for one"
    return f"{queue}: agents there, and needed for {level.target * 100:g} % in {quantity(level.within, 's')}{busy}"


def _plan(beside: "ErlangComparison", row: "PlannedRow", is_gross: bool) -> list[Cell]:
    there = [Cell(number(value, 1)) for value in (row.offered, row.aht_s, row.load_erlang, row.agents)]
    needed = [row.needed_c, row.needed_a]
    net = [*there, *(Cell(number(value, 0)) for value in needed), share_cell(row.occupancy)]
    if not is_gross:
        return net
    gross = [row.gross, *(beside.sheet.gross(row.queue, value) for value in needed)]
    return [*net, *(Cell(number(value, 1)) for value in gross)]


INTERVAL_HEADS = (
    "In time\nC %", "In time\nA %", "In time\nsim. %", "ASA\nC s", "ASA\nA s", "ASA\nsim. s",
)  # fmt: skip


def _intervals(beside: "ErlangComparison", queue: str) -> Table:
    rows = [Row(row.interval, cells_beside(beside, row)) for row in beside.sheet.intervals(queue)]
    return Table(f"{queue}: by formula and simulated, interval by interval", ["", *INTERVAL_HEADS], rows)


def cells_beside(beside: "ErlangComparison | ErlangDates", row: "SheetRow") -> list[Cell]:
    """Build the share in time and the ASA of a row by both formulas, and simulated."""
    ours = beside.simulated(row)
    in_time = [share_cell(row.in_time_c), share_cell(row.in_time_a), cell(ours["in_time"])]
    waits = [seconds_cell(row.asa_c), seconds_cell(row.asa_a), cell(ours["asa"])]
    return [*in_time, *waits]


def reasons_text(reasons: "Sequence[Reason]", queue: str, when: str = "") -> str:
    """Write why a queue differs; `when` is the day whose numbers these are."""
    found = [reason.text for reason in reasons if reason.queue == queue]
    if not found:
        return f"{queue}: nothing that the formulas do not know"
    return "\n".join([f"Why {queue} differs{when}", *(f"- {reason}" for reason in found)])
