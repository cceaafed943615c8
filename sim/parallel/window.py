"""Items under way in other processes: how far ahead they are taken, and what is done where a worker dies."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from typing import Any, Generic, TypeVar

from sim.errors import SimError
from sim.interpreter import shielded
from sim.parallel.processes import Pool

Item = TypeVar("Item")
LOOK_S = 0.1
"""Seconds between looks for lost workers, and for Ctrl-C, while no item ends."""

LOOK_AHEAD = 4
"""Items that each worker may be ahead of the one whose result is due."""


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


class Window(Generic[Item]):
    """The items between the one whose result is due and the last one begun."""

    def __init__(
        self,
        pool: Pool,
        todo: Iterator[Item],
        label: Callable[[Item], str],
        report: Callable[[str], None],
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
        """Start items while the window has room, for each worker one more than it works at."""
        room = LOOK_AHEAD * self._pool.size - len(self._tasks)
        free = 2 * self._pool.size - len(self._under_way())
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
