"""The page of a run."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.experiments.result import Result
from sim.experiments.verdicts import verdicts
from sim.metrics import Figure
from sim.metrics.cells import Axes
from sim.metrics.metric import PLACE_COLUMNS
from sim.report.document import Row, Table, cell
from sim.report.html import pictures
from sim.report.html.answers import answer, how_sure, in_numbers, targets
from sim.report.html.page import Page, Section, assumptions, command_words, definitions, surprises
from sim.report.plots.axes import hours, kind_words
from sim.report.run import (
    QUEUE_METRICS,
    TEAM_HEADS,
    TOTAL_METRICS,
    Overview,
    Run,
    asked_again_in,
    queue_table,
    team_table,
    whole_table,
)

TEAM_METRICS = tuple(name for name in TEAM_HEADS if name != "agents")
HANDED_ON = {
    "placed": "Asked for",
    "answered": "Answered",
    "abandoned": "Customer left",
    "no_agent": "Found nobody",
    "no_agent_rate": "Found\nnobody %",
    "asa": "ASA s",
    "wait_p90": "90 % wait at most s",
}
CONFERENCES = {
    "conference_rate": "Conferences per task",
    "joined_rate": "Joined %",
    "time_to_join": "Time to join s",
    "whispers_per_conference": "Whispers per conference",
}
INTERVALS = {
    "offered": "Offered",
    "answered": "Answered",
    "abandoned": "Abandoned",
    "no_agent": "No agent",
    "service_level": "Service level %",
    "asa": "ASA s",
    "queue_length_mean": "Waiting",
}
METRICS = (
    *QUEUE_METRICS, *TEAM_METRICS, *TOTAL_METRICS, *HANDED_ON, *CONFERENCES, *INTERVALS, "wait_p50", "wait_p80",
    "wait_p95",
)  # fmt: skip
"""The metrics that the page of a run shows."""
HANDED_ON_KINDS = ("transfer", "named_transfer", "conference")
Places = Mapping[tuple[str, ...], Figure]


def run_page(run: Result) -> Page:
    """Put the page of a run together."""
    held = verdicts(run.scenario, run.figures, run.extremes) if run.scenario.targets else []
    return Page(
        kind="simulation report",
        title=run.scenario.name,
        description=run.scenario.description or "",
        answers=[answer(held)] if held else [],
        lead=targets(held),
        numbers=list(in_numbers(run)),
        sure=list(how_sure(run)),
        sections=[section for section in _sections(run) if section],
        assumptions=assumptions(run.scenario),
        surprises=[*surprises(run.scenario), *asked_again_in(run)],
        facts=_facts(run.manifest),
        texts={"Scenario file": run.manifest["scenario_text"]},
        definitions=definitions(
            [*METRICS, *(target.metric for target in run.scenario.targets)], run.scenario
        ),
    )


def _sections(run: Result) -> list[Section]:
    overview = Overview(run)
    teams = overview.teams(TEAM_METRICS, role=None)
    by_queue = [intervals(run, queue) for queue in run.scenario.queues]
    given = [handed_on(run), conferences(run)]
    return [
        Section("By queue", "queues", [queue_table(overview), whole_table(overview)], pictures.by_queue(run)),
        Section("By team", "teams", [team_table(overview, teams, TEAM_METRICS)], pictures.by_team(run)),
        Section(
            "By interval", "intervals", [], pictures.by_interval(run),
            [intervals(run), *(by_queue if len(by_queue) > 1 else [])],
        ),
        Section(
            "Transfers and conferences", "handed-on", given,
            pictures.handed_on(run) if any(given) else [],
        ),
    ]  # fmt: skip


def _engine(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the engine and why it was that one; nothing of a run that was saved before there were two."""
    found = manifest.get("engine")
    if not found:
        return {}
    return {"Engine": f"{found['name']} ({found['why']})" if found["why"] else found["name"]}


def _facts(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return what it takes to repeat the run."""
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
    return {
        "Command": command_words(manifest),
        "Seed": str(manifest["seed"]),
        "Replications": str(manifest["replications"]),
        "Scenario (SHA-256)": manifest["scenario_hash"],
        "Versions": versions,
        **_engine(manifest),
        "Started": manifest["started"],
        "Took": f"{manifest['seconds']:.1f} s",
        "Tables kept": ", ".join(manifest["tables"]) or "none",
    }


def handed_on(run: Run) -> Table:
    """Return by queue what became of the requests that agents placed."""
    found = _figures(run.figures, ("queue", "kind"))
    rows = [
        Row(f"{queue}, {kind_words(kind)}", [cell(found.get((m, queue, kind))) for m in HANDED_ON])
        for kind in HANDED_ON_KINDS
        for queue in run.scenario.queues
        if (placed := found.get(("placed", queue, kind))) is not None and placed.value
    ]
    heads = ("Asked queue", *HANDED_ON.values())
    return Table("Requests that agents placed", heads, rows)


def conferences(run: Run) -> Table:
    """Return by queue how conferences went; nothing where there were none."""
    found = _figures(run.figures, ("queue",))
    rows = [
        Row(queue, cells)
        for queue in run.scenario.queues
        if any((f := found.get((m, queue))) is not None and f.value for m in CONFERENCES)
        and (cells := [cell(found.get((m, queue))) for m in CONFERENCES])
    ]
    return Table("Conferences by queue", ("Queue", *CONFERENCES.values()), rows)


def intervals(run: Run, queue: str = "") -> Table:
    """Return the figures of each interval, of one queue or of all together."""
    found = _figures(run.figures, ("queue", "interval"))
    names = {place[2] for place in found if place[1] == queue and place[2]}
    after_the_end = Axes.of(run.scenario).interval[-1]
    rows = [
        Row(
            name + (" and later" if name == after_the_end else ""),
            [cell(found.get((metric, queue, name))) for metric in INTERVALS],
        )
        for name in sorted(names, key=hours)
        if (placed := found.get(("offered", queue, name))) is not None and placed.value
    ]
    return Table(f"By interval, {queue or 'all queues'}", ("From", *INTERVALS.values()), rows)


def _figures(table: pd.DataFrame, by: tuple[str, ...]) -> Places:
    """Look figures up by metric and some of the columns, the others being empty."""
    others = [c for c in PLACE_COLUMNS if c not in by]
    rows = table[(table[others] == "").all(axis=1)]
    figures = (Figure(*row) for row in rows.itertuples(index=False))
    return {(figure.metric, *(getattr(figure, column) for column in by)): figure for figure in figures}
