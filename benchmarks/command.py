"""The command: which parts to run, how thoroughly, and what to do with the findings."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from benchmarks.findings import Findings
from benchmarks.page import page
from benchmarks.printing import as_text
from benchmarks.sizes import FULL, QUICK, Sizes

PARTS = {
    "a": "benchmarks.queue.race",
    "b": "benchmarks.rich.race",
    "c": "benchmarks.growth.race",
    "d": "benchmarks.start",
    "e": "benchmarks.whole",
    "f": "benchmarks.engines",
    "g": "benchmarks.lean",
    "h": "benchmarks.published",
}
"""Each part's module, whose `race(sizes, say)` returns its findings."""


def main(arguments: Sequence[str]) -> int:
    """Run the parts asked for; 1 where two engines disagree or, unless it was a quick look, a bar is not met."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.write is not None and set(asked.only) != set(PARTS):
        parser.error("a page needs all parts: --write goes without --only")
    sizes = QUICK if asked.quick else FULL
    if asked.rounds is not None:
        sizes = replace(sizes, rounds=asked.rounds)
    found = [_race(letter, sizes) for letter in asked.only]
    print(as_text(found))
    if asked.write is not None:
        asked.write.write_text(page(found, sizes.rounds, asked.quick), encoding="utf-8")
    missed = not asked.quick and any(not bar.is_met for part in found for bar in part.bars)
    return 1 if missed or any(part.disagreements for part in found) else 0


def _race(letter: str, sizes: Sizes) -> Findings:
    def say(what: str) -> None:
        print(f"({letter}) {what}", file=sys.stderr, flush=True)

    found: Findings = import_module(PARTS[letter]).race(sizes, say)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Our engine beside its peers: the same models, checked for the same answer, then timed in turn.",
    )
    parser.add_argument(
        "--only", type=_letters, default=list(PARTS), metavar="a,b,…", help=f"some parts: a to {max(PARTS)}"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, for a look; bars need a full run")
    parser.add_argument("--rounds", type=_count, metavar="N", help="rounds of timing (5; with --quick 3)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write what a question costs as a page")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number from 1 on, not {text!r}")
    return int(text)


def _letters(text: str) -> list[str]:
    letters = text.replace(",", " ").split()
    strangers = [letter for letter in letters if letter not in PARTS]
    if strangers or not letters:
        raise argparse.ArgumentTypeError(f"parts are {', '.join(PARTS)}, not {text!r}")
    return letters
