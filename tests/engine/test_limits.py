"""Limits and the end of the day: balking, waiting places, lines, self-service, closing, draining, coming back."""

from engine.worlds import at, centre, world
from sim.scenario import notes

ONE_DESK = """
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""


# Balking.


def test_who_balks_leaves_at_once_when_nobody_is_available() -> None:
    told = world(
        ONE_DESK, "queues.calls.balk=30%", ann=at(0, balk=0.1), bob=at(10, balk=0.2), cid=at(20, balk=0.3)
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, balks, ends balked",
        "20 cid: arrives, placed in calls",
        "100 ann: desk-1 leaves, ends handled, desk-1 DONE; cid: offered to desk-1, answered by desk-1",
        "200 cid: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    [request] = told.requests("bob")
    assert (request["outcome"], request["balked"], request["wait"]) == ("abandoned", True, 0)


def test_an_agent_with_a_slot_free_keeps_them_from_balking() -> None:
    told = world(
        ONE_DESK, "queues.calls.balk=100%", "media.chat.max_tasks=2", ann=at(0), bob=at(10), cid=at(20)
    )
    assert told.ends == ["20 cid balked", "100 ann handled", "110 bob handled"]


def test_nobody_balks_at_a_transfer() -> None:
    told = world(
        ONE_DESK,
        "queues.calls.balk=100%",
        "queues.calls.transfer={probability: 100%, to: {calls: 100%}, patience: 50s}",
        ann=at(0),
    )
    assert told.ends == ["150 ann abandoned"]


SITE = """
queues:
  calls: {medium: chat, handle_time: 100s, patience: 1h}
  mails: {medium: chat, handle_time: 100s, patience: 1h}
  lists: {medium: chat, mode: pull, handle_time: 100s, patience: 1h}
teams: {desk: {agents: 1, skills: {calls: 5, mails: 5}}, other: {agents: 1, skills: {lists: 5}}}
waiting_rooms: {site: {capacity: 2, queues: [calls, mails, lists]}}
"""


def test_waiting_places_may_be_shared_by_queues() -> None:
    """Bob and cid take both places, whatever queue they are in; dan and eve are blocked until one is free."""
    told = world(
        SITE,
        ann=at(0),
        bob=at(10),
        cid=at(20, queue="mails"),
        dan=at(30),
        eve=at(40, queue="mails"),
        fay=at(110),
    )
    assert told.story[:6] == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "20 cid: arrives, placed in mails",
        "30 dan: arrives, placed in calls, blocked by site, ends blocked",
        "40 eve: arrives, placed in mails, blocked by site, ends blocked",
        "100 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
    ]
    assert told.ends[-1] == "400 fay handled"


def test_a_queue_s_own_places_and_its_rooms_count_both_and_lists_take_none() -> None:
    own = world(SITE, "queues.calls.capacity=0", ann=at(0), bob=at(10), cid=at(20, queue="mails"))
    assert own.ends[0] == "10 bob blocked"
    smaller = (
        "waiting_rooms={site: {capacity: 9, queues: [calls, mails]}, small: {capacity: 1, queues: [mails]}}"
    )
    told = world(SITE, smaller, ann=at(0), bob=at(10, queue="mails"), cid=at(20, queue="mails"), dan=at(30))
    assert told.ends[0] == "20 cid blocked"
    assert "dan handled" in told.ends[-1]
    lists = {f"l{n}": at(5, queue="lists") for n in range(4)}
    assert "bob handled" in " ".join(world(SITE, ann=at(0), **lists, bob=at(10)).ends)


def test_a_list_in_a_room_gets_a_note() -> None:
    said = "waiting room `site`: queue `lists` is a list, which takes no waiting place"
    assert said in "".join(notes(centre(SITE)))
    assert said not in "".join(notes(centre(SITE, "waiting_rooms.site.queues=[calls, mails]")))


HELP = """
queues:
  calls:
    medium: chat
    handle_time: 100s
    patience: 1h
    balk: {share: 30%, when: nobody_free}
    steps: [{needs: "calls >= 5", for: 20s}, {needs: "calls >= 1"}]
teams:
  desk: {agents: 1, skills: {calls: 5}}
  help: {agents: 1, skills: {calls: 1}}
"""


def test_nobody_free_looks_at_who_could_be_offered_the_call_now() -> None:
    """A helper of the second step is available, and for a customer who asks nobody is free."""
    said = {"ann": at(0), "bob": at(10, balk=0.29), "cid": at(10, balk=0.31)}
    told = world(HELP, **said)
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, balks, ends balked; cid: arrives, placed in calls",
        "30 cid: step 2 opens, offered to help-1, answered by help-1",
        "100 ann: desk-1 leaves, ends handled, desk-1 DONE",
        "130 cid: help-1 leaves, ends handled, help-1 DONE",
    ]
    available = world(HELP, "queues.calls.balk.when=nobody_available", **said)
    assert available.ends == ["100 ann handled", "130 bob handled", "200 cid handled"]


def test_a_plain_share_means_that_nobody_is_available() -> None:
    plain, spelt = (
        world(ONE_DESK, f"queues.calls.balk={b}", ann=at(0), bob=at(10)) for b in ("100%", "{share: 100%}")
    )
    assert plain.story == spelt.story
    assert plain.ends == ["10 bob balked", "100 ann handled"]


def test_who_is_rung_at_by_their_last_agent_does_not_balk() -> None:
    """The helper answered ann's first contact; in the second, the desk is busy and the last agent is asked first."""
    told = world(
        HELP, "routing.last_agent=on", "queues.calls.balk.share=100%", "queues.calls.steps.0.for=0s",
        "customers.after_no_agent={ask_again: 100%, after: 20s}",
        "channels.web.request_ttl=70s", "queues.calls.transfer={probability: 100%, to: {calls: 100%}}",
        bob=at(0, handle_time=500, transfer=1.0), ann=at(1, handle_time=30, transfer=[0.0, 1.0]),
    )  # fmt: skip
    # At 31 the helper transfers ann, nobody takes her until 101, and at 121 she asks again.
    assert told.ends == ["101 ann no_agent", "221 ann* handled", "500 bob handled"]
    wanted = world(HELP, "queues.calls.balk.share=100%", bob=at(0, handle_time=500), ann=at(1))
    assert wanted.ends[0] == "1 ann balked"


