"""Requests, one search for an agent each, and the figures made of them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.metrics.cells import Axes
from sim.metrics.columns import BoolArray, FloatArray, IntArray, Pair, codes, is_one_of, numbers
from sim.metrics.groups import Groups, Ranking
from sim.metrics.metric import Dimension

if TYPE_CHECKING:
    import pandas as pd

    from sim.records import Ending
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
    found = Judged(*(np.zeros(len(wait), dtype=np.bool_) for _ in Judged._fields))
    for number, level in enumerate(levels):
        if level is None:
            continue
        here = queue == number
        within = here & (wait <= level.within + CLOCK_GRAIN_S)
        short = here & (wait <= (level.short or 0.0) + CLOCK_GRAIN_S)
        found.asked[here] = True
        found.answered_within[within & answered] = True
        found.abandoned_within[within & gave_up] = True
        found.missed[here & unfinished & (wait > level.within + CLOCK_GRAIN_S)] = True
        forgiven = gave_up & (short if level.variant.endswith("short") else within)
        counted = here & (answered if level.variant == "answered_only" else offered & ~unfinished)
        if level.variant.startswith("exclude"):
            counted &= ~forgiven
        found.reached[within & answered] = True
        if level.variant.startswith("credit"):
            found.reached[forgiven] = True
        found.judged[counted] = True
    np.logical_or(found.judged, found.missed, out=found.judged)
    return found


def further(level: "ServiceLevel | None", words: str) -> "ServiceLevel | None":
    """Return the further reading of a queue's level with these words, None where it has none."""
    found = None if level is None else next((also for also in level.also if also.words == words), None)
    return None if level is None or found is None else level.read_as(found)


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


def _by_added(frame: "pd.DataFrame", ending: "Ending") -> BoolArray:
    """Describe for each request whether an agent answered it who had logged in once more for those who waited."""
    if not ending.added:
        return np.zeros(len(frame), dtype=np.bool_)
    since = frame["agent"].astype(object).map(ending.added)
    return np.asarray(numbers(frame, "answered_at") >= np.asarray(since, dtype=np.float64))
