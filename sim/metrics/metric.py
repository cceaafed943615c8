"""What a metric is, and the breakdowns in which it is given."""

from dataclasses import dataclass
from typing import Literal

Dimension = Literal[
    "level", "customers", "hours", "queue", "team", "channel", "kind", "state", "label", "day", "interval"
]
Breakdown = tuple[Dimension, ...]
Estimator = Literal["ratio of means", "mean"]
Dates = Literal["sum", "mean", "greatest"]

DIMENSIONS: tuple[Dimension, ...] = (
    "level", "customers", "hours", "queue", "team", "channel", "kind", "state", "label", "day", "interval",
)  # fmt: skip
"""The order in which a breakdown names its dimensions.

`level` (further readings of the service level), `customers` and `hours` share the column `variant` of the tables,
`state` the column `kind`. A breakdown has at most one of a column.
"""

VARIANTS: tuple[Dimension, ...] = ("level", "customers", "hours")


def column_of(dimension: Dimension) -> str:
    """Return the column of the tables in which a dimension's names stand."""
    if dimension in VARIANTS:
        return "variant"
    return "kind" if dimension == "state" else dimension


PLACE_COLUMNS = ("variant", "queue", "team", "channel", "kind", "label", "day", "interval")
"""The columns that say which part of the run a figure is about; empty means over all.

An empty `variant` is the metric's own definition.
"""


def breakdowns(text: str) -> tuple[Breakdown, ...]:
    """Read breakdowns as `all | kind | queue kind`, each put into the order of `DIMENSIONS`."""
    words = [part.split() for part in text.split("|")]
    return tuple(tuple(d for d in DIMENSIONS if d in named) for named in words)


REQUEST = breakdowns(
    "all | kind | queue | queue kind | channel | channel kind | label | queue label | day | queue day"
    " | interval | queue interval"
)
FINE = (*REQUEST, *breakdowns("queue kind interval"))
WITH_TEAM = (*REQUEST, *breakdowns("team"))
LEVELS: tuple[Breakdown, ...] = (*FINE, *(("level", *by) for by in FINE))
FINE_WITH_TEAM = (*FINE, *breakdowns("team"))
CONVERSATION = breakdowns(
    "all | queue | channel | label | queue label | day | queue day | interval | queue interval"
)
WHOLE_DAY = breakdowns("all | kind | queue | queue kind")
LEVELS_AND_CUSTOMERS: tuple[Breakdown, ...] = (*LEVELS, *(("customers", *by) for by in CONVERSATION))
PRESENCE = breakdowns("all | team | day | team day | interval | team interval")
PRESENCE_AND_HOURS = (*PRESENCE, *breakdowns("hours | hours team | hours day | hours team day"))
STAFF = breakdowns("interval | team interval")
PEOPLE = breakdowns("all | team")
STATES = breakdowns("state | team state")
OVERALL = breakdowns("all")


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit in which people read a figure, with its decimals; the figure itself stays in its metric's unit.

    A value is multiplied by `times` and divided by `over`; of the two one is always 1.
    """

    unit: str
    decimals: int
    times: float = 1.0
    over: float = 1.0

    def __call__(self, value: float) -> float:
        """Return a value in this unit."""
        return value * self.times / self.over


PERCENT = Scale("%", 1, times=100.0)
SECONDS = Scale("s", 1)
MINUTES = Scale("min", 1, over=60.0)
HOURS = Scale("h", 2, over=3600.0)
COUNT = Scale("", 1)
"""Of a single run a count is whole and has no decimals."""
RATIO = Scale("", 2)

_SCALES = {
    "share": PERCENT,
    "s": SECONDS,
    "min": Scale("min", 1),
    "h": Scale("h", 2),
    "requests": COUNT,
    "conversations": COUNT,
    "agents": COUNT,
    "currency": COUNT,
}


def scale_of(unit: str) -> Scale:
    """Return the scale on which figures of a unit are read, unless their metric has one of its own."""
    return _SCALES.get(unit, RATIO)


SOFT_HYPHEN = "\u00ad"
"""Where a `short` name may be parted in a narrow column."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure's names, unit, scale, way of estimation, formula, source and breakdowns.

    `title` is its name in plain words, for pictures and pages; `short` is the head of its column. `ratio of
    means`: the value is the mean of the numerators over the replications, divided by the mean of the
    denominators. `mean`: each replication has a value of its own, and the value is their mean. `dates` is what all
    dates of a calendar have together: the sum of theirs, their mean for as long as each is measured, or the greatest.
    """

    name: str
    title: str
    short: str
    unit: str
    scale: Scale
    estimator: Estimator
    formula: str
    source: str
    breakdowns: tuple[Breakdown, ...]
    dates: Dates = "sum"

    @property
    def label(self) -> str:
        """The short name in one piece."""
        return self.short.replace(SOFT_HYPHEN, "")

    @property
    def head(self) -> str:
        """The head of its column with the unit in which it is read: `Abandoned, %`."""
        return f"{self.label}, {self.scale.unit}" if self.scale.unit else self.label

    @property
    def narrow_head(self) -> str:
        """The same over two lines: parted at the soft hyphen, else at the last space, else before the unit."""
        short, unit = self.short, self.scale.unit
        if SOFT_HYPHEN in short:
            parted = short.replace(SOFT_HYPHEN, "-\n")
        elif " " in short:
            parted = "\n".join(short.rsplit(" ", 1))
        else:
            return f"{short}\n{unit}" if unit else short
        return f"{parted} {unit}" if unit else parted

    @property
    def is_share(self) -> bool:
        """Whether the value lies between 0 and 1 by its definition."""
        return self.unit == "share"

    @property
    def is_ratio(self) -> bool:
        """Whether the value is a ratio of means."""
        return self.estimator == "ratio of means"


_OWN = "own definition"


def count(
    name: str, names: str, formula: str, by: tuple[Breakdown, ...] = FINE, source: str = _OWN
) -> Metric:
    """Return a number of requests. `names` is `title | short`, or the title alone where it is short enough."""
    return total(name, names, "requests", formula, by, source)


def share(
    name: str, names: str, formula: str, by: tuple[Breakdown, ...] = REQUEST, source: str = _OWN
) -> Metric:
    """Return a share, a ratio of means."""
    return mean(name, names, formula, by, source, "share")


def mean(
    name: str, names: str, formula: str, by: tuple[Breakdown, ...] = REQUEST, source: str = _OWN, unit: str = "s"
) -> Metric:  # fmt: skip
    """Return a mean over requests, tasks or the like, a ratio of means."""
    return Metric(name, *_parted(names), unit, scale_of(unit), "ratio of means", formula, source, by)


def total(
    name: str, names: str, unit: str, formula: str, by: tuple[Breakdown, ...], source: str = _OWN,
    scale: Scale | None = None, dates: Dates = "sum",
) -> Metric:  # fmt: skip
    """Return a metric that has a value of its own in each replication: a sum, a maximum, a time average."""
    return Metric(name, *_parted(names), unit, scale or scale_of(unit), "mean", formula, source, by, dates)


def _parted(names: str) -> tuple[str, str]:
    title, _, short = names.partition(" | ")
    return title, short or title
