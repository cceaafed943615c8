"""`python -m benchmarks.reliability --write docs/reliability.md`: what was tried to break it, and what came of it.

Each part is a command of the tests; what it prints is counted and becomes its row in the table of the page. A part that
is not run keeps its former row, with the date of the code that it was run on. Sizes are small unless told:

    python -m benchmarks.reliability --only fuzz,twin --size fuzz=20000 --size twin=2000 --write docs/reliability.md

A long run may be told by what it printed: `--printed fuzz=FILE`, where FILE has the words of the part's own command.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- by benchmarks.reliability: begin -->", "<!-- end -->"
HEAD = "| part | what is tried | how often | what came of it | code of |\n|---|---|---:|---|---|"


COUNTED = ("tried", "odd", "ran", "read", "refused", "failed", "passed", "caught", "survive")
"""Numbers whose sum is how often something was tried; the others are of these."""


@dataclass(frozen=True)
class Part:
    """A command of the tests: where it runs, its words, what is looked for in what it prints, and its row."""

    what: str
    size: int
    words: str
    found: str
    told: str
    folder: str = "."

    def command(self, size: int, seed: int) -> list[str]:
        """Return the words of the command, the interpreter first."""
        return [sys.executable, *self.words.format(size=size, seed=seed).split()]

    def row(self, name: str, printed: str, code: str) -> str:
        """Return the row of the table by the numbers that the command printed, of several runs their sum."""
        numbers = [one.groupdict("0") for one in re.finditer(self.found, printed, re.MULTILINE)]
        if not numbers:
            raise SystemExit(f"{name}: nothing is told in what it printed:\n{printed[-2000:]}")
        counts = {key: sum(int(one[key]) for one in numbers) for key in numbers[0]}
        return f"| {name} | {self.what} | {_tried(counts):,} | {self.told.format(**counts)} | {code} |"


def _tried(counts: Mapping[str, int]) -> int:
    return sum(count for key, count in counts.items() if key in COUNTED)


PARTS = {
    "fuzz": Part(
        "mutated inputs, read and, where they can be, simulated", 400, "tests/fuzz --seed {seed} --mutants {size}",
        r"^seed \d+: (?:(?P<odd>\d+) odd)?,? ?(?:(?P<ran>\d+) ran)?,? ?(?:(?P<read>\d+) read)?,? ?"
        r"(?:(?P<refused>\d+) refused)?$",
        "{ran:,} ran, {read:,} were read alone, {refused:,} refused in clear lines, {odd} ended otherwise",
    ),
    "guided": Part(
        "inputs changed by a search that follows which lines they reach (atheris)", 1000,
        "tests/fuzz/guided.py --inputs {size} --seed {seed}",
        r"^(?P<tried>\d+) inputs, (?P<places>\d+) places$", "{places} places of the code at which one ended otherwise",
    ),
    "faults": Part(
        "tests that do harm for real: signals, full disk, closed streams, places that are gone", 1,
        "-m pytest -o addopts= -q -m {size} tests/faults",
        r"^(?:(?P<failed>\d+) failed, )?(?P<passed>\d+) passed", "{passed} pass, {failed} fail",
    ),
    "invariants": Part(
        "random days with all that must hold held while they run, and faults put into each engine", 1,
        "-m pytest -o addopts= -q -m {size} tests/engine/test_invariants.py",
        r"^(?:(?P<failed>\d+) failed, )?(?P<passed>\d+) passed", "tests: {passed} pass, {failed} fail",
    ),
    "engines": Part(
        "random days on both engines, event by event", 30, "-m engine.compiled.random_days {size}",
        r"^(?P<tried>\d+) days, (?P<differ>\d+) differ$", "{differ} differ", "tests",
    ),
    "sanitizers": Part(
        "random days on the C engine watched by AddressSanitizer and UndefinedBehaviorSanitizer", 30,
        "-m engine.compiled.sanitized {size}",
        r"^(?P<tried>\d+) days, (?P<differ>\d+) differ$", "no report; {differ} differ", "tests",
    ),
    "twin": Part(
        "random centres with everything in them on the second simulation and both engines", 20,
        "-m twin --seed {seed} --worlds {size}",
        r"^(?P<tried>\d+) worlds, (?P<differ>\d+) differ$", "{differ} differ", "tests",
    ),
    "kernel": Part(
        "faults put into the C text", 10, "-m engine.compiled.mutants {size} --seed {seed}",
        r"^(?P<caught>\d+) caught, (?P<survive>\d+) survive, (?P<equal>\d+) of them the same engine, "
        r"(?P<refused>\d+) not compiled: (?P<share>\d+) %",
        "{caught} caught, {survive} survive, of which {equal} are the same engine: {share} % of the rest are caught",
        "tests",
    ),
    "python": Part(
        "faults put into engine, policies, metrics, workload and staffing by cosmic-ray", 5,
        "-m mutation {size} --seed {seed}",
        r"^(?P<caught>\d+) caught, (?P<survive>\d+) survive, (?P<equal>\d+) of them the same program: (?P<share>\d+) %",
        "{caught} caught, {survive} survive, of which {equal} are the same program: {share} % of the rest are caught",
        "tests",
    ),
}  # fmt: skip
MARKED = {0: "not slow", 1: "slow or not slow"}
"""What the size of a part of pytest says: 0 the quick tests alone."""


def run(part: Part, size: int, seed: int) -> str:
    """Run the command of a part, and return what it prints."""
    words = part.command(size, seed)
    if "pytest" in words:
        words[words.index(str(size))] = MARKED[min(size, 1)]
    done = subprocess.run(words, cwd=ROOT / part.folder, capture_output=True, text=True)
    return done.stdout + done.stderr


def with_rows(page: str, rows: Mapping[str, str]) -> str:
    """Return the page with these rows in its table, and the former ones of the other parts."""
    before, _, rest = page.partition(BEGIN)
    table, _, after = rest.partition(END)
    found = re.findall(r"^(\| (\w+) \|.*)$", table, re.MULTILINE)
    known = {name: line for line, name in found if name in PARTS} | dict(rows)
    lines = [known[name] for name in PARTS if name in known]
    return f"{before}{BEGIN}\n{HEAD}\n" + "\n".join(lines) + f"\n{END}{after}"


def date_of_code() -> str:
    """Return the date of the commit that is checked out, and its short name."""
    words = ["git", "log", "-1", "--format=%cs, %h"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def main(arguments: Sequence[str]) -> int:
    """Run the parts, print their rows, and write them into the page where one is named."""
    asked = _parser().parse_args(arguments)
    sizes, printed = dict(asked.size), dict(asked.printed)
    parts = asked.only or ([*printed] if printed else [*PARTS])
    rows = {}
    for name in parts:
        part = PARTS[name]
        if name in printed:
            text = Path(printed[name]).read_text(encoding="utf-8")
        else:
            text = run(part, int(sizes.get(name, part.size)), asked.seed)
        rows[name] = part.row(name, text, date_of_code())
        print(rows[name], flush=True)
        if asked.write is not None:  # at once: a later part may take a night
            page = asked.write.read_text(encoding="utf-8")
            asked.write.write_text(with_rows(page, rows), encoding="utf-8")
    return 0


def _of_part(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if name not in PARTS or not value:
        raise argparse.ArgumentTypeError(f"write PART=VALUE; parts are {', '.join(PARTS)}")
    return name, value


def _parts(text: str) -> list[str]:
    names = text.split(",")
    if not {*names} <= {*PARTS}:
        raise argparse.ArgumentTypeError(f"parts are {', '.join(PARTS)}, not {text!r}")
    return names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--only", type=_parts, metavar="a,b,…", help=f"some parts of {', '.join(PARTS)}")
    parser.add_argument(
        "--size",
        type=_of_part,
        action="append",
        default=[],
        metavar="PART=N",
        help="how many; of tests 0: quick ones",
    )
    parser.add_argument(
        "--printed",
        type=_of_part,
        action="append",
        default=[],
        metavar="PART=FILE",
        help="what a run printed",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, metavar="FILE", help="the page whose table gets the rows")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
