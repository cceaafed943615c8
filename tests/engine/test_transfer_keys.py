"""Keys of transfers and searches: set-up, factors, limits, times-to-live by kind, falling back, steps that go on."""

import pytest

from engine.worlds import at, world
from sim.errors import SimError
from sim.scenario import loads

HAND_ON = """
channels: {web: {medium: chat, request_ttl: 150s}}
queues:
  calls: {medium: chat, handle_time: 100s, patience: 1h, transfer: {probability: 100%, to: {experts: 100%}}}
  experts: {medium: chat, handle_time: 60s, patience: 1h}
teams:
  desk: {agents: 1, skills: {calls: 5}}
  expert: {agents: 1, skills: {experts: 5}}
"""
ANSWERED = "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1"


# Wrap-up by queue.


def test_the_wrap_up_of_a_queue_comes_before_the_teams() -> None:
    told = world(
        HAND_ON, "queues.calls.wrap_up=20s", "teams.desk.wrap_up=90s", "teams.expert.wrap_up=5s", ann=at(0)
    )
    ends = {row["agent_id"]: row["task_end_time"] for row in told.tasks("ann")}
    assert ends == {"desk-1": 120, "expert-1": 165}


# The work before a transfer, and what it leaves for the receiver.


def test_setting_up_a_transfer_is_work_before_its_request_is_placed() -> None:
    told = world(HAND_ON, "queues.calls.transfer.set_up_time=25s", ann=at(0))
    assert told.offers == ["0 ann to desk-1", "125 ann to expert-1"]
    assert told.ends == ["185 ann handled"]


def test_a_conference_before_the_transfer_stays_at_its_time() -> None:
    told = world(
        HAND_ON,
        "queues.calls.transfer.set_up_time=25s",
        "queues.calls.conference={probability: 100%, after: 40%, to: {experts: 100%}, joint_time: 10s}",
        ann=at(0),
    )
    # Asked after 40 of 100 s; the guest stays 10 s beside the agent's own work, which pauses: 40 + 10 + 60 + 25.
    assert told.offers == ["0 ann to desk-1", "40 ann to expert-1", "135 ann to expert-1"]


@pytest.mark.parametrize(("changes", "end"), [((), 148), (("queues.calls.transfer.warm=100%",), 130)])
def test_the_receiver_needs_a_part_of_their_handle_time(changes: tuple[str, ...], end: float) -> None:
    told = world(
        HAND_ON, "queues.calls.transfer.handle_time_factor={cold: 80%, warm: 50%}", *changes, ann=at(0)
    )
    assert told.ends == [f"{end} ann handled"]


def test_a_first_contact_needs_the_whole_handle_time() -> None:
    told = world(HAND_ON, "queues.calls.transfer.handle_time_factor.cold=50%", ann=at(0, queue="experts"))
    assert told.ends == ["60 ann handled"]


# At most so many transfers.

CIRCLE = """
queues:
  one: {medium: chat, handle_time: 10s, transfer: {probability: 100%, to: {two: 100%}, at_most: 3}}
  two: {medium: chat, handle_time: 10s, transfer: {probability: 100%, to: {one: 100%}, at_most: 3}}
teams: {desk: {agents: 2, skills: {one: 5, two: 5}}}
"""


def test_after_the_last_transfer_the_agent_keeps_the_conversation() -> None:
    told = world(CIRCLE, ann=at(0))
    assert told.conversation("ann")["transfers"] == 3
    assert told.ends == ["40 ann handled"]


def test_a_conference_without_a_colleague_becomes_no_transfer_beyond_the_limit() -> None:
    told = world(
        HAND_ON,
        "queues.calls.transfer={probability: 0%, to: {experts: 100%}, at_most: 0}",
        "queues.calls.conference={probability: 100%, after: 50%, to: {experts: 100%}, if_nobody: transfers}",
        "teams.expert.accept.probability=0%",
        "channels.web.request_ttl=70s",
        ann=at(0),
    )
    assert told.conversation("ann")["transfers"] == 0
    assert told.ends == ["100 ann handled"]


# Times-to-live: by kind, then by queue, then by channel.


