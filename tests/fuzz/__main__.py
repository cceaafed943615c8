"""A long run: `python tests/fuzz --seed 7 --mutants 2000`.

It is called by its folder: ciw, with which some tests compare, installs a package `tests`, which hides this one's name.
"""

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from fuzz.fuzzer import ROOT, Fuzzer  # noqa: E402 - found by the path above
from fuzz.limits import limit_memory  # noqa: E402

parser = argparse.ArgumentParser(prog="python tests/fuzz")
parser.add_argument("--seed", type=int, default=0, help="of the chance that changes them")
parser.add_argument("--mutants", type=int, default=2000, help="how many")
parser.add_argument("--first", type=int, default=0, help="the number of the first one, to try one again")
given = parser.parse_args()
limit_memory()
fuzzer = Fuzzer(given.seed)
fuzzer.run(given.mutants, given.first)
print(f"seed {given.seed}: " + ", ".join(f"{count} {end}" for end, count in sorted(fuzzer.ends.items())))
reached = sorted(
    Path(name).relative_to(ROOT).as_posix() for name in fuzzer.reached if name.startswith(f"{ROOT}/sim/")
)
print(f"reached by the first ones: {' '.join(reached)}")
print("\n".join(fuzzer.odd))
sys.exit(bool(fuzzer.odd))
