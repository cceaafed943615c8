"""Tiny worlds in which the three simulations once told different things, each decided by a rule."""

import pytest
from engine.worlds import Contact, Told, at, centre, told_of, workload_of

from twin.comparison import events_of, first_difference
from twin.event_list import EventList


def on_all_three(text: str, *changes: str, **contacts: Contact) -> Told:
    """What both engines tell, and the second simulation as well."""
    scenario = centre(text, *changes)
    told = told_of(scenario, contacts)
    twin = EventList(scenario, workload_of(scenario, contacts)).run()
    assert first_difference(twin.events, events_of(told.records)) == ""
    return told


AT_THE_BOUND = """
media: {chat: {max_tasks: 2}}
channels: {web: {medium: chat, request_ttl: 70s}}
routing: {last_agent: on}
queues:
  calls:
    {medium: chat, handle_time: 10s, max_tasks: 1, balk: {share: 100%, when: nobody_free},
     transfer: {probability: 50%, to: {help: 100%}}}
  help: {medium: chat, handle_time: 10s}
teams:
  desk: {agents: 1, skills: {calls: 1}}
  later: {skills: {help: 1}, head_count: {every: 30m, agents: [0, 1]}}
customers: {after_no_agent: {ask_again: 100%, after: 10s}}
"""


def test_balking_nobody_is_free_where_the_last_agent_has_as_many_tasks_of_the_queue_as_they_may() -> None:
    """At 90 ann's last agent has a slot free, and bob open, beyond whom they may have nobody of this queue."""
    told = on_all_three(AT_THE_BOUND, ann=at(0, transfer=[0.0]), bob=at(50, handle_time=100, transfer=[0.9]))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 ann: desk-1 sees calls 0 help 0, desk-1 transfers to help, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in help at 10",
        "50 bob: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "80 ann: no agent, ends no_agent",
        "90 ann*: arrives, balks, ends balked",
        "150 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    free = on_all_three(AT_THE_BOUND, ann=at(0, transfer=[0.0, 0.9]))
    assert free.story[-2:] == [
        "90 ann*: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann*: desk-1 leaves, ends handled, desk-1 DONE",
    ]


EITHER_FIRST = """
media:
  chat: {max_tasks: 3, interrupted_by: {voice: goes_on}}
  voice: {max_tasks: 1, interrupted_by: {chat: goes_on}}
channels: {web: {medium: chat}, phone: {medium: voice}}
queues:
  calls: {medium: voice, mode: pull, handle_time: 60s}
  mails: {medium: chat, mode: pull, handle_time: 200s}
  chats: {medium: chat, handle_time: 30s}
teams: {desk: {agents: 1, skills: {calls: 1, mails: 1, chats: 1}}}
"""


