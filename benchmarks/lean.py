"""Part (g): what a replication costs besides the engine: draws, figures, tables, `--paranoid`; a second core."""

import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.findings import Bar, Cell, Findings, Table
from benchmarks.queue import ours as queue
from benchmarks.rich import ours as rich
from benchmarks.sizes import Sizes
from benchmarks.start import DAY, ROOT
from benchmarks.timing import Say, clocked
from sim.engine import simulate
from sim.engine.engines import EngineName
from sim.experiments.replications import TOGETHER, run
from sim.metrics import measure
from sim.metrics.several import measure_several
from sim.records import NOTHING, WITHOUT_EVENTS, Recorder, Records
from sim.records.table import put_csv
from sim.scenario import Scenario, load
from sim.workload import draw

DRAWS_US, FIGURES_US, FIXED_MS, CELL_US = 0.7, 1.0, 3.0, 0.5
TABLES = ("requests", "tasks", "conversations", "agent_states")
SMALL_MS, HELD = 5.0, 2.0
FEW, MANY = 200, 20_000
"""Contacts of a small day, and of one that tells what each of them costs."""
HELD_DAYS = 10
ENGINES_HELD: tuple[EngineName, ...] = ("compiled", "simpy")
DAYS, FEW_DAYS = 200, 20
SPEED_UP, SLOWER = 1.8, 1.05
HALVES = (
    "start and end of the command, which no second core shortens, are a larger part of it since a day takes a fifth of"
    " what it took, and two processes at work slow each other down on this machine. Two commands at once that share"
    " nothing, with half the days each, take {halves:.2f} s where one takes {one:.2f} s: {most:.2f} x is what two cores"
    " can give here."
)


def race(sizes: Sizes, say: Say) -> Findings:
    """Time each of them in turn, a replication a round."""
    found = Findings("g", "Beside the engine")
    day, world = load(ROOT / DAY), rich.scenario(sizes.contacts)
    say("draws, figures, tables")
    rounds = range(2 * sizes.rounds + 1)
    drawn = median(_draws_us(world, number) for number in rounds)
    contacts = len(draw(day))
    laps = [_figures_s(day, number) for number in rounds]
    alone, together = (1000 * median(seconds) for seconds in zip(*laps, strict=True))
    cell = median(_cell_us(_simulated(day, number)) for number in rounds)
    rows: list[list[Cell]] = [
        ["draws of the rich model, us a contact", drawn],
        [f"figures of one support day with {contacts} contacts, ms", alone],
        [f"figures of {TOGETHER} of them measured together, as `sim run` does, ms a day", together],
        ["tables of the support day as packed CSV, us a cell", cell],
    ]
    found.bars += [
        Bar("rich model, draws a contact", drawn, at_most=DRAWS_US, unit="us"),
        Bar(
            f"support day, figures of {TOGETHER} together but for {FIGURES_US:g} us a contact",
            together - FIGURES_US * contacts / 1000, at_most=FIXED_MS, unit="ms",
        ),
        Bar("support day, tables written and packed, a cell", cell, at_most=CELL_US, unit="us"),
    ]  # fmt: skip
    say("small days, and days held to the invariants")
    beyond = 1000 * median(_beyond_contacts_s() for _ in range(sizes.rounds))
    rows.append([f"a day of {FEW} contacts on one queue beyond its contacts, ms", beyond])
    found.bars.append(
        Bar(f"a day of {FEW} contacts, beyond its contacts", beyond, at_most=SMALL_MS, unit="ms")
    )
    for engine in ENGINES_HELD:
        held = median(_held(day, engine) for _ in range(sizes.rounds))
        rows.append([f"the support day with --paranoid on the {engine} engine, against without", held])
        found.bars.append(Bar(f"--paranoid on the {engine} engine, against without", held, at_most=HELD))
    say("two cores")
    one, two, faster = _in_turn(DAYS, ["--jobs", "1"], ["--jobs", "2"], sizes)
    halves = median(_two_halves_s() for _ in range(sizes.rounds))
    alone, chosen, slower = _in_turn(FEW_DAYS, ["--jobs", "1"], [], sizes)
    rows += [
        [f"sim run, {DAYS} days on one core, s on the wall", one],
        [f"sim run, {DAYS} days on two cores, s on the wall", two],
        [f"two such commands at once with {DAYS // 2} days each, s on the wall", halves],
        [f"sim run, {FEW_DAYS} days on one core, s on the wall", alone],
        [f"sim run, {FEW_DAYS} days on as many as it chooses, s on the wall", chosen],
    ]
    found.bars += [
        Bar(
            f"sim run, {DAYS} days of the support day: two cores against one",
            faster,
            at_least=SPEED_UP,
            otherwise=HALVES.format(one=one, halves=halves, most=one / halves),
        ),
        Bar(f"sim run, {FEW_DAYS} days, jobs as it chooses, against one", 1 / slower, at_most=SLOWER),
    ]
    found.tables.append(Table("Costs", ["", ""], rows))
    found.notes.append(
        "Two cores need a machine on which nothing else is at work; seconds on the wall are compared."
    )
    return found


