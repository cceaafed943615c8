"""Part (d): the time of a command from cold, each time in a fresh process."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.findings import Bar, Cell, Findings, Table
from benchmarks.sizes import Sizes
from benchmarks.timing import Say

ROOT = Path(__file__).parents[1]
DAY = "scenarios/support_day.yaml"
BARE = "python, nothing else"
HELP = "sim --help"
SMALL_DAY = "sim run, one small day"
COMMANDS = {
    BARE: ["-c", "pass"],
    HELP: ["-m", "sim", "--help"],
    "sim validate": ["-m", "sim", "validate", DAY],
    SMALL_DAY: ["-m", "sim", "run", DAY, "--replications", "1", "--out"],
    "sim run, its 20 days": ["-m", "sim", "run", DAY, "--jobs", "1", "--out"],
}
Start = tuple[float, float]
"""CPU and wall seconds."""


def race(sizes: Sizes, say: Say) -> Findings:
    """Start each command in turn, several times."""
    found = Findings("d", "From cold: process, imports, work, output")
    starts: dict[str, list[Start]] = {name: [] for name in COMMANDS}
    for number in range(sizes.rounds):
        say(f"round {number + 1} of {sizes.rounds}")
        for name, arguments in COMMANDS.items():
            starts[name].append(_started(arguments))
    cpu = {name: median(start[0] for start in its) for name, its in starts.items()}
    rows: list[list[Cell]] = [
        [name, cpu[name], median(start[1] for start in its)] for name, its in starts.items()
    ]
    found.tables.append(Table("Seconds", ["", "CPU", "wall"], rows))
    found.notes.append("The bars are held to CPU time, which other work on the machine does not lengthen.")
    bar = partial(Bar, unit="s")
    found.bars += [bar(HELP, cpu[HELP], at_most=0.3), bar(SMALL_DAY, cpu[SMALL_DAY], at_most=0.7)]
    return found


def _started(arguments: list[str]) -> Start:
    with TemporaryDirectory() as folder:
        out = [str(Path(folder) / "run")] if arguments[-1] == "--out" else []
        clock, before = perf_counter(), children_s()
        subprocess.run([sys.executable, *arguments, *out], stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
        return children_s() - before, perf_counter() - clock


def children_s() -> float:
    """Return the CPU seconds of all processes that this one has waited for."""
    times = os.times()
    return times.children_user + times.children_system
