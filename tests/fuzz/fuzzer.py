"""One mutant after the other: each is read and, where it can be, simulated a little; or refused in clear lines."""

import io
import math
import random
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import date
from math import prod
from pathlib import Path
from types import FrameType
from typing import Any

from scenario.workbooks import workbook

import sim
from sim.cli import main
from sim.engine import simulate
from sim.errors import SimError, escaped
from sim.experiments.journal import Journal
from sim.experiments.result import Result
from sim.experiments.sweeps import points_of
from sim.experiments.variants import names_of, variants
from sim.experiments.varied_keys import axes_of
from sim.gate.baseline import Stored
from sim.gate.storage import save_checks
from sim.logs.estimates import Calibration
from sim.logs.log import figures as log_figures
from sim.logs.notes import WEEKDAY_FILE
from sim.logs.prediction import Backtest
from sim.logs.reading import read_log
from sim.logs.tested_days import TestedDays
from sim.report.backtest import backtest_json, backtest_text
from sim.report.calibration import calibration_text
from sim.report.starter import starter_of
from sim.scenario import Scenario, load, loads
from sim.scenario.budget import cap_of, estimate, require_budget
from sim.scenario.export_columns import export_of
from sim.scenario.included_files import text_of_table
from sim.scenario.loading import changed
from sim.staffing.head_files import read_heads
from sim.staffing.shift_files import with_shifts
from sim.workload import Workload, draw

from . import calendar_mutants, log_mutants, mutators
from .limits import TooSlowError, time_limit
from .sources import (
    CALLS,
    DAY,
    EXPORT,
    EXPORTED,
    FILES,
    GIVEN,
    GRID,
    MAP,
    PLAN,
    RESULT_DAY,
    ROSTER,
    ROSTER_GRID,
    ROSTERED,
    SHIFTS,
    TARGET,
)  # fmt: skip

ROOT = Path(__file__).parents[2]
WATCHED = 500
"""Mutants, the first ones, of which is noted what they reach."""
BUDGET = "1e6"
MOST_POINTS = 30
MOST_EVENTS = 50_000
"""Estimated for a calendar that is simulated."""
MOST_CONTACTS = 400
"""Contacts of a mutant that is simulated; more are only read, so that each takes a moment."""


def odd_end(trial: Callable[[], object]) -> tuple[str, str]:
    """Try something; return how it ended, and what is wrong with that where it is odd.

    It ran where the trial returns something true, was read else, or was refused; any other end is what is looked for.
    """
    try:
        with time_limit():
            return ("ran" if trial() else "read"), ""
    except SimError as error:
        text = str(error)
        if text and len(text.splitlines()) <= 51 and escaped(text) == text:
            return "refused", ""
        return "odd", f"an unclear message: {text[:300]!r}"
    except (Exception, TooSlowError) as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        return "odd", f"{type(error).__name__}: {str(error)[:300]} ({place})"


