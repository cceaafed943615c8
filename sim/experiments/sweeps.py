"""Sweeps over values of a scenario's keys, in parallel, which continue after an interruption."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from sim.errors import SimError
from sim.experiments.comparison import at_least_two
from sim.experiments.figure_selectors import COLUMNS, FigureSelector, read, usual, with_targets
from sim.experiments.reading import Facts, load_inside, read_facts, read_table
from sim.experiments.replications import Progress, shielded
from sim.experiments.sampling import Item, PartialSampler, Sample, Sampler
from sim.experiments.storage import (
    JOURNAL,
    OWN_FILES,
    RESULTS,
    SCENARIO,
    SWEEP,
    check_place,
    for_spreadsheets,
    heading,
    put_scenario,
    slug,
)
from sim.experiments.sweep_result import Sweep, facts_of
from sim.experiments.variants import variant
from sim.experiments.varied_keys import Axis, axes_of
from sim.metrics import Figure
from sim.parallel.workers import Report, Workers, warn
from sim.scenario import Scenario
from sim.scenario.arguments import require_scenarios, require_whole

HEAD, DONE = SWEEP, JOURNAL

Key = tuple[str, int]
"""A scenario's hash and a replication."""

Parts = dict[str, tuple[float, float]]
"""The two parts of each figure, by its text."""


