"""Handling: what agents do in their tasks, and conferences."""

import numpy as np
import pytest

from metrics.by_hand import NAN, conversation, figures, request, task, world
from sim.metrics.requests import _at_or_none

INBOUND = request("answered", 5.0, at=0, request_id=901)
TRANSFER = request("answered", 5.0, at=1800, kind="transfer", queue="billing", request_id=902)
HANDLED = [
    task(10.0, 110.0, 130.0, request_id=901, task_disposition="TRANSFERRED"),
    task(1900.0, 2100.0, 2100.0, request_id=902, queue_id="billing", team="back", agent_id="back-1"),
]


def test_handling_ends_where_wrap_up_begins_and_both_make_the_aht() -> None:
    measured = figures(requests=[INBOUND, TRANSFER], tasks=HANDLED)
    assert measured.parts("handle_time") == (100 + 200, 2)
    assert measured.parts("wrap_up_time") == (20, 2)
    assert measured.value("handle_time", team="back") == 200
    assert measured.value("handle_time", queue="billing", kind="transfer") == 200
    assert measured.value("handle_time", interval="08:00") == 100


def test_a_task_without_wrap_up_ends_when_it_ends() -> None:
    assert figures(tasks=[task(10.0, NAN, 70.0)]).value("handle_time") == 60


def test_two_agents_in_one_conversation_are_two_tasks() -> None:
    joined = request("answered", 5.0, at=50, kind="conference", request_id=903)
    both = [
        task(10.0, 110.0, 110.0, request_id=901),
        task(60.0, 110.0, 110.0, request_id=903, agent_id="front-2"),
    ]
    measured = figures(requests=[INBOUND, joined], tasks=both)
    assert measured.parts("handle_time") == (150, 2)
    assert measured.value("handle_time", kind="conference") == 50


def test_attempts_open_ends_and_silent_monitoring_are_not_handled_tasks() -> None:
    rows = [
        task(10.0, 20.0, 30.0),
        task(task_disposition="RONA", end=50.0),
        task(10.0, task_disposition="UNFINISHED"),
        task(10.0, NAN, 900.0, task_disposition="UNFINISHED"),
        task(10.0, 99.0, 99.0, task_direction="SILENT_MONITOR"),
    ]
    assert figures(tasks=rows).parts("handle_time") == (10, 1)


def test_the_transfer_rate_is_a_share_of_the_tasks_of_the_queue_that_is_left() -> None:
    measured = figures(requests=[INBOUND, TRANSFER], tasks=HANDLED)
    assert measured.parts("transfer_rate") == (1, 2)
    assert measured.value("transfer_rate", queue="general") == 1
    assert measured.value("transfer_rate", queue="billing") == 0
    assert measured.value("transfer_rate", team="front") == 1


def test_offers_are_missed_where_they_ring_out_also_past_the_ttl() -> None:
    ringing = {"task_reserved_time": 5.0, "end": 30.0}
    rows = [
        task(10.0, 20.0, 20.0),
        task(**ringing, task_disposition="RONA", team="back"),
        task(**ringing, task_disposition="NO_AGENT_AVAILABLE"),
        task(**ringing, task_disposition="CANCELLED"),
        task(end=30.0, task_disposition="NO_AGENT_AVAILABLE"),
        task(end=30.0, task_disposition="CANCELLED"),
    ]
    measured = figures(tasks=rows)
    assert measured.parts("missed_rate") == (2, 4)
    assert measured.value("missed_rate", team="back") == 1


def test_tasks_belong_to_the_interval_of_their_request_and_without_one_to_their_own() -> None:
    late = task(1900.0, 2000.0, 2000.0, request_id=901, task_queue_time=1850.0)
    alone = task(1900.0, 1950.0, 1950.0, task_queue_time=NAN, task_direction="BARGE_IN")
    measured = figures(requests=[INBOUND], tasks=[late, alone])
    assert measured.value("handle_time", interval="08:00") == 100
    assert measured.value("handle_time", interval="08:30") == 50
    assert figures(world(warm_up="1m"), requests=[INBOUND], tasks=[late, alone]).parts("handle_time") == (
        50,
        1,
    )


CONFERENCES = [
    request(
        "answered", 30.0, at=100, kind="conference", queue="billing", from_queue="general", conversation_id=71
    ),
    request(
        "answered", 50.0, at=200, kind="conference", queue="billing", from_queue="general", conversation_id=71
    ),
    request(
        "no_agent",
        300.0,
        at=300,
        kind="conference",
        queue="billing",
        from_queue="hotline",
        conversation_id=72,
    ),
    request(
        "cancelled",
        10.0,
        at=300,
        kind="conference",
        queue="billing",
        from_queue="general",
        conversation_id=73,
    ),
    request(
        "refused", 0.0, at=300, kind="conference", queue="billing", from_queue="general", conversation_id=73
    ),
    request("answered", 999.0, at=0, queue="billing", conversation_id=74),
]


def test_conferences_asked_for_are_counted_by_the_queue_they_come_from() -> None:
    worked = [
        task(0.0, 9.0, 9.0),
        task(0.0, 9.0, 9.0, queue_id="hotline"),
        task(0.0, 9.0, 9.0),
        task(end=9.0),
    ]
    measured = figures(requests=CONFERENCES, tasks=worked)
    assert measured.parts("conference_rate") == (4, 3)
    assert measured.parts("conference_rate", queue="general") == (3, 2)
    assert measured.parts("conference_rate", queue="hotline") == (1, 1)


def test_joining_is_counted_by_the_queue_that_is_asked() -> None:
    measured = figures(requests=CONFERENCES)
    assert measured.parts("joined_rate") == (2, 4)
    assert measured.parts("joined_rate", queue="billing") == (2, 4)
    assert measured.value("time_to_join") == 40


def test_whispers_are_counted_in_conversations_that_had_a_conference() -> None:
    talks = [conversation(conversation_id=number) for number in (71, 72, 73, 74)]
    said = [{"conversation_id": number, "at": 1.0} for number in (71, 71, 71, 72, 74)]
    measured = figures(requests=CONFERENCES, conversations=talks, whispers=said)
    assert measured.parts("whispers_per_conference") == (3, 2)
    assert measured.value("whispers_per_conference", queue="general") == pytest.approx(1.5)
    once = figures(requests=CONFERENCES[:1], conversations=talks, whispers=said)
    assert once.parts("whispers_per_conference") == (3, 1)


def test_a_code_is_looked_up_by_place_and_none_stays_none() -> None:
    places = np.array([-1, 0, 2, -1])
    assert _at_or_none(np.array([7, 8, 9]), places).tolist() == [-1, 7, 9, -1]
    assert _at_or_none(np.array([], dtype=np.int64), places).tolist() == [-1] * 4
