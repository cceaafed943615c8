"""Before the request and after it: self-service, and customers who come back."""

from engine.worlds import at, world

ONE_DESK = """
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""


# Self-service.

BOT = """
channels: {web: {medium: chat, request_ttl: 150s, lines: 2}}
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
arrivals: [{channel: web, queue: calls, per_hour: 0, self_service: {time: 30s, contained: 40%}}]
"""


def test_self_service_comes_before_the_agent_and_may_be_enough() -> None:
    told = world(BOT, ann=at(0, contained=0.5), bob=at(10, contained=0.3, self_service=5))
    assert told.story == [
        "0 ann: arrives, uses self-service",
        "10 bob: arrives, uses self-service",
        "15 bob: ends contained",
        "30 ann: placed in calls, offered to desk-1, answered by desk-1",
        "130 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    row = told.conversation("ann")
    assert (row["arrived_at"], row["requested_at"], row["answered_at"], row["wait"]) == (0, 30, 30, 0)
    assert told.requests("bob") == []


def test_patience_and_ttl_start_with_the_request_the_line_is_taken_from_the_arrival() -> None:
    told = world(
        BOT,
        ann=at(0, contained=0.5, handle_time=500),
        bob=at(10, contained=0.5, patience=20),
        cid=at(20, contained=0.5),
        dan=at(70, contained=0.5),
    )
    assert told.ends == ["20 cid blocked", "60 bob abandoned", "250 dan no_agent", "530 ann handled"]


def test_who_comes_out_of_self_service_after_the_last_work_waits_for_no_time() -> None:
    # The agent goes at 60 s, the run's last work; the request is placed at 80 s and nobody is there for it.
    told = world(
        """
queues: {calls: {medium: chat, handle_time: 100s}}
teams: {desk: {skills: {calls: 5}, shifts: [{from: "00:00", to: "00:01", agents: 1}]}}
arrivals: [{channel: web, queue: calls, per_hour: 0, self_service: {time: 30s}}]
""",
        "lasts=60s",
        ann=at(50),
    )
    (request,) = told.requests("ann")
    assert (request["placed_at"], request["outcome"], request["wait"]) == (80.0, "unfinished", 0.0)
    assert told.tasks("ann")[0]["task_end_time"] == 80.0


def test_self_service_that_ends_after_closing_time_is_sent_away_where_they_would_wait() -> None:
    told = world(
        BOT, "lasts=60s", "closing=clear_queues", ann=at(0, contained=0.5), bob=at(50, contained=0.5)
    )
    assert told.story == [
        "0 ann: arrives, uses self-service",
        "30 ann: placed in calls, offered to desk-1, answered by desk-1",
        "50 bob: arrives, uses self-service",
        "80 bob: placed in calls, sent away, ends disconnected",
        "130 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


# Coming back.


def test_who_abandoned_may_come_back_as_a_new_contact() -> None:
    """Bob leaves at 30, is back at 90, leaves at 110 and has no further attempt."""
    told = world(
        ONE_DESK,
        "customers.after_abandon={come_back: 50%, after: 60s, at_most: 1}",
        ann=at(0, handle_time=500),
        bob=at(10, patience=[20, 20], come_back=[0.1, 0.1]),
        cid=at(10, patience=20, come_back=0.9),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls; cid: arrives, placed in calls",
        "30 bob: abandons, ends abandoned; cid: abandons, ends abandoned",
        "90 bob*: arrives, placed in calls",
        "110 bob*: abandons, ends abandoned",
        "500 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


RETURNING = """
lasts: 10m
queues: {calls: {medium: chat, handle_time: 1000s, patience: {uniform: {low: 0, high: 100s}}}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
customers: {after_abandon: {come_back: 100%, after: 50s, at_most: 2}}
"""


def test_patience_may_be_kept_over_attempts() -> None:
    """In the first attempt it is 20 s, in the next ones 40 and 60: kept, it is 20 s each time."""
    said = {"ann": at(0), "bob": at(10, patience=[20, 40, 60])}
    assert world(RETURNING, **said).ends[:3] == [
        "30 bob abandoned",
        "120 bob* abandoned",
        "230 bob** abandoned",
    ]
    same = world(RETURNING, "customers.after_abandon.patience=same", **said)
    assert same.ends[:3] == ["30 bob abandoned", "100 bob* abandoned", "170 bob** abandoned"]


def test_who_found_no_agent_may_ask_again_where_nobody_comes_back_who_abandoned() -> None:
    told = world(
        ONE_DESK, "customers.after_no_agent={ask_again: 100%, after: 50s, at_most: 1}",
        "routing.ring_time=5s", "channels={web: {medium: chat, request_ttl: 15s}}",
        ann=at(0), bob=at(10),
    )  # fmt: skip
    assert told.ends == ["25 bob no_agent", "90 bob* no_agent", "100 ann handled"]


def test_after_no_agent_the_next_attempt_has_a_patience_of_its_own() -> None:
    """Abandoned after 20 s, as patient again and without an agent at the limit of 15 s, then 8 s, and 8 s again."""
    told = world(
        RETURNING, "customers.after_abandon.patience=same", "customers.after_no_agent={ask_again: 100%, after: 50s}",
        "routing.ring_time=5s", "channels.web.request_ttl=15s",
        ann=at(0), bob=at(10, patience=[10, 90, 8, 1]),
    )  # fmt: skip
    assert [end for end in told.ends if "bob" in end] == [
        "20 bob abandoned", "80 bob* abandoned", "140 bob** abandoned",
    ]  # fmt: skip
    longer = world(
        RETURNING, "customers.after_abandon.patience=same", "customers.after_no_agent={ask_again: 100%, after: 50s}",
        "routing.ring_time=5s", "channels.web.request_ttl=15s",
        ann=at(0), bob=at(10, patience=[90, 8, 1, 1]),
    )  # fmt: skip
    assert [end for end in longer.ends if "bob" in end] == [
        "25 bob no_agent", "83 bob* abandoned", "141 bob** abandoned", "199 bob*** abandoned",
    ]  # fmt: skip


def test_nobody_comes_back_at_closing_or_after_it() -> None:
    """The centre closes at 600: who would be back at 599 comes, who would be at 600 or later does not."""
    open_ = "customers.after_abandon.only_while_open=on"
    for patience, comes in ((39, True), (40, False), (45, False)):
        told = world(RETURNING, open_, ann=at(0), bob=at(510, patience=[patience, 5, 5]))
        assert (f"{510 + patience + 55} bob* abandoned" in told.ends) is comes
    late = world(RETURNING, ann=at(0), bob=at(510, patience=[45, 5, 5]))
    assert "610 bob* abandoned" in late.ends
    asks = "customers={after_no_agent: {ask_again: 100%, after: 50s, only_while_open: on}}"
    ends = world(RETURNING, asks, "channels.web.request_ttl=70s", ann=at(0), bob=at(510, patience=90)).ends
    assert [end for end in ends if "bob" in end] == ["580 bob no_agent"]