def _draws_us(world: Scenario, number: int) -> float:
    """Return what a run takes more with draws that are still to be made than with the same ones made."""
    drawing, workload = clocked(lambda: draw(world, number))
    first, _ = clocked(lambda: simulate(world, workload, Recorder(world, NOTHING)))
    again, _ = clocked(lambda: simulate(world, workload, Recorder(world, NOTHING)))
    return 1e6 * (drawing + first - again) / len(workload)


def _figures_s(day: Scenario, number: int) -> tuple[float, float]:
    """Return what the figures of a day take, measured alone and with others."""
    alone, *runs = (_simulated(day, number * (TOGETHER + 1) + i) for i in range(TOGETHER + 1))
    one, _ = clocked(lambda: measure(alone, day))
    several, _ = clocked(lambda: measure_several(runs, day))
    return one, several / TOGETHER


def _simulated(day: Scenario, number: int) -> Records:
    return simulate(day, draw(day, number), Recorder(day, WITHOUT_EVENTS))


def _cell_us(records: Records) -> float:
    tables = {name: records.columns(name) for name in TABLES}
    cells = sum(len(columns) * len(list(columns)) for columns in tables.values())
    with TemporaryDirectory() as folder:
        seconds, _ = clocked(
            lambda: [put_csv(Path(folder, f"{name}.csv.gz"), columns) for name, columns in tables.items()]
        )
    return 1e6 * seconds / cells


def _beyond_contacts_s() -> float:
    """Return what a replication of few contacts takes besides what each of many takes."""
    few, many = (_replications_s(queue.scenario(contacts), MANY // contacts) for contacts in (FEW, MANY))
    return few - many * FEW / MANY


def _held(day: Scenario, engine: EngineName) -> float:
    """Return what days take that are held to the invariants while they run, over what they take without."""
    plain = _replications_s(day, HELD_DAYS, engine)
    return _replications_s(day, HELD_DAYS, engine, paranoid=True) / plain


def _replications_s(day: Scenario, days: int, engine: EngineName = "auto", paranoid: bool = False) -> float:
    """Return the seconds of a replication, from the draws to the figures."""
    seconds, _ = clocked(lambda: run(day, days, jobs=1, engine=engine, paranoid=paranoid))
    return seconds / days


def _in_turn(days: int, first: list[str], second: list[str], sizes: Sizes) -> tuple[float, float, float]:
    """Return the medians of both commands in seconds, and that of the first over the second, lap by lap."""
    laps = [(_wall_s(days, first), _wall_s(days, second)) for _ in range(sizes.rounds)]
    one, other = map(median, zip(*laps, strict=True))
    return one, other, median(a / b for a, b in laps)


def _wall_s(days: int, jobs: list[str]) -> float:
    """Return the seconds on the wall of a whole command."""
    with TemporaryDirectory() as folder:
        return _all_ended_s([_begun(days, jobs, folder)], perf_counter())


def _two_halves_s() -> float:
    """Return the seconds on the wall of two commands at once, which know nothing of each other."""
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        begun = perf_counter()
        both = [_begun(DAYS // 2, ["--jobs", "1"], folder) for folder in (first, second)]
        return _all_ended_s(both, begun)


def _begun(days: int, jobs: list[str], folder: str) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "sim", "run", DAY, "--replications", str(days), *jobs]
    return subprocess.Popen([*words, "--out", f"{folder}/run"], stdout=subprocess.DEVNULL, cwd=ROOT)


def _all_ended_s(commands: "list[subprocess.Popen[bytes]]", begun: float) -> float:
    """Return the seconds since the beginning when the last one has ended; none may fail."""
    for command in commands:
        if command.wait():
            raise subprocess.CalledProcessError(command.returncode, command.args)
    return perf_counter() - begun
