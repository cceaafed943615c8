"""Contacts that are put together from events: columns of numbers, as a log may have millions."""

from array import array
from typing import Any

import numpy as np
import pandas as pd

from sim.logs.log import COLUMNS
from sim.logs.problems import Problems
from sim.logs.tables import possible
from sim.logs.times import local_times

NEVER = -1
ROOM = 1024
"""Contacts for which room is made at once."""
MOMENTS = ("offered_at", "answered_at", "ended_at", "transferred_at")
LENGTHS = ("rings", "rung_s", "ring_s", "wrap_up_s")
NAMED = ("queue", "agent", "transfer_to", "channel", "outcome")


class EventContacts:
    """Contacts by the number in which they came; moments are seconds since 1970, names are counted."""

    def __init__(self) -> None:
        self.line, self.is_transfer = array("q"), array("b")
        self.moments = {name: array("d") for name in MOMENTS}
        self.lengths = {name: array("f") for name in LENGTHS}
        self.named = {name: array("i") for name in NAMED}
        self._names: dict[str, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def name(self, text: str) -> int:
        """Return the number of a name."""
        return self._names.setdefault(text, len(self._names))

    def arrive(self, line: int, at: float, queue: str, *, is_transfer: bool = False) -> int:
        """Add a contact, and return its number."""
        row = self._count
        if row == len(self.line):
            self._make_room()
        self._count = row + 1
        self.line[row], self.is_transfer[row] = line, is_transfer
        self.moments["offered_at"][row], self.named["queue"][row] = at, self.name(queue)
        return row

    def _make_room(self) -> None:
        """Add rows of contacts that are still to come, of which nothing is known."""
        for column in (self.line, self.is_transfer):
            column.extend([0] * ROOM)
        for moments in self.moments.values():
            moments.extend([np.nan] * ROOM)
        for name, lengths in self.lengths.items():
            lengths.extend([0.0 if name == "rings" else np.nan] * ROOM)
        for names in self.named.values():
            names.extend([NEVER] * ROOM)

    def ring_out(self, row: int, seconds: float) -> None:
        """Count an offer that rang out, after so many seconds."""
        self.lengths["rings"][row] += 1.0
        if seconds > 0.0 and not self.lengths["rung_s"][row] >= seconds:
            self.lengths["rung_s"][row] = seconds

    def frame(self, zone: str, problems: Problems) -> pd.DataFrame:
        """Return the contacts that ended, in clock times of the zone; those of which no end is known are noted.

        The columns are handed over, so that there is never a second copy of all.
        """
        by_name: list[array[Any]] = [*self.moments.values(), *self.lengths.values(), *self.named.values()]
        for column in (self.line, self.is_transfer, *by_name):
            del column[self._count :]
        columns: dict[str, object] = {
            name: local_times(np.frombuffer(self.moments.pop(name)), zone).to_numpy() for name in MOMENTS
        }
        names = pd.Index(list(self._names), dtype="str")
        for name in NAMED:
            codes = np.frombuffer(self.named.pop(name), dtype=np.int32)
            if name in ("queue", "agent") or (codes != NEVER).any():
                columns[name] = pd.Categorical.from_codes(codes, names).remove_unused_categories()
        for name in LENGTHS:
            lengths = np.frombuffer(self.lengths.pop(name), dtype=np.float32)
            if name == "rings" or not np.isnan(lengths).all():
                columns[name] = lengths
        kinds = np.frombuffer(self.is_transfer, dtype=np.int8)
        columns["kind"] = pd.Categorical.from_codes(kinds, pd.Index(["inbound", "transfer"]))
        frame = pd.DataFrame(columns, index=np.frombuffer(self.line, dtype=np.int64), copy=False)
        for name in COLUMNS:
            if name not in frame and name not in ("contact_id", "outcome"):
                frame[name] = np.full(len(frame), np.datetime64("NaT", "ms"))
        unended = frame["ended_at"].isna()
        problems.note("a contact without an end in the log", frame.index[unended])
        return possible(frame[~unended] if unended.any() else frame, problems)
