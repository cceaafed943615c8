"""A recorded day as streams."""

import math

from sim.scenario.arrivals import Arrivals
from sim.scenario.arrivals import Contact as Recorded
from sim.workload.stream import Stream
from sim.workload.streams import Seeds
from sim.workload.written import Contact, streams_of


def replayed(arrivals: Arrivals, seeds: Seeds, entry: str) -> tuple[Stream, ...]:
    """Make one stream for each pair of channel and queue in a recorded day, in the order of first appearance.

    What was recorded of a contact stands; a cell left empty is drawn from the law, a label from the shares.
    """
    return streams_of(map(_contact, arrivals.contacts), seeds, entry, arrivals.labels)


def _contact(row: Recorded) -> Contact:
    values = {"patience": (_cell(row.patience_s),), "handle_time": (_cell(row.handle_time_s),)}
    return Contact(row.offered_at, row.channel, row.queue, row.label, values)


def _cell(seconds: float | None) -> float:
    return math.nan if seconds is None else seconds
