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


def run(days: int) -> int:
    """Run the days here, where the sanitizers watch."""
    from engine.compiled.random_days import main  # after `library.path`, as it loads the library

    return main(days)


if __name__ == "__main__":
    asked = int(sys.argv[1])
    if FILE not in os.environ:
        sys.exit(watched(asked))
    library.path = lambda: Path(os.environ[FILE])
    sys.exit(run(asked))
