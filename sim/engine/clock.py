"""The clock: a SimPy environment on which waiting processes are resumed straight from the calendar.

**What SimPy does.** Each wait is an event of its own: `yield env.timeout(5)` makes a `Timeout` with a list of
callbacks, the calendar calls them, and the process registers anew. Waiting for "answered, or out of patience" is
a condition over two events. Most of a run is then spent on events.

**What is done here.** The calendar stays SimPy's heap of `(time, priority, sequence, thing)`, but it may hold a
waiting process itself, which is resumed without an event between. The sequence number is the token by which an
entry that no longer counts is recognised, so that nothing has to be cancelled. This runs a day in a third of the
time.

**What remains SimPy.** `Clock` is an `Environment`: events, timeouts, conditions, resources, stores and
`env.process(...)` of plain generators run on it. Whatever is `Awaitable` passes for a `simpy.Event`, a `Process` for
a `simpy.Process`: other processes can `yield` them, combine them with `|` and `&`, interrupt them and meet them as
`env.active_process`, and `env.run(until=customer)` ends with them. Their list of callbacks is made on first demand:
who is not waited for pays nothing.

This is the only module that touches the private fields of SimPy's `Environment`.
"""

import sys
from collections.abc import Callable, Generator, Iterator
from heapq import heappop, heappush
from typing import Any

import simpy
from simpy.events import NORMAL, PENDING, URGENT

from sim.engine.ranks import LAST, OVER
from sim.errors import SimError


class Due:
    """Anything the calendar can hold: when its time comes it is called with the token of the entry."""

    __slots__ = ()
    token: int | None = None
    """The entry for which a waiting process goes on; nothing else has one."""

    @property
    def process(self) -> Any:
        """What is `env.active_process` while it is at work: none, unless it is a process or speaks for one."""
        return None

    def fire(self, token: int) -> None:
        """Do what was due, unless `token` is no longer the one that counts."""
        raise NotImplementedError


class Clock(simpy.Environment):
    """A SimPy environment whose calendar also takes `Due` things; time is in seconds from opening."""

    # `now` is a slot where SimPy has a property over `_now`: it is read many times a contact, and a property is a
    # call. SimPy's other fields are slots as well, as a slot beside an instance
    # dictionary would take the interpreter's fast path from the fields in the dictionary.
    __slots__ = ("_active_proc", "_eid", "_queue", "now")
    now: float
    _active_proc: Any

    def __init__(self, numbers: Iterator[int] | None = None) -> None:
        """Start at opening; `numbers` are those of the entries, where they may run out."""
        super().__init__(0.0)
        if numbers is not None:
            self._eid: Any = numbers
        next(self._eid)  # 0 is no entry: it stands for none wherever a token is kept

    @property
    def _now(self) -> float:  # SimPy sets it in its `__init__`
        return self.now

    @_now.setter
    def _now(self, time: float) -> None:
        self.now = time

    @property
    def active_process(self) -> simpy.Process | None:
        """The process that is at work."""
        # Looked for on the stack when somebody asks: to note it at each turn would cost 3 % of a run.
        frame = sys._getframe(1)
        while frame is not None:
            name = _TURNS.get(frame.f_code)
            if name is not None:
                there = frame.f_locals
                if getattr(there["self"], "env", there["self"]) is self:
                    one = there[name]
                    active: simpy.Process | None = one.process if isinstance(one, Due) else one
                    return active
            frame = frame.f_back  # type: ignore[assignment]
        return None

    def schedule(self, event: Any, priority: Any = NORMAL, delay: float = 0) -> None:
        """Put an event of SimPy's own into the calendar, where everything is something that is due."""
        self.schedule_due(self.now + delay, priority, _SimpyEvent(event))

    def schedule_due(self, time: float, rank: int, thing: Due) -> int:
        """Put `thing` into the calendar at `time` and return the token of the entry."""
        token: int = next(self._eid)
        heappush(self._queue, (time, rank, token, thing))  # type: ignore[misc]
        return token

    def run_calendar(self, until: float) -> None:
        """Work off the calendar up to and including `until`, or until `stop` is called."""
        queue: list[Any] = self._queue
        self.schedule_due(until, LAST, _End())
        try:
            # Not `while queue`: the end is in it, and Python makes a loop fast where it jumps back without a question.
            while True:
                self.now, _, token, thing = heappop(queue)
                if token == thing.token:  # a process goes on; a call for it would be 2 % of a run
                    thing.token = 0
                    send = thing._send
                    try:
                        send(None)
                    except StopIteration:
                        thing.token = ENDED  # `finish`, written out
                        if thing._callbacks is not None:
                            thing.resume_waiting()
                else:
                    thing.fire(token)
        except _EndedError:
            return

    def run_watched(self, until: float, at_rest: Callable[[], None]) -> None:
        """Work off the calendar likewise, and call `at_rest` whenever all that falls on an instant has happened."""
        self.schedule_due(until, LAST, _End())
        try:
            while self._queue:
                if self._queue[0][0] != self.now:
                    at_rest()
                self.step()
        except _EndedError:
            return

    def step(self) -> None:
        """Process the next entry, as `run` of a SimPy environment asks for; a whole day takes `run_calendar`."""
        if not self._queue:
            raise simpy.core.EmptySchedule
        self.now, _, token, thing = heappop(self._queue)
        due: Any = thing
        if token == due.token:
            due.wake(None)
        else:
            due.fire(token)

    def stop(self) -> None:
        """End the run before the centre does anything else."""
        self.schedule_due(self.now, OVER, _End())


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

    # A wrapper, as SimPy's events have no token: with one the run's loop asks each entry the same question.
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


