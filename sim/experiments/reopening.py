"""Runs and comparisons read back from their folders."""

import ast
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from pydantic import Field

from sim.errors import SimError
from sim.experiments.comparison import Comparison, CustomerEffect
from sim.experiments.figure_selectors import COLUMNS, FigureSelector
from sim.experiments.paired import COUNTS
from sim.experiments.precision import Ending, Precision
from sim.experiments.reading import EngineFacts, Facts, inside, load_inside, read_csv, read_facts, read_table
from sim.experiments.result import KeepTables, Result
from sim.experiments.storage import EXTREMES, MANIFEST, SCENARIO
from sim.experiments.variants import printed_name
from sim.metrics import Figure, lookup
from sim.metrics.cells import Axes, Cells
from sim.records.recorder import EVERYTHING, vocabularies_of
from sim.records.schema import TABLES, Column
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

# A run.


class _EndingFacts(Facts):
    wanted: dict[str, Any]
    reached: float | None
    narrow_since: int | None


class RunFacts(Facts):
    """What the manifest of a run says; what has a default is missing in those of earlier versions."""

    seed: int
    replications: int = Field(ge=1)
    asked: int
    tables: list[Literal[EVERYTHING]]  # type: ignore[valid-type]
    scenario_text: str
    scenario_hash: str
    versions: dict[str, str]
    started: datetime = Field(strict=False)
    seconds: float
    command: list[str]
    interrupted: bool = False
    stopped: str = ""
    precision: list[str] = Field(default_factory=list)
    endings: list[_EndingFacts] = Field(default_factory=list)
    batches: int | None = None
    remarks: list[str] = Field(default_factory=list)
    keep_tables: KeepTables | None = None
    table_replications: list[int] = Field(default_factory=list)
    engine: EngineFacts | None = None
    scenario_file: str = SCENARIO


class StoredFigures:
    """The figures of a run in its folder, read when they are first asked for; a scenario makes them complete."""

    def __init__(self, source: "Path | pd.DataFrame", replications: int, scenario: Scenario | None) -> None:
        self.source = source
        self.replications = replications
        self._scenario = scenario

    @cached_property
    def _frame(self) -> "pd.DataFrame":
        if not isinstance(self.source, Path):
            return self.source
        return read_table(self.source, Figure)[list(Figure._fields)]

    def table(self) -> "pd.DataFrame":
        """Return the figures that have data, one a row."""
        return self._frame

    def value(self, metric: str, **place: str) -> Figure:
        """Return one figure, as `Figures.value` does.

        Raises SimError, with the nearest name, for a name that does not exist.
        """
        found = self._frame[self._frame["metric"] == lookup(metric).name]
        for column, name in place.items():
            found = found[found[column] == name]
        if len(found):
            return Figure(*next(found.itertuples(index=False, name=None)))
        if self._scenario is None:
            raise SimError(f"there is no such figure of {metric} in the file; open the folder of the run")
        return self._without_data(metric, place, Axes.of(self._scenario))

    def _without_data(self, metric: str, place: Mapping[str, str], axes: Axes) -> Figure:
        """Return a figure that is not in the table: a count of nothing is 0, all else has no value."""
        by_team = bool(((self._frame["queue"] != "") & (self._frame["team"] != "")).any())
        Cells.of(axes, by_team=by_team).row(metric, place)
        one = lookup(metric)
        counts = not one.is_ratio and one.unit != "s"
        if one.dates == "mean" and place.get("interval") == axes.interval[-1]:
            counts = False  # the interval after the end, which had no length
        replications = self.replications if counts else 0
        value = 0.0 if counts else nan
        limit = value if replications > 1 else nan
        nothing = Figure.of(one.name, value, (limit, limit), replications, one.unit, **place)
        return nothing._replace(sd=limit, min=value, max=value)


class StoredRun:
    """The manifest and the tables of a run in its folder; a table is read when it is first asked for."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any], scenario: Scenario) -> None:
        self.folder = folder
        self.manifest = manifest
        self._scenario = scenario
        self._read: dict[str, pd.DataFrame] = {}

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that were kept."""
        return tuple(self.manifest["tables"])

    def table(self, name: str) -> "pd.DataFrame":
        """Return a table of the kept replications, one below the other, with its declared types.

        Raises SimError where it was not kept.
        """
        if name not in self.tables:
            raise SimError(
                f"{self.folder}: the table {name} was not kept; run it again with --tables or --events"
            )
        if name not in self._read:
            self._read[name] = self._typed(name)
        return self._read[name]

    def _typed(self, name: str) -> "pd.DataFrame":
        path = self.folder / f"{name}.csv.gz"
        frame = read_csv(path, {"replication": "int64"} | {c.name: _DTYPES[c.type] for c in TABLES[name]})
        vocabularies = vocabularies_of(self._scenario)
        try:
            for column in TABLES[name]:
                frame[column.name] = _as_declared(frame[column.name], column, vocabularies)
        except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
            raise SimError(f"{path}: is not as it was written: {error}; save the result again") from error
        return frame


_DTYPES = {"number": "float64", "count": "int64", "flag": "bool", "text": "str", "names": "str"}


def _as_declared(values: "pd.Series", column: Column, vocabularies: dict[str, tuple[str, ...]]) -> Any:
    import pandas as pd

    if column.type == "names":
        names = pd.Index(vocabularies[column.vocabulary], dtype="str")
        return pd.Categorical(values.where(values.isin(names)), categories=names)
    return values.map(ast.literal_eval) if column.name == "detail" else values


