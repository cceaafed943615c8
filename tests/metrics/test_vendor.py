"""The vendor's figures: the eight cases of its service-level page, and the definitions that mislead."""

from typing import Any

import pytest

from metrics.by_hand import NAN, figures, request, task

WITHIN, LATE = 15.0, 25.0  # the queue `general` has a threshold of 20 s

CASES: dict[str, tuple[dict[str, Any], tuple[int, int]]] = {
    "1 routed within, accepted at any time": (task(99.0, NAN, 200.0, task_reserved_time=WITHIN), (1, 0)),
    "2 abandoned in the queue within": (task(end=WITHIN, task_disposition="CANCELLED"), (0, 1)),
    "3 routed within, abandoned while ringing": (
        task(task_reserved_time=WITHIN, end=LATE, task_disposition="CANCELLED"),
        (0, 1),
    ),
    "4 routed late, abandoned while ringing": (
        task(task_reserved_time=LATE, end=30.0, task_disposition="CANCELLED"),
        (0, 0),
    ),
    "5 routed late, accepted": (task(30.0, NAN, 60.0, task_reserved_time=LATE), (0, 0)),
    "6 routed late, rang out": (task(task_reserved_time=LATE, end=60.0, task_disposition="RONA"), (0, 0)),
    "7 routed within, rang out": (task(task_reserved_time=WITHIN, end=60.0, task_disposition="RONA"), (0, 0)),
    "8 no agent until the TTL": (task(end=300.0, task_disposition="NO_AGENT_AVAILABLE"), (0, 0)),
}


@pytest.mark.parametrize(("row", "expected"), CASES.values(), ids=CASES)
def test_the_eight_cases(row: dict[str, Any], expected: tuple[int, int]) -> None:
    answered, abandoned = expected
    measured = figures(tasks=[row])
    assert measured.parts("vendor_service_level_1") == (answered, 1 - abandoned)
    assert measured.parts("vendor_service_level_2") == (answered, 1)
    assert measured.parts("vendor_service_level_3") == (answered + abandoned, 1)


def test_the_three_types_over_all_cases() -> None:
    measured = figures(tasks=[row for row, _ in CASES.values()])
    assert measured.value("vendor_service_level_1") == pytest.approx(1 / 6)
    assert measured.value("vendor_service_level_2") == pytest.approx(1 / 8)
    assert measured.value("vendor_service_level_3") == pytest.approx(3 / 8)


def test_the_clock_starts_anew_at_each_re_queueing() -> None:
    again = task(75.0, NAN, 90.0, task_queue_time=60.0, task_reserved_time=70.0)
    measured = figures(tasks=[CASES["7 routed within, rang out"][0], again])
    assert measured.parts("vendor_service_level_2") == (1, 2)


def test_counts_by_disposition_and_every_queueing_counts() -> None:
    measured = figures(
        tasks=[row for row, _ in CASES.values()] + [task(1.0, 2.0, 3.0, task_disposition="TRANSFERRED")]
    )
    assert measured.value("vendor_offered") == 9
    assert measured.value("vendor_abandoned") == 3
    assert measured.value("vendor_rona") == 2
    assert measured.value("vendor_no_agent") == 1
    assert measured.value("vendor_transferred_out", queue="general") == 1
    assert measured.parts("vendor_abandon_rate") == (3, 9)
    assert measured.parts("vendor_average_abandoned_duration") == (WITHIN + LATE + 30.0, 3)


def test_tasks_without_a_queue_are_not_offered() -> None:
    named = task(5.0, NAN, 9.0, task_mode="AGENT")
    pulled = task(5.0, NAN, 9.0, routing_mode="PULL", task_queue_time=NAN)
    assert figures(tasks=[task(5.0, NAN, 9.0), named, pulled]).value("vendor_offered") == 1


def test_the_average_queue_duration_is_too_low_where_tasks_end_in_the_queue() -> None:
    rows = [
        task(60.0, NAN, 90.0, task_reserved_time=60.0, task_queue_duration=60.0, task_alert_duration=0.0),
        task(
            end=300.0, task_disposition="NO_AGENT_AVAILABLE", task_queue_duration=0.0, task_alert_duration=0.0
        ),
    ]
    named = task(5.0, NAN, 9.0, task_mode="AGENT", task_queue_duration=5.0)
    assert figures(tasks=[*rows, named]).value("vendor_average_queue_duration") == 30


def test_the_asa_is_the_ringing_alone() -> None:
    rows = [
        task(70.0, NAN, 90.0, task_reserved_time=60.0, task_queue_duration=60.0, task_alert_duration=10.0),
        task(
            task_reserved_time=60.0, end=90.0, task_disposition="RONA", task_alert_duration=30.0, team="back"
        ),
        task(end=300.0, task_disposition="NO_AGENT_AVAILABLE", task_alert_duration=0.0),
    ]
    measured = figures(tasks=rows)
    assert measured.parts("vendor_asa") == (40, 2)
    assert measured.value("vendor_asa", team="back") == 30


def test_handled_durations_include_wrap_up() -> None:
    measured = figures(tasks=[task(10.0, 100.0, 130.0), task(10.0, 40.0, 50.0), task(10.0), task(end=9.0)])
    assert measured.parts("vendor_handled_duration") == (120 + 40, 2)


def test_kind_and_interval_are_those_of_the_request_and_of_the_own_queueing() -> None:
    rows = [request(kind="transfer", request_id=55, at=0)]
    measured = figures(
        requests=rows, tasks=[task(1900.0, NAN, 2000.0, request_id=55, task_queue_time=1850.0)]
    )
    assert measured.value("vendor_offered", kind="transfer") == 1
    assert measured.value("vendor_offered", interval="08:30") == 1
