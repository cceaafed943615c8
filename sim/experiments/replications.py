"""The replications of a scenario: run in order, folded into figures, and ended by a precision or Ctrl-C."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sim.engine import simulate
from sim.engine.breaches import BreachError
from sim.engine.engines import EngineName, engine_for
from sim.engine.running import OwnProcess
from sim.errors import SimError
from sim.experiments.batch_means import batch_measures, doubts
from sim.experiments.figure_selectors import check_targets
from sim.experiments.precision import AT_LEAST, AT_MOST, Ending, Precision, Watch, precisions
from sim.experiments.result import KeepTables, Result
from sim.interpreter import shielded
from sim.metrics import Figures, Measures, measure
from sim.metrics.measures import anything_open
from sim.parallel.workers import Report, Several, Spending, Workers, counted, warn
from sim.policies import AgentSelection, RequestSelection
from sim.records import EVERYTHING, WITHOUT_EVENTS, Recorder, Records
from sim.scenario import Scenario
from sim.scenario.budget import BudgetError, estimate
from sim.scenario.model import require_scenarios, require_whole
from sim.scenario.one_day import require_one_day
from sim.workload import draw

if TYPE_CHECKING:
    import pandas as pd

    from sim.metrics.unfinished import OpenFigures


TOGETHER, EVENTS_TOGETHER = 16, 4e5
"""So many replications, or those with so many events, are measured together."""
WATCHED_TOGETHER = 4
"""So many where a precision may end the run after any of them."""

Progress = Callable[[int, int], None]
"""Receives the number of replications done, and of how many."""


def run(
    scenario: Scenario,
    replications: int | None = None,
    seed: int | None = None,
    *,
    precision: str | Precision | Sequence[str | Precision] = (),
    at_most: int = AT_MOST,
    batches: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
    keep_tables: KeepTables = "first",
    events: bool = False,
    agent_selection: AgentSelection | None = None,
    request_selection: RequestSelection | None = None,
    processes: Sequence[OwnProcess] = (),
    budget: str | float | None = None,
    by_team: bool = False,
    engine: EngineName | None = None,
    paranoid: bool = False,
) -> Result:
    """Simulate a scenario and return its figures with 95 % intervals, and its tables.

    `replications` and `seed` are the scenario's own unless given. With `precision`, such as "service_level=±1%" or
    ["wait_p90:queue=billing=±5s", ...], there are as many replications as it takes, at least 10 and no more than
    `at_most`; `result.endings` says how it ended. `keep_tables` says of which replications the tables are kept: of the
    "first", of "all" (memory grows with them) or of "none"; `events` adds the table of every event. With `batches`
    there is one replication, a long one, and the figures are means over so many equal parts of it after the warm-up;
    `result.remarks` says where these are too short to be taken for independent. `agent_selection` and
    `request_selection` are policies as objects, in place of those that the scenario names. `processes` are SimPy
    processes of one's own, started in each replication (`sim.engine.running`); they run in this process alone. With
    `budget`, a number of events, what is estimated to take more is refused, and the run is stopped where that was
    wrong, as by Ctrl-C; `result.stopped` says why. `by_team` also measures what each team does for each queue.
    `engine` is `auto`, by default, `simpy` or `compiled`: the figures are the same, and `result.engine` tells which it
    was. With `paranoid` what must hold in every run is held while it runs, at up to twice the time.

    The work is done by `jobs` processes, by default one a core where that is faster, or by the `cluster` whose
    Dask scheduler has this address (tcp://...); the result does not depend on it. `on_loss` receives a line for
    each worker that died. Ctrl-C ends the run after the last finished replication, if there is one: the result
    then is `interrupted`.

    Raises BreachError where `paranoid` finds that something does not hold, BudgetError where the first replication
    was stopped, SimError where the budget would not do, for a target or a precision that names no figure, for
    behaviour that is not simulated,
    and where a replication ends its worker process twice; PolicyError for a policy that raises, chooses
    what it was not offered or is not deterministic.
    """
    require_scenarios(scenario)
    require_whole(replications=replications, seed=seed, at_most=at_most, batches=batches)
    jobs = _in_this_process(processes, jobs, cluster)
    given = [precision] if isinstance(precision, str | Precision) else list(precision)
    wanted = precisions(given, scenario) if given else ()
    asked = _asked(scenario, replications, wanted, at_most) if batches is None else 1
    _check_batches(batches, replications, wanted)
    if batches is not None:
        require_one_day(scenario.name, scenario.calendar, "batches are parts of one long run")
    if scenario.targets:
        check_targets(scenario)
    spending = Spending.within(budget, [scenario], asked, jobs, asked if keep_tables == "all" else 1)
    started, clock = datetime.now().astimezone(), perf_counter()
    own: dict[str, Any] = {
        "agent_selection": agent_selection,
        "request_selection": request_selection,
        "processes": tuple(processes),
    }
    taken = engine_for(scenario, engine, **own)
    policies = {**own, "cap": spending.cap, "engine": engine, "paranoid": paranoid}
    one = Replication(
        scenario, scenario.seed if seed is None else seed, keep_tables, events, batches, policies, by_team
    )
    series = _Series(one, asked, Watch(wanted) if wanted else None, spending)
    series.go(Workers(jobs, cluster, on_loss), on_progress or _silent)
    return Result(
        scenario=scenario,
        seed=one.seed,
        asked=asked,
        folded=series.figures,
        kept=tuple(series.kept),
        keep_tables=keep_tables,
        events_kept=events,
        started=started,
        seconds=perf_counter() - clock,
        interrupted=series.interrupted,
        endings=series.endings(),
        batches=batches,
        remarks=tuple(series.remarks),
        extremes=series.extremes(scenario),
        stopped=series.stopped,
        engine=taken,
    )


def _in_this_process(processes: Sequence[OwnProcess], jobs: int | None, cluster: str | None) -> int | None:
    """Return the number of jobs: one where there are processes of one's own, which cannot be sent elsewhere."""
    if not processes:
        return jobs
    if cluster is not None or (jobs is not None and jobs != 1):
        raise SimError("processes of your own run in this process only; leave jobs and cluster out")
    return 1


def _asked(scenario: Scenario, replications: int | None, wanted: Sequence[Precision], at_most: int) -> int:
    """Return the number of replications after which the run ends in any case."""
    if wanted:
        if replications is not None:
            raise SimError("replications and precision exclude each other; at_most limits the replications")
        if at_most < AT_LEAST:
            raise SimError(f"at_most must be at least {AT_LEAST}, not {at_most}")
        return at_most
    asked = scenario.replications if replications is None else replications
    if asked < 1:
        raise SimError(f"replications must be at least 1, not {asked}")
    return asked


def _check_batches(batches: int | None, replications: int | None, wanted: Sequence[Precision]) -> None:
    if batches is None:
        return
    if batches < 2:
        raise SimError(f"batches must be at least 2, not {batches}")
    if wanted or replications not in (None, 1):
        raise SimError("batches are parts of one long run; leave replications and precision out")


One = tuple[tuple[Measures, ...], Records | None, tuple[Measures, Measures] | None]
"""Results of a replication: its figures, or those of its batches, its records where they are kept, and its figures as
what is open may end, where it matters for targets."""


@dataclass(frozen=True)
class Replication:
    """Replications of a scenario by their numbers, as a worker does them; each depends on its number alone."""

    scenario: Scenario
    seed: int
    keep_tables: KeepTables
    events: bool = False
    batches: int | None = None
    policies: Mapping[str, Any] = field(default_factory=dict)
    by_team: bool = False

    def __call__(self, numbers: range) -> Several[One]:
        """Return the figures of some replications, measured together, and their records where they are kept."""
        runs: list[tuple[Records, float]] = []
        ended_by: BudgetError | KeyboardInterrupt | None = None
        results: list[tuple[One, float]] = []
        try:
            runs.extend(map(self._simulated, numbers))  # those before the one that is ended stay
        except (BudgetError, KeyboardInterrupt) as reason:
            if not runs:
                raise
            ended_by = reason
        try:
            with shielded():
                records, taken = zip(*runs, strict=True)
                measured = map(self._result, numbers, records, self._measured(records))
                results = list(zip(measured, taken, strict=True))
        except KeyboardInterrupt as reason:
            ended_by = reason
        return Several(results, ended_by)

    def _simulated(self, number: int) -> tuple[Records, float]:
        """Return the records of a replication, and the events that it took of the budget."""
        tables = self.tables(number)
        try:
            return counted(
                self.policies.get("cap"),
                lambda: replicate(self.scenario, number, self.seed, tables, self.policies),
            )
        except BreachError as found:
            raise BreachError(f"{self.name(number)}, {found}") from None

    def _measured(self, runs: Sequence[Records]) -> list[Measures]:
        if len(runs) == 1:
            return [measure(runs[0], self.scenario, by_team=self.by_team)]
        from sim.metrics.several import measure_several

        return measure_several(runs, self.scenario, by_team=self.by_team)

    def _result(self, number: int, records: Records, measures: Measures) -> One:
        parts = tuple(batch_measures(records, self.scenario, self.batches)) if self.batches else (measures,)
        bounds = None if self.batches else bounds_of(self.scenario, records, measures)
        return parts, packed(records) if self.keeps(number) else None, bounds

    def keeps(self, number: int) -> bool:
        """Return whether the tables of a replication are kept."""
        return self.keep_tables == "all" or (self.keep_tables == "first" and number == 0)

    def tables(self, number: int) -> tuple[str, ...]:
        """Return the tables that a replication records."""
        return EVERYTHING if self.keeps(number) and self.events else WITHOUT_EVENTS

    def label(self, numbers: range) -> str:
        """Name replications so that they can be run alone."""
        if len(numbers) == 1:
            return self.name(numbers[0])
        return f"replications {numbers[0]} to {numbers[-1]} (seed {self.seed})"

    def name(self, number: int) -> str:
        """Name a replication so that it can be run alone."""
        return f"replication {number} (seed {self.seed})"

    def shared_out(self, asked: int, at_once: int, most: int) -> list[range]:
        """Part replications into some that are measured together, at most so many of them.

        They are few at the beginning, where it is found out how long one takes, and at the end, so that of the
        processes at work at once none waits for the last. Those of a calendar are long, and each is one by itself.
        """
        if self.scenario.days:
            most = 1
        elif asked > 1:
            events = max(1.0, estimate(self.scenario).events)
            most = int(min(most, max(1.0, EVENTS_TOGETHER / events)))
        found, first = [], 0
        while first < asked:
            size = min(most, max(1, 2 * first), -(-(asked - first) // at_once))
            found.append(range(first, first + size))
            first += size
        return found


class _Series:
    """The replications so far: their combined figures, and the records that are kept."""

    def __init__(self, one: Replication, asked: int, watch: Watch | None, spending: Spending) -> None:
        self.figures = Figures()
        self.kept: list[Records] = []
        self.interrupted = False
        self.stopped = ""
        self.remarks: list[str] = []
        self.open: tuple[OpenFigures, OpenFigures] | None = None
        self._one = one
        self._asked = asked
        self._watch = watch
        self._spending = spending

    def go(self, workers: Workers, on_progress: Progress) -> None:
        """Take the replications in order; Ctrl-C and the end of the budget lose only those under way."""
        on_progress(0, self._expected())
        try:
            with closing(self._results(workers)) as results:
                for result in results:
                    with shielded():
                        self._take(*result)
                    if self._watch and self._watch.enough(self.figures):
                        break
                    on_progress(self.figures.replications, self._expected())
        except (KeyboardInterrupt, BudgetError) as reason:
            if not self.figures.replications:
                raise
            self.interrupted = self.figures.replications < self._asked
            self.stopped = str(reason) if isinstance(reason, BudgetError) else ""

    def _results(self, workers: Workers) -> Generator[One, None, None]:
        """Return the replications in order; few of a calendar are put together from dates, each an item of its own."""
        one, asked = self._one, self._asked
        if one.scenario.days and not one.batches:
            from sim.experiments.dates_apart import DatesApart, are_spread

            if are_spread(one.scenario, asked, workers):
                return DatesApart(one).ordered(self._spending, workers, asked)
        most = 1 if workers.may_grow else WATCHED_TOGETHER if self._watch else TOGETHER
        return self._spending.of_several(workers, one, one.shared_out(asked, workers.at_once, most))

    def _take(
        self, parts: Sequence[Measures], records: Records | None, bounds: tuple[Measures, Measures] | None
    ) -> None:
        if bounds is not None and self.open is None:
            from sim.metrics.unfinished import OpenFigures

            self.open = OpenFigures(self.figures), OpenFigures(self.figures)
        if self.open is not None:
            for world, measures in zip(self.open, bounds or (*parts, *parts), strict=True):
                world.fold(measures)
        for measures in parts:
            self.figures.fold(measures)
        if len(parts) > 1 and (doubt := doubts(parts)):
            self.remarks.append(doubt)
        if records is not None:
            self.kept.append(records)

    def _expected(self) -> int:
        if self._watch is None or not self.figures.replications:
            return self._asked
        return self._watch.forecast(self.figures, self._asked)

    def extremes(self, scenario: Scenario) -> "tuple[pd.DataFrame, pd.DataFrame] | None":
        """Return the figures of the targets as what is open may end, where anything is."""
        if self.open is None:
            return None
        metrics = {target.metric for target in scenario.targets}
        answered, never = (world.table(metrics) for world in self.open)
        return answered, never

    def endings(self) -> tuple[Ending, ...]:
        """Return how each wanted precision ended."""
        return self._watch.endings(self.figures) if self._watch else ()


def bounds_of(scenario: Scenario, records: Records, measures: Measures) -> tuple[Measures, Measures] | None:
    """Return the figures of the targets as what is open may end, where there are targets and anything is."""
    if not scenario.targets or not anything_open(records):
        return None
    from sim.metrics.unfinished import extremes

    return extremes(records, scenario, measures, {target.metric for target in scenario.targets})


def replicate(
    scenario: Scenario,
    number: int,
    seed: int,
    tables: tuple[str, ...],
    policies: Mapping[str, Any],
) -> Records:
    """Draw and simulate one replication; it depends on its arguments alone."""
    return simulate(scenario, draw(scenario, number, seed), Recorder(scenario, tables), **policies)


def packed(records: Records) -> Records:
    """Keep the tables as arrays only."""
    for table in records.tables.values():
        table.pack()
    records.forget()
    return records


def _silent(_done: int, _total: int) -> None:
    """Ignore the progress."""
