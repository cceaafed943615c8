"""Random days on a library that watches its own memory.

    cd tests; python -m engine.compiled.sanitized 200

builds it with AddressSanitizer and UndefinedBehaviorSanitizer, and simulates so many random days of each kind; what is
found ends the process with the sanitizer's report. Needs gcc or clang with their sanitizers.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings

from sim.engine.compiled import library

FLAGS = ("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")
FILE = "SANITIZED_ENGINE"
"""Where the process finds the library that it is to watch."""


def watched(days: int) -> int:
    """Build the library and run the days in a process of their own, as the sanitizer has to be loaded first."""
    with TemporaryDirectory() as folder:
        file = library.build(Path(folder) / "engine.so", FLAGS)
        compiler = library.compiler()
        assert compiler is not None
        names = ("libasan.so", "libubsan.so")
        found = [_printed([*compiler, f"-print-file-name={name}"]) for name in names]
        known = {
            "LD_PRELOAD": ":".join(found),
            "ASAN_OPTIONS": "detect_leaks=0",  # Python itself is not free of them
            FILE: str(file),
        }
        call = [sys.executable, "-m", "engine.compiled.sanitized", str(days)]
        return subprocess.run(call, env={**os.environ, **known}).returncode


def _printed(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def run(days: int) -> None:
    from engine.compiled.both_engines import differences
    from engine.compiled.random_centres import rich_days
    from engine.random_scenarios import Day, all_days

    how = settings(
        max_examples=days, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    def equal(day: Day) -> None:
        assert differences(day.scenario, day.workload) == []

    for strategy in (all_days(), rich_days()):
        how(given(strategy)(equal))()
    print(f"{2 * days} days, and nothing found")


if __name__ == "__main__":
    asked = int(sys.argv[1])
    if FILE not in os.environ:
        sys.exit(watched(asked))
    library.path = lambda: Path(os.environ[FILE])
    run(asked)
