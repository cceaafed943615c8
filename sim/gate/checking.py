"""The check of one scenario against its targets and a baseline."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from types import MappingProxyType

from sim.errors import SimError
from sim.experiments.feasibility import figure_of
from sim.experiments.figure_selectors import FigureSelector, check_targets, read
from sim.experiments.growth import backlogs, growing, growth_words
from sim.gate.baseline import Stored, definition, missing, reasons, sent_elsewhere
from sim.gate.candidate import Base, BaselineError, Candidate, Day, Live, Provenance
from sim.gate.changes import Change, changed_keys, differing, first_difference
from sim.gate.margins import Margin, every_figure, guarded, paired_claims, target_claims, with_usual
from sim.gate.margins import margins as read_margins
from sim.gate.result import CheckResult, WhatChanged
from sim.gate.revision import Revision, folder_for
from sim.gate.sequential import FIRST, SequentialTest, Verdict, gravest
from sim.parallel.cores import cores
from sim.parallel.workers import Spending, Workers
from sim.policies import AgentSelection, PolicyError, RequestSelection
from sim.scenario import Scenario
from sim.scenario.model import require_scenarios, require_whole
from sim.scenario.wall_clock import WallClock

AT_MOST = 160
"""Replications at the last look by default."""

OPEN = MISSED, UNDETERMINED = FigureSelector("unfinished_missed"), FigureSelector("unfinished_undetermined")
"""Those who are unfinished: measured beside the tested figures, as verdicts may depend on them."""

Margins = Mapping[FigureSelector, Margin]
Progress = Callable[[int, int], None]
NO_MARGINS: Margins = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Terms:
    """The options of a check.

    `margins` are those given, beside the usual ones; `targets` is whether they are tested, `exact` whether
    any change of the trace at all fails.
    """

    at_most: int = AT_MOST
    margins: Margins = field(default_factory=lambda: NO_MARGINS)
    targets: bool = True
    exact: bool = False


def check_one(
    candidate: Candidate,
    base: Base | None = None,
    terms: Terms | None = None,
    workers: Workers | None = None,
    on_progress: Progress | None = None,
    spending: Spending | None = None,
) -> CheckResult:
    """Test a candidate against the targets of its scenario and, where there is a base, against that.

    Replications are added, and looked at, until everything is decided, something has failed, or their limit is
    reached. A base that cannot be compared is a verdict of its own.

    Raises ScenarioError for a target of an unknown figure, SimError for a margin of one and without target and
    base, PolicyError for a policy that is not deterministic, BudgetError where it takes more than `spending` allows.
    """
    terms = terms or Terms()
    require_something([candidate.scenario], terms, base is not None)
    tell = on_progress or _silent
    return _Check(candidate, base, terms, workers or Workers(), tell, spending or Spending()).done()


def require_something(scenarios: Sequence[Scenario], terms: Terms, compared: bool) -> None:
    """Raise SimError, with a line for each scenario that has neither a target nor a comparison."""
    if compared:
        return
    lacks, remedy = ("it has no targets", "add `targets:`, ")
    if not terms.targets:
        lacks, remedy = ("its targets are left out", "leave out --no-targets, or add ")
    idle = [scenario.name for scenario in scenarios if not (terms.targets and scenario.targets)]
    if idle:
        raise SimError(
            "\n".join(
                f"{name}: nothing to check: {lacks}, and there is no baseline; {remedy}--baseline or --against"
                for name in idle
            )
        )


class _Check:
    """One check under way."""

    def __init__(
        self,
        candidate: Candidate,
        base: Base | None,
        terms: Terms,
        workers: Workers,
        tell: Progress,
        spending: Spending,
    ) -> None:
        self.scenario = candidate.scenario
        check_targets(self.scenario)
        read(terms.margins, [self.scenario])
        self.live = Live(candidate, workers, spending=spending)
        self.spending = spending
        self.base = base
        self.terms = terms
        self.workers = workers
        self.tell = tell
        self.replications = 0
        self.unfinished = (0.0, 0.0)
        self.unsteady: list[str] = []
        self.remarks: list[str] = []
        self.refusal: tuple[str, ...] = ()
        self.changed: WhatChanged | None = None
        self.targets = SequentialTest(target_claims(self.scenario) if terms.targets else (), terms.at_most)
        self.paired = SequentialTest((), 1)

    def done(self) -> CheckResult:
        """Run the check and return its result."""
        began = perf_counter()
        facts = self.live.facts()
        if self.base is not None:
            self._compare_with(self.base, facts)
        self._check_policies()
        if not self.refusal:
            self._replicate()
        return CheckResult(
            scenario=self.scenario,
            against=self.base.label if self.base else "",
            verdict=self._verdict(),
            findings=(*self.paired.findings, *self.targets.findings),
            changed=self.changed,
            refusal=self.refusal,
            exact=self.terms.exact,
            replications=self.replications,
            at_most=max([*self.targets.sizes, *self.paired.sizes], default=0),
            looks=max(len(self.targets.sizes), len(self.paired.sizes)),
            versions=facts.versions,
            seconds=perf_counter() - began,
            unfinished=self.unfinished,
            remarks=(*self.remarks, *self.unsteady),
        )

    # The base.

    def _compare_with(self, base: Base, facts: Provenance) -> None:
        """Refuse the base, or note its differences and the claims to be tested."""
        try:
            before = base.facts()
            was = before.scenario()
            self.margins = self._margins(base, was)
            keys = changed_keys(was, self.scenario) if isinstance(was, Scenario) else ()
            why_not = [*reasons(before, facts, keys, self.margins), *self._other_figures(base)]
            if not why_not and before.customers != facts.customers:
                why_not = self._leave_out_others(was)
            if why_not:
                raise BaselineError("\n".join(why_not))
            first = base.series(tuple(self.margins), base.most or min(FIRST, self._most(base)))
        except BaselineError as error:
            self.refusal = tuple(str(error).splitlines())
            return
        self.changed = self._what_changed(base, before, facts, was, keys)
        claims = paired_claims(self.scenario, self.margins, first)
        self.paired = SequentialTest(claims, self._most(base))

    def _leave_out_others(self, was: Scenario | SimError) -> list[str]:
        """Leave out figures of places to which other customers are sent; return why none can be compared."""
        if not isinstance(was, Scenario):
            return ["its customers are sent elsewhere, and its scenario cannot be read any more"]
        others = sent_elsewhere(was, self.scenario, self.margins)
        self.margins = {figure: one for figure, one in self.margins.items() if figure not in others}
        names = ", ".join(f"{figure.metric} {figure.words}" for figure in others)
        if others:
            self.remarks.append(f"not compared, as other customers come there than before: {names}")
        return [] if self.margins else ["no figure of it is about the same customers"]

    def _margins(self, base: Base, was: Scenario | SimError) -> Margins:
        """Return the margins of a stored baseline, replaced by those given; for other bases the usual ones."""
        if isinstance(base, Stored):
            return {**base.margins, **self.terms.margins}
        others = [was] if isinstance(was, Scenario) else []
        return with_usual(guarded(self.scenario, *others), self.terms.margins)

    def _other_figures(self, base: Base) -> list[str]:
        other = missing(self.margins, self.scenario)
        if isinstance(base, Stored):
            kept = base.definitions.items()
            other += [f"its {f.text} is computed otherwise now" for f, was in kept if was != definition(f)]
        return other

    def _most(self, base: Base) -> int:
        return min(self.terms.at_most, base.most or self.terms.at_most)

    # What changed.

    def _what_changed(
        self,
        base: Base,
        before: Provenance,
        now: Provenance,
        was: Scenario | SimError,
        keys: Sequence[Change],
    ) -> WhatChanged:
        trace, after = base.trace(), self.live.day()
        day, why_not = self._day_before(base, was) if trace.digest != after.trace.digest else (None, "")
        first, fared = differing(day, trace, after, WallClock.of(self.scenario))
        return WhatChanged(
            keys=tuple(keys),
            code=before.code != now.code,
            policies=before.policies_that_differ(now),
            versions=tuple(
                (name, old, now.versions.get(name, "none"))
                for name, old in before.versions.items()
                if now.versions.get(name) != old
            ),
            events_before=trace.events,
            events_after=len(after.events),
            first=first,
            fared=fared,
            why_not=why_not,
        )

    def _day_before(self, base: Base, was: Scenario | SimError) -> tuple[Day | None, str]:
        """Return the day before, stored or simulated again if that gives the same trace; else None and why."""
        known = base.day()
        if known is not None:
            return known, ""
        if not isinstance(was, Scenario):
            return None, f"the scenario as it was cannot be read any more ({str(was).splitlines()[0]})"
        try:
            again = Live(Candidate(was), self.workers, spending=self.spending).day()
        except SimError as error:
            return None, f"the scenario as it was cannot be simulated any more ({error})"
        if again.trace.digest == base.trace().digest:
            return again, ""
        return (
            None,
            "the simulator or a policy has changed since; --against REVISION tells the stories before",
        )

    # Replications.

    def _check_policies(self) -> None:
        """Simulate replication 0 twice where policies are not built in: they must decide alike."""
        if not self.live.candidate.has_own_policies:
            return
        differs = first_difference(self.live.day(), self.live.another_day())
        if differs is not None:
            raise PolicyError(
                f"{self.scenario.name}: {differs.at:.1f} s after opening: a policy is not deterministic: the same"
                f" day simulated twice differs from event {differs.number} on ({_event_text(differs.before)},"
                f" then {_event_text(differs.after)})"
            )

    def _replicate(self) -> None:
        """Add replications from look to look while a claim can still be decided."""
        sizes = sorted({*self.targets.sizes, *self.paired.sizes})
        figures = (
            *every_figure([*self.targets.claims, *self.paired.claims]),
            *OPEN,
            *backlogs([self.scenario]),
        )
        for size in sizes:
            self.tell(self.replications, sizes[-1])
            candidate = self.live.series(figures, size)
            self.replications = size
            self.unfinished = (candidate[MISSED].value, candidate[UNDETERMINED].value)
            found = growing(figure_of(one, candidate[one].tops, candidate[one].bottoms) for one in figures)
            self.unsteady = growth_words(found, self.scenario)
            self.targets.look(size, candidate, None, self.live.extremes(), grows=bool(found))
            if self.base is not None and size in self.paired.sizes and self.paired.open:
                self.paired.look(size, candidate, self.base.series(every_figure(self.paired.claims), size))
            if self._is_over(size):
                return

    def _is_over(self, size: int) -> bool:
        """Return whether to stop; a change of the trace alone leaves open whether anything is worse."""
        trials = (self.targets, self.paired)
        return any(trial.failed for trial in trials) or not any(trial.open_after(size) for trial in trials)

    def _verdict(self) -> Verdict:
        if self.refusal:
            return Verdict.REFUSED
        found = [finding.verdict for finding in (*self.targets.findings, *self.paired.findings)]
        if self.terms.exact and self.changed is not None and self.changed.anything:
            found.append(Verdict.FAIL)
        return gravest(found)


def _event_text(event: Sequence[object] | None) -> str:
    return "nothing" if event is None else f"{event[2]} of conversation {event[3]}"


def _silent(_done: int, _total: int) -> None:
    """Ignore the progress."""


Before = Scenario | Candidate | str | Path
"""An earlier scenario, one with policies as objects, or the file of a stored baseline."""


def check(
    scenario: Scenario,
    baseline: Before | None = None,
    *,
    against: str | None = None,
    agent_selection: AgentSelection | None = None,
    request_selection: RequestSelection | None = None,
    margins: Iterable[str] = (),
    at_most: int = AT_MOST,
    targets: bool = True,
    exact: bool = False,
    jobs: int | None = None,
    budget: str | float | None = None,
) -> CheckResult:
    """Test a scenario against its targets and, where there is one, a baseline; `.verdict` is the outcome.

    The baseline is an earlier scenario, the file that `sim check --accept` wrote, or with `against`
    the scenario's own file in a git revision. Policies may be given as objects. `margins` such as
    "asa:kind=transfer=3s" say how much worse a figure may become. With `exact` any change fails. With a `budget`, a
    number of events, what is estimated to take more is refused.

    Raises BudgetError where that was wrong, SimError for a target or a margin of an unknown figure, PolicyError for a
    policy that is not deterministic; a baseline that cannot be compared is a verdict.
    """
    require_scenarios(scenario)
    require_whole(at_most=at_most)
    candidate = Candidate(scenario, agent_selection, request_selection)
    terms = Terms(at_most, read_margins(margins), targets, exact)
    workers = Workers(jobs)
    simulated = [scenario, *(one for one in [baseline] if isinstance(one, Scenario))]
    spending = Spending.within(budget, simulated, at_most, jobs)
    with folder_for(against) as folder:
        try:
            base = _base(scenario, baseline, against, Path(folder), jobs, spending, at_most)
        except BaselineError as error:
            return CheckResult.refused(scenario, str(baseline or f"revision {against}"), str(error))
        return check_one(candidate, base, terms, workers, spending=spending)


def _base(
    scenario: Scenario,
    baseline: Before | None,
    against: str | None,
    folder: Path,
    jobs: int | None,
    spending: Spending,
    most_runs: int,
) -> Base | None:
    if against is not None:
        if baseline is not None:
            raise SimError("baseline and against exclude each other: each says what to compare with")
        if scenario.origin is None or scenario.origin.folder is None:
            raise SimError("against needs a scenario that was loaded from a file")
        return Revision(against, Path(scenario.origin.name), folder, jobs or cores(), spending, most_runs)
    if isinstance(baseline, str | Path):
        return Stored.load(Path(baseline))
    if isinstance(baseline, Scenario):
        baseline = Candidate(baseline)
    return None if baseline is None else Live(baseline, Workers(jobs), baseline.scenario.name, spending)
