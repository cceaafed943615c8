"""A run as a document: the tables that a planner reads at a glance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sim.experiments.growth import growth_words
from sim.experiments.verdicts import verdicts
from sim.metrics import CATALOGUE, Figure
from sim.metrics.catalogue import LOST
from sim.metrics.cells import Axes
from sim.metrics.figures import over_all
from sim.metrics.formatting import HOUR_S, kind_words, quantity
from sim.records.table import Columns
from sim.report.document import Cell, Document, Row, Section, Table, cell, heads, in_currency
from sim.report.targets import answer, targets, unknown
from sim.report.text_table import text
from sim.scenario import Scenario, Team

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.breakdowns import By
    from sim.experiments.result import Result


# The few figures that a planner looks at first, put together once for the terminal and the notebook.

QUEUE_METRICS = ("offered", "answered", "abandon_rate", "no_agent_rate", "service_level", "asa", "wait_p90")
IN_OPEN_HOURS = "occupancy open_hours"
"""The reading of the occupancy without the time after arrivals stop."""
APART = 0.02
"""It is shown where it is so far from the occupancy of the whole run."""
TEAM_METRICS = (
    "answered",
    "missed_rate",
    "handle_time",
    "occupancy",
    IN_OPEN_HOURS,
    "concurrency",
    "overtime",
)
MORE_TEAM_METRICS = ("wrap_up_time", "cost")
OUTCOMES = tuple(f"contacts_{outcome}" for outcome, *_ in LOST)
"""Figures of what else becomes of contacts: with those served, contained and blocked they add up to all."""

TOTAL_METRICS = (
    "conversations", "handled", "contained", "blocked", *OUTCOMES, "returns_another_day", "transfers_per_conversation",
    "total_wait", "time_in_system", "unfinished", "unfinished_missed", "served_after", "hours_after", "cost",
    "cost_after", "cost_per_resolved",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the run and its figures, None where there are none."""

    queue: str
    kind: str
    team: str
    figures: Mapping[str, Figure | None]


class Run(Protocol):
    """What an overview needs of a result, fresh or saved."""

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""

    @property
    def measured(self) -> "pd.DataFrame | Columns":
        """Every figure, one a row."""


class Overview:
    """The figures over the whole run, looked up once."""

    def __init__(self, result: Run) -> None:
        self.scenario = result.scenario
        rows = over_all(result.measured, ("variant", "queue", "team", "kind"))
        self._figures = {(f"{f.metric} {f.variant}".strip(), f.queue, f.team, f.kind): f for f in rows}

    def queues(self) -> list[Line]:
        """Return each queue with the kinds of request that it had, then all queues together."""
        queues = ["", *self.scenario.queues]
        lines = [line for queue in queues for line in self._kinds(queue)]
        totals = [line for line in lines if not line.queue]
        return [*(line for line in lines if line.queue), *totals] if len(queues) > 2 else lines[len(totals) :]

    def teams(self, metrics: Sequence[str] = TEAM_METRICS, role: str | None = "agent") -> list[Line]:
        """Return each team of a role, or each team."""
        teams = self.scenario.teams.items()
        return [self._line(metrics, team=name) for name, team in teams if role in (None, team.role)]

    def totals(self) -> Line:
        """Return the whole centre, without what did not occur."""
        line = self._line(TOTAL_METRICS)
        return Line("", "", "", {name: f for name, f in line.figures.items() if f is not None and f.value})

    def _kinds(self, queue: str) -> Iterator[Line]:
        for kind in ("inbound", "transfer", "named_transfer", "conference", "rerouted"):
            if kind == "inbound" or self._had(queue, kind):
                yield self._line(QUEUE_METRICS, queue=queue, kind=kind)

    def _had(self, queue: str, kind: str) -> bool:
        placed = self._figures.get(("placed", queue, "", kind))
        return placed is not None and placed.value > 0

    def _line(self, metrics: Sequence[str], queue: str = "", team: str = "", kind: str = "") -> Line:
        figures = {name: self._figures.get((name, queue, team, kind)) for name in metrics}
        return Line(queue, kind, team, figures)


QUEUE_COLUMNS = (
    "offered",
    "answered",
    "abandon_rate",
    "no_agent_rate",
    "service_level",
    "within",
    "asa",
    "wait_p90",
)
"""Metrics, and the longest wait that the service level allows."""
PARTS = ("handled", "contained", "blocked", *OUTCOMES, "unfinished_missed")
"""What becomes of contacts, and parts of what is left, written beneath their number."""


