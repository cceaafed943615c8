"""Requests, one search for an agent each, and tasks, one agent's attempt to serve each; the figures made of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.metrics.cells import Axes
from sim.metrics.columns import (
    BoolArray,
    FloatArray,
    Groups,
    IntArray,
    Pair,
    Ranking,
    codes,
    is_one_of,
    numbers,
    positions,
)
from sim.metrics.metric import Dimension
from sim.records.table import replications

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.scenario.queues import ServiceLevel


CLOCK_GRAIN_S = 1e-6
"""Waits are held against a threshold to the microsecond: 20 s stay 20 s after a subtraction of floats."""


GAVE_UP = ("abandoned", "voicemail", "wait_limit")
"""Outcomes of those who gave up, by themselves or at the wait limit: the service level counts both alike."""


class Judged(NamedTuple):
    """What becomes of searches by a service level: reached and judged by it, and what happened within its threshold.

    `asked` is whether there is a level at all; `missed` are open searches that have waited too long for it.
    """

    asked: BoolArray
    reached: BoolArray
    judged: BoolArray
    answered_within: BoolArray
    abandoned_within: BoolArray
    missed: BoolArray


def judged(
    queue: IntArray,
    levels: Sequence["ServiceLevel | None"],
    wait: FloatArray,
    answered: BoolArray,
    gave_up: BoolArray,
    offered: BoolArray,
    unfinished: BoolArray,
) -> Judged:
    """Judge searches, each by the level of its queue; those of a queue without one are left aside."""
    limit = _of_queue(queue, levels, lambda level: level.within + CLOCK_GRAIN_S)
    asked, within = ~np.isnan(limit), wait <= limit
    forgiven = gave_up & within
    if any(level is not None and level.variant.endswith("short") for level in levels):
        forgiven = gave_up & (wait <= _of_queue(queue, levels, _forgiving))
    only_answered, excludes, credits_ = (
        _variant(queue, levels, start) for start in ("answered_only", "exclude", "credit")
    )
    missed = unfinished & (wait > limit)
    counted = asked & np.where(only_answered, answered, offered & ~unfinished) & ~(excludes & forgiven)
    answered_within = within & answered
    return Judged(
        asked=asked,
        reached=answered_within | (credits_ & forgiven),
        judged=counted | missed,
        answered_within=answered_within,
        abandoned_within=within & gave_up,
        missed=missed,
    )


def _of_queue(
    queue: IntArray, levels: Sequence["ServiceLevel | None"], of: Callable[["ServiceLevel"], float]
) -> FloatArray:
    """Return for each search a number of its queue's level, NaN without one."""
    numbers_ = [np.nan if level is None else of(level) for level in levels]
    found: FloatArray = np.array([*numbers_, np.nan])[queue]
    return found


def _forgiving(level: "ServiceLevel") -> float:
    """Return how long those wait who give up and are not counted against a level that forgives them."""
    return ((level.short or 0.0) if level.variant.endswith("short") else level.within) + CLOCK_GRAIN_S


def _variant(queue: IntArray, levels: Sequence["ServiceLevel | None"], start: str) -> BoolArray:
    """Describe for each search whether the variant of its queue's level begins so."""
    found = np.array([*(level is not None and level.variant.startswith(start) for level in levels), False])
    return found[queue] if found.any() else np.zeros(len(queue), dtype=np.bool_)


def further(level: "ServiceLevel | None", words: str) -> "ServiceLevel | None":
    """Return the further reading of a queue's level with these words, None where it has none."""
    found = None if level is None else next((also for also in level.also if also.words == words), None)
    return None if level is None or found is None else level.read_as(found)


class Requests:
    """The requests placed at or after the end of the warm-up, column by column."""

    def __init__(
        self, frame: "pd.DataFrame", scenario: "Scenario", axes: Axes, added: Mapping[str, float]
    ) -> None:
        measured = frame[numbers(frame, "placed_at") >= scenario.warm_up]
        self.placed_at = numbers(measured, "placed_at")
        self.wait = numbers(measured, "wait")
        self.offers = numbers(measured, "offers")
        self.any = np.ones(len(measured))
        self.answered = is_one_of(measured, "outcome", "answered")
        self.abandoned = is_one_of(measured, "outcome", "abandoned")
        self.no_agent = is_one_of(measured, "outcome", "no_agent")
        self.disconnected = is_one_of(measured, "outcome", "disconnected")
        self.voicemail = is_one_of(measured, "outcome", "voicemail")
        self.wait_limit = is_one_of(measured, "outcome", "wait_limit")
        self.cancelled = is_one_of(measured, "outcome", "cancelled")
        self.refused = is_one_of(measured, "outcome", "refused")
        self.unfinished = is_one_of(measured, "outcome", "unfinished")
        self.balked = self.abandoned & (numbers(measured, "balked") > 0)
        self.placed = ~self.refused
        limited = self.voicemail | self.wait_limit
        lost = self.abandoned | self.no_agent | self.disconnected | limited
        self.offered = self.answered | lost | self.unfinished
        self.gave_up = self.abandoned | limited
        """By the customer or by the wait limit: the service level counts the one like the other."""
        self.served_after = self.answered & _by_added(measured, added)
        self.delayed = self.offered & ~(_first_agent_at(measured) <= self.placed_at)
        self.is_conference = is_one_of(measured, "kind", "conference")
        self.conversation_id = measured["conversation_id"]
        self.codes: dict[Dimension, IntArray] = {
            "queue": codes(measured, "queue", axes.queue),
            "team": codes(measured, "team", axes.team),
            "channel": codes(measured, "channel", axes.channel),
            "kind": codes(measured, "kind", axes.kind),
            "label": codes(measured, "label", axes.label),
            "day": axes.day_of(self.placed_at),
            "interval": axes.interval_of(self.placed_at),
        }
        of, from_queue = replications(measured), codes(measured, "from_queue", axes.queue)
        self.groups = Groups(axes, self.codes, replications=of)
        self.from_groups = Groups(axes, {**self.codes, "queue": from_queue}, replications=of)
        self.waits = Ranking(self.groups, self.wait, self.answered)
        own = [queue.service_level for queue in scenario.queues.values()]
        self.by_level = _by_queue(self, own)
        self.by_further = [_by_queue(self, [further(level, words) for level in own]) for words in axes.level]

    def waited(self, chosen: BoolArray) -> FloatArray:
        """Return the waits of the chosen requests, 0 for the others."""
        return np.where(chosen, self.wait, 0.0)


