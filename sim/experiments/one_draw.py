"""One replication of a scenario, as a worker does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.engine import simulate
from sim.engine.breaches import BreachError
from sim.experiments.batch_means import batch_measures
from sim.experiments.result import KeepTables
from sim.metrics import Measures, measure
from sim.metrics.columns import anything_open
from sim.records import EVERYTHING, WITHOUT_EVENTS, Recorder, Records
from sim.scenario import Scenario
from sim.workload import draw

One = tuple[tuple[Measures, ...], Records | None, tuple[Measures, Measures] | None]
"""Results of a replication: its figures, or those of its batches, its records where they are kept, and its figures as
what is open may end, where it matters for targets."""


@dataclass(frozen=True)
class Replication:
    """A replication of a scenario by its number, as a worker does it; it depends on the number alone."""

    scenario: Scenario
    seed: int
    keep_tables: KeepTables
    events: bool = False
    batches: int | None = None
    policies: Mapping[str, Any] = field(default_factory=dict)
    by_team: bool = False

    def __call__(self, number: int) -> One:
        """Return the figures of a replication, and its records where they are kept."""
        try:
            measures, records = replicate(
                self.scenario, number, self.seed, self.tables(number), self.policies, self.by_team
            )
        except BreachError as found:
            raise BreachError(f"{self.label(number)}, {found}") from None
        parts = tuple(batch_measures(records, self.scenario, self.batches)) if self.batches else (measures,)
        bounds = None if self.batches else bounds_of(self.scenario, records, measures)
        return parts, packed(records) if self.keeps(number) else None, bounds

    def keeps(self, number: int) -> bool:
        """Return whether the tables of a replication are kept."""
        return self.keep_tables == "all" or (self.keep_tables == "first" and number == 0)

    def tables(self, number: int) -> tuple[str, ...]:
        """Return the tables that a replication records."""
        return EVERYTHING if self.keeps(number) and self.events else WITHOUT_EVENTS

    def label(self, number: int) -> str:
        """Name a replication so that it can be run alone."""
        return f"replication {number} (seed {self.seed})"


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
    by_team: bool = False,
) -> tuple[Measures, Records]:
    """Draw, simulate and measure one replication; it depends on its arguments alone."""
    records = simulate(scenario, draw(scenario, number, seed), Recorder(scenario, tables), **policies)
    return measure(records, scenario, by_team=by_team), records


def packed(records: Records) -> Records:
    """Keep the tables as arrays only."""
    for table in records.tables.values():
        table.pack()
    records.forget()
    return records
