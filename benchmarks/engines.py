"""Part (f): the compiled engine, against the SimPy engine of the commit before it, which is checked out beside it."""

import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.before import BEFORE, COMPILED, ROOT, Runner, beside_each_other, checked_out, environment
from benchmarks.findings import Bar, Cell, Findings, Table
from benchmarks.memory import resident
from benchmarks.queue.ours import scenario_text
from benchmarks.rich import ours as rich
from benchmarks.sizes import Sizes
from benchmarks.start import children_s
from benchmarks.timing import Contestant, Lap, Race, Say, interleaved

RICH = "rich model"
BARS = {
    "erlang_a": {"records": 20.0, "figures": 8.0},
    "one queue": {"records": 15.0},
    RICH: {"records": 10.0, "figures": 6.0},
    "support day": {"records": 7.0, "figures": 4.0},
}
"""How many times as fast, draws included on both sides, by how far it goes."""
WORDS = {"records": "draws, engine and records", "figures": "from draws to figures"}
COMMANDS = {
    "sim run, 20 days of the support day": ([], 3.0),
    "sim run, one small day": (["--replications", "1"], 1.5),
}
UNRECORDED_S, RECORDED_S = 0.6, 0.45
"""Millions of the rich model's conversations in a CPU second, draws included."""
DAY = Path("scenarios", "support_day.yaml")
MEMORY = """
import sys
from benchmarks.growth.memory import simulated
simulated("rich model", int(sys.argv[1]), "all")
"""


def race(sizes: Sizes, say: Say) -> Findings:
    """Time each model as far as there is a bar, then the command, then measure the memory."""
    found = Findings("f", "Two engines")
    with checked_out() as before:
        texts = _texts(before, sizes)
        with beside_each_other(before) as runners:
            for name, bars in BARS.items():
                _race_model(name, texts[name], bars, runners, sizes, partial(_told, say, name), found)
            _race_rich(texts[RICH], runners, sizes, say, found)
        for what, (arguments, least) in COMMANDS.items():
            timed = interleaved(
                [_command(name, folder, arguments) for name, folder in ((BEFORE, before), (COMPILED, ROOT))],
                sizes.rounds, partial(_told, say, what),
            )  # fmt: skip
            found.tables.append(_table(f"{what}: the whole process", timed, "CPU us"))
            found.bars.append(
                Bar(f"{what}: {COMPILED} against {BEFORE}", timed.ratio(BEFORE, COMPILED), at_least=least)
            )
    say("memory")
    peaks = {name: resident(MEMORY, 10 * sizes.contacts, engine=name) for name in ("simpy", "compiled")}
    rows: list[list[Cell]] = [[name, peak / 2**20] for name, peak in peaks.items()]
    found.tables.append(Table("Largest size of a process, all tables, the rich model", ["", "MiB"], rows))
    ratio = peaks["compiled"] / peaks["simpy"]
    found.bars.append(Bar("peak memory: compiled engine against SimPy engine", ratio, at_most=1.1))
    return found


def _told(say: Say, what: str, more: str) -> None:
    say(f"{what}: {more}")


def _texts(before: Path, sizes: Sizes) -> dict[str, str]:
    """Return the scenarios of the earlier version, which both read."""
    rich_text = (before / "benchmarks" / "rich" / "scenario.yaml").read_text(encoding="utf-8")
    lasts = f"lasts: {sizes.contacts / rich.PER_SECOND!r}"
    return {
        "erlang_a": (before / "scenarios" / "erlang_a.yaml").read_text(encoding="utf-8"),
        "one queue": scenario_text(sizes.contacts),
        RICH: re.sub(r"^lasts: .*$", lasts, rich_text, flags=re.MULTILINE),
        "support day": (before / DAY).read_text(encoding="utf-8"),
    }


def _race_model(
    name: str, text: str, bars: dict[str, float], runners: dict[str, Runner], sizes: Sizes, say: Say,
    found: Findings,
) -> None:  # fmt: skip
    for far, least in bars.items():
        timed = interleaved([_runner(one, runners[one], text, far) for one in runners], sizes.rounds, say)
        found.tables.append(_table(f"{name}: {WORDS[far]}", timed))
        what = f"{name}, {WORDS[far]}: {COMPILED} against {BEFORE}"
        found.bars.append(Bar(what, timed.ratio(BEFORE, COMPILED), at_least=least))


def _race_rich(text: str, runners: dict[str, Runner], sizes: Sizes, say: Say, found: Findings) -> None:
    """Hold the rich model to a speed of its own, in a long day."""
    text = re.sub(
        r"^lasts: .*$", f"lasts: {10 * sizes.contacts / rich.PER_SECOND!r}", text, flags=re.MULTILINE
    )
    compiled = runners[COMPILED]
    timed = interleaved(
        [_runner(far, compiled, text, far) for far in ("unrecorded", "records")], sizes.rounds, say
    )
    for far, least in (("unrecorded", UNRECORDED_S), ("records", RECORDED_S)):
        what = "recording nothing" if far == "unrecorded" else "with all tables"
        millions = 1.0 / timed.cost_us(far)
        found.bars.append(Bar(f"{RICH}, draws included, {what}", millions, at_least=least, unit="M/CPU-s"))


def _runner(name: str, runner: Runner, text: str, far: str) -> Contestant:
    def lap(number: int) -> Lap:
        if number == 0:
            runner.lap(text, 0, far)  # the world is built once
        return runner.lap(text, number + 1, far)

    return Contestant(name, lap)


def _command(name: str, folder: Path, arguments: list[str]) -> Contestant:
    def lap(number: int) -> Lap:
        del number
        with TemporaryDirectory() as out:
            words = [
                sys.executable,
                "-m",
                "sim",
                "run",
                str(DAY),
                "--jobs",
                "1",
                *arguments,
                "--out",
                f"{out}/run",
            ]
            known = environment(folder, "auto")
            before = children_s()
            subprocess.run(words, stdout=subprocess.DEVNULL, check=True, cwd=folder, env=known)
            return Lap(children_s() - before, 1)

    return Contestant(name, lap)


def _table(title: str, timed: Race, cost: str = "us a contact") -> Table:
    rows: list[list[Cell]] = [[name, timed.cost_us(name), timed.ratio(BEFORE, name)] for name in timed.costs]
    return Table(title, ["", cost, f"times as fast as the {BEFORE}"], rows)
