"""Conversations that are handed back at the end of a shift: a new request, the rest of the work, and who goes on."""

import pytest

from engine.worlds import Told, at, world
from sim.errors import SimError
from sim.story.notifications import notifications

SHIFT = """
media: {chat: {max_tasks: 2}}
queues: {chats: {medium: chat, handle_time: 100s}}
teams:
  early: {skills: {chats: 5}, at_shift_end: {chat: hand_back}, wrap_up: 10s,
          shifts: [{from: "00:00", to: "00:01", agents: 1}]}
  late: {skills: {chats: 5}, shifts: [{from: "00:02", to: "01:00", agents: 1}]}
"""


def rows(told: Told, name: str) -> list[tuple[object, ...]]:
    return [(r["kind"], r["priority"], r["placed_at"], r["outcome"], r["wait"]) for r in told.requests(name)]


def test_what_is_open_at_the_end_of_the_shift_goes_back_with_the_rest_of_its_work() -> None:
    told = world(SHIFT, ann=at(0), bob=at(10))
    assert told.story == [
        "0 ann: arrives, placed in chats, offered to early-1, answered by early-1",
        "10 bob: arrives, placed in chats, offered to early-1, answered by early-1",
        "60 ann: early-1 gives back (shift_end), early-1 leaves, early-1 AGENT_LOGOUT; "
        "bob: early-1 gives back (shift_end), early-1 leaves, early-1 AGENT_LOGOUT; "
        "ann: placed in chats at 11; bob: placed in chats at 11",
        "120 ann: offered to late-1, answered by late-1; bob: offered to late-1, answered by late-1",
        "160 ann: late-1 leaves, ends handled, late-1 DONE",
        "170 bob: late-1 leaves, ends handled, late-1 DONE",
    ]
    assert rows(told, "ann") == [("inbound", 1, 0, "answered", 0), ("rerouted", 11, 60, "answered", 60)]
    assert told.dispositions("ann") == ["AGENT_LOGOUT", "DONE"]
    assert (told.conversation("ann")["wait"], told.conversation("ann")["total_wait"]) == (0, 60)
    assert told.states("early-1") == ["0-60 READY"]  # no wrap-up, no overtime


def test_by_default_it_is_finished() -> None:
    assert world(SHIFT, "teams.early.at_shift_end={chat: finish}", ann=at(0)).ends == ["100 ann handled"]
    assert world(SHIFT, "teams.early.at_shift_end={}", ann=at(0)).ends == ["100 ann handled"]


def test_a_wrap_up_is_finished() -> None:
    told = world(SHIFT, ann=at(0, handle_time=55))
    assert told.states("early-1") == ["0-60 READY", "60-65 PENDING_NOT_READY overtime"]
    assert told.dispositions("ann") == ["DONE"]


def test_work_that_ends_as_the_shift_does_goes_back_as_well_and_takes_no_time() -> None:
    """Who goes at an instant goes first, so that nothing is left of the work but its end."""
    told = world(SHIFT, ann=at(0, handle_time=60))
    assert told.ends == ["120 ann handled"]


def test_an_offer_that_rings_rings_on_and_goes_back_when_it_is_accepted() -> None:
    told = world(SHIFT, "teams.early.accept.delay=20s", ann=at(50))
    assert told.story == [
        "50 ann: arrives, placed in chats, offered to early-1",
        "70 ann: answered by early-1, early-1 gives back (shift_end), early-1 leaves, early-1 AGENT_LOGOUT, "
        "placed in chats at 11",
        "120 ann: offered to late-1, answered by late-1",
        "220 ann: late-1 leaves, ends handled, late-1 DONE",
    ]


def test_the_time_to_live_is_fresh_and_the_patience_drawn_anew() -> None:
    ttl = "channels.web.request_ttl=40s"
    told = world(SHIFT, ttl, "routing.ring_time=20s", ann=at(0))
    assert rows(told, "ann")[1] == ("rerouted", 11, 60, "no_agent", 40)
    assert told.ends == ["100 ann no_agent"]
    assert world(SHIFT, ann=at(0, transfer_patience=30)).ends == ["90 ann abandoned"]


def test_at_another_speed_the_rest_takes_another_time() -> None:
    """60 s at double speed are 120 s of 300 s of work; the rest of 180 s takes 360 s at half speed."""
    told = world(
        SHIFT, "teams.early.speed={chats: 200%}", "teams.late.speed={chats: 50%}", ann=at(0, handle_time=300)
    )
    assert told.ends == ["480 ann handled"]


