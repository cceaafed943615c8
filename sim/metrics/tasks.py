"""Tasks, one agent's part in a conversation or one attempt at it, and the figures made of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.arrays import FloatArray, IntArray, Pair
from sim.metrics.axes import Axes
from sim.metrics.columns import at_or_none, codes, is_one_of, numbers, positions
from sim.metrics.groups import Groups

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


class Tasks:
    """The tasks of requests placed at or after the end of the warm-up, in the interval of that placing.

    A task without a request, as that of a supervisor who barges in, is taken by its own beginning. A handled
    task is one that an agent answered and ended; silent monitoring is none.
    """

    def __init__(
        self, tasks: "pd.DataFrame", requests: "pd.DataFrame", scenario: "Scenario", axes: Axes
    ) -> None:
        request = positions(requests["request_id"], tasks["request_id"])
        placed_at = _placed_at(tasks, requests, request)
        measured = placed_at >= scenario.warm_up
        frame, request, placed_at = tasks[measured], request[measured], placed_at[measured]
        answered_at, ended_at = numbers(frame, "task_answered_time"), numbers(frame, "task_end_time")
        wrap_up_at = numbers(frame, "task_wrap_up_time")
        worked_until = np.where(np.isnan(wrap_up_at), ended_at, wrap_up_at)
        ended = ~np.isnan(ended_at) & ~is_one_of(frame, "task_disposition", "UNFINISHED")
        self.handled = ~np.isnan(answered_at) & ended & ~is_one_of(frame, "task_direction", "SILENT_MONITOR")
        self.handling = np.where(self.handled, worked_until - answered_at, 0.0)
        self.wrap_up = np.where(self.handled, ended_at - worked_until, 0.0)
        self.transferred = self.handled & is_one_of(frame, "task_disposition", "TRANSFERRED")
        self.rang = ~np.isnan(numbers(frame, "task_reserved_time"))
        self.missed = (
            self.rang
            & np.isnan(answered_at)
            & is_one_of(frame, "task_disposition", "RONA", "NO_AGENT_AVAILABLE")
        )
        kinds = codes(requests, "kind", axes.kind)
        self.groups = Groups(
            axes,
            {
                "queue": codes(frame, "queue_id", axes.queue),
                "team": codes(frame, "team", axes.team),
                "channel": codes(frame, "channel", axes.channel),
                "kind": at_or_none(kinds, request),
                "interval": axes.interval_of(placed_at),
            },
        )


TASK_PAIRS: dict[str, Callable[[Tasks], Pair]] = {
    "missed_rate": lambda t: (t.missed, t.rang),
    "handle_time": lambda t: (t.handling, t.handled),
    "wrap_up_time": lambda t: (t.wrap_up, t.handled),
    "transfer_rate": lambda t: (t.transferred, t.handled),
}


def _placed_at(tasks: "pd.DataFrame", requests: "pd.DataFrame", request: IntArray) -> FloatArray:
    queued_at, answered_at = numbers(tasks, "task_queue_time"), numbers(tasks, "task_answered_time")
    own = np.where(np.isnan(queued_at), answered_at, queued_at)
    placed_at = numbers(requests, "placed_at")
    return np.where(request < 0, own, placed_at[request]) if len(placed_at) else own
