"""The figures of one replication."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from sim.metrics.agents import AGENT_PARTS, Agents
from sim.metrics.cells import Axes, Cells
from sim.metrics.columns import Column, FloatArray, Groups, Pair, Part, Readings, is_one_of
from sim.metrics.conversations import CONVERSATION_PAIRS, CUSTOMER_PAIRS, Conversations, Customers
from sim.metrics.metric import Breakdown
from sim.metrics.requests import (
    PERCENTILES,
    REQUEST_PAIRS,
    TASK_PAIRS,
    VENDOR_PAIRS,
    Judged,
    Requests,
    Tasks,
    VendorTasks,
)
from sim.metrics.waiting import Backlog, Waiting
from sim.records import Records
from sim.records.recorder import Recorded
from sim.scenario.model import require_scenarios

if TYPE_CHECKING:
    from sim.records import Ending
    from sim.scenario import Scenario


class Sources:
    """One run's tables, or those of several, with the codes of their scenario.

    Each is prepared when a formula first needs it. `endings` tells how each of the runs ended.
    """

    def __init__(
        self, records: Recorded, scenario: "Scenario", axes: Axes, endings: "Sequence[Ending]" = ()
    ) -> None:
        self._records = records
        self._scenario = scenario
        self.axes = axes
        self.endings = endings or (records.ending,)

    @cached_property
    def requests(self) -> Requests:
        """The requests that are measured."""
        added = self.endings[0].added  # of several, none has any
        return Requests(self._records.requests, self._scenario, self.axes, added)

    @cached_property
    def waiting(self) -> Waiting:
        """The waiting of all requests over time."""
        return Waiting.of_requests(self._records.requests, self._scenario, self.axes)

    @cached_property
    def backlog(self) -> Backlog:
        """What waits at the closings of each queue."""
        return Backlog(self._records.requests, self._scenario, self.axes)

    @cached_property
    def places(self) -> Waiting:
        """The waiting places in use over time."""
        return Waiting.in_places(self._records.tasks, self._scenario, self.axes)

    @cached_property
    def lines(self) -> Waiting:
        """The lines in use over time."""
        return Waiting.of_lines(self._records.conversations, self._scenario, self.axes)

    @cached_property
    def tasks(self) -> Tasks:
        """The tasks of the requests that are measured."""
        return Tasks(self._records.tasks, self._records.requests, self._scenario, self.axes)

    @cached_property
    def vendor_tasks(self) -> VendorTasks:
        """The tasks as the vendor reads them."""
        return VendorTasks(self._records.tasks, self._records.requests, self._scenario, self.axes)

    @cached_property
    def conversations(self) -> Conversations:
        """The conversations that are measured."""
        records = self._records
        return Conversations(records, self.requests, self._scenario, self.axes)

    @cached_property
    def customers(self) -> Customers:
        """The customers who are measured."""
        return Customers(self._records, self._scenario, self.axes)

    @cached_property
    def agents(self) -> Agents:
        """The agents' time."""
        records = self._records
        return Agents(records.agent_states, records.tasks, self._scenario, self.axes, self.endings)


Parts = tuple[Part, Part]


class Rows(Protocol):
    """A table's rows, sorted into groups."""

    groups: Groups


R = TypeVar("R", bound=Rows)
Formula = Callable[[Sources], Parts]


def _sums(table: Callable[[Sources], R], pairs: Mapping[str, Callable[[R], Pair]]) -> dict[str, Formula]:
    """Make the formulas of one table: sums of its rows' values."""

    def formula(pair: Callable[[R], Pair]) -> Formula:
        def parts(sources: Sources) -> Parts:
            rows = table(sources)
            top, bottom = pair(rows)
            return rows.groups.sum(top), rows.groups.sum(bottom)

        return parts

    return {name: formula(pair) for name, pair in pairs.items()}


def _percentile(share: float) -> Formula:
    def parts(sources: Sources) -> Parts:
        requests = sources.requests
        return requests.waits.percentile(share), requests.groups.sum(requests.answered)

    return parts


