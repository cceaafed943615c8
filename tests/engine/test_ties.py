"""What follows from the order of one instant, in small worlds; `test_tie_pairs.py` tries the order pair by pair.

In each world the later of the two was in the calendar first where that can be, so that it is the order that decides.
"""

import pytest

from engine.worlds import at, world

DESKS = """
media: {chat: {max_tasks: 2}}
channels: {web: {medium: chat, request_ttl: 2m}}
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 5}, accept: {probability: 50%, delay: 20s}}}
"""
WATCHED = """
channels: {web: {medium: chat, request_ttl: 10m}}
queues:
  sales: {medium: chat, handle_time: 200s}
  help: {medium: chat, handle_time: 60s}
teams:
  desk: {agents: 1, skills: {sales: 5}}
  deaf: {agents: 1, skills: {help: 5}, accept: {probability: 50%}}
  leads: {agents: 1, role: supervisor}
supervision: {team: leads, queues: [sales], probability: 100%, after: 20s, lasts: 40s, barge_in: 100%}
routing: {ring_time: 20s}
"""
YES, NO = 0.1, 0.9


@pytest.mark.slow
def test_customer_leaves_before_accept() -> None:
    told = world(DESKS, ann=at(0, accept=YES, patience=20))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "20 ann: abandons, ends abandoned",
    ]


def test_accept_before_end_of_handling() -> None:
    told = world(DESKS, ann=at(0, accept=YES, accept_delay=0), bob=at(80, accept=YES, accept_delay=20))
    assert told.story[2] == "100 bob: answered by desk-1; ann: desk-1 leaves, ends handled, desk-1 DONE"


def test_end_of_handling_before_ring_timeout() -> None:
    """Desk-2, freed at 60, is there for ann when desk-1's ringing ends at 60."""
    told = world(
        DESKS,
        "teams.desk.agents=2",
        "media.chat.max_tasks=1",
        ann=at(0, accept=[NO, YES]),
        bob=at(10, accept=YES, accept_delay=0, handle_time=50),
    )
    assert told.story[2] == (
        "60 bob: desk-2 leaves, ends handled, desk-2 DONE; "
        "ann: rings out at desk-1, requeued at 11, offered to desk-2"
    )


