"""Faults put into the Python code, one at a time: do the tests find them?

    pip install -e '.[test,mutation]'
    cd tests; python -m mutation 600 --seed 1

draws so many changes that cosmic-ray can make to the packages named in settings.toml, and asks the tests about each in
a copy of the tree: those that reach its line, by a map that is made first. What survives is printed; 92 % have to be
caught. `--continue` goes on with what was interrupted, up to the number given, and `--again` shows what survived to the
tests of today, but for what is known to change nothing; that is kept in the folder of the same name and `-again`.
"""

import argparse
import os
import sys
from pathlib import Path

from mutation.asking import Ending
from mutation.drawing import Settings, drawn
from mutation.equivalent import EQUIVALENT
from mutation.sample import LIMIT_S, Sample, still_there

LEAST_CAUGHT = 0.92
ROOT = Path(__file__).parents[2]
HOME = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def main(given: argparse.Namespace) -> int:
    """Try the mutants that were not tried yet, and return 1 where too few are caught."""
    settings = Settings.read()
    sample = Sample(given.folder)
    if given.again:
        before = len(sample.told) - len(sample.surviving())
        mutants = still_there(ROOT, sample.surviving())
        print(f"{before} were caught, {len(sample.surviving()) - len(mutants)} are no longer there")
        sample = Sample.begun(ROOT, given.folder.with_name(given.folder.name + "-again"), settings, mutants)
        sample.take_up(before, EQUIVALENT)
    elif not given.go_on:
        packages = [one for one in settings.packages if given.only in one]
        mutants = drawn(ROOT, settings, packages, given.count, given.seed)
        sample = Sample.begun(ROOT, given.folder, settings, mutants)
    for number, mutant, asked in sample.ask(given.count, given.seconds):
        print(f"{number:4} {asked.seconds:4.0f} s {asked.ending.value:8} {mutant}", flush=True)
        known = asked.by if asked.ending is Ending.CAUGHT else EQUIVALENT.get(mutant.key, "NOT EXPLAINED")
        print(f"     {known}", flush=True)
    return _summed(sample)


def _summed(sample: Sample) -> int:
    survivors = sample.surviving()
    caught = sample.before + len(sample.told) - len(survivors)
    equal = sum(one.key in EQUIVALENT for one in survivors)
    share = caught / max(caught + len(survivors) - equal, 1)
    print(
        f"{caught} caught, {len(survivors)} survive, {equal} of them the same program:"
        f" {100 * share:.0f} % of the rest are caught"
    )
    return 0 if share >= LEAST_CAUGHT else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m mutation")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a part of a package's name, such as staffing")
    parser.add_argument("--seconds", type=float, default=LIMIT_S, help="that the tests of one may compute")
    parser.add_argument(
        "--folder", type=Path, default=HOME / "contact-routing-sim" / "mutants", help="what is kept"
    )
    then = parser.add_mutually_exclusive_group()
    then.add_argument("--continue", dest="go_on", action="store_true", help="go on with what is kept")
    then.add_argument("--again", action="store_true", help="ask again about those kept that survived")
    sys.exit(main(parser.parse_args()))
