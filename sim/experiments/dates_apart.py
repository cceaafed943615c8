"""The dates of few replications, spread over processes where nothing goes on from one date to the next."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from sim.engine import simulate
from sim.engine.breaches import BreachError
from sim.experiments.replications import One, Replication, bounds_of, packed
from sim.metrics.by_date import Date, measure_date, together
from sim.metrics.cells import Axes, Cells
from sim.parallel.workers import Spending, Workers
from sim.records import Recorder, Records
from sim.records.dated import DatedRecords
from sim.scenario import Scenario
from sim.scenario.single_days import joined_of
from sim.workload import draw

ENOUGH = 2
"""Replications for each process with which whole ones keep all processes busy."""


def are_spread(scenario: Scenario, replications: int, workers: Workers) -> bool:
    """Return whether the dates of so many replications are simulated each as an item of its own."""
    if len(scenario.days) < 2 or joined_of(scenario) is not None:
        return False
    return workers.at_once > 1 and replications < ENOUGH * workers.at_once


@dataclass(frozen=True)
class DatesApart:
    """A date of a replication, as a worker does it; its number counts the dates of all replications."""

    one: Replication

    def __call__(self, number: int) -> tuple[Date, Records | None]:
        """Return what a date has measured, and its records where they are kept or decide a target."""
        one, replication, at = self.one, *divmod(number, len(self.one.scenario.days))
        date = one.scenario.days[at]
        rows = Recorder(date.scenario, one.tables(replication))
        try:
            records = simulate(
                date.scenario, draw(date.scenario, replication, one.seed), rows, **one.policies
            )
        except BreachError as found:
            raise BreachError(f"{one.name(replication)}, {found}") from None
        measured = measure_date(records, date, by_team=one.by_team)
        return measured, packed(records) if one.keeps(replication) or one.scenario.targets else None

    def label(self, number: int) -> str:
        """Name a date of a replication so that it can be run alone."""
        replication, at = divmod(number, len(self.one.scenario.days))
        return f"{self.one.name(replication)}, {self.one.scenario.days[at].name}"

    def ordered(self, spending: Spending, workers: Workers, replications: int) -> Generator[One, None, None]:
        """Do the work of the dates and yield the results of the replications, as those of whole ones are."""
        dates = len(self.one.scenario.days)
        with closing(spending.ordered(workers, self, range(replications * dates))) as results:
            for replication in range(replications):
                yield self._together(replication, list(islice(results, dates)))

    def _together(self, replication: int, dates: list[tuple[Date, Records | None]]) -> One:
        one, scenario = self.one, self.one.scenario
        measures = together(
            Cells.of(Axes.of(scenario), by_team=one.by_team), scenario, [date for date, _ in dates]
        )
        days = [records for _, records in dates if records is not None]
        if not days:
            return (measures,), None, None
        records = DatedRecords(scenario, Recorder(scenario, one.tables(replication)), replication, days)
        bounds = bounds_of(scenario, records, measures)
        return (measures,), packed(records) if one.keeps(replication) else None, bounds
