"""Targets held against figures, with what the intervals leave open."""

from dataclasses import dataclass
from math import inf, isnan
from typing import Literal

import pandas as pd

from sim.metrics import Figure
from sim.scenario import Scenario, Target

Answer = Literal["met", "missed", "open", "no data"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target with the figure it is about; `figure` is None where there is none."""

    target: Target
    figure: Figure | None

    @property
    def answer(self) -> Answer:
        """Met or missed where the whole 95 % interval says so, else open; a single replication has its value."""
        if self.figure is None or isnan(self.figure.value):
            return "no data"
        low, high = self._interval()
        least = -inf if self.target.at_least is None else self.target.at_least
        most = inf if self.target.at_most is None else self.target.at_most
        if least <= low and high <= most:
            return "met"
        return "missed" if high < least or low > most else "open"

    def _interval(self) -> tuple[float, float]:
        assert self.figure is not None
        if isnan(self.figure.low):
            return self.figure.value, self.figure.value
        return self.figure.low, self.figure.high


def verdicts(scenario: Scenario, figures: pd.DataFrame) -> list[Verdict]:
    """Hold every target of a scenario against the figures over the whole run."""
    whole = figures[figures["interval"] == ""]
    rows = [Figure(*row) for row in whole.itertuples(index=False)]
    found = {(row.metric, row.queue, row.team, row.channel, row.kind): row for row in rows}
    return [Verdict(target, found.get(_place(target))) for target in scenario.targets]


def _place(target: Target) -> tuple[str, str, str, str, str]:
    queue, team, channel, kind = (
        name or "" for name in (target.queue, target.team, target.channel, target.kind)
    )
    return target.metric, queue, team, channel, kind
