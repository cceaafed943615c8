"""A log as it is read: contacts in the canonical frame, what was left out, and where it came from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd

from sim.errors import SimError, did_you_mean, quoted
from sim.logs import asterisk
from sim.logs.column_map import ColumnMap, read_map, shipped
from sim.logs.problems import Problems
from sim.logs.tables import finished, read_table

Reader = Callable[[Path, Problems], pd.DataFrame]
"""Reads contacts with the lines of the file as index; what cannot be read is noted."""

EVENT_FORMATS: Mapping[str, Reader] = {"asterisk": asterisk.read}
"""Formats that are no table of contacts."""

COLUMNS_FORMAT = "columns"


@dataclass(frozen=True)
class Log:
    """Contacts of a log in the canonical frame (`sim.logs.log`), with the problems and the readings of its file."""

    path: str
    format: str
    digest: str
    calls: pd.DataFrame
    problems: Problems
    readings: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> date:
        """The day of the first contact."""
        return date.fromisoformat(f"{self.calls['offered_at'].iloc[0]:%Y-%m-%d}")

    @property
    def last(self) -> date:
        """The day of the last contact."""
        return date.fromisoformat(f"{self.calls['offered_at'].iloc[-1]:%Y-%m-%d}")

    def between(self, first: date | None, last: date | None) -> "Log":
        """Return the part from a day to another, both included. Raises SimError where nothing is left."""
        at = self.calls["offered_at"]
        kept = pd.Series(True, index=self.calls.index)
        if first is not None:
            kept &= at >= pd.Timestamp(first)
        if last is not None:
            kept &= at < pd.Timestamp(last) + pd.Timedelta(days=1)
        calls = self.calls[kept].reset_index(drop=True)
        if calls.empty:
            raise SimError(
                f"{self.path}: no contact from {first or self.first} to {last or self.last}; it has"
                f" {self.first} to {self.last}"
            )
        return Log(self.path, self.format, self.digest, calls, self.problems, self.readings, self.columns)


def formats() -> tuple[str, ...]:
    """Return the names of all formats."""
    return (COLUMNS_FORMAT, *EVENT_FORMATS, *shipped())


def read_log(path: str | Path, format_: str = COLUMNS_FORMAT) -> Log:
    """Read a log in a format: `columns` finds the columns by their heads, `columns:MAP.yaml` has them from a map file.

    Raises SimError for an unknown format, and where nothing can be read; rows that cannot be read are counted.
    """
    file = Path(path)
    name, _, map_file = str(format_).partition(":")
    if name not in formats():
        raise SimError(f"no format {quoted(name)}; {did_you_mean(name, formats())}")
    if map_file and name != COLUMNS_FORMAT:
        raise SimError(f"{quoted(format_)}: only `columns` takes a map file")
    if not file.is_file():
        raise SimError(
            f"{file}: {'this is a folder, not a file' if file.is_dir() else 'there is no such file'}"
        )
    problems = Problems()
    mapped: ColumnMap | None = None
    if name in EVENT_FORMATS:
        calls = EVENT_FORMATS[name](file, problems)
    else:
        place = Path(map_file) if map_file else shipped().get(name)
        mapped = None if place is None else read_map(place)
        calls = read_table(file, mapped, problems)
    readings = () if mapped is None or not mapped.reading else (mapped.reading,)
    return Log(
        str(file),
        name,
        _digest(file),
        finished(calls, problems),
        problems,
        readings,
        {} if mapped is None else mapped.columns,
    )


def _digest(file: Path) -> str:
    found = sha256()
    with file.open("rb") as content:
        while part := content.read(1 << 20):
            found.update(part)
    return found.hexdigest()[:16]
