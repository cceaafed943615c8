"""A log as it is read: contacts in the canonical frame, what was left out, and where it came from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd

from sim.errors import SimError, did_you_mean, quoted
from sim.logs.column_map import is_zone, read_map, shipped
from sim.logs.formats import (
    amazon_connect,
    anonymous_bank,
    asterisk,
    expertflow,
    genesys_cloud,
    twilio_taskrouter,
)
from sim.logs.log import released_at
from sim.logs.problems import Problems
from sim.logs.tables import finished, read_table

Reader = Callable[[Path, Problems, str], pd.DataFrame]
"""Reads contacts with the lines of the file as index, in clock times of a zone; what cannot be read is noted."""

READERS: Mapping[str, Reader] = {
    "asterisk": asterisk.read,
    "genesys-cloud": genesys_cloud.read,
    "amazon-connect": amazon_connect.read,
    "twilio-taskrouter": twilio_taskrouter.read,
    "expertflow": expertflow.read,
    "anonymous-bank": anonymous_bank.read,
}
"""Formats that are no table with a row a contact."""

OF_UTC = ("asterisk", "genesys-cloud", "amazon-connect", "twilio-taskrouter")
"""Formats whose times are those of UTC."""

COLUMNS_FORMAT = "columns"
TIMES = (
    "offered_at", "answered_at", "ended_at", "consult_at", "transferred_at", "joined_at", "consult_ended_at",
)  # fmt: skip


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

    def set_back(self, seconds: float) -> "Log":
        """Return the log with its clock set back, so that what comes before a time of night is of the day before."""
        if not seconds:
            return self
        by = pd.Timedelta(seconds=seconds)
        moved = {name: self.calls[name] - by for name in TIMES if name in self.calls}
        return replace(self, calls=self.calls.assign(**moved))

    def read_as(self, *readings: str) -> "Log":
        """Return the log with further readings."""
        return replace(self, readings=(*self.readings, *readings)) if readings else self

    def sharing(self) -> "Log":
        """Return another log with the same columns, which can be taken out of it."""
        return replace(self, calls=self.calls.copy(deep=False))

    def rows(self, first: date | None, last: date | None) -> slice:
        """Return the rows from a day to another, both included: contacts lie in the order of their arrival."""
        at = self.calls["offered_at"]
        begin = 0 if first is None else int(at.searchsorted(pd.Timestamp(first)))
        end = len(at) if last is None else int(at.searchsorted(pd.Timestamp(last) + pd.Timedelta(days=1)))
        return slice(begin, max(begin, end))

    def between(self, first: date | None, last: date | None) -> "Log":
        """Return the part from a day to another, both included. Raises SimError where nothing is left."""
        if first is None and last is None:
            return self
        calls = self.calls.iloc[self.rows(first, last)].reset_index(drop=True)
        if calls.empty:
            raise SimError(
                f"{self.path}: no contact from {first or self.first} to {last or self.last}; it has"
                f" {self.first} to {self.last}"
            )
        return Log(self.path, self.format, self.digest, calls, self.problems, self.readings, self.columns)


@dataclass(frozen=True)
class Source:
    """The log that was fitted: its file, its days and digest, how it was read, and what of it could not be read."""

    path: str
    first: date
    last: date
    digest: str
    readings: tuple[str, ...]
    problems: tuple[str, ...]
    ends_inferred: bool = False

    @classmethod
    def of(cls, log: Log) -> "Source":
        """Return what there is to say of a log."""
        readings, problems = tuple(log.readings), tuple(log.problems.told())
        inferred = log.problems.ends_inferred
        return cls(log.path, log.first, log.last, log.digest, readings, problems, inferred)


def formats() -> tuple[str, ...]:
    """Return the names of all formats."""
    return (COLUMNS_FORMAT, *READERS, *shipped())


def read_log(path: str | Path, format_: str = COLUMNS_FORMAT, time_zone: str = "") -> Log:
    """Read a log in a format: `columns` finds the columns by their heads, `columns:MAP.yaml` has them from a map file.

    Times that name their distance from UTC become clock times of the `time_zone`. Raises SimError for an unknown
    format, for a zone that is none or has no use, and where nothing can be read; rows that cannot be read are counted.
    """
    file = Path(path)
    name, _, map_file = str(format_).partition(":")
    if name not in formats():
        raise SimError(f"no format {quoted(name)}; {did_you_mean(name, formats())}")
    if map_file and name != COLUMNS_FORMAT:
        raise SimError(f"{quoted(format_)}: only `columns` takes a map file")
    if time_zone and not is_zone(time_zone):
        raise SimError(f"{quoted(time_zone)} is no time zone; write one such as Europe/Berlin")
    if not file.is_file():
        raise SimError(
            f"{file}: {'this is a folder, not a file' if file.is_dir() else 'there is no such file'}"
        )
    problems = Problems()
    readings: tuple[str, ...] = ()
    columns: Mapping[str, str] = {}
    if name in READERS:
        calls = READERS[name](file, problems, time_zone)
        if problems.has_local_clocks:
            readings = ("dates that name no distance from UTC are read as the clocks that they show",)
        elif name in OF_UTC and not time_zone:
            readings = ("the times are those of UTC; --time-zone Europe/Berlin makes them local",)
    else:
        place = Path(map_file) if map_file else shipped().get(name)
        mapped = None if place is None else read_map(place)
        calls = read_table(file, mapped, problems, time_zone)
        if mapped is not None:
            readings, columns = (mapped.reading,) if mapped.reading else (), mapped.columns
    found = finished(calls, problems)
    if found.empty:
        raise SimError(f"{file}: there is no contact that can be read: {problems}")
    if "kind" in found and not (found["kind"].isna() | (found["kind"] == "inbound")).any():
        there = ", ".join(quoted(str(one)) for one in found["kind"].unique()[:5])
        raise SimError(
            f"{file}: no contact is of the kind `inbound`, all are {there}, which is read as after a transfer; rename"
            " the column, or leave `kind` out of the map file"
        )
    told = (*readings, *problems.readings, *_never_ended(found))
    return Log(str(file), name, _digest(file), found, problems, told, columns)


def _never_ended(calls: pd.DataFrame) -> Iterator[str]:
    """Tell contacts of a day or longer: of mails that may be so, a call was hardly ended by anybody."""
    long = released_at(calls) - calls["answered_at"]
    count = int((long >= pd.Timedelta(days=1)).sum())
    if count:
        hours = long.max() / pd.Timedelta(hours=1)
        yield (
            f"{count:,} of the contacts took a day or longer to handle, up to {hours:,.0f} h, as if nobody had ended"
            " them; they count like all others, in handle times and in who is at work"
        )


def _digest(file: Path) -> str:
    found = sha256()
    with file.open("rb") as content:
        while part := content.read(1 << 20):
            found.update(part)
    return found.hexdigest()[:16]
