"""Limits: balking, waiting places, lines."""

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
    # At 31 the helper transfers ann, nobody takes them until 101, and at 121 they ask again.
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
    """Two lines: ann talks, bob waits, cid is blocked; dan gets ann's line at the instant ann is done."""
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
