"""`python -m sim.engine.compiled`: build the compiled engine where it is installed."""

import sys
from time import perf_counter

from sim.engine.compiled.library import build, load


def main() -> int:
    """Build, load, and say so in a line; 1 where that fails."""
    started = perf_counter()
    try:
        file = build()
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    library, how = load()
    if library is None:
        print(f"error: {how}", file=sys.stderr)
        return 1
    print(f"built {file} in {perf_counter() - started:.1f} s ({how})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
