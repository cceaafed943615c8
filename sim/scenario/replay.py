"""A recorded day: the contacts of a CSV file, checked against the scenario's names and hours."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationInfo

from sim.scenario.csv_table import Cell, CsvTable, Row
from sim.scenario.intervals import seconds_from_opening
from sim.scenario.nearest import did_you_mean, shown
from sim.scenario.surroundings import Surroundings, surroundings_of
from sim.scenario.tables import cell_number, finished, refuse_beside, table_of

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
            raise ValueError(f"the contact {shown(text)} is there twice")
        self.seen.add(text)
        return text

    def _name(self, kind: str) -> Callable[[str], str]:
        known: Sequence[str] = self.around.names.get(f"{kind}s", ())

        def read(text: str) -> str:
            if text not in known:
                raise ValueError(f"unknown {kind} {shown(text)}; {did_you_mean(text, known)}")
            return text

        return read

    def _time(self, text: str) -> float:
        at = seconds_from_opening(text, self.around)
        if at < self.latest:
            raise ValueError(f"{shown(text)} is before the row above; the rows have to be in order")
        if self.around.lasts is not None and at >= self.around.lasts:
            raise ValueError(f"{shown(text)} is after the end")
        self.latest = at
        return at

    def _same_medium(self, channel: Cell, queue: Cell) -> None:
        there = self.around.media_of.get(("channels", channel.text))
        here = self.around.media_of.get(("queues", queue.text))
        if there and here and there != here:
            media = f"of medium {shown(here)}, channel {shown(channel.text)} of {shown(there)}"
            self.table.note(queue, f"queue {shown(queue.text)} is {media}")
