"""A recorded day as streams."""

import math
from collections.abc import Iterable

from sim.scenario.arrivals import Arrivals
from sim.scenario.arrivals import Contact as Recorded
from sim.workload.stream import Stream
from sim.workload.streams import Seeds
from sim.workload.written import Contact, Key, streams_of


def replayed(arrivals: Arrivals, seeds: Seeds, taken: set[str]) -> tuple[Stream, ...]:
    """Make one stream for each pair of channel and queue in a recorded day, in the order of first appearance.

    What was recorded of a contact stands; a cell left empty is drawn from the law, a label from the shares.
    A stream is named "channel/queue", with "#2", "#3", ... where that is in `taken`, to which it is added.
    """

    def name_of(key: Key) -> str:
        name = free_name("/".join(key), taken)
        taken.add(name)
        return name

    return streams_of(map(_contact, arrivals.contacts), seeds, name_of, arrivals.labels)


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return the name, or where it is taken the first of name#2, name#3, ... that is not."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}#{number}"
    return free


def _contact(row: Recorded) -> Contact:
    values = {"patience": (_cell(row.patience_s),), "handle_time": (_cell(row.handle_time_s),)}
    return Contact(row.offered_at, row.channel, row.queue, row.label, values)


def _cell(seconds: float | None) -> float:
    return math.nan if seconds is None else seconds
