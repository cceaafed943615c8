"""Requests, one search for an agent each, and the figures made of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.cells import Axes, BoolArray, FloatArray, IntArray, Pair, codes, is_one_of, numbers
from sim.metrics.groups import Groups, Ranking
from sim.metrics.metric import Dimension

if TYPE_CHECKING:
    import pandas as pd

    from sim.records import Ending
    from sim.scenario import Scenario


CLOCK_GRAIN_S = 1e-6
"""Waits are held against a threshold to the microsecond: 20 s stay 20 s after a subtraction of floats."""


class Requests:
    """The requests placed at or after the end of the warm-up, column by column."""

    def __init__(self, frame: "pd.DataFrame", scenario: "Scenario", axes: Axes, ending: "Ending") -> None:
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
        self.served_after = self.answered & _by_added(measured, ending)
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
        self.groups = Groups(axes, self.codes)
        self.from_groups = Groups(axes, {**self.codes, "queue": codes(measured, "from_queue", axes.queue)})
        self.waits = Ranking(self.groups, self.wait, self.answered)
        self.missed = _missed(self, scenario)
        self.within, self.judged = _service_level(self, scenario)

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
    "unfinished_missed": lambda r: (r.missed, r.any),
    "unfinished_undetermined": lambda r: (r.unfinished & ~r.missed, r.any),
    "served_after": lambda r: (r.served_after, r.any),
    "delayed": lambda r: (r.delayed, r.any),
    "service_level": lambda r: (r.within, r.judged),
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


def _service_level(requests: Requests, scenario: "Scenario") -> tuple[BoolArray, BoolArray]:
    """Describe for each request whether it reached its queue's service level, and whether it is judged by it."""
    reached = np.zeros(len(requests.wait), dtype=np.bool_)
    judged = np.zeros(len(requests.wait), dtype=np.bool_)
    for number, queue in enumerate(scenario.queues.values()):
        level = queue.service_level
        if level is None:
            continue
        here = requests.codes["queue"] == number
        within = requests.wait <= level.within + CLOCK_GRAIN_S
        short = requests.wait <= (level.short or 0.0) + CLOCK_GRAIN_S
        reached |= here & requests.answered & within
        ended = requests.offered & ~requests.unfinished
        judged |= here & (requests.answered if level.variant == "answered_only" else ended)
        forgiven = here & requests.gave_up & (short if level.variant.endswith("short") else within)
        if level.variant.startswith("exclude"):
            judged &= ~forgiven
        elif level.variant.startswith("credit"):
            reached |= forgiven
    return reached, judged | requests.missed


def _missed(requests: Requests, scenario: "Scenario") -> BoolArray:
    """Describe for each request whether it is open and has waited longer than its queue promises."""
    levels = [queue.service_level for queue in scenario.queues.values()]
    within = np.array([np.inf if level is None else level.within for level in levels] + [np.inf])
    return requests.unfinished & (requests.wait > within[requests.codes["queue"]] + CLOCK_GRAIN_S)


def _by_added(frame: "pd.DataFrame", ending: "Ending") -> BoolArray:
    """Describe for each request whether an agent answered it who had logged in once more for those who waited."""
    if not ending.added:
        return np.zeros(len(frame), dtype=np.bool_)
    since = frame["agent"].astype(object).map(ending.added)
    return np.asarray(numbers(frame, "answered_at") >= np.asarray(since, dtype=np.float64))
