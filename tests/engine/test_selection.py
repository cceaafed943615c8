"""Choosing the agent inside a step: rules R2.16 to R2.20."""

from engine.worlds import at, world

TWO_DESKS = """
media: {chat: {max_tasks: 3}}
queues: {calls: {medium: chat, handle_time: 200s}}
teams: {desk: {agents: 2, skills: {calls: 5}}}
"""


def test_r2_16_fewest_tasks_then_longest_available() -> None:
    told = world(
        TWO_DESKS,
        ann=at(0),  # both have none and are READY since 0: the first declared
        bob=at(10, handle_time=20),
        cid=at(40),  # desk-1 has one, desk-2 none
        dan=at(50),  # one each; desk-1 READY since 0, desk-2 since 30
        eve=at(60),  # two and one
    )
    assert told.offers == [
        "0 ann to desk-1",
        "10 bob to desk-2",
        "40 cid to desk-2",
        "50 dan to desk-1",
        "60 eve to desk-2",
    ]


def test_r2_16_who_is_in_the_conversation_is_no_candidate() -> None:
    """Ann's agent has a slot free and is a member of the queue they call; they are not offered their own call."""
    told = world(
        TWO_DESKS,
        "teams.desk.agents=1",
        "queues.calls.conference={probability: 50%, after: 10%, to: {calls: 100%}}",
        ann=at(0, conference=0.1),
        bob=at(100, conference=0.9),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "20 ann: desk-1 sees calls 0, desk-1 calls calls, placed in calls at 10",
        "100 bob: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "200 ann: desk-1 leaves, request cancelled, ends handled, desk-1 DONE",
        "300 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_16_who_has_left_the_conversation_is_one_again() -> None:
    """Ann's first agent is barred from the expert's call at 59; they leave at 140, with a slot free."""
    told = world(
        """
media: {chat: {max_tasks: 2}}
queues:
  calls:
    medium: chat
    handle_time: 100s
    conference: {probability: 100%, after: 10%, to: {mails: 100%}, joint_time: 40s, then: {both_stay: 100%}}
  mails: {medium: chat, handle_time: 200s, conference: {probability: 50%, after: 10%, to: {mails: 100%}}}
teams:
  desk: {agents: 1, skills: {calls: 5, mails: 5}, wrap_up: 30s}
  expert: {agents: 1, skills: {mails: 5}}
""",
        ann=at(0, conference=[0.1, 0.1, 0.9]),
    )
    assert told.offers == ["0 ann to desk-1", "10 ann to expert-1", "140 ann to desk-1"]
    assert told.states("desk-1", "chat")[0] == "0-140 ACTIVE"


def test_r2_17_available_is_who_is_ready_or_active() -> None:
    """With two slots desk-1 is ACTIVE after ann and gets bob; then desk-1 is BUSY, and cid waits."""
    told = world(
        TWO_DESKS, "teams.desk.agents=1", "teams.desk.max_tasks={chat: 2}", ann=at(0), bob=at(10), cid=at(20)
    )
    assert told.offers == ["0 ann to desk-1", "10 bob to desk-1", "200 cid to desk-1"]
    assert told.states("desk-1", "chat")[:3] == ["0-10 ACTIVE", "10-200 BUSY", "200-210 BUSY"]


def test_r2_18_longest_available_counts_from_the_last_turn_to_ready() -> None:
    """Desk-2 is READY again since 50, desk-1 since 60."""
    told = world(TWO_DESKS, ann=at(0, handle_time=60), bob=at(10, handle_time=40), cid=at(70))
    assert told.offers == ["0 ann to desk-1", "10 bob to desk-2", "70 cid to desk-2"]


def test_r2_18_closing_one_of_several_tasks_is_no_turn_to_ready() -> None:
    """Desk-1 closes cid at 12 and still holds ann: desk-1 stays READY-since-0 and first among equals at 20."""
    told = world(TWO_DESKS, ann=at(0), bob=at(1), cid=at(2, handle_time=10), dan=at(20))
    assert told.offers == ["0 ann to desk-1", "1 bob to desk-2", "2 cid to desk-1", "20 dan to desk-1"]


def test_r2_18_nor_is_it_while_an_offer_still_rings() -> None:
    """Desk-1 closes ann at 50 while bob rings there, from 40 to 70: among equals desk-1 is still first at 60."""
    told = world(
        TWO_DESKS,
        "teams.desk.accept.delay=30s",
        ann=at(0, handle_time=50, accept_delay=0),
        eve=at(0, accept_delay=0),
        bob=at(40),
        cid=at(60),
    )
    assert told.offers == ["0 ann to desk-1", "0 eve to desk-2", "40 bob to desk-1", "60 cid to desk-1"]


def test_r2_18_logging_in_is_a_turn_to_ready() -> None:
    """Desk-1 is READY since 500, the late one since 600, desk-1 once more since 710."""
    told = world(
        """
queues: {calls: {medium: chat, handle_time: 500s}}
teams:
  late: {skills: {calls: 5}, shifts: [{from: "00:10", to: "01:00", agents: 1}]}
  desk: {agents: 1, skills: {calls: 5}}
""",
        ann=at(0),
        bob=at(700, handle_time=10),
        cid=at(720),
    )
    assert told.offers == ["0 ann to desk-1", "700 bob to desk-1", "720 cid to late-1"]


def test_r2_19_an_offer_that_rings_counts_as_a_task() -> None:
    told = world(TWO_DESKS, "teams.desk.accept.delay=30s", ann=at(0), bob=at(10), cid=at(20))
    assert told.offers == ["0 ann to desk-1", "10 bob to desk-2", "20 cid to desk-1"]


def test_r2_19_skill_plays_no_part_within_a_step() -> None:
    told = world(
        """
queues: {calls: {medium: chat, handle_time: 100s}}
teams:
  novice: {agents: 1, skills: {calls: 1}}
  expert: {agents: 1, skills: {calls: 10}}
""",
        ann=at(0),
    )
    assert told.offers == ["0 ann to novice-1"]


def test_r2_20_nobody_has_more_than_their_maximum_ringing_ones_included() -> None:
    told = world(
        TWO_DESKS,
        "teams.desk.agents=1",
        "teams.desk.accept.delay=10s",
        ann=at(0),
        bob=at(0),
        cid=at(0),
        dan=at(0),
        eve=at(0),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1; bob: arrives, placed in calls, offered to desk-1; "
        "cid: arrives, placed in calls, offered to desk-1; dan: arrives, placed in calls; "
        "eve: arrives, placed in calls",
        "10 ann: answered by desk-1; bob: answered by desk-1; cid: answered by desk-1",
        "210 ann: desk-1 leaves, ends handled, desk-1 DONE; dan: offered to desk-1; "
        "bob: desk-1 leaves, ends handled, desk-1 DONE; eve: offered to desk-1; "
        "cid: desk-1 leaves, ends handled, desk-1 DONE",
        "220 dan: answered by desk-1; eve: answered by desk-1",
        "420 dan: desk-1 leaves, ends handled, desk-1 DONE; eve: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_20_a_team_may_have_fewer_slots_than_the_medium_or_none() -> None:
    told = world(
        """
media: {chat: {max_tasks: 3}}
queues: {calls: {medium: chat, handle_time: 100s}}
teams:
  never: {agents: 1, skills: {calls: 5}, max_tasks: {chat: 0}}
  single: {agents: 1, skills: {calls: 5}, max_tasks: {chat: 1}}
  triple: {agents: 1, skills: {calls: 5}}
""",
        ann=at(0),
        bob=at(1),
        cid=at(2),
        dan=at(3),
        eve=at(4),
    )
    assert told.offers == [
        "0 ann to single-1",
        "1 bob to triple-1",
        "2 cid to triple-1",
        "3 dan to triple-1",
        "100 eve to single-1",
    ]


EXPECTED_WAIT = """
routing: {agent_selection: overflow_by_expected_wait, request_selection: overflow_by_expected_wait}
media: {chat: {max_tasks: 1}}
queues:
  calls: {medium: chat, handle_time: 50s, steps: [{needs: calls >= 5, for: 0s}, {needs: calls >= 1}]}
teams:
  expert: {agents: 1, skills: {calls: 5}}
  early: {skills: {calls: 5}, shifts: [{from: "00:00", to: "00:05", agents: 1}]}
  other: {agents: 1, skills: {calls: 1}}
"""


def test_r2_16_who_goes_lets_somebody_go_who_would_wait_too_long_without_them() -> None:
    """At 300 one of two experts goes: cid, who would have waited for 25 s by their rate, would wait for 50 s."""
    told = world(EXPECTED_WAIT, ann=at(0, handle_time=1000), bob=at(0, handle_time=1000), cid=at(100))
    assert told.offers == ["0 ann to expert-1", "0 bob to early-1", "300 cid to other-1"]
