"""A model with a known answer: the scenario, how long it runs, what is measured, what must come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from typing import Any
from zlib import crc32

from sim.experiments.verification.measures import Measure
from sim.scenario import Scenario, load


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a model: the answer that somebody else gave, and how ours is measured.

    `standard_error` is that of the answer: 0 where it was computed exactly, half-width / 1.96 where it was
    simulated and printed with a 95 % interval. `source` overrides that of the case. A `controlled` one is
    freed of the luck of the draw; not so a figure that says how many contacts came.
    """

    name: str
    expected: float
    measure: Measure
    standard_error: float = 0.0
    source: str | None = None
    controlled: bool = True


@dataclass(frozen=True, slots=True)
class Length:
    """How long to run: `replications`, each cut into `batches` of equal length after the warm-up.

    `lasts` takes the place of the scenario's own. A day is a replication with one batch.
    """

    replications: int = 1
    batches: int = 1
    lasts: str | None = None


@dataclass(frozen=True)
class Case:
    """A model with a known answer.

    `scenario` names a file of the folder `scenarios`, changed by `overrides`. `length` is for the full table,
    `quick` for a test suite. With `draws_only` nothing is simulated and the measures look at the workload.
    """

    key: str
    model: str
    source: str
    scenario: str
    figures: tuple[Figure, ...]
    length: Length
    quick: Length
    overrides: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[str, ...] = ("requests",)
    draws_only: bool = False

    def load(self, length: Length) -> Scenario:
        """Read the scenario for a run of that length."""
        # Each case has draws of its own, so that an unlucky stream of numbers does not show in all of them.
        changes = {"seed": crc32(self.key.encode()), **self.overrides}
        changes |= {"lasts": length.lasts} if length.lasts else {}
        with as_file(files("sim.experiments.verification") / "scenarios") as folder:
            return load(folder / self.scenario, changes)
