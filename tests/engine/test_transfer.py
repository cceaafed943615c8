"""Queue transfer: rules R4.3 to R4.13, and the readings 3, 4, 7, 20, 22, 23 and 28 of the silent places."""

import pytest

from engine.worlds import at, world

HAND_ON = """
channels: {web: {medium: chat, request_ttl: 150s}}
queues:
  calls: {medium: chat, handle_time: 100s, patience: 1h, transfer: {probability: 100%, to: {experts: 100%}}}
  experts: {medium: chat, handle_time: 60s, patience: 1h}
teams:
  desk: {agents: 1, skills: {calls: 5}}
  expert: {agents: 1, skills: {experts: 5}}
"""

# Placing: R4.3 to R4.7.


def test_r4_3_the_requester_is_out_at_once_whatever_comes_of_it() -> None:
    told = world(HAND_ON, "teams.expert.accept.probability=0%", ann=at(0), bob=at(10))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "100 ann: desk-1 sees calls 0 experts 1, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10, offered to expert-1; bob: offered to desk-1, answered by desk-1",
        "160 ann: rings out at expert-1, requeued at 11, offered to expert-1",
        "200 bob: desk-1 sees calls 0 experts 0, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10",
        "220 ann: rings out at expert-1, requeued at 11, offered to expert-1",
        "250 ann: TTL expires",
        "280 ann: rings out at expert-1, no agent, ends no_agent; bob: offered to expert-1",
        "340 bob: rings out at expert-1, requeued at 11, offered to expert-1",
        "350 bob: TTL expires",
        "400 bob: rings out at expert-1, no agent, ends no_agent",
    ]


def test_r4_3_the_colleague_draws_their_own_handle_time() -> None:
    told = world(HAND_ON, ann=at(0, handle_time=[30, 70]))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "30 ann: desk-1 sees calls 0 experts 1, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10, offered to expert-1, answered by expert-1",
        "100 ann: expert-1 leaves, ends handled, expert-1 DONE",
    ]
    row = told.conversation("ann")
    assert (row["agents"], row["transfers"], row["last_agent"]) == (2, 1, "expert-1")


def test_r4_3_an_agent_transfers_after_a_share_of_the_work() -> None:
    told = world(HAND_ON, "queues.calls.transfer.after=40%", ann=at(0))
    assert told.ends == ["100 ann handled"]  # 40 and 60
    assert told.offers == ["0 ann to desk-1", "40 ann to expert-1"]


def test_r4_3_the_colleague_may_transfer_in_turn() -> None:
    told = world(
        HAND_ON,
        "queues.experts.transfer={probability: 50%, to: {calls: 100%}}",
        "routing.exclude_requester=off",
        "queues.calls.transfer.probability=50%",
        ann=at(0, transfer=[0.1, 0.1, 0.9]),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 sees calls 0 experts 1, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10, offered to expert-1, answered by expert-1",
        "160 ann: expert-1 sees calls 1 experts 0, expert-1 transfers to calls, expert-1 leaves, expert-1 TRANSFERRED, "
        "placed in calls at 10, offered to desk-1, answered by desk-1",
        "260 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.dispositions("ann") == ["TRANSFERRED", "TRANSFERRED", "DONE"]


def test_r4_4_the_wrap_up_runs_in_parallel_and_keeps_the_slot() -> None:
    told = world(HAND_ON, "teams.desk.wrap_up=20s", ann=at(0), bob=at(10, transfer=0.5))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "100 ann: desk-1 sees calls 0 experts 1, desk-1 transfers to experts, desk-1 leaves, desk-1 wraps up, "
        "placed in experts at 10, offered to expert-1, answered by expert-1",
        "120 ann: desk-1 TRANSFERRED; bob: offered to desk-1, answered by desk-1",
        "160 ann: expert-1 leaves, ends handled, expert-1 DONE",
        "220 bob: desk-1 sees calls 0 experts 1, desk-1 transfers to experts, desk-1 leaves, desk-1 wraps up, "
        "placed in experts at 10, offered to expert-1, answered by expert-1",
        "240 bob: desk-1 TRANSFERRED",
        "280 bob: expert-1 leaves, ends handled, expert-1 DONE",
    ]
    first, _ = told.tasks("ann")
    assert (first["task_disposition"], first["task_wrap_up_time"], first["task_end_time"]) == (
        "TRANSFERRED",
        100,
        120,
    )


def test_r4_5_a_transfer_waits_on_priority_but_not_before_its_equals() -> None:
    """Ann and bob, transferred at 100 and 110, precede cid of priority 1, but not premium dan of 10 who came first."""
    told = world(
        HAND_ON,
        "labels={premium: {priority: 10}}",
        "teams.desk.agents=2",
        "channels.web={medium: chat}",
        eve=at(0, queue="experts", handle_time=300),
        cid=at(1, queue="experts"),
        dan=at(2, queue="experts", label="premium"),
        ann=at(0),
        bob=at(10),
    )
    assert told.offers == [
        "0 eve to expert-1",
        "0 ann to desk-1",
        "10 bob to desk-2",
        "300 dan to expert-1",
        "360 ann to expert-1",
        "420 bob to expert-1",
        "480 cid to expert-1",
    ]


