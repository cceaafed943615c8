"""Sequential tests: claims about figures, tested look by look until each is decided."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isnan
from typing import Literal, Self

from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.paired import Sampled, holm, paired
from sim.workload.inverse import special


@dataclass(frozen=True, slots=True)
class Evidence:
    """An estimate, its standard error and the error's degrees of freedom, all of Student's t.

    `slack` bounds the error of a share whose event never, or always, occurred, so that the variance is 0: with
    confidence 1 - alpha it is at most 1 - alpha^(1/cases), the
    exact binomial bound ("rule of three", Hanley and Lippman-Hand 1983).
    """

    value: float
    error: float
    freedom: int
    cases: float = math.inf

    @classmethod
    def of(cls, sampled: Sampled, is_share: bool) -> Self:
        """Return the evidence of one figure; for a ratio of means the error is the delta method's."""
        counted = sampled.only(sampled.there)
        size = len(counted.tops)
        if math.isinf(counted.value):  # somebody waits for ever, which no number of other days makes up for
            return cls(counted.value, 0.0, max(size - 1, 1))
        spread = float(counted.residuals.std(ddof=1)) if size > 1 else math.nan
        cases = float(counted.bottoms.sum()) if is_share and spread == 0 else math.inf
        return cls(counted.value, spread / math.sqrt(size) if size else math.nan, size - 1, cases)

    @classmethod
    def of_difference(cls, base: Sampled, other: Sampled) -> Self:
        """Return the evidence of `other` less `base`, replication by replication on the same customers."""
        both = base.there * other.there
        base, other = base.only(both), other.only(both)
        size = len(base.tops)
        apart = other.residuals - base.residuals
        spread = float(apart.std(ddof=1)) if size > 1 else math.nan
        return cls(other.value - base.value, spread / math.sqrt(size) if size else math.nan, size - 1)

    def limits(self, alpha: float) -> tuple[float, float]:
        """Return a lower and an upper limit, each of which errs with probability `alpha`."""
        if math.isnan(self.error) or math.isnan(self.value):
            return -math.inf, math.inf
        half = float(special().stdtrit(self.freedom, 1 - alpha)) * self.error
        if math.isfinite(self.cases):
            half = 1 - alpha ** (1 / self.cases) if self.cases else math.inf
        return self.value - half, self.value + half

    def p_above(self, bound: float) -> float:
        """Return the probability of so large a value if the true one is `bound` or less."""
        if math.isnan(self.error) or math.isnan(self.value):
            return 1.0
        if self.error == 0:
            return 1.0 if self.value <= bound else 0.0
        return float(special().stdtr(self.freedom, (bound - self.value) / self.error))

    def reversed(self) -> "Evidence":
        """Return the evidence of the negated value."""
        return Evidence(-self.value, self.error, self.freedom, self.cases)


# Looks: when figures are tested, and the error that each look may spend.

FIRST = 10
"""Replications at the first look: a variance estimated from fewer says little."""

ERROR = 0.05
"""Probability of a wrong verdict, over all looks together."""


@dataclass(frozen=True, slots=True)
class Look:
    """A look after so many replications, at which a verdict may err with probability `alpha`."""

    replications: int
    alpha: float


def looks(at_most: int, error: float = ERROR) -> tuple[Look, ...]:
    """Return looks after 10, 20, 40, ... and `at_most` replications.

    The error is spent in proportion to the replications (the spending function alpha * t of Lan and DeMets
    1983, Kim and DeMets 1987). The increment of a look is its level, so that by Bonferroni all looks
    together keep the error, whatever their dependence.
    """
    sizes = [FIRST]
    while sizes[-1] * 2 < at_most:
        sizes.append(sizes[-1] * 2)
    sizes = [*(size for size in sizes if size < at_most), at_most]
    added = [size - before for size, before in zip(sizes, [0, *sizes], strict=False)]
    return tuple(Look(size, error * more / at_most) for size, more in zip(sizes, added, strict=True))


# Verdicts and layers.


class Verdict(StrEnum):
    """Pass, fail, undecided, or refused where the base could not be compared."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    REFUSED = "not comparable"

    @property
    def exit_code(self) -> int:
        """The exit code of `sim check`: 0, 1, 3 or 4."""
        return _EXIT_CODES[self]


Inconclusive = Literal["pass", "fail"]
"""What a pipeline that knows no third verdict takes an inconclusive one for."""


def exit_code(verdict: Verdict, inconclusive: Inconclusive | None = None) -> int:
    """Return the exit code of a check whose inconclusive verdict counts as another, where one is given."""
    if verdict is Verdict.INCONCLUSIVE and inconclusive is not None:
        return Verdict(inconclusive).exit_code
    return verdict.exit_code


_EXIT_CODES = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.INCONCLUSIVE: 3, Verdict.REFUSED: 4}

_GRAVEST_FIRST = (Verdict.FAIL, Verdict.REFUSED, Verdict.INCONCLUSIVE, Verdict.PASS)


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict on several claims together; on none it is a pass."""
    found = set(verdicts)
    return next((verdict for verdict in _GRAVEST_FIRST if verdict in found), Verdict.PASS)


