"""Whether the backlog of a queue grows from closing to closing, and what is said of a plan in which one does."""

from collections.abc import Iterable, Sequence
from math import isnan
from typing import NamedTuple

from sim.experiments.figure_selectors import FigureSelector
from sim.metrics import Figure
from sim.metrics.formatting import amount
from sim.scenario import Scenario
from sim.workload.inverse import special

ERROR = 0.05
"""The probability at most with which a backlog that does not grow is told to, over all queues together."""

BACKLOG = ("backlog_growth", "backlog_kept")
"""The figures by which that is decided."""


class Growth(NamedTuple):
    """A queue whose backlog grows: by so many requests from one closing to the next, with the 95 % interval."""

    queue: str
    slope: float
    low: float
    high: float


def growing(figures: Iterable[Figure]) -> tuple[Growth, ...]:
    """Return the queues whose backlog surely grows, by the two figures of each queue.

    The change from closing to closing is surely above 0, and the queue is not worked off in the second half of the
    run, in so many replications as chance allows in at most 5 % of runs: a queue with as much work as hands, which
    begins empty, is worked off in the second half of every other run (the arcsine law of the last zero, P. Lévy 1939),
    one with less work more often. Of so few replications that no number of them would do, all have to be so.
    """
    found: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        if figure.metric in BACKLOG and figure.queue and not isnan(figure.value):
            found.setdefault(figure.queue, {})[figure.metric] = figure
    tested = {queue: both for queue, both in found.items() if len(both) == len(BACKLOG)}
    return tuple(
        _growth(both["backlog_growth"])
        for queue, both in tested.items()
        if both["backlog_growth"].low > 0 and _is_kept(both["backlog_kept"], ERROR / len(tested))
    )


def _growth(figure: Figure) -> Growth:
    return Growth(figure.queue, figure.value, figure.low, figure.high)


def _is_kept(kept: Figure, error: float) -> bool:
    of = kept.replications
    count = round(kept.value * of)
    return count == of or float(special().bdtr(of - count, of, 0.5)) <= error


def backlogs(scenarios: Sequence[Scenario]) -> list[FigureSelector]:
    """Return the figures that have to be measured for it, of the queues that all scenarios have."""
    names = [name for name in scenarios[0].queues if all(name in one.queues for one in scenarios)]
    return [FigureSelector(metric, (("queue", name),)) for metric in BACKLOG for name in names]


DAY_S = 86_400.0


def growth_words(found: Iterable[Growth], scenario: Scenario) -> list[str]:
    """Describe each queue whose backlog grows, and what that means for figures and targets."""
    days = (scenario.lasts - scenario.warm_up) // DAY_S > 1
    per = "a day" if days else "from the middle to the end of a run"
    meets = " No target is surely met." if scenario.targets else ""
    return [
        f"{one.queue}: the backlog at closing grows by about {amount(one.slope)} {per} ({amount(one.low)} to"
        f" {amount(one.high)}); no figure of waiting is a steady one.{meets}"
        for one in found
    ]
