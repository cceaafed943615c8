"""The two sides of a comparison: candidates, their provenance, their day event by event, and their figures."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, Self

import numpy as np

from sim.errors import SimError
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.paired import Sampled
from sim.experiments.sampling import tables_for
from sim.gate import probe
from sim.gate.probe import Pairs, Row, day, line, pairs_of, replicate
from sim.gate.sequential import Series
from sim.metrics.unfinished import extremes
from sim.parallel.workers import Spending, Workers
from sim.policies import AGENT_SELECTIONS, AgentSelection, RequestSelection
from sim.policies.selection import REQUEST_RULES
from sim.records import TABLES
from sim.scenario import Scenario, loads
from sim.scenario.budget import Cap


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scenario with its policies: those that it names, unless objects are given."""

    scenario: Scenario
    agent_selection: AgentSelection | None = None
    request_selection: RequestSelection | None = None

    @property
    def policies(self) -> dict[str, Any]:
        """The policies given, as `simulate` takes them."""
        return {"agent_selection": self.agent_selection, "request_selection": self.request_selection}

    @property
    def has_own_policies(self) -> bool:
        """Whether it has a policy that is not built in."""
        routing = self.scenario.routing
        return (
            self.agent_selection is not None
            or self.request_selection is not None
            or routing.agent_selection not in AGENT_SELECTIONS
            or routing.request_selection not in REQUEST_RULES
        )


@dataclass(frozen=True)
class Provenance:
    """The scenario, code and versions behind figures, by which two candidates are compared or refused.

    `text` and `files` are the scenario and the files it names; `customers` is the digest of the arrivals and of where
    they are sent, `streams` those of each stream's customers alone, which an older baseline lacks. `code` is that of
    the simulator and `policies` those of the project's own that the scenario names.
    """

    name: str
    hash: str
    seed: int
    text: str
    files: dict[str, str]
    customers: str
    versions: dict[str, str]
    code: str
    policies: dict[str, str] = field(default_factory=dict)
    streams: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """Return the provenance of a scenario with the present simulator."""
        return cls(**probe.facts(scenario, scenario.seed))

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Read a stored provenance."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})

    def has_the_customers_of(self, other: Self) -> bool:
        """Return whether the same customers come, wherever they are sent; of an older baseline, also where to."""
        if self.customers == other.customers:
            return True
        return bool(self.streams) and self.streams == other.streams

    def policies_that_differ(self, other: Self) -> tuple[str, ...]:
        """Return the policies that both have and whose code differs."""
        both = self.policies.keys() & other.policies.keys()
        return tuple(sorted(name for name in both if self.policies[name] != other.policies[name]))

    def scenario(self) -> Scenario | SimError:
        """Return the scenario as it was, or the error where it cannot be read any more."""
        with TemporaryDirectory(prefix="sim-") as folder:
            home = Path(folder)
            for name, text in self.files.items():
                path = home / name
                if path.resolve().is_relative_to(home.resolve()):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, encoding="utf-8", newline="")
            try:
                return loads(self.text, self.name, home)
            except SimError as error:
                return error


MARKS = 256
"""Stretches, at most, of a stored trace, among which the first difference is found."""

MARK_DIGITS = 8


@dataclass(frozen=True)
class Day:
    """The events and the contacts of replication 0, as rows of the tables `events` and `conversations`."""

    events: Sequence[Row]
    contacts: Sequence[Row]

    @cached_property
    def lines(self) -> list[str]:
        """The events as they go into the digest: without their number, to the millisecond."""
        return [line(event) for event in self.events]

    @cached_property
    def trace(self) -> "Trace":
        """The digest that is stored."""
        return Trace.of(self.lines)

    def conversations(self) -> Iterator[dict[str, object]]:
        """Return the contacts with the names of their columns."""
        names = [column.name for column in TABLES["conversations"]]
        return (dict(zip(names, contact, strict=True)) for contact in self.contacts)


@dataclass(frozen=True, slots=True)
class Trace:
    """The digest of a day's events, and of each stretch of `stretch` events from the beginning."""

    digest: str
    events: int
    stretch: int
    marks: tuple[str, ...]

    @classmethod
    def of(cls, lines: Sequence[str], stretch: int | None = None) -> "Trace":
        """Digest a day; `stretch` is that of another trace to compare with."""
        stretch = stretch or max(1, ceil(len(lines) / MARKS))
        digest, marks = sha256(), []
        for number, text in enumerate(lines, 1):
            digest.update(text.encode() + b"\n")
            if number % stretch == 0:
                marks.append(digest.hexdigest()[:MARK_DIGITS])
        return cls(digest.hexdigest(), len(lines), stretch, tuple(marks))


