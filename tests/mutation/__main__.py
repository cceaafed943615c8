"""Faults put into the Python code, one at a time: do the tests find them?

    pip install -e '.[test,mutation]'
    cd tests; python -m mutation 600 --seed 1

draws so many changes that cosmic-ray can make to the packages named in settings.toml, and asks the tests about each in
a copy of the tree, a package's own tests first. What survives is printed; 92 % have to be caught.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from mutation.asking import Asked, Ending, Tree
from mutation.drawing import drawn, packages_of
from mutation.equivalent import EQUIVALENT

LEAST_CAUGHT = 0.92
ROOT = Path(__file__).parents[2]


def main(count: int, seed: int, first: int = 0, only: str = "", own: bool = False) -> int:
    """Try those mutants of the sample from `first` on, and return 1 where too few are caught."""
    packages, afterwards = packages_of(Path(__file__).with_name("settings.toml"))
    afterwards = [] if own else afterwards
    sample = drawn(ROOT, [one for one in packages if only in one], count, seed)[first:]
    caught, survivors = 0, []
    with TemporaryDirectory() as folder:
        tree = Tree(ROOT, Path(folder) / "tree")
        tree.require_green([*{test for mutant in sample for test in packages[mutant.package]}, *afterwards])
        for number, mutant in enumerate(sample, first):
            asked: Asked = tree.ask(mutant, [*packages[mutant.package], *afterwards])
            print(f"{number:4} {asked.seconds:4.0f} s {asked.ending.value:8} {mutant}", flush=True)
            caught += asked.ending is Ending.CAUGHT
            if asked.ending is Ending.SURVIVES:
                survivors.append(mutant)
                print(f"     {EQUIVALENT.get(mutant.key, 'NOT EXPLAINED')}", flush=True)
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
    parser.add_argument(
        "--first", type=int, default=0, help="the number of the first one, to go on from there"
    )
    parser.add_argument("--only", default="", help="a part of a package's name, such as staffing")
    parser.add_argument(
        "--own", action="store_true", help="ask a package's own tests alone, for a quick look"
    )
    given = parser.parse_args()
    sys.exit(main(given.count, given.seed, given.first, given.only, given.own))