def test_r4_5_the_priority_of_transfers_may_be_set() -> None:
    told = world(HAND_ON, "routing.transfer_priority=3", ann=at(0))
    assert [r["priority"] for r in told.requests("ann")] == [1, 3]


def test_r4_5_a_label_does_not_change_it() -> None:
    """Neither upwards nor downwards."""
    told = world(
        HAND_ON, "routing.transfer_priority=3", "labels={gold: {priority: 8}}", ann=at(0, label="gold")
    )
    assert [r["priority"] for r in told.requests("ann")] == [8, 3]


def test_r4_6_steps_and_ring_outs_are_those_of_any_request() -> None:
    """The first expert lets it ring; the novice of the second step is asked 30 s after the requeueing."""
    told = world(
        HAND_ON,
        "queues.experts.steps=[{needs: experts >= 5, for: 30s}, {needs: experts >= 1}]",
        "teams.expert.accept.probability=0%",
        "teams.expert.after_ring={chat: {not_ready: 10m}}",
        "teams.novice={agents: 1, skills: {experts: 1}}",
        ann=at(0),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 sees calls 0 experts 2, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10, offered to expert-1",
        "160 ann: rings out at expert-1, requeued at 11",
        "190 ann: step 2 opens, offered to novice-1, answered by novice-1",
        "250 ann: novice-1 leaves, ends handled, novice-1 DONE",
    ]


def test_r4_7_the_ttl_starts_anew_with_the_transfer() -> None:
    """Ann's own wait for an agent took 60 s of 150; the transfer has 150 again."""
    told = world(
        HAND_ON,
        eve=at(0, queue="experts", handle_time=600),
        dan=at(0, handle_time=60, transfer_patience=1),
        ann=at(0),
    )
    assert told.story[-3:] == [
        "160 ann: desk-1 sees calls 0 experts 0, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10",
        "310 ann: no agent, ends no_agent",
        "600 eve: expert-1 leaves, ends handled, expert-1 DONE",
    ]


# The end of the search: R4.8 to R4.13.


def test_r4_8_without_an_agent_it_does_not_return_to_the_first_one() -> None:
    told = world(HAND_ON, eve=at(0, queue="experts", handle_time=600), ann=at(0))
    assert told.story == [
        "0 eve: arrives, placed in experts, offered to expert-1, answered by expert-1; "
        "ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 sees calls 0 experts 0, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10",
        "250 ann: no agent, ends no_agent",
        "600 eve: expert-1 leaves, ends handled, expert-1 DONE",
    ]
    assert told.dispositions("ann") == ["TRANSFERRED", "NO_AGENT_AVAILABLE"]
    assert told.conversation("ann")["outcome"] == "no_agent"
    assert told.states("desk-1", "chat")[1] == "100-3600 READY"


def test_r4_10_a_request_may_be_placed_though_nobody_is_available() -> None:
    told = world(HAND_ON, eve=at(0, queue="experts", handle_time=200), ann=at(0))
    assert told.offers == ["0 eve to expert-1", "0 ann to desk-1", "200 ann to expert-1"]


def test_r4_10_or_is_cancelled_at_once_where_an_available_agent_is_required() -> None:
    told = world(
        HAND_ON, "routing.require_available_agent=on", eve=at(0, queue="experts", handle_time=200), ann=at(0)
    )
    assert told.story == [
        "0 eve: arrives, placed in experts, offered to expert-1, answered by expert-1; "
        "ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 sees calls 0 experts 0, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10, no agent, ends no_agent",
        "200 eve: expert-1 leaves, ends handled, expert-1 DONE",
    ]


def test_r4_12_a_customer_who_leaves_cancels_the_transfer_and_ends_the_conversation() -> None:
    told = world(HAND_ON, eve=at(0, queue="experts", handle_time=600), ann=at(0, transfer_patience=30))
    assert told.story == [
        "0 eve: arrives, placed in experts, offered to expert-1, answered by expert-1; "
        "ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 sees calls 0 experts 0, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10",
        "130 ann: abandons, ends abandoned",
        "600 eve: expert-1 leaves, ends handled, expert-1 DONE",
    ]
    assert told.dispositions("ann") == ["TRANSFERRED", "CANCELLED"]


def test_r4_12_the_ringing_agent_is_free_at_once() -> None:
    told = world(HAND_ON, "teams.expert.accept.delay=50s", ann=at(0, transfer_patience=30))
    assert told.states("expert-1", "chat")[:2] == ["0-100 READY", "100-130 RESERVED"]
    assert told.states("expert-1", "chat")[2].startswith("130-")


