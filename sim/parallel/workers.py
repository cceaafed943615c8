"""Work spread over processes, with the same results as in one process, and what it spends of a command's budget."""

import signal
import threading
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from operator import length_hint
from time import process_time
from types import FrameType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from sim.errors import SimError
from sim.parallel.cores import IdleCores, cores, usable_cores
from sim.parallel.processes import ENDING, LocalPool, Pool, can_fork
from sim.scenario.budget import Cap, cap_of, require_budget
from sim.scenario.model import require_whole

if TYPE_CHECKING:
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

LOOK_S = 0.1
"""Seconds between looks for lost workers, and for Ctrl-C, while no item ends."""

LOOK_AHEAD = 4
"""Items that each worker may be ahead of the one whose result is due."""


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
            here = _here if self._jobs else _while_it_pays
            if (yield from here(function, todo)):
                return
        yield from _Window(self._pool(function), todo, label, self._report).results()

    def _pool(self, function: Callable[[Item], Out]) -> Pool:
        if self._cluster is not None:
            from sim.parallel.cluster import ClusterPool

            return ClusterPool(function, self._cluster)
        return LocalPool(function, self._jobs or cores())


def _here(function: Callable[[Item], Out], todo: Iterator[Item]) -> Generator[Out, None, bool]:
    """Do all the work in this process."""
    yield from map(function, todo)
    return True


def _while_it_pays(function: Callable[[Item], Out], todo: Iterator[Item]) -> Generator[Out, None, bool]:
    """Work here until processes would save time on the items left; return whether none is left."""
    seconds: list[float] = []
    idle = IdleCores()
    for item in todo:
        clock = process_time()
        result = function(item)
        seconds.append(process_time() - clock)
        yield result
        if _is_repaid(seconds, length_hint(todo, len(seconds)), idle):
            return False
    return True


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


@contextmanager
def shielded() -> Iterator[None]:
    """Delay Ctrl-C, and what else ends a command, until the end of the block, so that it is not left half done."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread receives it
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    usual = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in usual.items():
        if callable(handler):
            signal.signal(number, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in usual.items():
            if callable(handler):
                signal.signal(number, handler)
    if came and callable(handler := usual[came[0][0]]):
        handler(*came[0])


class _Task(Generic[Item]):
    """An item under way or done."""

    __slots__ = ("future", "item", "label")

    def __init__(self, item: Item, label: str, future: "Future[Any]") -> None:
        self.item = item
        self.label = label
        self.future = future

    @property
    def lost(self) -> bool:
        """Whether its worker died."""
        return self.future.done() and isinstance(self.future.exception(), BrokenExecutor)


class _Window(Generic[Item]):
    """The items between the one whose result is due and the last one begun."""

    def __init__(
        self,
        pool: Pool,
        todo: Iterator[Item],
        label: Callable[[Item], str],
        report: Report,
    ) -> None:
        self._pool = pool
        self._todo = todo
        self._label = label
        self._report = report
        self._tasks: deque[_Task[Item]] = deque()

    def results(self) -> Iterator[Any]:
        """Return the results in order, and keep the workers busy meanwhile."""
        # Whatever asks a future is shielded: an interruption within would leave its lock taken, and the thread that
        # has to set its result, and the end of the command with it, would wait for ever.
        try:
            with shielded():
                self._fill()
            while self._tasks:
                while not self._has_first():
                    pass
                with shielded():
                    result = self._pool.result(self._tasks.popleft().future)
                yield result
                with shielded():
                    self._fill()
        finally:
            with shielded():
                self._pool.stop(self._under_way())

    def _fill(self) -> None:
        """Start items while a worker is free and the window has room."""
        room = LOOK_AHEAD * self._pool.size - len(self._tasks)
        free = self._pool.size - len(self._under_way())
        for _, item in zip(
            range(min(room, free)), self._todo, strict=False
        ):  # range first: zip must not take an item it cannot start
            label = self._label(item)
            self._tasks.append(_Task(item, label, self._pool.submit(item, label)))

    def _under_way(self) -> list["Future[Any]"]:
        return [task.future for task in self._tasks if not task.future.done()]

    def _has_first(self) -> bool:
        """Wait for a moment, and return whether the result that is due is there."""
        with shielded():
            if not self._tasks[0].future.done():
                wait(self._under_way(), LOOK_S, FIRST_COMPLETED)
        self._repeat_lost()
        with shielded():
            self._fill()
            # What was lost since the look above is repeated after the next one.
            return self._tasks[0].future.done() and not self._tasks[0].lost

    def _repeat_lost(self) -> None:
        """Report lost workers and repeat their items."""
        if text := self._pool.notice():
            self._report(text)
        with shielded():
            are_lost = any(task.lost for task in self._tasks)
        if are_lost:
            _await(self._tasks)  # the other items under way end as lost too
            with shielded():
                lost = [task for task in self._tasks if task.lost]
            names = ", ".join(task.label for task in lost)
            self._report(f"a worker process died (killed, or out of memory); begun again: {names}")
            for task in lost:
                self._repeat(task)

    def _repeat(self, task: _Task[Item]) -> None:
        """Repeat a lost item alone, so that there is no doubt which item ended its process."""
        task.future = self._pool.submit(task.item, task.label)
        _await([task])
        if task.lost:
            raise SimError(
                f"{task.label}: its worker process died twice (killed, or out of memory); with fewer jobs each"
                " has more memory"
            ) from task.future.exception()


def _await(tasks: Iterable[_Task[Any]]) -> None:
    """Wait until all are done; an interruption is heard between two looks."""
    done = False
    while not done:
        with shielded():
            done = not wait([task.future for task in tasks], LOOK_S).not_done


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
        cap = self.cap
        counted = _Counted(work, cap)
        with closing(workers.ordered(counted, items, work.label)) as results:
            for result, taken in results:
                if cap is not None:
                    # Here is where an item of another process counts; one of this process has counted already.
                    cap.spent = counted.spent = counted.spent + taken
                    if cap.spent > cap.total:
                        raise cap.beyond_total()
                yield result


@dataclass(eq=False)
class _Counted(Generic[Item, Out]):
    """Work, and the events that an item of it takes."""

    work: Work[Item, Out]
    cap: Cap | None

    def __post_init__(self) -> None:
        self.spent = 0.0 if self.cap is None else self.cap.spent

    def __call__(self, item: Item) -> tuple[Out, float]:
        before = 0.0 if self.cap is None else self.cap.spent
        result = self.work(item)
        return result, 0.0 if self.cap is None else self.cap.spent - before
