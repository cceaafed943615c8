"""The few figures that a planner looks at first, put together once for the terminal and the notebook."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from sim.metrics import Figure
from sim.metrics.formatting import with_unit

if TYPE_CHECKING:
    from sim.experiments.result import Result

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
        """Give each queue with the kinds of request that it had, then all queues together."""
        queues = ["", *self._result.scenario.queues]
        lines = [line for queue in queues for line in self._kinds(queue)]
        totals = [line for line in lines if not line.queue]
        return [*(line for line in lines if line.queue), *totals] if len(queues) > 2 else lines[len(totals) :]

    def requested(self) -> list[Line]:
        """Give the lines of the queues in which there was any request."""
        return [line for line in self.queues() if self._had(line.queue, line.kind)]

    def teams(self) -> list[Line]:
        """Give each team of agents."""
        teams = self._result.scenario.teams
        return [self._line(TEAM_METRICS, team=name) for name, team in teams.items() if team.role == "agent"]

    def totals(self) -> Line:
        """Give the whole centre, without what did not occur."""
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
    """Give overtime in minutes, as the terminal and the page of a run do."""
    if figure is None or figure.metric != "overtime":
        return figure
    return figure._replace(value=figure.value / 60, low=figure.low / 60, high=figure.high / 60, unit="min")