def _of_agents(parts: Callable[[Agents], Parts]) -> Formula:
    return lambda sources: parts(sources.agents)


def _queue_length_mean(sources: Sources) -> Parts:
    return sources.waiting.mean(), sources.requests.groups.sum(sources.requests.any)


def _queue_length_max(sources: Sources) -> Parts:
    return sources.waiting.peak(), sources.requests.groups.sum(sources.requests.any)


def _waiting_max(sources: Sources) -> Parts:
    return sources.places.peak(), sources.requests.groups.sum(sources.requests.any)


def _lines_in_use_mean(sources: Sources) -> Parts:
    return sources.lines.mean(), sources.conversations.groups.sum(sources.conversations.any)


def _lines_in_use_max(sources: Sources) -> Parts:
    return sources.lines.peak(), sources.conversations.groups.sum(sources.conversations.any)


def _by_level(top: Callable[[Judged], Column], bottom: Callable[[Judged], Column]) -> Formula:
    """Make the formula of what service levels tell apart, with the further readings of the queues."""

    def parts(sources: Sources) -> Parts:
        requests = sources.requests
        customers = sources.customers if requests.groups.axes.customers else None
        by_customer = (
            []
            if customers is None or customers.by_level is None
            else [(customers.groups, customers.by_level)]
        )
        further = [(requests.groups, found) for found in requests.by_further]

        def readings(of: Callable[[Judged], Column]) -> Readings:
            return Readings(
                requests.groups.sum(of(requests.by_level)),
                {
                    "level": [groups.sum(of(found)) for groups, found in further],
                    "customers": [groups.sum(of(found)) for groups, found in by_customer],
                },
            )

        return readings(top), readings(bottom)

    return parts


def _conference_rate(sources: Sources) -> Parts:
    requests, tasks = sources.requests, sources.tasks
    return requests.from_groups.sum(requests.is_conference & requests.placed), tasks.groups.sum(tasks.handled)


def _cost_per_resolved(sources: Sources) -> Parts:
    agents, conversations = sources.agents, sources.conversations
    return agents.over_everybody(agents.cost + agents.cost_after), conversations.groups.sum(
        conversations.handled
    )


class Number(Part):
    """One number of a whole run, or of each of several."""

    def __init__(self, values: Sequence[float]) -> None:
        self._values = np.array(values, dtype=np.float64)

    def cells(self, by: Breakdown) -> FloatArray:
        """Return the number, which is given over all."""
        assert by == ()
        return self._values.reshape(-1, 1)


def _returns_another_day(sources: Sources) -> Parts:
    found = Number([one.returns_elsewhere for one in sources.endings])
    return found, found


