"""How much worse a figure may become before that counts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Self

from sim.errors import SimError, shown
from sim.experiments.wanted import Wanted
from sim.metrics import Metric
from sim.scenario.fields import duration, duration_text, share_text

_WRITTEN = re.compile(r"(?P<number>\d+(?:\.\d+)?|\.\d+)\s*(?P<unit>%|[smhd]?)")


@dataclass(frozen=True, slots=True)
class Margin:
    """An amount in the metric's unit (points of a share as 0..1, seconds), or a share of the baseline's value.

    `least` is what a relative margin never falls below, in the metric's unit.
    """

    amount: float
    relative: bool = False
    least: float = 0.0

    @classmethod
    def parse(cls, metric: Metric, text: str) -> Self:
        """Read `2%` (points of a share, else per cent of the baseline), `3s`, or a plain number.

        Raises SimError.
        """
        found = _WRITTEN.fullmatch(text.strip())
        beyond = found is not None and metric.is_share and not found["unit"] and float(found["number"]) > 1
        if not found or beyond or (found["unit"] not in ("", "%") and metric.unit != "s"):
            raise SimError(f"{shown(text)} is no margin of {metric.name}; write {_examples(metric)}")
        if found["unit"] == "%":
            return cls(float(found["number"]) / 100, relative=not metric.is_share)
        return cls(duration(text.strip()) if metric.unit == "s" else float(found["number"]))

    @classmethod
    def usual(cls, metric: Metric) -> Self:
        """Give the margin of a metric for which none is asked: what a planner would hardly call worse."""
        if metric.is_share:
            return cls(_USUAL_POINTS.get(metric.name, 0.01))
        return cls(0.1, relative=True, least=1.0 if metric.unit == "s" else 0.0)

    def of(self, base: float) -> float:
        """Give the margin in the metric's unit, beside a baseline's value; beside none it is the least."""
        if not self.relative:
            return self.amount
        return self.least if isnan(base) else max(self.amount * abs(base), self.least)

    def text(self, metric: Metric) -> str:
        """Write it as it is read."""
        if self.relative or metric.is_share:
            return share_text(round(self.amount, 12))
        return duration_text(self.amount) if metric.unit == "s" else f"{self.amount:g}"


_USUAL_POINTS = {"service_level": 0.02, "no_agent_rate": 0.005}


def _examples(metric: Metric) -> str:
    if metric.is_share:
        return "1% (points)"
    return "10% (of the baseline) or " + ("3s" if metric.unit == "s" else "0.5")


def margins(texts: Iterable[str]) -> dict[Wanted, Margin]:
    """Read margins as `METRIC[:queue=NAME...]=X`.

    Raises SimError with the mistakes of all of them at once.
    """
    found: dict[Wanted, Margin] = {}
    wrong = []
    for text in texts:
        try:
            name, equals, amount = text.rpartition("=")
            if not equals:
                raise SimError(f"{shown(text)}: write METRIC=X, such as service_level:queue=NAME=2%")
            figure = Wanted.parse(name)
            found[figure] = Margin.parse(figure.definition, amount)
        except SimError as error:
            wrong.append(f"--margin {error}")
    if wrong:
        raise SimError("\n".join(wrong))
    return found


def with_usual(figures: Iterable[Wanted], given: Mapping[Wanted, Margin]) -> dict[Wanted, Margin]:
    """Give every figure its margin: those given, beside those of other figures given too."""
    every = {figure: Margin.usual(figure.definition) for figure in figures}
    return {**every, **given}
