"""Where results lie: one folder a run, written whole or not at all."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.errors import SimError

MANIFEST = "manifest.json"
"""The file that makes a folder a run; only such a folder is ever replaced."""

RESULTS = Path("results")


def run_folder(name: str, digest: str, started: datetime) -> Path:
    """Name a new folder for a run: results/<scenario>/<time>-<first digits of its digest>."""
    base = RESULTS / slug(name) / f"{started:%Y%m%d-%H%M%S}-{digest[:6]}"
    folder, number = base, 1
    while folder.exists():
        number += 1
        folder = base.with_name(f"{base.name}-{number}")
    return folder


def slug(name: str) -> str:
    """Make a folder's name of a scenario's: letters and digits in small letters, joined by underscores."""
    words = "".join(letter if letter.isalnum() else " " for letter in name.lower()).split()
    return "_".join(words) or "scenario"


def check_folder(folder: Path) -> None:
    """Raise SimError where a run must not be written, over anything that is no run, and where it cannot be."""
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

    It is found out by making an empty folder: what the rights of a folder say is not all there is to it.
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
    """Raise SimError where no file can be written at `path`; the folder it is to lie in must be there."""
    if path.is_dir():
        raise SimError(f"{path}: cannot be written: it is a folder; name a file")
    if not path.parent.exists():
        raise SimError(
            f"{path}: cannot be written: there is no folder {path.parent}; make it or name another"
        )
    check_place(path)


def _shortest(path: Path) -> Path:
    """Name a path from where we are, where it lies there."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def write_whole(folder: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` write into a folder beside the wanted one, then put it in place, over an earlier run if any.

    Raises SimError, and leaves what was there as it was, where the disk refuses.
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
