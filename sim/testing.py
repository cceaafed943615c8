"""The gate inside a test suite: a pytest plugin.

    def test_transfers_find_somebody(simulate):
        day = simulate("support_day.yaml", replications=20)
        day.expect("no_agent_rate", kind="transfer").at_most("5%")

It is loaded in every run of pytest, so heavy imports wait until a test needs them.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from math import inf, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import pytest

from sim.errors import SimError

if TYPE_CHECKING:
    from _pytest.outcomes import Failed

    from sim.experiments.figure_selectors import FigureSelector
    from sim.experiments.paired import Sampled
    from sim.gate.candidate import Candidate
    from sim.gate.sequential import Evidence, Hypothesis
    from sim.metrics import Measures
    from sim.scenario import Scenario
else:
    Failed = pytest.fail.Exception

REPLICATIONS = 20
CONFIDENCE = 0.95
Budget = float | str | None
BUDGET = 1e9
"""Events of the days of a test, as of a command; None has no end."""
FOLDERS = (".", "scenarios")
"""Folders of scenario files, beside the test and below pytest's root."""

MANY = 100_000
"""Replications beyond which none are advised."""

OUTCOME, UNDECIDED = "sim_outcome", "undecided"
"""The property of a test's report, also in a JUnit file, and its value where the days do not tell."""

P = ParamSpec("P")
R = TypeVar("R")


class UndecidedError(Failed):
    """Fail a test whose days tell neither that its promise is kept nor that it is broken."""


def _raise_at_the_test(function: Callable[P, R]) -> Callable[P, R]:
    """Show a mistake at the line of the test that makes it, without the calls below."""

    @wraps(function)
    def call(*arguments: P.args, **named: P.kwargs) -> R:
        __tracebackhide__ = True
        try:
            return function(*arguments, **named)
        except SimError as error:
            raise error.with_traceback(None)  # noqa: B904 - the error keeps its own cause, as of a policy

    return call


@dataclass(frozen=True, eq=False)
class Simulated:
    """Days of a candidate, all with the same seed."""

    candidate: "Candidate"
    replications: int
    seed: int
    budget: Budget = None

    @cached_property
    def measures(self) -> "list[Measures]":
        """The figures of each day, simulated when first needed. Raises BudgetError beyond the budget."""
        from sim.engine import simulate
        from sim.metrics import measure
        from sim.parallel.workers import Spending
        from sim.workload import draw

        scenario, policies = self.candidate.scenario, self.candidate.policies
        cap = Spending.within(self.budget, [scenario], self.replications, jobs=1).cap
        days = (draw(scenario, number, self.seed) for number in range(self.replications))
        return [measure(simulate(scenario, day, **policies, cap=cap), scenario) for day in days]

    @_raise_at_the_test
    def expect(self, metric: str, **place: str) -> "Expected":
        """Return the expectation of a figure, such as `expect("asa", queue="billing")`.

        Raises SimError, with the nearest name, for an unknown figure.
        """
        return Expected(self, _figure(metric, place, self.candidate.scenario))

    def sampled(self, figure: "FigureSelector") -> "Sampled":
        """Return a figure over the days."""
        import numpy as np

        from sim.experiments.paired import Sampled

        parts = np.array([day.parts(figure.metric, **dict(figure.place)) for day in self.measures])
        return Sampled(parts[:, 0], parts[:, 1], figure.definition.is_ratio)


@dataclass(frozen=True)
class Expected:
    """A figure of simulated days, to be compared with a bound with confidence.

    A bound is in the metric's unit, or as in a scenario: "5%", "30s", "2m".
    """

    simulated: Simulated
    figure: "FigureSelector"
    confidence: float = CONFIDENCE

    @_raise_at_the_test
    def at_most(self, bound: float | str) -> None:
        """Fail unless the figure is surely not above the bound."""
        __tracebackhide__ = True
        self._hold((1, _bound(self.figure, bound)))

    @_raise_at_the_test
    def at_least(self, bound: float | str) -> None:
        """Fail unless the figure is surely not below the bound."""
        __tracebackhide__ = True
        self._hold((-1, -_bound(self.figure, bound)))

    @_raise_at_the_test
    def between(self, low: float | str, high: float | str) -> None:
        """Fail unless the figure is surely within both bounds."""
        __tracebackhide__ = True
        self._hold((-1, -_bound(self.figure, low)), (1, _bound(self.figure, high)))

    def with_confidence(self, confidence: float) -> "Expected":
        """Return the expectation with another confidence than 95 %; 50 % takes the estimate as it is."""
        return Expected(self.simulated, self.figure, confidence)

    def _hold(self, *sides: tuple[int, float]) -> None:
        __tracebackhide__ = True
        from sim.gate.sequential import Evidence, Hypothesis, Layer

        claim = Hypothesis(self.figure, Layer.TARGET, sides, "")
        evidence = Evidence.of(self.simulated.sampled(self.figure), self.figure.definition.is_share)
        alpha = 1 - self.confidence
        if not claim.holds(evidence, alpha):
            raise _failure(claim, evidence, alpha, _missed(claim, evidence, self))


