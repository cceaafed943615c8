"""How long a mutant may take, and how much memory."""

import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS = 20
WAITS = 10
"""Times these seconds may pass on a machine that is busy with something else."""
MEMORY = 1 << 30


class TooSlowError(BaseException):
    """A mutant takes too long; no reader takes it for an error of the system, as it would a TimeoutError."""


@contextmanager
def time_limit(seconds: int = SECONDS) -> Iterator[None]:
    """Raise TooSlowError where a mutant takes more seconds of the processor, or many more that it only waits."""

    def stop(*_: Any) -> None:
        raise TooSlowError(f"took longer than {seconds} s")

    limits = {signal.SIGPROF: (signal.ITIMER_PROF, 1), signal.SIGALRM: (signal.ITIMER_REAL, WAITS)}
    before = {number: signal.signal(number, stop) for number in limits}
    for timer, times in limits.values():
        signal.setitimer(timer, seconds * times)
    try:
        yield
    finally:
        for number, (timer, _) in limits.items():
            signal.setitimer(timer, 0)
            signal.signal(number, before[number])


def limit_memory() -> None:
    """Let this process take 1 GiB more than it has, so that a greedy mutant fails and not the machine."""
    if sys.platform == "linux":
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
