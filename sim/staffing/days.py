"""Fixed days on which staffings are simulated: the same customers for every one of them."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from json import dumps
from time import process_time
from typing import Any

import numpy as np

from sim.engine import simulate
from sim.experiments.sampling import tables_for
from sim.metrics import measure
from sim.metrics.columns import FloatArray, IntArray
from sim.metrics.unfinished import extremes
from sim.parallel.workers import Spending, Workers
from sim.records import Recorder
from sim.scenario import Scenario
from sim.scenario.budget import Cap
from sim.staffing.choices import with_rosters
from sim.staffing.goals import Goals
from sim.staffing.overtime import late_s
from sim.workload import Workload, draw

Rosters = Mapping[str, Mapping[str, Any]]
"""By team, its roster as a scenario has it."""
Keyed = tuple[str, Rosters]
"""Rosters behind a text that tells them from others."""

ENDLESS_S = 30 * 86_400.0
"""An endless wait as a search counts it, for which a wait has to be a number."""

FIRST_DAY = 1_000_000
"""The search's own days have numbers from here on, so that those from 0 on are fresh."""

KEPT_WORKLOADS = 128
KEPT_RESULTS = 20_000
KEPT_SCENARIOS = 64
_scenarios: OrderedDict[tuple[str, str], Scenario] = OrderedDict()
_workloads: OrderedDict[tuple[str, int, int], Workload] = OrderedDict()


def workload_of(scenario: Scenario, key: str, seed: int, number: int) -> Workload:
    """Return the customers of a day, drawn once in each process: they do not depend on rosters."""
    address = key, seed, number
    found = _workloads.get(address)
    if found is None:
        found = _workloads[address] = draw(scenario, number, seed)
        if len(_workloads) > KEPT_WORKLOADS:
            _workloads.popitem(last=False)
    return found


@dataclass(frozen=True)
class OneDay:
    """The function of a worker: simulates one day under several rosters, and depends on its item alone."""

    scenario: Scenario
    key: str
    seed: int
    metrics: tuple[str, ...]
    cells: IntArray
    cap: Cap | None = None

    @cached_property
    def _tables(self) -> tuple[str, ...]:
        return tables_for(self.scenario, self.metrics)

    def __call__(self, item: tuple[int, Sequence[Keyed]]) -> tuple[FloatArray, float]:
        """Return numerators and denominators under each of the rosters, and the seconds of CPU that it took.

        Behind the cells of the goals stand the seconds from the end of arrivals to the end of the day. What is open at
        the end counts as never answered: a plan that leaves everybody to others is no cheap one.
        """
        began = process_time()
        number, rosters = item
        workload = workload_of(self.scenario, self.key, self.seed, number)
        found = [self._measured(workload, *one) for one in rosters]
        return np.array(found), process_time() - began

    def _measured(self, workload: Workload, key: str, rosters: Rosters) -> FloatArray:
        scenario = self._with(key, rosters)
        records = simulate(scenario, workload, Recorder(scenario, self._tables), cap=self.cap)
        measures = measure(records, scenario, only=self.metrics)
        worlds = extremes(records, scenario, measures)
        found = measures if worlds is None else worlds[1]
        tops = np.where(np.isinf(found.numerator), ENDLESS_S, found.numerator)
        late = late_s(scenario, records)
        return np.array([[*tops[self.cells], late], [*found.denominator[self.cells], 1.0]])

    def _with(self, key: str, rosters: Rosters) -> Scenario:
        """Return the scenario with rosters, made once in each process: the next day asks for the same."""
        address = self.key, key
        found = _scenarios.get(address)
        if found is None:
            found = _scenarios[address] = with_rosters(self.scenario, rosters)
            if len(_scenarios) > KEPT_SCENARIOS:
                _scenarios.popitem(last=False)
        return found

    def label(self, item: tuple[int, Sequence[Keyed]]) -> str:
        """Name a day so that it can be run alone."""
        return f"replication {item[0]} (seed {self.seed})"


class SearchOverError(Exception):
    """The days that a search may simulate are spent."""


class Effort:
    """What a search has spent: simulated days, and seconds of CPU of all processes; `spending` is the command's.

    `ended_at` is the bound on days by which the search was ended, 0 where it ended before.
    """

    def __init__(self, at_most: int | None = None, spending: Spending | None = None) -> None:
        self.days = 0
        self.cpu_s = 0.0
        self.at_most = at_most
        self.ended_at = 0
        self.spending = spending or Spending()

    def require(self, days: int) -> None:
        """Raise SearchOverError where so many days more are not allowed."""
        if self.at_most is not None and self.days + days > self.at_most:
            self.ended_at = self.at_most
            raise SearchOverError


class Days:
    """Days by their numbers, and what staffings have done on them."""

    def __init__(
        self,
        scenario: Scenario,
        goals: Goals,
        numbers: Sequence[int],
        seed: int,
        workers: Workers,
        effort: Effort,
    ) -> None:
        self.scenario = scenario
        self.numbers = tuple(numbers)
        self.effort = effort
        self._one = OneDay(scenario, scenario.hash, seed, goals.metrics, goals.used, effort.spending.cap)
        self._workers = workers
        self._known: OrderedDict[tuple[str, int], FloatArray] = OrderedDict()

    def parts(self, rosters: Sequence[Rosters], first: int | None = None, after: int = 0) -> list[FloatArray]:
        """Return for each of the rosters an array of (days, 2, used cells + 1): of all days, or of the `first`.

        Days before `after` are left out. Raises SearchOverError where that would take more days than are allowed.
        """
        numbers = self.numbers[after : None if first is None else after + first]
        keys = [dumps(one, sort_keys=True) for one in rosters]
        keyed = dict(zip(keys, rosters, strict=True))
        todo = [
            (number, [one for one in keyed.items() if (one[0], number) not in self._known])
            for number in numbers
        ]
        self._simulate([(number, some) for number, some in todo if some])
        found = [np.array([self._known[key, number] for number in numbers]) for key in keys]
        while len(self._known) > KEPT_RESULTS:
            self._known.popitem(last=False)
        return found

    def _simulate(self, todo: Sequence[tuple[int, Sequence[Keyed]]]) -> None:
        self.effort.require(sum(len(rosters) for _, rosters in todo))
        with closing(self.effort.spending.ordered(self._workers, self._one, todo)) as results:
            for (number, rosters), (found, seconds) in zip(todo, results, strict=True):
                self.effort.days += len(rosters)
                self.effort.cpu_s += seconds
                for (key, _), parts in zip(rosters, found, strict=True):
                    self._known[key, number] = parts
