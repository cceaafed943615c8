"""What was fitted from a log, as a document."""

from pathlib import Path
from typing import TYPE_CHECKING

from sim.metrics.formatting import number
from sim.report.document import Cell, Document, Row, Table, share_cell
from sim.report.text_table import text

if TYPE_CHECKING:
    from sim.logs.estimates import Calibration, QueueFit

HEADS = (
    "Queue", "Con-\ntacts\na day", "Day\nsd %", "Inter-\nval\nsd %", "Handle\ntime\ns", "KS", "Patience\nmean\ns",
    "Handed\non %",
)  # fmt: skip


def calibration_document(found: "Calibration", folder: Path | None) -> Document:
    """Build the table of the queues and of the teams, and what is assumed."""
    log = found.log
    hours = found.ordinary.hours
    rows = [Row(queue.name, _queue(queue)) for queue in found.queues]
    teams = [
        Row(team.name, [Cell(str(team.seen)), Cell(str(max(team.heads))), Cell(", ".join(team.skills))])
        for team in found.people.teams
    ]
    where = [] if folder is None else [f"{folder / 'scenario.yaml'}"]
    return Document(
        title=f"{Path(log.path).name}: {found.days} ordinary days from {log.first} to {log.last}",
        tables=[
            Table("Queues", HEADS, rows, titled=False),
            Table(
                "Teams", ("Team", "Agents\nseen", "Most\nthere", "Queues"), teams, words=True, titled=False
            ),
        ],
        notes=[
            f"An ordinary day has {found.offered / found.days:,.0f} contacts in {hours.lasts / 3600:g} hours and"
            f" {found.people.agent_hours:,.0f} agent-hours. Head-counts are agents seen at work, a lower bound: the"
            " log has no agents' states, and service can be off by ten percentage points for that reason alone.",
            *_naive(found),
            *(f"A reading: {one}." for one in log.readings),
        ],
        places=where,
    )


def calibration_text(found: "Calibration", folder: Path | None, width: int) -> str:
    """Write the document, no line longer than `width`."""
    return text(calibration_document(found, folder), width)


def _queue(queue: "QueueFit") -> list[Cell]:
    patience = "-" if queue.patience is None else number(queue.patience.law.mean, 0)
    return [
        Cell(number(sum(queue.volumes), 1)),
        share_cell(queue.factors.day),
        share_cell(queue.factors.interval),
        Cell(number(queue.handle.mean, 0)),
        Cell(number(queue.handle.distance, 2)),
        Cell(patience),
        Cell("-") if queue.transfer is None else share_cell(queue.transfer.share),
    ]


def _naive(found: "Calibration") -> list[str]:
    own = [queue for queue in found.queues if queue.patience is not None and queue.patience.is_own]
    if not own:
        return []
    shortest = min(own, key=lambda queue: queue.patience.naive_s if queue.patience else 0.0)
    fit = shortest.patience
    assert fit is not None
    return [
        f"Patience is fitted with those who were answered as censored. The mean wait of those who left,"
        f" {fit.naive_s:.0f} s in {shortest.name}, is not it, though often taken for it: the law's mean is"
        f" {fit.law.mean:.0f} s."
    ]
