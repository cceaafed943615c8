"""A family of claims put to the test look by look, until each is decided."""

import math
from collections.abc import Mapping, Sequence

from sim.experiments.gate.claim import Claim, broken
from sim.experiments.gate.evidence import Evidence
from sim.experiments.gate.finding import Finding
from sim.experiments.gate.looks import Look, looks
from sim.experiments.gate.verdict import Verdict
from sim.experiments.paired import Sampled, paired
from sim.experiments.wanted import Wanted

Series = Mapping[Wanted, Sampled]
"""The figures of one contender over its replications."""


class Trial:
    """Claims of one layer; what is decided stays decided.

    That all hold is said where each is surely so, which needs no correction for their number (Berger 1982,
    intersection-union tests); that one is broken, with Holm's correction. So neither a good contender fails
    nor a bad one passes more often than the looks allow.
    """

    def __init__(self, claims: Sequence[Claim], at_most: int) -> None:
        self.claims = tuple(claims)
        self._looks = {look.replications: look for look in looks(at_most)} if claims else {}
        self._findings: dict[Claim, Finding] = {}

    @property
    def sizes(self) -> list[int]:
        """After how many replications it looks."""
        return list(self._looks)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the order of the claims."""
        return tuple(self._findings[claim] for claim in self.claims if claim in self._findings)

    @property
    def failed(self) -> bool:
        """Whether a claim is surely broken."""
        return any(finding.verdict is Verdict.FAIL for finding in self.findings)

    @property
    def open(self) -> bool:
        """Whether anything is undecided yet."""
        return any(claim not in self._findings or self._undecided(claim) for claim in self.claims)

    def open_after(self, size: int) -> bool:
        """Whether a look beyond `size` replications could decide anything."""
        return self.open and any(later > size for later in self._looks)

    def look(self, size: int, candidate: Series, base: Series | None) -> None:
        """Look at the first `size` replications, if that is one of the looks."""
        look = self._looks.get(size)
        if look is None:
            return
        seen = [_evidence(claim.figure, size, candidate, base) for claim in self.claims]
        p_values = [claim.p_broken(evidence) for claim, evidence in zip(self.claims, seen, strict=True)]
        failed = broken(p_values, look.alpha)
        last = size == self.sizes[-1]
        for claim, evidence, p, fails in zip(self.claims, seen, _adjusted(p_values), failed, strict=True):
            if claim not in self._findings or self._undecided(claim):
                verdict = _verdict(claim, evidence, look, fails)
                if last and base is not None and _is_about_nobody(claim.figure, candidate, base):
                    verdict = Verdict.PASS
                self._findings[claim] = _finding(claim, verdict, evidence, look, p, candidate, base)

    def _undecided(self, claim: Claim) -> bool:
        return self._findings[claim].verdict is Verdict.INCONCLUSIVE


def _verdict(claim: Claim, evidence: Evidence, look: Look, fails: bool) -> Verdict:
    if fails:
        return Verdict.FAIL
    return Verdict.PASS if claim.holds(evidence, look.alpha) else Verdict.INCONCLUSIVE


def _is_about_nobody(figure: Wanted, candidate: Series, base: Series) -> bool:
    """Tell whether neither contender ever had what the figure counts, so that nobody can be worse off."""
    return math.isnan(candidate[figure].value) and math.isnan(base[figure].value)


def _evidence(figure: Wanted, size: int, candidate: Series, base: Series | None) -> Evidence:
    if base is None:
        return Evidence.of(candidate[figure].upto(size), figure.definition.is_share)
    return Evidence.of_difference(base[figure].upto(size), candidate[figure].upto(size))


def shown_limits(
    figure: Wanted, evidence: Evidence, alpha: float, *, is_difference: bool
) -> tuple[float, float]:
    """Give the limits as they are told: a share is 0 to 1, a figure that has no value has no limits either."""
    low, high = evidence.limits(alpha)
    if math.isnan(evidence.value):
        return math.nan, math.nan
    if figure.definition.is_share:
        return max(low, -1.0 if is_difference else 0.0), min(high, 1.0)
    return low, high


def _adjusted(p_values: Sequence[float]) -> list[float]:
    from sim.experiments.paired import holm

    return holm(p_values)


def _finding(
    claim: Claim,
    verdict: Verdict,
    evidence: Evidence,
    look: Look,
    p: float,
    candidate: Series,
    base: Series | None,
) -> Finding:
    low, high = shown_limits(claim.figure, evidence, look.alpha, is_difference=base is not None)
    after = candidate[claim.figure].upto(look.replications)
    value, before, correlation = after.value, math.nan, math.nan
    if base is not None:
        was = base[claim.figure].upto(look.replications)
        both = paired(was, after)
        correlation = both.correlation
        if math.isnan(both.difference):  # on no day both have a value: each as it is
            before = was.value
        else:
            value, before = both.value, both.base
    return Finding(claim, verdict, value, before, low, high, p, correlation, look.replications)
