"""Faults put into the C text, one at a time: do the equality tests find them?

    cd tests; python -m engine.compiled.mutants 60 --seed 1

changes the text at so many places, drawn operator by operator, and simulates on what is built of it the days of the
engine's own tests, the random days and a day of each quick scenario. What survives
is printed; 92 % have to be caught. Needs a POSIX system.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import pytest

from engine.compiled.both_engines import compared, days_drawn, differing, told
from engine.compiled.equivalent import EQUIVALENT
from engine.compiled.random_days import KINDS, days_of
from sim.engine.compiled import library, row_tables, simulation
from sim.engine.compiled.simulation import simulate_compiled
from sim.engine.simulate import simulate
from sim.records import EVERYTHING, Records
from sim.scenario import Scenario, load
from sim.workload import Workload

LEAST_CAUGHT = 0.92
DAYS = 400
"""Random days of each kind; the first 150 are those of the tests."""
LIMIT_S = 60
"""A mutant that takes longer goes round for ever, which is found as well."""

FEW_ROWS = 50
"""Handed over at once, so that a small day hands over often."""

SCENARIOS = Path(__file__).parents[3] / "scenarios"
SLOW = ("erlang_a", "hotline_march")
LEFT_OUT = ("layout.c", "invariants.c", "look_ahead.c")
"""Read by a test that holds it against numpy, and by no day; held while a run is watched, by tests of its own; hints to
the processor, which change no record."""

OPERATORS: dict[str, tuple[str, dict[str, str]]] = {
    "comparison": (r"(?<=[\w)\]] )(<=|>=|<|>|==|!=)(?= )", {
        "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    }),
    "and, or": (r"&&|\|\|", {"&&": "||", "||": "&&"}),
    "arithmetic": (r"(?<=[\w)\]] )[-+*/](?= [\w(-])", {"+": "-", "-": "+", "*": "/", "/": "*"}),
    "counting": (r"\+\+|--|\+=|-=", {"++": "--", "--": "++", "+=": "-=", "-=": "+="}),
    "not": (r"(?<=[( ])!(?=[\w(])", {"!": ""}),
    "constant": (r"(?<=[=,(] )[01](?=[;,)])|(?<=return )[01](?=;)", {"0": "1", "1": "0"}),
    "statement": (r"(?m)(?<=^    )[ ]*[a-z_]+\([^;{}\n]*\);$", {}),
    "assignment": (r"(?m)(?<=^    )[ ]*[\w>.-]+(?:\[\w+\])? = [^;{}\n]*;$", {}),
    "condition": (r"(?<=\bif )\((?=[^\n]*\) )", {"(": "(0 && "}),
    "rank": (r"\b(GOES|COMES|HANDLING_ENDS|ACCEPT|RING_TIMEOUT|REQUEST_TTL|STEP_OPENS|WRAP_UP_ENDS|LOOK)\b(?=, DUE)", {
        "GOES": "COMES", "COMES": "GOES", "HANDLING_ENDS": "WRAP_UP_ENDS", "ACCEPT": "WRAP_UP_ENDS",
        "RING_TIMEOUT": "ACCEPT", "REQUEST_TTL": "ACCEPT", "STEP_OPENS": "ACCEPT", "WRAP_UP_ENDS": "HANDLING_ENDS",
        "LOOK": "HANDLING_ENDS",
    }),
}  # fmt: skip
"""What is looked for, and what takes its place: nothing where that is not said."""


@dataclass(frozen=True)
class Mutant:
    """A change of one chapter at one place."""

    chapter: str
    operator: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.chapter}:{self.line} {self.operator}: `{self.before}` -> `{self.after}`"


def mutants(count: int, seed: int) -> list[Mutant]:
    """Draw so many, the operators in turn; the same ones for the same text and seed."""
    drawn = random.Random(seed)
    by_operator = {name: list(_sites(name)) for name in OPERATORS}
    for sites in by_operator.values():
        drawn.shuffle(sites)
    in_turn = (
        site
        for round_ in range(count)
        for sites in by_operator.values()
        for site in sites[round_ : round_ + 1]
    )
    return list(islice(in_turn, count))


def _sites(operator: str) -> Iterator[Mutant]:
    pattern, changes = OPERATORS[operator]
    for path in library.CHAPTERS:
        if path.name in LEFT_OUT:
            continue
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(pattern, _without_comments(text)):
            after = text[: found.start()] + changes.get(found[0], ";") + text[found.end() :]
            line = text.count("\n", 0, found.end()) + 1
            yield Mutant(
                path.name, operator, line, text.splitlines()[line - 1].strip(),
                after.splitlines()[line - 1].strip(), after,
            )  # fmt: skip


def _without_comments(text: str) -> str:
    return re.sub(
        r"/\*.*?\*/|^#.*?$", lambda it: re.sub(r"[^\n]", "~", it[0]), text, flags=re.DOTALL | re.MULTILINE
    )


# Building: one chapter is compiled anew, the rest is there.


class Builder:
    """The library with one chapter changed, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        command = library.compiler()
        assert command is not None
        named = [f"-D{name}={value}" for name, value in library.defines("a mutant")]
        self._call = [*command, *library.FLAGS, "-O1", "-fPIC", "-w", *named, f"-I{library.HERE / 'c'}"]
        self._folder = folder
        for path in library.CHAPTERS:
            self._compile(path, path.stem)

    def build(self, mutant: Mutant) -> Path | None:
        """Return the library of a mutant, None where the compiler refuses it."""
        changed = self._folder / "mutant.c"
        changed.write_text(mutant.text, encoding="utf-8")
        if not self._compile(changed, "mutant"):
            return None
        own = Path(mutant.chapter).stem
        objects = [self._folder / f"{path.stem}.o" for path in library.CHAPTERS if path.stem != own]
        file = self._folder / "mutant.so"
        file.unlink(missing_ok=True)  # a new file: the one before may still be loaded
        objects.append(self._folder / "mutant.o")
        subprocess.run([*self._call, "-shared", "-o", str(file), *map(str, objects), "-lm"], check=True)
        return file

    def _compile(self, source: Path, name: str) -> bool:
        call = [*self._call, "-c", "-o", str(self._folder / f"{name}.o"), str(source)]
        return subprocess.run(call, capture_output=True).returncode == 0


