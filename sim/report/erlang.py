"""Erlang's formulas on a terminal: alone, and beside a simulated scenario."""

import math
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.metrics.formatting import value_and_spread
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import Cell, Row, table

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.erlang import Calculation, SheetRow, StaffingRow
    from sim.experiments.erlang_differences import ErlangComparison
    from sim.metrics import Figure


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


def calculation_text(found: "Calculation", target: float, agents: int | None, width: int) -> str:
    """Write the load, the least agents by each formula, and the table around them."""
    least = _least(found, target)
    rows = [found.row(count) for count in _around([*least.values(), *([] if agents is None else [agents])])]
    impatient = found.patience is not None
    heads = (*HEADS, *(IMPATIENT if impatient else ()))
    lines = [
        (f"{row.agents}{' *' if row.agents == agents else ''}", _staffing(row, impatient)) for row in rows
    ]
    blocks = (
        wrap(_asked(found), width),
        wrap(_answer(found, target, least), width),
        table(["Agents", *heads], lines, width),
        wrap(_legend(found, agents), width),
    )
    return "\n\n".join("\n".join(block) for block in blocks)


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


def beside_text(beside: "ErlangComparison", width: int, by_interval: bool) -> str:
    """Write each queue by formula and by simulation, and why they differ."""
    result = beside.result
    headline = (
        f"{beside.scenario.name}: Erlang's formulas beside the simulation, {result.replications} replications,"
        f" seed {result.seed}"
    )
    blocks = [
        wrap(headline, width),
        table(["First contacts", "Erlang C", "Erlang A", "Simulated"], _days(beside), width),
        *(_intervals(beside, queue, width) for queue in (beside.queues if by_interval else ())),
        *(_reasons(beside, queue, width) for queue in beside.queues),
        wrap(ASSUMED, width),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def beside_json(beside: "ErlangComparison") -> str:
    """Write one object: `figures` (a row a queue and each of its intervals) and `reasons`."""
    import pandas as pd

    facts = {
        "scenario": beside.scenario.name,
        "seed": beside.result.seed,
        "replications": beside.result.replications,
    }
    why = pd.DataFrame(beside.reasons, columns=["queue", "topic", "text"])
    return json_object(facts, {"figures": beside.figures.replace(math.inf, math.nan), "reasons": why})


def beside_csv(beside: "ErlangComparison") -> str:
    """Write the figures of queues and intervals with their heads."""
    return csv_text(beside.figures)


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
    endless = [
        _share(row.occupancy),
        _share(row.blocked),
        _share(row.waits_c),
        _share(row.in_time_c),
        _seconds(row.asa_c),
    ]
    if not impatient:
        return endless
    return [
        *endless,
        _share(row.waits_a),
        _share(row.in_time_a),
        _share(row.abandoned_a),
        _seconds(row.asa_a),
    ]


def _share(value: float) -> Cell:
    return Cell("-" if math.isnan(value) else f"{value * 100:.1f}")


def _seconds(value: float) -> Cell:
    if math.isnan(value):
        return Cell("-")
    return Cell("no end" if math.isinf(value) else f"{value:.1f}")


def _simulated(figure: "Figure | None") -> Cell:
    return Cell(*value_and_spread(figure))


def _days(beside: "ErlangComparison") -> list[Row]:
    rows: list[Row] = []
    for queue in beside.queues:
        row = beside.sheet.day(queue)
        if not row.volume:
            continue
        level = beside.scenario.queues[queue].service_level
        ours = beside.simulated(row)
        rows.append((queue, [Cell("")] * 3))
        if level is not None:
            text = f"  in {level.within:g} s, %"
            rows.append((text, [_share(row.in_time_c), _share(row.in_time_a), _simulated(ours["in_time"])]))
        rows.append(("  ASA, s", [_seconds(row.asa_c), _seconds(row.asa_a), _simulated(ours["asa"])]))
        rows.append(("  abandoned, %", [Cell("-"), _share(row.abandoned_a), _simulated(ours["abandoned"])]))
    return rows


INTERVAL_HEADS = (
    "Con-\ntacts", "Agents", "In time\nC %", "In time\nA %", "In time\nsim. %", "ASA\nC s", "ASA\nA s", "ASA\nsim. s",
)  # fmt: skip


def _intervals(beside: "ErlangComparison", queue: str, width: int) -> list[str]:
    rows = [(row.interval, _interval(beside, row)) for row in beside.sheet.intervals(queue)]
    handle = beside.sheet.day(queue).handle
    title = f"{queue}, interval by interval (handle time with wrap-up {handle:.0f} s)"
    return [*wrap(title, width), *table(["", *INTERVAL_HEADS], rows, width)]


def _interval(beside: "ErlangComparison", row: "SheetRow") -> list[Cell]:
    ours = beside.simulated(row)
    in_time = [_share(row.in_time_c), _share(row.in_time_a), _simulated(ours["in_time"])]
    waits = [_seconds(row.asa_c), _seconds(row.asa_a), _simulated(ours["asa"])]
    return [Cell(f"{row.volume:.1f}"), Cell(f"{row.agents:.1f}"), *in_time, *waits]


def _reasons(beside: "ErlangComparison", queue: str, width: int) -> list[str]:
    found: Sequence[str] = [reason.text for reason in beside.reasons if reason.queue == queue]
    if not found:
        return [f"{queue}: nothing that the formulas do not know"]
    bullets = (wrap(text, width, initial_indent="- ", subsequent_indent="  ") for text in found)
    return [f"Why {queue} differs", *(line for bullet in bullets for line in bullet)]
