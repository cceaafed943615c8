"""What several ring-outs in a row do to an agent: a pause, or the log-out."""

import pytest

from engine.worlds import at, world
from sim.errors import SimError
from sim.scenario import loads, notes

LETS_IT_RING = """
media: {chat: {max_tasks: 2}}
queues: {calls: {medium: chat, handle_time: 100s, ring_time: 20s}}
teams:
  desk: {agents: 1, skills: {calls: 5}, accept: {probability: 50%}, after_ring: {chat: {misses: 2, not_ready: 5m}}}
"""
NO, YES = 0.9, 0.1


def test_r3_9_the_second_ring_out_in_a_row_pauses() -> None:
    told = world(LETS_IT_RING, ann=at(0, accept=[NO, NO, YES]))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "20 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "40 ann: rings out at desk-1, requeued at 11",
        "340 ann: offered to desk-1, answered by desk-1",
        "440 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.states("desk-1", "chat")[:3] == ["0-40 READY", "40-340 NOT_READY ring", "340-440 ACTIVE"]


def test_an_answer_begins_the_count_anew() -> None:
    """Ann rings out once, bob is answered, cid rings out once: no pause."""
    told = world(
        LETS_IT_RING, ann=at(0, accept=[NO, YES]), bob=at(5, accept=YES), cid=at(200, accept=[NO, YES])
    )
    assert told.offers == ["0 ann to desk-1", "5 bob to desk-1", "20 ann to desk-1", "200 cid to desk-1",
                           "220 cid to desk-1"]  # fmt: skip


def test_after_the_pause_the_count_begins_anew() -> None:
    told = world(LETS_IT_RING, ann=at(0, accept=[NO] * 4 + [YES]))
    assert told.offers == ["0 ann to desk-1", "20 ann to desk-1", "340 ann to desk-1", "360 ann to desk-1",
                           "680 ann to desk-1"]  # fmt: skip


def test_one_ring_out_is_enough_by_default() -> None:
    told = world(LETS_IT_RING, "teams.desk.after_ring={chat: {not_ready: 5m}}", ann=at(0, accept=[NO, YES]))
    assert told.offers == ["0 ann to desk-1", "320 ann to desk-1"]


LOGS_OUT = "teams.desk.after_ring={chat: {misses: 2, log_out: on}}"


