"""The journal of a sweep: a line for each finished replication of each point, so that an interruption loses few."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.errors import SimError, quoted
from sim.experiments.reading import outside, read_json
from sim.experiments.storage import JOURNAL, SWEEP, check_place, heading, whole_file
from sim.scenario.text_files import RESULT, read_text

HEAD, DONE = SWEEP, JOURNAL

Key = tuple[str, int]
"""A scenario's hash and a replication."""

Parts = dict[str, tuple[float, float]]
"""The two parts of each figure, by its text."""


class _Line(BaseModel):
    """One finished replication of one point, as the file has it."""

    model_config = ConfigDict(strict=True, frozen=True)

    point: str
    replication: int = Field(ge=0)
    parts: dict[str, tuple[float, float]]


class Journal:
    """A folder with one line for each finished replication of each point.

    `facts` are the scenario and seed they belong to: a folder of others is refused. A line that was cut off, as
    by a power failure, is ignored.
    """

    def __init__(self, folder: Path, facts: Mapping[str, str | int]) -> None:
        self.folder = folder
        self._facts = dict(facts)

    def done(self) -> dict[Key, Parts]:
        """Return what is in it. Raises SimError where it cannot be read."""
        path = self.folder / DONE
        if outside(path):
            raise SimError(f"{path}: is a link out of the folder; run the sweep again")
        try:
            return dict(_lines(read_text(path, RESULT, torn=True))) if path.exists() else {}
        except ValueError as error:
            raise SimError(f"{path}: cannot be read: {error}; run the sweep again") from error

    def open(self) -> dict[Key, Parts]:
        """Create the folder, or read it, and return its replications.

        Raises SimError where the folder is no journal, or belongs to another scenario or seed.
        """
        check_place(self.folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if (self.folder / HEAD).exists():
                self._check(read_json(self.folder / HEAD, "name another folder"))
            elif any(self.folder.iterdir()):
                raise SimError(
                    f"{self.folder}: is not empty and no earlier sweep; empty it or name another folder"
                )
            else:
                self.put_head(self._facts)
        except OSError as error:
            raise self._unwritable(error) from error
        return self.done()

    def is_finished(self) -> bool:
        """Return whether the folder has the tables of a sweep that was not cut short."""
        if not (self.folder / "figures.csv").exists():
            return False
        head = read_json(self.folder / HEAD, "name another folder")
        return head.get("asked") in (None, head.get("replications"))

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
        with whole_file(self.folder / name) as fresh:
            fresh.write_text(text, encoding="utf-8", newline="")

    def _check(self, found: Mapping[str, Any]) -> None:
        other = [name for name, value in self._facts.items() if found.get(name) != value]
        if other:
            what = ", ".join(f"{name.replace('_', ' ')} {_short(found.get(name))}" for name in other)
            raise SimError(
                f"{self.folder}: holds a sweep that is not this one ({what}); name another folder or remove the folder"
            )

    def _unwritable(self, error: OSError) -> SimError:
        reason = error.strerror or str(error)
        return SimError(f"{self.folder}: the sweep cannot be kept there: {reason}; name another folder")


def _lines(text: str) -> Iterator[tuple[Key, Parts]]:
    for line in text.split("\n"):
        try:
            one = _Line.model_validate_json(line)
        except ValidationError:  # a line that was cut off
            continue
        yield (one.point, one.replication), one.parts


def _end_of_a_torn_line(file: BinaryIO) -> bytes:
    """Return the end of line that the last line lacks where it was cut off, and take NUL characters off its end."""
    size = file.seek(0, os.SEEK_END)
    while size:
        start = max(0, size - 65_536)
        file.seek(start)
        rest = file.read(size - start).rstrip(b"\0")
        if rest:
            file.truncate(start + len(rest))
            return b"" if rest.endswith(b"\n") else b"\n"
        size = start
    file.truncate(0)
    return b""


def _short(value: Any) -> str:
    text = quoted(value).strip("`")
    return text if len(text) <= 20 else text[:12] + "…"
