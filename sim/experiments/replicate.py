"""Running a scenario over its replications."""

from collections.abc import Callable
from datetime import datetime
from time import perf_counter

from sim.engine import simulate
from sim.errors import SimError
from sim.experiments.result import KeepTables, Result
from sim.experiments.shield import shielded
from sim.experiments.targets import check_targets
from sim.metrics import Figures, Measures, measure
from sim.records import EVERYTHING, WITHOUT_EVENTS, Recorder, Records
from sim.scenario import Scenario
from sim.workload import draw

Progress = Callable[[int, int], None]
"""Is told how many replications are done, and of how many."""


def run(
    scenario: Scenario,
    replications: int | None = None,
    seed: int | None = None,
    *,
    on_progress: Progress | None = None,
    keep_tables: KeepTables = "first",
    events: bool = False,
) -> Result:
    """Simulate a scenario and return its figures with 95 % intervals, and its tables.

    `replications` and `seed` are the scenario's own unless given. `keep_tables` says of which replications
    the tables are kept: of the "first", of "all" (memory grows with them) or of "none"; `events` adds the
    table of every event. Ctrl-C ends the run after the last finished replication, if there is one: the
    result then has fewer `replications` than were `asked`.

    Raises SimError for a target that names no figure and for behaviour that is not simulated.
    """
    asked = scenario.replications if replications is None else replications
    if asked < 1:
        raise SimError(f"replications must be at least 1, not {asked}")
    check_targets(scenario)
    started, clock = datetime.now().astimezone(), perf_counter()
    series = _Series(scenario, scenario.seed if seed is None else seed, keep_tables, events)
    series.go(asked, on_progress or _silent)
    return Result(
        scenario=scenario,
        seed=series.seed,
        asked=asked,
        folded=series.figures,
        kept=tuple(series.kept),
        keep_tables=keep_tables,
        events_kept=events,
        started=started,
        seconds=perf_counter() - clock,
    )


class _Series:
    """The replications so far: their figures folded, and the records that are to be kept."""

    def __init__(self, scenario: Scenario, seed: int, keep_tables: KeepTables, events: bool) -> None:
        self.scenario = scenario
        self.seed = seed
        self.figures = Figures()
        self.kept: list[Records] = []
        self._keep_tables = keep_tables
        self._tables = EVERYTHING if events else WITHOUT_EVENTS

    def go(self, count: int, on_progress: Progress) -> None:
        """Run one replication after the other; Ctrl-C costs only the one under way."""
        on_progress(0, count)
        try:
            for number in range(count):
                measures, records = replicate(self.scenario, number, self.seed, self._wanted(number))
                with shielded():
                    self._take(measures, records)
                on_progress(number + 1, count)
        except KeyboardInterrupt:
            if not self.figures.replications:
                raise

    def _wanted(self, number: int) -> tuple[str, ...]:
        return self._tables if self._keeps(number) else WITHOUT_EVENTS

    def _keeps(self, number: int) -> bool:
        return self._keep_tables == "all" or (self._keep_tables == "first" and number == 0)

    def _take(self, measures: Measures, records: Records) -> None:
        self.figures.fold(measures)
        if self._keeps(records.replication):
            self.kept.append(records)


def replicate(
    scenario: Scenario, number: int, seed: int, tables: tuple[str, ...]
) -> tuple[Measures, Records]:
    """Draw, simulate and measure one replication; it depends on its arguments alone."""
    records = simulate(scenario, draw(scenario, number, seed), Recorder(scenario, tables))
    return measure(records, scenario), records


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""