@pytest.mark.parametrize(
    ("changes", "over"),
    [
        ((), 150),
        (("queues.experts.request_ttl=90s",), 90),
        (("queues.experts.request_ttl=90s", "queues.calls.transfer.request_ttl=70s"), 70),
        (("queues.calls.request_ttl=80s",), 150),
    ],
)
def test_a_transfer_has_the_nearest_time_to_live(changes: tuple[str, ...], over: float) -> None:
    told = world(HAND_ON, *changes, eve=at(0, queue="experts", handle_time=1000), ann=at(0))
    assert told.ends[0] == f"{100 + over} ann no_agent"


def test_a_first_request_has_that_of_its_queue() -> None:
    told = world(HAND_ON, "queues.calls.request_ttl=80s", eve=at(0, handle_time=1000), ann=at(0))
    assert told.ends[0] == "80 ann no_agent"


def test_a_conference_has_its_own() -> None:
    told = world(
        HAND_ON,
        "queues.calls.transfer.probability=0%",
        "queues.calls.conference={probability: 100%, after: 10%, to: {experts: 100%}, request_ttl: 65s}",
        eve=at(0, queue="experts", handle_time=1000),
        ann=at(0),
    )
    assert [(r["outcome"], r["ended_at"]) for r in told.requests("ann")][1] == ("no_agent", 75)


def test_a_time_to_live_has_to_be_above_the_ring_time() -> None:
    text = HAND_ON.replace("patience: 1h}\nteams", "patience: 1h, request_ttl: 50s}\nteams")
    with pytest.raises(SimError, match=r"queues\.experts\.request_ttl: `50s` has to be above the ring time"):
        loads(text + "lasts: 1h\nmedia: {chat: {max_tasks: 1}}\n")


# A named transfer that its agent does not take.

NAMED = HAND_ON.replace("to: {experts: 100%}", "to: {experts: 100%}, named: 100%, named_falls_back: on")


def test_a_named_transfer_that_rings_out_goes_on_in_the_queue() -> None:
    told = world(
        NAMED,
        "teams.expert.agents=2",
        "teams.expert.accept.probability=50%",
        "queues.experts.ring_time=20s",
        ann=at(0, named_agent=0.1, accept=[0, 0.9, 0.1]),
    )
    assert told.story == [
        ANSWERED,
        "100 ann: desk-1 sees calls 0 experts 2, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10, offered to expert-1",
        "120 ann: rings out at expert-1, moves on to experts, placed in experts at 10, offered to expert-2, "
        "answered by expert-2",
        "180 ann: expert-2 leaves, ends handled, expert-2 DONE",
    ]
    rows = told.requests("ann")[1:]
    assert [(row["kind"], row["outcome"], row["wait"]) for row in rows] == [
        ("named_transfer", "moved", 20),
        ("transfer", "answered", 0),
    ]
    assert told.conversation("ann")["total_wait"] == 20
    assert told.conversation("ann")["transfers"] == 1


def test_its_time_to_live_and_patience_run_on() -> None:
    silent = (NAMED, "teams.expert.accept.probability=0%", "queues.experts.ring_time=20s")
    told = world(*silent, ann=at(0))
    assert told.ends == ["260 ann no_agent"]  # placed at 100, over at 250 while it rings until 260
    told = world(*silent, "queues.calls.transfer.patience=110s", ann=at(0))
    assert told.ends == ["210 ann abandoned"]
    told = world(NAMED, silent[1], "queues.experts.ring_time=200s", ann=at(0))  # rings beyond it
    assert told.ends == ["300 ann no_agent"]
    assert [(row["kind"], row["outcome"]) for row in told.requests("ann")[1:]] == [
        ("named_transfer", "no_agent")
    ]


def test_a_named_agent_who_is_busy_is_not_waited_for() -> None:
    told = world(
        NAMED,
        "teams.expert.agents=2",
        eve=at(0, queue="experts", handle_time=1000),
        ann=at(0, named_agent=0.1),
    )
    rows = told.requests("ann")[1:]
    assert [(row["kind"], row["outcome"], row["agent"]) for row in rows] == [
        ("named_transfer", "moved", None),
        ("transfer", "answered", "expert-2"),
    ]


