"""A copy of the tree, in which a mutant takes the place of its module while the tests are asked about it.

All that is slow to load and not ours is loaded once; each question is asked in a fork of this process, which loads the
package with the mutant in it. Bytecode in the copy is checked by what its text says, never by its time.
"""

import enum
import gc
import importlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

from mutation.drawing import Mutant
from mutation.reaching import file_of

COPIED = ("sim", "tests", "scenarios", "docs", "notebooks", "benchmarks", "results/baselines")
FILES = ("pyproject.toml", "setup.py", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "requirements.lock")
LOADED = ("hypothesis", "joblib", "jinja2", "matplotlib.figure", "pandas", "pydantic", "scipy.optimize",
          "scipy.stats", "simpy", "typer", "ruamel.yaml")  # fmt: skip
LOADING_S, LEAST_S, TIMES = 30, 5, 10
"""Computing that loading may take, and a test: so much, or so many times as long as without a fault. What takes longer
goes round for ever, which is found as well."""
WHOLE = "whole"
"""The folder of a tree with the package as it is without a mutant."""
STUCK_S = 600
MEMORY_BYTES = 6 << 30


class Ending(enum.Enum):
    """How it ended with a mutant."""

    CAUGHT = "caught"
    SURVIVES = "survives"


@dataclass(frozen=True)
class Asked:
    """What the tests say of a mutant, and which test caught it."""

    ending: Ending
    seconds: float
    by: str


class Tree:
    """A copy of a tree in a folder."""

    def __init__(self, folder: Path) -> None:
        """Take a copy that is there, without the mutant that was in it when all was killed."""
        self.folder = folder
        for whole in (folder / WHOLE).rglob("*.py"):
            module = folder / whole.relative_to(folder / WHOLE)
            if module.read_bytes() != whole.read_bytes():
                shutil.copy2(whole, module)

    @classmethod
    def copied(cls, source: Path, folder: Path) -> "Tree":
        """Copy a tree, and compile it."""
        for name in COPIED:
            shutil.copytree(source / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy2(source / name, folder / name)
        shutil.copytree(folder / "sim", folder / WHOLE / "sim")
        words = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "sim"]
        subprocess.run(words, cwd=folder, check=True)
        return cls(folder)

    def ask(self, mutant: Mutant, tests: Sequence[str], seconds: dict[str, float]) -> Asked:
        """Ask the tests in this order until one fails."""
        module, started = self.folder / mutant.module, monotonic()
        text = module.read_text(encoding="utf-8")
        said = self.folder / "said"
        said.write_text("", encoding="utf-8")
        module.write_text(mutant.text, encoding="utf-8")
        try:
            passed = not tests or self._passes(tests, seconds)
        finally:
            module.write_text(text, encoding="utf-8")
        ending = Ending.SURVIVES if passed else Ending.CAUGHT
        return Asked(ending, monotonic() - started, said.read_text(encoding="utf-8"))

    def _passes(self, tests: Sequence[str], seconds: dict[str, float]) -> bool:
        """Whether these tests pass; all that they started ends with them."""
        load()
        child = os.fork()
        if not child:
            try:
                _ask_here(self.folder, tests, seconds)
            finally:
                os._exit(1)
        try:
            return self._waited(child) == 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)

    def _waited(self, child: int) -> int:
        until = monotonic() + STUCK_S
        while monotonic() < until:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return status
            sleep(0.02)
        os.killpg(child, signal.SIGKILL)
        return os.waitpid(child, 0)[1]


def load() -> None:
    """Load what is not ours, so that each fork has it."""
    for name in LOADED:
        importlib.import_module(name)
    assert "sim" not in sys.modules, "a fork would have the package without the mutant"
    gc.freeze()


class Chosen:
    """Pytest plugin: run these tests in this order, each within its time, and say which one fails."""

    def __init__(self, said: Path, tests: Sequence[str], seconds: dict[str, float]) -> None:
        self._said, self._order, self._seconds = (
            said,
            {one: place for place, one in enumerate(tests)},
            seconds,
        )

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put them in order."""
        items[:] = sorted(
            (one for one in items if one.nodeid in self._order), key=lambda one: self._order[one.nodeid]
        )

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Allow a test its time."""
        self._said.write_text(item.nodeid, encoding="utf-8")
        allow(max(LEAST_S, TIMES * self._seconds[item.nodeid]))


def _ask_here(folder: Path, tests: Sequence[str], seconds: dict[str, float]) -> None:
    os.setsid()
    os.chdir(folder)
    said = os.open(folder / "last.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(said, stream)
    os.environ["PYTHONPATH"] = str(folder)
    here = str(Path(__file__).parents[1])
    sys.path[:] = [str(folder), *(one for one in sys.path if one not in ("", here, str(Path(here).parent)))]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    allow(LOADING_S)
    files = [*dict.fromkeys(map(file_of, tests))]
    words = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning", *files]
    os._exit(int(pytest.main(words, plugins=[Chosen(folder / "said", tests, seconds)])))


def allow(seconds: float) -> None:
    """Let this process compute so long from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