class Fuzzer:
    """Makes mutants from a seed; `odd` holds what ended otherwise than by running or by a clear message."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.reached: set[str] = set()
        self.ends: Counter[str] = Counter()
        self.odd: list[str] = []
        self._base = sorted((ROOT / "results" / "baselines").glob("*.json"))
        with tempfile.TemporaryDirectory() as folder:
            self._write(Path(folder), FILES)
            self._tree: dict[str, Any] = loads(DAY, "day.yaml", folder).origin.data  # type: ignore[union-attr]

    def run(self, mutants: int, first: int = 0) -> None:
        """Try so many mutants, in turn of each kind; those from `first` on are the same without those before."""
        kinds = [
            self._text, self._tree_of, self._csv, self._set, self._stored, self._saved, self._vary, self._erlang,
            self._export, self._workbook, self._starter, self._log, self._candidates, self._heads, self._weekdays,
            self._roster, self._week, self._shifts,
        ]  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            self._save(Path(folder))
            for number in range(first, first + mutants):
                self.chance = random.Random(f"{self.seed} {number}")
                self._turn = number // len(kinds)
                self._write(Path(folder), FILES | {"day.yaml": DAY})
                with self._watched(number < WATCHED):
                    self._one(number, kinds[number % len(kinds)], Path(folder))

    def _one(self, number: int, kind: Any, folder: Path) -> None:
        def trial() -> bool:
            found = kind(folder)
            sys.setprofile(None)
            return found is not None and lived(found)

        end, odd = odd_end(trial)
        self.ends[end] += 1
        if odd:
            self.odd.append(f"{number} {kind.__name__}: {odd}")

    @contextmanager
    def _watched(self, watched: bool) -> Iterator[None]:
        """Note the modules that have a part in reading a mutant."""
        if watched:
            sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _note(self, frame: FrameType, _what: str, _given: object) -> None:
        self.reached.add(frame.f_code.co_filename)

    def _write(self, folder: Path, files: dict[str, str]) -> None:
        for name, text in files.items():
            (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))

    def _text(self, folder: Path) -> Scenario:
        self._write(folder, {"day.yaml": mutators.text_mutant(DAY, self.chance)})
        return load(folder / "day.yaml")

    def _tree_of(self, folder: Path) -> Scenario:
        base = load(folder / "day.yaml")
        tree = mutators.tree_mutant(self._tree, self.chance)
        return changed(base, {key: tree.get(key) for key in {**self._tree, **tree}})

    def _csv(self, folder: Path) -> Scenario:
        name = self.chance.choice(sorted(FILES))
        self._write(folder, {name: mutators.text_mutant(FILES[name], self.chance)})
        return load(folder / "day.yaml")

    def _export(self, folder: Path) -> Scenario:
        """Read a table as another program would write it, by mappings that are right or not."""
        is_grid = self._turn % 3 == 2
        source = GRID if is_grid else EXPORT
        (folder / "export.csv").write_bytes(mutators.table_mutant(source, self.chance))
        file = "export.csv" if is_grid else EXPORTED.format(ending="csv")
        if self.chance.random() < 0.3:
            file = mutators.text_mutant(file, self.chance)
        return load(folder / "day.yaml", [f"arrivals.2={{channel: phone, queue: calls, file: {file}}}"])

    def _roster(self, folder: Path) -> Scenario:
        """Read a roster as another program would write it, by mappings that are right or not."""
        is_grid = self._turn % 3 == 2
        source = ROSTER_GRID if is_grid else ROSTER
        (folder / "export.csv").write_bytes(mutators.table_mutant(source, self.chance))
        if is_grid:
            return load(folder / "day.yaml", ["teams.named.roster=export.csv"])
        file = ROSTERED if self.chance.random() < 0.7 else mutators.text_mutant(ROSTERED, self.chance)
        return load(folder / "day.yaml", [f"teams.named.roster={file}"])

    def _week(self, folder: Path) -> Scenario:
        """Read a calendar with its rules by day, its holidays and the files of its dates."""
        return calendar_mutants.a_week(folder, self.chance)

    def _starter(self, folder: Path) -> Scenario:
        """Let `sim init` find the columns of an export, or of a roster; what it writes has to load, or to ask."""
        source, people = folder / "export.csv", folder / "people.csv"
        export, roster, has_people = EXPORT.encode(), ROSTER.encode(), self._turn % 2
        if has_people and self.chance.random() < 0.8:
            roster = mutators.table_mutant(ROSTER_GRID if self._turn % 4 == 3 else ROSTER, self.chance)
        else:
            export = mutators.table_mutant(GRID if self._turn % 4 == 2 else EXPORT, self.chance)
        source.write_bytes(export)
        people.write_bytes(roster)
        persons = (people.name, _table(people)) if has_people else None
        starter = starter_of(export_of("export.csv", _table(source)), source.name, persons)
        return loads(starter, "scenario.yaml", folder)

    def _workbook(self, folder: Path) -> Scenario:
        workbook(folder / "export.xlsx", {"Plan": PLAN})
        data = mutators.bytes_mutant((folder / "export.xlsx").read_bytes(), self.chance)
        (folder / "export.xlsx").write_bytes(data)
        file = EXPORTED.format(ending="xlsx")
        return load(folder / "day.yaml", [f"arrivals.2={{channel: phone, queue: calls, file: {file}}}"])

    def _set(self, folder: Path) -> Scenario:
        return load(folder / "day.yaml", [mutators.override_mutant(self._tree, self.chance)])

    def _vary(self, folder: Path) -> None:
        base = load(folder / "day.yaml")
        axes = axes_of(mutators.vary_mutant(self._tree, self.chance))
        if prod(len(axis.values) for axis in axes) <= MOST_POINTS:
            points_of(base, axes)

    def _log(self, folder: Path) -> None:
        """Read and fit a log of each format, or with a map of its columns, either of them changed."""
        names = [*log_mutants.SOURCES, "columns:map.yaml", "parquet"]
        name = names[self._turn % len(names)]
        zone = self.chance.choice(["", "", "", "Europe/Berlin", "Europe/Berlinn"])
        if name == "parquet":
            (folder / "calls.parquet").write_bytes(log_mutants.parquet_mutant(folder, self.chance))
            log = read_log(folder / "calls.parquet", time_zone=zone)
        elif "map" in name:
            files = {"calls.csv": CALLS, "map.yaml": MAP}
            changed = "map.yaml" if self.chance.random() < 0.5 else "calls.csv"
            files[changed] = mutators.text_mutant(files[changed], self.chance)
            self._write(folder, files)
            log = read_log(folder / "calls.csv", f"columns:{folder / 'map.yaml'}", zone)
        else:
            file, data = log_mutants.log_mutant(name, self.chance)
            (folder / file).write_bytes(data)
            log = read_log(folder / file, name, zone)
        if not all(
            one.isprintable() for one in (*log.problems.told(), *map(str, log.calls["queue"].unique()))
        ):
            raise AssertionError(f"what a terminal obeys: {log.problems}")
        if len(log.calls):
            log_figures(log.calls)
            with tempfile.TemporaryDirectory() as out:
                sim.calibrate(log, out=Path(out) / "fitted")

    def _heads(self, folder: Path) -> None:
        """Read head-counts as `sim staff --given` does."""
        self._write(folder, {"given.csv": mutators.text_mutant(GIVEN, self.chance)})
        read_heads(folder / "given.csv", load(folder / "day.yaml"))

    def _shifts(self, folder: Path) -> None:
        """Read shift templates as `sim staff --shifts` does."""
        self._write(folder, {"shifts.yaml": mutators.text_mutant(SHIFTS, self.chance)})
        with_shifts(load(folder / "day.yaml"), folder / "shifts.yaml")

    def _weekdays(self, folder: Path) -> Scenario:
        """Read the curves of the weekdays beside a calibrated scenario, as a backtest does."""
        home = folder / "saved" / "calibration"
        file = home / WEEKDAY_FILE
        before = file.read_bytes()
        file.write_bytes(mutators.file_mutant(file.name, before, self.chance))
        try:
            days = TestedDays(load(home / "scenario.yaml"), self._calls, "log")
            return days.modelled(days.dates[0])
        finally:
            file.write_bytes(before)

    def _candidates(self, folder: Path) -> Scenario:
        """Make candidates as `sim compare` does: of texts, and of a file."""
        base = load(folder / "day.yaml")
        self._write(folder, {"other.yaml": mutators.text_mutant(DAY, self.chance)})
        files = [folder / "other.yaml"] if self.chance.random() < 0.3 else []
        found = variants(base, files, texts=mutators.candidate_mutant(self._tree, self.chance))
        names = names_of(base, [other for _, other in found], [name for name, _ in found])
        if not all(name.isprintable() for name in names):
            raise AssertionError(f"a name that a terminal obeys: {names}")
        return found[0][1]

    def _erlang(self, folder: Path) -> None:
        """Ask the command, whose mistakes are one line on standard error and exit code 2."""
        printed, told = io.StringIO(), io.StringIO()
        arguments = mutators.erlang_mutant(self.chance)
        with redirect_stdout(printed), redirect_stderr(told):
            code = main(["erlang", *arguments])
        if code == 2:
            raise SimError(told.getvalue().rstrip("\n"))
        if code not in (0, 3) or told.getvalue():
            raise AssertionError(f"exit {code} for {arguments}: {told.getvalue()}")

    def _save(self, folder: Path) -> None:
        """Save a result of each kind, of which copies are changed."""
        small = loads(RESULT_DAY, "day.yaml")
        more = small.set("teams.crew.agents", 3)
        sim.run(small, jobs=1).save(folder / "saved" / "run")
        sim.compare(small, more, jobs=1).save(folder / "saved" / "comparison")
        sim.sweep(small, {"teams.crew.agents": [2, 3]}, folder=folder / "saved" / "sweep", jobs=1)
        save_checks([sim.check(loads(RESULT_DAY + TARGET, "day.yaml"), jobs=1)], folder / "saved" / "check")
        asked = [{"metric": "asa", "queue": "desk", "at_most": "1h"}]
        sim.staff(small, goals=asked, days=2, check=2, at_most_days=20, jobs=1).save(
            folder / "saved" / "plan"
        )
        draw(small).save(folder / "saved" / "workload.npz")
        log = ROOT / "notebooks" / "synthetic_log.csv.gz"
        sim.calibrate(log, out=folder / "saved" / "calibration", to="2026-03-10")
        day = sim.load(folder / "saved" / "calibration" / "scenario.yaml")
        sim.backtest(day, log, from_="2026-03-11", to="2026-03-11", replications=2, jobs=1).save(
            folder / "saved" / "backtest"
        )
        self._results = {
            home: [path for path in sorted([home, *home.rglob("*")]) if path.is_file()]
            for home in sorted((folder / "saved").iterdir())
        }
        self._calls = read_log(log).between(date(2026, 3, 11), date(2026, 3, 11)).calls

    def _saved(self, folder: Path) -> None:
        turn = self._turn % len(self._results)
        path = self.chance.choice(list(self._results.values())[turn])
        before = path.read_bytes()
        path.write_bytes(mutators.file_mutant(path.name, before, self.chance))
        try:
            if path.suffix == ".npz":
                Workload.load(path, loads(RESULT_DAY, "day.yaml"))
                return
            home = path.relative_to(folder / "saved").parts[0]
            if home == "sweep":
                Journal(folder / "saved" / home, {}).done()
            opened = sim.open(folder / "saved" / home)
            repr(opened)
            if isinstance(opened, Result):
                opened.table("requests"), opened.figures
            elif isinstance(opened, Backtest):
                backtest_text(opened, 80), backtest_json(opened)
            elif isinstance(opened, Calibration):
                calibration_text(opened, None, 80)
        finally:
            path.write_bytes(before)

    def _stored(self, folder: Path) -> None:
        text = self.chance.choice(self._base).read_text(encoding="utf-8")
        self._write(folder, {"baseline.json": mutators.json_mutant(text, self.chance)})
        Stored.load(folder / "baseline.json")


def _table(path: Path) -> str:
    try:
        return text_of_table(path)
    except ValueError as error:
        raise SimError(str(error)) from None


def lived(scenario: Scenario) -> bool:
    """Simulate a small scenario once; a large one is left alone."""
    if scenario.calendar is not None:
        return lived_by_date(scenario)
    volume = sum(stream.volume_within(scenario.lasts) for stream in scenario.arrivals)
    agents = sum(team.agents for team in scenario.teams.values())
    if volume > MOST_CONTACTS or agents > MOST_CONTACTS or scenario.lasts > 86_400:
        return False
    require_budget([scenario], 1, BUDGET)
    simulate(scenario, draw(scenario), cap=cap_of([scenario], 1, BUDGET))
    return True


def lived_by_date(scenario: Scenario) -> bool:
    """Simulate the dates of a small calendar once, and measure them."""
    require_budget([scenario], 1, BUDGET)
    if estimate(scenario).events > MOST_EVENTS:
        return False
    figures = sim.run(scenario, replications=1, jobs=1, budget=float(BUDGET)).figures
    if not figures["value"].dropna().map(math.isfinite).all():
        raise AssertionError("a figure that is infinite")
    return True
