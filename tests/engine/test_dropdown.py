"""The queue dropdown and what an agent makes of it: rules R4.1 and R4.2, reading 2, and `choose`."""

from engine.worlds import at, world

TWO_WAYS = """
media: {chat: {max_tasks: 2}}
queues:
  calls: {medium: chat, handle_time: 100s, transfer: {probability: 100%, to: {sales: 50%, help: 50%}}}
  sales: {medium: chat, handle_time: 500s}
  help: {medium: chat, handle_time: 500s}
teams:
  desk: {agents: 1, skills: {calls: 5}}
  sellers: {agents: 1, skills: {sales: 5}}
  helpers: {agents: 2, skills: {help: 5}}
"""
SALES, HELP = 0.2, 0.7
"""Lots that fall on the first and on the second queue of the dropdown."""


def test_r4_1_it_lists_every_queue_with_its_agents_ready_or_active_not_their_slots() -> None:
    """Of two helpers one is READY with two free slots, one ACTIVE with one: two. Desk-1 itself is not counted."""
    told = world(TWO_WAYS, eve=at(0, queue="help"), ann=at(0, transfer_to=HELP))
    assert told.dropdowns == ["100 desk-1 sees calls 0 sales 1 help 2"]
    assert told.requests("ann")[1]["agents_available"] == 2


def test_r4_1_busy_agents_do_not_count() -> None:
    """Both slots of helpers-1 are taken, one of helpers-2."""
    told = world(
        TWO_WAYS,
        eve=at(0, queue="help"),
        fay=at(0, queue="help"),
        gus=at(0, queue="help"),
        ann=at(1, transfer_to=HELP),
    )
    assert told.dropdowns == ["101 desk-1 sees calls 0 sales 1 help 1"]


def test_r4_1_nor_do_agents_who_are_off_and_those_whose_slots_all_ring() -> None:
    """Helpers-1 is gone since 60, helpers-2 rings for eve from 103 on."""
    told = world(
        TWO_WAYS,
        "media.chat.max_tasks=1",
        "teams.helpers.accept.delay=30s",
        'teams.helpers.shifts=[{from: "00:00", to: "00:01", agents: 1}, {from: "00:00", to: "00:50", agents: 1}]',
        ann=at(0, transfer_to=SALES),
        bob=at(1, transfer_to=SALES, handle_time=5),
        eve=at(103, queue="help"),
    )
    assert told.dropdowns == [
        "100 desk-1 sees calls 0 sales 1 help 1",
        "105 desk-1 sees calls 0 sales 0 help 0",
    ]


def test_r4_1_members_of_any_step_count_whether_it_is_open_or_not() -> None:
    told = world(
        TWO_WAYS,
        "queues.help.steps=[{needs: help >= 9, for: 1h}, {needs: help >= 5}]",
        ann=at(0, transfer_to=HELP),
    )
    assert told.dropdowns == ["100 desk-1 sees calls 0 sales 1 help 2"]
    assert told.offers == ["0 ann to desk-1", "3700 ann to helpers-1"]


def test_r4_2_the_counts_leave_out_the_agent_who_asks() -> None:
    """The requester has a slot free and serves the queue that they transfer to."""
    told = world(TWO_WAYS, "teams.desk.skills={calls: 5, help: 5}", ann=at(0, transfer_to=HELP))
    assert told.dropdowns == ["100 desk-1 sees calls 0 sales 1 help 2"]


def test_r4_2_nor_are_they_counted_in_the_record_of_their_request() -> None:
    told = world(TWO_WAYS, "teams.desk.skills={calls: 5, help: 5}", ann=at(0, transfer_to=HELP))
    assert told.requests("ann")[1]["agents_available"] == 2


def test_r4_2_they_are_a_snapshot_and_no_promise() -> None:
    """Desk-2 looks at the same instant as desk-1, after whose transfer the only seller is taken."""
    told = world(
        TWO_WAYS,
        "media.chat.max_tasks=1",
        "teams.desk.agents=2",
        ann=at(0, transfer_to=SALES),
        bob=at(0, transfer_to=SALES),
    )
    assert told.dropdowns == [
        "100 desk-1 sees calls 0 sales 1 help 2",
        "100 desk-2 sees calls 1 sales 0 help 2",
    ]
    assert told.offers[2:] == ["100 ann to sellers-1", "600 bob to sellers-1"]


def test_r4_2_nor_do_they_choose_a_queue_for_their_own_sake() -> None:
    """Sales has one agent, help only the same one."""
    told = world(
        TWO_WAYS,
        "queues.calls.transfer.choose=most_available",
        "teams.helpers.agents=0",
        "teams.desk.skills={calls: 5, help: 5}",
        ann=at(0, transfer_to=HELP),
    )
    assert told.offers == ["0 ann to desk-1", "100 ann to sellers-1"]


def test_choose_fixed_draws_without_a_look_at_the_counts() -> None:
    busy = {"eve": at(0, queue="help"), "fay": at(0, queue="help"), "gus": at(0, queue="help")}
    told = world(
        TWO_WAYS, "media.chat.max_tasks=1", **busy, ann=at(1, transfer_to=HELP), bob=at(2, transfer_to=SALES)
    )
    assert [told.requests(name)[1]["queue"] for name in ("ann", "bob")] == ["help", "sales"]


def test_choose_most_available_takes_the_highest_count() -> None:
    told = world(TWO_WAYS, "queues.calls.transfer.choose=most_available", ann=at(0, transfer_to=SALES))
    assert told.offers == ["0 ann to desk-1", "100 ann to helpers-1"]


def test_choose_most_available_draws_among_equals() -> None:
    told = world(
        TWO_WAYS,
        "queues.calls.transfer.choose=most_available",
        "teams.helpers.agents=1",
        ann=at(0, transfer_to=SALES),
        bob=at(0, transfer_to=HELP),
    )
    assert told.offers[2:] == ["100 ann to sellers-1", "100 bob to helpers-1"]


def test_choose_avoid_empty_draws_among_queues_with_somebody_available() -> None:
    """Both lots fall on sales; its only agent is busy for ann, and both queues' agents for bob."""
    told = world(
        TWO_WAYS,
        "media.chat.max_tasks=1",
        "teams.helpers.agents=1",
        "queues.calls.transfer.choose=avoid_empty",
        eve=at(0, queue="sales"),
        ann=at(0, transfer_to=SALES),
        bob=at(100, transfer_to=SALES),
    )
    assert [told.requests(name)[1]["queue"] for name in ("ann", "bob")] == ["help", "sales"]
    assert [told.requests(name)[1]["agents_available"] for name in ("ann", "bob")] == [1, 0]