def test_patience_while_transferred_is_the_transfers_own_or_that_of_the_queue_waited_in() -> None:
    busy = at(0, queue="experts", handle_time=600)
    own = world(
        HAND_ON, "queues.calls.transfer.patience=40s", "queues.experts.patience=70s", eve=busy, ann=at(0)
    )
    assert own.ends[0] == "140 ann abandoned"
    queues = world(HAND_ON, "queues.experts.patience=70s", eve=busy, ann=at(0))
    assert queues.ends[0] == "170 ann abandoned"


def test_r4_13_the_requester_is_no_candidate_while_excluded() -> None:
    """The requester alone serves the queue they transfer to, and is READY: no agent is found."""
    told = world(HAND_ON, "teams.expert.agents=0", "teams.desk.skills={calls: 5, experts: 5}", ann=at(0))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 sees calls 0 experts 0, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10",
        "250 ann: no agent, ends no_agent",
    ]


def test_r4_13_the_requester_is_one_where_they_are_not_excluded_reading_22() -> None:
    told = world(
        HAND_ON,
        "teams.expert.agents=0",
        "teams.desk.skills={calls: 5, experts: 5}",
        "routing.exclude_requester=off",
        ann=at(0),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 sees calls 0 experts 0, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10, offered to desk-1, answered by desk-1",
        "160 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


@pytest.mark.parametrize(("wrap_up", "next_at"), [(0, 100), (25, 125)])
def test_reading_23_the_slot_is_free_at_once_without_wrap_up(wrap_up: int, next_at: int) -> None:
    """And after it where there is one; the transfer waits for neither."""
    told = world(HAND_ON, f"teams.desk.wrap_up={wrap_up}s", ann=at(0), bob=at(10))
    assert [offer for offer in told.offers if not offer.endswith("expert-1")] == [
        "0 ann to desk-1",
        f"{next_at} bob to desk-1",
    ]
    assert "100 ann to expert-1" in told.offers


def test_the_transfer_is_dispatched_before_the_requester_looks_at_their_queues() -> None:
    """No colleague is free, so the requester looks, and takes bob of priority 1 who waits behind ann's 10."""
    told = world(
        """
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h, transfer: {probability: 50%, to: {calls: 100%}}}}
teams: {desk: {agents: 2, skills: {calls: 5}}}
""",
        eve=at(0, transfer=0.9, handle_time=50),
        ann=at(0, transfer=[0.1, 0.9]),
        bob=at(10, transfer=0.9),
        cid=at(20, transfer=0.9),
    )
    assert told.story == [
        "0 eve: arrives, placed in calls, offered to desk-1, answered by desk-1; "
        "ann: arrives, placed in calls, offered to desk-2, answered by desk-2",
        "10 bob: arrives, placed in calls",
        "20 cid: arrives, placed in calls",
        "50 eve: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "100 ann: desk-2 sees calls 0, desk-2 transfers to calls, desk-2 leaves, desk-2 TRANSFERRED, "
        "placed in calls at 10; cid: offered to desk-2, answered by desk-2",
        "150 bob: desk-1 leaves, ends handled, desk-1 DONE; ann: offered to desk-1, answered by desk-1",
        "200 cid: desk-2 leaves, ends handled, desk-2 DONE",
        "250 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_where_the_requester_is_not_excluded_the_better_claim_on_them_counts() -> None:
    """Ann comes back to the requester at 10 before ordinary cid, but after premium bob who has waited since 10."""
    text = """
labels: {premium: {priority: 10}}
routing: {exclude_requester: off}
queues: {calls: {medium: chat, handle_time: 100s, transfer: {probability: 50%, to: {calls: 100%}}}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""
    told = world(
        text,
        ann=at(0, transfer=[0.1, 0.9]),
        cid=at(5, transfer=0.9),
        bob=at(10, transfer=0.9, label="premium"),
    )
    assert told.offers == ["0 ann to desk-1", "100 bob to desk-1", "200 ann to desk-1", "300 cid to desk-1"]


# The note: reading 28.


def test_a_note_saves_time_of_the_colleagues_handling() -> None:
    told = world(
        HAND_ON,
        "queues.calls.transfer.note=50%",
        "queues.calls.transfer.note_saves=20s",
        ann=at(0, transfer_note=0.1),
        bob=at(500, transfer_note=0.9),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 sees calls 0 experts 1, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10 with a note, offered to expert-1, answered by expert-1",
        "140 ann: expert-1 leaves, ends handled, expert-1 DONE",
        "500 bob: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "600 bob: desk-1 sees calls 0 experts 1, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10, offered to expert-1, answered by expert-1",
        "660 bob: expert-1 leaves, ends handled, expert-1 DONE",
    ]


def test_a_note_never_saves_more_than_there_is() -> None:
    told = world(
        HAND_ON, "queues.calls.transfer.note=100%", "queues.calls.transfer.note_saves=90s", ann=at(0)
    )
    assert told.ends == ["100 ann handled"]
