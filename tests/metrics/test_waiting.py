"""The number of waiting requests over time."""

import numpy as np
import pytest

from metrics.by_hand import NAN, conversation, figures, request, task, world
from sim.metrics.waiting import _least, _waiting, spread

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


def test_waiting_places_are_taken_while_queued_and_not_while_it_rings() -> None:
    queued = [
        task(50.0, NAN, 90.0, task_queue_time=0.0, task_reserved_time=30.0),
        task(NAN, NAN, 40.0, task_queue_time=30.0),  # comes as the first begins to ring
        task(NAN, NAN, 80.0, task_queue_time=35.0, task_reserved_time=60.0, queue_id="billing"),
        task(NAN, NAN, 70.0, task_queue_time=59.0),
        task(10.0, NAN, 90.0, task_queue_time=NAN, routing_mode="PULL"),
    ]
    measured = figures(requests=[request(), request(queue="billing")], tasks=queued)
    assert measured.value("waiting_max") == 2
    assert measured.value("waiting_max", queue="general") == 1
    assert measured.value("waiting_max", queue="billing") == 1


def test_lines_are_in_use_from_arrival_to_the_end_for_the_customer() -> None:
    rows = [
        conversation(at=0.0, ended_at=600.0),
        conversation(at=300.0, ended_at=900.0, channel="phone"),
        conversation("unfinished", at=3000.0, ended_at=NAN),
        conversation("blocked", at=310.0, ended_at=310.0),
    ]
    measured = figures(conversations=rows)
    assert measured.value("lines_in_use_mean") == pytest.approx((600 + 600 + 600) / 3600)
    assert measured.value("lines_in_use_mean", channel="phone") == pytest.approx(600 / 3600)
    assert measured.value("lines_in_use_max") == 2
    assert measured.value("lines_in_use_max", channel="web") == 1


@pytest.mark.parametrize(
    ("edges", "spent"), [([0, 20], [17]), ([0, 10, 20], [10, 7]), ([0, 5, 10, 20], [5, 5, 7])]
)
def test_spans_are_spread_over_the_intervals_that_they_lie_in(edges: list[float], spent: list[float]) -> None:
    """From 0 to 12 and from 15 to 20 in one group; the other one is empty, and a third is left out."""
    spans = np.array([0, 0, 2]), 2, np.array([0.0, 15.0, 0.0]), np.array([12.0, 20.0, 20.0])
    assert spread(*spans, np.array(edges, dtype=np.float64)).tolist() == [spent, [0] * len(spent)]


@pytest.mark.parametrize(
    ("start", "end", "least"),
    [(10.0, 20.0, 1), (4.0, 20.0, 0), (10.0, 31.0, 0), (8.0, 12.0, 1), (25.0, 26.0, 2)],
)
def test_the_fewest_who_wait_in_a_span_are_those_behind_one_who_goes(
    start: float, end: float, least: int
) -> None:
    """One waits from 0 to 5, one from 8 to 30 and one from 22 to 31: nobody from 5 to 8, and from 31 on."""
    placed, gone = np.array([0.0, 8.0, 22.0]), np.array([5.0, 30.0, 31.0])
    assert _least(placed, gone, start, end) == least
    at = np.array([0.0, 5.0, 8.0, 22.0, 30.0, 31.0])
    assert _waiting(placed, gone, at).tolist() == [1, 0, 1, 2, 1, 0]
