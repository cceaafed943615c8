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
    """Raise SimError where a run must not be written: over anything that is not itself a run."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise SimError(f"{folder}: is a file; name a folder for the result")
    if Path.cwd().resolve().is_relative_to(folder.resolve()):
        raise SimError(f"{folder}: is where you are; name a folder inside it, such as {folder / 'run'}")
    if any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise SimError(f"{folder}: is not empty and not an earlier run; empty it or name another folder")


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
        raise SimError(f"{folder}: the result cannot be written: {reason}; name another --out") from error


def _put_in_place(fresh: Path, folder: Path, old: Path) -> None:
    """Swap two folders by renaming; the old one comes back where the new one cannot take its place."""
    with suppress(FileNotFoundError):
        folder.rename(old)
    try:
        fresh.rename(folder)
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)
