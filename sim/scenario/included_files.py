"""CSV files beside a scenario: head-counts, forecasts, recorded contacts, seen values.

They are read while the scenario is loaded, from its own folder only, and every mistake names row and column.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationInfo

from sim.errors import did_you_mean, quoted
from sim.scenario.context import Finding, Surroundings, several, surroundings_of
from sim.scenario.csv_files import (
    Cell,
    CsvTable,
    Row,
    grid_mistakes,
    seconds_from_opening,
    table_from,
    text_of_file,
)
from sim.scenario.numbers import decimal, whole

T = TypeVar("T")
HEAD_COUNT_COLUMNS = ("interval_start", "agents")
FORECAST_COLUMNS = ("interval_start", "volume", "aht_s")


def read_values(given: Mapping[str, Any], info: ValidationInfo) -> Mapping[str, Any]:
    """Put the values of an empirical law beside the file they come from."""
    if "values" in given:
        refuse_beside("values", given, ("file", "column"))
        return given
    if given.get("file") is None or not isinstance(given.get("column"), str):
        raise ValueError("an empirical law needs values, or file and column")
    table = table_of(given, "file", info, (given["column"],))
    values = [table.read(row[given["column"]], cell_number) for row in table.rows]
    return {**given, "values": finished(table, values)}


def read_head_count(given: Mapping[str, Any], info: ValidationInfo) -> Mapping[str, Any]:
    """Put the intervals of a head-count beside the file they come from."""
    if given.get("file") is None:
        return given
    refuse_beside("file", given, ("every", "agents"))
    table = table_of(given, "file", info, HEAD_COUNT_COLUMNS, HEAD_COUNT_COLUMNS)
    agents = [table.read(row["agents"], _cell_count) for row in table.rows]
    _, every = _intervals(table, info)
    return {**given, "every": every, "agents": finished(table, agents)}


def read_forecast(given: Mapping[str, Any], info: ValidationInfo) -> Mapping[str, Any]:
    """Put the rows of a forecast (start, volume, mean handle time) beside the file they come from."""
    refuse_beside("file", given, ("every",))
    table = table_of(given, "file", info, FORECAST_COLUMNS[:2], FORECAST_COLUMNS)
    volumes = [table.read(row["volume"], cell_number) for row in table.rows]
    handle_times = [_handle_time(table, row, volume) for row, volume in zip(table.rows, volumes, strict=True)]
    starts, every = _intervals(table, info)
    rows = list(zip(starts, finished(table, volumes), handle_times, strict=True))
    return {**given, "every": every, "forecast": rows}


def _handle_time(table: CsvTable, row: Row, volume: float | None) -> float | None:
    """Read the mean handle time of an interval; where no contact arrives 0 means that there is none."""
    return table.read_if_any(row.get("aht_s"), cell_number if volume == 0 else _cell_above_0) or None


def refuse_beside(key: str, given: Mapping[str, Any], others: Sequence[str]) -> None:
    """Refuse keys that have no meaning beside another."""
    found = [Finding((other,), f"does not go with {key}") for other in others if given.get(other) is not None]
    if found:
        raise several(found)


def table_of(
    given: Mapping[str, Any],
    key: str,
    info: ValidationInfo,
    needed: Sequence[str],
    possible: Sequence[str] | None = None,
) -> CsvTable:
    """Read the file that a key names."""
    around = surroundings_of(info) or Surroundings()
    if not around.clock_known:  # its times cannot be judged; `opens` itself is reported
        raise several([])
    try:
        table = table_from(*_path_and_text(given[key], around), needed, possible)
    except ValueError as error:
        raise several([Finding((key,), str(error))]) from None
    if not table.rows:
        raise several(table.shortened())
    return table


def finished(table: CsvTable, values: Sequence[T | None]) -> tuple[T, ...]:
    """Return what was read. Raises where the table has mistakes by now."""
    if table.mistakes:
        raise several(table.shortened())
    return tuple(value for value in values if value is not None)


def cell_number(text: str) -> float:
    """Read a number that is not below 0. Raises ValueError."""
    value = decimal(text)
    if value < 0:
        raise ValueError(f"{quoted(text)} has to be a number of at least 0")
    return value


def _cell_above_0(text: str) -> float:
    value = cell_number(text)
    if value == 0:
        raise ValueError(f"{quoted(text)} has to be above 0")
    return value


def _cell_count(text: str) -> int:
    return int(whole(cell_number(text)))


def _path_and_text(name: Any, around: Surroundings) -> tuple[str, str]:
    """Return the path of a file as messages show it, and its text. Raises ValueError."""
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"{quoted(name)} is not the name of a file")
    if name in around.texts:
        return name, around.texts[name]
    path = _inside(name, around.folder)
    return str(path), around.texts.setdefault(name, text_of_file(path))


def _inside(name: str, folder: Path | None) -> Path:
    """Return the path of a file in the scenario's folder. Raises ValueError for every other."""
    if folder is None:
        raise ValueError(f"{quoted(name)} cannot be read, since this scenario is in no folder")
    path = folder / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{quoted(name)} is outside the scenario's folder; only files in it are read")
    return path


