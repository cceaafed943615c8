"""What a saved run consists of."""

import json
import platform
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.store import MANIFEST, run_folder, write_whole
from sim.scenario import Scenario, dump
from sim.version import __version__

if TYPE_CHECKING:
    from sim.experiments.result import Result

PACKAGES = ("numpy", "simpy", "pandas")
GZIP: dict[str, Any] = {"method": "gzip", "compresslevel": 6, "mtime": 0}  # no time stamp: same bytes again


def save(result: "Result", folder: Path | None, command: Sequence[str]) -> Path:
    """Write a result into a folder, by default a new one under results/, and return where it lies."""
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
    """Put forecasts, rosters and logs beside the scenario, so that it loads from where the result lies."""
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
