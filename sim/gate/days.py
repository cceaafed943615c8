"""Targets for a share of days: how many days keep to a bound, each by itself, and what that says of all days."""

from dataclasses import dataclass, replace
from math import inf, isnan, nan
from typing import Self

from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.paired import Sampled
from sim.experiments.verdicts import days_kept, exact_limits
from sim.gate.sequential import Evidence, Hypothesis, Layer, Side
from sim.metrics import Metric
from sim.metrics.formatting import quantity
from sim.metrics.metric import scale_of
from sim.workload.inverse import special


@dataclass(frozen=True, slots=True)
class DaysKept(FigureSelector):
    """The share of days on which a figure is beyond none of its limits."""

    sides: tuple[Side, ...] = ()

    @property
    def definition(self) -> Metric:
        """The metric, given as a share of days."""
        return replace(FigureSelector(self.metric).definition, unit="share", scale=scale_of("share"))

    @property
    def words(self) -> str:
        """The part of the run in words, and what a day has to keep to."""
        figure = FigureSelector(self.metric, self.place)
        unit = figure.definition.unit
        bounds = [
            f"{'at most' if sign > 0 else 'at least'} {quantity(sign * one, unit)}"
            for sign, one in self.sides
        ]
        return f"{figure.words}{', ' if figure.words else ''}days with {' and '.join(bounds)}"


@dataclass(frozen=True, slots=True)
class DaysHypothesis(Hypothesis):
    """A claim that at least a share of days keeps to a bound."""

    @property
    def measured(self) -> FigureSelector:
        """The figure that is measured on each day."""
        return FigureSelector(self.figure.metric, self.figure.place)

    def evidence(self, sampled: Sampled) -> Evidence:
        """Return the evidence of the days; one on which nobody was counted is left out."""
        assert isinstance(self.figure, DaysKept)
        return DayCount.of_days(*days_kept(sampled, self.figure.sides))


def on_days(figure: FigureSelector, sides: tuple[Side, ...], share: float, words: str, number: int,
            is_part: bool) -> Hypothesis:  # fmt: skip
    """Return the claim that a figure is beyond none of its limits on at least a share of days."""
    kept = DaysKept(figure.metric, figure.place, sides)
    asked = f"{words} on at least {share:.4%} of days".replace(".0000%", "%")
    return DaysHypothesis(kept, Layer.TARGET, ((-1, -share),), asked, number, is_part)


@dataclass(frozen=True, slots=True)
class DayCount(Evidence):
    """So many days of so many, with exact binomial limits; `sign` is -1 for the negated share."""

    kept: int = 0
    days: int = 0
    sign: int = 1

    @classmethod
    def of_days(cls, kept: int, days: int, sign: int = 1) -> Self:
        """Return the evidence of `kept` of `days` independent days."""
        value = sign * kept / days if days else nan
        return cls(value, nan, days - 1, inf, kept, days, sign)

    def limits(self, alpha: float) -> tuple[float, float]:
        """Return a lower and an upper limit, each of which errs with probability `alpha`."""
        if isnan(self.value):
            return -inf, inf
        low, high = exact_limits(self.kept, self.days, alpha)
        return (low, high) if self.sign > 0 else (-high, -low)

    def p_above(self, bound: float) -> float:
        """Return the probability of so large a value if the true one is `bound` or less."""
        if isnan(self.value):
            return 1.0
        if self.sign < 0:  # so few days, or fewer
            return float(special().bdtr(self.kept, self.days, -bound))
        return float(special().bdtr(self.days - self.kept, self.days, 1 - bound))

    def reversed(self) -> Evidence:
        """Return the evidence of the negated share."""
        return DayCount.of_days(self.kept, self.days, -self.sign)
