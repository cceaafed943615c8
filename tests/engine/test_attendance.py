"""Who has to be there for a request to be placed, and who leaves when the last agent has logged out."""

import pytest

from engine.worlds import at, world
from sim.errors import SimError
from sim.story.notifications import notifications

ONE_SHIFT = """
opens: 2025-02-03 09:00
lasts: 3h
queues: {calls: {medium: chat, handle_time: 300s}}
teams: {desk: {skills: {calls: 5}, shifts: [{from: "09:00", to: "10:00", agents: 1}]}}
"""
CAME = {"ann": at(3000, handle_time=900), "bob": at(3300), "cid": at(4800)}
LOGGED_IN, LEAVE = "routing.require_available_agent=logged_in", "routing.leave_when_empty=on"


def test_r4_10_logged_in_is_enough_though_busy_and_the_end_of_the_shift_sends_away() -> None:
    """The three readings of a queue without agents: bob comes while the only agent is busy, cid after their shift."""
    told = world(ONE_SHIFT, LOGGED_IN, LEAVE, **CAME)
    assert told.story == [
        "3000 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "3300 bob: arrives, placed in calls",
        "3600 bob: nobody is logged in, no agent, ends no_agent",
        "3900 ann: desk-1 leaves, ends handled, desk-1 DONE",
        "4800 cid: arrives, placed in calls, no agent, ends no_agent",
    ]
    assert told.dispositions("bob") == ["NO_AGENT_AVAILABLE"]
    assert told.requests("bob")[0]["wait"] == 300


def test_r4_10_available_asks_for_an_agent_who_is_free() -> None:
    for written in ("on", "available"):
        told = world(ONE_SHIFT, f"routing.require_available_agent={written}", LEAVE, **CAME)
        assert told.ends == ["3300 bob no_agent", "3900 ann handled", "4800 cid no_agent"], written


def test_each_key_alone() -> None:
    """Bob waits on where nobody leaves, and cid where nobody has to be there: the check is made at a log-out alone."""
    assert world(ONE_SHIFT, LOGGED_IN, **CAME).ends == ["3900 ann handled", "4800 cid no_agent"]
    assert world(ONE_SHIFT, LEAVE, **CAME).ends == ["3600 bob no_agent", "3900 ann handled"]


def test_a_queue_has_its_own_reading_before_the_routings() -> None:
    own = "queues.calls.require_available_agent=off"
    assert world(ONE_SHIFT, LOGGED_IN, own, **CAME).ends == ["3900 ann handled"]
    assert world(ONE_SHIFT, LEAVE, "queues.calls.leave_when_empty=off", **CAME).ends == ["3900 ann handled"]


def test_a_change_of_shifts_at_one_instant_sends_nobody_away() -> None:
    late = "teams.late={skills: {calls: 5}, shifts: [{from: '10:00', to: '12:00', agents: 1}]}"
    told = world(ONE_SHIFT, LOGGED_IN, LEAVE, late, **CAME)
    assert told.offers == ["3000 ann to desk-1", "3600 bob to late-1", "4800 cid to late-1"]
    later = "teams.late={skills: {calls: 5}, shifts: [{from: '10:00:01', to: '12:00', agents: 1}]}"
    assert world(ONE_SHIFT, LEAVE, later, **CAME).ends[0] == "3600 bob no_agent"


def test_who_comes_when_the_last_one_goes_finds_nobody() -> None:
    assert world(ONE_SHIFT, LOGGED_IN, LEAVE, cid=at(3600)).story == [
        "3600 cid: arrives, placed in calls, no agent, ends no_agent"
    ]


