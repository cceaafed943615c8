"""Sweeps over values of a scenario's keys, in parallel, which continue after an interruption."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, nullcontext
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from sim.engine.engines import engine_for_all
from sim.errors import SimError
from sim.experiments.figure_selectors import (
    COLUMNS,
    FigureSelector,
    check_targets,
    read,
    usual,
    what_it_takes,
    with_targets,
)
from sim.experiments.journal import DONE, HEAD, Journal, Key, Parts
from sim.experiments.reading import EngineFacts, Facts, load_inside, read_facts, read_table
from sim.experiments.replications import Progress
from sim.experiments.sampling import FEWEST, Item, PartialSampler, Sample, Sampler, at_least_two
from sim.experiments.storage import (
    OWN_FILES,
    RESULTS,
    SCENARIO,
    for_spreadsheets,
    put_scenario,
    slug,
    sole_writer,
)
from sim.experiments.sweep_result import Sweep, facts_of
from sim.experiments.unfinished import told, told_beside
from sim.experiments.variants import variant
from sim.experiments.varied_keys import Axis, axes_of
from sim.interpreter import shielded
from sim.metrics import Figure
from sim.parallel.cores import usable_cores
from sim.parallel.workers import Report, Spending, Workers, warn
from sim.scenario import Scenario
from sim.scenario.budget import BudgetError, require_budget, require_memory
from sim.scenario.model import require_scenarios, require_whole

USUAL = ("service_level", "asa", "abandon_rate")
"""The figures of service of a sweep, beside the targets."""

MANY_POINTS = 1000
"""Making more scenarios than these takes long, so the base scenario stands for them first."""

FEW_WRONG = 12
"""Mistakes of points that are listed; a wrong range has one at every point."""

OnDone = Callable[[int, Path], None]
"""Receives the number of replications that are done already, and their folder."""


def sweep(
    scenario: Scenario,
    vary: Mapping[Any, Sequence[Any]] | Sequence[str] | str,
    *,
    metrics: Iterable[str | FigureSelector] = (),
    replications: int | None = None,
    seed: int | None = None,
    folder: Path | str | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_found: OnDone | None = None,
    on_progress: Progress | None = None,
    budget: str | float | None = None,
) -> Sweep:
    """Simulate every combination of the values of some keys, all on the same customers.

    `vary` is {"teams.frontline.agents": range(8, 15), "routing.ring_time": ["20s", "40s"]}, or texts such as
    "teams.frontline.agents=8..14". Keys that move together are one: "teams.a.agents=4,3; teams.b.agents=2,3", or
    {("teams.a.agents", "teams.b.agents"): [(4, 2), (3, 3)]}, are two points. `metrics` are figures such as
    "service_level:queue=billing", by default a few over all; those of the targets are measured in any case. With a
    `folder` every finished replication is kept there, and those in it are not done again; `on_found` receives their
    number. The folder may serve further sweeps of the same scenario and seed. `jobs`, `cluster` and `on_loss` are
    as for `run`. With a `budget`, a number of events, what is estimated to take more is refused.

    Ctrl-C is raised again, with words for what is kept: replications that are done at every point, two at least,
    make the folder one that `sim.open` reads. Raises BudgetError where the budget was wrong, as Ctrl-C does, SimError
    for values that make no valid scenario, unknown figures, fewer than two replications, and a folder that belongs to
    another scenario or seed.
    """
    require_scenarios(scenario)
    require_whole(replications=replications, seed=seed)
    check_targets(scenario)
    axes = axes_of(vary)
    asked = at_least_two(scenario, replications)
    if budget is not None:
        require_room(scenario, axes, asked, str(budget), jobs)
    points = points_of(scenario, axes, "vary" if isinstance(vary, Mapping) else "--vary")
    asked_for = read(metrics, points)
    wanted = with_targets(asked_for, points) if asked_for else _usual(points)
    measured = told_beside(wanted, points)
    judges = bool(scenario.targets)
    spending = Spending.within(budget, points, asked, jobs)
    own = scenario.seed if seed is None else seed
    sampler = Sampler(points, measured, own, judges=judges, cap=spending.cap)
    journal = None if folder is None else Journal(Path(folder), facts_of(scenario, sampler.seed))
    runs = _Runs(sampler, asked, journal, len(wanted), spending)
    stop: BaseException | None = None
    with nullcontext() if journal is None else sole_writer(journal.folder):
        try:
            runs.go(Workers(jobs, cluster, on_loss), on_found, on_progress or _silent)
        except (KeyboardInterrupt, BudgetError) as reason:
            if journal is None:
                raise
            stop = type(reason)("; ".join(filter(None, [str(reason), runs.kept()])))
            if runs.complete() < FEWEST or journal.is_finished():
                raise stop from None
        tops, bottoms = runs.arrays()
        kept = told(wanted, measured, tops)
        extremes = runs.extremes()
        result = Sweep(
            scenario,
            axes,
            tuple(measured[number] for number in kept),
            sampler.seed,
            tops[..., kept],
            bottoms[..., kept],
            None if journal is None else journal.folder,
            extremes=None if extremes is None else extremes[..., kept],
            engine=engine_for_all(points),
        )
        if journal is not None:
            _put_tables(journal, result, points, asked)
    if stop is not None:
        raise stop from None
    return result


BYTES_A_POINT, BYTES_A_REPLICATION = 80_000, 1_500
"""Of the scenario of a point, which each process holds, and of what is kept of its replications."""


def require_room(scenario: Scenario, axes: Sequence[Axis], asked: int, budget: str, jobs: int | None) -> None:
    """Raise SimError where the points are too many to be made, before they are: this takes longer than to estimate."""
    points = prod(len(axis.values) for axis in axes)
    if points > MANY_POINTS:
        require_budget([scenario], points * asked, budget)
    held = points * (BYTES_A_POINT * (1 + (jobs or usable_cores())) + asked * BYTES_A_REPLICATION)
    require_memory("--vary", held, budget)


def points_of(scenario: Scenario, axes: Sequence[Axis], option: str = "--vary") -> tuple[Scenario, ...]:
    """Return the scenarios of all combinations, the last axis changing fastest.

    Raises SimError with the mistakes of all of them, the keys named as those of `option`.
    """
    points, wrong = [], []
    for values in product(*(axis.values for axis in axes)):
        try:
            pairs = zip(axes, values, strict=True)
            changes = {key: one for axis, value in pairs for key, one in axis.changes(value).items()}
            points.append(variant(scenario, changes, option))
        except SimError as error:
            wrong.extend(str(error).splitlines())
    if wrong:
        raise SimError("\n".join([*dict.fromkeys(wrong)][:FEW_WRONG]))
    return tuple(points)


def usual_folder(scenario: Scenario, seed: int | None) -> Path:
    """Return the folder of a scenario's sweeps with one seed, so that the same command finds it again."""
    facts = facts_of(scenario, scenario.seed if seed is None else seed)
    return RESULTS / slug(scenario.name) / f"sweep-{str(facts['scenario_hash'])[:8]}-{facts['seed']}"


