"""Silent monitoring (R5.11) and barging in (R5.12). Hand raise (R5.13) is of a later version and not modelled."""

from engine.worlds import at

from user_guide.walk import Walk, walk_through

DESK = """
channels: {web: {medium: chat, request_ttl: 150s}}
queues:
  sales: {medium: chat, handle_time: 100s}
teams:
  front: {agents: 2, skills: {sales: 5}}
  leads: {agents: 1, role: supervisor}
supervision: {team: leads, queues: [sales], probability: 50%, after: 20s, lasts: 40s, barge_in: 50%}
"""
WATCHED, UNWATCHED = 0.1, 0.9
BARGES_IN, WATCHES_ONLY = 0.1, 0.9
ENTERS = "0 arrives; inbound request to sales; offered to front-1; front-1 accepts; front-1 joins"
TRANSFER = "queues.sales.transfer={probability: 50%, after: 50%, to: {sales: 100%}}"
CONFERENCE = (
    "queues.sales.conference={probability: 50%, after: 50%, to: {sales: 100%}, joint_time: 10s,"
    " then: {requester_leaves: 100%}, while_waiting: holds}"
)
LONG = "supervision.lasts=500s"


def supervised(*changes: str, barge_in: float = WATCHES_ONLY, watched: float = WATCHED) -> Walk:
    ann = at(0, supervised=watched, barge_in=barge_in, transfer=[0, 0.9], conference=[0, 0.9])
    return walk_through(DESK, *changes, ann=ann)


def test_r5_11_a_supervisor_looks_in_after_the_first_answer_for_a_while() -> None:
    assert supervised().story() == [
        ENTERS,
        "20 leads-1 watches",
        "60 leads-1 stops watching",
        "100 front-1 leaves; ends handled; front-1 DONE",
    ]


def test_r5_11_a_supervisor_is_not_announced() -> None:
    walk = supervised()
    assert walk.told_at(20) == walk.told_at(60) == []
    assert [n for n in walk.notifications if "leads-1" in n.text] == []


def test_r5_11_a_supervisor_uses_no_slot() -> None:
    walk = supervised()
    assert walk.tables.states("leads-1", "chat") == ["0-3600 READY"]
    assert walk.task("leads-1")["task_direction"] == "SILENT_MONITOR"


def test_r5_11_the_share_that_is_not_looked_into_is_not() -> None:
    assert supervised(watched=UNWATCHED).story()[1:] == ["100 front-1 leaves; ends handled; front-1 DONE"]


def test_r5_11_one_at_a_time() -> None:
    """The only supervisor watches ann when they would look at bob."""
    said = {"supervised": WATCHED, "barge_in": WATCHES_ONLY}
    walk = walk_through(DESK, ann=at(0, **said), bob=at(10, **said))
    assert "20 leads-1 watches" in walk.story("ann")
    assert not [line for line in walk.story("bob") if "leads-1" in line]


def test_r5_11_a_supervisor_leaves_with_the_agent() -> None:
    assert supervised(LONG).story()[2:] == [
        "100 front-1 leaves; leads-1 stops watching; ends handled; front-1 DONE"
    ]


def test_r5_11_also_with_one_who_transfers() -> None:
    walk = supervised(LONG, TRANSFER)
    assert walk.story()[2:] == [
        "50 front-1 sees sales 1; front-1 transfers to sales; front-1 leaves; leads-1 stops watching; "
        "front-1 TRANSFERRED; transfer request to sales at 10; offered to front-2; front-2 accepts; front-2 joins",
        "150 front-2 leaves; ends handled; front-2 DONE",
    ]


def test_r5_11_a_supervisor_stays_as_long_as_any_agent_is_in() -> None:
    walk = supervised(LONG, CONFERENCE)
    assert walk.story()[3:] == [
        "60 front-1 leaves; front-1 DONE",
        "160 front-2 leaves; leads-1 stops watching; ends handled; front-2 DONE",
    ]


def test_r5_11_who_comes_when_no_agent_is_left_does_not_look_in() -> None:
    assert supervised("supervision.after=150s").story()[1:] == [
        "100 front-1 leaves; ends handled; front-1 DONE"
    ]