def test_a_break_is_no_log_out() -> None:
    breaks = "teams.desk.shifts.0.breaks=[{at: '09:10', for: 10m}]"
    told = world(ONE_SHIFT, LOGGED_IN, LEAVE, breaks, bob=at(700))
    assert told.story == [
        "700 bob: arrives, placed in calls",
        "1200 bob: offered to desk-1, answered by desk-1",
        "1500 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_a_pause_after_a_ring_out_is_no_log_out() -> None:
    pause = "teams.desk.after_ring={chat: {not_ready: 10m}}"
    told = world(
        ONE_SHIFT, LOGGED_IN, LEAVE, pause, "teams.desk.accept.probability=50%",
        ann=at(0, accept=[0.9, 0.1]), bob=at(100, accept=0.1),
    )  # fmt: skip
    assert told.offers == ["0 ann to desk-1", "660 ann to desk-1", "960 bob to desk-1"]


RINGS_LONG = ("teams.desk.accept={probability: 50%, delay: 50s}",)


def test_what_rings_as_the_last_one_goes_rings_on() -> None:
    told = world(ONE_SHIFT, LEAVE, *RINGS_LONG, ann=at(3590, accept=0.1))
    assert told.story == [
        "3590 ann: arrives, placed in calls, offered to desk-1",
        "3640 ann: answered by desk-1",
        "3940 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_and_where_it_rings_out_then_its_customer_leaves() -> None:
    told = world(ONE_SHIFT, LEAVE, *RINGS_LONG, ann=at(3590, accept=0.9))
    assert told.story == [
        "3590 ann: arrives, placed in calls, offered to desk-1",
        "3650 ann: rings out at desk-1, requeued at 11, nobody is logged in, no agent, ends no_agent",
    ]
    assert told.dispositions("ann") == ["RONA", "NO_AGENT_AVAILABLE"]
    both = world(
        ONE_SHIFT, LEAVE, *RINGS_LONG, "media.chat.max_tasks=2",
        eve=at(3000, accept=0.1, handle_time=900), ann=at(3590, accept=0.9),
    )  # fmt: skip
    # The agent still finishes eve's conversation, but is there no more.
    assert both.ends == ["3650 ann no_agent", "3950 eve handled"]


def test_a_head_count_that_falls_to_none_sends_away_too() -> None:
    told = world(
        ONE_SHIFT.replace(
            'shifts: [{from: "09:00", to: "10:00", agents: 1}]', "head_count: {agents: [1, 0, 0]}"
        ),
        LEAVE,
        **CAME,
    )
    assert told.ends == ["3600 bob no_agent", "3900 ann handled"]


def test_customers_of_a_list_leave_as_well() -> None:
    told = world(ONE_SHIFT, LEAVE, "queues.calls.mode=pull", **CAME)
    assert told.ends == ["3600 bob no_agent", "3900 ann handled"]


EXPERTS = """
opens: 2025-02-03 09:00
queues:
  calls: {medium: chat, handle_time: 100s, transfer: {probability: 100%, to: {experts: 100%}}}
  experts: {medium: chat, handle_time: 600s}
teams:
  desk: {agents: 1, skills: {calls: 5}}
  expert: {skills: {experts: 5}, shifts: [{from: "09:00", to: "09:05", agents: 1}]}
"""
BUSY = at(0, queue="experts")


def test_the_holder_of_a_warm_transfer_has_the_customer_back() -> None:
    told = world(EXPERTS, LEAVE, "queues.calls.transfer.warm=100%", eve=BUSY, ann=at(0))
    assert told.story[2:] == [
        "300 ann: nobody is logged in, no agent, desk-1 leaves, ends handled, desk-1 DONE",
        "600 eve: expert-1 leaves, ends handled, expert-1 DONE",
    ]
    told = world(EXPERTS, LEAVE, eve=BUSY, ann=at(0))
    assert told.ends == ["300 ann no_agent", "600 eve handled"]


def test_a_named_agent_who_is_busy_and_a_queue_whose_last_member_goes() -> None:
    """The fall-back is placed while the expert is logged in, and not where only somebody who finishes is left."""
    named = (
        "queues.calls.transfer.named=100%",
        "queues.calls.transfer.named_falls_back=on",
        "queues.experts.require_available_agent=logged_in",
    )
    told = world(EXPERTS, LEAVE, *named, eve=BUSY, ann=at(0), bob=at(250))
    assert [(r["kind"], r["outcome"], r["ended_at"]) for r in told.requests("ann")] == [
        ("inbound", "answered", 0),
        ("named_transfer", "moved", 100),
        ("transfer", "no_agent", 300),
    ]
    assert [(r["kind"], r["outcome"], r["ended_at"]) for r in told.requests("bob")][1:] == [
        ("named_transfer", "moved", 350),
        ("transfer", "no_agent", 350),
    ]


def test_a_longest_wait_comes_before_the_leaving_of_the_same_instant() -> None:
    told = world(ONE_SHIFT, LEAVE, "queues.calls.wait_limit={after: 5m, then: voicemail}", **CAME)
    assert told.ends[0] == "3600 bob voicemail"
    told = world(ONE_SHIFT, LEAVE, "queues.calls.wait_limit={after: 301s, then: voicemail}", **CAME)
    assert told.ends[0] == "3600 bob no_agent"


def test_an_agent_who_asks_a_queue_of_their_own_does_not_count() -> None:
    alone = "queues.calls.transfer={probability: 100%, to: {calls: 100%}}"
    told = world(ONE_SHIFT, LOGGED_IN, alone, ann=at(0))
    assert told.story[-1] == (
        "300 ann: desk-1 sees calls 0, desk-1 transfers to calls, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in calls at 10, no agent, ends no_agent"
    )


def test_the_customer_is_told() -> None:
    told = world(ONE_SHIFT, LEAVE, **CAME)
    said = [(one.at, one.audience, one.text) for one in notifications(told.records.events) if one.at == 3600]
    assert said == [(3600, ("customer",), "No agent is here any more. Please try again later.")]


def test_another_word_is_a_mistake() -> None:
    with pytest.raises(SimError, match="`maybe` is neither `off`, `on`, `available` nor `logged_in`"):
        world(ONE_SHIFT, "routing.require_available_agent=maybe")
    with pytest.raises(SimError, match="`maybe` is neither"):
        world(ONE_SHIFT, "queues.calls.require_available_agent=maybe")