def test_what_was_to_come_on_the_way_goes_with_it() -> None:
    """The transfer at half of the work, at 50 s, is done by who takes the rest; done already it is not done again."""
    transfer = "queues.chats.transfer={probability: 100%, after: 80%, to: {other: 100%}}"
    other = ("queues.other={medium: chat, handle_time: 40s}", "teams.late.skills={chats: 5, other: 5}",
             "routing.exclude_requester=off")  # fmt: skip
    told = world(SHIFT, transfer, *other, ann=at(0))
    assert [(r["kind"], r["placed_at"]) for r in told.requests("ann")] == [
        ("inbound", 0), ("rerouted", 60), ("transfer", 140),
    ]  # fmt: skip
    early = transfer.replace("80%", "50%")
    told = world(SHIFT, early, *other, ann=at(0))
    assert [(r["kind"], r["placed_at"]) for r in told.requests("ann")] == [("inbound", 0), ("transfer", 50)]


def test_in_another_queue_the_rest_is_done_without_what_was_to_come() -> None:
    limit = "queues.chats.wait_limit={after: 20s, then: {queue: other}}"
    transfer = "queues.chats.transfer={probability: 100%, after: 80%, to: {other: 100%}}"
    told = world(
        SHIFT, limit, transfer, "queues.other={medium: chat, handle_time: 1000s}",
        "teams.night={agents: 1, skills: {other: 1}}", ann=at(0),
    )  # fmt: skip
    assert rows(told, "ann")[1:] == [("rerouted", 11, 60, "moved", 20), ("rerouted", 11, 80, "answered", 0)]
    assert told.ends == ["120 ann handled"]


def test_it_goes_before_all_who_wait() -> None:
    told = world(SHIFT, "labels={premium: {priority: 10}}", ann=at(0), bob=at(70, label="premium"))
    assert told.offers[1:] == ["120 ann to late-1", "120 bob to late-1"]


def test_nobody_has_to_be_there_for_who_was_served_before() -> None:
    told = world(SHIFT, "routing.require_available_agent=logged_in", ann=at(0), bob=at(70))
    assert told.ends == ["70 bob no_agent", "160 ann handled"]
    # But where all leave who wait, these do too: they are placed before that is looked at.
    assert world(SHIFT, "routing.leave_when_empty=on", ann=at(0)).ends == ["60 ann no_agent"]


def test_it_is_placed_before_the_log_ins_of_that_instant_and_before_anybody_leaves() -> None:
    """At 60 one shift ends, another begins, and dan's patience ends; then ann is placed, and who comes takes them."""
    change = "teams.late.shifts=[{from: '00:01', to: '01:00', agents: 1}]"
    told = world(
        SHIFT, change, "routing.leave_when_empty=on", "media.chat.max_tasks=1", ann=at(0), bob=at(10),
        dan=at(20, patience=40),
    )  # fmt: skip
    assert told.story[-3:] == [
        "60 ann: early-1 gives back (shift_end), early-1 leaves, early-1 AGENT_LOGOUT; "
        "dan: abandons, ends abandoned; ann: placed in chats at 11, offered to late-1, answered by late-1",
        "100 ann: late-1 leaves, ends handled, late-1 DONE; bob: offered to late-1, answered by late-1",
        "200 bob: late-1 leaves, ends handled, late-1 DONE",
    ]


def test_a_head_count_that_falls_hands_back_too() -> None:
    falls = "teams.early={skills: {chats: 5}, at_shift_end: {chat: hand_back}, \
head_count: {every: 60s, agents: [2, 1, 1]}}"
    always = "teams.late={agents: 0, skills: {chats: 5}}"
    told = world(SHIFT, falls, always, "lasts=3m", "media.chat.max_tasks=1", ann=at(0), bob=at(10))
    assert told.story[2] == (
        "60 bob: early-2 gives back (shift_end), early-2 leaves, early-2 AGENT_LOGOUT, placed in chats at 11"
    )
    assert told.offers[2:] == ["100 bob to early-1"]
    assert told.states("early-2") == ["0-60 READY"]


def test_two_who_are_together_both_go_where_a_head_count_falls() -> None:
    """desk-1 is free as soon as desk-2 hands back, and must not go in the stead of desk-2, who would stay."""
    text = """
queues:
  chats: {medium: chat, handle_time: 500s,
          transfer: {probability: 100%, to: {chats: 100%}, after: 80%, warm: 100%, handover_time: 200s}}
  short: {medium: chat, handle_time: 100s}
teams:
  desk: {skills: {chats: 5, short: 5}, at_shift_end: {chat: hand_back}, head_count: {every: 10m, agents: [2, 0]}}
"""
    told = world(text, "lasts=20m", bob=at(100, queue="short"), ann=at(150, queue="chats"))
    assert told.story[-2].startswith("550 ann: desk-2 sees chats 1 short 1, desk-2 transfers to chats")
    assert told.states("desk-1") == told.states("desk-2") == ["0-600 READY"]
    assert told.dispositions("ann") == ["AGENT_LOGOUT", "DONE", "UNFINISHED"]