def test_a_log_out_lasts_to_the_end_where_there_are_no_shifts() -> None:
    told = world(LETS_IT_RING, LOGS_OUT, eve=at(0, accept=YES), ann=at(10, accept=[NO, NO]))
    assert told.story == [
        "0 eve: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 ann: arrives, placed in calls, offered to desk-1",
        "30 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "50 ann: rings out at desk-1, requeued at 11",
        "100 eve: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    # What is open is finished, and it is no overtime.
    assert told.states("desk-1") == ["0-50 READY", "50-100 PENDING_NOT_READY ring"]
    assert told.states("desk-1", "chat")[-1] == "50-100 PENDING_NOT_READY ring"


def test_the_next_shift_brings_them_back() -> None:
    shifts = "teams.desk.shifts=[{from: '00:00', to: '00:30', agents: 1}]"
    told = world(LETS_IT_RING, LOGS_OUT, shifts, "lasts=25h", "drain=0s", ann=at(0, accept=[NO, NO, YES]))
    assert told.states("desk-1") == ["0-40 READY", "86400-88200 READY"]
    assert told.offers[-1] == "86400 ann to desk-1"


def test_a_break_that_was_due_is_not_taken() -> None:
    """Eve's task keeps the agent from their break at 60 s, and then two offers that were made before it ring out."""
    shifts = "teams.desk.shifts=[{from: '00:00', to: '00:30', agents: 1, breaks: [{at: '00:01', for: 5m}]}]"
    told = world(
        LETS_IT_RING, LOGS_OUT, shifts, "media.chat.max_tasks=3", "queues.calls.ring_time=50s",
        eve=at(0, accept=YES), ann=at(20, accept=NO), bob=at(20, accept=NO),
    )  # fmt: skip
    assert told.states("desk-1") == [
        "0-60 READY",
        "60-70 PENDING_NOT_READY break",
        "70-100 PENDING_NOT_READY ring",
    ]
    assert told.ends == ["100 eve handled"]


def test_with_a_head_count_another_agent_is_called_until_the_next_day() -> None:
    """One of three is to be there. The first is sent home at 40, the second at 80; the third serves."""
    head_count = "teams.desk={agents: 3, skills: {calls: 5}, accept: {probability: 50%}, \
after_ring: {chat: {misses: 2, log_out: on}}, head_count: {every: 5h, agents: [1, 1, 1, 1, 1]}}"
    told = world(
        LETS_IT_RING, head_count, "lasts=25h", "drain=0s", ann=at(0, accept=[NO, NO, NO, NO, YES]),
        bob=at(89000, accept=YES),
    )  # fmt: skip
    assert told.offers == [
        "0 ann to desk-1", "20 ann to desk-1", "40 ann to desk-2", "60 ann to desk-2", "80 ann to desk-3",
        "89000 bob to desk-3",
    ]  # fmt: skip
    assert told.states("desk-1") == ["0-40 READY"]
    alone = head_count.replace("agents: 3", "agents: 1")
    told = world(
        LETS_IT_RING,
        alone,
        "lasts=25h",
        "opens=2026-03-02 08:00",
        "drain=0s",
        ann=at(0, accept=[NO, NO, YES]),
    )
    assert told.offers[-1] == "57600 ann to desk-1"  # at midnight


def test_who_is_called_in_place_of_another_comes_after_the_time_to_live_of_that_instant() -> None:
    """Log-ins are last but one at an instant, at the ring-out as at midnight: bob and cid are gone by then."""
    head_count = "teams.desk={agents: 1, skills: {calls: 5}, accept: {probability: 50%}, \
after_ring: {chat: {misses: 2, log_out: on}}, head_count: {every: 5h, agents: [1, 1, 1, 1, 1]}}"
    said = "lasts=25h", "opens=2026-03-02 08:00", "media.chat.max_tasks=1", "channels.web.request_ttl=30s"
    came = {"ann": at(0, accept=[NO, NO]), "bob": at(10), "cid": at(57570, accept=YES)}
    told = world(LETS_IT_RING, head_count, *said, **came)
    assert told.ends == ["40 ann no_agent", "40 bob no_agent", "57600 cid no_agent"]
    told = world(LETS_IT_RING, head_count.replace("agents: 1,", "agents: 2,"), *said, **came)
    assert told.ends[:2] == ["40 ann no_agent", "40 bob no_agent"]
    assert told.offers[2:] == ["57570 cid to desk-2"]


def test_the_last_member_is_logged_out_while_another_customer_waits() -> None:
    told = world(
        LETS_IT_RING, LOGS_OUT, "routing.leave_when_empty=on", "media.chat.max_tasks=1",
        ann=at(0, accept=[NO, NO]), bob=at(5),
    )  # fmt: skip
    assert told.ends == ["40 ann no_agent", "40 bob no_agent"]


COMES = """
lasts: 1h
channels: {web: {medium: chat}}
arrivals: [{channel: web, queue: calls, per_hour: 1}]
"""


def test_a_note_says_who_is_gone_for_good() -> None:
    text = LETS_IT_RING + COMES
    said = "team `desk`: who is logged out after ring-outs is gone to the end of the run, as the team has no shifts"
    assert said in notes(loads(text, overrides=(LOGS_OUT,)))
    assert said not in notes(loads(text))


def test_a_mistake_names_what_is_allowed() -> None:
    with pytest.raises(SimError, match="misses: `0` has to be at least 1"):
        world(LETS_IT_RING, "teams.desk.after_ring={chat: {misses: 0, log_out: on}}")
    with pytest.raises(SimError, match="not_ready"):
        world(LETS_IT_RING, "teams.desk.after_ring={chat: {misses: 3}}")
