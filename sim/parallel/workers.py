"""Work spread over processes, with the same results as in one process, and what it spends of a command's budget."""

import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from time import process_time
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from sim.errors import SimError
from sim.interpreter import clear_away, no_search_for_garbage
from sim.parallel.cores import IdleCores, can_fork, cores, usable_cores
from sim.scenario.budget import BudgetError, Cap, cap_of, require_budget
from sim.scenario.model import require_whole

if TYPE_CHECKING:
    from sim.parallel.processes import Pool
    from sim.scenario import Scenario

Item = TypeVar("Item")
Out = TypeVar("Out")
Taken = TypeVar("Taken", contravariant=True)
Given = TypeVar("Given", covariant=True)
Report = Callable[[str], None]
"""Receives a line of text when a worker was lost."""

START_UP_S = 3.0
"""Seconds it takes to start processes and load the simulator in them."""

FORK_S = 0.3
"""Seconds it takes to start copies of this process, in which everything is loaded, and to end them."""

LEAST_GAIN = 1.2
"""Cores, that of this process included, below which others have the machine and processes would only compete."""


def warn(text: str) -> None:
    """Report a lost worker by Python's warnings."""
    warnings.warn(text, RuntimeWarning, stacklevel=2)


class Workers:
    """The processes that do the work: `jobs` of this machine, or those of a Dask cluster.

    Without either the work is done in this process, and by one process a core once that is clearly faster.
    Results never depend on it. `report` is called with a line when a worker was lost; by default it warns.
    """

    def __init__(self, jobs: int | None = None, cluster: str | None = None, report: Report = warn) -> None:
        require_whole(jobs=jobs)
        if jobs is not None and jobs < 1:
            raise SimError(f"jobs must be at least 1, not {jobs}")
        if jobs is not None and cluster is not None:
            raise SimError("jobs and cluster exclude each other: a cluster has as many workers as it has")
        self._jobs = jobs
        self._cluster = cluster
        self._report = report

    @property
    def may_grow(self) -> bool:
        """Whether any number of them may join, as in a cluster."""
        return self._cluster is not None

    @property
    def at_once(self) -> int:
        """How many items are done at the same time at most; of a cluster, which may grow, it is two."""
        return self._jobs or (usable_cores() if self._cluster is None else 2)

    def ordered(
        self, function: Callable[[Item], Out], items: Iterable[Item], label: Callable[[Item], str] = str
    ) -> Generator[Out, None, None]:
        """Apply a function to every item and yield the results in the order of the items.

        Memory does not grow with the number of items: the items are taken, and results held, only a little
        ahead. The function must depend on its item alone; it is sent to each worker with all its data and
        built there once. `label` names an item in messages.

        Raises what the function raises, at its item's turn, and SimError where an item ends its process a
        second time. When the generator is closed, items under way are dropped.
        """
        todo = iter(items)
        if self._cluster is None and self._jobs in (1, None):
            # What Python comes across while it searches during an item is not cleared away after it.
            work = no_search_for_garbage()(function)
            here = _here(work, todo) if self._jobs else _while_it_pays(work, todo, _parts(items))
            if (yield from here):
                return
        from sim.parallel.window import Window  # it loads what other processes need

        yield from Window(self._pool(function), todo, label, self._report).results()

    def _pool(self, function: Callable[[Item], Out]) -> "Pool":
        if self._cluster is not None:
            from sim.parallel.cluster import ClusterPool

            return ClusterPool(function, self._cluster)
        from sim.parallel.processes import LocalPool

        return LocalPool(function, self._jobs or cores())


def _here(function: Callable[[Item], Out], todo: Iterator[Item]) -> Generator[Out, None, bool]:
    """Do all the work in this process."""
    yield from map(function, _in_turn(todo))
    return True


def _while_it_pays(
    function: Callable[[Item], Out], todo: Iterator[Item], parts: int | None
) -> Generator[Out, None, bool]:
    """Work here until processes would save time on the items left; return whether none is left.

    `parts` is what all items have together; where nobody knows, as much is left as was done.
    """
    seconds: list[float] = []
    idle, done = IdleCores(), 0
    for item in _in_turn(todo):
        clock = process_time()
        result = function(item)
        seconds.append((process_time() - clock) / _parts_of(item))
        yield result
        done += _parts_of(item)
        if _is_repaid(seconds, done if parts is None else parts - done, idle):
            return False
    return True


def _in_turn(todo: Iterator[Item]) -> Iterator[Item]:
    """Return the items; what one leaves behind is cleared away before the next."""
    for number, item in enumerate(todo):
        if number:
            clear_away()
        yield item


