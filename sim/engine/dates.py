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
    """A moment at which queues close for the night, open again, or end the day with whom they could not serve."""

    __slots__ = ("_centre", "_queues", "_what")

    def __init__(self, centre: "Centre", what: str, queues: "tuple[WaitingQueue, ...]") -> None:
        self._centre = centre
        self._what = what
        self._queues = queues

    def fire(self, token: int) -> None:
        """Let it happen."""
        del token
        router = self._centre.router
        if self._what == "closes":
            router.clear_queues(self._queues)
            return
        for queue in self._queues:
            queue.closed = False
            if self._what == "ends":
                for request in queue.requests():
                    if request.state == QUEUED:
                        _leave_open(router, request)


def _leave_open(router: "Router", request: "Request") -> None:
    """End a search whose day is over: it is open, and its wait ended with the day's last work."""
    last = router.last_work_s
    router.close(request, "unfinished", "UNFINISHED", max(last, request.placed_at))
    router.last_work_s = last
    request.conversation.on_no_agent(request)


def schedule_closings(centre: "Centre") -> None:
    """Put into the calendar what happens at the closings of queues that come before the end of the run."""
    scenario = centre.scenario
    if scenario.linked is not None:
        _schedule_nights(centre, scenario.linked)
    elif scenario.date is not None and scenario.closing == "clear_queues":
        for name, closes in early_closings(scenario.date):
            centre.clock.schedule_due(
                closes, CLOSING, Night(centre, "closes", (centre.context.queues[name],))
            )


def early_closings(date: "CalendarDay") -> Iterator[tuple[str, float]]:
    """Return the queues that close before their date does, and when; one that is closed all day does from the start."""
    for name, queue in date.of.queues.items():
        if queue.open is not None:
            hours = hours_of(date.of, date.calendar, name, date.date)
            closes = 0.0 if hours is None else date.calendar.instant(date.date, hours.closes)
            if closes < date.closes_s:
                yield name, closes


def _schedule_nights(centre: "Centre", linked: "Linked") -> None:
    """Do so for dates on one clock, for the queues that do not carry over.

    With `clear_queues` who waits is sent away at closing; else they are served as long as somebody is there, and who
    waits still when the date ends, or at the next opening, is open.
    """
    clears = centre.scenario.closing == "clear_queues"
    for name, queue in centre.context.queues.items():
        if queue.spec.carry_over:
            continue
        hours = linked.hours_s(name)
        for at, (_, closes, day) in enumerate(hours):
            opens_again = hours[at + 1][0] if at + 1 < len(hours) else float("inf")
            if opens_again <= closes:
                continue
            if clears:
                centre.clock.schedule_due(closes, CLOSING, Night(centre, "closes", (queue,)))
                if opens_again < float("inf"):
                    centre.clock.schedule_due(opens_again, CLOSING, Night(centre, "opens", (queue,)))
            else:
                over = max(day.midnight_s + day.length_s, closes)
                centre.clock.schedule_due(min(over, opens_again), CLOSING, Night(centre, "ends", (queue,)))