def test_r5_11_a_supervisor_is_offered_no_conversation() -> None:
    walk = walk_through(DESK, "teams.front.agents=1", ann=at(0), bob=at(0))
    assert walk.offers() == ["0 front-1", "100 front-1"]


def test_r5_12_barging_in_follows_silent_monitoring_and_makes_them_a_participant() -> None:
    """The supervisor watches for half of the stay, and is a participant for the other half."""
    walk = supervised(barge_in=BARGES_IN)
    assert walk.story()[1:] == [
        "20 leads-1 watches",
        "40 leads-1 stops watching; leads-1 barges in",
        "60 leads-1 leaves; leads-1 DONE",
        "100 front-1 leaves; ends handled; front-1 DONE",
    ]


def test_r5_12_now_a_supervisor_is_announced_like_any_other() -> None:
    walk = supervised(barge_in=BARGES_IN)
    assert walk.told_at(40) == [
        "1 leads-1 | history | You have joined the conversation",
        "2 front-1, customer | history | leads-1 has joined the conversation",
    ]
    assert walk.told_at(60) == ["1 front-1, customer | history | leads-1 left the conversation"]


def test_r5_12_and_uses_a_slot() -> None:
    walk = supervised(barge_in=BARGES_IN)
    assert walk.tables.states("leads-1", "chat") == ["0-40 READY", "40-60 BUSY", "60-3600 READY"]
    assert [row["task_direction"] for row in walk.tables.rows("tasks") if row["agent_id"] == "leads-1"] == [
        "SILENT_MONITOR", "BARGE_IN",
    ]  # fmt: skip


def test_r5_12_a_supervisor_keeps_the_customer_where_the_agent_leaves_first() -> None:
    walk = supervised("supervision.lasts=100s", barge_in=BARGES_IN)
    assert walk.story()[2:] == [
        "70 leads-1 stops watching; leads-1 barges in",
        "100 front-1 leaves; front-1 DONE",
        "120 leads-1 leaves; ends handled; leads-1 DONE",
    ]


def test_r5_12_without_a_free_slot_a_supervisor_does_not_barge_in() -> None:
    walk = supervised("teams.leads.skills={sales: 5}", "teams.leads.max_tasks={chat: 0}", barge_in=BARGES_IN)
    assert not [line for line in walk.story() if "barges in" in line]


def test_r5_12_one_who_has_barged_in_looks_into_nothing_else() -> None:
    said = {"supervised": WATCHED, "handle_time": 300}
    walk = walk_through(
        DESK, "supervision.lasts=200s", ann=at(0, barge_in=BARGES_IN, **said), bob=at(110, **said)
    )
    assert [line for line in walk.story() if "leads-1" in line] == [
        "20 leads-1 watches",
        "120 leads-1 stops watching; leads-1 barges in",
        "220 leads-1 leaves; leads-1 DONE",
    ]


def test_r5_11_one_whose_shift_ends_finishes_the_monitoring_first_and_does_not_barge_in() -> None:
    """Without the end of the shift at 60 they would barge in at 70."""
    walk = supervised(
        "supervision.lasts=100s",
        "teams.leads={role: supervisor, shifts: [{from: '00:00', to: '00:01', agents: 1}]}",
        barge_in=BARGES_IN,
    )
    assert walk.story()[1:] == [
        "20 leads-1 watches",
        "70 leads-1 stops watching",
        "100 front-1 leaves; ends handled; front-1 DONE",
    ]
    assert walk.tables.states("leads-1") == ["0-60 READY", "60-70 PENDING_NOT_READY overtime"]


def test_r5_11_a_break_begins_after_the_monitoring() -> None:
    walk = supervised(
        "supervision.lasts=50s",
        "teams.leads={role: supervisor, shifts: [{from: '00:00', to: '00:30', agents: 1,"
        " breaks: [{at: '00:01', for: 5m}]}]}",
    )
    assert "70 leads-1 stops watching" in walk.story()
    assert walk.tables.states("leads-1") == [
        "0-60 READY",
        "60-70 PENDING_NOT_READY break",
        "70-370 NOT_READY break",
        "370-1800 READY",
    ]