def open_run(folder: Path) -> Result:
    """Read what `Result.save` wrote: the scenario at once, figures and tables when they are first asked for.

    Raises SimError where the folder holds no run, or the manifest or the scenario is not as it was written.
    """
    path = folder / MANIFEST
    facts, manifest = read_facts(path, RunFacts)
    scenario = load_inside(folder, facts.scenario_file, path)
    figures = StoredFigures(_there(folder / "figures.csv"), facts.replications, scenario)
    return Result(
        scenario=scenario,
        seed=facts.seed,
        asked=facts.asked,
        folded=figures,
        kept=(),
        keep_tables=facts.keep_tables or _kept_tables(facts),
        events_kept="events" in facts.tables,
        started=facts.started,
        seconds=facts.seconds,
        interrupted=facts.interrupted,
        stopped=facts.stopped,
        endings=tuple(_ending(one, figures, path) for one in facts.endings),
        batches=facts.batches,
        remarks=tuple(facts.remarks),
        stored=StoredRun(folder, manifest, scenario),
        extremes=_extremes(folder),
        engine=None if facts.engine is None else facts.engine.engine,
    )


def _extremes(folder: Path) -> "tuple[pd.DataFrame, pd.DataFrame] | None":
    """Read the figures of the targets as what is open may end; there are none where nothing is."""
    files = [folder / name for name in EXTREMES]
    if not any(file.exists() for file in files):
        return None
    answered, never = (read_table(_there(file), Figure) for file in files)
    return answered, never


def _there(path: Path) -> Path:
    """Return a file. Raises SimError where there is none, which else would be found out only later."""
    if not path.is_file():
        raise SimError(f"{path}: cannot be read: No such file; save the result again")
    return path


def _kept_tables(facts: RunFacts) -> KeepTables:
    if not facts.tables:
        return "none"
    return "all" if len(facts.table_replications) == facts.replications else "first"


def _ending(facts: _EndingFacts, figures: StoredFigures, manifest: Path) -> Ending:
    try:
        wanted = Precision(**facts.wanted)
        figure = figures.value(wanted.metric, **wanted.place)
    except (TypeError, KeyError) as error:
        raise SimError(
            f"{manifest}: does not tell of a result: `endings` is not as it was written; save the result again"
        ) from error
    return Ending(wanted, figure, nan if facts.reached is None else facts.reached, facts.narrow_since)


# A comparison.


class _CandidateFacts(Facts):
    folder: str
    name: str
    scenario_file: str = SCENARIO


class ComparisonFacts(Facts):
    """What the manifest of a comparison says; what has a default is missing in those of earlier versions."""

    candidates: list[_CandidateFacts] = Field(min_length=1)
    seed: int
    replications: int = Field(ge=1)
    asked: int
    scenario_hash: str
    version: str
    command: list[str]
    streams: list[str] = Field(default_factory=list)
    scenario_file: str = SCENARIO
    engine: EngineFacts | None = None


class _Replication(NamedTuple):
    """A row of the table of replications."""

    replication: int
    candidate: str
    metric: str
    variant: str
    queue: str
    team: str
    channel: str
    kind: str
    label: str
    day: str
    interval: str
    numerator: float
    denominator: float


def open_comparison(folder: Path) -> Comparison:
    """Read what `Comparison.save` wrote.

    Raises SimError where the folder holds no comparison, or a file of it is not as it was written.
    """
    path = folder / MANIFEST
    facts, manifest = read_facts(path, ComparisonFacts)
    names = tuple(printed_name(one.name) for one in facts.candidates)
    scenarios = [
        load_inside(inside(folder, one.folder, path), one.scenario_file, path) for one in facts.candidates
    ]
    rows = read_table(folder / "replications.csv", _Replication)
    shape = (facts.replications, 1 + len(names))
    wanted = _figures_of(rows, shape, names, folder / "replications.csv")
    effects = read_table(folder / "customers.csv", CustomerEffect)[list(CustomerEffect._fields)]
    return Comparison(
        base=load_inside(folder / "base", facts.scenario_file, path),
        candidates=tuple(scenarios),
        names=names,
        wanted=wanted,
        seed=facts.seed,
        asked=facts.asked,
        tops=rows["numerator"].to_numpy().reshape(*shape, len(wanted)),
        bottoms=rows["denominator"].to_numpy().reshape(*shape, len(wanted)),
        customer_counts=np.empty((facts.replications, 0, len(facts.streams), COUNTS)),
        streams=tuple(facts.streams),
        opened=manifest,
        effects=tuple(CustomerEffect(*row) for row in effects.itertuples(index=False)),
        engine=None if facts.engine is None else facts.engine.engine,
    )


def _figures_of(
    rows: "pd.DataFrame", shape: tuple[int, int], names: tuple[str, ...], path: Path
) -> tuple[FigureSelector, ...]:
    """Return the figures that were compared.

    Raises SimError where the rows are not every figure of every scenario in every replication, in this order.
    """
    each = list(rows[["metric", *COLUMNS]].itertuples(index=False, name=None))
    count, rest = divmod(len(rows), shape[0] * shape[1])  # before anything is made of that size
    if rest or not count or not _in_order(rows, shape, names, each[:count]):
        raise SimError(f"{path}: is not as it was written: rows are missing or moved; save the result again")
    each = each[:count]
    return tuple(FigureSelector.at(*place) for place in each)


def _in_order(
    rows: "pd.DataFrame", shape: tuple[int, int], names: tuple[str, ...], each: Sequence[tuple[str, ...]]
) -> bool:
    keys = [(replication, name) for replication in range(shape[0]) for name in ("", *names)]
    found = rows[list(_Replication._fields[:-2])].itertuples(index=False, name=None)
    return list(found) == [(*key, *place) for key in keys for place in each]
