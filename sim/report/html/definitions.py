"""What the figures of the page mean, from the catalogue of metrics."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from sim.metrics import CATALOGUE
from sim.report.html import tables

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric: name, unit, formula and source."""

    name: str
    unit: str
    formula: Markup
    source: str


def definitions(more: tuple[str, ...] = ()) -> list[Definition]:
    """Give the metrics that the page shows, and `more` of them, in the order of the catalogue."""
    shown = {
        *tables.QUEUES, *tables.TEAMS, *tables.TOTALS, *tables.HANDED_ON, *tables.CONFERENCES, *tables.INTERVALS,
        "wait_p50", "wait_p80", "wait_p95", *more,
    }  # fmt: skip
    return [
        Definition(name, metric.unit, with_code(metric.formula), metric.source)
        for name, metric in CATALOGUE.items()
        if name in shown
    ]


def with_code(text: str) -> Markup:
    """Mark what stands between back-ticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))