def _intervals(table: CsvTable, info: ValidationInfo) -> tuple[tuple[float, ...], float]:
    """Read and check the starts of the intervals, and their common length in seconds."""
    around = surroundings_of(info) or Surroundings()
    cells = [row["interval_start"] for row in table.rows]
    starts = finished(table, [table.read(cell, _reader(around)) for cell in cells])
    table.mistakes.extend(grid_mistakes(table.path, cells, starts, around.lasts))
    return starts, (starts[1] - starts[0] if len(starts) > 1 else around.lasts or 3600.0)


def _reader(around: Surroundings) -> Callable[[str], float]:
    return lambda text: seconds_from_opening(text, around)


# A recorded day: the contacts of a CSV file, checked against the scenario's names and hours.

REPLAY_COLUMNS = ("contact_id", "channel", "queue", "offered_at", "patience_s", "handle_time_s", "label")
Fields = tuple[Any, ...]


def read_replay(given: Mapping[str, Any], info: ValidationInfo) -> Mapping[str, Any]:
    """Put the contacts of a recorded day beside the file they come from."""
    refuse_beside("replay", given, ("every",))
    table = table_of(given, "replay", info, REPLAY_COLUMNS[:4], REPLAY_COLUMNS)
    reader = _Reader(table, surroundings_of(info) or Surroundings())
    return {**given, "contacts": finished(table, [reader.contact(row) for row in table.rows])}


class _Reader:
    """Reads the rows one after the other."""

    def __init__(self, table: CsvTable, around: Surroundings) -> None:
        self.table, self.around = table, around
        self.seen: set[str] = set()
        self.latest = 0.0

    def contact(self, row: Row) -> Fields:
        read, maybe = self.table.read, self.table.read_if_any
        self._same_medium(row["channel"], row["queue"])
        return (
            read(row["contact_id"], self._id),
            read(row["channel"], self._name("channel")),
            read(row["queue"], self._name("queue")),
            read(row["offered_at"], self._time),
            maybe(row.get("patience_s"), cell_number),
            maybe(row.get("handle_time_s"), cell_number),
            maybe(row.get("label"), self._name("label")),
        )

    def _id(self, text: str) -> str:
        if not text or text in self.seen:
            raise ValueError(f"the contact {quoted(text)} is there twice")
        self.seen.add(text)
        return text

    def _name(self, kind: str) -> Callable[[str], str]:
        known: Sequence[str] = self.around.names.get(f"{kind}s", ())

        def read(text: str) -> str:
            if text not in known:
                raise ValueError(f"unknown {kind} {quoted(text)}; {did_you_mean(text, known)}")
            return text

        return read

    def _time(self, text: str) -> float:
        at = seconds_from_opening(text, self.around)
        if at < self.latest:
            raise ValueError(f"{quoted(text)} is before the row above; the rows have to be in order")
        if self.around.lasts is not None and at >= self.around.lasts:
            raise ValueError(f"{quoted(text)} is after the end")
        self.latest = at
        return at

    def _same_medium(self, channel: Cell, queue: Cell) -> None:
        there = self.around.media_of.get(("channels", channel.text))
        here = self.around.media_of.get(("queues", queue.text))
        if there and here and there != here:
            media = f"of medium {quoted(here)}, channel {quoted(channel.text)} of {quoted(there)}"
            self.table.note(queue, f"queue {quoted(queue.text)} is {media}")
