"""A sampling profiler: it reads the stack every millisecond and does not slow the run down."""

import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

EVERY_S = 0.001
ROOT = Path(__file__).parents[1]


def shares(function: Callable[[], object], place_of: Callable[[str], str | None]) -> dict[str, float]:
    """Run a function and return the share of its CPU time in each place, largest first.

    `place_of` names the place of a file; where it has none the caller's counts, so that numpy's time is counted
    for its caller, as that of C functions is.
    """
    seen: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        place = None
        while frame is not None and place is None:
            place = place_of(frame.f_code.co_filename)
            frame = frame.f_back
        seen[place or "else"] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
    try:
        function()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return {place: count / seen.total() for place, count in seen.most_common()}


def place_in_the_house(file: str) -> str | None:
    """Return the part of the simulator, or SimPy, that a file belongs to; None for other libraries."""
    path = Path(file)
    if "simpy" in path.parts:
        return "SimPy"
    if not path.is_relative_to(ROOT):
        return None
    room, *rest = path.relative_to(ROOT).parts
    if room == "benchmarks":
        return "the model's own text"
    return _ROOMS.get((room, *rest)) or _ROOMS.get((room, rest[0]))


def module(file: str) -> str | None:
    """Return the module of the simulator that a file is."""
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT / "sim") else None


_ROOMS = {
    ("sim", "engine", "clock.py"): "the clock: SimPy's calendar, and our layer over it",
    ("sim", "engine", "draws.py"): "draws",
    ("sim", "workload"): "draws",
    ("sim", "policies"): "engine",
    ("sim", "engine"): "engine",
    ("sim", "records"): "records: rows into columns",
    ("sim", "metrics"): "figures",
}
