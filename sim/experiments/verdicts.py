"""Targets held against figures, with what the intervals and those who are unfinished leave open."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, isinf, isnan
from typing import TYPE_CHECKING, Literal

from sim.experiments.figure_selectors import places_of
from sim.experiments.growth import growing_of
from sim.metrics import Figure
from sim.metrics.metric import PLACE_COLUMNS
from sim.scenario import Scenario, Target

if TYPE_CHECKING:
    import pandas as pd

Answer = Literal["met", "missed", "open", "left", "no data", "unfinished"]
Extremes = tuple["pd.DataFrame", "pd.DataFrame"]
"""Figures as if all that is open were answered at the end, and as if none ever were."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target with the figure it is about; `figure` is None where there is none.

    Of a target for each interval it is the figure of the worst one, `among` so many. `settled` is the answer where
    something is open at the end: that of both its extremes, or that it depends on the unfinished.
    """

    target: Target
    figure: Figure | None
    among: int = 1
    settled: Answer | None = None

    @property
    def answer(self) -> Answer:
        """Met or missed where the whole 95 % interval says so, else open; a single replication has its value.

        What is asked of a share of days is left to the gate.
        """
        if self.settled is not None:
            return self.settled
        if self.figure is None or isnan(self.figure.value):
            return "no data"
        if self.target.on_days is not None:  # the figures are means, and do not say how many days keep to it
            return "left"
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


def _wider(among: int, replications: int) -> float:
    """Return how much wider a 95 % interval is that holds for all of several figures together (Bonferroni)."""
    from scipy.special import stdtrit

    return float(stdtrit(replications - 1, 1 - 0.025 / among) / stdtrit(replications - 1, 0.975))


def verdicts(scenario: Scenario, figures: "pd.DataFrame", extremes: Extremes | None = None) -> list[Verdict]:
    """Hold every target of a scenario against the figures.

    With `extremes`, the figures as what is open may end, an answer is given only where both give it. Where the backlog
    of a queue grows no target is met for sure.
    """
    found = _held(scenario, figures)
    if extremes is not None:
        ends = zip(*(_held(scenario, one) for one in extremes), strict=True)
        found = [replace(one, settled=_settled(*both)) for one, both in zip(found, ends, strict=True)]
    if growing_of(figures):
        return [replace(one, settled="open") if one.answer == "met" else one for one in found]
    return found


def _settled(answered: Verdict, never: Verdict) -> Answer:
    return answered.answer if answered.answer == never.answer else "unfinished"


def _held(scenario: Scenario, figures: "pd.DataFrame") -> list[Verdict]:
    wanted = {target.metric for target in scenario.targets}
    rows = [Figure(*row) for row in figures[figures["metric"].isin(wanted)].itertuples(index=False)]
    found = {(row.metric, *(getattr(row, column) for column in PLACE_COLUMNS)): row for row in rows}
    return [_verdict(target, scenario, found) for target in scenario.targets]


def _verdict(target: Target, scenario: Scenario, found: Mapping[tuple[str, ...], Figure]) -> Verdict:
    """Return the verdict on a target, for each interval the gravest of all; those in which nobody came do not count."""
    places = places_of(target, scenario)
    keys = [(target.metric, *(place.get(column, "") for column in PLACE_COLUMNS)) for place in places]
    known = [found[key] for key in keys if key in found and not isnan(found[key].value)]
    every = [Verdict(target, figure, len(keys)) for figure in known] or [Verdict(target, None, len(keys))]
    return min(every, key=lambda one: (GRAVEST.index(one.answer), _slack(one)))


GRAVEST: tuple[Answer, ...] = ("missed", "open", "left", "met", "no data")


def _slack(verdict: Verdict) -> float:
    """Return how far a figure is within the bounds, negative beyond them."""
    if verdict.figure is None:
        return 0.0
    value, target = verdict.figure.value, verdict.target
    above = inf if target.at_least is None else value - target.at_least
    return min(above, inf if target.at_most is None else target.at_most - value)
