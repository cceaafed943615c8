"""The user guide, "Add Agents to Conference", step by step.

Clicking the button (1), hitting Queue Conference (2), the dialog box (3) and the Add to Conference button (5) have no
counterpart but what they cause. Of what Agent2 may see and do (10.4 to 10.6) the messages and the customer's profile
are not simulated; the whispers of the conversation and the operations of a primary participant are.
"""

import pytest
from engine.worlds import at

from user_guide.walk import Walk, walk_through

DESK = """
channels: {web: {medium: chat, request_ttl: 150s, identified: 50%}}
routing: {ring_time: 60s}
queues:
  sales:
    medium: chat
    handle_time: 100s
    conference:
      probability: 100%
      after: 50%
      to: {support: 100%}
      note: 50%
      joint_time: 30s
      then: {guest_leaves: 100%}
      while_waiting: holds
  support: {medium: chat, handle_time: 60s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 2, skills: {support: 5}, accept: {probability: 50%, delay: 5s}}
"""
NOBODY = "teams.experts.agents=0", "teams.front.skills={sales: 5, support: 1}"
ACCEPTS, LETS_RING = 0.1, 0.9


def called(*changes: str, **said: float | list[float]) -> Walk:
    contact = at(0, **{"accept": [ACCEPTS] * 4, "identified": 0.8, "conference_note": 0.8, **said})
    return walk_through(DESK, *changes, ann=contact)


def at_instant(walk: Walk, reader: str, seconds: int) -> list[str]:
    return [line for line in walk.told(reader) if line.startswith(f"{seconds} ")]


def test_conference_00_all_added_agents_have_the_rights_of_the_first() -> None:
    """The guest may transfer as the agents of their own queue do; the first agent stays with the customer."""
    walk = called(
        "queues.sales.conference.then={both_stay: 100%}",
        "queues.support.transfer={probability: 100%, after: 0%, to: {sales: 100%}}",
        "routing.require_available_agent=on",
    )
    assert walk.story()[3:] == [
        "85 experts-1 sees sales 0, support 1; experts-1 transfers to sales; experts-1 leaves; "
        "experts-1 TRANSFERRED; transfer request to sales at 10; no agent",
        "135 front-1 leaves; ends handled; front-1 DONE",
    ]


def test_conference_00_where_the_first_agent_leaves_the_conference_goes_on_with_the_others() -> None:
    walk = called("queues.sales.conference.then={requester_leaves: 100%}")
    assert walk.story()[2:] == [
        "55 experts-1 accepts; experts-1 joins",
        "85 front-1 leaves; front-1 DONE",
        "145 experts-1 leaves; ends handled; experts-1 DONE",
    ]


def test_conference_00_one_or_more_agents_may_be_added_one_request_after_the_other() -> None:
    walk = called(
        "queues.sales.conference.then={both_stay: 100%}",
        "queues.support.conference={probability: 100%, after: 50%, to: {support: 100%}, joint_time: 10s}",
    )
    assert walk.story()[3:6] == [
        "110 experts-1 sees sales 0, support 1; experts-1 calls support; conference request to support at 10; "
        "offered to experts-2",
        "115 experts-2 accepts; experts-2 joins",
        "125 experts-2 leaves; experts-2 DONE",
    ]
    assert walk.contact("ann")["agents"] == 3


def test_conference_01_dropdown_lists_all_queues_with_ready_plus_active() -> None:
    assert called().dropdown() == {"sales": 0, "support": 2}


def test_conference_02_the_agent_chooses_a_queue_from_the_list() -> None:
    walk = called()
    request = walk.request("conference")
    assert (request["queue"], request["from_queue"], request["requester"]) == ("support", "sales", "front-1")


@pytest.mark.parametrize(("lot", "noted"), [(0.3, True), (0.7, False)])
def test_conference_04_the_message_for_the_receiving_agent_is_optional(lot: float, noted: bool) -> None:
    walk = called(conference_note=lot)
    assert walk.request("conference")["note"] is noted


def test_conference_05_adding_makes_it_a_conference_conversation() -> None:
    walk = called()
    assert walk.story()[1] == (
        "50 front-1 sees sales 0, support 2; front-1 calls support; conference request to support at 10; "
        "offered to experts-1"
    )
    assert walk.contact("ann")["conferences"] == 1


def test_conference_06_the_system_routes_the_conversation_to_an_available_agent() -> None:
    walk = called()
    assert walk.offers() == ["0 front-1", "50 experts-1"]
    assert walk.tables.states("experts-1", "chat")[:4] == [
        "0-50 READY", "50-55 RESERVED", "55-85 BUSY", "85-3600 READY",
    ]  # fmt: skip
    assert walk.task("experts-1")["task_direction"] == "DIRECT_CONFERENCE"


