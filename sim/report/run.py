"""The table a planner reads at a glance, in plain text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.metrics import Figure
from sim.metrics.formatting import value_and_spread, with_unit
from sim.report.text_table import Cell, table

if TYPE_CHECKING:
    from sim.experiments.result import Result


# The few figures that a planner looks at first, put together once for the terminal and the notebook.

QUEUE_METRICS = ("offered", "answered", "abandon_rate", "no_agent_rate", "service_level", "asa", "wait_p90")
TEAM_METRICS = ("answered", "missed_rate", "handle_time", "occupancy", "concurrency", "overtime")
TOTAL_METRICS = (
    "conversations", "handled", "contained", "blocked", "transfers_per_conversation", "total_wait",
    "time_in_system", "cost", "cost_per_resolved",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the run and its figures, None where there are none."""

    queue: str
    kind: str
    team: str
    figures: Mapping[str, Figure | None]


class Overview:
    """The figures over the whole run, looked up once."""

    def __init__(self, result: "Result") -> None:
        self._result = result
        table = result.figures
        whole = table[(table["interval"] == "") & (table["channel"] == "")]
        rows = (Figure(*row) for row in whole.itertuples(index=False))
        self._figures = {(f.metric, f.queue, f.team, f.kind): f for f in rows}

    def queues(self) -> list[Line]:
        """Return each queue with the kinds of request that it had, then all queues together."""
        queues = ["", *self._result.scenario.queues]
        lines = [line for queue in queues for line in self._kinds(queue)]
        totals = [line for line in lines if not line.queue]
        return [*(line for line in lines if line.queue), *totals] if len(queues) > 2 else lines[len(totals) :]

    def requested(self) -> list[Line]:
        """Return the lines of the queues in which there was any request."""
        return [line for line in self.queues() if self._had(line.queue, line.kind)]

    def teams(self) -> list[Line]:
        """Return each team of agents."""
        teams = self._result.scenario.teams
        return [self._line(TEAM_METRICS, team=name) for name, team in teams.items() if team.role == "agent"]

    def totals(self) -> Line:
        """Return the whole centre, without what did not occur."""
        line = self._line(TOTAL_METRICS)
        return Line("", "", "", {name: f for name, f in line.figures.items() if f is not None and f.value})

    def _kinds(self, queue: str) -> Iterator[Line]:
        for kind in ("inbound", "transfer", "named_transfer", "conference"):
            if kind == "inbound" or self._had(queue, kind):
                yield self._line(QUEUE_METRICS, queue=queue, kind=kind)

    def _had(self, queue: str, kind: str) -> bool:
        placed = self._figures.get(("placed", queue, "", kind))
        return placed is not None and placed.value > 0

    def _line(self, metrics: Sequence[str], queue: str = "", team: str = "", kind: str = "") -> Line:
        figures = {name: self._figures.get((name, queue, team, kind)) for name in metrics}
        return Line(queue, kind, team, figures)


def html(result: "Result") -> str:
    """Show a result in a notebook: what it is, then its queues and its teams."""
    overview = Overview(result)
    name = escape(result.scenario.name)
    return (
        f"<p><b>{name}</b>: {result.replications} replications, seed {result.seed}</p>"
        + _html_table(("queue", "kind"), overview.requested(), QUEUE_METRICS)
        + _html_table(("team",), overview.teams(), TEAM_METRICS)
    )


def _html_table(labels: Sequence[str], lines: Sequence[Line], metrics: Sequence[str]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in (*labels, *metrics))
    rows = "".join(f"<tr>{_html_cells(line, labels, metrics)}</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _html_cells(line: Line, labels: Sequence[str], metrics: Sequence[str]) -> str:
    names = "".join(f"<th>{escape(getattr(line, label) or 'all')}</th>" for label in labels)
    return names + "".join(f"<td>{with_unit(_as_read(line.figures[m]))}</td>" for m in metrics)


def _as_read(figure: Figure | None) -> Figure | None:
    """Return overtime in minutes, as the terminal and the page of a run do."""
    if figure is None or figure.metric != "overtime":
        return figure
    return figure._replace(value=figure.value / 60, low=figure.low / 60, high=figure.high / 60, unit="min")


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
