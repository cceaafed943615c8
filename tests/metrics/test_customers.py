"""Figures by customer beside those by contact, and figures of supervision."""

import pytest

from metrics.by_hand import conversation, figures, task, values, world

COMING_BACK = [
    conversation("abandoned", 0.0, customer_id=1, total_wait=60.0),
    conversation("handled", 700.0, customer_id=1, attempt=1, total_wait=20.0),
    conversation("no_agent", 100.0, customer_id=2, total_wait=300.0, queue="billing"),
    conversation("no_agent", 1900.0, customer_id=2, attempt=1, total_wait=300.0, queue="billing"),
    conversation("contained", 200.0, customer_id=3),
]


def test_totals_by_customer_stand_beside_those_by_contact() -> None:
    measured = figures(conversations=COMING_BACK)
    assert values(measured, "conversations customers") == {"conversations": 5, "customers": 3}
    assert measured.parts("customers_served_rate") == (2, 3)
    assert measured.parts("contacts_per_customer") == (5, 3)
    assert measured.parts("customer_wait") == (60 + 20 + 300 + 300, 3)


def test_a_customer_counts_where_they_came_first() -> None:
    measured = figures(conversations=COMING_BACK)
    assert measured.parts("customers_served_rate", queue="billing") == (0, 1)
    assert measured.value("customers", interval="08:00") == 3
    assert measured.value("conversations", interval="08:30") == 1


def test_the_warm_up_goes_by_the_first_contact() -> None:
    measured = figures(world(warm_up="50s"), conversations=COMING_BACK)
    assert measured.value("customers") == 2
    assert measured.parts("contacts_per_customer") == (3, 2)


def test_supervision_is_counted_by_conversation() -> None:
    talks = [conversation(conversation_id=number, answered_at=1.0) for number in (1, 2, 3, 4)]
    watched = [
        task(
            10.0,
            50.0,
            50.0,
            conversation_id=1,
            agent_id="leads-1",
            team="leads",
            task_direction="SILENT_MONITOR",
        ),
        task(
            50.0, 90.0, 90.0, conversation_id=1, agent_id="leads-1", team="leads", task_direction="BARGE_IN"
        ),
        task(
            10.0,
            50.0,
            50.0,
            conversation_id=2,
            agent_id="leads-1",
            team="leads",
            task_direction="SILENT_MONITOR",
        ),
    ]
    said = [{"conversation_id": 1, "at": 20.0, "sender": "front-1", "readers": "front-1, leads-1"}] * 3
    measured = figures(conversations=talks, tasks=watched, whispers=said)
    assert measured.parts("monitored_rate") == (2, 4)
    assert measured.parts("barge_in_rate") == (1, 2)
    assert measured.value("whispers") == pytest.approx(3)
