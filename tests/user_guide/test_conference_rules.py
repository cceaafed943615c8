"""Conferences rule by rule (R5.1 to R5.10), and what `conference` of the scenario says beyond them.

The cap of four participants in voice (R5.10) is not modelled; chat has none.
"""

import pytest
from engine.worlds import at

from sim.errors import ScenarioError
from user_guide.walk import Walk, walk_through

DESK = """
channels: {web: {medium: chat, request_ttl: 150s}}
routing: {ring_time: 60s}
queues:
  sales:
    medium: chat
    handle_time: 100s
    conference:
      probability: 50%
      after: 50%
      to: {support: 100%}
      joint_time: 30s
      then: {guest_leaves: 100%}
      while_waiting: holds
  support: {medium: chat, handle_time: 60s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 2, skills: {support: 5}, accept: {probability: 50%, delay: 5s}}
"""
NOBODY = "teams.experts.agents=0", "teams.front.skills={sales: 5, support: 1}"
WORKS = "queues.sales.conference.while_waiting=works"
BOTH_STAY = "queues.sales.conference.then={both_stay: 100%}"
REQUESTER_LEAVES = "queues.sales.conference.then={requester_leaves: 100%}"
GUEST_TRANSFERS = "queues.support.transfer={probability: 50%, after: 20%, to: {support: 100%}}"
ONE_EXPERT = "teams.experts.agents=1"
ACCEPTS, LETS_RING = 0.1, 0.9
ENTERS = "0 arrives; inbound request to sales; offered to front-1; front-1 accepts; front-1 joins"
CALLS = (
    "50 front-1 sees sales 0, support 2; front-1 calls support; conference request to support at 10; "
    "offered to experts-1"
)
CALLS_NOBODY = (
    "50 front-1 sees sales 0, support 0; front-1 calls support; conference request to support at 10"
)


def called(*changes: str, **said: float | list[float]) -> Walk:
    ann = at(0, **{"accept": [ACCEPTS] * 4, "conference": 0, "transfer": [0.9, 0, 0.9], **said})
    return walk_through(DESK, *changes, ann=ann)


# R5.1 to R5.4: the request and who may be found.


def test_r5_1_the_requester_stays_and_the_new_agent_joins_them() -> None:
    walk = called()
    assert walk.story() == [
        ENTERS,
        CALLS,
        "55 experts-1 accepts; experts-1 joins",
        "85 experts-1 leaves; experts-1 DONE",
        "135 front-1 leaves; ends handled; front-1 DONE",
    ]
    assert walk.contact("ann")["agents"] == 2


def test_r5_2_a_conference_is_asked_of_a_queue_and_not_of_a_named_agent() -> None:
    with pytest.raises(ScenarioError, match=r"queues\.sales\.conference\.named"):
        called("queues.sales.conference.named=10%")


def test_r5_3_who_does_not_accept_is_followed_by_the_next_of_the_queue() -> None:
    walk = called(accept=[ACCEPTS, LETS_RING, ACCEPTS])
    assert walk.story()[2:4] == [
        "110 rings out at experts-1; requeued at 11; offered to experts-2",
        "115 experts-2 accepts; experts-2 joins",
    ]


def test_r5_3_the_ttl_ends_the_search_and_the_conversation_goes_on_unchanged() -> None:
    walk = called(*NOBODY)
    assert walk.story() == [
        ENTERS, CALLS_NOBODY, "200 no agent", "250 front-1 leaves; ends handled; front-1 DONE",
    ]  # fmt: skip
    assert walk.tasks() == ["sales front-1 DONE", "support - NO_AGENT_AVAILABLE"]
    assert walk.outcomes == ["250 ann handled"]


def test_r5_4_agents_in_the_conversation_are_no_candidates() -> None:
    """front-1 is a member of support, has free slots, and is alone in it."""
    walk = called(*NOBODY, "media.chat.max_tasks=3", "routing.exclude_requester=off")
    assert walk.dropdown() == {"sales": 0, "support": 0}
    assert walk.offers() == ["0 front-1"]


def test_r5_4_its_priority_is_configurable() -> None:
    assert called().request("conference")["priority"] == 10
    assert called("routing.conference_priority=4").request("conference")["priority"] == 4


# R5.5: equal roles.


def test_r5_5_the_first_agent_leaves_and_the_conference_goes_on() -> None:
    walk = called(REQUESTER_LEAVES)
    assert walk.story()[2:] == [
        "55 experts-1 accepts; experts-1 joins",
        "85 front-1 leaves; front-1 DONE",
        "145 experts-1 leaves; ends handled; experts-1 DONE",
    ]


def test_r5_5_each_leavers_own_task_closes_after_their_own_wrap_up() -> None:
    walk = called(REQUESTER_LEAVES, "teams.front.wrap_up=20s", "teams.experts.wrap_up=40s")
    assert walk.story()[3:] == [
        "85 front-1 leaves; front-1 wraps up",
        "105 front-1 DONE",
        "145 experts-1 leaves; ends handled; experts-1 wraps up",
        "185 experts-1 DONE",
    ]


