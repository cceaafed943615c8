"""Erlang's formulas beside a simulated calendar as a document: each date, and all of them."""

from math import nan
from typing import TYPE_CHECKING

from sim.experiments.erlang.sheet import StaffHours
from sim.metrics.formatting import number
from sim.report.document import Cell, Document, Row, Table, share_cell
from sim.report.erlang import ASSUMED, cells_beside, promise, reasons_text, rows_of_queues, simulated_notes
from sim.report.text_table import text

if TYPE_CHECKING:
    from sim.experiments.erlang.comparison import ErlangDates
    from sim.experiments.erlang.sheet import SheetRow

HOURS_HEADS = (
    "Con-\ntacts", "AHT\ns", "Load\nhours", "Hours\nthere", "Needed\nC", "Needed\nA", "Occu-\npancy\n%",
)  # fmt: skip
BESIDE_HEADS = (
    "In time\nC %", "In time\nA %", "In time\nsim. %", "ASA\nC s", "ASA\nA s", "ASA\nsim. s",
)  # fmt: skip
EVERY_DATE = "all dates"


def dates_document(beside: "ErlangDates") -> Document:
    """Build each queue over the calendar and date by date, and why formulas and simulation differ."""
    result = beside.result
    heads = ["First contacts", "Erlang C", "Erlang A", "Simulated"]
    reasons = beside.reasons
    return Document(
        title=f"{beside.scenario.name}: Erlang's formulas beside the simulation, {result.replications} replications,"
        f" seed {result.seed}",
        tables=[
            Table("First contacts", heads, rows_of_queues(beside, beside.total), titled=False),
            *(table for queue in beside.queues for table in _of_queue(beside, queue)),
        ],
        notes=[
            *(
                reasons_text(reasons, queue, f", by the numbers of {beside.busiest(queue).day}")
                for queue in beside.queues
            ),
            *simulated_notes(beside),
            ASSUMED,
            f"--day {beside.dates[0].day} shows the intervals of one date.",
        ],
    )


def dates_text(beside: "ErlangDates", width: int) -> str:
    """Write the document of formulas beside a simulated calendar, no line longer than `width`."""
    return text(dates_document(beside), width)


def _of_queue(beside: "ErlangDates", queue: str) -> list[Table]:
    total = beside.total(queue)
    if not total.volume:
        return []
    names = {one.name: f"{one.weekday.capitalize()} {one.name}" for one in beside.scenario.days}
    days = [(one, one.sheet.day(queue)) for one in beside.dates]
    hours = [one.sheet.staff_hours(queue) for one, _ in days]
    whole = StaffHours(*map(sum, zip(*hours, strict=True)))
    planned = [Row(names[one.day], _hours(row, own)) for (one, row), own in zip(days, hours, strict=True)]
    compared = [Row(names[one.day], cells_beside(one, row)) for one, row in days]
    title = promise(beside.dates[0].sheet, queue).replace("agents there", "agent hours there")
    return [
        Table(title, ["", *HOURS_HEADS], [*planned, Row(EVERY_DATE, _hours(total, whole))]),
        Table(
            f"{queue}: by formula and simulated, day by day",
            ["", *BESIDE_HEADS],
            [*compared, Row(EVERY_DATE, cells_beside(beside, total))],
        ),
    ]


def _hours(row: "SheetRow", hours: StaffHours) -> list[Cell]:
    load = row.volume * row.handle / 3600.0 if row.volume else 0.0
    shown = (row.volume, row.handle, load, hours.there, hours.needed_c, hours.needed_a)
    busy = min(1.0, load / hours.servers) if hours.servers > 0 else nan
    return [*(Cell(number(value, 1)) for value in shown), share_cell(busy)]
