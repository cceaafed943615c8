"""What the figures of the page mean, from the catalogue of metrics."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from sim.metrics import CATALOGUE
from sim.scenario import Scenario

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


def definitions(shown: Iterable[str], scenario: Scenario | None = None) -> list[Definition]:
    """Give the metrics that a page shows, in the order of the catalogue; without a scenario all variants."""
    wanted = set(shown)
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
    """Give the variants of the service level that a scenario uses, all where that is not known."""
    queues = scenario.queues.values() if scenario is not None else ()
    return dict.fromkeys(queue.service_level.variant for queue in queues if queue.service_level) or VARIANTS


def with_code(text: str) -> Markup:
    """Mark what stands between back-ticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))
