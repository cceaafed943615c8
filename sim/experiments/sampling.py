"""Replications of several scenarios with the same customers, reduced to the wanted figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.engine import simulate
from sim.errors import SimError
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.paired import COUNTS, CustomerOutcomes
from sim.metrics import Cells, measure
from sim.metrics.cells import Axes
from sim.metrics.columns import FloatArray, IntArray
from sim.metrics.unfinished import extremes
from sim.records import NOTHING, Ending, Recorder, Records
from sim.scenario import Scenario
from sim.scenario.budget import Cap
from sim.workload import draw

if TYPE_CHECKING:
    import pandas as pd


FEWEST = 2
"""Replications that a comparison needs: a single one has no spread."""


def at_least_two(scenario: Scenario, replications: int | None) -> int:
    """Return the number of replications asked for.

    Raises SimError where there are too few for an interval.
    """
    asked = scenario.replications if replications is None else replications
    if asked < FEWEST:
        own = "" if replications is not None else " (the scenario's own number)"
        raise SimError(
            f"a difference needs at least {FEWEST} replications, not {asked}{own}; 20 is a good start"
        )
    return asked


def tables_for(scenario: Scenario, metrics: Iterable[str]) -> tuple[str, ...]:
    """Return the tables that these metrics read, found by measuring an empty run; a run need keep no others."""
    if scenario.days:  # each date reads the same ones
        scenario = scenario.days[0].scenario
    reader = _Reader(scenario)
    measure(reader, scenario, only=sorted(set(metrics)))
    return tuple(sorted(reader.read))


class _Reader:
    """The records of an empty run, and the names of the tables that were read."""

    def __init__(self, scenario: Scenario) -> None:
        self._nothing = Records(scenario, Recorder(scenario, NOTHING), 0, Ending(scenario.lasts))
        self.ending = self._nothing.ending
        self.read: set[str] = set()

    def _table(self, name: str) -> "pd.DataFrame":
        self.read.add(name)
        table: pd.DataFrame = getattr(self._nothing, name)
        return table

    @property
    def requests(self) -> "pd.DataFrame":
        return self._table("requests")

    @property
    def tasks(self) -> "pd.DataFrame":
        return self._table("tasks")

    @property
    def conversations(self) -> "pd.DataFrame":
        return self._table("conversations")

    @property
    def agent_states(self) -> "pd.DataFrame":
        return self._table("agent_states")

    @property
    def whispers(self) -> "pd.DataFrame":
        return self._table("whispers")


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Results of one replication: a row a scenario, a column a figure.

    For a ratio of means `tops` and `bottoms` are its two parts; for a mean `tops` is the replication's value,
    NaN where it has none. `customer_counts` has for each scenario but the first, and each stream, the number
    of customers that `CustomerOutcomes.against` returns; it is empty where no streams are given, or no base is run.
    `extremes` are both parts as if all that is open were answered at the end, then as if none ever were; None where
    nothing is open.
    """

    tops: FloatArray
    bottoms: FloatArray
    customer_counts: FloatArray
    extremes: FloatArray | None = None


@dataclass(frozen=True)
class Sampler:
    """Replications of scenarios with one seed; a sample depends on the replication's number alone."""

    scenarios: tuple[Scenario, ...]
    wanted: tuple[FigureSelector, ...]
    seed: int
    streams: tuple[str, ...] = ()
    judges: bool = False  # whether figures are held to targets, so that it matters what is open
    cap: Cap | None = None

    def __call__(self, replication: int) -> Sample:
        """Run one replication of each scenario."""
        return self.sample(replication, range(len(self.scenarios)))

    def label(self, replication: int) -> str:
        """Name a replication so that it can be run alone."""
        return f"replication {replication} (seed {self.seed})"

    def sample(self, replication: int, which: Sequence[int]) -> Sample:
        """Run one replication of some of the scenarios."""
        tops, bottoms, outcomes, bounds = [], [], [], []
        for number in which:
            scenario = self.scenarios[number]
            records = self._run(scenario, replication)
            measures = measure(records, scenario, only=self.metrics)
            rows = self._rows[number]
            tops.append(measures.numerator[rows])
            bottoms.append(measures.denominator[rows])
            if self.judges:
                worlds = extremes(records, scenario, measures) or (measures, measures)
                bounds.append([[one.numerator[rows], one.denominator[rows]] for one in worlds])
            if self.streams:
                outcomes.append(CustomerOutcomes.of(records, self.scenarios[0].warm_up))
        both = np.array([tops, bottoms])
        ends: FloatArray | None = np.moveaxis(np.array(bounds), 0, 2) if bounds else None
        if ends is not None and all(np.array_equal(one, both, equal_nan=True) for one in ends):
            ends = None
        return Sample(both[0], both[1], self._customer_counts(outcomes if which[0] == 0 else []), ends)

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """The metrics to be measured, each once."""
        return tuple(dict.fromkeys(one.metric for one in self.wanted))

    @cached_property
    def is_ratio(self) -> tuple[bool, ...]:
        """Whether each figure is a ratio of means."""
        return tuple(one.definition.is_ratio for one in self.wanted)

    @cached_property
    def _rows(self) -> list[IntArray]:
        return [self._rows_of(scenario) for scenario in self.scenarios]

    def _rows_of(self, scenario: Scenario) -> IntArray:
        cells = Cells.of(Axes.of(scenario), self.metrics)
        return np.array([cells.row(one.metric, dict(one.place)) for one in self.wanted], dtype=np.int64)

    @cached_property
    def _tables(self) -> tuple[str, ...]:
        read = tables_for(self.scenarios[0], self.metrics)
        return tuple({*read, "conversations"}) if self.streams else read

    def _run(self, scenario: Scenario, replication: int) -> Records:
        workload = draw(scenario, replication, self.seed)
        return simulate(scenario, workload, Recorder(scenario, self._tables), cap=self.cap)

    def _customer_counts(self, outcomes: list[dict[str, CustomerOutcomes]]) -> FloatArray:
        if not outcomes:
            return np.zeros((0, 0, COUNTS))
        base, *others = outcomes
        counts = [[_count_customers(other, base, stream) for stream in self.streams] for other in others]
        return np.array(counts).reshape(len(others), len(self.streams), COUNTS)


def _count_customers(
    other: dict[str, CustomerOutcomes], base: dict[str, CustomerOutcomes], stream: str
) -> FloatArray:
    """Count a stream's customers; none are the same where the other run has no such stream."""
    counts = np.zeros(COUNTS)
    if stream not in base:
        counts[4] = len(other[stream]) if stream in other else 0
        return counts
    if stream not in other:
        counts[0] = len(base[stream])
        return counts
    return other[stream].against(base[stream])


Item = tuple[int, tuple[int, ...]]
"""A replication, and the scenarios by their position in the sampler."""


@dataclass(frozen=True)
class PartialSampler:
    """The function of a worker that runs a replication of some of a sampler's scenarios."""

    sampler: Sampler

    def __call__(self, item: Item) -> Sample:
        """Run a replication of the scenarios named."""
        replication, which = item
        return self.sampler.sample(replication, which)

    def label(self, item: Item) -> str:
        """Name a replication so that it can be run alone."""
        return self.sampler.label(item[0])
