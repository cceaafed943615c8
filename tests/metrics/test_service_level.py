"""The six variants on the worked data of callcentrehelper.com, and what each decision means."""

import pytest

from metrics.by_hand import figures, request, requests, tables, world
from sim.metrics import measure

WORKED = [
    *requests(860, "answered", 10.0),
    *requests(140, "answered", 30.0),
    *requests(10, "abandoned", 4.0),
    *requests(10, "abandoned", 15.0),
    *requests(40, "abandoned", 50.0),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variant", "percent"),
    [
        ("offered", 81.13),
        ("answered_only", 86.00),
        ("exclude_abandoned_within", 82.69),
        ("credit_abandoned_within", 83.02),
        ("exclude_short, short: 5s", 81.90),
        ("credit_short, short: 5s", 82.08),
    ],
)
def test_variants_on_the_published_example(variant: str, percent: float) -> None:
    level = f"{{within: 20s, target: 80%, variant: {variant}}}"
    measured = figures(world(queues__general__service_level=level), requests=WORKED)
    assert 100 * measured.value("service_level", queue="general") == pytest.approx(percent, abs=0.005)


def test_a_wait_of_exactly_the_threshold_is_within_also_after_rounding() -> None:
    rounded = (12.370000000000001 + 20.0) - 12.370000000000001
    assert rounded > 20.0
    measured = figures(requests=[request(wait=20.0), request(wait=rounded), request(wait=20.001)])
    assert measured.parts("service_level") == (2, 3)


def test_no_agent_and_disconnected_count_against_it_and_withdrawn_requests_do_not_count() -> None:
    ends = ["answered", "abandoned", "no_agent", "disconnected", "cancelled", "refused", "unfinished"]
    assert figures(requests=[request(end, 5.0) for end in ends]).parts("service_level") == (1, 4)


def test_each_request_is_judged_by_its_own_queue_and_queues_without_a_level_are_left_aside() -> None:
    measured = figures(
        requests=[
            request(wait=30.0, queue="general"),
            request(wait=30.0, queue="billing"),
            request(wait=30.0, queue="billing", kind="transfer"),
            request(wait=30.0, queue="hotline"),
        ]
    )
    assert measured.parts("service_level") == (2, 3)
    assert measured.value("service_level", queue="general") == 0
    assert measured.value("service_level", queue="billing") == 1
    assert measured.parts("service_level", kind="transfer") == (1, 1)
    assert measured.parts("service_level", queue="hotline") == (0, 0)


def test_queues_of_different_variants_add_up_over_all() -> None:
    scenario = world(queues__billing__service_level="{within: 60s, target: 80%, variant: answered_only}")
    rows = [
        request(end, 5.0, queue=queue)
        for queue in ("general", "billing")
        for end in ("answered", "abandoned")
    ]
    assert measure(tables(requests=rows), scenario).parts("service_level") == (2, 3)