def document(result: "Result", folder: Path | None = None) -> Document:
    """Build what became of the targets, the queues, the teams and the totals, and say where the tables lie."""
    overview = Overview(result)
    whole = whole_table(overview)
    notes = [
        *_left_open(result, overview),
        *(growth_words(result.growing, result.scenario) if result.growing else ()),
        *asked_again_in(result),
    ]
    places = () if folder is None else _places(result, folder)
    if not result.figure("conversations").value:
        said = "Nobody made contact, so that there is nothing to be said of queues and teams."
        return Document(_headline(result), [said], [whole], notes=notes, places=places)
    wanted = result.scenario.targets
    held = verdicts(result.scenario, result.measured, result.extremes) if wanted else []
    return Document(
        _headline(result),
        sentences=[answer(held)] if held else [],
        tables=[targets(held)] if held else [],
        sections=[
            Section("By queue", "queues", [queue_table(overview), *_readings(result)]),
            Section("By team", "teams", [team_table(overview, overview.teams())]),
            Section("The whole centre", "whole", [whole]),
        ],
        notes=["\n".join(unknown(held)), *notes] if held else notes,
        places=places,
    )


def whole_document(result: "Result") -> Document:
    """Build the document of a result with everything that a page has room for."""
    from sim.report.breakdowns import how_sure, in_numbers, tables_of

    overview, brief = Overview(result), document(result)
    parts = [by for by in ("interval", "day") if not (by == "interval" and result.batches)]
    if not Axes.of(result.scenario).day:
        parts.remove("day")
    more = team_table(overview, overview.teams(MORE_TEAM_METRICS, role=None), MORE_TEAM_METRICS)
    further = [
        *(Section(f"By {by}", f"{by}s", details=tables_of(result, by)) for by in parts),  # type: ignore[arg-type]
        Section("Transfers and conferences", "handed-on", [handed_on(result), conferences(result)]),
    ]
    sections = [
        replace(one, details=[replace(more, caption="More of the teams")]) if one.name == "teams" else one
        for one in (*brief.sections, *further)
    ]
    return replace(brief, sections=sections, details=list(in_numbers(result)), sure=list(how_sure(result)))


def _readings(result: "Result") -> list[Table]:
    """Return the further readings of the service level; what shows them is loaded where there are any."""
    axes = Axes.of(result.scenario)
    if not axes.level and not axes.customers:
        return []
    from sim.report.readings import reading_table

    return [reading_table(result, axes)]


def terminal(result: "Result", width: int, folder: Path | None = None, by: "Sequence[By]" = ()) -> str:
    """Write the document of a result, no line longer than `width` unless the names leave no other way."""
    return text(with_parts(result, by, folder), width)


def with_parts(result: "Result", by: "Sequence[By]" = (), folder: Path | None = None) -> Document:
    """Build the document of a result with its breakdowns."""
    whole = document(result, folder)
    if not by:
        return whole
    from sim.report.breakdowns import with_breakdowns

    return with_breakdowns(whole, result, by)


def queue_table(overview: Overview) -> Table:
    """Return a row for what customers asked of a queue, and one beneath it for each other way into it."""
    lines = overview.queues()
    rows = [
        Row(_queue_label(line), _queue_cells(overview, line), int(line.kind != "inbound")) for line in lines
    ]
    return Table("Queues", ("Queue", *heads(QUEUE_COLUMNS)), rows, titled=False)


def team_table(overview: Overview, lines: Sequence[Line], metrics: Sequence[str] = TEAM_METRICS) -> Table:
    """Return a row a team: its size and its figures."""
    teams = overview.scenario.teams
    metrics = [name for name in metrics if name != IN_OPEN_HOURS or any(map(_works_on, lines))]
    shrinks = any(team.shrinkage for team in teams.values())
    rows = [
        Row(
            line.team,
            [*map(Cell, _sizes(teams[line.team], shrinks)), *(cell(line.figures[name]) for name in metrics)],
        )
        for line in lines
    ]
    sizes = ("Sched-\nuled", "Present", "Gross") if shrinks else heads(("agents",))
    return Table("Teams", ("Team", *sizes, *heads(metrics)), rows, titled=False)


def _works_on(line: Line) -> bool:
    """Return whether the work after arrivals stop changes how busy a team is by two points or more."""
    whole, within = line.figures.get("occupancy"), line.figures.get(IN_OPEN_HOURS)
    return whole is not None and within is not None and abs(whole.value - within.value) >= APART


def _sizes(team: Team, shrinks: bool) -> tuple[str, ...]:
    """Return how many agents a team has; where some team shrinks, as they are written, present and gross."""
    if not shrinks:
        return (str(team.agents),)
    written = team.agents if team.counts == "net" else team.gross_agents
    return (str(written), str(team.agents), str(team.gross_agents))


def whole_table(overview: Overview) -> Table:
    """Return a row a figure of the whole centre."""
    figures = overview.totals().figures
    rows = [
        Row(
            in_currency(CATALOGUE[name].head, figure.unit, overview.scenario),
            [cell(figure)],
            int(name in PARTS),
        )
        for name, figure in figures.items()
        if figure is not None
    ]
    return Table("The whole centre", ("Whole centre", ""), rows, titled=False)


