"""The user guide, "In case, an agent receives a transferred request from another agent", step by step.

The Accept button and the channel's icon show as words of the pop-up. Clicking Accept (2) is the agent's accepting.
"""

import pytest
from engine.worlds import at

from sim.story.notifications import to_the_letter
from user_guide.walk import Walk, walk_through

DESK = """
channels: {whatsapp: {medium: chat, request_ttl: 150s, identified: 50%}}
routing: {ring_time: 60s}
queues:
  sales:
    medium: chat
    handle_time: 100s
    transfer: {probability: 100%, after: 50%, to: {support: 100%}, note: 50%}
  support: {medium: chat, handle_time: 60s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 2, skills: {support: 5}, accept: {probability: 50%, delay: 5s}}
"""
WITH_NOTE, WITHOUT_NOTE = 0.2, 0.8
KNOWN, UNKNOWN = 0.2, 0.8


def received(**said: float | list[float]) -> Walk:
    contact = at(0, **{"accept": [0, 0], "identified": UNKNOWN, "transfer_note": WITHOUT_NOTE, **said})
    return walk_through(DESK, ann=contact)


def pop_ups(walk: Walk, agent: str) -> list[str]:
    return [line for line in walk.told(agent) if " pop-up: " in line]


def test_receiving_01_a_transfer_request_notification_comes_to_the_agent_who_is_offered_it() -> None:
    walk = received()
    assert pop_ups(walk, "experts-1") == ["50 pop-up: [whatsapp] Transfer request [Accept]"]
    assert pop_ups(walk, "experts-2") == []


@pytest.mark.parametrize("channel", ["whatsapp", "facebook"])
def test_receiving_01_1_it_shows_the_channel(channel: str) -> None:
    text = DESK.replace("whatsapp", channel)
    assert f"[{channel}]" in pop_ups(walk_through(text, ann=at(0, accept=[0, 0])), "experts-1")[0]


def test_receiving_01_2_it_has_a_button_to_accept() -> None:
    assert pop_ups(received(), "experts-1")[0].endswith("[Accept]")


def test_receiving_01_3_it_names_the_customer_where_identified() -> None:
    assert pop_ups(received(identified=KNOWN), "experts-1") == [
        "50 pop-up: [whatsapp] Transfer request with customer 1 [Accept]"
    ]
    assert "customer" not in pop_ups(received(identified=UNKNOWN), "experts-1")[0]


def test_receiving_01_4_it_carries_the_optional_note() -> None:
    assert pop_ups(received(transfer_note=WITH_NOTE), "experts-1") == [
        "50 pop-up: [whatsapp] Transfer request, with a note [Accept]"
    ]
    assert "note" not in pop_ups(received(transfer_note=WITHOUT_NOTE), "experts-1")[0]


def test_receiving_01_4_every_agent_who_is_offered_the_request_gets_the_note_and_the_customer_never() -> None:
    walk = received(accept=[0, 0.9, 0], transfer_note=WITH_NOTE)
    assert pop_ups(walk, "experts-1") == ["50 pop-up: [whatsapp] Transfer request, with a note [Accept]"]
    assert pop_ups(walk, "experts-2") == ["110 pop-up: [whatsapp] Transfer request, with a note [Accept]"]
    assert not [line for line in walk.told("customer") if "note" in line]


def test_receiving_02_the_agent_accepts_and_is_in_the_conversation() -> None:
    walk = received()
    assert walk.story()[2:] == [
        "55 experts-1 accepts; experts-1 joins",
        "115 experts-1 leaves; ends handled; experts-1 DONE",
    ]
    assert walk.tables.states("experts-1", "chat")[:3] == ["0-50 READY", "50-55 RESERVED", "55-115 BUSY"]
    assert walk.task("experts-1")["task_direction"] == "DIRECT_TRANSFER"


def test_receiving_03_the_agent_reads_that_they_have_joined_and_the_customer_who_has() -> None:
    """The guide's sentence addresses the agent: they read it, and the customer reads that the agent has joined."""
    assert received().told_at(55) == [
        "1 experts-1 | history | You have joined the conversation",
        "2 customer | history | experts-1 has joined the conversation",
    ]


def test_receiving_03_to_the_letter_the_customer_reads_the_agents_sentence() -> None:
    told = received().told("customer", to_the_letter())
    assert [line for line in told if line.startswith("55 ")] == [
        "55 history: You have joined the conversation"
    ]
    assert "0 history: front-1 has joined the conversation" in told
