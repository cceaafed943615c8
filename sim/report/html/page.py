"""What every page is made of."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from shlex import quote
from typing import Any

from markupsafe import Markup, escape

from sim.metrics import CATALOGUE
from sim.metrics.formatting import duration
from sim.report.document import Cell, Table, Tone
from sim.report.html.pictures import Picture
from sim.scenario import Scenario, notes

# What the figures of the page mean, from the catalogue of metrics.

VARIANTS = {
    "offered": "answered within T / offered",
    "answered_only": "answered within T / answered",
    "exclude_abandoned_within": "answered within T / (offered − abandoned within T)",
    "credit_abandoned_within": "(answered within T + abandoned within T) / offered",
    "exclude_short": "answered within T / (offered − abandoned within `short`)",
    "credit_short": "(answered within T + abandoned within `short`) / offered",
}
"""The formulas of the service level; offered are the answered, abandoned, disconnected and those without an agent."""
AGENTS_TIME = (
    "busy with at least one task, wrap-up included; available as READY or PENDING_NOT_READY, without breaks"
)
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric: name, unit, formula and source."""

    name: str
    unit: str
    formula: Markup
    source: str


def definitions(quoted: Iterable[str], scenario: Scenario | None = None) -> list[Definition]:
    """Return the metrics that a page shows, in the order of the catalogue; without a scenario all variants."""
    wanted = set(quoted)
    return [
        Definition(name, metric.unit, with_code(_formula(name, metric.formula, scenario)), metric.source)
        for name, metric in CATALOGUE.items()
        if name in wanted
    ]


def _formula(name: str, formula: str, scenario: Scenario | None) -> str:
    """Write out what the catalogue refers to elsewhere."""
    if name == "service_level":
        variants = "; ".join(f"`{variant}`: {VARIANTS[variant]}" for variant in _used(scenario))
        return f"with T for each queue's `within`: {variants}"
    return formula.replace("see *Agents' time*", AGENTS_TIME)


def _used(scenario: Scenario | None) -> Iterable[str]:
    """Return the variants of the service level that a scenario uses, all where that is not known."""
    queues = scenario.queues.values() if scenario is not None else ()
    return dict.fromkeys(queue.service_level.variant for queue in queues if queue.service_level) or VARIANTS


def with_code(text: str) -> Markup:
    """Mark what stands between back-ticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def command_words(manifest: Mapping[str, Any]) -> str:
    """Write the command that made a result as one types it, without where `sim` is installed."""
    first, *others = manifest["command"] or ("from Python",)
    return " ".join([Path(first).name, *map(quote, others)])


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: tables, pictures, and tables that are opened on demand."""

    title: str
    name: str
    tables: list[Table]
    pictures: list[Picture]
    details: list[Table] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Leave out tables without rows."""
        object.__setattr__(self, "tables", [table for table in self.tables if table])
        object.__setattr__(self, "details", [table for table in self.details if table])

    def __bool__(self) -> bool:
        return any((self.tables, self.pictures, self.details))


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template needs, in the order in which it is read.

    `kind` says what was saved, `texts` are scenario files with their titles.
    """

    kind: str
    title: str
    description: str
    answers: list[str]
    lead: Table
    numbers: list[str]
    sure: list[str]
    sections: list[Section]
    assumptions: list[str]
    surprises: list[str]
    facts: dict[str, str]
    texts: dict[str, str]
    definitions: list[Definition]


SIGNS: Mapping[Tone, str] = {"met": "✓", "missed": "✗", "open": "≈", "no-data": "–"}


def with_signs(table: Table) -> Table:
    """Put a sign before each verdict of a document's table, so that it is no matter of colour."""
    rows = [replace(row, cells=[_with_sign(cell) for cell in row.cells]) for row in table.rows]
    return replace(table, rows=rows)


def _with_sign(cell: Cell) -> Cell:
    return replace(cell, text=f"{SIGNS[cell.tone]} {cell.text.lower()}") if cell.tone in SIGNS else cell