class _Runs:
    """The replications of all points: those found on the disk and those still to do."""

    def __init__(
        self, sampler: Sampler, count: int, journal: Journal | None, wanted: int, spending: Spending
    ) -> None:
        self._sampler = sampler
        self._spending = spending
        self._keys: list[list[Key]] = [
            [(s.hash, number) for s in sampler.scenarios] for number in range(count)
        ]
        self._names = [one.text for one in sampler.wanted]
        self._wanted = self._names[:wanted]  # a journal of an earlier version lacks those beside
        self._journal = journal
        self._done: dict[Key, Parts] = {}

    def go(self, workers: Workers, on_found: OnDone | None, on_progress: Progress) -> None:
        """Run the missing replications, each for all points."""
        if self._journal is not None:
            self._done = self._journal.open()
        items = self._missing()
        total = sum(map(len, self._keys))
        if on_found and self._journal and len(items) < total:
            on_found(total - len(items), self._journal.folder)
        on_progress(total - len(items), total)
        part = PartialSampler(self._sampler)
        with closing(self._spending.ordered(workers, part, items)) as results:
            for number, (item, sample) in enumerate(zip(items, results, strict=True), start=1):
                with shielded():
                    self._take(item, sample)
                on_progress(total - len(items) + number, total)

    def complete(self) -> int:
        """Return of how many replications every point is done."""
        return min((replication for replication, _ in self._missing()), default=len(self._keys))

    def kept(self) -> str:
        """Say what of an interrupted sweep is in its folder."""
        assert self._journal is not None
        total, left = sum(map(len, self._keys)), len(self._missing())
        if left == total:
            return "nothing was finished"
        return (
            f"{total - left} of {total} replications are kept in {self._journal.folder};"
            " the same command goes on from there"
        )

    def arrays(self) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
        """Return numerators and denominators: replication by point by figure."""
        parts = [
            [[self._done[key].get(name, NOBODY) for name in self._names] for key in row]
            for row in self._keys[: self.complete()]
        ]
        both = np.array(parts, dtype=np.float64)
        return both[..., 0], both[..., 1]

    def extremes(self) -> "np.ndarray[Any, Any] | None":
        """Return the same as what is open may end, where anything is."""
        rows = [[self._done[key] for key in row] for row in self._keys[: self.complete()]]
        return extremes_of(rows, self._names)

    def _missing(self) -> list[Item]:
        wanted = set(self._wanted)
        return [
            (replication, (point,))
            for replication, row in enumerate(self._keys)
            for point, key in enumerate(row)
            if not wanted <= self._done.get(key, {}).keys()
        ]

    def _take(self, item: Item, sample: Sample) -> None:
        replication, (point,) = item
        key = self._keys[replication][point]
        pairs = zip(sample.tops[0].tolist(), sample.bottoms[0].tolist(), strict=True)
        self._done[key] = {**self._done.get(key, {}), **dict(zip(self._names, pairs, strict=True))}
        if sample.extremes is not None:
            for fate, both in zip(FATES, sample.extremes[:, :, 0].tolist(), strict=True):
                names = [name + fate for name in self._names]
                self._done[key] |= dict(zip(names, zip(*both, strict=True), strict=True))
        if self._journal is not None:
            self._journal.add(key, self._done[key])


