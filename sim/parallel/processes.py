"""Worker processes of this machine, and the payloads handed to them and back."""

import gc
import os
import pickle
import signal
import sys
import warnings
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkstemp
from threading import Thread
from time import sleep
from typing import Any, Protocol

from sim.errors import SimError
from sim.interpreter import ENDING, ONE_THREAD, clear_away, no_search_for_garbage
from sim.parallel.cores import can_fork

SMALL = 2048
"""Bytes that a pipe takes whole or not at all (POSIX: 4096), with room for what loky adds.

Larger payloads go through a file: a worker that is killed while one is half way through the pipe would leave the
other side waiting for the rest for ever.
"""


@dataclass(frozen=True, slots=True)
class Payload:
    """A pickled value: its bytes, or the file that holds them."""

    data: bytes = b""
    path: str = ""

    def opened(self) -> Any:
        """Return the value; the payload can be opened again."""
        if not self.path:
            return pickle.loads(self.data)
        with open(self.path, "rb") as file:
            data, *arrays = [_read(file, size) for size in pickle.load(file)]
        return pickle.loads(data, buffers=arrays)

    def taken(self) -> Any:
        """Return the value and delete its file."""
        value = self.opened()
        if self.path:
            Path(self.path).unlink()
        return value


def _read(file: BufferedReader, size: int) -> bytearray:
    data = bytearray(size)
    file.readinto(data)
    return data


def packed(value: Any, folder: str) -> Payload:
    """Pickle a value, lambdas and notebooks' functions too; if it is large, into a new file of the folder.

    Raises SimError where the disk refuses.
    """
    import cloudpickle

    buffers: list[pickle.PickleBuffer] = []
    data: bytes = cloudpickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    # Arrays are written from where they are and read to where they stay; in the pickle they would be copied twice.
    parts: list[bytes | memoryview] = [data, *(one.raw() for one in buffers)]
    sizes = [len(one) for one in parts]
    if sum(sizes) <= SMALL:
        return Payload(cloudpickle.dumps(value) if buffers else data)
    try:
        handle, path = mkstemp(dir=folder)
        with open(handle, "wb") as file:
            pickle.dump(sizes, file)
            file.writelines(parts)
    except OSError as error:
        raise SimError(
            f"{folder}: {error.strerror}; name another place in TMPDIR, or take --jobs 1"
        ) from error
    return Payload(path=path)


IDLE_S = 20.0
"""Seconds for which idle processes are kept for the next call."""

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""The options' numbers in malloc.h of the GNU library."""

LARGEST_KEPT, MOST_KEPT = 2**25, 2**28
"""Bytes of one piece of memory, the most that the library allows, and of all that a worker does not give back."""

ORPHAN_LOOK_S = 0.1
"""Seconds between a worker's looks at whether the process that started it still lives."""


class Pool(Protocol):
    """Something that applies one function to several items at the same time."""

    @property
    def size(self) -> int:
        """How many items are done at the same time."""
        ...

    def submit(self, item: Any, label: str) -> "Future[Any]":
        """Start an item; its future fails with BrokenExecutor where the process doing it dies."""
        ...

    def result(self, future: "Future[Any]") -> Any:
        """Return the function's result for an item, or raise what it raised."""
        ...

    def notice(self) -> str | None:
        """Describe the workers lost since the last call whose items did not fail; None where there are none."""
        ...

    def stop(self, under_way: "Collection[Future[Any]]") -> None:
        """Drop the items under way and release the workers."""
        ...


