"""Media that interrupt each other: what is not offered, and what becomes of what is open."""

import pytest

from engine.worlds import at, world
from sim.errors import SimError

CALLS = """
media: {voice: {max_tasks: 1}, chat: {max_tasks: 3, interrupted_by: {voice: goes_on}}}
channels: {phone: {medium: voice}, web: {medium: chat}}
queues: {calls: {medium: voice, handle_time: 60s}, chats: {medium: chat, handle_time: 100s}}
teams: {desk: {agents: 1, skills: {calls: 1, chats: 1}}}
"""
HOLDS, REROUTED = "media.chat.interrupted_by={voice: holds}", "media.chat.interrupted_by={voice: rerouted}"


def call(seconds: float, **said: object) -> dict[str, object]:
    return at(seconds, queue="calls", **said)


def chat(seconds: float, **said: object) -> dict[str, object]:
    return at(seconds, queue="chats", **said)


def test_r3_10_goes_on_keeps_new_chats_away_and_lets_open_ones_be() -> None:
    told = world(CALLS, ann=chat(0), joe=call(30), bob=chat(40))
    assert told.story == [
        "0 ann: arrives, placed in chats, offered to desk-1, answered by desk-1",
        "30 joe: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "40 bob: arrives, placed in chats",
        "90 joe: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "100 ann: desk-1 leaves, ends handled, desk-1 DONE",
        "190 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.states("desk-1", "chat") == [
        "0-30 ACTIVE", "30-90 INTERRUPTED", "90-190 ACTIVE", "190-3600 READY",
    ]  # fmt: skip
    assert told.states("desk-1") == ["0-3600 READY"]


def test_r3_10_holds_lets_open_chats_stand_still() -> None:
    told = world(CALLS, HOLDS, ann=chat(0), joe=call(30), bob=chat(40))
    assert told.ends == ["90 joe handled", "160 ann handled", "190 bob handled"]
    # At half the pace for two: 40 s of work are left to both at 130 s, as bob comes at 90 with 100.
    slowed = world(CALLS, HOLDS, "media.chat.pace=[100%, 50%]", ann=chat(0), joe=call(30), bob=chat(40))
    assert slowed.ends == ["90 joe handled", "230 ann handled", "260 bob handled"]


def test_r3_10_rerouted_sends_open_chats_back() -> None:
    told = world(CALLS, REROUTED, ann=chat(0), joe=call(30), bob=chat(40))
    assert told.story[1] == (
        "30 joe: arrives, placed in calls, offered to desk-1, answered by desk-1; "
        "ann: desk-1 gives back (interrupted), desk-1 leaves, desk-1 REROUTE, placed in chats at 11"
    )
    assert told.offers[2:] == ["90 ann to desk-1", "90 bob to desk-1"]
    assert told.ends == ["90 joe handled", "160 ann handled", "190 bob handled"]
    assert told.dispositions("ann") == ["REROUTE", "DONE"]
    other = world(
        CALLS, REROUTED, "teams.chatters={agents: 1, skills: {chats: 1}}", ann=chat(0), joe=call(30)
    )
    assert other.offers == ["0 ann to desk-1", "30 joe to desk-1", "30 ann to chatters-1"]
    assert other.ends == ["90 joe handled", "100 ann handled"]


@pytest.mark.parametrize("how", ["goes_on", "holds", "rerouted"])
def test_a_call_blocks_chats_whatever_becomes_of_open_ones(how: str) -> None:
    blocks = f"media.chat.interrupted_by={{voice: {how}}}"
    told = world(CALLS, blocks, joe=call(0, handle_time=600), ann=chat(60, handle_time=60))
    assert told.ends == ["600 joe handled", "660 ann handled"]


RINGS = ("teams.desk.accept={probability: 50%}", "routing.ring_time=20s")


@pytest.mark.parametrize("how", ["goes_on", "holds", "rerouted"])
def test_a_ring_that_nobody_answers_throws_nobody_out(how: str) -> None:
    """From the reservation on no chat is offered; bob has to wait until the ringing is over for good."""
    pause = "teams.desk.after_ring={voice: {not_ready: 10m}}"
    told = world(
        CALLS, f"media.chat.interrupted_by={{voice: {how}}}", *RINGS, pause,
        ann=chat(0, accept=0.1), joe=call(30, accept=0.9), bob=chat(40, accept=0.1),
    )  # fmt: skip
    assert told.offers[:3] == ["0 ann to desk-1", "30 joe to desk-1", "50 bob to desk-1"]
    assert told.ends[:2] == ["100 ann handled", "150 bob handled"]
    assert told.states("desk-1", "chat")[1] == "30-50 INTERRUPTED"


