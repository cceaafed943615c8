"""The end of the day: what waits at closing is served out or sent away; the drain."""

from engine.worlds import at, world

ONE_DESK = """
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""


def test_who_waits_at_the_end_is_served_out() -> None:
    told = world(ONE_DESK, "lasts=60s", ann=at(0), bob=at(10))
    assert told.ends == ["100 ann handled", "200 bob handled"]
    assert told.records.horizon_s == 200


def test_a_day_without_contacts_lasts_as_long_as_it_lasts() -> None:
    told = world(ONE_DESK, "lasts=60s")
    assert told.records.horizon_s == 60
    assert told.states("desk-1") == ["0-60 READY"]


CLEARED = ("lasts=60s", "closing=clear_queues")


def test_cleared_queues_send_away_who_waits_what_is_open_is_finished() -> None:
    told = world(ONE_DESK, *CLEARED, "teams.desk.wrap_up=10s", ann=at(0), bob=at(10))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "60 bob: sent away, ends disconnected",
        "100 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "110 ann: desk-1 DONE",
    ]
    assert told.requests("bob")[0]["outcome"] == "disconnected"


def test_an_offer_that_rings_at_closing_time_may_still_be_accepted() -> None:
    told = world(ONE_DESK, *CLEARED, "teams.desk.accept.delay=20s", ann=at(50))
    assert told.ends == ["170 ann handled"]


def test_an_offer_that_rings_out_after_closing_time_is_sent_away() -> None:
    told = world(ONE_DESK, *CLEARED, "teams.desk.accept.probability=0%", ann=at(50))
    assert told.story == [
        "50 ann: arrives, placed in calls, offered to desk-1",
        "110 ann: rings out at desk-1, sent away, ends disconnected",
    ]


def test_a_transfer_after_closing_time_is_made_where_somebody_is_free_for_it() -> None:
    hand_on = """
queues:
  calls: {medium: chat, handle_time: 100s, transfer: {probability: 100%, to: {experts: 100%}}}
  experts: {medium: chat, handle_time: 50s}
teams:
  desk: {agents: 2, skills: {calls: 5}}
  expert: {agents: 1, skills: {experts: 5}}
