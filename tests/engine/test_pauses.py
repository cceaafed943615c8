"""Pauses at odd moments: `teams.T.pauses`, and what meets them."""

import pytest

from engine.worlds import at, centre, world
from sim.errors import SimError

DESK = """
lasts: 10m
drain: 0s
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 5}, pauses: {every: 200s, for: 50s}}}
"""


def test_an_agent_is_away_every_so_often_and_takes_what_waits_then() -> None:
    told = world(DESK, ann=at(0), bob=at(210))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 leaves, ends handled, desk-1 DONE",
        "210 bob: arrives, placed in calls",
        "250 bob: offered to desk-1, answered by desk-1",
        "350 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.states("desk-1") == [
        "0-200 READY", "200-250 NOT_READY pause", "250-450 READY", "450-500 NOT_READY pause", "500-600 READY",
    ]  # fmt: skip
    assert told.states("desk-1", "chat")[1:3] == ["100-200 READY", "200-250 NOT_READY pause"]


def test_who_is_busy_finishes_first_and_the_pause_has_its_full_length() -> None:
    told = world(DESK, ann=at(150), bob=at(160))
    assert told.offers == ["150 ann to desk-1", "300 bob to desk-1"]
    assert told.states("desk-1")[:3] == [
        "0-200 READY", "200-250 PENDING_NOT_READY pause", "250-300 NOT_READY pause",
    ]  # fmt: skip
    # 200 s after the pause the next is due.
    assert told.states("desk-1")[3:5] == ["300-500 READY", "500-550 NOT_READY pause"]


def test_who_comes_at_the_begin_finds_nobody_and_at_the_end_is_served() -> None:
    told = world(DESK, ann=at(200), bob=at(450))
    assert told.offers == ["250 ann to desk-1", "500 bob to desk-1"]


WITH_BREAK = """
lasts: 20m
drain: 0s
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams:
  desk:
    skills: {calls: 5}
    pauses: {every: 200s, for: 50s}
    shifts: [{from: "00:00", to: "00:14", agents: 1, breaks: [{at: "00:03:45", for: 5m}]}]
"""


def test_a_break_that_begins_in_a_pause_takes_its_place_and_the_shift_ends_one() -> None:
    """The break is at 225, in the pause from 200 to 250; the next pause is due 200 s after that, in the break."""
    told = world(WITH_BREAK)
    assert told.states("desk-1") == [
        "0-200 READY", "200-225 NOT_READY pause", "225-525 NOT_READY break",
        "525-650 READY",  # due at 450, left out; 200 s later the next one
        "650-700 NOT_READY pause", "700-840 READY",
    ]  # fmt: skip
    at_the_end = world(WITH_BREAK, "teams.desk.shifts.0.to='00:11'")
    assert at_the_end.states("desk-1")[-2:] == ["525-650 READY", "650-660 NOT_READY pause"]


def test_a_break_that_is_due_while_a_pause_waits_for_a_task_comes_first() -> None:
    told = world(WITH_BREAK, ann=at(150))
    assert told.states("desk-1")[:4] == [
        "0-200 READY", "200-225 PENDING_NOT_READY pause", "225-250 PENDING_NOT_READY break",
        "250-550 NOT_READY break",
    ]  # fmt: skip


def test_who_logs_in_again_has_a_pause_after_a_time_of_its_own() -> None:
    two = (
        "teams.desk.shifts=[{from: '00:00', to: '00:05', agents: 1}, {from: '00:06', to: '00:14', agents: 1}]"
    )
    told = world(WITH_BREAK, two)
    assert told.states("desk-1") == ["0-200 READY", "200-250 NOT_READY pause", "250-300 READY"]
    assert told.states("desk-2") == [
        "360-560 READY", "560-610 NOT_READY pause", "610-810 READY", "810-840 NOT_READY pause",
    ]  # fmt: skip


def test_who_pauses_counts_in_a_head_count() -> None:
    """At 220 one is wanted, and desk-1 is there, if away: nobody is called for them. At 240 nobody is wanted."""
    text = DESK.replace(
        "agents: 1, skills", "agents: 2, head_count: {every: 110s, agents: [1, 1, 1, 0, 0, 0]}, skills"
    )
    told = world(text)
    assert told.states("desk-1") == ["0-200 READY", "200-250 NOT_READY pause", "250-330 READY"]
    assert told.states("desk-2") == []
    away = world(text, "teams.desk.pauses.every=300s")
    assert away.states("desk-1") == ["0-300 READY", "300-330 NOT_READY pause"]


def test_an_offer_that_rings_is_still_answered() -> None:
    told = world(DESK, "teams.desk.accept={probability: 100%, delay: 20s}", ann=at(190))
    assert told.ends == ["310 ann handled"]
    assert told.states("desk-1")[1] == "200-310 PENDING_NOT_READY pause"


def test_pauses_of_no_time_apart_are_a_mistake() -> None:
    with pytest.raises(SimError, match=r"teams\.desk\.pauses: every is 0 s on average; write at least 1s"):
        centre(DESK, "teams.desk.pauses.every=0s")


def test_who_was_told_to_go_and_is_called_back_has_a_next_pause_where_they_hand_back_too() -> None:
    """The pause of 200 waits for the call; at 240 they are to go, at 480 called back: due 200 s apart from 240 on."""
    told = world(
        DESK, "teams.desk={skills: {calls: 5}, pauses: {every: 200s, for: 50s}, at_shift_end: {mail: hand_back}, "
        "head_count: {every: 4m, agents: [1, 0, 1, 1]}}", "lasts=15m",
        "media={chat: {max_tasks: 1}, mail: {max_tasks: 1}}",
        "queues.mails={medium: mail, handle_time: 10s, steps: [{needs: calls >= 1}]}",
        "channels={web: {medium: chat}, post: {medium: mail}}", ann=at(150, queue="calls", handle_time=400),
    )  # fmt: skip
    assert told.states("desk-1") == [
        "0-200 READY", "200-240 PENDING_NOT_READY pause", "240-480 PENDING_NOT_READY overtime", "480-640 READY",
        "640-690 NOT_READY pause", "690-890 READY", "890-900 NOT_READY pause",
    ]  # fmt: skip
