"""Targets held against figures, with what the intervals and those who are unfinished leave open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isinf, isnan
from operator import attrgetter
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.experiments.figure_selectors import FigureSelector, figures_of
from sim.experiments.growth import BACKLOG, growing
from sim.experiments.paired import Sampled
from sim.metrics import Figure
from sim.metrics.figures import about
from sim.metrics.metric import PLACE_COLUMNS
from sim.records.table import Columns
from sim.scenario import Scenario, Target
from sim.workload.inverse import special

if TYPE_CHECKING:
    import pandas as pd

Answer = Literal["met", "missed", "open", "left", "no data", "unfinished", "grows"]
Extremes = tuple["pd.DataFrame", "pd.DataFrame"]
"""Figures as if all that is open were answered at the end, and as if none ever were."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target with the figure it is about; `figure` is None where there is none.

    Of a target for each interval it is the figure of the worst one, `among` so many. `days` is the share of days that
    keep to it, where a target asks for one and the days are known. `settled` is the answer where something is open at
    the end, that of both its extremes or that it depends on the unfinished, and where a backlog grows.
    """

    target: Target
    figure: Figure | None
    among: int = 1
    settled: Answer | None = None
    days: Figure | None = None

    @property
    def answer(self) -> Answer:
        """Met or missed where the whole 95 % interval says so, else open; a single replication has its value.

        What is asked of a share of days is left to the gate where only means are known.
        """
        if self.settled is not None:
            return self.settled
        if self.figure is None or isnan(self.figure.value):
            return "no data"
        if self.target.on_days is not None:
            return _of_days(self.days, self.target.on_days)
        low, high = self.interval
        least = -inf if self.target.at_least is None else self.target.at_least
        most = inf if self.target.at_most is None else self.target.at_most
        if least <= low and high <= most:
            return "met"
        return "missed" if high < least or low > most else "open"

    @property
    def interval(self) -> tuple[float, float]:
        """The limits between which the figure lies; there must be one."""
        assert self.figure is not None
        if isnan(self.figure.low) or isinf(self.figure.value):
            return self.figure.value, self.figure.value
        value, low, high = self.figure.value, self.figure.low, self.figure.high
        if self.among == 1:
            return low, high
        wider = _wider(self.among, self.figure.replications)
        return value - wider * (value - low), value + wider * (high - value)


def _of_days(days: Figure | None, wanted: float) -> Answer:
    if days is None:  # the figures are means, and do not say how many days keep to it
        return "left"
    if isnan(days.value):
        return "no data"
    return "met" if days.low >= wanted else "missed" if days.high < wanted else "open"


def _wider(among: int, replications: int) -> float:
    """Return how much wider a 95 % interval is that holds for all of several figures together (Bonferroni)."""
    return float(
        special().stdtrit(replications - 1, 1 - 0.025 / among) / special().stdtrit(replications - 1, 0.975)
    )


DaysOf = Callable[[Target, FigureSelector, int], Figure]
"""The share of days on which one of a target's figures, of which there are so many, keeps to it."""


def verdicts(
    scenario: Scenario,
    figures: "pd.DataFrame | Columns",
    extremes: Extremes | None = None,
    days: Sequence[DaysOf] = (),
) -> list[Verdict]:
    """Hold every target of a scenario against the figures.

    With `extremes`, the figures as what is open may end, an answer is given only where both give it. Where the backlog
    of a queue grows no target is met for sure. `days` counts the days that keep to a target: as they are, and then as
    what is open may end.
    """
    counts = days or (None, None, None)
    found = _held(scenario, figures, counts[0])
    if extremes is not None:
        ends = zip(
            *(_held(scenario, one, of) for one, of in zip(extremes, counts[1:], strict=True)), strict=True
        )
        found = [replace(one, settled=_settled(*both)) for one, both in zip(found, ends, strict=True)]
    if growing(about(figures, BACKLOG)):
        return [replace(one, settled="grows") if one.answer == "met" else one for one in found]
    return found


def _settled(answered: Verdict, never: Verdict) -> Answer:
    return answered.answer if answered.answer == never.answer else "unfinished"


def _held(scenario: Scenario, figures: "pd.DataFrame | Columns", days: DaysOf | None) -> list[Verdict]:
    rows = about(figures, {target.metric for target in scenario.targets})
    place_of = attrgetter("metric", *PLACE_COLUMNS)
    found = {place_of(row): row for row in rows}
    return [_verdict(target, scenario, found, days) for target in scenario.targets]


def _verdict(
    target: Target, scenario: Scenario, found: Mapping[tuple[str, ...], Figure], days: DaysOf | None
) -> Verdict:
    """Return the verdict on a target, for each interval the gravest of all; those in which nobody came do not count."""
    about = figures_of(target, scenario)
    keys = [(target.metric, *(dict(one.place).get(column, "") for column in PLACE_COLUMNS)) for one in about]
    known = [
        (one, found[key])
        for one, key in zip(about, keys, strict=True)
        if key in found and not isnan(found[key].value)
    ]
    counted = days if target.on_days is not None else None
    every = [
        Verdict(target, figure, len(keys), days=counted and counted(target, one, len(keys)))
        for one, figure in known
    ] or [Verdict(target, None, len(keys))]
    return min(every, key=lambda one: (GRAVEST.index(one.answer), _slack(one)))


GRAVEST: tuple[Answer, ...] = ("missed", "open", "left", "met", "no data")


def days_kept(sampled: Sampled, sides: Sequence[tuple[int, float]]) -> tuple[int, int]:
    """Return on how many days a figure is beyond none of its limits, and of how many; without a value is no day.

    A side is a sign and a limit: the figure times the sign has to be no more.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        values = sampled.tops / sampled.bottoms if sampled.is_ratio else sampled.tops
    values = values[~np.isnan(values)]
    kept = np.ones(len(values), dtype=np.bool_)
    for sign, limit in sides:
        kept &= sign * values <= limit
    return int(kept.sum()), len(values)


def exact_limits(kept: int, days: int, alpha: float) -> tuple[float, float]:
    """Return limits of a share of days, each of which errs with probability `alpha` at most.

    They are those of C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413.
    """
    low = float(special().betaincinv(kept, days - kept + 1, alpha)) if kept else 0.0
    return low, float(special().betaincinv(kept + 1, days - kept, 1 - alpha)) if kept < days else 1.0


def _slack(verdict: Verdict) -> float:
    """Return how far a figure is within the bounds, negative beyond them."""
    if verdict.days is not None and verdict.target.on_days is not None:
        return verdict.days.value - verdict.target.on_days
    if verdict.figure is None:
        return 0.0
    value, target = verdict.figure.value, verdict.target
    above = inf if target.at_least is None else value - target.at_least
    return min(above, inf if target.at_most is None else target.at_most - value)
