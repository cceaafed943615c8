"""The engines that run the one-queue model: ours, and the peers that are installed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from benchmarks.queue import in_simmer, ours, plain_heapq, simpy_callbacks, simpy_idiomatic
from benchmarks.queue.model import Visit

OURS = "ours, with requests, tasks, agent states"
UNRECORDED = "ours, recording nothing"
IDIOMATIC = "SimPy as its tutorials write it"
CALLBACKS = "SimPy tuned by hand, callbacks only"
HEAPQ = "plain Python, heapq"
CIW = "Ciw"
SALABIM = "salabim"
SIMMER = "simmer (R)"


def as_they_are(result: Any) -> Sequence[Visit]:
    """Return the result, which is the visits."""
    visits: Sequence[Visit] = result
    return visits


@dataclass(frozen=True)
class Model:
    """The model in one engine.

    `run(customers, seed)` returns what `visits` and `count` read the customers and their number from, and
    `seconds` the CPU time where it is not this process's. `part` is the share of the customers that a slow
    engine is given, so that a round does not wait for it.
    """

    name: str
    run: Callable[[int, int], Any]
    visits: Callable[[Any], Sequence[Visit]] | None = as_they_are
    count: Callable[[Any], int] = len
    seconds: Callable[[Any], float] | None = None
    part: float = 1.0


def models() -> tuple[list[Model], list[str]]:
    """Return all models that can run here, and the reasons why others cannot."""
    there = [
        Model(OURS, ours.recorded, ours.visits, ours.count),
        Model(UNRECORDED, ours.unrecorded, None, int),
        Model(IDIOMATIC, simpy_idiomatic.run),
        Model(CALLBACKS, simpy_callbacks.run),
        Model(HEAPQ, plain_heapq.run),
    ]
    missing = []
    for name, package, part in ((CIW, "ciw", 0.5), (SALABIM, "salabim", 0.1)):
        if find_spec(package) is None:
            missing.append(f"{name} is left out: it is not installed (pip install .[bench])")
        else:
            there.append(Model(name, import_module(f"benchmarks.queue.in_{package}").run, part=part))
    if in_simmer.is_there():
        there.append(Model(SIMMER, in_simmer.run, lambda r: r[1], lambda r: len(r[1]), lambda r: r[0]))
    else:
        missing.append(f"{SIMMER} is left out: there is no R with the package simmer on this machine")
    return there, missing