class Base(Protocol):
    """The base that a candidate is compared with."""

    @property
    def label(self) -> str:
        """Its name in reports."""
        ...

    @property
    def most(self) -> int | None:
        """The number of its replications; None where more can be run."""
        ...

    def facts(self) -> Provenance:
        """Return the provenance, by which candidates are compared or refused."""
        ...

    def trace(self) -> Trace:
        """Return the digest of its replication 0."""
        ...

    def day(self) -> Day | None:
        """Return its replication 0 event by event; None where it was not stored."""
        ...

    def series(self, figures: Sequence[FigureSelector], count: int) -> Series:
        """Return figures over the first `count` replications."""
        ...


Replicated = tuple[Pairs, tuple[Pairs, ...] | None]
"""A replication's figures; where something is open also as if it were answered at the end, and as if never."""


@dataclass(frozen=True)
class Replicator:
    """The function of a worker that runs a replication of a candidate by its number."""

    candidate: Candidate
    figures: tuple[FigureSelector, ...]
    tables: tuple[str, ...]
    cap: Cap | None

    def __call__(self, number: int) -> Replicated:
        """Return numerator and denominator of each figure, and what they would be where something is open."""
        scenario = self.candidate.scenario
        asked = [(figure.metric, dict(figure.place)) for figure in self.figures]
        records, measures = replicate(
            scenario, number, scenario.seed, asked, self.tables, **self.candidate.policies, cap=self.cap
        )
        bounds = extremes(records, scenario, measures)
        return pairs_of(measures, asked), None if bounds is None else tuple(
            pairs_of(one, asked) for one in bounds
        )

    def label(self, number: int) -> str:
        """Name a replication so that it can be run alone."""
        return f"replication {number} (seed {self.candidate.scenario.seed})"


class Live:
    """A candidate that is simulated as far as it is needed."""

    most: int | None = None

    def __init__(
        self, candidate: Candidate, workers: Workers, label: str = "", spending: Spending | None = None
    ) -> None:
        self.candidate = candidate
        self.label = label or candidate.scenario.name
        self._workers = workers
        self._spending = spending or Spending()
        self._found: list[Replicated] = []
        self._figures: tuple[FigureSelector, ...] = ()
        self._day: Day | None = None

    def facts(self) -> Provenance:
        """Return what tells whether it can be compared."""
        return Provenance.of(self.candidate.scenario)

    def trace(self) -> Trace:
        """Return the digest of its day."""
        return self.day().trace

    def day(self) -> Day:
        """Return its replication 0 event by event, simulated once."""
        if self._day is None:
            self._day = self.another_day()
        return self._day

    def another_day(self) -> Day:
        """Simulate its replication 0 again."""
        scenario = self.candidate.scenario
        return Day(*day(scenario, scenario.seed, **self.candidate.policies, cap=self._spending.cap))

    def series(self, figures: Sequence[FigureSelector], count: int) -> Series:
        """Return figures over the first `count` replications; those run before are not run again."""
        if tuple(figures) != self._figures:
            self._figures, self._found = tuple(figures), []
        todo = range(len(self._found), count)
        if todo:
            scenario = self.candidate.scenario
            tables = tables_for(scenario, [figure.metric for figure in figures])
            one = Replicator(self.candidate, self._figures, tables, self._spending.cap)
            with closing(self._spending.ordered(self._workers, one, todo)) as found:
                self._found.extend(found)
        return series_of(figures, [pairs for pairs, _ in self._found[:count]])

    def extremes(self) -> tuple[Series, Series] | None:
        """Return the latest figures as if all that is open were answered at the end, and as if none ever were.

        It is None where nothing is open, so that nothing depends on it.
        """
        if all(bounds is None for _, bounds in self._found):
            return None
        both = [bounds or (pairs, pairs) for pairs, bounds in self._found]
        answered, never = (series_of(self._figures, [one[which] for one in both]) for which in (0, 1))
        return answered, never


def series_of(figures: Sequence[FigureSelector], replications: Iterable[Pairs]) -> Series:
    """Return figures, each over all replications, from replications with the pairs of all figures."""
    numbers = np.array(list(replications), dtype=np.float64).reshape(-1, len(figures), 2)
    return {
        figure: Sampled(numbers[:, place, 0], numbers[:, place, 1], figure.definition.is_ratio)
        for place, figure in enumerate(figures)
    }


class BaselineError(SimError):
    """A baseline is missing, cannot be read, or cannot be compared with the candidate."""

    exit_code = 4