# What other processes can wait for.


class Awaitable(Due):
    """Something with an end that other processes can wait for; to them it is a `simpy.Event`.

    SimPy's event holds a list of callbacks from its birth. Here it is made when something waits and asks for it.
    """

    # Not derived from `simpy.Event`, whose instances have a dictionary each, for 1 % of a run. It says that it is one,
    # which is what `isinstance` and so `env.run(until=...)` ask, and what an event can be asked is taken over.
    __slots__ = ("_callbacks", "_defused")
    _callbacks: list[Any] | None
    clock: Clock

    triggered = simpy.Event.triggered
    processed = simpy.Event.processed
    ok = simpy.Event.ok
    value = simpy.Event.value
    defused = simpy.Event.defused
    __and__: Callable[["Awaitable", Any], simpy.Event] = simpy.Event.__and__  # type: ignore[assignment]
    __or__: Callable[["Awaitable", Any], simpy.Event] = simpy.Event.__or__  # type: ignore[assignment]

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return simpy.Event

    @property
    def _value(self) -> Any:
        """SimPy's state of an event: PENDING until the end, then its value or what went wrong."""
        raise NotImplementedError

    @property
    def env(self) -> Clock:
        """The clock, by SimPy's name."""
        return self.clock

    @property
    def callbacks(self) -> Any:
        """What is called at the end, as in SimPy: None once that has been done."""
        if self._callbacks is None and self._value is PENDING:
            self._callbacks = []
        return self._callbacks

    @callbacks.setter
    def callbacks(self, callbacks: Any) -> None:
        self._callbacks = callbacks

    @property
    def _ok(self) -> bool:
        return not isinstance(self._value, BaseException)

    def resume_waiting(self) -> None:
        """Schedule the callbacks at the end; to be called only where `_callbacks` is not None."""
        self.clock.schedule(self)


ENDED, FAILED = -1, -2
"""The tokens of a process that has ended, well or by an interrupt that it did not expect."""


