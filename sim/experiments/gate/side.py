"""The two sides of a comparison, and what the gate asks of each."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.experiments.gate.contender import Contender
from sim.experiments.gate.day import Day, Trace
from sim.experiments.gate.facts import Facts
from sim.experiments.gate.trial import Series
from sim.experiments.gate.witness import Pairs, day, sample
from sim.experiments.needed import tables_for
from sim.experiments.paired import Sampled
from sim.experiments.wanted import Wanted
from sim.parallel.workers import Workers


class Base(Protocol):
    """What a candidate is compared with."""

    @property
    def label(self) -> str:
        """Its name in reports."""
        ...

    @property
    def most(self) -> int | None:
        """How many replications it has at most; None where it can be run further."""
        ...

    def facts(self) -> Facts:
        """Give what tells whether it can be compared."""
        ...

    def trace(self) -> Trace:
        """Give the digest of its day."""
        ...

    def day(self) -> Day | None:
        """Give its day event by event; None where that is not known any more."""
        ...

    def series(self, figures: Sequence[Wanted], count: int) -> Series:
        """Give figures over the first `count` replications."""
        ...


@dataclass(frozen=True)
class Replicator:
    """Runs replications of a contender by their number, as a worker does."""

    contender: Contender
    figures: tuple[Wanted, ...]
    tables: tuple[str, ...]

    def __call__(self, number: int) -> Pairs:
        """Give numerator and denominator of each figure."""
        scenario = self.contender.scenario
        asked = [(figure.metric, dict(figure.place)) for figure in self.figures]
        return sample(scenario, number, scenario.seed, asked, self.tables, **self.contender.policies)

    def label(self, number: int) -> str:
        """Name a replication so that it can be run alone."""
        return f"replication {number} (seed {self.contender.scenario.seed})"


class Live:
    """A contender at hand, which is run as far as it is needed."""

    most: int | None = None

    def __init__(self, contender: Contender, workers: Workers, label: str = "") -> None:
        self.contender = contender
        self.label = label or contender.scenario.name
        self._workers = workers
        self._pairs: list[Pairs] = []
        self._figures: tuple[Wanted, ...] = ()
        self._day: Day | None = None

    def facts(self) -> Facts:
        """Give what tells whether it can be compared."""
        return Facts.of(self.contender.scenario)

    def trace(self) -> Trace:
        """Give the digest of its day."""
        return self.day().trace

    def day(self) -> Day:
        """Give its day event by event, simulated once."""
        if self._day is None:
            self._day = self.another_day()
        return self._day

    def another_day(self) -> Day:
        """Simulate its day anew."""
        scenario = self.contender.scenario
        return Day(*day(scenario, scenario.seed, **self.contender.policies))

    def series(self, figures: Sequence[Wanted], count: int) -> Series:
        """Give figures over the first `count` replications; those run before are not run again."""
        if tuple(figures) != self._figures:
            self._figures, self._pairs = tuple(figures), []
        todo = range(len(self._pairs), count)
        if todo:
            scenario = self.contender.scenario
            tables = tables_for(scenario, [figure.metric for figure in figures])
            one = Replicator(self.contender, self._figures, tables)
            with closing(self._workers.ordered(one, todo, one.label)) as pairs:
                self._pairs.extend(pairs)
        return series_of(figures, self._pairs[:count])


def series_of(figures: Sequence[Wanted], replications: Iterable[Pairs]) -> Series:
    """Turn replications, each the pairs of all figures, into figures, each over all replications."""
    numbers = np.array(list(replications), dtype=np.float64).reshape(-1, len(figures), 2)
    return {
        figure: Sampled(numbers[:, place, 0], numbers[:, place, 1], figure.definition.is_ratio)
        for place, figure in enumerate(figures)
    }
