"""A baseline recomputed from the files of a git revision, in the same job."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from io import BytesIO
from itertools import count as counting
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.experiments.figure_selectors import FigureSelector
from sim.gate.candidate import BaselineError, Day, Provenance, Trace, series_of
from sim.gate.probe import BEYOND, Pairs
from sim.gate.probe import __file__ as probe
from sim.gate.sequential import Series
from sim.parallel.workers import Spending
from sim.scenario.budget import BudgetError

SOURCES = ("", "src")
"""Folders below the root of a revision that may hold its packages."""


class Revision:
    """The scenario file of a git revision, run with that revision's packages.

    Packages of the revision come before installed ones, so that the project's own policies, known by their
    entry points, are those of the revision, and the simulator too if it is the project. The repository is only
    read: the revision's files are unpacked into `folder`. What it simulates counts for `spending`, of `most_runs`
    replications at most, unless its simulator is older than budgets.

    Raises BaselineError where git does not know the revision or the file is not in it.
    """

    most: int | None = None

    def __init__(
        self,
        revision: str,
        file: Path,
        folder: Path,
        jobs: int = 1,
        spending: Spending | None = None,
        most_runs: int = 1,
    ) -> None:
        top = Path(_git(file.parent, "rev-parse", "--show-toplevel").decode().strip())
        self.commit = _commit(top, revision)
        self.label = f"revision {revision} ({self.commit[:8]})"
        _unpack(_git(top, "archive", "--format=tar", self.commit), folder)
        name = file.resolve().relative_to(top.resolve())
        self._file = folder / name
        if not self._file.is_file():
            raise BaselineError(f"{name}: is not in {self.label}: there is nothing to compare with")
        self._folder = folder
        self._jobs = jobs
        self._cap = spending.cap if spending else None
        self._most_runs = most_runs
        self._number = counting()
        self._figures: tuple[FigureSelector, ...] = ()
        self._pairs: list[Pairs] = []

    def facts(self) -> Provenance:
        """Return the provenance, by which candidates are compared or refused."""
        return Provenance.read(self._first["facts"])

    def trace(self) -> Trace:
        """Return the digest of its replication 0."""
        return self.day().trace

    def day(self) -> Day:
        """Return its replication 0 event by event."""
        return self._day

    @cached_property
    def _day(self) -> Day:
        return Day(
            [tuple(row) for row in self._first["events"]], [tuple(row) for row in self._first["contacts"]]
        )

    def series(self, figures: Sequence[FigureSelector], count: int) -> Series:
        """Return figures over the first `count` replications; those run before are not run again."""
        if tuple(figures) != self._figures:
            self._figures, self._pairs = tuple(figures), []
        numbers = list(range(len(self._pairs), count))
        if numbers:
            self._pairs += self._samples(numbers)
        return series_of(figures, self._pairs[:count])

    @cached_property
    def _first(self) -> dict[str, Any]:
        (answer,) = self._answers([{"facts": True, "day": True}])
        return answer

    def _samples(self, numbers: Sequence[int]) -> list[Pairs]:
        """Run replications in several processes, which take every n-th of them."""
        figures = [[figure.metric, dict(figure.place)] for figure in self._figures]
        shares = [numbers[start :: self._jobs] for start in range(min(self._jobs, len(numbers)))]
        answers = self._answers([{"figures": figures, "numbers": share} for share in shares])
        found = {
            number: [tuple(pair) for pair in pairs]
            for share, answer in zip(shares, answers, strict=True)
            for number, pairs in zip(share, answer["samples"], strict=True)
        }
        return [found[number] for number in numbers]

    def _answers(self, requests: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Ask several processes at once, and count what they spend. Raises BudgetError where that is too much."""
        cap = self._cap
        allowed: dict[str, float] = {}
        if cap is not None:
            runs, at_once = self._most_runs, len(requests)
            allowed = {"budget": cap.total, "runs": runs, "at_once": at_once, "spent": cap.spent}
        with ThreadPoolExecutor(len(requests)) as pool:
            answers = list(pool.map(self._ask, [{**one, "allowed": allowed} for one in requests]))
        if cap is not None:
            cap.spent += sum(answer["spent"] for answer in answers)
            if cap.spent > cap.total:
                raise cap.beyond_total()
        return answers

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        number = next(self._number)
        asked, answered = (self._folder / f".sim-{kind}-{number}.json" for kind in ("request", "result"))
        asked.write_text(json.dumps({**request, "file": str(self._file)}), encoding="utf-8")
        command = [sys.executable, "-P", str(probe), str(asked), str(answered)]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=self._folder, env=self._environment(), check=False
        )
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
            if done.returncode == BEYOND:
                raise BudgetError(f"{self.label}: {last[0]}")
            raise BaselineError(f"{self.label}: cannot be simulated: {last[0]}")
        found: dict[str, Any] = json.loads(answered.read_text(encoding="utf-8"))
        return found

    def _environment(self) -> dict[str, str]:
        own = [str(self._folder / source) for source in SOURCES if (self._folder / source).is_dir()]
        before = [path for path in [os.environ.get("PYTHONPATH")] if path]
        return {**os.environ, "PYTHONPATH": os.pathsep.join([*own, *before])}


def _commit(top: Path, revision: str) -> str:
    """Return the commit of a revision. Raises BaselineError where git does not know it here."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    try:
        return _git(top, *asked).decode().strip()
    except BaselineError:
        shallow = _git(top, "rev-parse", "--is-shallow-repository").strip() == b"true"
        more = (
            "; this clone is shallow: fetch it first (fetch-depth: 0 of actions/checkout)" if shallow else ""
        )
        raise BaselineError(f"--against {revision}: git knows no such revision{more}") from None


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=True)
    except FileNotFoundError:
        raise BaselineError("--against needs git, which is not installed here") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        why = said[0].removeprefix("fatal: ") if said else f"exit code {error.returncode}"
        raise BaselineError(f"--against: git says of {folder}: {why}") from None
    return done.stdout


def _unpack(archive: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        if hasattr(tarfile, "data_filter"):
            files.extractall(folder, filter="data")
        else:  # before Python 3.11.4: what could lead out of the folder is left out
            files.extractall(folder, [one for one in files if one.isfile() or one.isdir()])


def folder_for(against: str | None) -> AbstractContextManager[str]:
    """Give a folder for the code of a revision, where there is one: any folder is left behind by SIGKILL."""
    return nullcontext("") if against is None else TemporaryDirectory(prefix="sim-")