# Waiting places.


def test_who_finds_all_waiting_places_taken_is_blocked() -> None:
    """One waiting place: bob takes it till 100, cid is blocked, dan takes it then."""
    told = world(ONE_DESK, "queues.calls.capacity=1", ann=at(0), bob=at(10), cid=at(20), dan=at(110))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "20 cid: arrives, placed in calls, blocked by capacity, ends blocked",
        "100 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "110 dan: arrives, placed in calls",
        "200 bob: desk-1 leaves, ends handled, desk-1 DONE; dan: offered to desk-1, answered by desk-1",
        "300 dan: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_without_any_waiting_place_only_who_is_offered_at_once_gets_in() -> None:
    told = world(ONE_DESK, "queues.calls.capacity=0", ann=at(0), bob=at(10), cid=at(100))
    assert told.ends == ["10 bob blocked", "100 ann handled", "200 cid handled"]


def test_an_offer_that_rings_takes_no_waiting_place() -> None:
    told = world(
        ONE_DESK,
        "queues.calls.capacity=1",
        "teams.desk.accept.delay=30s",
        ann=at(0),
        bob=at(10),
        cid=at(20),
    )
    assert told.ends == ["20 cid blocked", "130 ann handled", "260 bob handled"]


def test_a_request_that_rang_out_keeps_its_place_beyond_the_limit() -> None:
    told = world(
        ONE_DESK,
        "queues.calls.capacity=1",
        "teams.desk.accept.probability=50%",
        "teams.desk.after_ring={chat: {not_ready: 40s}}",
        ann=at(0, accept=[0.9, 0.1]),
        bob=at(10, accept=0.1),
    )
    assert told.ends == ["200 ann handled", "300 bob handled"]


def test_waiting_places_are_for_contacts_transfers_wait_beyond_them() -> None:
    told = world(
        """
queues:
  calls: {medium: chat, handle_time: 10s, transfer: {probability: 100%, to: {experts: 100%}}}
  experts: {medium: chat, handle_time: 100s, capacity: 1}
teams:
  desk: {agents: 1, skills: {calls: 5}}
  expert: {agents: 1, skills: {experts: 5}}
""",
        eve=at(0, queue="experts"),
        fay=at(1, queue="experts"),
        ann=at(2),
        gus=at(3, queue="experts"),
    )
    assert told.ends == ["3 gus blocked", "100 eve handled", "200 ann handled", "300 fay handled"]


# Lines.


def test_a_contact_beyond_the_lines_is_blocked() -> None:
    """Two lines: ann talks, bob waits, cid is blocked; dan gets ann's line at the instant she is done."""
    told = world(ONE_DESK, "channels.web.lines=2", ann=at(0), bob=at(10), cid=at(20), dan=at(100))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "20 cid: arrives, blocked by lines, ends blocked",
        "100 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1; "
        "dan: arrives, placed in calls",
        "200 bob: desk-1 leaves, ends handled, desk-1 DONE; dan: offered to desk-1, answered by desk-1",
        "300 dan: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.requests("cid") == []


def test_a_line_is_free_when_the_conversation_is_over_whether_wrapped_up_or_not() -> None:
    told = world(
        ONE_DESK, "channels.web.lines=1", "teams.desk.wrap_up=50s", ann=at(0), bob=at(101), cid=at(102)
    )
    assert told.ends == ["100 ann handled", "102 cid blocked", "250 bob handled"]


def test_lines_are_counted_by_channel() -> None:
    told = world(
        ONE_DESK,
        "channels={web: {medium: chat, lines: 1}, app: {medium: chat, lines: 1}}",
        ann=at(0),
        bob=at(10, channel="app"),
        cid=at(20),
        dan=at(30, channel="app"),
    )
    assert told.ends == ["20 cid blocked", "30 dan blocked", "100 ann handled", "200 bob handled"]


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


# The end of the day.


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


def test_self_service_that_ends_after_closing_time_is_sent_away_where_they_would_wait() -> None:
    told = world(BOT, *CLEARED, ann=at(0, contained=0.5), bob=at(50, contained=0.5))
    assert told.story == [
        "0 ann: arrives, uses self-service",
        "30 ann: placed in calls, offered to desk-1, answered by desk-1",
        "50 bob: arrives, uses self-service",
        "80 bob: placed in calls, sent away, ends disconnected",
        "130 ann: desk-1 leaves, ends handled, desk-1 DONE",
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
    """Ann abandons once and finds no agent twice: she comes back once and asks again once."""
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
