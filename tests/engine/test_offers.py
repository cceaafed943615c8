"""Reservation, accepting, ringing out, time-to-live: rules R2.21 to R2.33 and R2.41."""

import pytest

from engine.worlds import at, world

ONE_DESK = """
channels: {web: {medium: chat, request_ttl: 150s}}
queues: {calls: {medium: chat, handle_time: 100s}}
teams: {desk: {agents: 1, skills: {calls: 5}, accept: {probability: 50%, delay: 5s}}}
"""
YES, NO = 0.1, 0.9
"""Lots that fall on accepting, and on letting it ring."""


def test_r2_21_an_offer_reserves_the_agent_and_rings() -> None:
    told = world(ONE_DESK, ann=at(10, accept=YES), bob=at(12, accept=YES))
    assert told.story == [
        "10 ann: arrives, placed in calls, offered to desk-1",
        "12 bob: arrives, placed in calls",
        "15 ann: answered by desk-1",
        "115 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1",
        "120 bob: answered by desk-1",
        "220 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.states("desk-1", "chat")[:3] == ["0-10 READY", "10-15 RESERVED", "15-115 BUSY"]


def test_r2_21_there_is_no_declining_the_agent_lets_it_ring() -> None:
    told = world(ONE_DESK, ann=at(0, accept=[NO, YES]))
    assert told.states("desk-1", "chat")[:2] == ["0-60 RESERVED", "60-65 RESERVED"]


def test_r2_22_without_a_delay_an_offer_is_accepted_at_once() -> None:
    told = world(ONE_DESK, "teams.desk.accept.delay=0s", ann=at(0, accept=YES))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.states("desk-1", "chat")[0] == "0-100 BUSY"


@pytest.mark.parametrize("delay", [59, 60])
def test_r2_23_accepting_before_or_as_the_ringing_ends_counts(delay: float) -> None:
    told = world(ONE_DESK, ann=at(0, accept=YES, accept_delay=delay))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        f"{delay} ann: answered by desk-1",
        f"{delay + 100} ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_24_an_offer_that_is_not_accepted_in_time_rings_out_and_queues_anew() -> None:
    """Ann's agent is too slow, then accepts too late: the third offer is accepted."""
    told = world(ONE_DESK, ann=at(0, accept=[YES, NO, YES], accept_delay=[61, 5, 5]))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "60 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "120 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "125 ann: answered by desk-1",
        "225 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    tasks = told.tasks("ann")
    assert [task["task_disposition"] for task in tasks] == ["RONA", "RONA", "DONE"]
    assert len({task["agent_task_id"] for task in tasks}) == 3
    assert [task["task_queue_time"] for task in tasks] == [0, 60, 120]
    assert [task["task_alert_duration"] for task in tasks] == [60, 60, 5]
    [request] = told.requests("ann")
    assert (request["offers"], request["ring_outs"], request["wait"]) == (3, 2, 125)


def test_r2_25_the_requeued_copy_waits_at_eleven_with_a_new_place_and_the_old_ttl() -> None:
    """Ann is queued anew at 60 and, the agent being off for 10 minutes, gone at 150: 150 after the placing."""
    told = world(ONE_DESK, "teams.desk.after_ring={chat: {not_ready: 10m}}", ann=at(0, accept=NO))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "60 ann: rings out at desk-1, requeued at 11",
        "150 ann: no agent, ends no_agent",
    ]
    assert [task["priority"] for task in told.tasks("ann")] == [1, 11]
    assert told.requests("ann")[0]["priority"] == 1


RINGS_20_S = """
labels: {premium: {priority: 10}}
queues:
  calls: {medium: chat, handle_time: 100s, ring_time: 20s}
teams:
  slow: {agents: 1, skills: {calls: 5}, accept: {probability: 50%}, after_ring: {chat: {not_ready: 100s}}}
"""


def test_r2_26_who_rang_out_precedes_every_priority_of_a_customer() -> None:
    """Ann rings out at 20, premium cid came at 15; their agent is back at 120."""
    told = world(RINGS_20_S, ann=at(0, accept=[NO, YES]), cid=at(15, label="premium", accept=YES))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to slow-1",
        "15 cid: arrives, placed in calls at 10",
        "20 ann: rings out at slow-1, requeued at 11",
        "120 ann: offered to slow-1, answered by slow-1",
        "220 ann: slow-1 leaves, ends handled, slow-1 DONE; cid: offered to slow-1, answered by slow-1",
        "320 cid: slow-1 leaves, ends handled, slow-1 DONE",
    ]


