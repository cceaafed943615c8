"""The clock: a SimPy environment on which waiting processes are resumed straight from the calendar.

SimPy makes an event for each wait, and a condition of events for "answered or out of patience"; most of a
run is then spent on events. Here the calendar, which stays SimPy's own heap of `(time, priority, sequence,
thing)`, may hold a waiting process itself. The sequence number is the token by which an entry that no longer
counts is recognised, so nothing has to be cancelled. Plain SimPy events, processes and resources go on working
on the same clock.
"""

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

from simpy import Environment
from simpy.events import NORMAL

# The order of what falls on the same instant; within a rank, what was scheduled first comes first.
#
# Plain numbers in a module: a look at an enumeration's member takes a tenth of a contact's event.

FIRST = -1
"""Before all others."""

CUSTOMER_LEAVES = 0
ACCEPT = 1
HANDLING_ENDS = 2
RING_TIMEOUT = 3
REQUEST_TTL = 4
STEP_OPENS = 5
WRAP_UP_ENDS = 6
ROSTER = 7
ARRIVAL = 8

LAST = 99
"""After all others."""


class Due:
    """Anything the calendar can hold: when its time comes it is called with the token of the entry."""

    __slots__ = ()
    token: int | None = None
    """The entry for which a waiting process goes on; nothing else has one."""

    def fire(self, token: int) -> None:
        """Do what was due, unless `token` is no longer the one that counts."""
        raise NotImplementedError


class Clock(Environment):
    """A SimPy environment whose calendar also takes `Due` things; time is in seconds from opening."""

    def __init__(self) -> None:
        super().__init__(0.0)

    def schedule(self, event: Any, priority: Any = NORMAL, delay: float = 0) -> None:
        """Put an event of SimPy's own into the calendar, where everything is something that is due."""
        self.schedule_due(self._now + delay, priority, _SimpyEvent(event))

    def schedule_due(self, time: float, rank: int, thing: Due) -> int:
        """Put `thing` into the calendar at `time` and give the token of the entry."""
        token: int = next(self._eid)
        heappush(self._queue, (time, rank, token, thing))  # type: ignore[misc]
        return token

    def run_calendar(self, until: float) -> None:
        """Work off the calendar up to and including `until`, or until `stop` is called."""
        queue: list[Any] = self._queue
        self.schedule_due(until, LAST, _End())
        try:
            while queue:
                self._now, _, token, thing = heappop(queue)
                if token == thing.token:  # a process goes on; a call for it would be 2 % of a run
                    thing.token = 0
                    try:
                        thing._send(None)
                    except StopIteration:
                        thing.token = 0
                else:
                    thing.fire(token)
        except _EndedError:
            return

    def stop(self) -> None:
        """End the run before anything else happens."""
        self.schedule_due(self._now, FIRST, _End())


class _EndedError(Exception):
    """The run is over."""


class _End(Due):
    """The end of the run."""

    __slots__ = ()

    def fire(self, token: int) -> None:
        del token
        raise _EndedError


class _SimpyEvent(Due):
    """An event of SimPy's own in the calendar."""

    __slots__ = ("_event",)

    def __init__(self, event: Any) -> None:
        self._event = event

    def fire(self, token: int) -> None:
        del token
        event = self._event
        callbacks, event.callbacks = event.callbacks, None
        for callback in callbacks:
            callback(event)
        if not event.ok and not event.defused:
            raise event.value


class Process(Due):
    """A generator that waits on the clock; each bare `yield` parks it until its time comes or somebody wakes it.

    The value of the `yield` is None when the time set by `until` has come, else what `wake` was given.
    """

    __slots__ = ("_send", "clock", "token")
    token: int
    _send: Callable[[Any], None]

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.token = 0

    def start(self, life: Generator[None, Any, None]) -> None:
        """Run `life` up to its first wait, at once: a process does not begin one event late."""
        self._send = send = life.send
        try:
            send(None)
        except StopIteration:
            self.token = 0

    def until(self, time: float, rank: int) -> None:
        """Set the instant at which the process goes on by itself; an earlier setting no longer counts."""
        clock = self.clock
        self.token = token = next(clock._eid)
        heappush(clock._queue, (time, rank, token, self))  # type: ignore[misc]

    def wake(self, message: Any) -> None:
        """Go on now, with `message` as the value of the wait."""
        self.token = 0
        send = self._send
        try:
            send(message)
        except StopIteration:
            self.token = 0

    def end(self) -> None:
        """Never go on: a process that would wait for ever lets go of what it knows."""
        self.token = 0
        del self._send

    def fire(self, token: int) -> None:
        """Do nothing: the time was set anew or the process was woken since, else the calendar lets it go on."""
