"""Runs of the models with known answers, some or all of them."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

from sim.errors import SimError, did_you_mean, quoted
from sim.parallel.workers import Report, Workers, warn
from sim.verification import CASES, Case, Length, Row, verify
from sim.workload.arrivals import expected_rate

DRAWS_ONLY = 0.05
"""The cost of drawing a contact as a part of that of simulating it, roughly."""

Progress = Callable[[int, int], None]
"""Receives the work done, and of how much: in thousands of contacts."""


@dataclass(frozen=True)
class CaseResult:
    """A case and its rows."""

    case: Case
    rows: tuple[Row, ...]


def check_models(
    names: Iterable[str] = (),
    *,
    quick: bool = False,
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
) -> list[CaseResult]:
    """Simulate models with known answers and compare every figure with its answer.

    `names` are cases such as "A1" or "A8 2", or families such as "A8"; without any it is all of them. `quick` takes
    shorter runs, some of which are too short for a verdict.

    Raises SimError, with the nearest name, for an unknown case.
    """
    cases = cases_of(names)
    run = Run(tuple(case.key for case in cases), quick)
    total, done = sum(run.weights), 0
    tell = on_progress or _silent
    tell(0, total)
    found = []
    with closing(Workers(jobs, cluster, on_loss).ordered(run, range(len(cases)), run.label)) as results:
        for case, weight, rows in zip(cases, run.weights, results, strict=True):
            found.append(CaseResult(case, rows))
            done += weight
            tell(done, total)
    return found


def cases_of(names: Iterable[str]) -> tuple[Case, ...]:
    """Return the cases named, each once and in the order of the catalogue; all where none is named.

    Raises SimError, one line for each, with the nearest name for an unknown case.
    """
    wanted = list(names)
    wrong = [name for name in wanted if not any(_is_named(case, name) for case in CASES)]
    if wrong:
        known = [case.key for case in CASES]
        raise SimError("\n".join(f"no case {quoted(name)}; {did_you_mean(name, known)}" for name in wrong))
    return tuple(case for case in CASES if not wanted or any(_is_named(case, name) for name in wanted))


@dataclass(frozen=True)
class Run:
    """The function of a worker that runs a case by its position: it looks the case up instead of receiving it."""

    keys: tuple[str, ...]
    quick: bool

    def __call__(self, position: int) -> tuple[Row, ...]:
        """Run a case."""
        return tuple(verify(self._case(position), quick=self.quick))

    def label(self, position: int) -> str:
        """Name a case."""
        return f"case {self.keys[position]}"

    @cached_property
    def weights(self) -> Sequence[int]:
        """How much work each case is, in thousands of contacts."""
        return [self._weight(self._case(position)) for position in range(len(self.keys))]

    def _case(self, position: int) -> Case:
        return next(case for case in CASES if case.key == self.keys[position])

    def _weight(self, case: Case) -> int:
        length: Length = case.quick if self.quick else case.length
        scenario = case.load(length)
        contacts = (
            sum(expected_rate(scenario, stream).volume for stream in scenario.arrivals) * length.replications
        )
        return max(1, round(contacts * (DRAWS_ONLY if case.draws_only else 1.0) / 1000))


def _is_named(case: Case, name: str) -> bool:
    return name.lower() in (case.key.lower(), *case.key.lower().split())


def _silent(_done: int, _total: int) -> None:
    """Ignore the progress."""
