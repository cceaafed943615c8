"""Erlang's formulas as a document: alone, and beside a simulated scenario."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.metrics.formatting import number, open_words
from sim.report.document import Cell, Document, Row, Table, cell, seconds_cell, share_cell
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import text

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.erlang.calculation import Calculation, StaffingRow
    from sim.experiments.erlang.comparison import ErlangComparison
    from sim.experiments.erlang.sheet import SheetRow


AROUND = 3
"""So many agents more and fewer are shown than those asked about."""

HEADS = (
    "Occu-\npancy %", "B:\nblocked\n%", "C:\nwait\n%", "C:\nin time\n%", "C:\nASA\ns",
)  # fmt: skip
IMPATIENT = ("A:\nwait\n%", "A:\nin time\n%", "A: aban-\ndoned\n%", "A:\nASA\ns")

ASSUMED = (
    "The formulas take each interval as a steady state of its own, arrivals as the forecast has them, handle times with"
    " wrap-up and patience as exponential, and an agent with several chats as so many agents. Simulated are"
    " first contacts alone; ± is half the 95 % interval."
)


def calculation_document(found: "Calculation", target: float, agents: int | None) -> Document:
    """Build the load, the least agents by each formula, and the table around them."""
    least = _least(found, target)
    counts = _around([*least.values(), *([] if agents is None else [agents])])
    impatient = found.patience is not None
    rows = [
        Row(f"{row.agents}{' *' if row.agents == agents else ''}", _staffing(row, impatient))
        for row in map(found.row, counts)
    ]
    heads = ("Agents", *HEADS, *(IMPATIENT if impatient else ()))
    return Document(
        title=_asked(found),
        sentences=[_answer(found, target, least)],
        tables=[Table("By agents", heads, rows, titled=False)],
        notes=[_legend(found, agents)],
    )


def calculation_text(found: "Calculation", target: float, agents: int | None, width: int) -> str:
    """Write the document of a calculation, no line longer than `width`."""
    return text(calculation_document(found, target, agents), width)


def calculation_table(found: "Calculation", target: float, agents: int | None) -> "pd.DataFrame":
    """Return the rows that are shown."""
    import pandas as pd

    counts = _around([*_least(found, target).values(), *([] if agents is None else [agents])])
    return pd.DataFrame([found.row(count) for count in counts])


def calculation_json(found: "Calculation", target: float, agents: int | None) -> str:
    """Write one object: what was asked, the least agents, and `rows`."""
    facts = {
        "rate_per_hour": found.rate * 3600,
        "handle_s": found.handle,
        "patience_s": found.patience,
        "within_s": found.within,
        "target": target,
        "load_erlang": found.load,
        "least": _least(found, target),
    }
    rows = calculation_table(found, target, agents).replace(math.inf, math.nan)
    return json_object(facts, {"rows": rows})


def calculation_csv(found: "Calculation", target: float, agents: int | None) -> str:
    """Write the rows with their heads."""
    return csv_text(calculation_table(found, target, agents))


def beside_document(beside: "ErlangComparison", by_interval: bool) -> Document:
    """Build each queue by formula and by simulation, and why they differ."""
    result = beside.result
    heads = ["First contacts", "Erlang C", "Erlang A", "Simulated"]
    return Document(
        title=f"{beside.scenario.name}: Erlang's formulas beside the simulation, {result.replications} replications,"
        f" seed {result.seed}",
        tables=[
            Table("First contacts", heads, _days(beside), titled=False),
            *(_intervals(beside, queue) for queue in (beside.queues if by_interval else ())),
        ],
        notes=[*(_reasons(beside, queue) for queue in beside.queues), *_unfinished(beside), ASSUMED],
    )


def _unfinished(beside: "ErlangComparison") -> list[str]:
    """Tell how many the simulation leaves unfinished, whom the formulas do not know."""
    figure = beside.result.figure
    words = open_words(figure("unfinished_missed").value, figure("unfinished_undetermined").value)
    return [f"Simulated, {words}."] if words else []


def beside_text(beside: "ErlangComparison", width: int, by_interval: bool) -> str:
    """Write the document of formulas beside a simulation, no line longer than `width`."""
    return text(beside_document(beside, by_interval), width)


def beside_json(beside: "ErlangComparison") -> str:
    """Write one object: `rows` (what is there and needed), `figures` (beside the simulated ones) and `reasons`."""
    import pandas as pd

    facts = {
        "scenario": beside.scenario.name,
        "seed": beside.result.seed,
        "replications": beside.result.replications,
        "unfinished": beside.result.figure("unfinished").value,
    }
    why = pd.DataFrame(beside.reasons, columns=["queue", "topic", "text"])
    rows, figures = (table.replace(math.inf, math.nan) for table in (beside.rows, beside.figures))
    return json_object(facts, {"rows": rows, "figures": figures, "reasons": why})


def beside_csv(beside: "ErlangComparison") -> str:
    """Write a row a queue and interval: what is there, what is needed, and the formulas' figures."""
    return csv_text(beside.rows)