LATE = "teams.desk.accept={probability: 100%, delay: 20s}"


def test_a_chat_that_rings_as_the_call_is_accepted_rings_on_and_is_treated_like_the_open_ones() -> None:
    ringing = {"joe": call(0, accept_delay=5), "ann": chat(0, accept_delay=20)}
    order = {"ann": ringing["ann"], "joe": ringing["joe"]}
    assert world(CALLS, LATE, **order).ends == ["65 joe handled", "120 ann handled"]
    assert world(CALLS, LATE, HOLDS, **order).ends == ["65 joe handled", "165 ann handled"]
    told = world(CALLS, LATE, REROUTED, **order)
    assert told.story[2] == (
        "20 ann: answered by desk-1, desk-1 gives back (interrupted), desk-1 leaves, desk-1 REROUTE, "
        "placed in chats at 11"
    )
    assert told.offers[-1] == "65 ann to desk-1"


def test_a_wrap_up_is_finished_and_that_of_the_call_interrupts_as_well() -> None:
    told = world(
        CALLS, REROUTED, "teams.desk.wrap_up=30s", ann=chat(0, handle_time=20), joe=call(30), bob=chat(35)
    )
    assert told.dispositions("ann") == ["DONE"]
    assert told.offers[-1] == "120 bob to desk-1"


def test_of_two_media_that_interrupt_each_other_the_first_keeps_the_agent() -> None:
    both = ("media.voice.interrupted_by={chat: goes_on}",)
    told = world(CALLS, *both, ann=chat(0), joe=call(30), bob=chat(40))
    # While a chat is open no call comes, but further chats do.
    assert told.offers == ["0 ann to desk-1", "40 bob to desk-1", "140 joe to desk-1"]
    told = world(CALLS, *both, joe=call(0), ann=chat(10), jim=call(20))
    assert told.offers == ["0 joe to desk-1", "60 jim to desk-1", "120 ann to desk-1"]


def test_three_media_in_a_circle_come_to_an_end() -> None:
    text = """
media:
  a: {max_tasks: 2, interrupted_by: {c: holds}}
  b: {max_tasks: 2, interrupted_by: {a: holds}}
  c: {max_tasks: 2, interrupted_by: {b: holds}}
channels: {a: {medium: a}, b: {medium: b}, c: {medium: c}}
queues: {qa: {medium: a, handle_time: 50s}, qb: {medium: b, handle_time: 50s}, qc: {medium: c, handle_time: 50s}}
teams: {desk: {agents: 1, skills: {qa: 1, qb: 1, qc: 1}}}
"""
    told = world(text, ann=at(0, queue="qa"), bob=at(10, queue="qb"), cid=at(20, queue="qc"))
    # A keeps b away, so that c is not interrupted and makes a stand still from 20 to 70.
    assert told.ends == ["70 cid handled", "100 ann handled", "150 bob handled"]


def test_a_list_may_be_joined_all_the_same() -> None:
    told = world(CALLS, "queues.chats.mode=pull", joe=call(0), ann=chat(10))
    assert told.ends == ["60 joe handled", "110 ann handled"]


JOINED = (
    "teams={callers: {agents: 1, skills: {calls: 1}}, desk: {agents: 1, skills: {calls: 1, chats: 1}}}",
    "queues.calls.mode=pull", "queues.calls.pull={second_agent: 100%, reaction: 10s}",
)  # fmt: skip


