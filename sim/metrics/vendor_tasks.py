"""Tasks, one agent's part in a conversation or one attempt at it: as the vendor's reports read them, and as ours do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.cells import Axes
from sim.metrics.columns import FloatArray, IntArray, Pair, at_or_none, codes, is_one_of, numbers, positions
from sim.metrics.groups import Groups
from sim.metrics.requests import CLOCK_GRAIN_S

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


class VendorTasks:
    """The tasks that began at or after the end of the warm-up, each in the interval of its own beginning."""

    def __init__(
        self, tasks: "pd.DataFrame", requests: "pd.DataFrame", scenario: "Scenario", axes: Axes
    ) -> None:
        frame = tasks[_began_at(tasks) >= scenario.warm_up]
        queue = codes(frame, "queue_id", axes.queue)
        queued_at, reserved_at = numbers(frame, "task_queue_time"), numbers(frame, "task_reserved_time")
        answered_at, ended_at = numbers(frame, "task_answered_time"), numbers(frame, "task_end_time")
        self.any = np.ones(len(frame))
        self.offered = ~np.isnan(queued_at) & is_one_of(frame, "task_mode", "QUEUE")
        self.queue_duration = np.where(self.offered, _or_zero(numbers(frame, "task_queue_duration")), 0.0)
        self.rang = ~np.isnan(reserved_at)
        self.alert_duration = np.where(self.rang, _or_zero(numbers(frame, "task_alert_duration")), 0.0)
        ended = ~np.isnan(ended_at) & ~is_one_of(frame, "task_disposition", "UNFINISHED")
        self.handled = ~np.isnan(answered_at) & ended
        self.handled_duration = np.where(self.handled, ended_at - answered_at, 0.0)
        self.abandoned = is_one_of(frame, "task_disposition", "CANCELLED")
        self.left = self.abandoned & self.offered
        self.left_after = np.where(self.left, ended_at - queued_at, 0.0)
        self.no_agent = is_one_of(frame, "task_disposition", "NO_AGENT_AVAILABLE")
        self.rona = is_one_of(frame, "task_disposition", "RONA")
        self.transferred = is_one_of(frame, "task_disposition", "TRANSFERRED")
        threshold = _thresholds(scenario)[queue] + CLOCK_GRAIN_S
        self.judged = self.offered & ~np.isnan(threshold)
        routed_after = np.where(self.rang, reserved_at, ended_at) - queued_at
        in_time = self.judged & (routed_after <= threshold)
        self.answered_within = in_time & self.rang & ~np.isnan(answered_at)
        self.abandoned_within = in_time & self.abandoned
        self.groups = Groups(
            axes,
            {
                "queue": queue,
                "team": codes(frame, "team", axes.team),
                "channel": codes(frame, "channel", axes.channel),
                "kind": at_or_none(
                    codes(requests, "kind", axes.kind), positions(requests["request_id"], frame["request_id"])
                ),
                "day": axes.day_of(_began_at(frame)),
                "interval": axes.interval_of(_began_at(frame)),
            },
        )


VENDOR_PAIRS: dict[str, Callable[[VendorTasks], Pair]] = {
    "vendor_offered": lambda t: (t.offered, t.any),
    "vendor_abandoned": lambda t: (t.abandoned, t.any),
    "vendor_abandon_rate": lambda t: (t.left, t.offered),
    "vendor_no_agent": lambda t: (t.no_agent, t.any),
    "vendor_rona": lambda t: (t.rona, t.any),
    "vendor_transferred_out": lambda t: (t.transferred, t.any),
    "vendor_average_queue_duration": lambda t: (t.queue_duration, t.offered),
    "vendor_asa": lambda t: (t.alert_duration, t.rang),
    "vendor_handled_duration": lambda t: (t.handled_duration, t.handled),
    "vendor_average_abandoned_duration": lambda t: (t.left_after, t.left),
    "vendor_service_level_1": lambda t: (t.answered_within, t.judged & ~t.abandoned_within),
    "vendor_service_level_2": lambda t: (t.answered_within, t.judged),
    "vendor_service_level_3": lambda t: (t.answered_within | t.abandoned_within, t.judged),
}


def _began_at(frame: "pd.DataFrame") -> FloatArray:
    """Return when a task entered its queue or, where it entered none, was reserved or answered."""
    times = [numbers(frame, f"task_{what}_time") for what in ("queue", "reserved", "answered", "end")]
    queued_at, *later = times
    for time in later:
        queued_at = np.where(np.isnan(queued_at), time, queued_at)
    return queued_at


def _or_zero(values: FloatArray) -> FloatArray:
    return np.nan_to_num(values, nan=0.0)


def _thresholds(scenario: "Scenario") -> FloatArray:
    """Return each queue's threshold, NaN where it has none; the last entry stands for no queue."""
    levels = [queue.service_level for queue in scenario.queues.values()]
    return np.array([*(np.nan if level is None else level.within for level in levels), np.nan])


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
                "label": at_or_none(codes(requests, "label", axes.label), request),
                "day": axes.day_of(placed_at),
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