def _least(found: "Calculation", target: float) -> dict[str, int]:
    least = {"Erlang C": found.least(target, "C")}
    if found.patience is not None:
        least["Erlang A"] = found.least(target, "A")
    return {**least, "square-root rule": found.by_square_root(target)[0]}


def _around(counts: Iterable[int]) -> list[int]:
    """Return the numbers of agents near those asked about."""
    near = {count + step for count in counts for step in range(-AROUND, AROUND + 1)}
    return sorted(count for count in near if count > 0)


def _asked(found: "Calculation") -> str:
    patience = "endless patience" if found.patience is None else f"patience {found.patience:g} s"
    asked = f"{found.rate * 3600:g} contacts an hour of {found.handle:g} s each, {patience}"
    return f"{asked}: a load of {found.load:.2f} Erlang"


def _answer(found: "Calculation", target: float, least: dict[str, int]) -> str:
    listed = ", ".join(f"{name} {count}" for name, count in least.items())
    beta = found.by_square_root(target)[1]
    return f"Least agents for {target * 100:g} % in {found.within:g} s: {listed} (beta {beta:.2f})"


def _legend(found: "Calculation", agents: int | None) -> str:
    a = "; A: they leave when their patience is over" if found.patience is not None else ""
    asked = "" if agents is None else " * is what was asked about."
    in_time = f"In time: answered in {found.within:g} s, of all."
    return f"B: nobody may wait; C: everybody waits for ever{a}. {in_time}{asked}"


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


def _days(beside: "ErlangComparison") -> list[Row]:
    rows: list[Row] = []
    for queue in beside.queues:
        row = beside.sheet.day(queue)
        if not row.volume:
            continue
        level = beside.scenario.queues[queue].service_level
        ours = beside.simulated(row)
        rows.append(Row(queue, [Cell("")] * 3))
        if level is not None:
            cells = [share_cell(row.in_time_c), share_cell(row.in_time_a), cell(ours["in_time"])]
            rows.append(Row(f"in {level.within:g} s, %", cells, 1))
        rows.append(Row("ASA, s", [seconds_cell(row.asa_c), seconds_cell(row.asa_a), cell(ours["asa"])], 1))
        rows.append(Row("abandoned, %", [Cell("-"), share_cell(row.abandoned_a), cell(ours["abandoned"])], 1))
    return rows


INTERVAL_HEADS = (
    "Con-\ntacts", "Agents", "In time\nC %", "In time\nA %", "In time\nsim. %", "ASA\nC s", "ASA\nA s", "ASA\nsim. s",
)  # fmt: skip


def _intervals(beside: "ErlangComparison", queue: str) -> Table:
    rows = [Row(row.interval, _interval(beside, row)) for row in beside.sheet.intervals(queue)]
    handle = beside.sheet.day(queue).handle
    caption = f"{queue}, interval by interval (handle time with wrap-up {handle:.0f} s)"
    return Table(caption, ["", *INTERVAL_HEADS], rows)


def _interval(beside: "ErlangComparison", row: "SheetRow") -> list[Cell]:
    ours = beside.simulated(row)
    in_time = [share_cell(row.in_time_c), share_cell(row.in_time_a), cell(ours["in_time"])]
    waits = [seconds_cell(row.asa_c), seconds_cell(row.asa_a), cell(ours["asa"])]
    return [Cell(number(row.volume, 1)), Cell(number(row.agents, 1)), *in_time, *waits]


def _reasons(beside: "ErlangComparison", queue: str) -> str:
    found = [reason.text for reason in beside.reasons if reason.queue == queue]
    if not found:
        return f"{queue}: nothing that the formulas do not know"
    return "\n".join([f"Why {queue} differs", *(f"- {reason}" for reason in found)])