def test_r2_26_several_of_them_wait_in_order_of_their_ringing_out() -> None:
    """Ann came first but rang out last, as their queue rings for longer; eve's agent takes bob at 100, then ann."""
    told = world(
        """
queues:
  sales: {medium: chat, handle_time: 100s}
  calls: {medium: chat, handle_time: 100s, ring_time: 30s}
  mails: {medium: chat, handle_time: 100s, ring_time: 20s}
teams:
  slow:
    agents: 2
    skills: {calls: 5, mails: 5}
    accept: {probability: 0%}
    after_ring: {chat: {not_ready: 10m}}
  desk: {agents: 1, skills: {sales: 5, calls: 5, mails: 5}}
""",
        eve=at(0, queue="sales"),
        ann=at(0, queue="calls"),
        bob=at(1, queue="mails"),
    )
    assert told.story == [
        "0 eve: arrives, placed in sales, offered to desk-1, answered by desk-1; "
        "ann: arrives, placed in calls, offered to slow-1",
        "1 bob: arrives, placed in mails, offered to slow-2",
        "21 bob: rings out at slow-2, requeued at 11",
        "30 ann: rings out at slow-1, requeued at 11",
        "100 eve: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "200 bob: desk-1 leaves, ends handled, desk-1 DONE; ann: offered to desk-1, answered by desk-1",
        "300 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_27_the_same_agent_may_be_asked_again() -> None:
    """There is one agent, who is still READY and not excluded."""
    told = world(ONE_DESK, ann=at(0, accept=[NO, YES]))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "60 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "65 ann: answered by desk-1",
        "165 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_28_the_ttl_bounds_the_search_over_all_ring_outs() -> None:
    """Its clock runs from the placing on; at 150 ann waits, as the agent is off since 120."""
    told = world(
        ONE_DESK,
        "teams.desk.after_ring={chat: {not_ready: 20s}}",
        ann=at(0, accept=[NO, NO]),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "60 ann: rings out at desk-1, requeued at 11",
        "80 ann: offered to desk-1",
        "140 ann: rings out at desk-1, requeued at 11",
        "150 ann: no agent, ends no_agent",
    ]
    assert told.dispositions("ann") == ["RONA", "RONA", "NO_AGENT_AVAILABLE"]
    assert told.conversation("ann")["outcome"] == "no_agent"


def test_r2_28_without_a_ttl_the_search_goes_on() -> None:
    told = world(
        ONE_DESK,
        "channels.web={medium: chat}",
        ann=at(0, handle_time=1000, accept=YES),
        bob=at(1, accept=YES),
    )
    assert told.offers == ["0 ann to desk-1", "1005 bob to desk-1"]


def test_r2_29_a_ttl_that_ends_while_ringing_does_not_cut_it_the_agent_may_accept() -> None:
    told = world(ONE_DESK, "teams.desk.accept.delay=40s", ann=at(0, accept=[NO, NO, YES]))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "60 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "120 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "150 ann: TTL expires",
        "160 ann: answered by desk-1",
        "260 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.dispositions("ann") == ["RONA", "RONA", "DONE"]


def test_r2_29_a_ttl_that_ends_while_ringing_is_met_by_the_ring_out() -> None:
    told = world(ONE_DESK, ann=at(0, accept=[NO, NO, NO]))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "60 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "120 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "150 ann: TTL expires",
        "180 ann: rings out at desk-1, no agent, ends no_agent",
    ]
    assert told.dispositions("ann") == ["RONA", "RONA", "NO_AGENT_AVAILABLE"]
    assert told.requests("ann")[0]["wait"] == 180


def test_r2_29_a_customer_may_give_up_while_it_still_rings() -> None:
    """The customer's patience ends after the time-to-live, and the agent, who would accept at 175, comes too late."""
    told = world(
        ONE_DESK,
        "teams.desk.accept.delay=55s",
        "queues.calls.patience=170s",
        ann=at(0, accept=[NO, NO, YES]),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "60 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "120 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "150 ann: TTL expires",
        "170 ann: abandons, ends abandoned",
    ]
    assert told.requests("ann")[0]["wait"] == 170


def test_r2_30_who_found_no_agent_may_ask_again() -> None:
    """Ann does so 30 s later, in a new search with a new time-to-live; bob does not."""
    told = world(
        ONE_DESK,
        "customers.after_no_agent={ask_again: 50%, after: 30s, at_most: 1}",
        eve=at(0, handle_time=300, accept=YES),
        ann=at(1, ask_again=0.1, accept=YES),
        bob=at(2, ask_again=0.9),
    )
    assert told.offers == ["0 eve to desk-1", "305 ann* to desk-1"]
    assert told.ends == ["151 ann no_agent", "152 bob no_agent", "305 eve handled", "410 ann* handled"]