# Trying: each mutant in a process of its own, which it may crash.


Known = tuple[Scenario, Workload, Records | str]


def known_days(days: int = DAYS, own: bool = True) -> list[Known]:
    """Return so many random days of each kind and what the SimPy engine makes of them, after the tests' own days."""
    worlds = _own_days() if own else []
    drawn = [(day.scenario, day.workload) for kind in KINDS for day in days_of(days, kind)]
    loaded = [load(path) for path in sorted(SCENARIOS.glob("*.yaml")) if own and path.stem not in SLOW]
    all_days = [*worlds, *drawn, *(day for scenario in loaded for day in days_drawn(scenario))]
    return [(*day, told(simulate, *day, EVERYTHING)) for day in all_days]


def _own_days() -> list[tuple[Scenario, Workload]]:
    """Run the engine's own tests, and return the days that they told."""
    own = [
        path for path in sorted(Path(__file__).parents[1].glob("test_*.py")) if "worlds" in path.read_text()
    ]
    quietly = ("-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
    if pytest.main([*quietly, *map(str, own)]):
        raise SystemExit("the engine's own tests fail: no mutant says anything")
    return list(compared)


def is_caught(file: Path, days: Iterable[Known]) -> bool:
    """Whether a library differs on any of the days, crashes, or does not come to an end."""
    child = os.fork()
    if child == 0:
        os._exit(_tried(file, days))
    _, status = os.waitpid(child, 0)
    return status != 0


def _tried(file: Path, days: Iterable[Known]) -> int:
    signal.alarm(LIMIT_S)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    library.path = lambda: file
    library.load.cache_clear()
    row_tables.ROWS = simulation.ROWS = FEW_ROWS
    try:
        return int(any(_differs(*day) for day in days))
    except BaseException:
        return 1


def _differs(scenario: Scenario, workload: Workload, expected: Records | str) -> bool:
    found = told(simulate_compiled, scenario, workload, EVERYTHING)
    if isinstance(found, str) or isinstance(expected, str):
        return found != expected
    return bool(differing(expected, found))


def main(count: int, seed: int) -> int:
    """Try them, and return 1 where too few are caught."""
    days = known_days()
    caught, survivors, refused = 0, [], 0
    with TemporaryDirectory() as folder:
        builder = Builder(Path(folder))
        unchanged = builder.build(
            Mutant(library.CHAPTERS[0].name, "", 0, "", "", library.CHAPTERS[0].read_text())
        )
        if unchanged is None or is_caught(unchanged, days):
            print("the engine as it is differs from SimPy: no mutant says anything")
            return 2
        for mutant in mutants(count, seed):
            started = monotonic()
            file = builder.build(mutant)
            if file is None:
                refused += 1
            elif is_caught(file, days):
                caught += 1
            else:
                survivors.append(mutant)
                print(f"survives after {monotonic() - started:.0f} s: {mutant}", flush=True)
                print(f"    {EQUIVALENT.get((mutant.chapter, mutant.before, mutant.after), 'NOT EXPLAINED')}")
    equal = sum((one.chapter, one.before, one.after) in EQUIVALENT for one in survivors)
    share = caught / max(caught + len(survivors) - equal, 1)
    print(
        f"{caught} caught, {len(survivors)} survive, {equal} of them the same engine, {refused} not compiled:"
        f" {100 * share:.0f} % of the rest are caught"
    )
    return 0 if share >= LEAST_CAUGHT else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m engine.compiled.mutants")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.exit(main(asked.count, asked.seed))
