"""Arrival curves by hand; busyness and mismatch are found again where they were planted, and only there."""

import numpy as np
import pandas as pd
import pytest

from logs.conftest import Frame
from sim.logs import arrivals
from sim.logs.log import OpeningHours

HOUR = OpeningHours(opens=9 * 3600.0, closes=10 * 3600.0, every=1800.0)
DAYS = 400


def test_rates_are_an_hours_of_the_mean_day(frame: Frame) -> None:
    calls = frame(
        ("q5", "09:00:00", None, "09:20:00", None),
        ("q5", "09:10:00", None, "09:20:00", None),
        ("q5", "2014-03-04 09:40:00", None, "2014-03-04 09:50:00", None),
        ("q2", "2014-03-04 09:10:00", None, "2014-03-04 09:50:00", None),
    )
    rates = arrivals.hourly_rates(calls, HOUR)
    assert rates.to_dict("list") == {"q2": [1.0, 0.0], "q5": [2.0, 1.0]}


def offers(own: float, common: float) -> pd.DataFrame:
    """Two large queues and one small, whose own factor is the one to find."""
    rng = np.random.default_rng(5)
    day = rng.gamma(common**-2, common**2, DAYS)
    factor = rng.gamma(own**-2, own**2, DAYS) if own else np.ones(DAYS)
    means = {"large": 4000 * day, "larger": 5000 * day, "small": 400 * day * factor}
    return pd.DataFrame({queue: rng.poisson(mean) for queue, mean in means.items()})


def test_a_queues_own_busyness_is_found_beside_the_common() -> None:
    own = arrivals.stream_busyness(offers(own=0.2, common=0.15))
    assert own["small"] == pytest.approx(0.2, rel=0.1)
    assert own["large"] < 0.02


def test_poisson_counts_are_no_busyness() -> None:
    assert (arrivals.stream_busyness(offers(own=0.0, common=0.15)) < 0.02).all()


def a_months_calls(rng: np.random.Generator, demand: np.ndarray) -> pd.DataFrame:
    """Calls of one queue with this expected count in each of two half-hours of each day."""
    days = np.repeat(np.arange(DAYS), 2)
    slots = np.tile([0, 1], DAYS)
    counts = rng.poisson(demand)
    at = pd.Timestamp("2014-03-03 09:00:00") + pd.to_timedelta(
        np.repeat(days * 86400 + slots * 1800, counts), unit="s"
    )
    return pd.DataFrame({"offered_at": at, "queue": "q5"})


def staff(agents: np.ndarray) -> pd.DataFrame:
    """So many agents for all of each half-hour."""
    starts = [
        pd.Timestamp("2014-03-03 09:00:00") + pd.Timedelta(days=n // 2, minutes=30 * (n % 2))
        for n in range(2 * DAYS)
    ]
    since = pd.Series(np.repeat(np.asarray(starts, dtype="datetime64[us]"), agents))
    return pd.DataFrame({"agent": "a", "since": since, "until": since + pd.Timedelta(minutes=30)})


def test_demand_that_was_staffed_for_is_no_mismatch() -> None:
    rng = np.random.default_rng(6)
    agents = rng.integers(10, 30, 2 * DAYS)
    calls = a_months_calls(rng, 30.0 * agents)
    assert arrivals.mismatch(calls, staff(agents), HOUR) < 0.03


def test_demand_beyond_the_staff_is() -> None:
    rng = np.random.default_rng(7)
    agents = rng.integers(10, 30, 2 * DAYS)
    surprise = rng.gamma(0.15**-2, 0.15**2, 2 * DAYS)
    calls = a_months_calls(rng, 30.0 * agents * surprise)
    assert arrivals.mismatch(calls, staff(agents), HOUR) == pytest.approx(0.15, rel=0.1)
