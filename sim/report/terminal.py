"""The table a planner reads at a glance, in plain text."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.experiments.overview import Line, Overview
from sim.metrics.formatting import value_and_spread
from sim.report.columns import Cell, table

if TYPE_CHECKING:
    from sim.experiments.result import Result
    from sim.metrics import Figure

QUEUE_HEADS = {
    "offered": "Offered",
    "answered": "Answered",
    "abandon_rate": "Aban-\ndoned %",
    "no_agent_rate": "No\nagent %",
    "service_level": "Service\nlevel %",
    "within": "within\ns",
    "asa": "ASA\ns",
    "wait_p90": "90 %\nwait s",
}
TEAM_HEADS = {
    "agents": "Agents",
    "answered": "Answered",
    "missed_rate": "Rang\nout %",
    "handle_time": "Handle\ntime s",
    "occupancy": "Occu-\npancy %",
    "concurrency": "Concur-\nrency",
    "overtime": "Overtime\nmin",
}
TOTAL_NAMES = {
    "conversations": "Contacts",
    "handled": "  served to the end",
    "contained": "  ended by self-service",
    "blocked": "  blocked",
    "transfers_per_conversation": "Transfers per conversation",
    "total_wait": "Waits of a contact, s",
    "time_in_system": "Arrival to end, s",
    "cost": "Cost",
    "cost_per_resolved": "Cost per served contact",
}


def terminal(result: "Result", width: int, folder: Path | None = None) -> str:
    """Write the headline, the queues, the teams and the totals, and say where the tables lie.

    No line is longer than `width` unless the names leave no other way.
    """
    overview = Overview(result)
    blocks = (
        [_headline(result)],
        *_tables(result, overview, width),
        _left_open(result, width),
        [] if folder is None else _places(result, folder, width),
    )
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _tables(result: "Result", overview: Overview, width: int) -> list[list[str]]:
    """Write the queues, the teams and the totals; without any customer there is nothing to be said of these."""
    totals = _total_rows(overview.totals())
    whole = table(["Whole centre", ""], totals, width) if totals else []
    if not result.figure("conversations").value:
        said = "Nobody made contact, so that there is nothing to be said of queues and teams."
        return [wrap(said, width), whole]
    return [
        table(["Queue", *QUEUE_HEADS.values()], _queue_rows(result, overview.queues()), width),
        table(["Team", *TEAM_HEADS.values()], _team_rows(result, overview.teams()), width),
        whole,
    ]


def _headline(result: "Result") -> str:
    return f"{result.scenario.name}: {_how_often(result)}, seed {result.seed}"


def _how_often(result: "Result") -> str:
    if result.batches:
        return f"means of {result.batches} batches of one run, ± 95 % interval"
    many = result.replications > 1
    return f"means of {result.replications} replications, ± 95 % interval" if many else "one replication"


def _queue_rows(result: "Result", lines: Sequence[Line]) -> list[tuple[str, list[Cell]]]:
    """One row for what customers asked of a queue, and one beneath it for each other way into it."""
    return [(_queue_label(line), [_queue_cell(result, line, name) for name in QUEUE_HEADS]) for line in lines]


def _queue_label(line: Line) -> str:
    if line.kind == "inbound":
        return line.queue or "all queues"
    return "  " + line.kind.replace("_", " ")


def _queue_cell(result: "Result", line: Line, name: str) -> Cell:
    if not any(line.figures.values()):
        return Cell("")  # nobody asked for this queue directly
    if name != "within":
        return Cell(*value_and_spread(line.figures[name]))
    level = result.scenario.queues[line.queue].service_level if line.queue else None
    return Cell(f"{level.within:g}" if level else "")


def _team_rows(result: "Result", lines: Sequence[Line]) -> list[tuple[str, list[Cell]]]:
    return [(line.team, [_team_cell(result, line, name) for name in TEAM_HEADS]) for line in lines]


def _team_cell(result: "Result", line: Line, name: str) -> Cell:
    if name == "agents":
        return Cell(str(result.scenario.teams[line.team].agents))
    figure = line.figures[name]
    return Cell(*value_and_spread(_in_minutes(figure) if name == "overtime" else figure))


def _in_minutes(figure: "Figure | None") -> "Figure | None":
    if figure is None:
        return None
    return figure._replace(value=figure.value / 60, low=figure.low / 60, high=figure.high / 60)


def _total_rows(line: Line) -> list[tuple[str, list[Cell]]]:
    return [(TOTAL_NAMES[name], [Cell(*value_and_spread(figure))]) for name, figure in line.figures.items()]


def _left_open(result: "Result", width: int) -> list[str]:
    """Warn of requests that no rate and no wait counts, as nobody ever answered or closed them."""
    names = ["", *result.scenario.queues]
    counts = {name: result.figure("unfinished", queue=name).value for name in names}
    if not counts[""] > 0:
        return []
    where = ", ".join(f"{name} {counts[name]:.4g}" for name in names[1:] if counts[name] > 0)
    said = f"Still open at the end: {counts['']:.4g} requests ({where}). No rate and no wait counts them."
    cut = "A day that does not end is cut 30 days after closing; costs and times of agents run until then."
    return wrap(f"{said} {cut}" if result.scenario.drain is None else said, width)


def _places(result: "Result", folder: Path, width: int) -> list[str]:
    tables = ", ".join(f"{name}.csv.gz" for name in result.tables)
    of = " of the first replication" if result.keep_tables == "first" and result.replications > 1 else ""
    files = "figures.csv, scenario.yaml, manifest.json" + (f"; tables{of}: {tables}" if tables else "")
    indent = "  "
    return [f"Result in {folder}", *wrap(files, width, initial_indent=indent, subsequent_indent=indent)]