FORMULAS: dict[str, Formula] = {
    **_sums(lambda sources: sources.requests, REQUEST_PAIRS),
    "service_level": _by_level(lambda found: found.reached, lambda found: found.judged),
    "answered_within": _by_level(lambda found: found.answered_within, lambda found: found.asked),
    "abandoned_within": _by_level(lambda found: found.abandoned_within, lambda found: found.asked),
    **{name: _percentile(share) for name, share in PERCENTILES.items()},
    "queue_length_mean": _queue_length_mean,
    "queue_length_max": _queue_length_max,
    "backlog_growth": lambda sources: (sources.backlog.growth(), sources.backlog.tested()),
    "backlog_kept": lambda sources: (sources.backlog.never_empty(), sources.backlog.tested()),
    "waiting_max": _waiting_max,
    "lines_in_use_mean": _lines_in_use_mean,
    "lines_in_use_max": _lines_in_use_max,
    **_sums(lambda sources: sources.tasks, TASK_PAIRS),
    **_sums(lambda sources: sources.conversations, CONVERSATION_PAIRS),
    **_sums(lambda sources: sources.customers, CUSTOMER_PAIRS),
    "returns_another_day": _returns_another_day,
    "conference_rate": _conference_rate,
    **{name: _of_agents(parts) for name, parts in AGENT_PARTS.items()},
    "cost_per_resolved": _cost_per_resolved,
    **_sums(lambda sources: sources.vendor_tasks, VENDOR_PAIRS),
}
"""Numerator and denominator of each metric, by its name."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Numerator and denominator of every cell, for one replication.

    For a ratio of means these are its two parts. For a mean the numerator is the replication's value, NaN
    where it has none, and the denominator says how much there was to take it from, 0 for no data.
    """

    cells: Cells
    numerator: FloatArray
    denominator: FloatArray

    @property
    def values(self) -> FloatArray:
        """Return this replication's own value of each cell, NaN where it has no data."""
        ratio = self.cells.is_ratio
        divisor = np.where(ratio, self.denominator, 1.0)
        nothing: FloatArray = np.full(len(ratio), np.nan)
        return np.divide(self.numerator, divisor, out=nothing, where=self.denominator != 0)

    def of(self, metric: str, by: Breakdown) -> tuple[FloatArray, FloatArray]:
        """Return numerators and denominators of a metric in a breakdown, as a date of a calendar has them."""
        block = self.cells.block(metric, by)
        return self.numerator[block], self.denominator[block]

    def value(self, metric: str, **place: str) -> float:
        """Return this replication's own value of a metric, as `value("asa", queue="billing")`.

        Raises SimError for a name that does not exist.
        """
        row = self.cells.row(metric, place)
        return float(self.values[row])

    def parts(self, metric: str, **place: str) -> tuple[float, float]:
        """Return numerator and denominator of a metric.

        Raises SimError for a name that does not exist.
        """
        row = self.cells.row(metric, place)
        return float(self.numerator[row]), float(self.denominator[row])


def anything_open(records: "Recorded") -> bool:
    """Return whether a request or a conversation was open when the run ended."""
    if isinstance(records, Records) and records.days:
        return any(map(anything_open, records.days))
    tables = (lean(records).requests, lean(records).conversations)
    return any(bool(is_one_of(table, "outcome", "unfinished").any()) for table in tables)


class _Lean:
    """The tables of a run as columns, with the end of the run."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.ending = records.ending

    def __getattr__(self, name: str) -> Any:
        return self._records.columns(name)


def lean(records: Recorded) -> Any:
    """Return the tables as columns where they are those of a run that was just simulated, else as they are.

    A run to which log-ins were added is measured by the names of those agents, in frames.
    """
    return _Lean(records) if isinstance(records, Records) and not records.ending.added else records


def measure(
    records: Recorded, scenario: "Scenario", only: Collection[str] | None = None, by_team: bool = False
) -> Measures:
    """Compute the figures of one run: all metrics, or only those named; `by_team` also each team's part of a queue.

    Raises SimError where there is no metric of such a name, or what is given is no scenario.
    """
    require_scenarios(scenario)
    if isinstance(records, Records) and records.days:
        from sim.metrics.by_date import measure_dates

        return measure_dates(records.days, scenario, only, by_team)
    return measure_all(Sources(lean(records), scenario, Axes.of(scenario)), only, by_team)[0]


def measure_all(sources: Sources, only: Collection[str] | None, by_team: bool) -> list[Measures]:
    """Compute the figures of one run, or of a date of a calendar, or of each of several that lie in one table."""
    cells = Cells.of(sources.axes, only, by_team)
    numerator, denominator = (np.empty((len(sources.endings), len(cells))) for _ in range(2))
    # All parts are there before the first is summed up, so that each breakdown is gone through once for all of them.
    parts = [FORMULAS[metric.name](sources) for metric in cells.metrics]
    for metric, rows, (top, bottom) in zip(cells.metrics, cells.rows, parts, strict=True):
        numerator[:, rows] = top.blocks(metric.breakdowns)
        denominator[:, rows] = bottom.blocks(metric.breakdowns)
    return [Measures(cells, *pair) for pair in zip(numerator, denominator, strict=True)]