class Layer(StrEnum):
    """The question that a test answers."""

    TRACE = "trace"  # did anything change at all?
    PAIRED = "paired test"  # is it worse?
    TARGET = "target"  # is it good enough?


# Claims: that a figure keeps to its target, or is not worse than it was.

Side = tuple[int, float]
"""A limit: with 1 the value must not be above it, with -1 the negated value must not."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A claim that the true value of a figure is beyond none of its limits, in the figure's unit.

    `words` is the claim as text. `number` is that of the target in the scenario; `is_part` is whether that is about
    each interval, of which this is one.
    """

    figure: FigureSelector
    layer: Layer
    sides: tuple[Side, ...]
    words: str
    number: int = 0
    is_part: bool = False

    @property
    def measured(self) -> FigureSelector:
        """The figure of the replications that it rests on."""
        return self.figure

    def evidence(self, sampled: Sampled) -> Evidence:
        """Return the evidence of the replications of one candidate."""
        return Evidence.of(sampled, self.figure.definition.is_share)

    def holds(self, evidence: Evidence, alpha: float) -> bool:
        """Return whether all sides hold, each tested at `alpha`, which needs no correction (Berger 1982)."""
        return all(_from(evidence, sign).limits(alpha)[1] <= limit for sign, limit in self.sides)

    def p_broken(self, evidence: Evidence) -> float:
        """Return the p-value of the claim: the smaller it is, the surer it is broken."""
        each = [_from(evidence, sign).p_above(limit) for sign, limit in self.sides]
        return min(1.0, len(each) * min(each))


def _from(evidence: Evidence, sign: int) -> Evidence:
    return evidence if sign > 0 else evidence.reversed()


def rejected(p_values: Sequence[float], alpha: float) -> list[bool]:
    """Return which of several claims are rejected, with an error of at most `alpha` over all of them.

    Source: S. Holm (1979), step-down Bonferroni, whatever their dependence.
    """
    return [not math.isnan(p) and p <= alpha for p in holm(p_values)]


# Results, and the test over all looks.


@dataclass(frozen=True, slots=True)
class TestResult:
    """A claim, the verdict on it, and the numbers of the look at which it was reached; in the metric's unit.

    `low` and `high` limit the figure, or in a paired test the difference, each with the error of the look; those
    of shares are clipped to 0..1. A figure without data is NaN and so are its limits. `base` is the baseline's
    value, NaN for a target; `p` is the Holm-adjusted p-value. `correlation` is that of the pairs, NaN without
    pairs. `held_back` is whether it would fail if it were the only claim, so that Holm's correction is why it is
    inconclusive. `left_open` is whether the answer depends on what becomes of those who are unfinished, which more
    replications need not tell; the limits then hold whatever it is. `grows` is whether it would pass but for a backlog
    that grows, with which no figure is steady.
    """

    claim: Hypothesis
    verdict: Verdict
    value: float
    base: float
    low: float
    high: float
    p: float
    correlation: float
    replications: int
    held_back: bool = False
    left_open: bool = False
    grows: bool = False

    @property
    def difference(self) -> float:
        """The candidate's value less the baseline's."""
        return self.value - self.base

    @property
    def is_paired(self) -> bool:
        """Whether the claim is about a baseline."""
        return self.claim.layer is Layer.PAIRED

    @property
    def is_same(self) -> bool:
        """Whether nothing differs from the baseline in any replication, or neither has a value."""
        if isnan(self.value) and isnan(self.base):
            return True
        return self.difference == self.low == self.high == 0


Series = Mapping[FigureSelector, Sampled]
"""The figures of one candidate over its replications."""