NOBODY = (0.0, 1.0)
FATES = (" if answered", " if never answered")
"""What follows a figure's text in the journal where something is open: as if it were answered at the end, or never."""


def extremes_of(rows: Sequence[Sequence[Parts]], names: Sequence[str]) -> "np.ndarray[Any, Any] | None":
    """Return both parts as what is open may end: fate by part by replication by point by figure."""
    if not any(name + FATES[0] in parts for row in rows for parts in row for name in names):
        return None
    found = [
        [
            [[parts.get(name + fate, parts.get(name, NOBODY)) for name in names] for parts in row]
            for row in rows
        ]
        for fate in FATES
    ]
    return np.moveaxis(np.array(found, dtype=np.float64), -1, 1)


def _usual(points: Sequence[Scenario]) -> tuple[FigureSelector, ...]:
    return usual(points, (*USUAL, *what_it_takes(points)), by_queue=False)


def _put_tables(journal: Journal, result: Sweep, points: Sequence[Scenario], asked: int) -> None:
    name = put_scenario(journal.folder, result.scenario, OWN_FILES)
    journal.write("figures.csv", for_spreadsheets(result.figures).to_csv(index=False))
    journal.write("steps.csv", for_spreadsheets(result.steps).to_csv(index=False))
    hashes = [point.hash for point in points]
    journal.put_head({**result.manifest, "asked": asked, "points": hashes, "scenario_file": name})


def _silent(_done: int, _total: int) -> None:
    """Ignore the progress."""


# A sweep read back from its folder.


class _AxisFacts(Facts):
    key: str
    values: list[Any]


class SweepFacts(Facts):
    """What the folder of a sweep says of itself; the second half is there once the sweep is finished."""

    scenario: str
    scenario_hash: str
    seed: int
    sim: str
    numpy: str
    scenario_file: str = SCENARIO
    replications: int | None = Field(default=None, ge=1)
    asked: int | None = Field(default=None, ge=1)
    axes: list[_AxisFacts] | None = Field(default=None, min_length=1)
    figures: list[str] | None = Field(default=None, min_length=1)
    points: list[str] | None = None
    engine: EngineFacts | None = None


def open_sweep(folder: Path) -> Sweep:
    """Read what `sweep` kept in a folder, the last that was finished there.

    Raises SimError where the folder holds no finished sweep, or one that is not as it was written.
    """
    facts, manifest = read_facts(folder / HEAD, SweepFacts)
    if not (folder / "figures.csv").exists():
        raise SimError(f"{folder}: holds a sweep that is not finished; run the same command again")
    scenario = load_inside(folder, facts.scenario_file, folder / HEAD)
    try:
        axes, wanted, replications, keys = _described(folder, facts, scenario)
    except SimError as error:
        where = "" if str(error).startswith(str(folder)) else f"{folder / HEAD}: "
        raise SimError(f"{where}{error}") from error
    names = [one.text for one in wanted]
    done = Journal(folder, {}).done()
    try:
        rows = [[done[key, n] for key in keys] for n in range(replications)]
        both = np.array([[[one[name] for name in names] for one in row] for row in rows], dtype=np.float64)
        tops, bottoms = both[..., 0], both[..., 1]
    except (KeyError, IndexError):
        raise SimError(
            f"{folder / DONE}: lacks replications of this sweep; run the same command again to have them"
        ) from None
    extremes = extremes_of(rows, names)
    engine = None if facts.engine is None else facts.engine.engine
    return Sweep(scenario, axes, wanted, facts.seed, tops, bottoms, folder, manifest, extremes, engine)


_Described = tuple[tuple[Axis, ...], tuple[FigureSelector, ...], int, list[str]]


def _described(folder: Path, facts: SweepFacts, scenario: Scenario) -> _Described:
    """Return what was varied, the figures, the replications and the hash of each point."""
    if facts.axes is None or facts.figures is None or facts.replications is None or facts.points is None:
        return _guessed(folder, scenario)
    axes = tuple(Axis(axis.key, tuple(axis.values)).checked() for axis in facts.axes)
    wanted = tuple(FigureSelector.parse(text) for text in facts.figures)
    if len(facts.points) != prod(len(axis.values) for axis in axes):
        raise SimError(f"{folder / HEAD}: does not tell of a result: `points` is not as it was written")
    return axes, wanted, facts.replications, facts.points


def _guessed(folder: Path, scenario: Scenario) -> _Described:
    """Describe a sweep of a version that did not write down what was varied, from its table of figures."""
    figures = read_table(folder / "figures.csv", Figure)
    keys = [str(column) for column in figures if column not in Figure._fields]
    axes = tuple(Axis(key, tuple(dict.fromkeys(map(str, figures[key])))) for key in keys)
    places = dict.fromkeys(figures[["metric", *COLUMNS]].itertuples(index=False, name=None))
    hashes = [point.hash for point in points_of(scenario, axes)]
    replications = int(figures["replications"].max()) if len(figures) else 0
    return axes, tuple(FigureSelector.at(*place) for place in places), replications, hashes