def test_r2_31_who_leaves_the_queue_is_cancelled() -> None:
    told = world(
        ONE_DESK,
        "queues.calls.patience=1h",
        ann=at(0, accept=YES),
        bob=at(10, patience=20),
        cid=at(11, accept=YES),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "5 ann: answered by desk-1",
        "10 bob: arrives, placed in calls",
        "11 cid: arrives, placed in calls",
        "30 bob: abandons, ends abandoned",
        "105 ann: desk-1 leaves, ends handled, desk-1 DONE; cid: offered to desk-1",
        "110 cid: answered by desk-1",
        "210 cid: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    [task] = told.tasks("bob")
    assert (task["task_disposition"], task["agent_id"], task["task_end_time"]) == ("CANCELLED", None, 30)


def test_r2_31_who_leaves_while_it_rings_is_cancelled_and_the_agent_free_again() -> None:
    told = world(ONE_DESK, "queues.calls.patience=1h", ann=at(0, patience=3, accept=YES))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "3 ann: abandons, ends abandoned",
    ]
    [task] = told.tasks("ann")
    assert (task["task_disposition"], task["agent_id"], task["task_alert_duration"]) == (
        "CANCELLED",
        "desk-1",
        3,
    )
    assert told.states("desk-1", "chat") == ["0-3 RESERVED", "3-3600 READY"]


def test_r2_31_patience_runs_over_ring_outs() -> None:
    told = world(ONE_DESK, "queues.calls.patience=1h", ann=at(0, patience=70, accept=[NO, NO]))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "60 ann: rings out at desk-1, requeued at 11, offered to desk-1",
        "70 ann: abandons, ends abandoned",
    ]


def test_r2_32_a_queue_may_ring_for_a_time_of_its_own() -> None:
    """As calls do, whose ringing the media server ends."""
    told = world(
        """
routing: {ring_time: 50s}
media: {chat: {max_tasks: 1}, voice: {max_tasks: 1}}
channels: {web: {medium: chat}, phone: {medium: voice}}
queues:
  chats: {medium: chat, handle_time: 100s}
  calls: {medium: voice, ring_time: 30s, handle_time: 100s}
teams: {desk: {agents: 1, skills: {calls: 5, chats: 5}, accept: {probability: 50%}}}
""",
        ann=at(0, queue="chats", accept=[NO, YES]),
        bob=at(0, queue="calls", accept=[NO, YES]),
    )
    assert told.offers == ["0 ann to desk-1", "0 bob to desk-1", "30 bob to desk-1", "50 ann to desk-1"]


def test_r2_33_flushing_a_queue_closes_its_tasks_by_force() -> None:
    told = world(ONE_DESK, "closing=clear_queues", "lasts=60s", ann=at(0, accept=YES), bob=at(10), cid=at(20))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "5 ann: answered by desk-1",
        "10 bob: arrives, placed in calls",
        "20 cid: arrives, placed in calls",
        "60 bob: sent away, ends disconnected; cid: sent away, ends disconnected",
        "105 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.dispositions("bob") == told.dispositions("cid") == ["FORCE_CLOSED"]


LAST_AGENT = """
queues:
  calls: {medium: chat, handle_time: 100s, transfer: {probability: 50%, to: {experts: 100%}, patience: 10s}}
  experts: {medium: chat, handle_time: 100s}
teams:
  desk: {agents: 2, skills: {calls: 5}}
  expert: {agents: 0, skills: {experts: 5}}
customers: {after_abandon: {come_back: 100%, after: 50s}}
"""
"""Ann's transfer finds nobody; they leave at 110 and are back at 160, when desk-2 has been READY for longer."""


@pytest.mark.parametrize(("last_agent", "whom"), [("off", "desk-2"), ("on", "desk-1")])
def test_r2_35_who_returns_may_be_offered_to_their_last_agent_first(last_agent: str, whom: str) -> None:
    told = world(LAST_AGENT, f"routing.last_agent={last_agent}", ann=at(0, transfer=[0.1, 0.9]))
    assert told.offers == ["0 ann to desk-1", f"160 ann* to {whom}"]


def test_r2_35_where_that_one_is_not_available_she_queues_like_all() -> None:
    """Desk-1 is READY since 100, desk-2 since 101: cid takes ann's last agent away at 105."""
    told = world(
        LAST_AGENT,
        "routing.last_agent=on",
        ann=at(0, transfer=[0.1, 0.9]),
        bob=at(1, transfer=0.9),
        cid=at(105, transfer=0.9),
    )
    assert told.offers == ["0 ann to desk-1", "1 bob to desk-2", "105 cid to desk-1", "160 ann* to desk-2"]


def test_r2_41_an_agent_who_simply_leaves_is_done_and_nothing_is_requeued() -> None:
    told = world(ONE_DESK, ann=at(0, accept=YES))
    assert told.story[-1] == "105 ann: desk-1 leaves, ends handled, desk-1 DONE"
    assert told.dispositions("ann") == ["DONE"]
    assert len(told.requests("ann")) == 1
