"""The user guide, "Transfer A Conversation", step by step.

Clicking the button (1), choosing Transfer (2) and the dialog box (3) have no counterpart; what they cause has:
the dropdown that opens, the queue that is chosen, the note that goes along.
"""

import pytest
from engine.worlds import at

from user_guide.walk import walk_through

DESK = """
channels: {web: {medium: chat, request_ttl: 150s}}
routing: {ring_time: 60s}
queues:
  sales: {medium: chat, handle_time: 100s, transfer: {probability: 100%, after: 50%, to: {support: 100%}}}
  support: {medium: chat, handle_time: 60s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 2, skills: {support: 5}}
"""

THREE_QUEUES = """
media: {chat: {max_tasks: 2}}
queues:
  sales: {medium: chat, handle_time: 100s, transfer: {probability: 100%, to: {support: 50%, billing: 50%}}}
  support: {medium: chat, handle_time: 1000s}
  billing: {medium: chat, handle_time: 1000s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 3, skills: {support: 5}}
  cashiers: {agents: 2, skills: {billing: 5}}
"""


def test_transfer_01_dropdown_lists_all_queues_with_their_names() -> None:
    walk = walk_through(THREE_QUEUES, ann=at(0, transfer_to=0))
    assert walk.dropdown() == {"sales": 0, "support": 3, "billing": 2}


def test_transfer_01_1_the_list_is_seen_at_the_moment_it_is_opened() -> None:
    walk = walk_through(THREE_QUEUES, ann=at(0, transfer_to=0))
    [event] = [e for e in walk.events() if e["event"] == "dropdown_opened"]
    assert (event["at"], event["agent"]) == (100, "front-1")


def test_transfer_01_2_available_are_the_ready_plus_the_active() -> None:
    """Of three experts one has a conversation and a free slot (ACTIVE), one has two (BUSY), one has none (READY)."""
    walk = walk_through(
        THREE_QUEUES,
        "routing.agent_selection=most_tasks",
        one=at(1, queue="support"),
        two=at(2, queue="support"),
        three=at(3, queue="support"),
        ann=at(0, transfer_to=0),
    )
    assert walk.tables.states("experts-1", "chat")[:3] == ["0-1 READY", "1-2 ACTIVE", "2-1001 BUSY"]
    assert walk.tables.states("experts-2", "chat")[:2] == ["0-3 READY", "3-100 ACTIVE"]
    assert walk.dropdown() == {"sales": 0, "support": 2, "billing": 2}


def test_transfer_01_2_who_is_ringing_at_their_limit_or_on_a_break_is_not_available() -> None:
    walk = walk_through(
        DESK,
        'teams.experts.shifts=[{from: "00:00", to: "01:00", agents: 1},'
        ' {from: "00:00", to: "01:00", agents: 1, breaks: [{at: "00:01", for: 5m}]}]',
        "teams.experts.accept.delay=30s",
        ann=at(20),
        bob=at(65, queue="support"),
    )
    assert walk.tables.states("experts-1", "chat")[:2] == ["0-65 READY", "65-95 RESERVED"]
    assert walk.tables.states("experts-2", "chat")[:2] == ["0-60 READY", "60-360 NOT_READY break"]
    assert walk.dropdown() == {"sales": 0, "support": 0}


@pytest.mark.parametrize(
    ("choose", "lot", "chosen"),
    [
        ("fixed", 0.2, "support"),
        ("fixed", 0.8, "billing"),
        ("most_available", 0.8, "support"),
        ("avoid_empty", 0.2, "support"),
        ("avoid_empty", 0.8, "billing"),
    ],
)
def test_transfer_02_the_agent_chooses_a_queue_from_the_list(choose: str, lot: float, chosen: str) -> None:
    """The counts (support 3, billing 2) help the agent to decide, where they look at them."""
    walk = walk_through(THREE_QUEUES, f"queues.sales.transfer.choose={choose}", ann=at(0, transfer_to=lot))
    assert walk.request("transfer")["queue"] == chosen


def test_transfer_02_who_avoids_empty_queues_does_not_transfer_where_nobody_is_available() -> None:
    walk = walk_through(
        THREE_QUEUES,
        "queues.sales.transfer.choose=avoid_empty",
        "media.chat.max_tasks=1",
        "teams.cashiers.agents=1",
        bob=at(0, queue="billing"),
        ann=at(0, transfer_to=0.8),
    )
    assert walk.dropdown()["billing"] == 0
    assert walk.request("transfer")["queue"] == "support"


@pytest.mark.parametrize(("lot", "noted"), [(0.3, True), (0.7, False)])
def test_transfer_03_the_message_for_the_receiving_agent_is_optional(lot: float, noted: bool) -> None:
    walk = walk_through(DESK, "queues.sales.transfer.note=50%", ann=at(0, transfer_note=lot))
    assert walk.request("transfer")["note"] is noted
    [pop_up] = [line for line in walk.told("experts-1") if "pop-up" in line]
    assert ("with a note" in pop_up) is noted


def test_transfer_04_the_agent_sees_two_notifications_in_this_order() -> None:
    walk = walk_through(DESK, ann=at(0))
    assert [line for line in walk.told("front-1") if line.startswith("50 ")] == [
        "50 close notice: Conversation is closed due to CHAT TRANSFERRED",
        "50 toast: Transfer request placed successfully",
    ]


