"""Memory per contact: the most that Python allocates, and the resident size of a process."""

import gc
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]


def bytes_a_contact(run: Callable[[int], object], contacts: int) -> float:
    """Return the bytes that each further contact adds to the most allocated at once, from one size to the double."""
    return (allocated(lambda: run(2 * contacts)) - allocated(lambda: run(contacts))) / contacts


def allocated(function: Callable[[], object]) -> int:
    """Return the most bytes that are allocated at once during a call."""
    gc.collect()
    tracemalloc.start()
    try:
        _result = function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def resident(program: str, *arguments: object, engine: str = "auto") -> int:
    """Return the largest resident size, in bytes, of a fresh Python that runs a program.

    Linux reports it in /proc; `ru_maxrss` would be wrong, as a child starts with its parent's.
    """
    command = [sys.executable, "-c", program + _TELL, *map(str, arguments)]
    known = {**os.environ, "SIM_ENGINE": engine}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=known)
    return 1024 * int(done.stdout.split()[-1])


_TELL = """
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
