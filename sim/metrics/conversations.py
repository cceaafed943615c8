"""Conversations, one a contact, and customers with all their contacts; the figures of the two are never mixed."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.catalogue import LOST
from sim.metrics.cells import Axes
from sim.metrics.columns import (
    BoolArray,
    FloatArray,
    Groups,
    IntArray,
    Pair,
    codes,
    is_one_of,
    numbers,
    positions,
)
from sim.metrics.requests import GAVE_UP, Judged, Requests, judged
from sim.records.recorder import Recorded
from sim.records.table import replications

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


class Conversations:
    """The conversations that arrived at or after the end of the warm-up, in the interval of their arrival."""

    def __init__(self, records: Recorded, requests: Requests, scenario: "Scenario", axes: Axes) -> None:
        frame, tasks = records.conversations, records.tasks
        measured = frame[numbers(frame, "arrived_at") >= scenario.warm_up]
        arrived_at = numbers(measured, "arrived_at")
        self.any = np.ones(len(measured))
        self.handled = is_one_of(measured, "outcome", "handled")
        self.contained = is_one_of(measured, "outcome", "contained")
        self.blocked = is_one_of(measured, "outcome", "blocked")
        self.lost = {outcome: is_one_of(measured, "outcome", outcome) for outcome, *_ in LOST}
        self.answered = ~np.isnan(numbers(measured, "answered_at"))
        self.transfers = numbers(measured, "transfers")
        self.total_wait = np.where(self.handled, numbers(measured, "total_wait"), 0.0)
        self.stay = np.where(self.handled, numbers(measured, "ended_at") - arrived_at, 0.0)
        joined = requests.conversation_id[requests.is_conference & requests.answered]
        self.joined = _counted(measured["conversation_id"], joined)
        self.whispers = _counted(measured["conversation_id"], records.whispers["conversation_id"])
        self.whispers_in_conferences = np.where(self.joined > 0, self.whispers, 0.0)
        watched = tasks["conversation_id"][is_one_of(tasks, "task_direction", "SILENT_MONITOR")]
        barged_in = tasks["conversation_id"][is_one_of(tasks, "task_direction", "BARGE_IN")]
        self.monitored = _counted(measured["conversation_id"], watched) > 0
        self.barged_in = _counted(measured["conversation_id"], barged_in) > 0
        self.groups = Groups(
            axes,
            {
                "queue": codes(measured, "queue", axes.queue),
                "channel": codes(measured, "channel", axes.channel),
                "label": codes(measured, "label", axes.label),
                "day": axes.day_of(arrived_at),
                "interval": axes.interval_of(arrived_at),
            },
            replications=replications(measured),
        )


def _lost(outcome: str, conversations: Conversations) -> Pair:
    return conversations.lost[outcome], conversations.any


CONVERSATION_PAIRS: dict[str, Callable[[Conversations], Pair]] = {
    "conversations": lambda c: (c.any, c.any),
    "handled": lambda c: (c.handled, c.any),
    "contained": lambda c: (c.contained, c.any),
    "blocked": lambda c: (c.blocked, c.any),
    "blocked_rate": lambda c: (c.blocked, c.any),
    **{f"contacts_{outcome}": partial(_lost, outcome) for outcome, *_ in LOST},
    "total_wait": lambda c: (c.total_wait, c.handled),
    "time_in_system": lambda c: (c.stay, c.handled),
    "transfers_per_conversation": lambda c: (np.where(c.answered, c.transfers, 0.0), c.answered),
    "whispers": lambda c: (c.whispers, c.answered),
    "whispers_per_conference": lambda c: (c.whispers_in_conferences, c.joined),
    "monitored_rate": lambda c: (c.monitored, c.answered),
    "barge_in_rate": lambda c: (c.barged_in, c.monitored),
}


def _counted(
    keys: "pd.Series[int]", found: "pd.Series[int]"
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Count for each key how often it is found."""
    at = positions(keys, found)
    return np.bincount(at[at >= 0], minlength=len(keys)).astype(np.float64)


class Customers:
    """The customers whose first contact came at or after the end of the warm-up, by that first contact."""

    def __init__(self, records: Recorded, scenario: "Scenario", axes: Axes) -> None:
        frame = records.conversations
        number = np.asarray(frame["customer_id"], dtype=np.int64)
        arrived_at = numbers(frame, "arrived_at")
        first = (numbers(frame, "attempt") == 0) & (arrived_at >= scenario.warm_up)
        of_first = number[first]
        self.any = np.ones(len(of_first))
        self.contacts = _summed(number, np.ones(len(number)), of_first)
        served = is_one_of(frame, "outcome", "handled", "contained").astype(np.float64)
        self.served = _summed(number, served, of_first) > 0
        self.total_wait = _summed(number, numbers(frame, "total_wait"), of_first)
        queue = codes(frame, "queue", axes.queue)[first]
        self.by_level = _over_attempts(records, of_first, queue, scenario) if axes.customers else None
        self.groups = Groups(
            axes,
            {
                "queue": queue,
                "channel": codes(frame, "channel", axes.channel)[first],
                "label": codes(frame, "label", axes.label)[first],
                "day": axes.day_of(arrived_at[first]),
                "interval": axes.interval_of(arrived_at[first]),
            },
            replications=replications(frame[first]),
        )


CUSTOMER_PAIRS: dict[str, Callable[[Customers], Pair]] = {
    "customers": lambda c: (c.any, c.any),
    "customers_served_rate": lambda c: (c.served, c.any),
    "contacts_per_customer": lambda c: (c.contacts, c.any),
    "customer_wait": lambda c: (c.total_wait, c.any),
}


def _over_attempts(records: Recorded, wanted: IntArray, queue: IntArray, scenario: "Scenario") -> Judged:
    """Judge customers by the waits of all their attempts, each by the service level of the queue they asked first.

    An attempt is a contact's own search for an agent; those of transfers and conferences are none.
    """
    frame, requests = records.conversations, records.requests
    tried = requests[is_one_of(requests, "kind", "inbound")]
    at = positions(frame["conversation_id"], tried["conversation_id"])
    tried, at = tried[at >= 0], at[at >= 0]
    number = np.asarray(frame["customer_id"], dtype=np.int64)[at]

    def any_of(*outcomes: str) -> BoolArray:
        ended = is_one_of(tried, "outcome", *outcomes)
        found: BoolArray = _summed(number, ended.astype(np.float64), wanted) > 0
        return found

    answered, unfinished = any_of("answered"), any_of("unfinished")
    gave_up = any_of(*GAVE_UP) & ~answered & ~unfinished
    wait = _summed(number, np.nan_to_num(numbers(tried, "wait"), posinf=np.inf), wanted)
    levels = [one.service_level for one in scenario.queues.values()]
    offered = answered | unfinished | any_of(*GAVE_UP, "no_agent", "disconnected")
    return judged(queue, levels, wait, answered, gave_up, offered, unfinished & ~answered)


def _summed(number: IntArray, values: FloatArray, wanted: IntArray) -> FloatArray:
    """Sum the values by customer, for the customers wanted."""
    if not len(wanted):
        return np.zeros(0)
    return np.bincount(number, weights=values, minlength=int(wanted.max()) + 1).astype(np.float64)[wanted]