def test_the_customer_is_told() -> None:
    told = world(SHIFT, ann=at(0))
    said = [one.text for one in notifications(told.records.events) if one.at == 60]
    assert said == ["Another agent will be with you shortly. Please wait!", "early-1 left the conversation"]


TOGETHER = """
media: {chat: {max_tasks: 1}}
queues:
  chats:
    medium: chat
    handle_time: 100s
    conference: {probability: 100%, after: 20%, to: {experts: 100%}, joint_time: 100s}
  experts: {medium: chat, handle_time: 300s}
teams:
  early: {skills: {chats: 5}, at_shift_end: {chat: hand_back}, shifts: [{from: "00:00", to: "00:01", agents: 1}]}
  expert: {agents: 1, skills: {experts: 5}}
  late: {skills: {chats: 5}, shifts: [{from: "00:02", to: "01:00", agents: 1}]}
"""


def test_r2_37_in_a_conference_the_others_go_on() -> None:
    """The guest has the joint time to do from 20 s on, and then what the other had left, whoever was to leave."""
    told = world(TOGETHER, ann=at(0))
    assert told.story[1:] == [
        "20 ann: early-1 sees chats 0 experts 1, early-1 calls experts, placed in experts at 10, offered to expert-1, "
        "answered by expert-1",
        "60 ann: early-1 leaves, early-1 AGENT_LOGOUT",
        "200 ann: expert-1 leaves, ends handled, expert-1 DONE",
    ]


def test_r2_37_a_guest_is_taken_out_and_the_one_who_asked_goes_on() -> None:
    ends = (
        "teams.early={agents: 1, skills: {chats: 5}}",
        "teams.expert={skills: {experts: 5}, at_shift_end: {chat: hand_back}, "
        "shifts: [{from: '00:00', to: '00:01', agents: 1}]}",
    )
    told = world(TOGETHER, *ends, ann=at(0))
    assert told.story[2:] == [
        "60 ann: expert-1 leaves, expert-1 AGENT_LOGOUT",
        "140 ann: early-1 leaves, ends handled, early-1 DONE",
    ]


def test_r2_37_a_conference_that_nobody_has_joined_yet_is_withdrawn() -> None:
    told = world(TOGETHER, eve=at(0, queue="experts"), ann=at(0))
    assert [(r["kind"], r["outcome"], r["wait"]) for r in told.requests("ann")] == [
        ("inbound", "answered", 0), ("conference", "cancelled", 40), ("rerouted", "answered", 60),
    ]  # fmt: skip
    assert told.ends == ["160 ann handled", "300 eve handled"]


WARM = (
    "queues.chats.conference={probability: 0%, to: {experts: 100%}}",
    "queues.chats.transfer={probability: 100%, after: 50%, warm: 100%, handover_time: 30s, to: {experts: 100%}}",
    "teams.early.skills={chats: 5}",
)


def test_r2_37_whoever_was_to_take_over_is_taken_out_and_the_transfer_is_asked_for_again() -> None:
    told = world(TOGETHER, *WARM, ann=at(0))
    assert told.story[1:] == [
        "50 ann: early-1 sees chats 0 experts 1, early-1 transfers to experts, placed in experts at 10, "
        "offered to expert-1, answered by expert-1",
        "60 ann: expert-1 leaves, expert-1 DONE, early-1 gives back (shift_end), early-1 leaves, "
        "early-1 AGENT_LOGOUT, placed in chats at 11",
        "120 ann: offered to late-1, answered by late-1, late-1 sees chats 0 experts 1, late-1 transfers to experts, "
        "placed in experts at 10, offered to expert-1, answered by expert-1",
        "150 ann: late-1 leaves, late-1 TRANSFERRED",
        "450 ann: expert-1 leaves, ends handled, expert-1 DONE",
    ]
    waits = world(TOGETHER, *WARM, eve=at(0, queue="experts"), ann=at(0))
    assert [(r["kind"], r["outcome"]) for r in waits.requests("ann")] == [
        ("inbound", "answered"), ("transfer", "cancelled"), ("rerouted", "answered"), ("transfer", "answered"),
    ]  # fmt: skip
    # On hold from 50 to 60, then in the queue to 120; on hold again until the expert is free at 300.
    assert waits.conversation("ann")["total_wait"] == 10 + 60 + 180


