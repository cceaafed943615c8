"""The result of a sweep: the figures of every point, and what each step brings."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib import import_module
from itertools import product
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.engines import Engine
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.paired import Sampled, alone, own_spread, paired
from sim.experiments.storage import heading
from sim.experiments.varied_keys import Axis
from sim.metrics import Figure
from sim.metrics.columns import FloatArray
from sim.scenario import Scenario, dump
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd


class Step(NamedTuple):
    """The effect of a step to the next larger value of a key, on the same customers.

    `at` holds the other keys' values. `difference`, `low` and `high` are in the metric's unit, `per_one` is
    the difference divided by the width of the step. Keys that move together step from point to point, as they were
    written, and have no width.
    """

    key: str
    lower: float | str
    upper: float | str
    at: tuple[Any, ...]
    wanted: FigureSelector
    difference: float
    low: float
    high: float
    per_one: float
    replications: int


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """A scenario with some keys varied, every combination on the same customers.

    `combinations` are in order, the last key changing fastest, as positions in the axes' values.
    `tops` and `bottoms` are the numerators and denominators: replication by point by figure. A sweep that was
    opened has the manifest of its folder in `opened`. `extremes` has the same arrays as if all that is open were
    answered at the end, and as if none ever were; None where nothing is open. `engine` says on which engine it was
    simulated and why; None where a sweep saved earlier does not tell.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    wanted: tuple[FigureSelector, ...]
    seed: int
    tops: FloatArray
    bottoms: FloatArray
    folder: Path | None = None
    opened: Mapping[str, Any] | None = None
    extremes: FloatArray | None = None
    engine: Engine | None = None

    @property
    def replications(self) -> int:
        """The number of replications of each point."""
        return len(self.tops)

    @property
    def keys(self) -> list[str]:
        """The keys that were varied."""
        return [axis.key for axis in self.axes]

    @property
    def text(self) -> str:
        """The scenario's file, before anything is varied."""
        return dump(self.scenario)

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the folder of the sweep says of it: scenario, seed, versions, what was varied."""
        return sweep_facts(self) if self.opened is None else self.opened

    def points(self) -> "list[tuple[tuple[Any, ...], pd.DataFrame]]":
        """Return each combination of the keys' values with its figures."""
        width, figures = len(self.wanted), self.figures[list(Figure._fields)]
        return [
            (self._values(at), figures.iloc[width * point : width * (point + 1)])
            for point, at in enumerate(self.combinations)
        ]

    def report(self, file: Path | str) -> Path:
        """Write the sweep as one HTML file that needs nothing else, and return where it is."""
        written: Path = import_module("sim.report.html").write_report(self, Path(file))
        return written

    @property
    def combinations(self) -> tuple[tuple[int, ...], ...]:
        """Each combination as positions in the values of the axes."""
        return tuple(product(*(range(len(axis.values)) for axis in self.axes)))

    @cached_property
    def figures(self) -> "pd.DataFrame":
        """Every figure of every point, one a row: a column a varied key, then those of `Result.figures`."""
        import pandas as pd

        rows = [
            (*self._values(at), *self.figure(point, number))
            for point, at in enumerate(self.combinations)
            for number in range(len(self.wanted))
        ]
        return pd.DataFrame(rows, columns=[*(axis.key for axis in self.axes), *Figure._fields])

    @cached_property
    def table(self) -> "pd.DataFrame":
        """A row a point: the varied keys, and each figure with the limits of its 95 % interval."""
        import pandas as pd

        rows = [
            {**dict(zip(self.keys, self._values(at), strict=True)), **self._wide(point)}
            for point, at in enumerate(self.combinations)
        ]
        return pd.DataFrame(rows)

    @cached_property
    def steps(self) -> "pd.DataFrame":
        """The effect of each step to the next larger value of a key, all else equal, with its 95 % interval.

        `key` goes from `lower` to `upper`; the columns of the keys hold the point it starts from. Keys that move
        together step to their next values.
        """
        import pandas as pd

        rows = [
            {
                **dict(zip(self.keys, step.at, strict=True)), "key": step.key, "lower": step.lower,
                "upper": step.upper, **step.wanted.columns(), "difference": step.difference, "low": step.low,
                "high": step.high, "per_one": step.per_one, "replications": step.replications,
                "unit": step.wanted.definition.unit,
            }
            for step in self.all_steps
        ]  # fmt: skip
        return pd.DataFrame(rows)

    @cached_property
    def all_steps(self) -> tuple[Step, ...]:
        """The rows of `steps`."""
        return tuple(step for number in range(len(self.axes)) for step in self._steps(number))

    def figure(self, point: int, number: int) -> Figure:
        """Return one of the wanted figures at a point."""
        wanted = self.wanted[number]
        sampled = self._sampled(point, number)
        value, low, high = alone(sampled)
        if wanted.definition.is_share:
            low, high = (float(np.clip(limit, 0, 1)) for limit in (low, high))
        there = int(sampled.there.sum())
        found = Figure.of(
            wanted.metric, value, (low, high), there, wanted.definition.unit, **dict(wanted.place)
        )
        sd, least, most = own_spread(sampled)
        return found._replace(sd=sd, min=least, max=most)

    def _values(self, at: tuple[int, ...]) -> tuple[Any, ...]:
        return tuple(axis.column[position] for axis, position in zip(self.axes, at, strict=True))

    def _wide(self, point: int) -> dict[str, float]:
        found = [(self.wanted[n].text, self.figure(point, n)) for n in range(len(self.wanted))]
        limits = (("", "value"), (" low", "low"), (" high", "high"))
        return {text + suffix: getattr(figure, name) for text, figure in found for suffix, name in limits}

    def _steps(self, number: int) -> Iterator[Step]:
        axis, place = self.axes[number], {at: point for point, at in enumerate(self.combinations)}
        for lower, upper in axis.neighbours():
            for at in (one for one in self.combinations if one[number] == lower):
                there = (*at[:number], upper, *at[number + 1 :])
                for wanted in range(len(self.wanted)):
                    yield self._step(number, wanted, place[at], place[there])

    def _step(self, number: int, wanted: int, start: int, end: int) -> Step:
        axis = self.axes[number]
        lower, upper = (axis.column[self.combinations[point][number]] for point in (start, end))
        found = paired(self._sampled(start, wanted), self._sampled(end, wanted))
        width = nan if axis.numbers is None else upper - lower
        return Step(
            axis.key, lower, upper, self._values(self.combinations[start]), self.wanted[wanted], found.difference,
            found.low, found.high, found.difference / width, found.replications,
        )  # fmt: skip

    def _sampled(self, point: int, number: int) -> Sampled:
        is_ratio = self.wanted[number].definition.is_ratio
        return Sampled(self.tops[:, point, number], self.bottoms[:, point, number], is_ratio)

    def __repr__(self) -> str:
        over = " × ".join(f"{axis.key} ({len(axis.values)})" for axis in self.axes)
        return f"<Sweep of {self.scenario.name!r} over {over}: {self.replications} replications, seed {self.seed}>"

    def _repr_html_(self) -> str:
        return str(import_module("sim.report.notebook").of_sweep(self))


def facts_of(scenario: Scenario, seed: int) -> dict[str, str | int]:
    """Describe what decides the outcome of a point beside the values that are varied."""
    return {
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "seed": seed,
        "sim": __version__,
        "numpy": np.__version__,
    }


def sweep_facts(sweep: Sweep) -> dict[str, Any]:
    """Describe a finished sweep as its folder does."""
    return {
        **heading("sweep"),
        **facts_of(sweep.scenario, sweep.seed),
        "replications": sweep.replications,
        "axes": [{"key": axis.key, "values": list(axis.values)} for axis in sweep.axes],
        "figures": [wanted.text for wanted in sweep.wanted],
        "engine": None if sweep.engine is None else asdict(sweep.engine),
    }
