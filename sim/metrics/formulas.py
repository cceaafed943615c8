"""How each metric of the catalogue is computed from the tables."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from sim.metrics import agents, conversations, customers, requests, tasks, vendor_tasks
from sim.metrics.agents import Agents
from sim.metrics.arrays import Pair
from sim.metrics.groups import Groups, Part
from sim.metrics.sources import Sources

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


def _conference_rate(sources: Sources) -> Parts:
    requests, tasks = sources.requests, sources.tasks
    return requests.from_groups.sum(requests.is_conference & requests.placed), tasks.groups.sum(tasks.handled)


def _cost_per_resolved(sources: Sources) -> Parts:
    agents, conversations = sources.agents, sources.conversations
    return agents.over_everybody(agents.cost), conversations.groups.sum(conversations.handled)


FORMULAS: dict[str, Formula] = {
    **_sums(lambda sources: sources.requests, requests.PAIRS),
    **{name: _percentile(share) for name, share in requests.PERCENTILES.items()},
    "queue_length_mean": _queue_length_mean,
    "queue_length_max": _queue_length_max,
    **_sums(lambda sources: sources.tasks, tasks.TASK_PAIRS),
    **_sums(lambda sources: sources.conversations, conversations.PAIRS),
    **_sums(lambda sources: sources.customers, customers.CUSTOMER_PAIRS),
    "conference_rate": _conference_rate,
    **{name: _of_agents(parts) for name, parts in agents.PARTS.items()},
    "cost_per_resolved": _cost_per_resolved,
    **_sums(lambda sources: sources.vendor_tasks, vendor_tasks.VENDOR_PAIRS),
}
"""Numerator and denominator of each metric, by its name."""