REQUEST_PAIRS: dict[str, Callable[[Requests], Pair]] = {
    "placed": lambda r: (r.placed, r.any),
    "offered": lambda r: (r.offered, r.any),
    "answered": lambda r: (r.answered, r.any),
    "abandoned": lambda r: (r.abandoned, r.any),
    "balked": lambda r: (r.balked, r.any),
    "no_agent": lambda r: (r.no_agent, r.any),
    "disconnected": lambda r: (r.disconnected, r.any),
    "voicemail": lambda r: (r.voicemail, r.any),
    "wait_limit": lambda r: (r.wait_limit, r.any),
    "cancelled": lambda r: (r.cancelled, r.any),
    "refused": lambda r: (r.refused, r.any),
    "unfinished": lambda r: (r.unfinished, r.any),
    "unfinished_missed": lambda r: (r.by_level.missed, r.any),
    "unfinished_undetermined": lambda r: (r.unfinished & ~r.by_level.missed, r.any),
    "served_after": lambda r: (r.served_after, r.any),
    "delayed": lambda r: (r.delayed, r.any),
    "abandon_rate": lambda r: (r.abandoned, r.offered),
    "no_agent_rate": lambda r: (r.no_agent, r.placed),
    "delay_rate": lambda r: (r.delayed, r.offered),
    "offers_per_request": lambda r: (np.where(r.offered, r.offers, 0.0), r.offered),
    "asa": lambda r: (r.waited(r.answered), r.answered),
    "wait_mean": lambda r: (r.waited(r.answered), r.answered),
    "wait_all_mean": lambda r: (r.waited(r.answered | r.abandoned), r.answered | r.abandoned),
    "abandon_wait_mean": lambda r: (r.waited(r.abandoned), r.abandoned),
    "joined_rate": lambda r: (r.is_conference & r.answered, r.is_conference & r.placed),
    "time_to_join": lambda r: (r.waited(r.is_conference & r.answered), r.is_conference & r.answered),
}
"""Numerator and denominator of each figure, a value a row; a count's second part tells where any can be."""

PERCENTILES = {
    "wait_p50": 0.50,
    "wait_p80": 0.80,
    "wait_p90": 0.90,
    "wait_p95": 0.95,
    "wait_p99": 0.99,
    "wait_max": 1.0,
}


def _first_agent_at(frame: "pd.DataFrame") -> FloatArray:
    """Return the time at which an agent was first there for a request; nothing is offered in a pull queue."""
    offered_at = numbers(frame, "first_offer_at")
    return np.where(np.isnan(offered_at), numbers(frame, "answered_at"), offered_at)


def _by_queue(requests: Requests, levels: Sequence["ServiceLevel | None"]) -> Judged:
    """Judge each request by a level of its own queue."""
    gave_up = requests.gave_up
    return judged(
        requests.codes["queue"],
        levels,
        requests.wait,
        requests.answered,
        gave_up,
        requests.offered,
        requests.unfinished,
    )


def _by_added(frame: "pd.DataFrame", added: Mapping[str, float]) -> BoolArray:
    """Describe for each request whether an agent answered it who had logged in once more for those who waited."""
    if not added:
        return np.zeros(len(frame), dtype=np.bool_)
    since = frame["agent"].astype(object).map(added)
    return np.asarray(numbers(frame, "answered_at") >= np.asarray(since, dtype=np.float64))


# Tasks.


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
                "kind": _at_or_none(kinds, request),
                "label": _at_or_none(codes(requests, "label", axes.label), request),
                "day": axes.day_of(placed_at),
                "interval": axes.interval_of(placed_at),
            },
            replications=replications(frame),
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


def _at_or_none(values: IntArray, position: IntArray) -> IntArray:
    """Look codes up by position; -1 stays -1."""
    if not len(values):
        return np.full(len(position), -1, dtype=np.int64)
    return np.where(position < 0, -1, values[position])


# Tasks as the vendor's reports read them.


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
                "kind": _at_or_none(
                    codes(requests, "kind", axes.kind), positions(requests["request_id"], frame["request_id"])
                ),
                "day": axes.day_of(_began_at(frame)),
                "interval": axes.interval_of(_began_at(frame)),
            },
            replications=replications(frame),
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
    return np.where(np.isnan(values), 0.0, values)  # what is endless stays so


def _thresholds(scenario: "Scenario") -> FloatArray:
    """Return each queue's threshold, NaN where it has none; the last entry stands for no queue."""
    levels = [queue.service_level for queue in scenario.queues.values()]
    return np.array([*(np.nan if level is None else level.within for level in levels), np.nan])