@dataclass
class Days:
    """A cache of simulated days, so that a suite simulates the same ones once."""

    known: dict[Any, Simulated] = field(default_factory=dict)

    def of(self, candidate: "Candidate", replications: int, seed: int, budget: Budget) -> Simulated:
        """Return the days of a candidate."""
        policies = (candidate.agent_selection, candidate.request_selection)
        key = (candidate.scenario.hash, replications, seed, budget, *map(id, policies))
        return self.known.setdefault(key, Simulated(candidate, replications, seed, budget))


@pytest.fixture(scope="session")
def simulated_days() -> Days:
    """Return the cache of days simulated in this session."""
    return Days()


@pytest.fixture
def simulate(request: pytest.FixtureRequest, simulated_days: Days) -> Callable[..., Simulated]:
    """Simulate a scenario: `simulate("day.yaml", replications=20, changes={"routing.ring_time": "30s"})`.

    A file is searched beside the test and below pytest's root, and in the folder `scenarios` of both.
    `agent_selection` and `request_selection` take policies as objects; `seed` is the scenario's own unless
    given. Days that take more than `budget`, a number of events, are refused or stopped.
    """
    folders = [base / folder for base in (request.path.parent, request.config.rootpath) for folder in FOLDERS]

    @_raise_at_the_test
    def simulate(
        scenario: "Scenario | str | Path",
        *,
        replications: int = REPLICATIONS,
        seed: int | None = None,
        changes: Mapping[str, Any] | Sequence[str] = (),
        agent_selection: Any = None,
        request_selection: Any = None,
        budget: Budget = BUDGET,
    ) -> Simulated:
        from sim.gate.candidate import Candidate

        found = _scenario(scenario, changes, folders)
        candidate = Candidate(found, agent_selection, request_selection)
        return simulated_days.of(candidate, replications, found.seed if seed is None else seed, budget)

    return simulate


@_raise_at_the_test
def assert_not_worse(
    base: "Scenario | Simulated | str | Path",
    candidate: "Scenario | Simulated | str | Path",
    metric: str,
    margin: float | str,
    *,
    replications: int = REPLICATIONS,
    seed: int | None = None,
    confidence: float = CONFIDENCE,
    **place: str,
) -> None:
    """Fail unless a figure of the candidate is surely not worse than the base's by more than a margin.

    Both meet the same customers. The margin is in the metric's unit, or "2%" (points of a share, else per cent
    of the base) or "3s". Days of `simulate` are not simulated again; for other scenarios `replications`
    and `seed` say how many days, and which.
    """
    __tracebackhide__ = True
    before, after = _pair(base, candidate, replications, seed)
    figure = _figure(metric, place, before.candidate.scenario)
    _figure(metric, place, after.candidate.scenario)
    failure = _not_worse(before, after, figure, margin, 1 - confidence)
    if failure is not None:
        raise failure


def _pair(base: Any, candidate: Any, replications: int, seed: int | None) -> tuple[Simulated, Simulated]:
    """Return the days of both. Raises SimError where they do not have the same customers."""
    from sim.gate.probe import customers

    days = [one for one in (base, candidate) if isinstance(one, Simulated)]
    if days:
        replications, seed = days[0].replications, days[0].seed
    before, after = (_simulated(one, replications, seed) for one in (base, candidate))
    if (before.replications, before.seed) != (after.replications, after.seed):
        raise SimError(
            f"base and candidate are not the same days: {before.replications} replications with seed"
            f" {before.seed}, and {after.replications} with seed {after.seed}"
        )
    if customers(before.candidate.scenario, before.seed) != customers(after.candidate.scenario, after.seed):
        raise SimError("base and candidate do not have the same customers, so that they cannot be compared")
    return before, after


def _not_worse(
    before: Simulated, after: Simulated, figure: "FigureSelector", margin: float | str, alpha: float
) -> Failed | None:
    """Return how the test fails as the candidate may be worse; None where it surely is not."""
    from sim.gate.changes import changed_keys
    from sim.gate.margins import Margin, paired_claims
    from sim.gate.sequential import Evidence
    from sim.report.check.words import margin as margin_words

    was, now = before.sampled(figure), after.sampled(figure)
    written = margin if isinstance(margin, str) else f"{margin:f}".rstrip("0").rstrip(".")
    scenario = after.candidate.scenario
    (claim,) = paired_claims(scenario, {figure: Margin.parse(figure.definition, written)}, {figure: was})
    evidence = Evidence.of_difference(was, now)
    if claim.holds(evidence, alpha) or (isnan(was.value) and isnan(now.value)):
        return None
    keys = [f"  {change}" for change in changed_keys(before.candidate.scenario, scenario)]
    lines = [
        f"{_moved(figure, scenario.name, was.value, now.value)}; the margin is {margin_words(claim)}",
        _surely(claim, evidence, alpha, after),
        *(["what changed:", *keys] if keys else []),
    ]
    return _failure(claim, evidence, alpha, "\n".join(lines))


