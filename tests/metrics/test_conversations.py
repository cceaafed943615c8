"""Figures of whole conversations."""

import pytest

from metrics.by_hand import NAN, conversation, figures, values, world

TALKS = [
    conversation("handled", 0.0, ended_at=400.0, total_wait=30.0, transfers=2),
    conversation("handled", 1800.0, ended_at=2000.0, total_wait=10.0, queue="billing", channel="phone"),
    conversation("no_agent", 100.0, ended_at=900.0, answered_at=150.0, total_wait=350.0, transfers=1),
    conversation("abandoned", 100.0, ended_at=160.0, total_wait=60.0),
    conversation("blocked", 200.0, channel="phone"),
    conversation("contained", 300.0, ended_at=345.0),
    conversation("balked", 350.0),
    conversation("unfinished", 3500.0, answered_at=3550.0, ended_at=NAN),
]


def test_counts() -> None:
    measured = figures(conversations=TALKS)
    assert values(measured, "conversations handled contained blocked") == {
        "conversations": 8,
        "handled": 2,
        "contained": 1,
        "blocked": 1,
    }
    assert measured.value("conversations", channel="phone") == 2
    assert measured.value("conversations", queue="general", interval="08:00") == 6
    assert measured.parts("blocked_rate") == (1, 8)
    assert measured.value("blocked_rate", channel="phone") == 0.5


def test_times_are_those_of_handled_conversations() -> None:
    measured = figures(conversations=TALKS)
    assert measured.parts("total_wait") == (40, 2)
    assert measured.parts("time_in_system") == (400 + 200, 2)
    assert measured.value("time_in_system", queue="billing") == 200
    assert measured.value("total_wait", interval="08:00") == 30


def test_transfers_are_counted_per_answered_conversation() -> None:
    assert figures(conversations=TALKS).parts("transfers_per_conversation") == (3, 4)


def test_the_warm_up_goes_by_arrival() -> None:
    assert figures(world(warm_up="100s"), conversations=TALKS).value("conversations") == 7


def test_cost_per_resolved_divides_by_handled_conversations() -> None:
    measured = figures(
        conversations=TALKS,
        agent_states=[
            {
                "agent": "front-1",
                "team": "front",
                "medium": "",
                "state": "READY",
                "started_at": 0.0,
                "ended_at": 600.0,
            }
        ],
    )
    assert measured.parts("cost_per_resolved") == (pytest.approx(6.0), 2)
