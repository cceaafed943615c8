"""Saved runs and comparisons: one folder each, written whole or not at all."""

import json
import platform
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.errors import SimError
from sim.scenario import Scenario, dump
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison import Comparison
    from sim.experiments.result import Result


MANIFEST = "manifest.json"
"""The file that makes a folder a run; only such a folder is ever replaced."""

RESULTS = Path("results")


def run_folder(name: str, digest: str, started: datetime) -> Path:
    """Return a new folder for a run: results/<scenario>/<time>-<first digits of its digest>."""
    base = RESULTS / slug(name) / f"{started:%Y%m%d-%H%M%S}-{digest[:6]}"
    folder, number = base, 1
    while folder.exists():
        number += 1
        folder = base.with_name(f"{base.name}-{number}")
    return folder


def slug(name: str) -> str:
    """Return a scenario's name as a folder's: lower-case letters and digits, joined by underscores."""
    words = "".join(letter if letter.isalnum() else " " for letter in name.lower()).split()
    return "_".join(words) or "scenario"


def check_folder(folder: Path) -> None:
    """Raise SimError where a run cannot be written, or would replace something that is not a run."""
    check_place(folder)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise SimError(f"{folder}: is a file; name a folder for the result")
    if Path.cwd().resolve().is_relative_to(folder.resolve()):
        raise SimError(f"{folder}: is where you are; name a folder inside it, such as {folder / 'run'}")
    if any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise SimError(f"{folder}: is not empty and not an earlier run; empty it or name another folder")


def check_results(name: str) -> None:
    """Raise SimError where a new folder for a run of a scenario of this name cannot be made in results/."""
    check_place(RESULTS / slug(name) / "run")


def check_place(path: Path) -> None:
    """Raise SimError where no file or folder can be made at `path`, nor the folders above it.

    An empty folder is made to find out, as the permissions of a folder are not the only obstacle.
    """
    above = path.absolute().parent
    try:
        while not above.exists():
            above = above.parent
        if not above.is_dir():
            raise SimError(f"{path}: cannot be written: {_shortest(above)} is a file; name another place")
        with TemporaryDirectory(prefix=".sim-", dir=above):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise SimError(f"{path}: cannot be written: {reason}; name another place") from error


def check_file(path: Path) -> None:
    """Raise SimError where no file can be written at `path`; its folder must exist."""
    if path.is_dir():
        raise SimError(f"{path}: cannot be written: it is a folder; name a file")
    if not path.parent.exists():
        raise SimError(
            f"{path}: cannot be written: there is no folder {path.parent}; make it or name another"
        )
    check_place(path)


def _shortest(path: Path) -> Path:
    """Return a path relative to the working directory where it lies in there."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def write_whole(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder beside the wanted one, then move it there, over an earlier run if any.

    Raises SimError, and leaves the earlier run as it was, where the disk refuses.
    """
    check_folder(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as work:
            fresh = Path(work) / "new"
            fresh.mkdir()
            fill(fresh)
            _put_in_place(fresh, folder, Path(work) / "old")
    except OSError as error:
        reason = error.strerror or str(error)
        raise SimError(f"{folder}: the result cannot be written: {reason}; name another place") from error


def _put_in_place(fresh: Path, folder: Path, old: Path) -> None:
    """Swap two folders by renaming; the old one comes back where the new one cannot take its place."""
    with suppress(FileNotFoundError):
        folder.rename(old)
    try:
        fresh.rename(folder)
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)


# The files of a run.

PACKAGES = ("numpy", "simpy", "pandas")
GZIP: dict[str, Any] = {"method": "gzip", "compresslevel": 6, "mtime": 0}  # no time stamp: same bytes again


def save(result: "Result", folder: Path | None, command: Sequence[str]) -> Path:
    """Write a result into a folder, by default a new one under results/, and return that."""
    folder = folder or run_folder(result.scenario.name, _digest(result), result.started)
    write_whole(folder, lambda fresh: _fill_run(fresh, result, command))
    return folder


def _digest(result: "Result") -> str:
    return sha256(f"{result.scenario.hash} {result.seed} {result.asked}".encode()).hexdigest()