def test_r3_10_a_second_agent_who_joins_from_a_list_is_interrupted_like_the_first() -> None:
    """Joe's call lies on a list; a caller joins first, and the desk, with ann's chat open, for the rest of it."""
    told = world(CALLS, REROUTED, *JOINED, ann=chat(0), joe=call(60, handle_time=20))
    assert told.story[2:] == [
        "70 joe: answered by callers-1, desk-1 joins; "
        "ann: desk-1 gives back (interrupted), desk-1 leaves, desk-1 REROUTE, placed in chats at 11",
        "90 joe: callers-1 leaves, callers-1 DONE, desk-1 leaves, ends handled, desk-1 DONE; "
        "ann: offered to desk-1, answered by desk-1",
        "120 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    told = world(CALLS, HOLDS, *JOINED, ann=chat(0), joe=call(60, handle_time=20))
    assert told.ends == ["90 joe handled", "120 ann handled"]


def test_at_the_end_of_the_shift_both_rules_hold() -> None:
    """Chats on hold go back at the end of the shift; the call is finished."""
    shift = "teams.desk={skills: {calls: 1, chats: 1}, at_shift_end: {chat: hand_back}, \
shifts: [{from: '00:00', to: '00:01', agents: 1}, {from: '00:05', to: '01:00', agents: 1}]}"
    told = world(CALLS, HOLDS, shift, ann=chat(0), joe=call(30))
    assert told.ends == ["90 joe handled", "370 ann handled"]
    assert told.states("desk-1")[1] == "60-90 PENDING_NOT_READY overtime"


def test_in_a_conference_the_others_go_on_when_a_call_comes() -> None:
    guests = (
        "queues.chats.conference={probability: 100%, after: 20%, to: {help: 100%}, joint_time: 100s}",
        "queues.help={medium: chat, handle_time: 300s}",
        "teams.helpers={agents: 1, skills: {help: 1}}",
    )
    told = world(CALLS, REROUTED, *guests, ann=chat(0), joe=call(30))
    assert told.ends == ["90 joe handled", "200 ann handled"]
    assert [r["kind"] for r in told.requests("ann")] == ["inbound", "conference"]


def test_a_named_agent_who_is_interrupted_is_not_available() -> None:
    named = ("queues.chats.transfer={probability: 100%, named: 100%, to: {chats: 100%}}",
             "teams.chatters={agents: 1, skills: {chats: 9}}", "routing.agent_selection=most_skilled")  # fmt: skip
    told = world(CALLS, *named, joe=call(0, handle_time=300), ann=chat(0))
    assert [(r["kind"], r["outcome"]) for r in told.requests("ann")] == [
        ("inbound", "answered"), ("named_transfer", "no_agent"),
    ]  # fmt: skip


def test_mistakes_are_named() -> None:
    with pytest.raises(SimError, match="a medium does not interrupt itself"):
        world(CALLS, "media.chat.interrupted_by={chat: holds}")
    with pytest.raises(SimError, match="unknown medium `voise`; did you mean `voice`"):
        world(CALLS, "media.chat.interrupted_by={voise: holds}")
    with pytest.raises(SimError, match="`stops`"):
        world(CALLS, "media.chat.interrupted_by={voice: stops}")


WARM = """
media: {voice: {max_tasks: 1}, chat: {max_tasks: 3, interrupted_by: {voice: rerouted}}}
channels: {phone: {medium: voice}, web: {medium: chat}}
queues:
  calls: {medium: voice, handle_time: 60s, transfer: {probability: 100%, after: 50%, to: {experts: 100%}, warm: 100%}}
  experts: {medium: voice, handle_time: 20s}
  chats: {medium: chat, handle_time: 100s}
teams:
  front: {agents: 1, skills: {calls: 1}}
  expert: {agents: 1, skills: {experts: 1, chats: 1}, accept: {delay: 5s}}
"""


def test_what_is_open_goes_back_before_the_work_on_what_was_accepted_begins() -> None:
    """The requester of a warm transfer leaves as that work begins, whether it was accepted at once or not."""
    late = world(WARM, ann=chat(0), joe=call(0))
    assert late.story[3] == (
        "35 joe: answered by expert-1; ann: expert-1 gives back (interrupted), expert-1 leaves, expert-1 REROUTE; "
        "joe: front-1 leaves, front-1 TRANSFERRED; ann: placed in chats at 11"
    )
    at_once = world(WARM, "teams.expert.accept={delay: 0s}", ann=chat(0), joe=call(0))
    assert at_once.story[1] == (
        "30 joe: front-1 sees calls 0 experts 1 chats 1, front-1 transfers to experts, placed in experts at 10, "
        "offered to expert-1, answered by expert-1; ann: expert-1 gives back (interrupted), expert-1 leaves, "
        "expert-1 REROUTE; joe: front-1 leaves, front-1 TRANSFERRED; ann: placed in chats at 11"
    )