def _failure(claim: "Hypothesis", evidence: "Evidence", alpha: float, text: str) -> Failed:
    """Return the failure of a promise that does not surely hold: it is broken, or undecided."""
    is_broken = claim.p_broken(evidence) <= alpha
    return (Failed if is_broken else UndecidedError)(text, pytrace=False)


def _moved(figure: "FigureSelector", scenario: str, was: float, now: float) -> str:
    from sim.report.check.words import apart, name, valued

    what = f"{name(figure)} of {scenario}"
    if isnan(was):
        return f"{what} had no value and is {valued(figure, now)}"
    if isnan(now):
        return f"{what} was {valued(figure, was)} and has no value now"
    way = f"{apart(figure, now - was)} {'more' if now > was else 'less'}"
    return f"{what} was {valued(figure, was)} and is {valued(figure, now)}: {way}"


def _missed(claim: "Hypothesis", evidence: "Evidence", expected: Expected) -> str:
    from sim.report.check.words import bound, name, valued

    simulated, figure = expected.simulated, expected.figure
    value = "has no value" if isnan(evidence.value) else f"is {valued(figure, evidence.value)}"
    what = f"{name(figure)} of {simulated.candidate.scenario.name} {value}"
    alpha = 1 - expected.confidence
    return f"{what}; expected {bound(claim)}\n{_surely(claim, evidence, alpha, simulated)}"


def _surely(claim: "Hypothesis", evidence: "Evidence", alpha: float, simulated: Simulated) -> str:
    """Describe how sure a miss is, and how many replications it would take to be sure."""
    from sim.gate.sequential import Layer, shown_limits
    from sim.report.check.words import between

    count = simulated.replications
    days = f"{count} replication{'s' * (count != 1)}, seed {simulated.seed}"
    if isnan(evidence.value):
        return f"there was nobody to count ({days})"
    if isnan(evidence.error):
        return f"so few days do not tell how sure that is ({days}): not sure either way; more replications may tell"
    low, high = shown_limits(claim.figure, evidence, alpha, is_difference=claim.layer is Layer.PAIRED)
    surely = f"surely {between(claim.figure, low, high)} ({days})"
    if claim.p_broken(evidence) <= alpha:
        return f"{surely}: that is surely broken"
    return f"{surely}: not sure either way; {_advice(claim, evidence, alpha, count)}"


def _advice(claim: "Hypothesis", evidence: "Evidence", alpha: float, count: int) -> str:
    low, high = evidence.limits(alpha)
    gap = min(limit - sign * evidence.value for sign, limit in claim.sides)
    needed = count * ((high - low) / 2 / gap) ** 2 if gap > 0 else inf
    return (
        f"about {round(needed)} replications may tell" if needed <= MANY else "it is too close to the limit"
    )


def _figure(metric: str, place: Mapping[str, str], scenario: "Scenario") -> "FigureSelector":
    from sim.experiments.figure_selectors import FigureSelector, check

    text = metric + "".join(f":{column}={name}" for column, name in place.items() if name)
    figure = FigureSelector.parse(text)
    check(figure, scenario)
    return figure


def _simulated(source: Any, replications: int, seed: int | None) -> Simulated:
    from sim.gate.candidate import Candidate

    if isinstance(source, Simulated):
        return source
    scenario = _scenario(source, (), [Path()])
    return Simulated(Candidate(scenario), replications, scenario.seed if seed is None else seed, BUDGET)


def _scenario(source: Any, changes: Mapping[str, Any] | Sequence[str], folders: Sequence[Path]) -> "Scenario":
    from sim.scenario import Scenario, load
    from sim.scenario.loading import changed

    if isinstance(source, Scenario):
        return changed(source, changes) if changes else source
    tried = [folder / source for folder in folders]
    found = next((path for path in tried if path.is_file()), None)
    if found is None:
        places = ", ".join(dict.fromkeys(str(path.parent) for path in tried))
        raise SimError(f"{source}: there is no such scenario file in {places}")
    return load(found, changes)


def _bound(figure: "FigureSelector", value: float | str) -> float:
    """Read a bound of a figure. Raises SimError for one that the figure cannot have."""
    from sim.experiments.figure_selectors import read_bound

    return read_bound(figure.definition, value)


# What pytest shows of a test that is undecided: a letter, a section and a count of its own.


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Mark the report of an undecided test."""
    if call.excinfo is not None and isinstance(call.excinfo.value, UndecidedError):
        item.user_properties.append((OUTCOME, UNDECIDED))
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(
    report: pytest.CollectReport | pytest.TestReport,
) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    """Count an undecided test apart from those that fail."""
    if not isinstance(report, pytest.TestReport) or not report.failed or report.when == "teardown":
        return None
    if (OUTCOME, UNDECIDED) not in [tuple(one) for one in report.user_properties]:
        return None
    return UNDECIDED, "U", (UNDECIDED.upper(), {"yellow": True})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell why tests are undecided."""
    reports = terminalreporter.getreports(UNDECIDED)
    if reports:
        terminalreporter.write_sep("=", UNDECIDED.upper())
    for report in reports:
        terminalreporter.write_sep("_", report.head_line or report.nodeid, yellow=True)
        terminalreporter.write_line(report.longreprtext)