# R5.6, R5.7: the last agent.


def test_r5_6_the_last_agents_leaving_cancels_a_pending_conference() -> None:
    walk = called(WORKS, *NOBODY)
    assert walk.story()[1:] == [
        CALLS_NOBODY, "100 front-1 leaves; request cancelled; ends handled; front-1 DONE",
    ]  # fmt: skip
    assert walk.tasks() == ["sales front-1 DONE", "support - CANCELLED"]
    assert walk.request("conference")["outcome"] == "cancelled"


def test_r5_6_also_one_that_rings_whose_pop_up_is_revoked() -> None:
    walk = called(WORKS, accept=[ACCEPTS, LETS_RING])
    assert walk.story()[2:] == ["100 front-1 leaves; request cancelled; ends handled; front-1 DONE"]
    assert walk.tasks() == ["sales front-1 DONE", "support experts-1 CANCELLED"]
    assert walk.tables.states("experts-1", "chat") == [
        "0-50 READY", "50-100 RESERVED", "100-3600 READY",
    ]  # fmt: skip


def test_r5_6_with_a_transfer_pending_the_search_goes_on() -> None:
    """The guest transfers, the first agent ends their work, and the customer waits on for the third."""
    walk = called(BOTH_STAY, GUEST_TRANSFERS, ONE_EXPERT)
    assert walk.story()[3:] == [
        "95 experts-1 sees sales 0, support 0; experts-1 transfers to support; experts-1 leaves; "
        "experts-1 TRANSFERRED; transfer request to support at 10",
        "135 front-1 leaves; front-1 DONE",
        "245 no agent; ends no_agent",
    ]
    assert walk.contact("ann")["total_wait"] == 110


def test_r5_7_with_nothing_pending_the_conversation_ends_with_its_last_agent() -> None:
    walk = called(BOTH_STAY)
    assert walk.story()[3:] == [
        "135 front-1 leaves; front-1 DONE; experts-1 leaves; ends handled; experts-1 DONE"
    ]


# R5.8: the customer leaves.


def test_r5_8_the_customers_leaving_cancels_what_is_pending_and_lets_the_agents_wrap_up() -> None:
    """The customer leaves while their only agent holds them for a warm transfer."""
    walk = called(
        "queues.sales.transfer={probability: 100%, after: 50%, to: {support: 100%}, warm: 100%, patience: 40s}",
        "teams.front.wrap_up=20s",
        conference=0.9,
        accept=[ACCEPTS, LETS_RING],
    )
    assert walk.story()[2:] == [
        "90 customer gives up; ends abandoned; front-1 leaves; front-1 wraps up",
        "110 front-1 DONE",
    ]
    assert walk.tasks() == ["sales front-1 DONE", "support experts-1 CANCELLED"]


def test_r5_8_with_no_agents_in_the_conversation_ends() -> None:
    walk = called(BOTH_STAY, GUEST_TRANSFERS, ONE_EXPERT, "queues.support.patience=60s")
    assert walk.story()[4:] == ["135 front-1 leaves; front-1 DONE", "195 customer gives up; ends abandoned"]


# R5.9: slots.


def test_r5_9_each_agent_of_a_conference_has_their_own_task_and_slot() -> None:
    walk = called()
    assert walk.tables.states("front-1", "chat") == ["0-135 BUSY", "135-3600 READY"]
    assert walk.tables.states("experts-1", "chat") == [
        "0-50 READY", "50-55 RESERVED", "55-85 BUSY", "85-3600 READY",
    ]  # fmt: skip
    assert [row["task_direction"] for row in walk.tables.rows("tasks")] == ["DIRECT_CONFERENCE", "INBOUND"]


# One request at a time (R4.11).


def test_r4_11_a_second_request_while_one_is_pending_is_refused_and_recorded() -> None:
    walk = called(
        WORKS,
        *NOBODY,
        "queues.sales.transfer={probability: 100%, after: 60%, to: {support: 100%}}",
        transfer=0,
    )
    assert walk.story()[2:] == [
        "60 front-1 sees sales 0, support 0; transfer request to support refused",
        "100 front-1 leaves; request cancelled; ends handled; front-1 DONE",
    ]
    refused = walk.request("transfer")
    assert (refused["outcome"], refused["placed_at"], refused["ended_at"]) == ("refused", 60, 60)
    assert refused["requester"] == "front-1"
    assert walk.request("conference")["ended_at"] == 100
    assert walk.contact("ann")["transfers"] == 0


def test_r4_11_the_requester_sees_an_error_and_nobody_else_anything() -> None:
    walk = called(
        WORKS,
        *NOBODY,
        "queues.sales.transfer={probability: 100%, after: 60%, to: {support: 100%}}",
        transfer=0,
    )
    assert walk.told_at(60) == ["1 front-1 | error | A request is already in process"]


# What the scenario says about a conference.


