"""What a plan leaves: people who are unfinished at its end, and the work of its tomorrow."""

from collections.abc import Sequence

import numpy as np

from sim.experiments.feasibility import figure_of
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.growth import BACKLOG, Growth, backlogs, growing
from sim.experiments.paired import Sampled, paired
from sim.metrics.columns import FloatArray
from sim.scenario import Scenario

DAY_S = 86400.0

PEOPLE = ("unfinished", "unfinished_missed", "unfinished_undetermined")
WORK = ("served_after", "hours_after", "cost_after")
"""What was done after the end of a run of several days for those who still waited."""

SURE = 0.999
"""The level at which a plan is taken to leave more people than another, look by look."""


def told_beside(
    wanted: Sequence[FigureSelector], scenarios: Sequence[Scenario]
) -> tuple[FigureSelector, ...]:
    """Return the wanted figures and, behind them, what plans leave: measured in any case, told where it is not 0."""
    days = any(one.lasts > DAY_S and one.closing == "serve_out" for one in scenarios)
    beside = [FigureSelector(name) for name in (*PEOPLE, *(WORK if days else ()))]
    return tuple(dict.fromkeys([*wanted, *beside, *backlogs(scenarios)]))


def told(wanted: Sequence[FigureSelector], measured: Sequence[FigureSelector], tops: FloatArray) -> list[int]:
    """Return which of the measured figures are told: those wanted, what is left, and a backlog that grows.

    `tops` are replication by scenario by figure.
    """
    grows = {
        one.queue for scenario in range(tops.shape[1]) for one in growing_in(measured, tops[:, scenario])
    }
    return [
        number
        for number, one in enumerate(measured)
        if one in wanted
        or (
            dict(one.place).get("queue") in grows
            if one.metric in BACKLOG
            else bool(np.nan_to_num(tops[..., number]).any())
        )
    ]


def growing_in(measured: Sequence[FigureSelector], tops: FloatArray) -> tuple[Growth, ...]:
    """Return the queues whose backlog surely grows; `tops` are replication by figure."""
    ones = np.ones(len(tops))
    rows = [(at, one) for at, one in enumerate(measured) if one.metric in BACKLOG]
    return growing(figure_of(one, tops[:, at], ones) for at, one in rows)


def leave_more(left: Sequence[Sampled], alive: Sequence[int]) -> list[int]:
    """Return which of the plans still in leave people where another leaves none, or else surely more than another."""
    if not alive:
        return []
    fewest = min(alive, key=lambda one: left[one].value)
    least = left[fewest]
    if least.value == 0:
        return [one for one in alive if left[one].value > 0]
    return [one for one in alive if one != fewest and paired(least, left[one], SURE).low > 0]