def _fill_run(folder: Path, result: "Result", command: Sequence[str]) -> None:
    scenario = dump(result.scenario)
    _put_files_it_names(folder, result.scenario)
    (folder / "scenario.yaml").write_text(scenario, encoding="utf-8")
    result.figures.to_csv(folder / "figures.csv", index=False)
    for name in result.tables:
        result.table(name).to_csv(folder / f"{name}.csv.gz", index=False, compression=GZIP)
    manifest = {**_run_facts(result), "command": list(command), "scenario_text": scenario}
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _put_files_it_names(folder: Path, scenario: Scenario) -> None:
    """Copy forecasts, rosters and logs beside the scenario, so that it loads from the result's folder."""
    texts = scenario.origin.texts if scenario.origin else {}
    for name, text in texts.items():
        path = folder / name
        if path.resolve().is_relative_to(folder.resolve()):  # an absolute name is found where it was
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")


def _run_facts(result: "Result") -> dict[str, object]:
    return {
        "scenario": result.scenario.name,
        "scenario_hash": result.scenario.hash,
        "seed": result.seed,
        "replications": result.replications,
        "asked": result.asked,
        "interrupted": result.interrupted,
        "precision": [str(ending) for ending in result.endings],
        "batches": result.batches,
        "remarks": list(result.remarks),
        "tables": list(result.tables),
        "table_replications": [records.replication for records in result.kept],
        "started": result.started.isoformat(timespec="seconds"),
        "seconds": round(result.seconds, 3),
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    return {"sim": __version__, "python": platform.python_version()} | {p: version(p) for p in PACKAGES}


# The files of a comparison.


def save_comparison(comparison: "Comparison", folder: Path, command: Sequence[str]) -> Path:
    """Write a comparison into a folder and return it."""
    write_whole(folder, lambda fresh: _fill_comparison(fresh, comparison, command))
    return folder


def put_scenario(folder: Path, scenario: Scenario) -> None:
    """Write a scenario and the files it names, so that it loads from the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = scenario.origin.texts if scenario.origin else {}
    for name, text in {**texts, "scenario.yaml": dump(scenario)}.items():
        path = folder / name
        if path.resolve().is_relative_to(folder.resolve()):  # an absolute name is found where it was
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")


def put_json(path: Path, content: object) -> None:
    """Write a value as indented JSON."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _fill_comparison(folder: Path, comparison: "Comparison", command: Sequence[str]) -> None:
    comparison.table.to_csv(folder / "comparison.csv", index=False)
    comparison.customers.to_csv(folder / "customers.csv", index=False)
    _replications(comparison).to_csv(folder / "replications.csv", index=False)
    put_scenario(folder / "base", comparison.base)
    for number, candidate in enumerate(comparison.candidates, start=1):
        put_scenario(folder / f"candidate-{number}", candidate)
    put_json(folder / MANIFEST, _comparison_facts(comparison, command))


def _comparison_facts(comparison: "Comparison", command: Sequence[str]) -> dict[str, object]:
    return {
        "kind": "comparison",
        "scenario": comparison.base.name,
        "scenario_hash": comparison.base.hash,
        "candidates": [
            {"folder": f"candidate-{number}", "name": name, "scenario_hash": candidate.hash}
            for number, (name, candidate) in enumerate(
                zip(comparison.names, comparison.candidates, strict=True), start=1
            )
        ],
        "seed": comparison.seed,
        "replications": comparison.replications,
        "asked": comparison.asked,
        "command": list(command),
        "version": __version__,
    }


def _replications(comparison: "Comparison") -> "pd.DataFrame":
    """Return numerator and denominator of every figure in every replication, the base's under the name ""."""
    import pandas as pd

    rows = [
        {
            "replication": replication,
            "candidate": name,
            **wanted.columns(),
            "numerator": comparison.tops[replication, scenario, figure],
            "denominator": comparison.bottoms[replication, scenario, figure],
        }
        for replication in range(comparison.replications)
        for scenario, name in enumerate(("", *comparison.names))
        for figure, wanted in enumerate(comparison.wanted)
    ]
    return pd.DataFrame(rows)
