"""What was recorded: the contacts of a CSV file, checked against the scenario's names and hours, and fitted logs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import Field, ValidationInfo

from sim.errors import did_you_mean, quoted
from sim.scenario.context import Surroundings, surroundings_of
from sim.scenario.csv_files import Cell, CsvTable, Row, seconds_from_opening
from sim.scenario.fields import Day, Part
from sim.scenario.included_files import cell_number, finished, refuse_beside, table_of

NEEDED = ("contact_id", "channel", "queue", "offered_at")
FURTHER = (
    "patience_s", "waited_s", "outcome", "handle_time_s", "wrap_up_s", "transfer_to", "transfer_after_s", "agent",
    "label",
)  # fmt: skip
"""Columns that a recorded day may have; a cell left empty is drawn from the law, where there is one."""
NOT_HANDED_ON = "-"
"""In `transfer_to`: the conversation was not handed on, whatever the law has."""
ANSWERED, ABANDONED = "answered", "abandoned"
Fields = tuple[Any, ...]


class Fitted(Part):
    """The part of a log that a scenario was fitted from, which `sim backtest` does not test it on."""

    log: str = Field(description="Name of the log's file.")
    from_: Day = Field(alias="from", description="First day, a date such as 2026-03-02.")
    to: Day = Field(description="Last day, a date.")
    digest: str = Field(description="First digits of the SHA-256 of the log's file.")


def read_replay(given: Mapping[str, Any], info: ValidationInfo) -> Mapping[str, Any]:
    """Put the contacts of a recorded day beside the file they come from."""
    refuse_beside("replay", given, ("every",))
    table = table_of(given, "replay", info, NEEDED, (*NEEDED, *FURTHER))
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
        self._same_medium("channel", row["channel"], "queue", row["queue"])
        patience_s, waited_s = self._patience(row)
        handle_time_s = maybe(row.get("handle_time_s"), cell_number)
        return (
            read(row["contact_id"], self._id),
            read(row["channel"], self._name("channel")),
            read(row["queue"], self._name("queue")),
            read(row["offered_at"], self._time),
            patience_s,
            handle_time_s,
            maybe(row.get("label"), self._name("label")),
            waited_s,
            maybe(row.get("wrap_up_s"), cell_number),
            *self._transfer(row, handle_time_s),
            maybe(row.get("agent"), str),
        )

    def _patience(self, row: Row) -> tuple[float | None, float | None]:
        """Return the patience where it is known, and else what it exceeds: the wait of who was answered."""
        patience_s = self.table.read_if_any(row.get("patience_s"), cell_number)
        waited_s = self.table.read_if_any(row.get("waited_s"), cell_number)
        outcome = self.table.read_if_any(row.get("outcome"), _outcome)
        for name, other in (("waited_s", "outcome"), ("outcome", "waited_s")):
            cell, beside = row.get(name), row.get(other)
            if cell is not None and cell.text and (beside is None or not beside.text):
                self.table.note(cell, f"goes with {other}, which this row lacks")
        if waited_s is None or outcome is None:
            return patience_s, None
        if outcome == ABANDONED:
            if patience_s is not None and patience_s != waited_s:
                self.table.note(
                    row["patience_s"], f"`{patience_s:g}` is not the `{waited_s:g}` s after which they left"
                )
            return waited_s, None
        if patience_s is not None and patience_s < waited_s:
            what = f"`{patience_s:g}` is less than the `{waited_s:g}` s that they waited for their answer"
            self.table.note(row["patience_s"], what)
        return patience_s, waited_s if patience_s is None else None

    def _transfer(self, row: Row, handle_time_s: float | None) -> tuple[str | None, float | None]:
        cell, moment = row.get("transfer_to"), row.get("transfer_after_s")
        to, after_s = None, self.table.read_if_any(moment, cell_number)
        if cell is not None and cell.text:
            to = cell.text if cell.text == NOT_HANDED_ON else self.table.read(cell, self._name("queue"))
        if to is not None and to != NOT_HANDED_ON and cell is not None:
            self._same_medium("queue", row["queue"], "queue", cell)
        if after_s is not None and moment is not None:
            if to is None or to == NOT_HANDED_ON:
                self.table.note(moment, "needs a queue in transfer_to")
            elif handle_time_s is not None and after_s > handle_time_s:
                self.table.note(moment, f"`{after_s:g}` is above the handle time of {handle_time_s:g} s")
        return to, after_s

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

    def _same_medium(self, kind: str, one: Cell, other_kind: str, other: Cell) -> None:
        there = self.around.media_of.get((f"{kind}s", one.text))
        here = self.around.media_of.get((f"{other_kind}s", other.text))
        if there and here and there != here:
            media = f"of medium {quoted(here)}, {kind} {quoted(one.text)} of {quoted(there)}"
            self.table.note(other, f"{other_kind} {quoted(other.text)} is {media}")


def _outcome(text: str) -> str:
    if text not in (ANSWERED, ABANDONED):
        raise ValueError(f"unknown outcome {quoted(text)}; write {ANSWERED} or {ABANDONED}")
    return text