def test_joint_time_counts_from_the_joining_and_passes_at_the_guests_pace() -> None:
    """experts-1 has another conversation open, which halves their pace: 30 s together take 60 s."""
    walk = walk_through(
        DESK,
        "media.chat={max_tasks: 2, slowdown: 100%}",
        ONE_EXPERT,
        one=at(0, queue="support", handle_time=1000, accept=ACCEPTS),
        ann=at(0, accept=[ACCEPTS, ACCEPTS], conference=0),
    )
    assert walk.story("ann")[2:4] == [
        "55 experts-1 accepts; experts-1 joins", "115 experts-1 leaves; experts-1 DONE",
    ]  # fmt: skip


def test_requester_leaves_and_the_guest_works_their_guest_time_at_their_speed() -> None:
    walk = called(
        REQUESTER_LEAVES, "queues.sales.conference.guest_time=40s", "teams.experts.speed={support: 200%}"
    )
    assert walk.story()[4:] == ["105 experts-1 leaves; ends handled; experts-1 DONE"]


def test_requester_leaves_and_without_a_guest_time_it_is_the_handle_time_of_their_queue() -> None:
    assert called(REQUESTER_LEAVES).outcomes == ["145 ann handled"]


def test_both_stay_and_each_works_what_the_requester_has_left() -> None:
    walk = called(BOTH_STAY, "queues.sales.conference.after=20%")
    assert walk.story()[2:] == [
        "25 experts-1 accepts; experts-1 joins",
        "135 front-1 leaves; front-1 DONE; experts-1 leaves; ends handled; experts-1 DONE",
    ]


def test_while_waiting_works_and_the_requester_has_less_left_when_the_guest_leaves() -> None:
    walk = called(WORKS, "teams.experts.accept.delay=45s")
    assert walk.story()[2:] == [
        "95 experts-1 accepts; experts-1 joins",
        "125 experts-1 leaves; experts-1 DONE",
        "130 front-1 leaves; ends handled; front-1 DONE",
    ]


def test_while_waiting_holds_and_the_requester_has_as_much_left_as_before() -> None:
    walk = called("teams.experts.accept.delay=45s")
    assert walk.outcomes == ["175 ann handled"]


def test_if_nobody_joins_continuing_alone_costs_extra_time() -> None:
    walk = called(*NOBODY, "queues.sales.conference.extra_time=20s")
    assert walk.story()[2:] == ["200 no agent", "270 front-1 leaves; ends handled; front-1 DONE"]


def test_if_nobody_joins_while_they_work_the_extra_time_comes_at_the_end() -> None:
    walk = called(WORKS, *NOBODY, "queues.sales.conference.extra_time=20s", "queues.sales.handle_time=500s")
    assert walk.story()[1:] == [
        CALLS_NOBODY.replace("50 ", "250 ", 1), "400 no agent", "520 front-1 leaves; ends handled; front-1 DONE",
    ]  # fmt: skip


def test_if_nobody_joins_they_may_transfer_to_the_queue_that_was_asked() -> None:
    walk = called(*NOBODY, "queues.sales.conference.if_nobody=transfers")
    assert walk.story()[2:] == [
        "200 no agent; front-1 sees sales 0, support 0; front-1 transfers to support; front-1 leaves; "
        "front-1 TRANSFERRED; transfer request to support at 10",
        "350 no agent; ends no_agent",
    ]
    assert walk.told_at(200) == [
        "1 front-1 | history | No agents were available to join the conference conversation",
        "2 front-1 | close notice | Conversation is closed due to CHAT TRANSFERRED",
        "3 front-1 | toast | Transfer request placed successfully",
        "4 customer | customer message | Your request is being transferred to support, please wait!",
        "5 customer | customer message | front-1 has left",
    ]


def test_a_third_agent_may_be_called_by_the_second() -> None:
    walk = called(
        BOTH_STAY,
        "queues.support.conference={probability: 100%, after: 50%, to: {support: 100%}, joint_time: 10s}",
    )
    assert walk.story()[3:] == [
        "110 experts-1 sees sales 0, support 1; experts-1 calls support; conference request to support at 10; "
        "offered to experts-2",
        "115 experts-2 accepts; experts-2 joins",
        "125 experts-2 leaves; experts-2 DONE",
        "135 front-1 leaves; front-1 DONE",
        "145 experts-1 leaves; ends handled; experts-1 DONE",
    ]
    assert walk.told_at(115) == [
        "1 experts-2 | history | You have joined the conversation",
        "2 front-1, experts-1, customer | history | experts-2 has joined the conversation",
    ]


def test_with_nothing_left_to_work_on_they_wait_for_whom_they_have_called() -> None:
    """By default the colleague is called when all is done, and `works` would withdraw the request at once."""
    walk = called(WORKS, "queues.sales.conference.after=100%")
    assert walk.story()[1:] == [
        CALLS.replace("50 ", "100 ", 1),
        "105 experts-1 accepts; experts-1 joins",
        "135 experts-1 leaves; experts-1 DONE; front-1 leaves; ends handled; front-1 DONE",
    ]