def test_a_warm_transfer_that_falls_back_stays_warm() -> None:
    told = world(
        NAMED,
        "queues.calls.transfer.warm=100%",
        "teams.expert.agents=2",
        "teams.expert.accept.probability=50%",
        "queues.experts.ring_time=20s",
        ann=at(0, named_agent=0.1, accept=[0, 0.9, 0.1]),
    )
    assert told.ends == ["180 ann handled"]
    assert [task["task_end_time"] for task in told.tasks("ann") if task["agent_id"] == "desk-1"] == [120]


def test_the_wait_limit_of_the_queue_begins_with_the_fall_back() -> None:
    """While it rings at the named agent it waits for no queue; the limit is of the request that comes after."""
    limit = "queues.experts.wait_limit={after: 30s, then: voicemail}"
    rung_out = world(
        NAMED, limit, "teams.expert.accept.probability=0%", "queues.experts.ring_time=20s", ann=at(0)
    )
    assert rung_out.story[2:] == [
        "120 ann: rings out at expert-1, moves on to experts, placed in experts at 10, offered to expert-1",
        "140 ann: rings out at expert-1, requeued at 11, offered to expert-1",
        "160 ann: rings out at expert-1, has waited enough (voicemail), ends voicemail",
    ]
    eve = at(0, queue="experts", handle_time=1000)
    busy = world(NAMED, limit, eve=eve, ann=at(0, named_agent=0.1))
    assert busy.story[1:3] == [
        "100 ann: desk-1 sees calls 0 experts 0, desk-1 transfers to experts, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in experts at 10, moves on to experts, placed in experts at 10",
        "130 ann: has waited enough (voicemail), ends voicemail",
    ]
    assert [(row["outcome"], row["wait"]) for row in busy.requests("ann")[1:]] == [
        ("moved", 0),
        ("voicemail", 30),
    ]
    warm = world(NAMED, limit, "queues.calls.transfer.warm=100%", eve=eve, ann=at(0, named_agent=0.1))
    assert warm.story[2] == "130 ann: no agent, desk-1 leaves, ends handled, desk-1 DONE"


# Steps after a ring-out.

BULLSEYE = """
queues:
  q:
    medium: chat
    handle_time: 60s
    ring_time: 5s
    steps: [{needs: first >= 1, for: 5s}, {needs: second >= 1, for: 5s}, {needs: third >= 1}]
teams:
  silent: {agents: 1, skills: {first: 5}, accept: {probability: 0%}}
  quiet: {agents: 1, skills: {second: 5}, accept: {probability: 0%}}
  willing: {agents: 1, skills: {third: 5}}
channels: {web: {medium: chat, request_ttl: 60s}}
"""


def test_steps_begin_anew_after_a_ring_out_unless_they_go_on() -> None:
    assert world(BULLSEYE, ann=at(0)).offers == [f"{at_s} ann to silent-1" for at_s in range(0, 65, 5)]
    told = world(BULLSEYE, "routing.steps_after_ring_out=go_on", ann=at(0))
    assert told.offers == ["0 ann to silent-1", "5 ann to quiet-1", "10 ann to willing-1"]
    assert told.requests("ann")[0]["answered_at"] == 10


def test_a_queue_may_have_its_own_way() -> None:
    told = world(BULLSEYE, "queues.q.steps_after_ring_out=go_on", ann=at(0))
    assert told.requests("ann")[0]["answered_at"] == 10


def test_who_has_let_it_ring_comes_after_the_agents_of_every_open_step() -> None:
    told = world(
        BULLSEYE,
        "routing.steps_after_ring_out=go_on",
        "teams.willing.accept.probability=0%",
        ann=at(0),
    )
    # From 15 s on all three have let it ring, and the topmost step comes first again.
    assert told.offers[:4] == [
        "0 ann to silent-1",
        "5 ann to quiet-1",
        "10 ann to willing-1",
        "15 ann to silent-1",
    ]


def test_a_step_that_opens_while_nobody_is_free_opens_by_the_clock_of_the_placing() -> None:
    told = world(
        BULLSEYE,
        "routing.steps_after_ring_out=go_on",
        "queues.q.steps.0.for=7s",
        "teams.quiet.accept.probability=100%",
        "routing.ring_memory=exclude",
        ann=at(0),
    )
    assert told.offers == ["0 ann to silent-1", "7 ann to quiet-1"]
