"""Conversations, one a contact, and the figures made of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.arrays import Pair
from sim.metrics.axes import Axes
from sim.metrics.columns import codes, is_one_of, numbers, positions
from sim.metrics.groups import Groups
from sim.metrics.recorded import Recorded
from sim.metrics.requests import Requests

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
                "interval": axes.interval_of(arrived_at),
            },
        )


PAIRS: dict[str, Callable[[Conversations], Pair]] = {
    "conversations": lambda c: (c.any, c.any),
    "handled": lambda c: (c.handled, c.any),
    "contained": lambda c: (c.contained, c.any),
    "blocked": lambda c: (c.blocked, c.any),
    "blocked_rate": lambda c: (c.blocked, c.any),
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
