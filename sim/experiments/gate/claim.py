"""What is claimed of a figure: that it keeps to its target, or that it is not worse than it was."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiments.gate.evidence import Evidence
from sim.experiments.gate.verdict import Layer
from sim.experiments.wanted import Wanted

Side = tuple[int, float]
"""A limit: with 1 the value must not be above it, with -1 the negated value must not."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something about a figure that holds where the truth is beyond none of its limits, in the figure's unit.

    `words` say it as a person would. `number` is that of the target in the scenario.
    """

    figure: Wanted
    layer: Layer
    sides: tuple[Side, ...]
    words: str
    number: int = 0

    def holds(self, evidence: Evidence, alpha: float) -> bool:
        """Whether it surely holds: all its sides, each tested at `alpha`, which needs no correction (Berger 1982)."""
        return all(_from(evidence, sign).limits(alpha)[1] <= limit for sign, limit in self.sides)

    def p_broken(self, evidence: Evidence) -> float:
        """Give the probability of what was seen where it holds; the smaller it is, the surer it is broken."""
        each = [_from(evidence, sign).p_above(limit) for sign, limit in self.sides]
        return min(1.0, len(each) * min(each))


def _from(evidence: Evidence, sign: int) -> Evidence:
    return evidence if sign > 0 else evidence.reversed()


def broken(p_values: Sequence[float], alpha: float) -> list[bool]:
    """Tell which of several claims are surely broken, so that all verdicts together err at most with `alpha`.

    Source: S. Holm (1979), step-down Bonferroni, whatever depends on what.
    """
    from sim.experiments.paired import holm

    return [not math.isnan(p) and p <= alpha for p in holm(p_values)]
