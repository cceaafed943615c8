"""One line of the table a sceptic reads."""

import math
from dataclasses import dataclass
from enum import StrEnum

from sim.experiments.verification.case import Case, Figure
from sim.experiments.verification.estimate import Estimate

LIMIT = 4.0
"""A figure fails where it lies this many standard errors from the answer."""

WIDEST = 0.05
"""An interval whose half-width is a larger part of the answer than this proves nothing."""


class Verdict(StrEnum):
    """What a figure comes to."""

    AGREES = "agrees"
    DIFFERS = "differs"
    TOO_WIDE = "too wide to tell"
    NOT_SIMULATED = "not simulated"


@dataclass(frozen=True, slots=True)
class Row:
    """A figure beside its answer: 95 % interval and z, the distance in standard errors of both together."""

    case: str
    model: str
    figure: str
    source: str
    expected: float
    simulated: float
    low: float
    high: float
    z: float
    verdict: Verdict


def judged(case: Case, figure: Figure, found: Estimate) -> Row:
    """Set a simulated figure beside its answer: z = (ours - answer) / sqrt(se_ours^2 + se_answer^2)."""
    error = math.hypot(found.standard_error, figure.standard_error)
    distance = found.value - figure.expected
    z = distance / error if error else math.copysign(math.inf, distance) if distance else 0.0
    return _row(case, figure, found, z, _verdict(figure, found, z))


def not_simulated(case: Case, figure: Figure) -> Row:
    """Give the line of a figure that the engine has no model for."""
    nothing = Estimate(math.nan, math.nan, math.nan, math.nan)
    return _row(case, figure, nothing, math.nan, Verdict.NOT_SIMULATED)


def _verdict(figure: Figure, found: Estimate, z: float) -> Verdict:
    if not abs(z) <= LIMIT:
        return Verdict.DIFFERS
    narrow = found.half_width <= WIDEST * abs(figure.expected)
    return Verdict.AGREES if narrow else Verdict.TOO_WIDE


def _row(case: Case, figure: Figure, found: Estimate, z: float, verdict: Verdict) -> Row:
    source = figure.source or case.source
    numbers = (figure.expected, found.value, found.low, found.high, z)
    return Row(case.key, case.model, figure.name, source, *numbers, verdict)