def _parts(items: Iterable[object]) -> int | None:
    """Return what items have to do in all; None where they are not there yet."""
    if not isinstance(items, Sequence):
        return None
    return len(items) if isinstance(items, range) else sum(map(_parts_of, items))


def _parts_of(item: object) -> int:
    """Return of how many alike an item is made: several replications are one item."""
    return len(item) if isinstance(item, range) else 1


def _is_repaid(seconds: Sequence[float], left: int, idle: IdleCores) -> bool:
    """Return whether processes would save more than they take to start, with the cores that others leave idle.

    `seconds` are those of the CPU, which other work on the machine does not lengthen; the first item loads the
    libraries.
    """
    start_up_s = FORK_S if can_fork() else START_UP_S
    one = min(seconds) if len(seconds) > 1 else seconds[0] - START_UP_S
    if one * left <= start_up_s:  # most work is short: nothing is asked of the machine then
        return False
    at_once = cores() if (free := idle.count()) is None else min(float(cores()), 1.0 + free)
    return at_once >= LEAST_GAIN and one * left * (1 - 1 / at_once) > start_up_s


# The budget of a command.


class Work(Protocol[Taken, Given]):
    """The function of a worker; `label` names an item so that it can be run alone."""

    def __call__(self, item: Taken, /) -> Given:
        """Do the work of an item."""
        ...

    def label(self, item: Taken, /) -> str:
        """Name an item."""
        ...


class Spending:
    """The events that a command has spent; `cap` is handed to whatever simulates for it."""

    def __init__(self, cap: Cap | None = None) -> None:
        self.cap = cap

    @classmethod
    def within(
        cls, budget: str | float | None, scenarios: "Sequence[Scenario]", runs: int, jobs: int | None,
        kept: int = 1,
    ) -> "Spending":  # fmt: skip
        """Return the spending of a command that simulates each scenario so often; without a budget it has no end.

        `kept` is the number of replications whose tables are kept. Raises SimError where the estimate goes beyond the
        budget.
        """
        if budget is None:
            return cls()
        at_once = jobs or usable_cores()
        require_budget(scenarios, runs, str(budget), max(at_once, kept))
        return cls(cap_of(scenarios, runs, str(budget), at_once))

    def ordered(
        self, workers: Workers, work: Work[Item, Out], items: Iterable[Item]
    ) -> Generator[Out, None, None]:
        """Do the work of the items and yield the results in their order, as `Workers.ordered` does.

        Raises BudgetError at the first item with which the budget is used up, however many processes there are.
        """
        return self._counted(workers, _Alone(work, self.cap), items)

    def of_several(
        self, workers: Workers, work: "Work[Item, Several[Out]]", items: Iterable[Item]
    ) -> Generator[Out, None, None]:
        """Do the work of items that are made of several parts, and yield the results of the parts likewise.

        Raises BudgetError at the first part with which the budget is used up, and what ended an item before its last
        part.
        """
        return self._counted(workers, work, items)

    def _counted(
        self, workers: Workers, work: "Work[Item, Several[Out]]", items: Iterable[Item]
    ) -> Generator[Out, None, None]:
        cap = self.cap
        spent = 0.0 if cap is None else cap.spent
        with closing(workers.ordered(work, items, work.label)) as found:
            for several in found:
                for result, taken in several.results:
                    if cap is not None:
                        # Here is where a part done in another process counts; one of this process has counted already.
                        cap.spent = spent = spent + taken
                        if spent > cap.total:
                            raise cap.beyond_total()
                    yield result
                if several.ended_by is not None:
                    raise several.ended_by


@dataclass(frozen=True, slots=True)
class Several(Generic[Out]):
    """Results of the parts of an item, each with the events it took, and what ended it before its last part."""

    results: list[tuple[Out, float]]
    ended_by: BudgetError | KeyboardInterrupt | None = None


def counted(cap: Cap | None, work: Callable[[], Out]) -> tuple[Out, float]:
    """Do some work, and return its result with the events that it took."""
    before = 0.0 if cap is None else cap.spent
    result = work()
    return result, 0.0 if cap is None else cap.spent - before


@dataclass(eq=False)
class _Alone(Generic[Item, Out]):
    """Work whose items have one part."""

    work: Work[Item, Out]
    cap: Cap | None

    def __call__(self, item: Item) -> Several[Out]:
        return Several([counted(self.cap, lambda: self.work(item))])

    def label(self, item: Item) -> str:
        return self.work.label(item)
