"""Saved runs and comparisons: one folder each, written whole or not at all."""

import errno
import json
import os
import platform
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from gzip import compress
from hashlib import sha256
from importlib.metadata import version
from math import isnan
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any

from sim.errors import SimError
from sim.records.recorder import EVERYTHING
from sim.records.table import PACKED, Columns, put_csv
from sim.scenario import Scenario, dump
from sim.scenario.text_files import cell_text
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.precision import Ending
    from sim.experiments.result import Result


MANIFEST = "manifest.json"
"""The file that makes a folder a run; only such a folder is ever replaced."""

FORMAT = 1
"""Counted up whenever a key of a manifest is taken away or means something else; new keys may come at any time."""

SCENARIO, SWEEP, JOURNAL = "scenario.yaml", "sweep.json", "done.jsonl"

EXTREMES = ("figures_if_answered.csv", "figures_if_never_answered.csv")
"""The figures of the targets as what is open may end, where anything is."""

OWN_FILES = frozenset({
    MANIFEST, SCENARIO, SWEEP, JOURNAL, "figures.csv", "steps.csv", "report.html", *EXTREMES,
    *(f"{name}.csv.gz" for name in EVERYTHING),
})  # fmt: skip
"""The files of a result's own: a file that a scenario names must not take the place of one."""


RESULTS = Path("results")