class LocalPool:
    """Worker processes: copies of this process where that is sound, which start at once.

    Else they load the simulator themselves, by joblib's loky, and are kept for the next call; so they do where a copy
    died. Where one of them died, a new set is made.
    """

    def __init__(self, function: Callable[[Any], Any], jobs: int) -> None:
        self.size = jobs
        self._forks = can_fork()
        self._copies: Any = None
        self._folder = TemporaryDirectory(prefix="sim-")
        self._function = packed(function, self._folder.name)

    def submit(self, item: Any, label: str) -> "Future[Any]":  # noqa: ARG002
        """Start an item; its future fails with BrokenExecutor where the process doing it dies."""
        folder = self._folder.name
        payload = packed(item, folder)
        if not self._are_copies():
            from multiprocessing import resource_tracker

            resource_tracker.ensure_running()  # starting it unblocks the signals, before Python 3.13
        with _signals_blocked():
            future: Future[Any] = self._executor().submit(_done, self._function, payload, folder)
        return future

    def result(self, future: "Future[Any]") -> Any:
        """Return the function's result for an item, or raise what it raised."""
        return future.result().taken()

    def notice(self) -> None:
        """Return None: a process of this machine that dies fails its items."""

    def stop(self, under_way: "Collection[Future[Any]]") -> None:
        """End the processes if they are at work; idle ones stay for the next call."""
        if self._are_copies():
            if self._copies is not None:
                _end(self._copies, at_once=bool(under_way))
        else:
            while not all(future.running() or future.done() for future in under_way):
                sleep(0.001)  # loky must have handed out what it was given before it can drop it
            if under_way or self._copies is not None:
                self._executor().shutdown(wait=True, kill_workers=bool(under_way))
        self._folder.cleanup()

    def _are_copies(self) -> bool:
        # What is left of a broken set are threads, with which no process is copied.
        self._forks = self._forks and (self._copies is None or not self._copies._broken)
        return self._forks

    def _executor(self) -> Any:
        if self._are_copies():
            if self._copies is None:
                self._copies = _copies(self.size)
            return self._copies
        # Loky warns of each worker that ends while others are at work, as all do at SIGTERM; who is lost is told here.
        warnings.filterwarnings("ignore", "A worker stopped while some jobs were given", UserWarning)
        from joblib.externals.loky import get_reusable_executor

        return get_reusable_executor(
            self.size, timeout=IDLE_S, env=ONE_THREAD, initializer=_begin_under, initargs=(os.getpid(),)
        )


def _copies(number: int) -> Any:
    """Return an executor whose processes are made as copies of this one when it is given its first item."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.context import ForkContext, ForkProcess

    class Copy(ForkProcess):
        """A copy of this process that ends where it is told to, though it does not hear SIGTERM."""

        terminate = ForkProcess.kill

    class Copies(ForkContext):
        Process = Copy

    return ProcessPoolExecutor(number, Copies(), initializer=_begin_under, initargs=(os.getpid(),))


def _end(copies: Any, at_once: bool) -> None:
    """End copies of this process, in the midst of their work or when they are done with it."""
    if at_once:
        for process in list(copies._processes.values()):
            process.kill()
    copies.shutdown(wait=True)


# In the worker.


def _begin_under(parent: int) -> None:
    """Prepare this process for its items, and end it soon after the one that started it, however that ended."""
    gc.freeze()  # looking at what is shared with that one would copy it
    _keep_memory()
    if os.name == "posix":  # elsewhere a process keeps the number of a parent that is gone
        Thread(target=_await_end, args=(parent,), daemon=True).start()


def _keep_memory() -> None:
    """Let the GNU library keep what an item gives back, for the next one.

    It would hand it to the system, which clears each page again before this process has it back.
    """
    import ctypes

    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if set_option is not None:
        set_option(M_MMAP_THRESHOLD, LARGEST_KEPT)
        set_option(M_TRIM_THRESHOLD, MOST_KEPT)


def _await_end(parent: int) -> None:
    while os.getppid() == parent:
        sleep(ORPHAN_LOOK_S)
    for folder in _folders:  # nobody else is left who would clear them away
        rmtree(folder, ignore_errors=True)
    os._exit(1)


_folders: set[str] = set()
"""Where this worker found its items."""


def _done(function: Payload, item: Payload, folder: str) -> Payload:
    """Apply a function to an item; runs in the worker."""
    clear_away()
    _folders.add(folder)
    with no_search_for_garbage():
        return packed(_built(function)(item.taken()), folder)


@lru_cache(maxsize=4)
def _built(function: Payload) -> Callable[[Any], Any]:
    """Read the function, and the scenario it holds, once in each worker and not for every item."""
    built: Callable[[Any], Any] = function.opened()
    return built


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Block the signals that end a command in processes started in the block; here they take effect afterwards.

    Only the process that distributes the work answers to them, and ends the others; one of these may still be loading
    Python and have no handler of ours yet.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