def test_transfer_04_the_agent_is_out_at_once_whatever_comes_of_it() -> None:
    walk = walk_through(DESK, "teams.experts.accept.probability=0%", ann=at(0))
    assert walk.story()[1].startswith(
        "50 front-1 sees sales 0, support 2; front-1 transfers to support; front-1 leaves; front-1 TRANSFERRED;"
    )
    assert walk.tables.states("front-1", "chat") == ["0-50 BUSY", "50-3600 READY"]


def test_transfer_05_the_chat_is_parked_in_the_queue_on_priority() -> None:
    """Bob and cat wait for support longer than ann, who is transferred; ann is served before them."""
    walk = walk_through(
        DESK,
        "teams.experts.agents=1",
        "queues.support.handle_time=20s",
        one=at(0, queue="support", handle_time=80),
        bob=at(10, queue="support"),
        cat=at(20, queue="support"),
        ann=at(0),
    )
    assert walk.request("transfer")["priority"] == 10
    assert next(line for line in walk.story("ann") if line.startswith("50 ")).endswith(
        "transfer request to support at 10"
    )
    assert walk.outcomes == ["80 one handled", "100 ann handled", "120 bob handled", "140 cat handled"]


def test_transfer_05_the_system_looks_for_an_available_agent_of_the_queue() -> None:
    walk = walk_through(DESK, ann=at(0))
    assert walk.story() == [
        "0 arrives; inbound request to sales; offered to front-1; front-1 accepts; front-1 joins",
        "50 front-1 sees sales 0, support 2; front-1 transfers to support; front-1 leaves; front-1 TRANSFERRED; "
        "transfer request to support at 10; offered to experts-1; experts-1 accepts; experts-1 joins",
        "110 experts-1 leaves; ends handled; experts-1 DONE",
    ]


def test_transfer_06_the_customer_sees_the_transfer_and_then_that_the_agent_has_left() -> None:
    walk = walk_through(DESK, ann=at(0))
    assert walk.told("customer") == [
        "0 history: front-1 has joined the conversation",
        "50 customer message: Your request is being transferred to support, please wait!",
        "50 customer message: front-1 has left",
        "50 history: experts-1 has joined the conversation",
        "110 history: experts-1 left the conversation",
    ]


def test_transfer_04_and_06_all_notices_stand_before_the_first_offer() -> None:
    walk = walk_through(DESK, ann=at(0))
    assert walk.told_at(50) == [
        "1 front-1 | close notice | Conversation is closed due to CHAT TRANSFERRED",
        "2 front-1 | toast | Transfer request placed successfully",
        "3 customer | customer message | Your request is being transferred to support, please wait!",
        "4 customer | customer message | front-1 has left",
        "5 experts-1 | pop-up | [web] Transfer request [Accept]",
        "6 experts-1 | history | You have joined the conversation",
        "7 customer | history | experts-1 has joined the conversation",
    ]


def test_transfer_07_where_an_agent_does_not_accept_another_one_is_looked_for() -> None:
    walk = walk_through(DESK, "teams.experts.accept.probability=50%", ann=at(0, accept=[0, 0.9, 0.1]))
    assert walk.offers() == ["0 front-1", "50 experts-1", "110 experts-2"]
    assert walk.tasks() == [
        "sales front-1 TRANSFERRED",
        "support experts-1 RONA",
        "support experts-2 DONE",
    ]


def test_transfer_07_the_customer_is_told_nothing_of_an_agent_who_does_not_accept() -> None:
    walk = walk_through(DESK, "teams.experts.accept.probability=50%", ann=at(0, accept=[0, 0.9, 0.1]))
    assert [line for line in walk.told("customer") if 50 < float(line.split()[0]) < 170] == [
        "110 history: experts-2 has joined the conversation"
    ]


def test_transfer_07_the_search_goes_on_for_some_time_which_is_the_channels() -> None:
    """All experts are busy for long; the request waits for its time-to-live of 150 s and no longer."""
    walk = walk_through(
        DESK,
        one=at(0, queue="support", handle_time=1000),
        two=at(0, queue="support", handle_time=1000),
        ann=at(0),
    )
    request = walk.request("transfer")
    assert (request["outcome"], request["placed_at"], request["ended_at"]) == ("no_agent", 50, 200)


def test_transfer_08_1_without_an_agent_the_request_is_timed_out() -> None:
    walk = walk_through(
        DESK, "teams.experts.agents=0", "teams.front.skills={sales: 5, support: 1}", ann=at(0)
    )
    assert walk.story()[1:] == [
        "50 front-1 sees sales 0, support 0; front-1 transfers to support; front-1 leaves; front-1 TRANSFERRED; "
        "transfer request to support at 10",
        "200 no agent; ends no_agent",
    ]
    assert walk.tasks() == ["sales front-1 TRANSFERRED", "support - NO_AGENT_AVAILABLE"]


def test_transfer_08_2_the_customer_sees_that_no_agents_were_available() -> None:
    walk = walk_through(
        DESK, "teams.experts.agents=0", "teams.front.skills={sales: 5, support: 1}", ann=at(0)
    )
    assert walk.told("customer")[-1] == "200 customer message: No agents were available"
    assert walk.told_at(200) == ["1 customer | customer message | No agents were available"]
