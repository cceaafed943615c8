"""Entering the queue: rules R2.1 to R2.3."""

from engine.worlds import at, world

ONE_DESK = """
queues: {calls: {medium: chat, handle_time: 60s}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""

EXPERT_FIRST = """
channels: {web: {medium: chat, request_ttl: 100s}}
queues:
  calls:
    medium: chat
    handle_time: 600s
    steps: [{needs: calls >= 5, for: 30s}, {needs: calls >= 1}]
teams: {expert: {agents: 1, skills: {calls: 9}}}
"""


def test_r2_1_who_finds_an_agent_free_is_offered_to_them_at_once() -> None:
    told = world(ONE_DESK, ann=at(5))
    assert told.story == [
        "5 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "65 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_1_ttl_and_first_step_start_with_the_task_at_its_queueing() -> None:
    told = world(EXPERT_FIRST, ann=at(0), bob=at(10))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to expert-1, answered by expert-1",
        "10 bob: arrives, placed in calls",
        "40 bob: step 2 opens",
        "110 bob: no agent, ends no_agent",
        "600 ann: expert-1 leaves, ends handled, expert-1 DONE",
    ]
    [task] = told.tasks("bob")
    assert (task["task_direction"], task["task_mode"], task["routing_mode"]) == ("INBOUND", "QUEUE", "PUSH")
    assert (task["task_queue_time"], task["task_reserved_time"], task["agent_id"]) == (10, None, None)


def test_r2_1_a_customer_enters_the_queue_of_their_stream() -> None:
    told = world(
        """
queues:
  sales: {medium: chat, handle_time: 60s}
  help: {medium: chat, handle_time: 30s}
teams:
  sellers: {agents: 1, skills: {sales: 5}}
  helpers: {agents: 1, skills: {help: 5}}
""",
        ann=at(0, queue="help"),
        bob=at(0, queue="sales"),
    )
    assert told.story == [
        "0 ann: arrives, placed in help, offered to helpers-1, answered by helpers-1; "
        "bob: arrives, placed in sales, offered to sellers-1, answered by sellers-1",
        "30 ann: helpers-1 leaves, ends handled, helpers-1 DONE",
        "60 bob: sellers-1 leaves, ends handled, sellers-1 DONE",
    ]


def test_r2_2_a_closed_task_lets_the_next_one_in() -> None:
    told = world(ONE_DESK, ann=at(0), bob=at(10))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "60 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "120 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_2_an_agent_who_logs_in_takes_up_who_waits() -> None:
    told = world(
        """
queues: {calls: {medium: chat, handle_time: 60s}}
teams: {desk: {skills: {calls: 5}, shifts: [{from: "00:10", to: "00:30", agents: 1}]}}
""",
        ann=at(0),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls",
        "600 ann: offered to desk-1, answered by desk-1",
        "660 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_2_nothing_happens_between_events() -> None:
    """There is no polling: whatever comes late comes exactly when its cause does."""
    told = world(ONE_DESK, ann=at(0, handle_time=123.456), bob=at(100.001))
    assert told.offers == ["0 ann to desk-1", "123.456 bob to desk-1"]


CALLS_A_COLLEAGUE = """
queues:
  calls:
    medium: chat
    handle_time: 100s
    conference: {probability: 100%, after: 10%, to: {experts: 100%}}
    transfer: {probability: 100%, after: 50%, to: {experts: 100%}}
  experts: {medium: chat, handle_time: 60s}
teams:
  desk: {agents: 1, skills: {calls: 5}}
  experts: {agents: 1, skills: {experts: 5}}
"""


def test_r2_3_r4_11_a_conversation_has_one_request_at_a_time_the_second_is_refused() -> None:
    """Ann's agent calls a colleague, in vain so far, when they would transfer ann, and keeps them."""
    told = world(CALLS_A_COLLEAGUE, eve=at(0, queue="experts", handle_time=200), ann=at(0))
    assert told.story == [
        "0 eve: arrives, placed in experts, offered to experts-1, answered by experts-1; "
        "ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 ann: desk-1 sees calls 0 experts 0, desk-1 calls experts, placed in experts at 10",
        "50 ann: desk-1 sees calls 0 experts 0, transfer refused",
        "100 ann: desk-1 leaves, request cancelled, ends handled, desk-1 DONE",
        "200 eve: experts-1 leaves, ends handled, experts-1 DONE",
    ]
    assert [r["outcome"] for r in told.requests("ann")] == ["answered", "cancelled", "refused"]
