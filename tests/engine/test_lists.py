"""Pull lists where they meet offers, and breaks."""

from engine.worlds import at, world

RUNG_AND_NOTICED = """
routing: {ring_time: 200s}
media: {chat: {max_tasks: 2}}
queues:
  list:
    {medium: chat, mode: pull, handle_time: 600s, pull: {reaction: 2m, second_agent: 50%},
     conference: {probability: 50%, after: 0%, to: {help: 100%}, joint_time: 60s, then: {guest_leaves: 100%}}}
  help: {medium: chat, handle_time: 100s}
teams:
  first: {agents: 1, skills: {list: 1}}
  both:
    {skills: {list: 1, help: 1}, accept: {delay: 100s}, shifts: [{from: "00:01", to: "01:00", agents: 1}]}
"""


def test_r7_1_who_is_rung_for_a_conference_does_not_join_the_conversation_from_the_list() -> None:
    """At 180 the notice would let them look in as the second agent, while the offer of 120 rings."""
    told = world(RUNG_AND_NOTICED, ann=at(0, conference=0.0, second_agent=0.0))
    assert told.story == [
        "0 ann: arrives, placed in list, pull_notice",
        "60 ann: pull_notice",
        "120 ann: answered by first-1, first-1 sees list 1 help 1, first-1 calls help, placed in help at 10, "
        "offered to both-1",
        "220 ann: answered by both-1",
        "280 ann: both-1 leaves, both-1 DONE",
        "780 ann: first-1 leaves, ends handled, first-1 DONE",
    ]


BEGINS_AWAY = """
media: {chat: {max_tasks: 2}}
queues:
  list: {medium: chat, mode: pull, handle_time: 1h}
  chats: {medium: chat, handle_time: 100s}
teams:
  away:
    {skills: {list: 1, chats: 1},
     shifts: [{from: "00:10", to: "01:00", agents: 1, breaks: [{at: "00:10", for: 5m}]}]}
  there: {skills: {list: 1, chats: 1}, shifts: [{from: "00:05", to: "01:00", agents: 1}]}
"""


def test_r2_18_who_begins_with_a_break_is_available_since_the_log_in() -> None:
    """At 1000 each has a chat from the list: one has logged in at 300, the other at 600, and come back with it."""
    told = world(
        BEGINS_AWAY, ann=at(100, queue="list"), bob=at(650, queue="list"), cid=at(1000, queue="chats")
    )
    assert told.story[:4] == [
        "100 ann: arrives, placed in list",
        "300 ann: pull_notice, answered by there-1",
        "650 bob: arrives, placed in list, pull_notice, pull_notice, answered by away-1",
        "1000 cid: arrives, placed in chats, offered to there-1, answered by there-1",
    ]
