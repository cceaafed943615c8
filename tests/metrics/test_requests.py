"""Counts, rates and waits of requests, each worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from metrics.by_hand import NAN, Tables, figures, request, tables, values, world
from sim.errors import SimError
from sim.metrics import measure
from sim.metrics.columns import codes

DAY = [
    request("answered", 0.0, at=0),
    request("answered", 30.0, at=10, queue="billing", channel="phone", team="back", offers=3),
    request("answered", 60.0, at=1800, kind="transfer", from_queue="general", offers=2),
    request("abandoned", 40.0, at=20, offers=1),
    request("abandoned", 0.0, at=30, balked=True),
    request("no_agent", 300.0, at=40, kind="transfer", queue="billing", offers=1),
    request("disconnected", 100.0, at=3500),
    request("cancelled", 7.0, at=50, offers=1, kind="conference", queue="billing"),
    request("refused", 0.0, at=51, kind="conference", queue="billing"),
    request("unfinished", 99.0, at=3600),
]


def test_every_count() -> None:
    measured = figures(requests=DAY)
    assert values(
        measured,
        "placed offered answered abandoned balked no_agent disconnected cancelled refused unfinished delayed",
    ) == {
        "placed": 9,
        "offered": 8,
        "answered": 3,
        "abandoned": 2,
        "balked": 1,
        "no_agent": 1,
        "disconnected": 1,
        "cancelled": 1,
        "refused": 1,
        "unfinished": 1,
        "delayed": 7,
    }


def test_every_rate() -> None:
    measured = figures(requests=DAY)
    assert measured.parts("abandon_rate") == (2, 8)
    assert measured.parts("no_agent_rate") == (1, 9)
    assert measured.parts("delay_rate") == (7, 8)
    assert measured.parts("offers_per_request") == (1 + 3 + 2 + 1 + 1, 8)


def test_every_mean_wait() -> None:
    measured = figures(requests=DAY)
    assert measured.parts("asa") == (90, 3)
    assert measured.parts("wait_mean") == (90, 3)
    assert measured.parts("wait_all_mean") == (130, 5)
    assert measured.parts("abandon_wait_mean") == (40, 2)
    assert measured.value("wait_max") == 60


def test_a_request_is_delayed_where_its_first_offer_comes_later_however_long_it_rings() -> None:
    rows = [
        request("answered", 9.0, at=5, first_offer_at=5.0),
        request("answered", 9.0, at=5, first_offer_at=6.0),
        request("answered", 0.0, at=5, first_offer_at=NAN, queue="hotline"),
        request("answered", 1.0, at=5, first_offer_at=NAN, queue="hotline"),
        request("abandoned", 3.0, at=5, first_offer_at=5.0),
    ]
    assert figures(requests=rows).parts("delay_rate") == (2, 5)


def test_breakdowns_of_a_count() -> None:
    measured = figures(requests=DAY)

    def answered(**place: str) -> float:
        return measured.value("answered", **place)

    assert [answered(kind=kind) for kind in ("inbound", "transfer")] == [2, 1]
    assert [answered(queue=queue) for queue in ("general", "billing")] == [2, 1]
    assert [answered(queue="general", kind=kind) for kind in ("inbound", "transfer")] == [1, 1]
    assert [answered(channel=channel) for channel in ("web", "phone")] == [2, 1]
    assert [answered(channel="phone", kind=kind) for kind in ("inbound",)] == [1]
    assert [answered(team=team) for team in ("front", "back")] == [2, 1]
    assert [answered(interval=interval) for interval in ("08:00", "08:30")] == [2, 1]
    assert answered(queue="billing", interval="08:00") == 1
    assert answered(queue="general", kind="transfer", interval="08:30") == 1
    assert (
        measured.value("unfinished", interval="09:00") == 1
    )  # placed when arrivals had stopped: in the last one
    assert np.isnan(answered(queue="hotline"))


def test_only_what_was_placed_at_or_after_the_end_of_the_warm_up_is_measured() -> None:
    measured = figures(world(warm_up="30s"), requests=DAY)
    assert measured.value("placed") == 6
    assert measured.parts("asa") == (60, 1)
    assert measured.value("placed", interval="08:00") == 3


def test_percentiles_are_interpolated_between_ordered_waits() -> None:
    rows = [request(wait=wait) for wait in (40.0, 10.0, 20.0, 30.0)] + [request("abandoned", 500.0)]
    measured = figures(requests=rows)
    expected = {"wait_p50": 25.0, "wait_p80": 34.0, "wait_p90": 37.0, "wait_p95": 38.5, "wait_p99": 39.7}
    assert values(measured, " ".join(expected)) == pytest.approx(expected)


def test_percentiles_of_every_cell_are_those_of_numpy() -> None:
    rng = np.random.default_rng(5)
    rows = [
        request(
            wait=float(rng.exponential(60)),
            at=float(rng.uniform(0, 3600)),
            queue=rng.choice(["general", "billing"]),
        )
        for _ in range(400)
    ]
    measured = figures(requests=rows)
    frame = tables(requests=rows).requests
    for queue, part in frame.groupby("queue"):
        assert measured.value("wait_p90", queue=queue) == pytest.approx(np.percentile(part["wait"], 90))
        late = part[part["placed_at"] >= 1800]
        assert measured.value("wait_p80", queue=queue, interval="08:30") == pytest.approx(
            np.percentile(late["wait"], 80)
        )


def test_one_request_is_its_own_percentile_and_none_has_none() -> None:
    measured = figures(requests=[request(wait=12.0)])
    assert measured.value("wait_p99", queue="general") == 12.0
    assert np.isnan(measured.value("wait_p99", queue="billing"))


def test_names_may_be_categories_in_another_order_as_well() -> None:
    plain = tables(requests=DAY)
    coded = plain.requests.astype(
        {"queue": "category", "kind": "category", "outcome": "category", "team": "category"}
    )
    other = Tables(**{**vars(plain), "requests": coded})
    one, two = measure(plain, world()), measure(other, world())
    np.testing.assert_array_equal(one.numerator, two.numerator)
    np.testing.assert_array_equal(one.denominator, two.denominator)


def test_a_name_that_is_missing_or_of_another_scenario_has_no_code() -> None:
    frame = pd.DataFrame({"team": pd.Categorical(["back", None, "front", "gone"])})
    assert codes(frame, "team", ("front", "back")).tolist() == [1, -1, 0, -1]


def test_only_some_metrics() -> None:
    measured = measure(tables(requests=DAY), world(), only=["asa", "answered"])
    assert {metric.name for metric in measured.cells.metrics} == {"asa", "answered"}
    assert measured.value("asa") == 30
    with pytest.raises(SimError, match="offered was not measured"):
        measured.value("offered")
    with pytest.raises(SimError, match="did you mean `asa`"):
        measure(tables(), world(), only=["asaa"])
