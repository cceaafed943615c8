"""Overflow by expected wait: helpers come in when the queue is long, in place of after a fixed time."""

from math import inf
from typing import Any

import pytest

from policies.centres import HELPERS, centre, figures_of, with_policy
from sim.policies import QueueView, expected_wait_s
from sim.policies.guarded import OverflowByExpectedWait
from sim.scenario import Scenario

AT_ONCE = {"queues__sales__steps__0__for": "0s"}


def by_expected_wait(**changes: object) -> Scenario:
    return with_policy(centre(HELPERS, **changes, **AT_ONCE), "overflow_by_expected_wait")


def test_it_wins_in_a_rush_while_the_helpers_have_little_to_do() -> None:
    """Nobody waits out the minute any more that the first step lasts, and care is hardly touched."""
    timed, overflown = figures_of(centre(HELPERS)), figures_of(by_expected_wait())
    assert overflown("service_level", queue="sales") > timed("service_level", queue="sales") + 0.1
    assert overflown("asa", queue="sales") < 0.7 * timed("asa", queue="sales")
    assert overflown("service_level", queue="care") > timed("service_level", queue="care") - 0.02


@pytest.mark.slow
def test_it_loses_where_helpers_are_slow_and_have_customers_of_their_own() -> None:
    """Theirs then wait for help that sales would have done without: the estimate knows nothing of them."""
    slow = {"teams__care__speed": {"sales": "50%"}, "arrivals__1__per_hour": 70}
    timed, overflown = figures_of(centre(HELPERS, **slow)), figures_of(by_expected_wait(**slow))
    assert overflown("service_level", queue="care") < timed("service_level", queue="care") - 0.03


def test_it_keeps_the_helpers_out_while_the_queue_is_short() -> None:
    """All steps open at once is another policy: that one asks the helpers whenever all of sales are busy."""
    anybody, overflown = figures_of(centre(HELPERS, **AT_ONCE)), figures_of(by_expected_wait())
    assert overflown("answered", team="care") < 0.9 * anybody("answered", team="care")


class _Queue:
    name, priority, available = "sales", 1, 0

    def __init__(self, waiting: int, capacity_per_s: float) -> None:
        self.waiting = waiting
        self.capacity_per_s = capacity_per_s


@pytest.mark.parametrize(
    ("waiting", "capacity_per_s", "seconds"), [(0, 0.0, 0), (3, 0.05, 60), (1, 0.0, inf), (2, inf, 0)]
)
def test_the_estimate_is_the_queue_over_the_rate_at_which_it_is_served(
    waiting: int, capacity_per_s: float, seconds: float
) -> None:
    queue: QueueView = _Queue(waiting, capacity_per_s)
    assert expected_wait_s(queue) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("step", "waiting", "allowed"), [(1, 0, True), (2, 1, False), (2, 2, False), (2, 3, True), (3, 3, True)]
)
def test_a_later_step_is_open_only_where_the_first_would_take_too_long(
    step: int, waiting: int, allowed: bool
) -> None:
    """One is served in 20 s: of 20, 40 and 60 s alone the last is more than 40 s."""

    class _Asked:
        def __init__(self) -> None:
            self.step, self.queue = step, _Queue(waiting, 0.05)

    asked: Any = _Asked()
    assert OverflowByExpectedWait(limit_s=40.0).allows(asked) is allowed