def test_conference_07_the_first_agent_sees_a_toast_and_08_a_notification_in_the_timeline() -> None:
    assert at_instant(called(), "front-1", 50) == [
        "50 toast: a conference request has been placed successfully.",
        "50 history: Conference request has been successfully placed",
    ]


def test_conference_08_nobody_else_is_told_of_the_request() -> None:
    assert at_instant(called(), "customer", 50) == []


def test_conference_09_1_the_receiving_agent_sees_that_it_is_a_conference_request_from_agent1() -> None:
    assert at_instant(called(), "experts-1", 50) == [
        "50 pop-up: Conference Chat request from front-1 [Accept]"
    ]


def test_conference_09_2_it_names_the_identified_customer() -> None:
    assert at_instant(called(identified=0.1), "experts-1", 50) == [
        "50 pop-up: Conference Chat request from front-1 with customer 1 [Accept]"
    ]


def test_conference_09_3_it_carries_the_note() -> None:
    assert at_instant(called(conference_note=0.1), "experts-1", 50) == [
        "50 pop-up: Conference Chat request from front-1, with a note [Accept]"
    ]


def test_conference_09_4_it_has_a_button_to_accept() -> None:
    assert at_instant(called(), "experts-1", 50)[0].endswith("[Accept]")


def test_conference_10_by_accepting_agent2_joins_the_conversation() -> None:
    assert called().story() == [
        "0 arrives; inbound request to sales; offered to front-1; front-1 accepts; front-1 joins",
        "50 front-1 sees sales 0, support 2; front-1 calls support; conference request to support at 10; "
        "offered to experts-1",
        "55 experts-1 accepts; experts-1 joins",
        "85 experts-1 leaves; experts-1 DONE",
        "135 front-1 leaves; ends handled; front-1 DONE",
    ]


def test_conference_10_1_agent1_sees_that_agent2_has_joined_and_10_2_so_does_the_customer() -> None:
    assert called().told_at(55) == [
        "1 experts-1 | history | You have joined the conversation",
        "2 front-1, customer | history | experts-1 has joined the conversation",
    ]


def test_conference_10_3_agent2_and_agent1_exchange_whispers_while_both_are_in() -> None:
    walk = called(
        "queues.sales.conference.whispers_per_minute=6",
        whisper_gap=[0, 60, 60, 600],
        whisper_sender=[0, 0.9, 0.1],
    )
    assert walk.story()[2:5] == [
        "55 experts-1 accepts; experts-1 joins",
        "65 experts-1 whispers to front-1",
        "75 front-1 whispers to experts-1",
    ]


def test_conference_10_6_agent2_performs_the_operations_of_a_primary_participant() -> None:
    """The guest goes on alone with the customer and transfers them."""
    walk = called(
        "queues.sales.conference.then={requester_leaves: 100%}",
        "queues.support.transfer={probability: 1%, to: {support: 100%}}",
        transfer=[0.9, 0, 0.9],
    )
    assert walk.story()[4:] == [
        "145 experts-1 sees sales 1, support 1; experts-1 transfers to support; experts-1 leaves; "
        "experts-1 TRANSFERRED; transfer request to support at 10; offered to experts-2",
        "150 experts-2 accepts; experts-2 joins",
        "210 experts-2 leaves; ends handled; experts-2 DONE",
    ]


def test_conference_11_agent2_can_leave_and_11_1_all_other_participants_see_it() -> None:
    walk = called()
    assert walk.told_at(85) == ["1 front-1, customer | history | experts-1 left the conversation"]
    assert at_instant(walk, "experts-1", 85) == []


def test_conference_12_where_agent2_does_not_accept_another_one_of_the_queue_is_looked_for() -> None:
    """The guide's first point after 11: the search goes on until it finds one."""
    walk = called("routing.ring_memory=exclude", accept=[ACCEPTS, LETS_RING, ACCEPTS])
    assert walk.offers() == ["0 front-1", "50 experts-1", "110 experts-2"]
    assert walk.tasks() == ["sales front-1 DONE", "support experts-1 RONA", "support experts-2 DONE"]
    assert at_instant(walk, "experts-2", 110) == ["110 pop-up: Conference Chat request from front-1 [Accept]"]


def test_conference_13_1_where_no_agents_are_available_the_request_ends() -> None:
    walk = called(*NOBODY)
    assert walk.story()[1:] == [
        "50 front-1 sees sales 0, support 0; front-1 calls support; conference request to support at 10",
        "200 no agent",
        "250 front-1 leaves; ends handled; front-1 DONE",
    ]
    assert walk.tasks() == ["sales front-1 DONE", "support - NO_AGENT_AVAILABLE"]


def test_conference_13_2_agent1_alone_sees_that_no_agents_were_available() -> None:
    assert called(*NOBODY).told_at(200) == [
        "1 front-1 | history | No agents were available to join the conference conversation"
    ]