def test_r2_37_who_takes_over_and_has_to_go_leaves_the_customer_with_the_one_who_asked() -> None:
    ends = (
        "teams.early={agents: 1, skills: {chats: 5}}",
        "teams.expert={skills: {experts: 5}, at_shift_end: {chat: hand_back}, "
        "shifts: [{from: '00:00', to: '00:01', agents: 1}]}",
    )
    told = world(TOGETHER, *WARM[:2], *ends, ann=at(0))
    assert told.story[2:] == [
        "60 ann: expert-1 leaves, expert-1 AGENT_LOGOUT",
        "110 ann: early-1 leaves, ends handled, early-1 DONE",
    ]


SUPERVISED = (
    "queues.chats.conference={probability: 0%, to: {experts: 100%}}",
    "teams.leads={agents: 1, role: supervisor}",
)


def test_r2_37_a_silent_supervisor_leaves_and_one_who_has_barged_in_keeps_the_customer() -> None:
    silent = "supervision={team: leads, queues: [chats], probability: 100%, after: 10s, lasts: 200s}"
    told = world(TOGETHER, *SUPERVISED, silent, ann=at(0))
    assert told.ends == ["160 ann handled"]
    assert "monitor_left" in told.story[2]
    barges = silent.replace("lasts: 200s", "lasts: 80s, barge_in: 100%")
    told = world(TOGETHER, *SUPERVISED, barges, ann=at(0))
    assert [r["kind"] for r in told.requests("ann")] == ["inbound"]
    assert told.ends == ["90 ann handled"]


def test_a_list_takes_it_back() -> None:
    told = world(SHIFT, "queues.chats.mode=pull", ann=at(0))
    assert told.ends == ["160 ann handled"]
    assert [task["routing_mode"] for task in told.tasks("ann")] == ["PULL", "PULL"]


def test_who_gives_back_joins_no_other_from_the_list() -> None:
    """At 60 early-1 has given ann back and goes; bob, whom they had no slot for, waits for the next shift."""
    told = world(SHIFT, "media={chat: {max_tasks: 1}}", "queues.chats.mode=pull", ann=at(0), bob=at(0))
    assert [task["agent_id"] for task in told.tasks("bob")] == ["late-1"]
    assert told.ends == ["220 bob handled", "260 ann handled"]


def test_a_second_agent_from_the_list_does_what_they_draw_not_what_was_to_come() -> None:
    """The transfer after 80 s goes with ann to who takes them from the list; who joins them has 40 s to do, no more."""
    told = world(
        SHIFT,
        "queues.chats={medium: chat, mode: pull, handle_time: 100s, pull: {second_agent: 100%}, "
        "transfer: {probability: 50%, after: 80%, to: {experts: 100%}}}",
        "queues.experts={medium: chat, handle_time: 10s}",
        "teams.late.shifts=[{from: '00:02', to: '01:00', agents: 2}]",
        "teams.expert={agents: 1, skills: {experts: 5}}",
        ann=at(0, transfer=[0.0, 0.9, 0.9]),
    )
    assert [(r["kind"], r["outcome"], r["placed_at"]) for r in told.requests("ann")] == [
        ("inbound", "answered", 0), ("rerouted", "answered", 60), ("transfer", "answered", 140),
    ]  # fmt: skip
    assert told.ends == ["160 ann handled"]


def test_where_both_of_a_conference_go_it_is_the_work_that_is_left_not_the_joint_time() -> None:
    """The one who asked has 80 s left at 60, the guest 60 s of the joint time: 80 s are to be done from 120 on."""
    ends = (
        "teams.expert={skills: {experts: 5}, at_shift_end: {chat: hand_back}, "
        "shifts: [{from: '00:00', to: '00:01', agents: 1}]}",
        "teams.late.skills={experts: 5}",
    )
    told = world(TOGETHER, *ends, ann=at(0))
    assert [(r["kind"], r["queue"], r["placed_at"]) for r in told.requests("ann")][2:] == [
        ("rerouted", "experts", 60)
    ]
    assert told.ends == ["200 ann handled"]


def test_another_word_is_a_mistake() -> None:
    with pytest.raises(SimError, match="`drop`"):
        world(SHIFT, "teams.early.at_shift_end={chat: drop}")
    with pytest.raises(SimError, match="unknown medium `chats`; did you mean `chat`"):
        world(SHIFT, "teams.early.at_shift_end={chats: finish}")
