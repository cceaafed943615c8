"""The tables of the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.metrics import Figure
from sim.metrics.cells import Axes
from sim.metrics.formatting import value_and_spread
from sim.report.html.answers import Verdict, bounds, target_words, verdict_words
from sim.report.html.saved_run import SavedRun
from sim.report.plots.axes import hours, kind_words
from sim.report.run import Line, Overview

QUEUES = {
    "offered": "Offered",
    "answered": "Answered",
    "abandon_rate": "Abandoned, %",
    "no_agent_rate": "No agent, %",
    "service_level": "Service level, %",
    "asa": "ASA, s",
    "wait_p90": "90 % wait at most, s",
}
TEAMS = {
    "answered": "Answered",
    "missed_rate": "Rang out, %",
    "handle_time": "Handle time, s",
    "wrap_up_time": "Wrap-up, s",
    "occupancy": "Occupancy, %",
    "concurrency": "Concurrency",
    "overtime": "Overtime, min",
    "cost": "Cost",
}
TOTALS = {
    "conversations": "Contacts",
    "handled": "served to the end",
    "contained": "ended by self-service",
    "blocked": "blocked",
    "transfers_per_conversation": "Transfers per conversation",
    "total_wait": "Waits of a contact, s",
    "time_in_system": "Arrival to end, s",
    "cost": "Cost",
    "cost_per_resolved": "Cost per served contact",
}
HANDED_ON = {
    "placed": "Asked for",
    "answered": "Answered",
    "abandoned": "Customer left",
    "no_agent": "Found nobody",
    "no_agent_rate": "Found nobody, %",
    "asa": "ASA, s",
    "wait_p90": "90 % wait at most, s",
}
CONFERENCES = {
    "conference_rate": "Conferences per task",
    "joined_rate": "Joined, %",
    "time_to_join": "Time to join, s",
    "whispers_per_conference": "Whispers per conference",
}
INTERVALS = {
    "offered": "Offered",
    "answered": "Answered",
    "abandoned": "Abandoned",
    "no_agent": "No agent",
    "service_level": "Service level, %",
    "asa": "ASA, s",
    "queue_length_mean": "Waiting",
}
METRICS = (
    *QUEUES, *TEAMS, *TOTALS, *HANDED_ON, *CONFERENCES, *INTERVALS, "wait_p50", "wait_p80", "wait_p95",
)  # fmt: skip
"""The metrics that the page of a run shows."""
HANDED_ON_KINDS = ("transfer", "named_transfer", "conference")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: the figure, and half the width of its interval."""

    value: str
    spread: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its label, whether that belongs to the row above, and its cells."""

    label: str
    cells: Sequence[Cell]
    indented: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; `heads` names the column of labels and the others."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Row]
    words: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows)


Places = Mapping[tuple[str, ...], Figure]


def targets(verdicts: Iterable[Verdict]) -> Table:
    """Return each target with its figure and verdict."""
    rows = [
        Row(
            f"{target_words(verdict)}: {bounds(verdict)}",
            [
                Cell(verdict_words(verdict), tone=verdict.answer.replace(" ", "-")),
                _cell(verdict.figure, unit=True),
            ],
        )
        for verdict in verdicts
    ]
    return Table("Targets", ("Target", "Verdict", "Simulated"), rows, words=True)


def queues(overview: Overview) -> Table:
    """Return each queue and, beneath it, each other way into it."""
    rows = [
        Row(
            _queue_label(line), [_cell(line.figures.get(metric)) for metric in QUEUES], line.kind != "inbound"
        )
        for line in overview.queues()
        if line.kind != "inbound" or any(line.figures.values())
    ]
    return Table("Queues", ("Queue", *QUEUES.values()), rows)


def _queue_label(line: Line) -> str:
    if line.kind == "inbound":
        return line.queue or "all queues"
    return f"{line.queue or 'all queues'}, {kind_words(line.kind)}"


def teams(run: SavedRun) -> Table:
    """Return each team with its size and figures."""
    found = _figures(run.figures, ("team",))
    rows = [
        Row(name, [Cell(str(team.agents)), *(_team_cell(found.get((metric, name))) for metric in TEAMS)])
        for name, team in run.scenario.teams.items()
    ]
    return Table("Teams", ("Team", "Agents", *TEAMS.values()), rows)


def _team_cell(figure: Figure | None) -> Cell:
    if figure is None or figure.metric != "overtime":
        return _cell(figure)
    return _cell(figure._replace(value=figure.value / 60, low=figure.low / 60, high=figure.high / 60))


def totals(overview: Overview) -> Table:
    """Return the whole centre."""
    line = overview.totals()
    rows = [
        Row(TOTALS[name], [_cell(figure)], name in ("handled", "contained", "blocked"))
        for name, figure in line.figures.items()
    ]
    return Table("The whole centre", ("Figure", "Value"), rows)


def handed_on(run: SavedRun) -> Table:
    """Return by queue what became of the requests that agents placed."""
    found = _figures(run.figures, ("queue", "kind"))
    rows = [
        Row(f"{queue}, {kind_words(kind)}", [_cell(found.get((m, queue, kind))) for m in HANDED_ON])
        for kind in HANDED_ON_KINDS
        for queue in run.scenario.queues
        if (placed := found.get(("placed", queue, kind))) is not None and placed.value
    ]
    heads = ("Asked queue", *HANDED_ON.values())
    return Table("Requests that agents placed", heads, rows)


def conferences(run: SavedRun) -> Table:
    """Return by queue how conferences went; nothing where there were none."""
    found = _figures(run.figures, ("queue",))
    rows = [
        Row(queue, cells)
        for queue in run.scenario.queues
        if any((f := found.get((m, queue))) is not None and f.value for m in CONFERENCES)
        and (cells := [_cell(found.get((m, queue))) for m in CONFERENCES])
    ]
    return Table("Conferences by queue", ("Queue", *CONFERENCES.values()), rows)


def intervals(run: SavedRun, queue: str = "") -> Table:
    """Return the figures of each interval, of one queue or of all together."""
    found = _figures(run.figures, ("queue", "interval"))
    names = {place[2] for place in found if place[1] == queue and place[2]}
    after_the_end = Axes.of(run.scenario).interval[-1]
    rows = [
        Row(
            name + (" and later" if name == after_the_end else ""),
            [_cell(found.get((metric, queue, name))) for metric in INTERVALS],
        )
        for name in sorted(names, key=hours)
        if (placed := found.get(("offered", queue, name))) is not None and placed.value
    ]
    return Table(f"By interval, {queue or 'all queues'}", ("From", *INTERVALS.values()), rows)


def _figures(table: pd.DataFrame, by: tuple[str, ...]) -> Places:
    """Look figures up by metric and some of the columns, the others being empty."""
    others = [c for c in ("queue", "team", "channel", "kind", "interval") if c not in by]
    rows = table[(table[others] == "").all(axis=1)]
    figures = (Figure(*row) for row in rows.itertuples(index=False))
    return {(figure.metric, *(getattr(figure, column) for column in by)): figure for figure in figures}


def _cell(figure: Figure | None, *, unit: bool = False) -> Cell:
    value, spread = value_and_spread(figure)
    if not unit or figure is None or value == "-":
        return Cell("–" if value == "-" else value, spread)
    return Cell(value, f"{spread} {'%' if figure.unit == 'share' else figure.unit}".strip())
