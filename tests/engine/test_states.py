"""Agents' states, global and by medium: rules R3.1, R3.2, R3.5, R3.9 and R3.10."""

from engine.worlds import PRESENCE, at, world

TWO_SLOTS = """
media: {chat: {max_tasks: 2}}
queues: {calls: {medium: chat, handle_time: 100s}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""

ONE_SLOT = """
queues: {calls: {medium: chat, handle_time: 100s}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""

BREAK_AT_TEN = """
media: {chat: {max_tasks: 2}}
queues: {calls: {medium: chat, handle_time: 100s}}
teams:
  desk:
    skills: {calls: 5}
    shifts: [{from: "00:00", to: "00:30", agents: 1, breaks: [{at: "00:10", for: 5m}]}]
"""


def test_r3_1_ready_active_busy_and_back() -> None:
    told = world(TWO_SLOTS, "lasts=400s", ann=at(10), bob=at(60))
    assert told.states("desk-1", "chat") == [
        "0-10 READY",
        "10-60 ACTIVE",
        "60-110 BUSY",
        "110-160 ACTIVE",
        "160-400 READY",
    ]


def test_r3_1_busy_is_who_holds_or_is_offered_the_maximum() -> None:
    """Bob's offer takes the second slot at 60; bob is gone at 75."""
    told = world(
        TWO_SLOTS,
        "lasts=400s",
        "queues.calls.patience=1h",
        "teams.desk.accept.delay=30s",
        ann=at(10, accept_delay=0),
        bob=at(60, patience=15),
    )
    assert told.states("desk-1", "chat") == [
        "0-10 READY",
        "10-60 ACTIVE",
        "60-75 BUSY",
        "75-110 ACTIVE",
        "110-400 READY",
    ]


def test_r3_1_wrap_up_keeps_the_slot_and_the_state() -> None:
    """READY comes after the wrap-up of the last task; before it cid has to wait."""
    told = world(
        ONE_SLOT, "lasts=400s", "teams.desk.wrap_up=20s", ann=at(10), cid=at(120, handle_time=30, wrap_up=0)
    )
    assert told.story == [
        "10 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "110 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "120 cid: arrives, placed in calls",
        "130 ann: desk-1 DONE; cid: offered to desk-1, answered by desk-1",
        "160 cid: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.states("desk-1", "chat") == ["0-10 READY", "10-130 BUSY", "130-160 BUSY", "160-400 READY"]


def test_r3_2_switched_off_with_tasks_open_is_pending_until_the_last_one_closes() -> None:
    told = world(BREAK_AT_TEN, ann=at(550), bob=at(580))
    assert told.states("desk-1", "chat") == [
        "0-550 READY",
        "550-580 ACTIVE",
        "580-600 BUSY",
        "600-680 PENDING_NOT_READY break",
        "680-980 NOT_READY break",
        "980-1800 READY",
    ]
    assert told.states("desk-1", PRESENCE) == [
        "0-600 READY",
        "600-680 PENDING_NOT_READY break",
        "680-980 NOT_READY break",
        "980-1800 READY",
    ]


def test_r3_2_pending_gets_no_new_offers() -> None:
    """The agent has a slot free from 600 on; cid waits for their return all the same."""
    told = world(BREAK_AT_TEN, ann=at(550), cid=at(610))
    assert told.offers == ["550 ann to desk-1", "950 cid to desk-1"]


def test_r3_2_an_offer_that_rings_when_the_agent_is_switched_off_may_still_be_accepted() -> None:
    told = world(BREAK_AT_TEN, "teams.desk.accept.delay=30s", ann=at(590))
    assert told.story == [
        "590 ann: arrives, placed in calls, offered to desk-1",
        "620 ann: answered by desk-1",
        "720 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.states("desk-1", "chat") == [
        "0-600 READY",
        "600-720 PENDING_NOT_READY break",
        "720-1020 NOT_READY break",
        "1020-1800 READY",
    ]


def test_r3_5_with_one_slot_ready_reserved_busy_never_active() -> None:
    told = world(ONE_SLOT, "lasts=400s", "teams.desk.accept.delay=20s", ann=at(10))
    assert told.states("desk-1", "chat") == ["0-10 READY", "10-30 RESERVED", "30-130 BUSY", "130-400 READY"]


def test_r3_5_with_more_slots_an_offer_leaves_the_agent_ready() -> None:
    """RESERVED is who has all slots taken and nothing accepted yet."""
    told = world(TWO_SLOTS, "lasts=400s", "teams.desk.accept.delay=20s", ann=at(10), bob=at(20))
    assert told.states("desk-1", "chat") == [
        "0-20 READY",
        "20-30 RESERVED",
        "30-130 BUSY",
        "130-140 ACTIVE",
        "140-400 READY",
    ]


RINGS_OUT = """
lasts: 400s
media: {chat: {max_tasks: 1}, voice: {max_tasks: 1}}
channels: {web: {medium: chat}, phone: {medium: voice}}
queues:
  chats: {medium: chat, handle_time: 100s}
  calls: {medium: voice, handle_time: 100s}
teams:
  desk:
    agents: 1
    skills: {chats: 5, calls: 5}
    accept: {probability: 50%}
    after_ring: {voice: {not_ready: 30s}}
"""
YES, NO = 0.1, 0.9


def test_r3_9_after_a_ring_out_the_agent_stays_ready_or_is_off_on_that_medium_alone() -> None:
    """The call's ring-out at 60 switches voice off till 90; chat goes on, and so does the agent's presence."""
    told = world(
        RINGS_OUT,
        ann=at(0, queue="calls", accept=[NO, YES]),
        bob=at(70, queue="chats", accept=[NO, YES]),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "60 ann: rings out at desk-1, requeued at 11",
        "70 bob: arrives, placed in chats, offered to desk-1",
        "90 ann: offered to desk-1, answered by desk-1",
        "130 bob: rings out at desk-1, requeued at 11, offered to desk-1, answered by desk-1",
        "190 ann: desk-1 leaves, ends handled, desk-1 DONE",
        "230 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.states("desk-1", "voice") == [
        "0-60 RESERVED",
        "60-90 NOT_READY ring",
        "90-190 BUSY",
        "190-400 READY",
    ]
    assert told.states("desk-1", "chat") == [
        "0-70 READY",
        "70-130 RESERVED",
        "130-230 BUSY",
        "230-400 READY",
    ]
    assert told.states("desk-1", PRESENCE) == ["0-400 READY"]


def test_r3_9_a_ring_out_beside_open_tasks_is_pending() -> None:
    """The agent holds ann when bob rings out at 70; from ann's end at 100 they are NOT_READY, until 100 s are over."""
    told = world(
        TWO_SLOTS,
        "lasts=400s",
        "teams.desk.accept.probability=50%",
        "teams.desk.after_ring={chat: {not_ready: 100s}}",
        ann=at(0, accept=YES),
        bob=at(10, accept=[NO, YES]),
    )
    assert told.offers == ["0 ann to desk-1", "10 bob to desk-1", "170 bob to desk-1"]
    assert told.states("desk-1", "chat") == [
        "0-10 ACTIVE",
        "10-70 BUSY",
        "70-100 PENDING_NOT_READY ring",
        "100-170 NOT_READY ring",
        "170-270 ACTIVE",
        "270-400 READY",
    ]


def test_r3_9_of_two_pauses_the_later_end_counts() -> None:
    """Two offers ring out, at 60 and 70: the agent is off until 110, 40 s after the second."""
    told = world(
        TWO_SLOTS,
        "lasts=400s",
        "queues.calls.patience=80s",
        "teams.desk.accept.probability=0%",
        "teams.desk.after_ring={chat: {not_ready: 40s}}",
        ann=at(0),
        bob=at(10),
    )
    assert told.states("desk-1", "chat")[2:] == [
        "60-70 PENDING_NOT_READY ring",
        "70-110 NOT_READY ring",
        "110-400 READY",
    ]


TWO_DESKS = """
channels: {web: {medium: chat, request_ttl: 50s}}
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {agents: 2, skills: {calls: 5}, accept: {probability: 50%}}}
"""


def test_r3_9_ringing_out_is_a_new_turn_to_ready() -> None:
    """Both are READY since 0; desk-1 let ann ring and is READY since 60, so bob goes to desk-2."""
    told = world(TWO_DESKS, ann=at(0, accept=NO), bob=at(70, accept=YES))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "50 ann: TTL expires",
        "60 ann: rings out at desk-1, no agent, ends no_agent",
        "70 bob: arrives, placed in calls, offered to desk-2, answered by desk-2",
        "170 bob: desk-2 leaves, ends handled, desk-2 DONE",
    ]


def test_r3_9_so_is_an_offer_that_the_customer_leaves() -> None:
    told = world(TWO_DESKS, ann=at(0, accept=NO, patience=20), bob=at(70, accept=YES))
    assert told.offers == ["0 ann to desk-1", "70 bob to desk-2"]


def test_r3_10_media_do_not_interrupt_each_other() -> None:
    """Both non-interruptible: a call and a chat go on side by side, each at full pace."""
    told = world(
        RINGS_OUT,
        ann=at(0, queue="calls", accept=YES),
        bob=at(10, queue="chats", accept=YES),
    )
    assert told.ends == ["100 ann handled", "110 bob handled"]
    assert told.states("desk-1", "voice") == ["0-100 BUSY", "100-400 READY"]
    assert told.states("desk-1", "chat") == ["0-10 READY", "10-110 BUSY", "110-400 READY"]


def test_reading_30_states_of_both_agents_of_a_transfer() -> None:
    """The requester is READY at the transfer; the colleague BUSY with their only slot taken."""
    told = world(
        """
lasts: 400s
queues:
  calls: {medium: chat, handle_time: 100s, transfer: {probability: 100%, to: {experts: 100%}}}
  experts: {medium: chat, handle_time: 60s}
teams:
  desk: {agents: 1, skills: {calls: 5}}
  expert: {agents: 1, skills: {experts: 5}}
""",
        ann=at(0),
    )
    assert told.states("desk-1", "chat") == ["0-100 BUSY", "100-400 READY"]
    assert told.states("expert-1", "chat") == ["0-100 READY", "100-160 BUSY", "160-400 READY"]