def test_r3_10_whoever_joins_the_next_call_as_the_interruption_ends_takes_the_chats_all_the_same() -> None:
    """At 60 the mail keeps the agent: kim is joined from the list as one of an interrupted medium, ann is offered."""
    told = on_all_three(
        EITHER_FIRST,
        joe=at(0, queue="calls"), max=at(10, queue="mails"), ann=at(20, queue="chats"), kim=at(30, queue="calls"),
    )  # fmt: skip
    assert told.story[4:] == [
        "60 joe: desk-1 leaves, ends handled, desk-1 DONE; kim: answered by desk-1; "
        "ann: offered to desk-1, answered by desk-1",
        "90 ann: desk-1 leaves, ends handled, desk-1 DONE",
        "120 kim: desk-1 leaves, ends handled, desk-1 DONE",
        "210 max: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.states("desk-1", "chat") == ["0-60 INTERRUPTED", "60-210 ACTIVE", "210-3600 READY"]
    assert told.states("desk-1", "voice") == ["0-60 BUSY", "60-210 INTERRUPTED", "210-3600 READY"]


EMPTY = """
opens: 2025-02-03 09:00
channels: {web: {medium: chat, request_ttl: 400s}}
routing: {leave_when_empty: on}
queues:
  calls:
    {medium: chat, handle_time: 600s,
     conference: {probability: 50%, after: 30%, to: {calls: 100%}, while_waiting: holds, if_nobody: transfers}}
teams: {desk: {skills: {calls: 1}, shifts: [{from: "09:00", to: "09:05", agents: 2}]}}
"""


def test_leave_when_empty_who_is_placed_by_those_who_leave_comes_later_and_waits() -> None:
    """At 300 the last two go; the conference ends, and the transfer in its place waits for its TTL."""
    told = on_all_three(EMPTY, ann=at(0, conference=0.0), bob=at(0, conference=0.9), cid=at(200))
    assert told.story[1:] == [
        "180 ann: desk-1 sees calls 0, desk-1 calls calls, placed in calls at 10",
        "200 cid: arrives, placed in calls",
        "300 ann: nobody is logged in, no agent, desk-1 sees calls 0, desk-1 transfers to calls, desk-1 leaves, "
        "desk-1 TRANSFERRED, placed in calls at 10; cid: nobody is logged in, no agent, ends no_agent",
        "600 bob: desk-2 leaves, ends handled, desk-2 DONE",
        "700 ann: no agent, ends no_agent",
    ]


HELD = """
media: {chat: {max_tasks: 1}}
queues:
  chats:
    {medium: chat, handle_time: 100s,
     transfer: {probability: 50%, after: 20%, to: {experts: 100%}, warm: 100%, patience: 50s}}
  experts: {medium: chat, handle_time: 100s}
teams:
  early: {skills: {chats: 5}, at_shift_end: {chat: hand_back}, shifts: [{from: "00:00", to: "00:01", agents: 1}]}
  late: {skills: {chats: 5}, shifts: [{from: "00:02", to: "01:00", agents: 1}]}
  never: {skills: {experts: 5}, head_count: {every: 30m, agents: [0, 1]}}
"""


@pytest.mark.parametrize("patience", [40, 50])
def test_going_back_ends_a_patience_that_ran_for_a_transfer_it_withdraws(patience: int) -> None:
    """On hold from 20 ann would leave at 70, or at 60; in the queue of the chats ann waits for ever."""
    told = on_all_three(HELD, f"queues.chats.transfer.patience={patience}", ann=at(0, transfer=[0.0, 0.9]))
    assert told.story == [
        "0 ann: arrives, placed in chats, offered to early-1, answered by early-1",
        "20 ann: early-1 sees chats 0 experts 0, early-1 transfers to experts, placed in experts at 10",
        "60 ann: request cancelled, early-1 gives back (shift_end), early-1 leaves, early-1 AGENT_LOGOUT, "
        "placed in chats at 11",
        "120 ann: offered to late-1, answered by late-1, late-1 sees chats 0 experts 0, "
        "late-1 transfers to experts, placed in experts at 10",
        f"{120 + patience} ann: abandons, ends abandoned, late-1 leaves, late-1 DONE",
    ]


SECOND = """
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  calls:
    {medium: voice, handle_time: 100s,
     conference:
       {probability: 50%, after: 50%, to: {list: 100%}, joint_time: 20s, guest_time: 60s,
        then: {requester_leaves: 100%}, while_waiting: holds}}
  list:
    {medium: voice, mode: pull, handle_time: 200s, pull: {second_agent: 50%},
     transfer: {probability: 50%, after: 10%, to: {calls: 100%}, warm: 100%}}
teams:
  first: {agents: 1, skills: {calls: 5}}
  second: {agents: 1, skills: {list: 5}}
  guest: {agents: 1, skills: {list: 5}}
"""


def test_r7_1_a_second_agent_works_on_what_the_guest_is_about_to_begin() -> None:
    """At 70 the requester leaves for bob, whose holder joins ann: the guest has 60 s of work, and so has ann."""
    told = on_all_three(
        SECOND, ann=at(0, conference=[0.0, 0.9, 0.9], second_agent=[0.9, 0.0], transfer=[0.9] * 3),
        bob=at(0, queue="list", second_agent=[0.9], transfer=[0.0, 0.9], conference=[0.9] * 2),
    )  # fmt: skip
    assert told.story[2:] == [
        "50 ann: first-1 sees calls 0 list 1, first-1 calls list, placed in list at 10, pull_notice, pull_notice, "
        "answered by guest-1",
        "70 ann: first-1 leaves, first-1 DONE; bob: offered to first-1, answered by first-1, second-1 leaves, "
        "second-1 TRANSFERRED; ann: second-1 joins",
        "130 ann: second-1 leaves, second-1 DONE, guest-1 leaves, ends handled, guest-1 DONE",
        "170 bob: first-1 leaves, ends handled, first-1 DONE",
    ]


WRAPS = """
media: {chat: {max_tasks: 2}}
queues:
  chats:
    {medium: chat, handle_time: 100s, transfer: {probability: 50%, to: {chats: 100%}, after: 40%, warm: 100%},
     conference: {probability: 50%, to: {chats: 100%}, after: 50%, then: {both_stay: 100%}}}
teams: {desk: {agents: 2, skills: {chats: 5}, wrap_up: 20s}}
"""


def test_r4_4_a_wrap_up_that_began_first_ends_first() -> None:
    """At 100 the first leaves, wraps up, and is offered what the second holds for, who leaves and wraps up as well."""
    told = on_all_three(WRAPS, ann=at(0, transfer=[0.9, 0.0, 0.9], conference=[0.0, 0.9, 0.9]))
    assert told.story[2:] == [
        "70 ann: desk-2 sees chats 0, desk-2 transfers to chats, placed in chats at 10",
        "100 ann: desk-1 leaves, desk-1 wraps up, offered to desk-1, answered by desk-1, desk-2 leaves, "
        "desk-2 wraps up",
        "120 ann: desk-1 DONE, desk-2 TRANSFERRED",
        "200 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "220 ann: desk-1 DONE",
    ]


LOOKED_INTO = """
queues: {calls: {medium: chat, handle_time: 100s}}
teams:
  desk: {agents: 1, skills: {calls: 5}}
  leads: {agents: 1, role: supervisor}
supervision: {team: leads, queues: [calls], probability: 50%, after: 20s, lasts: 30s}
"""


def test_r5_11_supervisors_without_slots_of_a_medium_look_into_nothing_of_it() -> None:
    looked = on_all_three(LOOKED_INTO, ann=at(0, supervised=0.0))
    assert looked.story[1:3] == ["20 ann: monitor_joined", "50 ann: monitor_left"]
    none = on_all_three(LOOKED_INTO, "teams.leads.max_tasks={chat: 0}", ann=at(0, supervised=0.0))
    assert none.story[1:] == ["100 ann: desk-1 leaves, ends handled, desk-1 DONE"]


LET_GO = """
media: {chat: {max_tasks: 1}}
routing: {agent_selection: threshold, request_selection: threshold}
queues:
  chats:
    {medium: chat, handle_time: 100s, steps: [{needs: chats >= 2, for: 0s}, {needs: chats >= 1}],
     transfer: {probability: 50%, to: {chats: 100%}, after: 50%, warm: 100%}}
teams:
  desk: {agents: 2, skills: {chats: 2}}
  helper: {agents: 1, skills: {chats: 1}}
"""


def test_r2_16_who_lets_another_go_first_waits_for_whoever_is_freed_by_that() -> None:
    """At 60 five wait, so that the helper takes ann's transfer; desk-1 is free for bob's, who comes before cid.

    So desk-2, whom that frees, takes cid; dan and eve are too few for the helper.
    """
    stays = {"transfer": [0.9]}
    told = on_all_three(
        LET_GO, ann=at(0, transfer=[0.0, 0.9]), bob=at(10, transfer=[0.0, 0.9]), cid=at(20, **stays),
        dan=at(30, **stays), eve=at(40, **stays),
    )  # fmt: skip
    assert told.story[5:7] == [
        "50 ann: desk-1 sees chats 1, desk-1 transfers to chats, placed in chats at 10",
        "60 bob: desk-2 sees chats 1, desk-2 transfers to chats, placed in chats at 10; "
        "ann: offered to helper-1, answered by helper-1, desk-1 leaves, desk-1 TRANSFERRED; "
        "bob: offered to desk-1, answered by desk-1, desk-2 leaves, desk-2 TRANSFERRED; "
        "cid: offered to desk-2, answered by desk-2",
    ]
