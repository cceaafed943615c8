"""Saved results opened again: what a folder or a file holds, as the class that was saved."""

from collections.abc import Callable, Mapping
from datetime import datetime
from math import nan
from pathlib import Path
from typing import Any, TypeAlias, cast, get_type_hints

from sim.errors import SimError, quoted
from sim.experiments.comparison import Comparison
from sim.experiments.reading import ADDED, read_json
from sim.experiments.reopening import StoredFigures, open_comparison, open_run
from sim.experiments.result import Result
from sim.experiments.storage import MANIFEST, SWEEP
from sim.experiments.sweep_result import Sweep
from sim.experiments.sweeps import open_sweep
from sim.gate.baseline import Stored
from sim.gate.result import CheckResult
from sim.gate.storage import open_checks
from sim.logs.estimates import Calibration
from sim.logs.prediction import Backtest
from sim.logs.storage import open_backtest, open_calibration
from sim.metrics import Figure
from sim.scenario import Scenario
from sim.staffing.calendar_plan import CalendarPlan
from sim.staffing.calendar_storage import open_dates
from sim.staffing.plan import Plan
from sim.staffing.storage import open_plan

Opened: TypeAlias = (
    Result
    | Comparison
    | Sweep
    | CheckResult
    | tuple[CheckResult, ...]
    | Stored
    | Plan
    | CalendarPlan
    | Calibration
    | Backtest
)

KINDS: Mapping[str, Callable[[Path], Opened]] = {
    "run": open_run,
    "comparison": open_comparison,
    "sweep": open_sweep,
    "check": open_checks,
    "staff": open_plan,
    "staff_dates": open_dates,
    "calibrate": open_calibration,
    "backtest": open_backtest,
}
"""How each kind of folder is read."""


def open(saved: Path | str) -> Opened:  # noqa: A001 - it is called as `sim.open`
    """Open a saved result: the folder of a run, sweep, check, plan and so on, or a JSON file.

    It gives back a `Result`, `Comparison`, `Sweep`, `CheckResult`, `Plan`, `CalendarPlan`, `Calibration` or `Backtest`
    as it was saved; of a check of several scenarios a tuple. Of a file that `sim run --format json` wrote it gives a
    `Result` that has figures, and neither tables nor scenario; of a baseline the figures that are stored.

    Raises SimError, with the file and a remedy, for what is no result or not as it was written.
    """
    path = Path(saved)
    if path.is_file():
        return _open_file(path)
    kind = kind_of(path)
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise SimError(
            f"{path / MANIFEST}: tells of a saved {quoted(kind).strip('`')}, and what can be opened is: {known};"
            " use a newer version"
        )
    return KINDS[kind](path)


def kind_of(folder: Path) -> str:
    """Return what was saved in a folder: its manifest says it, and in earlier versions its files.

    Raises SimError where the folder holds no result.
    """
    if not (folder / MANIFEST).is_file() and (folder / SWEEP).is_file():
        return "sweep"
    manifest = read_json(folder / MANIFEST)
    return str(manifest.get("kind", "comparison" if (folder / "comparison.csv").is_file() else "run"))


# Files of JSON.


def is_of_a_check(path: Path) -> bool:
    """Whether a file is what `sim check --format json` wrote. Raises SimError where it cannot be read."""
    return path.is_file() and "scenarios" in _object(path)


def _object(path: Path) -> dict[str, Any]:
    try:
        return read_json(path)
    except SimError as error:
        if path.suffix == ".json":
            raise
        raise SimError(
            f"{path}: is no saved result; give the folder of a run, a comparison, a sweep or a check,"
            " or what `sim run` or `sim check` wrote with `--format json`"
        ) from error


def _open_file(path: Path) -> Result | Stored:
    whole = _object(path)
    if path.name in (MANIFEST, SWEEP):
        raise SimError(f"{path}: is the manifest of a result; open its folder, {path.parent}")
    if "trace" in whole and isinstance(whole.get("scenario"), dict):
        return Stored.load(path)
    others = {"scenarios": "check", "vary": "sweep", "differences": "compare", "candidates": "compare"}
    command = next((name for key, name in others.items() if key in whole), None)
    if command is not None:
        raise SimError(
            f"{path}: is what `sim {command} --format json` prints, which is not all of the result; save it"
            " with --out and open that folder"
        )
    return _figures_alone(path, whole)


class _NameOnly:
    """Stands for a scenario of which a file has nothing but the name."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._path = path

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):  # copying and pickling ask for these
            raise AttributeError(key)
        raise SimError(f"{self._path}: holds figures alone, not the scenario; open the folder of the run")


def _figures_alone(path: Path, whole: Mapping[str, Any]) -> Result:
    """Return a result of which there is a name, a seed and figures."""
    import pandas as pd

    needed = {"scenario": str, "seed": int, "replications": int, "figures": list}
    wrong = next((key for key, type_ in needed.items() if not isinstance(whole.get(key), type_)), None)
    if wrong is not None:
        raise SimError(f"{path}: is no saved result: `{wrong}` is missing or not as it was written")
    try:
        given = [{**ADDED, **row} for row in whole["figures"]]
        rows = [Figure(**{name: row[name] for name in Figure._fields}) for row in given]
        types = get_type_hints(Figure)
        frame = pd.DataFrame(rows, columns=list(types))
        frame = frame.astype({name: _DTYPES[kind] for name, kind in types.items()})
    except (TypeError, KeyError, ValueError) as error:
        raise SimError(f"{path}: is no saved result: `figures` is not as it was written") from error
    return Result(
        scenario=cast("Scenario", _NameOnly(whole["scenario"], path)),
        seed=whole["seed"],
        asked=whole["replications"],
        folded=StoredFigures(frame, whole["replications"], None),
        kept=(),
        keep_tables="none",
        events_kept=False,
        started=datetime.fromtimestamp(path.stat().st_mtime).astimezone(),
        seconds=nan,
    )


_DTYPES = {str: "str", float: "float64", int: "int64"}
