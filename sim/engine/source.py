"""Where customers come from: the arrival streams of a workload on the clock."""

from typing import TYPE_CHECKING

from sim.engine import ranks
from sim.engine.clock import Due
from sim.engine.draws import Draw, StreamDraws
from sim.scenario import Scenario, SelfService
from sim.workload import Stream, Workload

if TYPE_CHECKING:
    from sim.engine.centre import Centre

PACK_EVERY = 4096
"""Contacts after which the rows recorded so far are packed."""


class Source:
    """One arrival stream at work: its name, channel and queue, and what is drawn for its contacts at birth."""

    __slots__ = (
        "channel", "draws", "identified", "labels", "name", "priorities", "queue", "self_service",
        "self_service_time",
    )  # fmt: skip

    def __init__(self, stream: Stream, scenario: Scenario, self_service: SelfService | None) -> None:
        self.name = stream.name
        self.channel = stream.channel
        self.queue = stream.queue
        self.draws = StreamDraws(stream)
        self.self_service = self_service
        if self_service is not None:
            self.self_service_time = Draw("self_service", stream.name, self_service.time)
        self.priorities: dict[str | None, int] = {None: 1} | {
            name: label.priority for name, label in scenario.labels.items()
        }
        self.labels = stream.labels
        self.identified = scenario.channels[stream.channel].identified


class Arrivals(Due):
    """Lets the contacts of a workload come, each at his time."""

    __slots__ = ("_centre", "_clock", "_contacts", "_next", "_sources", "_streams", "_times")

    def __init__(self, centre: "Centre", workload: Workload) -> None:
        self._centre = centre
        self._clock = centre.clock
        self._times, self._streams, self._contacts = workload.order()
        self._sources = centre.sources()
        self._next = 0

    def schedule(self) -> None:
        """Put the next arrival into the calendar."""
        if self._next < len(self._times):
            self._clock.schedule_due(self._times[self._next], ranks.ARRIVAL, self)

    def fire(self, token: int) -> None:
        """Let the next contact come."""
        del token
        i = self._next
        self._next = i + 1
        self.schedule()
        if not i % PACK_EVERY:
            self._centre.router.recorder.pack()
        self._centre.customer_comes(self._sources[self._streams[i]], self._contacts[i])