class Journal:
    """A folder with one line for each finished replication of each point, so that an interruption loses few.

    `facts` are the scenario and seed they belong to: a folder of others is refused. A line that was cut off, as
    by a power failure, is ignored.
    """

    def __init__(self, folder: Path, facts: Mapping[str, str | int]) -> None:
        self.folder = folder
        self._facts = dict(facts)

    def done(self) -> dict[Key, Parts]:
        """Return what is in it. Raises SimError where it cannot be read."""
        try:
            return dict(self._read())
        except (OSError, ValueError) as error:
            raise SimError(f"{self.folder / DONE}: cannot be read: {error}; run the sweep again") from error

    def open(self) -> dict[Key, Parts]:
        """Create the folder, or read it, and return its replications.

        Raises SimError where the folder is no journal, or belongs to another scenario or seed.
        """
        check_place(self.folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if (self.folder / HEAD).exists():
                self._check(json.loads((self.folder / HEAD).read_text(encoding="utf-8")))
            elif any(self.folder.iterdir()):
                raise SimError(
                    f"{self.folder}: is not empty and no earlier sweep; empty it or name another folder"
                )
            else:
                self.put_head(self._facts)
            return dict(self._read())
        except ValueError as error:
            raise SimError(f"{self.folder / HEAD}: cannot be read: {error}; name another folder") from error
        except OSError as error:
            raise self._unwritable(error) from error

    def add(self, key: Key, parts: Parts) -> None:
        """Write one finished replication. Raises SimError where the disk refuses."""
        line = json.dumps(
            {"point": key[0], "replication": key[1], "parts": parts}, allow_nan=True, separators=(",", ":")
        )
        try:
            with (self.folder / DONE).open("ab+") as file:
                file.write(_end_of_a_torn_line(file) + line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._unwritable(error) from error

    def put_head(self, facts: Mapping[str, Any]) -> None:
        """Write what the folder says of itself. Raises SimError where the disk refuses."""
        whole = {**facts, **heading("sweep")}
        self.write(HEAD, json.dumps(whole, indent=2, ensure_ascii=False, default=str) + "\n")

    def write(self, name: str, text: str) -> None:
        """Write a file of the folder, whole or not at all. Raises SimError where the disk refuses."""
        fresh = self.folder / f".{name}.new"
        try:
            fresh.write_text(text, encoding="utf-8", newline="")
            fresh.replace(self.folder / name)
        except OSError as error:
            raise self._unwritable(error) from error

    def _check(self, found: Mapping[str, Any]) -> None:
        other = [name for name, value in self._facts.items() if found.get(name) != value]
        if other:
            what = ", ".join(f"{name.replace('_', ' ')} {_short(found.get(name))}" for name in other)
            raise SimError(
                f"{self.folder}: holds a sweep that is not this one ({what}); name another folder or remove the folder"
            )

    def _read(self) -> Iterator[tuple[Key, Parts]]:
        path = self.folder / DONE
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            try:
                one = json.loads(line)
                parts = {name: (float(top), float(bottom)) for name, (top, bottom) in one["parts"].items()}
                key = (str(one["point"]), int(one["replication"]))
            except (
                ValueError,
                TypeError,
                KeyError,
                AttributeError,
                RecursionError,
            ):  # a line that was cut off
                continue
            yield key, parts

    def _unwritable(self, error: OSError) -> SimError:
        reason = error.strerror or str(error)
        return SimError(f"{self.folder}: the sweep cannot be kept there: {reason}; name another folder")


def _end_of_a_torn_line(file: Any) -> bytes:
    """Return the end of line that the last line lacks where it was cut off."""
    if not file.seek(0, os.SEEK_END):
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 20 else text[:12] + "…"


USUAL = ("service_level", "asa", "abandon_rate")
"""The figures of a sweep beside the targets."""

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
) -> Sweep:
    """Simulate every combination of the values of some keys, all on the same customers.

    `vary` is {"teams.frontline.agents": range(8, 15), "routing.ring_time": ["20s", "40s"]}, or texts such as
    "teams.frontline.agents=8..14". Keys that move together are one: "teams.a.agents=4,3; teams.b.agents=2,3", or
    {("teams.a.agents", "teams.b.agents"): [(4, 2), (3, 3)]}, are two points. `metrics` are figures such as
    "service_level:queue=billing", by default a few over all; those of the targets are measured in any case. With a
    `folder` every finished replication is kept there, and those in it are not done again; `on_found` receives their
    number. The folder may serve further sweeps of the same scenario and seed. `jobs`, `cluster` and `on_loss` are
    as for `run`.

    Raises SimError for values that make no valid scenario, unknown figures, fewer than two replications, and a
    folder that belongs to another scenario or seed.
    """
    require_scenarios(scenario)
    require_whole(replications=replications, seed=seed)
    axes = axes_of(vary)
    asked = at_least_two(scenario, replications)
    points = points_of(scenario, axes, "vary" if isinstance(vary, Mapping) else "--vary")
    asked_for = read(metrics, points)
    wanted = with_targets(asked_for, points) if asked_for else _usual(points)
    sampler = Sampler(points, wanted, scenario.seed if seed is None else seed)
    journal = None if folder is None else Journal(Path(folder), facts_of(scenario, sampler.seed))
    runs = _Runs(sampler, asked, journal)
    runs.go(Workers(jobs, cluster, on_loss), on_found, on_progress or _silent)
    tops, bottoms = runs.arrays()
    result = Sweep(
        scenario, axes, wanted, sampler.seed, tops, bottoms, None if journal is None else journal.folder
    )
    if journal is not None:
        _put_tables(journal, result, points)
    return result


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

    def __init__(self, sampler: Sampler, count: int, journal: Journal | None) -> None:
        self._sampler = sampler
        self._keys: list[list[Key]] = [
            [(s.hash, number) for s in sampler.scenarios] for number in range(count)
        ]
        self._names = [one.text for one in sampler.wanted]
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
        with closing(workers.ordered(part, items, part.label)) as results:
            for number, (item, sample) in enumerate(zip(items, results, strict=True), start=1):
                with shielded():
                    self._take(item, sample)
                on_progress(total - len(items) + number, total)

    def arrays(self) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
        """Return numerators and denominators: replication by point by figure."""
        parts = [[[self._done[key][name] for name in self._names] for key in row] for row in self._keys]
        both = np.array(parts, dtype=np.float64)
        return both[..., 0], both[..., 1]

    def _missing(self) -> list[Item]:
        wanted = set(self._names)
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
        if self._journal is not None:
            self._journal.add(key, self._done[key])


def _usual(points: Sequence[Scenario]) -> tuple[FigureSelector, ...]:
    costs = any(team.cost_per_hour for team in points[0].teams.values())
    return usual(points, (*USUAL, *(["cost"] if costs else [])), by_queue=False)


def _put_tables(journal: Journal, result: Sweep, points: Sequence[Scenario]) -> None:
    name = put_scenario(journal.folder, result.scenario, OWN_FILES)
    journal.write("figures.csv", for_spreadsheets(result.figures).to_csv(index=False))
    journal.write("steps.csv", for_spreadsheets(result.steps).to_csv(index=False))
    hashes = [point.hash for point in points]
    journal.put_head({**result.manifest, "points": hashes, "scenario_file": name})


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
    axes: list[_AxisFacts] | None = Field(default=None, min_length=1)
    figures: list[str] | None = Field(default=None, min_length=1)
    points: list[str] | None = None


def open_sweep(folder: Path) -> Sweep:
    """Read what `sweep` kept in a folder, the last that was finished there.

    Raises SimError where the folder holds no finished sweep, or one that is not as it was written.
    """
    facts, manifest = read_facts(folder / HEAD, SweepFacts)
    if not (folder / "figures.csv").exists():
        raise SimError(f"{folder}: holds a sweep that is not finished; run the same command again")
    scenario = load_inside(folder, facts.scenario_file, folder / HEAD)
    axes, wanted, replications, keys = _described(folder, facts, scenario)
    names = [one.text for one in wanted]
    done = Journal(folder, {}).done()
    try:
        parts = [[[done[key, n][name] for name in names] for key in keys] for n in range(replications)]
        both = np.array(parts, dtype=np.float64)
        tops, bottoms = both[..., 0], both[..., 1]
    except (KeyError, IndexError):
        raise SimError(
            f"{folder / DONE}: lacks replications of this sweep; run the same command again to have them"
        ) from None
    return Sweep(scenario, axes, wanted, facts.seed, tops, bottoms, folder, manifest)


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
