"""The finished replications of a sweep on the disk, so that an interruption costs only those under way."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import SimError
from sim.experiments.store import check_place

HEAD, DONE = "sweep.json", "done.jsonl"

Key = tuple[str, int]
"""A scenario's hash and a replication."""

Parts = dict[str, tuple[float, float]]
"""The two parts of each figure, by its text."""


class Journal:
    """A folder with one line for each finished replication of each point, written as they come.

    `facts` say what they belong to: a folder begun for something else is refused. A line that was cut off, as
    by a power failure, is not there.
    """

    def __init__(self, folder: Path, facts: Mapping[str, str | int]) -> None:
        self.folder = folder
        self._facts = dict(facts)

    def open(self) -> dict[Key, Parts]:
        """Begin the folder, or go on with it, and return what is in it.

        Raises SimError where the folder is something else, or belongs to another scenario or seed.
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
                self.write(HEAD, json.dumps(self._facts, indent=2, ensure_ascii=False) + "\n")
            return dict(self._read())
        except ValueError as error:
            raise SimError(f"{self.folder / HEAD}: cannot be read: {error}; name another folder") from error
        except OSError as error:
            raise self._unwritable(error) from error

    def add(self, key: Key, parts: Parts) -> None:
        """Note one finished replication. Raises SimError where the disk refuses."""
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
            except ValueError:  # torn
                continue
            parts = {name: (float(top), float(bottom)) for name, (top, bottom) in one["parts"].items()}
            yield (one["point"], one["replication"]), parts

    def _unwritable(self, error: OSError) -> SimError:
        reason = error.strerror or str(error)
        return SimError(f"{self.folder}: the sweep cannot be kept there: {reason}; name another folder")


def _end_of_a_torn_line(file: Any) -> bytes:
    """Give the end of line that a cut off last line is missing."""
    if not file.seek(0, os.SEEK_END):
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 20 else text[:12] + "…"
