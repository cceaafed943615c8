"""What a metric is, and the breakdowns in which it is given."""

from dataclasses import dataclass
from typing import Literal

Dimension = Literal["queue", "team", "channel", "kind", "state", "interval"]
Breakdown = tuple[Dimension, ...]
Estimator = Literal["ratio of means", "mean"]

DIMENSIONS: tuple[Dimension, ...] = ("queue", "team", "channel", "kind", "state", "interval")
"""The order in which a breakdown names its dimensions. `state` shares the column `kind` of the tables."""


def breakdowns(text: str) -> tuple[Breakdown, ...]:
    """Read breakdowns as `all | kind | queue kind`, each put into the order of `DIMENSIONS`."""
    words = [part.split() for part in text.split("|")]
    return tuple(tuple(d for d in DIMENSIONS if d in named) for named in words)


REQUEST = breakdowns("all | kind | queue | queue kind | channel | channel kind | interval | queue interval")
FINE = (*REQUEST, *breakdowns("queue kind interval"))
WITH_TEAM = (*REQUEST, *breakdowns("team"))
FINE_WITH_TEAM = (*FINE, *breakdowns("team"))
CONVERSATION = breakdowns("all | queue | channel | interval | queue interval")
WHOLE_DAY = breakdowns("all | kind | queue | queue kind")
PRESENCE = breakdowns("all | team | interval | team interval")
PEOPLE = breakdowns("all | team")
STATES = breakdowns("state | team state")
OVERALL = breakdowns("all")


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure's name, unit, way of estimation, formula, source and breakdowns.

    `ratio of means`: the value is the mean of the numerators over the replications, divided by the mean of
    the denominators. `mean`: each replication has a value of its own, and the value is their mean.
    """

    name: str
    unit: str
    estimator: Estimator
    formula: str
    source: str
    breakdowns: tuple[Breakdown, ...]

    @property
    def is_share(self) -> bool:
        """Whether the value lies between 0 and 1 by its definition."""
        return self.unit == "share"

    @property
    def is_ratio(self) -> bool:
        """Whether the value is a ratio of means."""
        return self.estimator == "ratio of means"