# What agents hand on, for a page.

HANDED_ON = ("placed", "answered", "abandoned", "no_agent", "no_agent_rate", "asa", "wait_p90")
HANDED_ON_KINDS = ("transfer", "named_transfer", "conference")
CONFERENCES = ("conference_rate", "joined_rate", "time_to_join", "whispers_per_conference")


def handed_on(run: "Run") -> Table:
    """Return by queue what became of the requests that agents placed."""
    found = _figures(run, ("queue", "kind"))
    rows = [
        Row(f"{queue}, {kind_words(kind)}", [cell(found.get((m, queue, kind))) for m in HANDED_ON])
        for kind in HANDED_ON_KINDS
        for queue in run.scenario.queues
        if (placed := found.get(("placed", queue, kind))) is not None and placed.value
    ]
    return Table("Requests that agents placed", ("Asked queue", *heads(HANDED_ON)), rows)


def conferences(run: "Run") -> Table:
    """Return by queue how conferences went; nothing where there were none."""
    found = _figures(run, ("queue",))
    rows = [
        Row(queue, [cell(found.get((m, queue))) for m in CONFERENCES])
        for queue in run.scenario.queues
        if any((f := found.get((m, queue))) is not None and f.value for m in CONFERENCES)
    ]
    return Table("Conferences by queue", ("Queue", *heads(CONFERENCES)), rows)


def _figures(run: Run, by: tuple[str, ...]) -> Mapping[tuple[str, ...], Figure]:
    """Look figures up by metric and some of the columns, the others being empty."""
    figures = over_all(run.measured, by)
    return {(figure.metric, *(getattr(figure, column) for column in by)): figure for figure in figures}


METRICS = (
    *QUEUE_METRICS, *TEAM_METRICS, *MORE_TEAM_METRICS, *TOTAL_METRICS, *HANDED_ON, *CONFERENCES, "abandoned",
    "agents_there", "no_agent", "queue_length_mean", "wait_p50", "wait_p80", "wait_p95",
)  # fmt: skip
"""The metrics that the page of a run shows."""


def _headline(result: "Result") -> str:
    return f"{result.scenario.name}: {_how_often(result)}, seed {result.seed}"


def _how_often(result: "Result") -> str:
    if result.batches:
        return f"means of {result.batches} batches of one run, ± 95 % interval"
    many = result.replications > 1
    return f"means of {result.replications} replications, ± 95 % interval" if many else "one replication"


def _queue_label(line: Line) -> str:
    return line.queue or "all queues" if line.kind == "inbound" else line.kind.replace("_", " ")


def _queue_cells(overview: Overview, line: Line) -> list[Cell]:
    offered = line.figures["offered"]
    streams = overview.scenario.arrivals
    asked = not line.queue or any(line.queue in stream.queues for stream in streams)
    if offered is None or not (offered.value or asked):
        return [Cell("")] * len(QUEUE_COLUMNS)  # agents hand on to this queue, and no customer asks for it
    level = overview.scenario.queues[line.queue].service_level if line.queue else None
    within = Cell(_longest_wait(level.within) if level else "")
    return [within if name == "within" else cell(line.figures[name]) for name in QUEUE_COLUMNS]


def _longest_wait(seconds: float) -> str:
    return f"{seconds:g}" if seconds < HOUR_S else quantity(seconds, "s")


def _left_open(result: "Result", overview: Overview) -> list[str]:
    """Warn of requests that no rate and no wait counts, as they were never answered or closed."""
    counts = {name: result.figure("unfinished", queue=name).value for name in ("", *overview.scenario.queues)}
    whole = counts.pop("")
    if not whole > 0:
        return []
    where = ", ".join(f"{name} {count:.4g}" for name, count in counts.items() if count > 0)
    missed = result.figure("unfinished_missed").value
    late = f"{missed:.4g} of them have waited longer than the service level allows and count as too late"
    return [f"Still open at the end: {whole:.4g} requests ({where}); {late}. No wait counts them."]


def asked_again_in(result: "Result") -> list[str]:
    """Tell of requests that rang again and again at one agent, where the tables say so."""
    if not result.figure("missed_rate").value > 0 or not {"tasks", "agent_states"} <= {*result.tables}:
        return []
    from sim.experiments.asked_again import are_often, asked_again

    if result.kept and not any(are_often(records.columns("tasks")) for records in result.kept):
        return []
    return asked_again(result.tasks, result.agent_states, result.scenario)


def _places(result: "Result", folder: Path) -> list[str]:
    tables = ", ".join(f"{name}.csv.gz" for name in result.tables)
    of = " of the first replication" if result.keep_tables == "first" and result.replications > 1 else ""
    files = "figures.csv, scenario.yaml, manifest.json" + (f"; tables{of}: {tables}" if tables else "")
    return [f"Result in {folder}", f"  {files}"]
