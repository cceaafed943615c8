"""What was found of one figure."""

from dataclasses import dataclass
from math import isnan

from sim.experiments.gate.claim import Claim
from sim.experiments.gate.verdict import Layer, Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim, the verdict on it, and the numbers as they were when it was reached; in the metric's unit.

    `low` and `high` limit the figure, or in a paired test the difference, each with the error that the look
    was allowed; those of shares are kept within what shares can be. What has no value, as nobody was there to
    be counted, is NaN and so are its limits. `base` is the baseline's value, NaN for a target; `p` is the
    Holm-adjusted probability where the claim holds. `correlation` is that of the pairs, NaN where there are
    none.
    """

    claim: Claim
    verdict: Verdict
    value: float
    base: float
    low: float
    high: float
    p: float
    correlation: float
    replications: int

    @property
    def difference(self) -> float:
        """What the candidate has more than the baseline."""
        return self.value - self.base

    @property
    def is_paired(self) -> bool:
        """Whether it is about a baseline."""
        return self.claim.layer is Layer.PAIRED

    @property
    def is_same(self) -> bool:
        """Whether nothing differs from the baseline in any replication, or neither has a value."""
        if isnan(self.value) and isnan(self.base):
            return True
        return self.difference == self.low == self.high == 0
