"""The number of waiting requests over time."""

import numpy as np
import pytest

from metrics.by_hand import NAN, figures, request, world

ROWS = [
    request("answered", 600.0, at=0),
    request("answered", 1800.0, at=300, queue="billing", kind="transfer"),
    request("abandoned", 900.0, at=1500),
    request("answered", 0.0, at=1600),
    request("refused", 0.0, at=1600, kind="conference"),
    request("answered", 3600.0, at=3000),
]


def test_the_mean_is_the_area_under_the_queue_until_arrivals_stop() -> None:
    measured = figures(requests=ROWS)
    assert measured.value("queue_length_mean") == pytest.approx((600 + 1800 + 900 + 600) / 3600)
    assert measured.value("queue_length_mean", queue="general") == pytest.approx((600 + 900 + 600) / 3600)
    assert measured.value("queue_length_mean", kind="transfer") == pytest.approx(1800 / 3600)
    assert measured.value("queue_length_mean", queue="billing", kind="transfer") == pytest.approx(1800 / 3600)


def test_by_interval_it_is_cut_at_the_bounds() -> None:
    measured = figures(requests=ROWS)
    assert measured.value("queue_length_mean", interval="08:00") == pytest.approx((600 + 1500 + 300) / 1800)
    assert measured.value("queue_length_mean", interval="08:30") == pytest.approx((300 + 600 + 600) / 1800)
    assert measured.value("queue_length_mean", queue="general", interval="08:30") == pytest.approx(
        1200 / 1800
    )


def test_the_warm_up_is_cut_off() -> None:
    measured = figures(world(warm_up="10m"), requests=ROWS)
    assert measured.value("queue_length_mean") == pytest.approx((1500 + 900 + 600) / 3000)
    assert measured.value("queue_length_mean", interval="08:00") == pytest.approx((1200 + 300) / 1200)


def test_intervals_outside_the_measured_time_have_no_queue_length() -> None:
    measured = figures(world(warm_up="30m"), requests=[request(wait=9.0, at=at) for at in (100, 1900, 3700)])
    lengths = [measured.value("queue_length_mean", interval=clock) for clock in ("08:00", "08:30", "09:00")]
    assert lengths == pytest.approx([NAN, 9 / 1800, NAN], nan_ok=True)


def test_who_still_waits_at_the_end_waits_until_arrivals_stop() -> None:
    rows = [request("unfinished", NAN, at=3000), request("unfinished", 100.0, at=3000)]
    assert figures(requests=rows).value("queue_length_mean") == pytest.approx(700 / 3600)


def test_the_peak_counts_those_waiting_at_one_time() -> None:
    measured = figures(requests=ROWS)
    assert measured.value("queue_length_max") == 2
    assert measured.value("queue_length_max", queue="general") == 1
    assert np.isnan(measured.value("queue_length_max", queue="hotline"))


def test_who_leaves_at_the_instant_another_comes_does_not_wait_beside_them() -> None:
    rows = [request(wait=100.0, at=0), request(wait=100.0, at=100), request(wait=0.0, at=150)]
    assert figures(requests=rows).value("queue_length_max") == 1


def test_little_holds_exactly_where_everybody_has_left_before_closing() -> None:
    rng = np.random.default_rng(2)
    rows = [
        request(wait=float(w), at=float(t))
        for t, w in zip(rng.uniform(0, 3000, 300), rng.uniform(0, 600, 300), strict=True)
    ]
    measured = figures(requests=rows)
    assert measured.value("queue_length_mean") == pytest.approx(300 / 3600 * measured.value("asa"), rel=1e-12)
    parts = [measured.value("queue_length_mean", interval=clock) for clock in ("08:00", "08:30")]
    assert sum(parts) / 2 == pytest.approx(measured.value("queue_length_mean"), rel=1e-12)


def test_the_peak_is_that_of_stepping_through_the_events() -> None:
    rng = np.random.default_rng(3)
    rows = [
        request(wait=float(w), at=float(t))
        for t, w in zip(rng.uniform(0, 3600, 200), rng.uniform(0, 300, 200), strict=True)
    ]
    spans = [(row["placed_at"], row["placed_at"] + row["wait"]) for row in rows]
    expected = max(sum(start <= at < end for start, end in spans) for at, _ in spans)
    assert figures(requests=rows).value("queue_length_max") == expected
