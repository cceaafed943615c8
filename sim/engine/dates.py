"""A calendar on an engine: its open dates apart, each on its own clock from midnight, or all on one."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sim.engine.clock import Due
from sim.engine.ranks import CLOSING
from sim.engine.request import QUEUED
from sim.records import Recorder, Records
from sim.records.dated import Batch, DatedRecords, RowsOnTheCalendar
from sim.scenario.day_contents import hours_of
from sim.scenario.single_days import joined_of

if TYPE_CHECKING:
    from sim.engine.queue import WaitingQueue
    from sim.engine.request import Request
    from sim.engine.router import Router
    from sim.engine.simulate import Centre
    from sim.scenario import Scenario
    from sim.scenario.single_days import CalendarDay, Linked
    from sim.workload import Workload

OneDay = Callable[["Scenario", "Workload", Recorder], Records]

Closing = tuple[float, str, str]
"""When, whether a queue `closes`, `opens` or `ends` its day, and its name."""


def simulate_dates(
    scenario: "Scenario", workload: "Workload", recorder: Recorder | None, one: OneDay
) -> Records:
    """Simulate the open dates of a scenario's calendar by `one`, and return the records of all of them.

    They are simulated apart, or on one clock where they hang together.
    """
    recorder = Recorder(scenario) if recorder is None else recorder
    joined = joined_of(scenario)
    if joined is not None:
        return _on_one_clock(scenario, one(joined, workload, recorder))
    rows = RowsOnTheCalendar(recorder)
    days = [
        one(date.scenario, customers, rows.recorder(date.scenario, recorder.tables, date.midnight_s))
        for date, customers in zip(scenario.days, workload.days, strict=True)
    ]
    return DatedRecords(scenario, recorder, workload.replication, days)


def _on_one_clock(scenario: "Scenario", records: Records) -> Records:
    """Cut the records of dates on one clock into those of each; closed days belong to the open one before them."""
    midnights = [date.midnight_s for date in scenario.days]
    spans = zip(midnights, [*midnights[1:], float("inf")], strict=True)
    records.days = tuple(Batch(records, begin, end) for begin, end in spans)
    return records


# Nights between dates on one clock.


class Night(Due):
    """A moment at which a queue closes for the night, opens again, or ends the day with whom it could not serve."""

    __slots__ = ("_queue", "_router", "_what")

    def __init__(self, router: "Router", what: str, queue: "WaitingQueue") -> None:
        self._router = router
        self._what = what
        self._queue = queue

    def fire(self, token: int) -> None:
        """Let it happen."""
        del token
        if self._what == "closes":
            self._router.clear_queues((self._queue,))
            return
        self._queue.closed = False
        if self._what == "ends":
            for request in self._queue.requests():
                if request.state == QUEUED:
                    _leave_open(self._router, request)


def _leave_open(router: "Router", request: "Request") -> None:
    """End a search whose day is over: it is open, and its wait ended with the day's last work."""
    last = router.last_work_s
    router.close(request, "unfinished", "UNFINISHED", max(last, request.placed_at))
    router.last_work_s = last
    request.conversation.on_no_agent(request)


def schedule_closings(centre: "Centre") -> None:
    """Put into the clock's calendar what happens at the closings of queues that come before the end of the run."""
    for at, what, name in closings(centre.scenario):
        centre.clock.schedule_due(at, CLOSING, Night(centre.router, what, centre.context.queues[name]))


def closings(scenario: "Scenario") -> "Iterator[Closing]":
    """Return the closings of queues that come before the end of the run, and what follows upon them."""
    if scenario.linked is not None:
        for name, queue in scenario.queues.items():
            if not queue.carry_over:
                yield from _nights(scenario.linked, name, scenario.closing == "clear_queues")
    elif scenario.date is not None and scenario.closing == "clear_queues":
        yield from _early_closings(scenario.date)


def _early_closings(date: "CalendarDay") -> "Iterator[Closing]":
    """Return the queues that close before their date does, and when; one that is closed all day does from the start."""
    for name in date.of.queues:
        hours = hours_of(date.of, date.calendar, name, date.date)
        closes = 0.0 if hours is None else date.calendar.instant(date.date, hours.closes)
        if closes < date.closes_s:
            yield closes, "closes", name


def _nights(linked: "Linked", name: str, clears: bool) -> "Iterator[Closing]":
    """Return what happens at the closings of a queue on dates on one clock.

    Who waits is sent away at closing where it is cleared; else they are served as long as somebody is there, and who
    waits still when the date ends, or at the next opening, is open.
    """
    hours = linked.hours_s(name)
    for at, (_, closes, day) in enumerate(hours):
        opens_again = hours[at + 1][0] if at + 1 < len(hours) else float("inf")
        if opens_again <= closes:
            continue
        if clears:
            yield closes, "closes", name
            if opens_again < float("inf"):
                yield opens_again, "opens", name
        else:
            over = max(day.midnight_s + day.length_s, closes)
            yield min(over, opens_again), "ends", name
