"""One simulated day, event by event, and what tells it from another one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import ceil

from sim.experiments.gate.witness import Row, line
from sim.records import TABLES

MARKS = 256
"""Into so many stretches, at most, a stored trace is divided to find the first event that differs."""

MARK_DIGITS = 8


@dataclass(frozen=True)
class Day:
    """The events and the contacts of replication 0, as rows of the tables `events` and `conversations`."""

    events: Sequence[Row]
    contacts: Sequence[Row]

    @cached_property
    def lines(self) -> list[str]:
        """The events as they go into the digest: without their number, to the millisecond."""
        return [line(event) for event in self.events]

    @cached_property
    def trace(self) -> "Trace":
        """What is stored of it."""
        return Trace.of(self.lines)

    def conversations(self) -> Iterator[dict[str, object]]:
        """Give the contacts with the names of their columns."""
        names = [column.name for column in TABLES["conversations"]]
        return (dict(zip(names, contact, strict=True)) for contact in self.contacts)


@dataclass(frozen=True, slots=True)
class Trace:
    """The digest of a day's events, and of each stretch of `stretch` events from the beginning."""

    digest: str
    events: int
    stretch: int
    marks: tuple[str, ...]

    @classmethod
    def of(cls, lines: Sequence[str], stretch: int | None = None) -> "Trace":
        """Digest a day; `stretch` is that of another trace to compare with."""
        stretch = stretch or max(1, ceil(len(lines) / MARKS))
        digest, marks = sha256(), []
        for number, text in enumerate(lines, 1):
            digest.update(text.encode() + b"\n")
            if number % stretch == 0:
                marks.append(digest.hexdigest()[:MARK_DIGITS])
        return cls(digest.hexdigest(), len(lines), stretch, tuple(marks))
