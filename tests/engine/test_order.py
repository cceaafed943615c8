"""The order of waiting requests: rules R2.4, R2.5 and R2.7 to R2.11."""

from engine.worlds import at, world

LABELLED = """
labels: {premium: {priority: 10}, gold: {priority: 8}, standard: {priority: 6}}
queues: {calls: {medium: chat, handle_time: 60s}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""

TWO_QUEUES = """
labels: {premium: {priority: 10}}
queues:
  sales: {medium: chat, priority: 1, handle_time: 60s}
  help: {medium: chat, priority: 5, handle_time: 60s}
teams: {desk: {agents: 1, skills: {sales: 5, help: 5}}}
"""


def test_r2_4_the_higher_priority_is_served_first_one_is_the_default() -> None:
    told = world(LABELLED, ann=at(0), bob=at(10), cid=at(20, label="standard"))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "20 cid: arrives, placed in calls at 6",
        "60 ann: desk-1 leaves, ends handled, desk-1 DONE; cid: offered to desk-1, answered by desk-1",
        "120 cid: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "180 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_4_eleven_is_above_all_that_customers_can_have() -> None:
    """Ann's offer rings out at 60 and waits at 11: before premium bob, who came earlier than that."""
    told = world(
        LABELLED,
        "teams.desk.accept.probability=50%",
        "teams.desk.after_ring={chat: {not_ready: 40s}}",
        ann=at(0, accept=[0.9, 0.1]),
        bob=at(10, label="premium", accept=[0.1]),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "10 bob: arrives, placed in calls at 10",
        "60 ann: rings out at desk-1, requeued at 11",
        "100 ann: offered to desk-1, answered by desk-1",
        "160 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "220 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_5_priority_comes_from_the_label() -> None:
    told = world(
        LABELLED,
        eve=at(0),
        dan=at(1),
        cid=at(2, label="standard"),
        bob=at(3, label="gold"),
        ann=at(4, label="premium"),
    )
    assert told.story == [
        "0 eve: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "1 dan: arrives, placed in calls",
        "2 cid: arrives, placed in calls at 6",
        "3 bob: arrives, placed in calls at 8",
        "4 ann: arrives, placed in calls at 10",
        "60 eve: desk-1 leaves, ends handled, desk-1 DONE; ann: offered to desk-1, answered by desk-1",
        "120 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "180 bob: desk-1 leaves, ends handled, desk-1 DONE; cid: offered to desk-1, answered by desk-1",
        "240 cid: desk-1 leaves, ends handled, desk-1 DONE; dan: offered to desk-1, answered by desk-1",
        "300 dan: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_7_priority_then_first_come() -> None:
    told = world(
        LABELLED,
        eve=at(0),
        dan=at(10),
        cid=at(20, label="gold"),
        bob=at(30, label="gold"),
        ann=at(40),
    )
    assert told.offers == [
        "0 eve to desk-1",
        "60 cid to desk-1",
        "120 bob to desk-1",
        "180 dan to desk-1",
        "240 ann to desk-1",
    ]


def test_r2_7_who_comes_at_the_same_instant_is_served_as_they_came() -> None:
    told = world(LABELLED, eve=at(0), dan=at(0), cid=at(0))
    assert told.offers == ["0 eve to desk-1", "60 dan to desk-1", "120 cid to desk-1"]


def test_r2_8_a_freed_agent_looks_over_all_their_queues_priority_first() -> None:
    told = world(
        TWO_QUEUES,
        eve=at(0, queue="sales"),
        dan=at(10, queue="help"),
        cid=at(20, queue="sales", label="premium"),
    )
    assert told.story == [
        "0 eve: arrives, placed in sales, offered to desk-1, answered by desk-1",
        "10 dan: arrives, placed in help",
        "20 cid: arrives, placed in sales at 10",
        "60 eve: desk-1 leaves, ends handled, desk-1 DONE; cid: offered to desk-1, answered by desk-1",
        "120 cid: desk-1 leaves, ends handled, desk-1 DONE; dan: offered to desk-1, answered by desk-1",
        "180 dan: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_8_then_the_longest_waiting_of_all_their_queues() -> None:
    told = world(
        TWO_QUEUES,
        eve=at(0, queue="sales"),
        dan=at(10, queue="help"),
        cid=at(20, queue="sales"),
        bob=at(30, queue="help"),
    )
    assert told.offers == ["0 eve to desk-1", "60 dan to desk-1", "120 cid to desk-1", "180 bob to desk-1"]


def test_r2_8_queue_priority_comes_first_where_it_is_on() -> None:
    waiting = {
        "eve": at(0, queue="sales"),
        "dan": at(10, queue="sales", label="premium"),
        "cid": at(20, queue="help"),
    }
    off = world(TWO_QUEUES, **waiting)
    assert off.offers == ["0 eve to desk-1", "60 dan to desk-1", "120 cid to desk-1"]
    on = world(TWO_QUEUES, "routing.queue_priority=on", **waiting)
    assert on.offers == ["0 eve to desk-1", "60 cid to desk-1", "120 dan to desk-1"]


def test_r2_8_work_in_progress_is_not_pre_empted() -> None:
    told = world(LABELLED, ann=at(0, handle_time=500), bob=at(10, label="premium"))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls at 10",
        "500 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "560 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_8_an_offer_that_rings_is_not_taken_away_for_a_higher_priority() -> None:
    told = world(LABELLED, "teams.desk.accept.delay=20s", ann=at(0), bob=at(10, label="premium"))
    assert told.offers == ["0 ann to desk-1", "80 bob to desk-1"]


def test_r2_9_requests_of_their_other_queues_are_not_forgotten_while_they_are_reserved() -> None:
    """The vendor's starvation of a single agent's other queues is a defect, and absent."""
    told = world(
        TWO_QUEUES,
        "teams.desk.accept.delay=20s",
        ann=at(0, queue="sales"),
        bob=at(10, queue="help"),
    )
    assert told.story == [
        "0 ann: arrives, placed in sales, offered to desk-1",
        "10 bob: arrives, placed in help",
        "20 ann: answered by desk-1",
        "80 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1",
        "100 bob: answered by desk-1",
        "160 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_10_the_next_is_offered_at_once_when_a_ringing_customer_leaves() -> None:
    """The vendor's stuck queue after an abandonment while ringing is a defect, and absent."""
    told = world(
        LABELLED,
        "teams.desk.accept.delay=20s",
        "queues.calls.patience=1h",
        ann=at(0, patience=15),
        bob=at(10),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "10 bob: arrives, placed in calls",
        "15 ann: abandons; bob: offered to desk-1; ann: ends abandoned",
        "35 bob: answered by desk-1",
        "95 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_11_a_request_that_bars_the_agent_does_not_block_those_behind_it() -> None:
    """Ann is transferred to the queue of their own agent, who may not take them; bob behind them is served."""
    told = world(
        """
channels: {web: {medium: chat, request_ttl: 200s}}
queues: {calls: {medium: chat, handle_time: 60s, transfer: {probability: 50%, to: {calls: 100%}}}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
""",
        ann=at(0, transfer=0.1),
        bob=at(70, transfer=0.9),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "60 ann: desk-1 sees calls 0, desk-1 transfers to calls, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in calls at 10",
        "70 bob: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "130 bob: desk-1 leaves, ends handled, desk-1 DONE",
        "260 ann: no agent, ends no_agent",
    ]


def test_r2_8_holds_for_an_agent_freed_by_a_ring_out_too() -> None:
    """Ann, requeued at 4 by this policy, does not come back to the agent at 60 before premium bob."""
    told = world(
        LABELLED,
        "teams.desk.accept.probability=50%",
        "routing.requeue_priority=4",
        ann=at(0, accept=[0.9, 0.1]),
        bob=at(50, label="premium", accept=0.1),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "50 bob: arrives, placed in calls at 10",
        "60 ann: rings out at desk-1, requeued at 4; bob: offered to desk-1, answered by desk-1",
        "120 bob: desk-1 leaves, ends handled, desk-1 DONE; ann: offered to desk-1, answered by desk-1",
        "180 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_27a_looking_and_taking_is_one_step() -> None:
    """The vendor's race of a higher priority that slips in between peek and dequeue is a defect, and absent."""
    told = world(LABELLED, eve=at(0), dan=at(10), ann=at(60, label="premium"))
    assert told.story == [
        "0 eve: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 dan: arrives, placed in calls",
        "60 eve: desk-1 leaves, ends handled, desk-1 DONE; dan: offered to desk-1, answered by desk-1; "
        "ann: arrives, placed in calls at 10",
        "120 dan: desk-1 leaves, ends handled, desk-1 DONE; ann: offered to desk-1, answered by desk-1",
        "180 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


WEIGHED_ALIKE = """
media: {chat: {max_tasks: 1}}
routing: {request_selection: weighted_wait}
queues:
  calls: {medium: chat, handle_time: 60s, transfer: {probability: 50%, to: {help: 50%, mails: 50%}}}
  help: {medium: chat, handle_time: 100s}
  mails: {medium: chat, handle_time: 100s}
teams:
  desk: {agents: 2, skills: {calls: 1}}
  late: {skills: {help: 1, mails: 1}, head_count: {every: 10m, agents: [0, 1, 1, 1, 1, 1]}}
"""


def test_firsts_of_queues_that_are_weighed_alike_come_in_the_order_of_queueing() -> None:
    """Ann and bob are handed on at 60, ann first; that old waits behind bob since 10 brings bob nothing."""
    told = world(
        WEIGHED_ALIKE,
        ann=at(0, transfer=[0.0, 0.9], transfer_to=0.0),
        bob=at(0, transfer=[0.0, 0.9], transfer_to=0.9),
        old=at(10, queue="mails"),
    )
    assert told.offers[2:] == ["600 ann to late-1", "700 bob to late-1", "800 old to late-1"]
