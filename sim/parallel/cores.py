"""What the machine has for this process: cores, those that nobody uses, and copies of it."""

import os
import sys
import threading
from pathlib import Path
from time import perf_counter

LONG_ENOUGH_S = 0.2
"""A time over which the machine's clock ticks tell what is idle; they are a hundredth of a second each."""


def cores() -> int:
    """Count the cores that this process may use."""
    import joblib

    count: int = joblib.cpu_count()
    return count


def usable_cores() -> int:
    """Count the cores of this machine that this process may use, without loading what knows a container's limits."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class IdleCores:
    """The cores that were idle from the making of this object on, beside the one at work here."""

    def __init__(self) -> None:
        self._since = perf_counter()
        self._idle_s = idle_s()

    def count(self) -> float | None:
        """Return how many, in the mean; None where the time was too short or the system does not tell."""
        passed_s, now = perf_counter() - self._since, idle_s()
        if passed_s < LONG_ENOUGH_S or self._idle_s is None or now is None:
            return None
        return max(now - self._idle_s, 0.0) / passed_s


def idle_s(statistics: Path = Path("/proc/stat")) -> float | None:
    """Return the seconds that all cores together have been idle or waited for a disk; None where nobody tells."""
    try:
        first = statistics.read_text(encoding="ascii").split("\n", 1)[0].split()
    except OSError:
        return None
    return (int(first[4]) + int(first[5])) / os.sysconf("SC_CLK_TCK")


def can_fork() -> bool:
    """Whether a copy of this process would be a sound worker: on Linux, where no thread but this one is at work."""
    # What another thread holds at the copying is held for ever in the copy. The one that draws a bar holds nothing
    # that a worker needs. macOS's own libraries do not stand being copied.
    others = [one for one in threading.enumerate() if one is not threading.current_thread()]
    alone = all(type(one).__module__.startswith("rich.") for one in others)
    return sys.platform == "linux" and threading.current_thread() is threading.main_thread() and alone
