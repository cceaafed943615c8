"""A model with a known answer: scenario, length of the run, figures and answers; and the verdict on each."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import as_file, files
from typing import Any
from zlib import crc32

from sim.scenario import Scenario, load
from sim.verification.measures import Estimate, Measure


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a model: the known answer, and how ours is measured.

    `standard_error` is that of the answer: 0 where it was computed exactly, half-width / 1.96 where it was
    simulated and printed with a 95 % interval. `source` overrides that of the case. The variance of a `controlled`
    one is reduced by control variates, which a count of arrivals cannot use.
    """

    name: str
    expected: float
    measure: Measure
    standard_error: float = 0.0
    source: str | None = None
    controlled: bool = True


@dataclass(frozen=True, slots=True)
class Length:
    """The length of a run: `replications`, each cut into `batches` of equal length after the warm-up.

    `lasts` takes the place of the scenario's own. A day is a replication with one batch.
    """

    replications: int = 1
    batches: int = 1
    lasts: str | None = None


@dataclass(frozen=True)
class Case:
    """A model with a known answer.

    `scenario` names a file of the folder `scenarios`, changed by `overrides`. `length` is for the full table,
    `quick` for a test suite. `policies` take the place of those that the scenario names. With `draws_only` the engine
    does not run and the measures read the workload.
    """

    key: str
    model: str
    source: str
    scenario: str
    figures: tuple[Figure, ...]
    length: Length
    quick: Length
    overrides: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[str, ...] = ("requests",)
    draws_only: bool = False
    policies: Mapping[str, Any] = field(default_factory=dict)

    def load(self, length: Length) -> Scenario:
        """Read the scenario for a run of that length."""
        # Each case has a seed of its own, so that unlucky draws do not show in all of them.
        changes = {"seed": crc32(self.key.encode()), **self.overrides}
        changes |= {"lasts": length.lasts} if length.lasts else {}
        with as_file(files("sim.verification") / "scenarios") as folder:
            return load(folder / self.scenario, changes)


# The rows of the table.

LIMIT = 4.0
"""A figure fails where it lies this many standard errors from the answer."""

WIDEST = 0.05
"""An interval whose half-width is a larger part of the answer than this is too wide to verify it."""


class Verdict(StrEnum):
    """The verdict on a figure."""

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
    """Compare a simulated figure with its answer: z = (ours - answer) / sqrt(se_ours^2 + se_answer^2)."""
    error = math.hypot(found.standard_error, figure.standard_error)
    distance = found.value - figure.expected
    z = distance / error if error else math.copysign(math.inf, distance) if distance else 0.0
    return _row(case, figure, found, z, _verdict(figure, found, z))


def not_simulated(case: Case, figure: Figure) -> Row:
    """Return the row of a figure that the engine cannot simulate."""
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