def rendered(template: str, **values: object) -> str:
    """Fill a template of this package."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sim.report.html"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(template).render(**values)


# What the simulation takes for granted, with the scenario's own values.


def assumptions(scenario: Scenario) -> list[str]:
    """Return one sentence for each rule that the figures rest on."""
    return [*_of_requests(scenario), *_of_handing_on(scenario), *_of_agents(scenario), *_of_the_day(scenario)]


def surprises(scenario: Scenario) -> list[str]:
    """Return what is allowed in the scenario but may not be meant."""
    return notes(scenario)


def _of_requests(scenario: Scenario) -> Iterator[str]:
    routing = scenario.routing
    yield (
        f"A request is offered to one agent at a time, chosen by {_words(routing.agent_selection)}, and rings for "
        f"{_ring_times(scenario)}; then it goes to another one at priority {routing.requeue_priority}."
    )
    limits = [
        f"{duration(channel.request_ttl)} ({name})"
        for name, channel in scenario.channels.items()
        if channel.request_ttl is not None
    ]
    if limits:
        yield (
            f"A request that no agent has accepted ends with “no agent available” after {', '.join(limits)}; while it "
            "rings, the ringing is waited for."
        )
    yield (
        f"Of the waiting requests the next is chosen by {_words(routing.request_selection)}. The wait runs from "
        "placing the request to the answer, ringing and re-queueing included."
    )
    patient = [name for name, queue in scenario.queues.items() if queue.patience is None]
    if patient:
        yield f"Customers never give up waiting in: {', '.join(patient)}."


def _of_handing_on(scenario: Scenario) -> Iterator[str]:
    routing = scenario.routing
    if any(queue.transfer for queue in scenario.queues.values()):
        yield (
            f"A transferred conversation waits at priority {routing.transfer_priority}; the agent who transfers leaves "
            "at once, and where no receiver is found it does not come back to them. The handle time of the receiver is "
            "drawn anew."
        )
    if any(queue.conference for queue in scenario.queues.values()):
        yield (
            f"A request for a conference waits at priority {routing.conference_priority}, while the agent who asked "
            "stays with the customer. Both agents are busy as long as both are in."
        )
    if any(queue.mode == "pull" for queue in scenario.queues.values()):
        yield "From queues in pull mode agents take conversations themselves; nobody is rung."


def _of_agents(scenario: Scenario) -> Iterator[str]:
    for name, medium in scenario.media.items():
        if medium.max_tasks > 1:
            pace = ", ".join(f"{medium.pace_of(n):.0%} with {n}" for n in range(1, medium.max_tasks + 1))
            yield f"An agent handles up to {medium.max_tasks} tasks of {name} at a time; the pace of each is {pace}."
    yield "Wrap-up keeps the agent's place. Media are apart: a full one does not keep an agent from another."
    if any(team.absence for team in scenario.teams.values()):
        yield "Absent agents are drawn anew each replication; nobody takes their place."
    yield "At the end of a shift and before a break an agent gets nothing new and finishes what is open."


def _of_the_day(scenario: Scenario) -> Iterator[str]:
    ends = {
        "serve_out": "who waits then is still served",
        "clear_queues": "who waits then is sent away, what is open is finished",
    }
    yield f"Contacts arrive for {duration(scenario.lasts)}; {ends[scenario.closing]}."
    if scenario.warm_up:
        yield f"The first {duration(scenario.warm_up)} are simulated and not measured."
    factors = [scenario.busyness, *(stream.busyness for stream in scenario.arrivals)]
    busyness = any(one.sd for one in factors if one is not None)
    yield (
        "Arrivals are random at the given rates"
        + (
            ", and whole days are busier or quieter by a random factor."
            if busyness
            else "; all days are alike."
        )
    )
    if any(one.interval_sd for one in factors if one is not None):
        yield "Parts of a day are busier or quieter by random factors of their own."
    yield "Handle times, patience and choices of different customers are independent of each other."


def _ring_times(scenario: Scenario) -> str:
    times = sorted({scenario.ring_time_of(name) for name in scenario.queues})
    return " or ".join(duration(time) for time in times)


def _words(policy: str) -> str:
    return policy.replace("_", " ")
