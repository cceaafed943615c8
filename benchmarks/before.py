"""The simulator as it was before there was a compiled engine, checked out beside this one: every denominator."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.timing import Lap

ROOT = Path(__file__).parents[1]
COMMIT = "934314f"
"""Its SimPy engine is the one that ratios are taken of: a slower or faster reference of today moves none."""


@contextmanager
def checked_out() -> Iterator[Path]:
    """Return the folder of that commit, which is there within the block. Needs git and the history."""
    packed = subprocess.run(["git", "archive", COMMIT], cwd=ROOT, capture_output=True, check=True).stdout
    with TemporaryDirectory(prefix="sim-before-") as folder:
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)


def environment(folder: Path, engine: str) -> dict[str, str]:
    """Return the environment in which `import sim` is that of a folder; an earlier version knows no engines."""
    return {**os.environ, "PYTHONPATH": str(folder), "SIM_ENGINE": engine}


class Runner:
    """A version of the simulator at work in a process of its own."""

    def __init__(self, folder: Path, engine: str) -> None:
        program = Path(__file__).with_name("laps.py")
        # From the text, as a program's own folder comes first on the path of what it imports.
        code = f"exec(compile(open({str(program)!r}).read(), 'laps.py', 'exec'))"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment(folder, engine),
        )  # fmt: skip

    def lap(self, text: str, seed: int, far: str) -> Lap:
        """Simulate a day of a scenario, and measure it as far as asked."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"text": text, "seed": seed, "far": far}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("a version of the simulator has ended before its time: see above")
        seconds, contacts = json.loads(answer)
        return Lap(seconds, contacts)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@contextmanager
def beside_each_other(before: Path) -> Iterator[dict[str, Runner]]:
    """Start the earlier version, and this one on each of its engines."""
    runners = {
        BEFORE: Runner(before, "simpy"),
        SIMPY: Runner(ROOT, "simpy"),
        COMPILED: Runner(ROOT, "compiled"),
    }
    try:
        yield runners
    finally:
        for runner in runners.values():
            runner.close()


BEFORE, SIMPY, COMPILED = f"SimPy engine of {COMMIT}", "SimPy engine", "compiled engine"