class SequentialTest:
    """The claims of one layer; a decided claim stays decided.

    All claims pass where each holds at the look's level, which needs no correction for their number (Berger
    1982, intersection-union tests); a claim is rejected with Holm's correction. So neither a good candidate
    fails nor a bad one passes more often than the looks allow.
    """

    def __init__(self, claims: Sequence[Hypothesis], at_most: int) -> None:
        self.claims = tuple(claims)
        self._looks = {look.replications: look for look in looks(at_most)} if claims else {}
        self._findings: dict[Hypothesis, TestResult] = {}
        self._settled: set[Hypothesis] = set()  # surely met and surely missed, as what is open may end

    @property
    def sizes(self) -> list[int]:
        """The numbers of replications at which it looks."""
        return list(self._looks)

    @property
    def findings(self) -> tuple[TestResult, ...]:
        """The findings, in the order of the claims."""
        return tuple(self._findings[claim] for claim in self.claims if claim in self._findings)

    @property
    def failed(self) -> bool:
        """Whether a claim is rejected."""
        return any(finding.verdict is Verdict.FAIL for finding in self.findings)

    @property
    def open(self) -> bool:
        """Whether a claim is undecided."""
        return any(
            claim not in self._findings or (self._undecided(claim) and claim not in self._settled)
            for claim in self.claims
        )

    def open_after(self, size: int) -> bool:
        """Return whether a look beyond `size` replications could decide a claim."""
        return self.open and any(later > size for later in self._looks)

    def look(
        self, size: int, candidate: Series, base: Series | None, extremes: tuple[Series, ...] | None = None,
        grows: bool = False,
    ) -> None:  # fmt: skip
        """Test at the first `size` replications, if that is one of the looks.

        With `extremes`, the figures as what is open may end, a claim passes or fails only where it does in each. None
        passes where a backlog `grows`.
        """
        look = self._looks.get(size)
        if look is None:
            return
        worlds = extremes or (candidate,)
        seen = [[_evidence(claim, size, world, base) for world in worlds] for claim in self.claims]
        p_values = [max(map(claim.p_broken, each)) for claim, each in zip(self.claims, seen, strict=True)]
        failed = rejected(p_values, look.alpha)
        last = size == self.sizes[-1]
        for claim, each, raw, p, fails in zip(
            self.claims, seen, p_values, holm(p_values), failed, strict=True
        ):
            if claim not in self._findings or self._undecided(claim):
                verdict = _verdict(claim, each, look, fails)
                if last and base is not None and _is_about_nobody(claim.figure, candidate, base):
                    verdict = Verdict.PASS
                if claim.is_part and all(math.isnan(one.value) for one in each):  # nobody came on any day
                    verdict = Verdict.PASS
                passes = grows and verdict is Verdict.PASS
                verdict = Verdict.INCONCLUSIVE if passes else verdict
                found = _finding(claim, verdict, each, look, p, candidate, base)
                undecided = verdict is Verdict.INCONCLUSIVE
                apart = {_verdict(claim, [one], look, claim.p_broken(one) <= look.alpha) for one in each}
                self._settled |= {claim} if passes or apart >= {Verdict.PASS, Verdict.FAIL} else set()
                self._findings[claim] = replace(
                    found,
                    held_back=undecided and raw <= look.alpha,
                    left_open=undecided and len(apart) > 1,
                    grows=passes,
                )

    def _undecided(self, claim: Hypothesis) -> bool:
        return self._findings[claim].verdict is Verdict.INCONCLUSIVE


def _verdict(claim: Hypothesis, each: Sequence[Evidence], look: Look, fails: bool) -> Verdict:
    if fails:
        return Verdict.FAIL
    holds = all(claim.holds(evidence, look.alpha) for evidence in each)
    return Verdict.PASS if holds else Verdict.INCONCLUSIVE


def _is_about_nobody(figure: FigureSelector, candidate: Series, base: Series) -> bool:
    """Return whether the figure has no data in either candidate, so that it cannot be worse."""
    return math.isnan(candidate[figure].value) and math.isnan(base[figure].value)


def _evidence(claim: Hypothesis, size: int, candidate: Series, base: Series | None) -> Evidence:
    figure = claim.measured
    if base is None:
        return claim.evidence(candidate[figure].upto(size))
    return Evidence.of_difference(base[figure].upto(size), candidate[figure].upto(size))


def shown_limits(
    figure: FigureSelector, evidence: Evidence, alpha: float, *, is_difference: bool
) -> tuple[float, float]:
    """Return the limits to be shown: a share's within 0 to 1, NaN for a figure without a value."""
    low, high = evidence.limits(alpha)
    if math.isnan(evidence.value):
        return math.nan, math.nan
    if figure.definition.is_share:
        return max(low, -1.0 if is_difference else 0.0), min(high, 1.0)
    return low, high


def _finding(
    claim: Hypothesis,
    verdict: Verdict,
    each: Sequence[Evidence],
    look: Look,
    p: float,
    candidate: Series,
    base: Series | None,
) -> TestResult:
    limits = [shown_limits(claim.figure, one, look.alpha, is_difference=base is not None) for one in each]
    low, high = min(low for low, _ in limits), max(high for _, high in limits)
    after = candidate[claim.measured].upto(look.replications)
    value, before, correlation = after.value, math.nan, math.nan
    if claim.measured is not claim.figure:
        value = _evidence(claim, look.replications, candidate, base).value
    if base is not None:
        was = base[claim.figure].upto(look.replications)
        both = paired(was, after)
        correlation = both.correlation
        if math.isnan(both.difference):  # no replication in which both have a value: take each by itself
            before = was.value
        else:
            value, before = both.value, both.base
    return TestResult(claim, verdict, value, before, low, high, p, correlation, look.replications)
