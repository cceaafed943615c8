"""Processes of this machine that do one item each at a time."""

import signal
from collections.abc import Callable, Collection
from concurrent.futures import Future
from functools import lru_cache
from time import sleep
from typing import Any, Protocol

IDLE_S = 60.0
"""How long idle processes are kept for the next call."""

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""The processes are the parallelism; threads in each of them would only be in the way."""


class Pool(Protocol):
    """Something that works at several items at the same time."""

    @property
    def size(self) -> int:
        """How many items are done at the same time."""
        ...

    def submit(self, function: bytes, item: Any, label: str) -> "Future[Any]":
        """Start an item; its future fails with BrokenExecutor where the process doing it dies."""
        ...

    def notice(self) -> str | None:
        """Say what was lost since the last time without any item failing for it."""
        ...

    def stop(self, under_way: "Collection[Future[Any]]") -> None:
        """Drop what is under way, and leave."""
        ...


class LocalPool:
    """Worker processes by joblib's loky, kept for the next call; a new set is made where one of them died."""

    def __init__(self, jobs: int) -> None:
        self.size = jobs

    def submit(self, function: bytes, item: Any, label: str) -> "Future[Any]":  # noqa: ARG002
        """Start an item; its future fails with BrokenExecutor where the process doing it dies."""
        future: Future[Any] = self._executor().submit(call, function, item)
        return future

    def notice(self) -> None:
        """Nothing: a process of this machine that dies fails its items."""

    def stop(self, under_way: "Collection[Future[Any]]") -> None:
        """End the processes that are doing something; idle ones stay for the next call."""
        if not under_way:
            return
        while not all(future.running() or future.done() for future in under_way):
            sleep(0.001)  # loky must have handed out what it was given before it can drop it
        self._executor().shutdown(wait=True, kill_workers=True)

    def _executor(self) -> Any:
        from joblib.externals.loky import get_reusable_executor

        return get_reusable_executor(self.size, timeout=IDLE_S, initializer=_deaf_to_ctrl_c, env=ONE_THREAD)


def pickled(function: Callable[..., Any]) -> bytes:
    """Pickle a function with all that it holds, such as a scenario; lambdas and notebooks' functions too."""
    import cloudpickle

    data: bytes = cloudpickle.dumps(function)
    return data


def call(function: bytes, item: Any) -> Any:
    """Apply a pickled function to an item; runs in the worker."""
    return _unpickled(function)(item)


@lru_cache(maxsize=4)
def _unpickled(function: bytes) -> Callable[[Any], Any]:
    """Build the function, and the scenario it holds, once in each worker and not for every item."""
    import pickle

    built: Callable[[Any], Any] = pickle.loads(function)
    return built


def _deaf_to_ctrl_c() -> None:
    """Ctrl-C reaches every process of the terminal; only the one who gives out the work answers to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
