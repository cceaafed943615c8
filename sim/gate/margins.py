"""Margins: how much worse a figure may become, and the claims that follow for figures and targets."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Self

from sim.errors import SimError, quoted
from sim.experiments.figure_selectors import COLUMNS, FigureSelector, figures_of, goal_of, place_of, usual
from sim.gate.sequential import Hypothesis, Layer, Series, Side
from sim.metrics import Metric, lookup
from sim.scenario import Scenario, Target
from sim.scenario.numbers import decimal, duration, duration_text, share_text

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
        beyond = found is not None and metric.is_share and not found["unit"] and decimal(found["number"]) > 1
        if not found or beyond or (found["unit"] not in ("", "%") and metric.unit != "s"):
            raise SimError(f"{quoted(text)} is no margin of {metric.name}; write {_examples(metric)}")
        if found["unit"] == "%":
            return cls(decimal(found["number"]) / 100, relative=not metric.is_share)
        return cls(duration(text.strip()) if metric.unit == "s" else decimal(found["number"]))

    @classmethod
    def usual(cls, metric: Metric) -> Self:
        """Return the default margin of a metric: a change that does not matter to a planner."""
        if metric.is_share:
            return cls(_USUAL_POINTS.get(metric.name, 0.01))
        return cls(0.1, relative=True, least=1.0 if metric.unit == "s" else 0.0)

    def of(self, base: float) -> float:
        """Return the margin in the metric's unit for a baseline's value; without a value it is the least."""
        if not self.relative:
            return self.amount
        return self.least if isnan(base) else max(self.amount * abs(base), self.least)

    def text(self, metric: Metric) -> str:
        """Return the margin as text that `parse` reads."""
        if self.relative or metric.is_share:
            return share_text(round(self.amount, 12))
        return duration_text(self.amount) if metric.unit == "s" else f"{self.amount:g}"


_USUAL_POINTS = {"service_level": 0.02, "no_agent_rate": 0.005}


def _examples(metric: Metric) -> str:
    if metric.is_share:
        return "1% (points)"
    return "10% (of the baseline) or " + ("3s" if metric.unit == "s" else "0.5")


def margins(texts: Iterable[str]) -> dict[FigureSelector, Margin]:
    """Read margins as `METRIC[:queue=NAME...]=X`.

    Raises SimError with the mistakes of all of them at once.
    """
    found: dict[FigureSelector, Margin] = {}
    wrong = []
    for text in texts:
        try:
            name, equals, amount = text.rpartition("=")
            if not equals:
                raise SimError(f"{quoted(text)}: write METRIC=X, such as service_level:queue=NAME=2%")
            figure = FigureSelector.parse(name)
            found[figure] = Margin.parse(figure.definition, amount)
        except SimError as error:
            wrong.append(f"--margin {error}")
    if wrong:
        raise SimError("\n".join(wrong))
    return found


def with_usual(
    figures: Iterable[FigureSelector], given: Mapping[FigureSelector, Margin]
) -> dict[FigureSelector, Margin]:
    """Return the margin of every figure: the given ones, and the usual ones of the others."""
    every = {figure: Margin.usual(figure.definition) for figure in figures}
    return {**every, **given}


# Guarded figures, and the claims that are tested.

OVERALL = ("service_level", "asa", "wait_p95", "abandon_rate", "no_agent_rate")
OF_TRANSFERS = ("asa", "no_agent_rate")


def guarded(scenario: Scenario, *others: Scenario) -> tuple[FigureSelector, ...]:
    """Return the figures of a scenario that must not become worse: waits and losses, and those of its targets.

    Of a target for each interval it is the figure of the whole run: held to every interval, no change would be sure.
    Figures that one of the others lacks are left out, as they cannot be compared.
    """
    every = (scenario, *others)
    figures = usual(every, OVERALL, by_queue=False, each=False)
    transfers = [FigureSelector(metric, (("kind", "transfer"),)) for metric in OF_TRANSFERS]
    return tuple(dict.fromkeys([*figures, *(transfers if all(map(_hands_on, every)) else ())]))


def _hands_on(scenario: Scenario) -> bool:
    transfers = [queue.transfer for queue in scenario.queues.values() if queue.transfer is not None]
    return any(transfer.probability > 0 for transfer in transfers)


def target_claims(scenario: Scenario) -> tuple[Hypothesis, ...]:
    """Return the claims of a scenario's targets, for a target of each interval one for every interval."""
    return tuple(
        _claim_of(target, figure, number)
        for number, target in enumerate(scenario.targets)
        for figure in figures_of(target, scenario)
    )


def paired_claims(
    scenario: Scenario, margins: Mapping[FigureSelector, Margin], base: Series
) -> tuple[Hypothesis, ...]:
    """Return for each figure the claim that it is not worse than in the baseline by more than its margin."""
    goals = {figure_of(target): _goal(target) for target in scenario.targets}
    claims = []
    for figure, margin in margins.items():
        sides = _sides(figure, goals, margin.of(base[figure].value))
        claims.append(Hypothesis(figure, Layer.PAIRED, sides, margin.text(figure.definition)))
    return tuple(claims)


def figure_of(target: Target) -> FigureSelector:
    """Return the figure that a target is about."""
    place = place_of(target)
    return FigureSelector(lookup(target.metric).name, tuple((c, place[c]) for c in COLUMNS if c in place))


def _claim_of(target: Target, figure: FigureSelector, number: int) -> Hypothesis:
    sides: list[Side] = []
    words = []
    if target.at_least is not None:
        sides.append((-1, -target.at_least))
        words.append(f"at least {target.at_least:g}")
    if target.at_most is not None:
        sides.append((1, target.at_most))
        words.append(f"at most {target.at_most:g}")
    is_part = target.each is not None
    if target.on_days is not None:
        from sim.gate.days import on_days

        return on_days(figure, tuple(sides), target.on_days, " and ".join(words), number, is_part)
    return Hypothesis(figure, Layer.TARGET, tuple(sides), " and ".join(words), number, is_part)


def _goal(target: Target) -> int:
    """Return 1 where more is worse by the target's bound, -1 where less is, 0 where both are."""
    if target.at_least is not None and target.at_most is not None:
        return 0
    return 1 if target.at_most is not None else -1


def _sides(figure: FigureSelector, goals: Mapping[FigureSelector, int], limit: float) -> tuple[Side, ...]:
    """Return the limits: above where more is worse, below where less is, both where that depends."""
    worse = _worse(figure) or goals.get(figure, 0)
    return ((worse, limit),) if worse else ((1, limit), (-1, limit))


def _worse(figure: FigureSelector) -> int:
    try:
        return 1 if goal_of(figure, None) == "low" else -1
    except SimError:  # whether it is depends
        return 0


def every_figure(claims: Iterable[Hypothesis]) -> tuple[FigureSelector, ...]:
    """Return the figures that several claims rest on, each once."""
    return tuple(dict.fromkeys(claim.measured for claim in claims))