def test_ring_timeout_before_request_ttl() -> None:
    """At 120 ann rings out, is offered once more, and only then their time is over."""
    told = world(DESKS, ann=at(0, accept=[NO, NO, YES]))
    assert told.story[2:] == [
        "120 ann: rings out at desk-1, requeued at 11, offered to desk-1, TTL expires",
        "140 ann: answered by desk-1",
        "240 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_request_ttl_before_step_widening() -> None:
    told = world(
        DESKS, "queues.calls.steps=[{needs: calls >= 9, for: 2m}, {needs: calls >= 1}]", ann=at(0, accept=YES)
    )
    assert told.story == ["0 ann: arrives, placed in calls", "120 ann: no agent, ends no_agent"]


def test_a_supervisor_comes_and_goes_before_what_rings_out() -> None:
    """They look in at 20, barge in at 40 and leave at 60; the other request was in the calendar before."""
    told = world(WATCHED, bob=at(0, queue="help", accept=[NO, NO, NO, YES]), ann=at(0, queue="sales"))
    assert told.story[1:4] == [
        "20 ann: monitor_joined; bob: rings out at deaf-1, requeued at 11, offered to deaf-1",
        "40 ann: monitor_left, barged_in; bob: rings out at deaf-1, requeued at 11, offered to deaf-1",
        "60 ann: leads-1 leaves, leads-1 DONE; bob: rings out at deaf-1, requeued at 11, offered to deaf-1, "
        "answered by deaf-1",
    ]


def test_step_widening_before_wrap_up_end() -> None:
    """Bob's second step opens at 150 in vain; then the agent of that step has wrapped up ann."""
    told = world(
        DESKS,
        "media.chat.max_tasks=1",
        "teams.desk.accept.delay=0s",
        "queues.mails={medium: chat, handle_time: 100s}",
        "queues.calls.steps=[{needs: calls >= 9, for: 20s}, {needs: calls >= 1}]",
        "teams.desk.skills={mails: 5, calls: 5}",
        ann=at(0, queue="mails", accept=YES, wrap_up=50),
        bob=at(130, accept=YES),
    )
    assert told.story == [
        "0 ann: arrives, placed in mails, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "130 bob: arrives, placed in calls",
        "150 bob: step 2 opens; ann: desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "250 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


WITH_BREAK = """
queues: {calls: {medium: chat, handle_time: 100s, balk: 100%}}
teams:
  desk:
    skills: {calls: 5}
    shifts: [{from: "00:00", to: "00:30", agents: 1, breaks: [{at: "00:10", for: 5m}]}]
"""


def test_who_goes_takes_nothing_more() -> None:
    """At 600, when the break is due, ann is wrapped up; bob is taken when the break is over, as a late break is not."""
    told = world(WITH_BREAK, "queues.calls.balk=0%", ann=at(490, wrap_up=10), bob=at(500))
    assert told.story == [
        "490 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "500 bob: arrives, placed in calls",
        "590 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "600 ann: desk-1 DONE",
        "900 bob: offered to desk-1, answered by desk-1",
        "1000 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


@pytest.mark.parametrize(
    "staff",
    ["shifts: [{from: '00:00', to: '00:30', agents: 1}]", "head_count: {every: 30m, agents: [1, 0]}"],
)
def test_work_that_ends_with_the_shift_is_no_overtime(staff: str) -> None:
    told = world(
        "queues: {calls: {medium: chat, handle_time: 100s}}\n"
        f"teams: {{desk: {{skills: {{calls: 1}}, {staff}}}}}",
        ann=at(1700),
        bob=at(1750, patience=60),
    )
    assert told.ends == ["1800 ann handled", "1810 bob abandoned"]
    assert told.states("desk-1") == ["0-1800 READY"]


def test_an_offer_may_still_be_accepted_when_the_shift_ends() -> None:
    told = world(WITH_BREAK, ann=at(1790, accept_delay=10))
    assert told.ends == ["1900 ann handled"]
    assert told.states("desk-1")[-1] == "1800-1900 PENDING_NOT_READY overtime"


def test_who_comes_takes_what_still_waits() -> None:
    """At 900 desk-1 comes back: bob's wrap-up frees desk-2 before, whom the longest wait goes to; eve arrives after."""
    told = world(
        WITH_BREAK,
        "queues.calls.balk=0%",
        "teams.more={agents: 1, skills: {calls: 5}}",
        ann=at(700, handle_time=150, wrap_up=50),
        bob=at(710),
        cid=at(720),
        eve=at(900),
    )
    assert told.offers == [
        "700 ann to more-1",
        "900 bob to more-1",
        "900 cid to desk-1",
        "1000 eve to more-1",
    ]


def test_services_that_end_with_the_interval_of_a_head_count() -> None:
    """Who is free at 10 minutes goes, for then the head-count is 0 again; who is free at 20 stays."""
    told = world(
        "lasts: 30m\nqueues: {q: {medium: chat, handle_time: 300s}}\n"
        "teams: {t: {skills: {q: 1}, head_count: {every: 5m, agents: [0, 1, 0, 1, 1, 1]}}}",
        ann=at(0),
        bob=at(0),
        cid=at(0),
    )
    assert told.ends == ["600 ann handled", "1200 bob handled", "1500 cid handled"]


def test_all_teams_send_away_before_any_team_calls() -> None:
    """The team that loses its agent is the later one in the file; bob is left to the one who comes."""
    told = world(
        "lasts: 10m\nqueues: {q: {medium: chat, handle_time: 300s}}\n"
        "teams: {late: {skills: {q: 1}, head_count: {every: 5m, agents: [0, 1]}},"
        " early: {skills: {q: 1}, head_count: {every: 5m, agents: [1, 0]}}}",
        ann=at(0),
        bob=at(10),
    )
    assert told.offers == ["0 ann to early-1", "300 bob to late-1"]


def test_closing_before_the_end_of_a_pause() -> None:
    """Desk-1's pause after ann's ring-out ends at closing, when the queues are cleared."""
    told = world(
        DESKS,
        "lasts=10m",
        "closing=clear_queues",
        "routing.ring_time=60s",
        "media.chat.max_tasks=1",
        "teams.desk.after_ring={chat: {not_ready: 240s}}",
        "channels.web.request_ttl=1h",
        ann=at(300, accept=[NO, YES]),
    )
    assert told.story[-1] == "600 ann: sent away, ends disconnected"


def test_closing_before_a_customer_returns() -> None:
    """Ann returns at the closing instant: bob, who waits, has been sent away before."""
    told = world(
        "lasts: 10m\nclosing: clear_queues\nqueues: {calls: {medium: chat, handle_time: 1h, patience: 1h}}\n"
        "teams: {desk: {agents: 1, skills: {calls: 1}}}\n"
        "customers: {after_abandon: {come_back: 100%, after: 400s}}",
        eve=at(0),
        ann=at(100, patience=[100, 1]),
        bob=at(110),
    )
    assert told.story[-2].startswith("600 bob: sent away, ends disconnected; ann*: arrives, placed in calls")


def test_arrivals_before_looks_at_a_list() -> None:
    told = world(
        "queues: {tips: {medium: chat, handle_time: 100s, mode: pull, pull: {reaction: 20s}},"
        " calls: {medium: chat, handle_time: 100s}}\nteams: {desk: {agents: 1, skills: {tips: 1, calls: 1}}}",
        ann=at(0, queue="tips"),
        bob=at(20, queue="calls"),
    )
    assert told.story[1].startswith("20 bob: arrives, placed in calls, offered to desk-1, answered by desk-1")


def test_roster_change_before_new_arrival() -> None:
    """The break is over at 900, the shift at 1800: ann finds somebody, bob nobody, and balks."""
    told = world(WITH_BREAK, ann=at(900), bob=at(1800))
    assert told.ends == ["1000 ann handled", "1800 bob balked"]


def test_customer_leaves_before_the_agent_is_free() -> None:
    told = world(
        DESKS, "media.chat.max_tasks=1", ann=at(0, accept=YES, accept_delay=0), bob=at(10, patience=90)
    )
    assert (
        told.story[-1] == "100 bob: abandons, ends abandoned; ann: desk-1 leaves, ends handled, desk-1 DONE"
    )


def test_the_freed_agent_takes_who_waits_before_the_new_arrival() -> None:
    told = world(
        DESKS,
        "media.chat.max_tasks=1",
        "teams.desk.accept.delay=0s",
        "labels={premium: {priority: 10}}",
        ann=at(0, accept=YES),
        bob=at(10, accept=YES),
        cid=at(100, accept=YES, label="premium"),
    )
    assert told.offers == ["0 ann to desk-1", "100 bob to desk-1", "200 cid to desk-1"]


def test_within_one_rank_what_was_created_first_comes_first() -> None:
    """Both handlings end at 120: bob's began later and was shorter."""
    told = world(
        DESKS,
        "teams.desk.accept.delay=0s",
        ann=at(0, accept=YES, handle_time=120),
        bob=at(10, accept=YES, handle_time=110),
    )
    assert told.story[-1] == (
        "120 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: desk-1 leaves, ends handled, desk-1 DONE"
    )


def test_arrivals_of_one_instant_come_stream_by_stream_as_they_are_written() -> None:
    told = world(
        DESKS,
        "channels={web: {medium: chat}, app: {medium: chat}}",
        ann=at(5, channel="app"),
        bob=at(5, channel="web"),
        cid=at(5, channel="app"),
    )
    assert [line.partition(":")[0] for line in told.story[0].split("; ")] == ["5 ann", "cid", "bob"]


TWO_FREED = """
labels: {premium: {priority: 10}}
routing: {ring_time: 60s}
queues:
  calls:
    medium: chat
    handle_time: 60s
    conference: {probability: 1, to: {hard: 1}, after: 50%, if_nobody: transfers, while_waiting: holds}
  hard: {medium: chat, handle_time: 60s}
teams:
  desk: {agents: 1, skills: {calls: 5}}
  expert: {agents: 1, skills: {hard: 5}, accept: {probability: 50%}}
"""


def test_who_let_it_ring_is_free_for_the_first_in_line_when_the_search_goes_on_as_a_transfer() -> None:
    """At 110 expert-1, who let it ring, and desk-1, who transfers, are freed. Zoe, who waits longer, gets expert-1."""
    told = world(
        TWO_FREED,
        "queues.calls.conference.request_ttl=70s",
        eve=at(0, queue="hard", handle_time=[50]),
        ann=at(0, accept=[0.1, 0.9, 0.1]),
        zoe=at(70, queue="hard", label="premium", accept=[0.1]),
    )
    assert told.story == [
        "0 eve: arrives, placed in hard, offered to expert-1, answered by expert-1; ann: arrives, placed in calls,"
        " offered to desk-1, answered by desk-1",
        "30 ann: desk-1 sees calls 0 hard 0, desk-1 calls hard, placed in hard at 10",
        "50 eve: expert-1 leaves, ends handled, expert-1 DONE; ann: offered to expert-1",
        "70 zoe: arrives, placed in hard at 10",
        "100 ann: TTL expires",
        "110 ann: rings out at expert-1, no agent, desk-1 sees calls 0 hard 1, desk-1 transfers to hard, desk-1 leaves,"
        " desk-1 TRANSFERRED, placed in hard at 10; zoe: offered to expert-1, answered by expert-1",
        "170 zoe: expert-1 leaves, ends handled, expert-1 DONE; ann: offered to expert-1, answered by expert-1",
        "230 ann: expert-1 leaves, ends handled, expert-1 DONE",
    ]


def test_a_supervisor_leaves_before_a_wrap_up_of_the_same_instant_ends() -> None:
    """The wrap-up of the other conversation was begun before the supervisor came."""
    told = world(
        "queues: {calls: {medium: chat, handle_time: 100s}}\n"
        "teams: {desk: {agents: 2, skills: {calls: 5}, wrap_up: 40s}, leads: {agents: 1, role: supervisor}}\n"
        "supervision: {team: leads, queues: [calls], probability: 100%, after: 20s, lasts: 30s}\n",
        ann=at(0), bob=at(0, handle_time=10),
    )  # fmt: skip
    at_50 = [(row["event"], row["agent"]) for row in told.rows("events") if row["at"] == 50]
    assert at_50 == [("monitor_left", "leads-1"), ("task_closed", "desk-2")]
