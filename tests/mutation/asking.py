"""A copy of the tree, in which a mutant takes the place of its module while the tests are asked about it."""

import enum
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from mutation.drawing import Mutant

COPIED = ("sim", "tests", "scenarios", "docs", "notebooks", "benchmarks", "results/baselines")
FILES = ("pyproject.toml", "setup.py", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "requirements.lock")
LEAST_LIMIT_S = 60
TIMES = 4
"""Times as long as without a fault tests may take; what takes longer goes round for ever, which is found as well."""


class Ending(enum.Enum):
    """How it ended with a mutant."""

    CAUGHT = "caught"
    SURVIVES = "survives"


@dataclass(frozen=True)
class Asked:
    """What the tests say of a mutant."""

    ending: Ending
    seconds: float


@dataclass
class Tree:
    """A copy of a tree in a folder."""

    source: Path
    folder: Path
    _seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in COPIED:
            without = shutil.ignore_patterns("__pycache__")
            shutil.copytree(self.source / name, self.folder / name, ignore=without)
        for name in FILES:
            shutil.copy2(self.source / name, self.folder / name)

    def require_green(self, tests: Iterable[str]) -> None:
        """Ask each of the tests once without a fault, and end where one fails: then no mutant says anything."""
        for one in sorted({*tests}):
            started = monotonic()
            if not self._passes(one, 3600):
                raise SystemExit(f"{one} fails without a fault: no mutant says anything")
            self._seconds[one] = monotonic() - started

    def ask(self, mutant: Mutant, tests: Sequence[str]) -> Asked:
        """Ask one after the other until one fails."""
        module, started = self.folder / mutant.module, monotonic()
        text = module.read_text(encoding="utf-8")
        module.write_text(mutant.text, encoding="utf-8")
        try:
            passed = all(self._passes(one, max(LEAST_LIMIT_S, TIMES * self._seconds[one])) for one in tests)
        finally:
            module.write_text(text, encoding="utf-8")
        return Asked(Ending.SURVIVES if passed else Ending.CAUGHT, monotonic() - started)

    def _passes(self, tests: str, limit_s: float) -> bool:
        """Whether these tests pass within so many seconds; all that they started ends with them."""
        words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", tests]
        alone = {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen(
            words, cwd=self.folder, env={**os.environ, **alone}, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return process.wait(limit_s) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