"""
    told = world(hand_on, *CLEARED, ann=at(0), bob=at(10))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls, offered to desk-2, answered by desk-2",
        "100 ann: desk-1 sees calls 0 experts 1, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10, offered to expert-1, answered by expert-1",
        "110 bob: desk-2 sees calls 1 experts 0, desk-2 transfers to experts, desk-2 leaves, desk-2 TRANSFERRED, "
        "placed in experts at 10, sent away, ends disconnected",
        "150 ann: expert-1 leaves, ends handled, expert-1 DONE",
    ]


def test_a_request_that_an_agent_takes_during_the_clearing_is_served_and_not_sent_away() -> None:
    """Ann's conference is sent away first, so desk-2 hands ann on, is free and takes bob."""
    called = "{probability: 50%, after: 50%, to: {calls: 100%}, if_nobody: transfers, while_waiting: holds}"
    told = world(
        ONE_DESK,
        *CLEARED,
        "teams.desk.agents=2",
        f"queues.calls.conference={called}",
        eve=at(0, handle_time=500, conference=0.9),
        ann=at(0, conference=0.1),
        bob=at(10, conference=0.9),
    )
    assert told.story == [
        "0 eve: arrives, placed in calls, offered to desk-1, answered by desk-1; "
        "ann: arrives, placed in calls, offered to desk-2, answered by desk-2",
        "10 bob: arrives, placed in calls",
        "50 ann: desk-2 sees calls 0, desk-2 calls calls, placed in calls at 10",
        "60 ann: sent away, desk-2 sees calls 0, desk-2 transfers to calls, desk-2 leaves, desk-2 TRANSFERRED, "
        "placed in calls at 10, sent away, ends disconnected; bob: offered to desk-2, answered by desk-2",
        "160 bob: desk-2 leaves, ends handled, desk-2 DONE",
        "500 eve: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert [request["outcome"] for request in told.requests("bob")] == ["answered"]
    assert told.dispositions("bob") == ["DONE"]


def test_a_request_put_on_a_list_after_closing_time_is_sent_away() -> None:
    told = world(
        ONE_DESK,
        *CLEARED,
        "queues.calls.mode=pull",
        "queues.calls.pull={reaction: 5s}",
        "arrivals=[{channel: web, queue: calls, per_hour: 0, self_service: {time: 30s}}]",
        ann=at(10),
        bob=at(50),
    )
    assert told.story == [
        "10 ann: arrives, uses self-service",
        "40 ann: placed in calls, pull_notice",
        "45 ann: answered by desk-1",
        "50 bob: arrives, uses self-service",
        "80 bob: placed in calls, sent away, ends disconnected",
        "145 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_after_the_drain_what_is_open_is_unfinished() -> None:
    """Ann is served at 90, bob still waits; cid's wrap-up is open although the conversation is over."""
    told = world(
        ONE_DESK,
        "lasts=60s",
        "drain=30s",
        "teams.desk.agents=2",
        ann=at(0),
        cid=at(5, handle_time=70, wrap_up=50),
        bob=at(10),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "5 cid: arrives, placed in calls, offered to desk-2, answered by desk-2",
        "10 bob: arrives, placed in calls",
        "75 cid: desk-2 leaves, ends handled, desk-2 wraps up",
    ]
    assert told.records.horizon_s == 90
    assert [told.conversation(name)["outcome"] for name in ("ann", "bob", "cid")] == [
        "unfinished",
        "unfinished",
        "handled",
    ]
    assert told.dispositions("ann") == told.dispositions("bob") == told.dispositions("cid") == ["UNFINISHED"]
    assert told.requests("bob")[0]["outcome"] == "unfinished"
    assert told.requests("bob")[0]["wait"] == 80


def test_coming_back_and_asking_again_are_bounded_each_by_itself() -> None:
    """Ann abandons once and finds no agent twice: they come back once and ask again once."""
    told = world(
        ONE_DESK,
        "channels.web.request_ttl=100s",
        "customers.after_abandon={come_back: 100%, after: 50s, at_most: 1}",
        "customers.after_no_agent={ask_again: 100%, after: 30s, at_most: 1}",
        eve=at(0, handle_time=1000),
        ann=at(1, patience=[10, 3000, 3000, 3000]),
    )
    assert told.ends == ["11 ann abandoned", "161 ann* no_agent", "291 ann** no_agent", "1000 eve handled"]


def test_a_drain_longer_than_needed_ends_with_the_last_conversation() -> None:
    told = world(ONE_DESK, "lasts=60s", "drain=1h", ann=at(0))
    assert told.records.horizon_s == 100


def test_open_tasks_of_one_agent_in_one_conversation_are_told_in_order() -> None:
    """They hand ann on to themselves every 10 s, and are in wrap-up of all parts of theirs at the end."""
    told = world(
        ONE_DESK, "lasts=60s", "drain=0s", "media={chat: {max_tasks: 7}}", "teams.desk.wrap_up=1h",
        "queues.calls={medium: chat, handle_time: 10s, transfer: {probability: 100%, to: {calls: 100%}}}",
        "routing.exclude_requester=off", ann=at(0),
    )  # fmt: skip
    assert [task["task_answered_time"] for task in told.tasks("ann")] == [0, 10, 20, 30, 40, 50, 60]


def test_cleared_queues_send_away_in_the_order_of_waiting_whatever_steps_are_open() -> None:
    """ann has rung out at 30 and waits at 11, at the second step; bob has come at 55 and waits at the first."""
    told = world(
        ONE_DESK, *CLEARED, "routing={ring_time: 30s, steps_after_ring_out: go_on}",
        "queues.calls.steps=[{needs: calls >= 5, for: 10s}, {needs: calls >= 1}]",
        "teams.desk={agents: 1, skills: {calls: 5}, accept: {probability: 0%}, after_ring: {chat: {not_ready: 1h}}}",
        ann=at(0), bob=at(55),
    )  # fmt: skip
    assert told.ends == ["60 ann disconnected", "60 bob disconnected"]
