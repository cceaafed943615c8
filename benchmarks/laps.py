"""Laps on demand, in a process of its own: `python laps.py` in the folder of a version of the simulator.

It is the program of whichever version it runs in, the earlier one too, so it uses what both have.
A line of standard input is a lap in JSON: the text of the scenario, the seed, and how far to go. The answer is a line:
the CPU seconds, and the contacts.
"""

import gc
import json
import sys
from time import process_time
from typing import Any

from sim.engine import simulate
from sim.metrics import measure
from sim.records import NOTHING, WITHOUT_EVENTS, Recorder
from sim.scenario import loads
from sim.workload import draw

FAR = ("unrecorded", "records", "figures")
"""From the draws to a day without records, to one with all tables, to its figures."""

_worlds: dict[str, Any] = {}


def lap(text: str, seed: int, far: str) -> tuple[float, int]:
    """Return the CPU seconds of a day, draws included, and its contacts."""
    if text not in _worlds:
        _worlds[text] = loads(text)
    world = _worlds[text]
    gc.collect()
    gc.disable()
    start = process_time()
    workload = draw(world, seed=seed)
    recorder = Recorder(world, NOTHING if far == "unrecorded" else WITHOUT_EVENTS)
    records = simulate(world, workload, recorder)
    if far == "figures":
        measure(records, world)
    seconds = process_time() - start
    gc.enable()
    return seconds, len(workload)


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(lap(**json.loads(line))), flush=True)