class Process(Awaitable):
    """A generator that waits on the clock; each bare `yield` parks it until its time comes or it is woken.

    The value of the `yield` is None when the time set by `until` has come, else what `wake` was given. To the rest
    of a SimPy model it is a `simpy.Process`, whose `target` is None as it waits for no event.
    """

    __slots__ = ("_failure", "_send", "clock", "token")
    token: int
    clock: Clock
    _send: Callable[[Any], None]
    target = None

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return simpy.Process

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.token = 0
        self._callbacks = None

    def start(self, life: Generator[None, Any, None]) -> None:
        """Run `life` up to its first wait, at once: a process does not begin one event late."""
        self._send = send = life.send
        try:
            send(None)
        except StopIteration:
            self.finish()

    def until(self, time: float, rank: int) -> None:
        """Set the instant at which the process goes on by itself; an earlier setting no longer counts."""
        # `schedule_due`, written out: this is the most frequent wait.
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
            self.token = ENDED  # `finish`, written out
            if self._callbacks is not None:
                self.resume_waiting()

    def finish(self) -> None:
        """End the process, and resume those that wait for it."""
        self.token = ENDED
        if self._callbacks is not None:
            self.resume_waiting()

    def end(self) -> None:
        """Never go on: a process that would wait for ever lets go of what it knows."""
        self.finish()
        del self._send

    def fire(self, token: int) -> None:
        """Do nothing: the time was set anew or the process was woken since, else the calendar lets it go on."""

    # As other SimPy code sees it.

    @property
    def process(self) -> Any:
        """Itself."""
        return self

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return type(self).__name__.lower()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self.token >= 0

    @property
    def _value(self) -> Any:
        if self.token >= 0:
            return PENDING
        return self._failure if self.token == FAILED else None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}({self.name})>"

    def interrupt(self, cause: Any = None) -> None:
        """Throw `simpy.Interrupt(cause)` into the process at this instant.

        One that expects none ends, and the run with it unless a process that waits for it handles the failure.
        Raises RuntimeError where it has ended already or would interrupt itself, as SimPy does.
        """
        if self.token < 0:
            raise RuntimeError(f"{self} has terminated and cannot be interrupted.")
        if self.clock.active_process is self.process:
            raise RuntimeError("A process is not allowed to interrupt itself.")
        self.clock.schedule_due(self.clock.now, URGENT, _Interruption(self, cause))

    def throw(self, interrupt: simpy.Interrupt) -> None:
        """Go on with an interrupt raised at the wait."""
        self.token = 0
        generator: Any = self._send.__self__  # type: ignore[attr-defined]
        try:
            generator.throw(interrupt)
        except StopIteration:
            self.finish()
        except simpy.Interrupt as uncaught:
            self._fail(uncaught)

    def _fail(self, interrupt: simpy.Interrupt) -> None:
        """End with a failure, which SimPy raises out of the run unless a process that waits handles it."""
        now = self.clock.now
        self._failure = SimError(
            f"{now:.1f} s after opening: {self.name} was interrupted ({interrupt.cause}) where it expects none"
        )
        if self._callbacks is None:
            self._callbacks = []
        self.token = FAILED
        self.resume_waiting()


class _Interruption(Due):
    """An interrupt that is about to reach its process."""

    __slots__ = ("_cause", "_process")

    def __init__(self, process: Process, cause: Any) -> None:
        self._process = process
        self._cause = cause

    @property
    def process(self) -> Process:
        """The process that it reaches."""
        return self._process

    def fire(self, token: int) -> None:
        """Interrupt the process, unless an earlier interrupt of this instant has ended it."""
        del token
        if self._process.is_alive:
            self._process.throw(simpy.Interrupt(self._cause))


_TURNS = {
    Clock.run_calendar.__code__: "thing",
    Clock.step.__code__: "due",
    Process.start.__code__: "self",
    Process.wake.__code__: "self",
    simpy.Process._resume.__code__: "self",
}
"""Where something has its turn, with the local variable that holds it: the innermost of these frames is at work."""
