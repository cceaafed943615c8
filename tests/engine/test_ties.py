"""What falls on the same instant happens in a written order, each neighbouring pair of it shown here:

customer leaves, accept, end of handling, ring timeout, request TTL, step widening, wrap-up end, roster change, new
arrival. In each world the later of the two was in the calendar first, so that it is the order that decides.
"""

from engine.worlds import at, world

DESKS = """
media: {chat: {max_tasks: 2}}
channels: {web: {medium: chat, request_ttl: 2m}}
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 5}, accept: {probability: 50%, delay: 20s}}}
"""
YES, NO = 0.1, 0.9


def test_customer_leaves_before_accept() -> None:
    told = world(DESKS, ann=at(0, accept=YES, patience=20))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1",
        "20 ann: abandons, ends abandoned",
    ]


def test_accept_before_end_of_handling() -> None:
    told = world(DESKS, ann=at(0, accept=YES, accept_delay=0), bob=at(80, accept=YES, accept_delay=20))
    assert told.story[2] == "100 bob: answered by desk-1; ann: desk-1 leaves, ends handled, desk-1 DONE"


def test_end_of_handling_before_ring_timeout() -> None:
    """Desk-2, freed at 60, is there for ann when desk-1's ringing ends at 60."""
    told = world(
        DESKS,
        "teams.desk.agents=2",
        "media.chat.max_tasks=1",
        ann=at(0, accept=[NO, YES]),
        bob=at(10, accept=YES, accept_delay=0, handle_time=50),
    )
    assert told.story[2] == (
        "60 bob: desk-2 leaves, ends handled, desk-2 DONE; "
        "ann: rings out at desk-1, requeued at 11, offered to desk-2"
    )


def test_ring_timeout_before_request_ttl() -> None:
    """At 120 ann rings out, is offered once more, and only then her time is over."""
    told = world(DESKS, ann=at(0, accept=[NO, NO, YES]))
    assert told.story[2:] == [
        "120 ann: rings out at desk-1, requeued at 11, offered to desk-1, TTL expires",
        "140 ann: answered by desk-1",
        "240 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_request_ttl_before_step_widening() -> None:
    told = world(
        DESKS, "queues.calls.steps=[{needs: calls >= 9, for: 2m}, {needs: calls >= 1}]", ann=at(0, accept=YES)
    )
    assert told.story == ["0 ann: arrives, placed in calls", "120 ann: no agent, ends no_agent"]


def test_step_widening_before_wrap_up_end() -> None:
    """Bob's second step opens at 150 in vain; then the agent of that step has wrapped up ann."""
    told = world(
        DESKS,
        "media.chat.max_tasks=1",
        "teams.desk.accept.delay=0s",
        "queues.mails={medium: chat, handle_time: 100s}",
        "queues.calls.steps=[{needs: calls >= 9, for: 20s}, {needs: calls >= 1}]",
        "teams.desk.skills={mails: 5, calls: 5}",
        ann=at(0, queue="mails", accept=YES, wrap_up=50),
        bob=at(130, accept=YES),
    )
    assert told.story == [
        "0 ann: arrives, placed in mails, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "130 bob: arrives, placed in calls",
        "150 bob: step 2 opens; ann: desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "250 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


WITH_BREAK = """
queues: {calls: {medium: chat, handle_time: 100s, balk: 100%}}
teams:
  desk:
    skills: {calls: 5}
    shifts: [{from: "00:00", to: "00:30", agents: 1, breaks: [{at: "00:10", for: 5m}]}]
"""


def test_wrap_up_end_before_roster_change() -> None:
    """At 600, when the break is due, ann is wrapped up and bob still taken, which delays the break."""
    told = world(WITH_BREAK, "queues.calls.balk=0%", ann=at(490, wrap_up=10), bob=at(500))
    assert told.story == [
        "490 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "500 bob: arrives, placed in calls",
        "590 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "600 ann: desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "700 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_roster_change_before_new_arrival() -> None:
    """The break is over at 900, the shift at 1800: ann finds somebody, bob nobody, and balks."""
    told = world(WITH_BREAK, ann=at(900), bob=at(1800))
    assert told.ends == ["1000 ann handled", "1800 bob balked"]


def test_customer_leaves_before_the_agent_is_free() -> None:
    told = world(
        DESKS, "media.chat.max_tasks=1", ann=at(0, accept=YES, accept_delay=0), bob=at(10, patience=90)
    )
    assert (
        told.story[-1] == "100 bob: abandons, ends abandoned; ann: desk-1 leaves, ends handled, desk-1 DONE"
    )


def test_the_freed_agent_takes_who_waits_before_the_new_arrival() -> None:
    told = world(
        DESKS,
        "media.chat.max_tasks=1",
        "teams.desk.accept.delay=0s",
        "labels={premium: {priority: 10}}",
        ann=at(0, accept=YES),
        bob=at(10, accept=YES),
        cid=at(100, accept=YES, label="premium"),
    )
    assert told.offers == ["0 ann to desk-1", "100 bob to desk-1", "200 cid to desk-1"]


def test_within_one_rank_what_was_created_first_comes_first() -> None:
    """Both handlings end at 120: bob's began later and was shorter."""
    told = world(
        DESKS,
        "teams.desk.accept.delay=0s",
        ann=at(0, accept=YES, handle_time=120),
        bob=at(10, accept=YES, handle_time=110),
    )
    assert told.story[-1] == (
        "120 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: desk-1 leaves, ends handled, desk-1 DONE"
    )


def test_arrivals_of_one_instant_come_stream_by_stream_as_they_are_written() -> None:
    told = world(
        DESKS,
        "channels={web: {medium: chat}, app: {medium: chat}}",
        ann=at(5, channel="app"),
        bob=at(5, channel="web"),
        cid=at(5, channel="app"),
    )
    assert [line.partition(":")[0] for line in told.story[0].split("; ")] == ["5 ann", "cid", "bob"]