def run_folder(name: str, digest: str, started: datetime) -> Path:
    """Return the folder of a run: results/<scenario>/<time>-<first digits of its digest>."""
    return RESULTS / slug(name) / f"{started:%Y%m%d-%H%M%S}-{digest[:6]}"


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


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Keep other processes of this machine from writing a folder; the lock ends with the process, however it ends.

    Raises SimError where another process is about to write it.
    """
    try:
        import fcntl
    except ImportError:  # Windows: the last one to finish wins, as its folder is put in place whole
        yield
        return
    name = sha256(os.path.realpath(folder).encode(errors="surrogateescape")).hexdigest()[:16]
    lock = Path(gettempdir()) / f"sim-{os.getuid()}-{name}.lock"
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise SimError(
                f"{folder}: another command is about to write its result there; wait for it or name another folder"
            ) from None
        if lock.exists() and os.path.samestat(lock.stat(), os.fstat(handle)):
            break
        os.close(handle)  # its last holder took it away between the two calls
    try:
        yield
    finally:
        with suppress(OSError):
            lock.unlink()  # while it is held: who opens it later finds another file
        os.close(handle)


def check_results(name: str) -> None:
    """Raise SimError where a new folder for a run of a scenario of this name cannot be made in results/."""
    check_place(RESULTS / slug(name) / "run")


def check_place(path: Path) -> None:
    """Raise SimError where no file or folder can be made at `path`, nor the folders above it.

    An empty folder is made to find out, as the permissions of a folder are not the only obstacle.
    """
    above = path.absolute()
    try:
        while not above.exists():
            if above.is_symlink():
                raise SimError(
                    f"{path}: cannot be written: {_shortest(above)} is a link that leads nowhere; name another place"
                )
            above = above.parent
        if above == path.absolute():
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
    with _told(folder, "the result cannot be written"), _beside(folder) as work:
        fresh = work / "new"
        fresh.mkdir()
        fill(fresh)
        _put_in_place(fresh, folder, work / "old")


def write_new(folder: Path, fill: Callable[[Path], None]) -> Path:
    """Fill a folder beside the wanted one, then move it there, or where that is taken to `folder-2` and so on.

    Moving is what finds out, so that of two commands within a second neither takes the other's place. Returns where
    it is. Raises SimError where the disk refuses.
    """
    check_place(folder)
    with _told(folder, "the result cannot be written"), _beside(folder) as work:
        fresh = work / "new"
        fresh.mkdir()
        fill(fresh)
        place, number = folder, 1
        while not _moved(fresh, place):
            number += 1
            place = folder.with_name(f"{folder.name}-{number}")
        return place


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield the place of a file that takes that of `path` when the block ends, and goes where the block fails.

    Raises SimError where the disk refuses.
    """
    fresh = path.with_name(f".new-{os.getpid()}-{path.name}")
    with _told(path, "cannot be written"):
        try:
            yield fresh
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Make a folder to work in, on the same disk."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as work:
        yield Path(work)


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    """Turn an error of the disk into one line."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise SimError(f"{path}: {what}: {reason}; name another place") from error


def _moved(fresh: Path, place: Path) -> bool:
    """Move a folder to a place that is free; return whether it was."""
    try:
        fresh.rename(place)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise
        return False
    return True


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
GZIP: dict[str, Any] = {"method": "gzip", "compresslevel": PACKED, "mtime": 0}
"""As pandas is told it; without a time stamp, so that the bytes are the same again."""


def save(result: "Result", folder: Path | None, command: Sequence[str]) -> Path:
    """Write a result into a folder, by default a new one under results/, and return that."""
    if folder is None:
        usual = run_folder(result.scenario.name, _digest(result), result.started)
        return write_new(usual, lambda fresh: _fill_run(fresh, result, command))
    write_whole(folder, lambda fresh: _fill_run(fresh, result, command))
    return folder


def _digest(result: "Result") -> str:
    return sha256(f"{result.scenario.hash} {result.seed} {result.asked}".encode()).hexdigest()


def _fill_run(folder: Path, result: "Result", command: Sequence[str]) -> None:
    text = dump(result.scenario)
    scenario_file = put_scenario(folder, result.scenario, OWN_FILES, text)
    _put(folder / "figures.csv", result.measured)
    for name, table in zip(EXTREMES, result.extremes or (), strict=False):
        _put(folder / name, table)
    for name in result.tables:
        _put(folder / f"{name}.csv.gz", result.columns(name) if result.kept else result.recorded(name))
    facts = run_facts(result, text) if result.stored is None else result.manifest
    known = {**facts, **heading("run"), "scenario_file": scenario_file}
    put_json(folder / MANIFEST, {**known, "command": list(command) or known["command"]})


def _put(path: Path, table: "pd.DataFrame | Columns") -> None:
    """Write a table as CSV, packed where the name of the file says so."""
    if isinstance(table, Columns):
        put_csv(path, table)
    else:
        for_spreadsheets(table).to_csv(path, index=False, compression=GZIP if path.suffix == ".gz" else None)


def heading(kind: str) -> dict[str, object]:
    """Return what every manifest begins with: the kind of result, and the form in which it is kept."""
    return {"kind": kind, "format": FORMAT}


def run_facts(result: "Result", text: str | None = None) -> dict[str, object]:
    """Describe a run as its manifest does: what it takes to repeat it, and what is in its folder.

    `text` is that of its scenario, where it is known.
    """
    return {
        **heading("run"),
        "scenario": result.scenario.name,
        "scenario_hash": result.scenario.hash,
        "seed": result.seed,
        "replications": result.replications,
        "asked": result.asked,
        "interrupted": result.interrupted,
        "stopped": result.stopped,
        "precision": [str(ending) for ending in result.endings],
        "endings": [_ending(ending) for ending in result.endings],
        "batches": result.batches,
        "remarks": list(result.remarks),
        "keep_tables": result.keep_tables,
        "tables": list(result.tables),
        "table_replications": [records.replication for records in result.kept],
        "started": result.started.isoformat(timespec="seconds"),
        "seconds": round(result.seconds, 3),
        "engine": None if result.engine is None else asdict(result.engine),
        "versions": _versions(),
        "command": [],
        "scenario_text": dump(result.scenario) if text is None else text,
    }


def _ending(ending: "Ending") -> dict[str, object]:
    reached = None if isnan(ending.reached) else ending.reached
    return {"wanted": asdict(ending.wanted), "reached": reached, "narrow_since": ending.narrow_since}


def _versions() -> dict[str, str]:
    return {"sim": __version__, "python": platform.python_version()} | {p: version(p) for p in PACKAGES}


def put_scenario(
    folder: Path, scenario: Scenario, own_files: Collection[str] = (), text: str | None = None
) -> str:
    """Write a scenario and the files it names, so that it loads from the folder, and return its name there.

    Where one of these files is called as one of the result's own, all of them lie in a folder of their own.
    """
    texts = scenario.origin.texts if scenario.origin else {}
    name = _free_name(texts, {SCENARIO, *own_files})
    home = (folder / name).parent
    home.mkdir(parents=True, exist_ok=True)
    written = dump(scenario) if text is None else text
    for own, content in {**texts, PurePath(name).name: written}.items():
        path = home / own
        if path.resolve().is_relative_to(home.resolve()):  # an absolute name is found where it was
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(compress(content.encode(), mtime=0) if own.endswith(".gz") else content.encode())
    return name


def _free_name(texts: Iterable[str], taken: Collection[str]) -> str:
    """Return where a scenario is written beside the files it names; some disks do not tell A from a."""
    names = {PurePath(os.path.normpath(name)).parts[0].casefold() for name in texts}
    if names.isdisjoint(taken):
        return SCENARIO
    number = 1
    while (name := f"scenario-{number}.yaml") in names:
        number += 1
    return f"inputs/{SCENARIO if SCENARIO not in names else name}"


def put_json(path: Path, content: object) -> None:
    """Write a value as indented JSON; bytes of a file's name that the locale has no letters for are read as UTF-8."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    path.write_text(text.encode(errors="surrogateescape").decode(errors="replace"), encoding="utf-8")


def for_spreadsheets(table: "pd.DataFrame") -> "pd.DataFrame":
    """Return a table with texts that a spreadsheet shows and does not work out."""
    shown = table.copy(deep=False)
    for at in [at for at, kind in enumerate(table.dtypes) if kind.kind == "O"]:
        column = table.iloc[:, at]
        texts = {one for one in column if isinstance(one, str)}
        if any(cell_text(one) != one for one in texts):
            cells = [cell_text(one) if isinstance(one, str) else one for one in column]
            shown.isetitem(at, cells)
    return shown
