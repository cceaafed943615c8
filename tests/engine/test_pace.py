"""Several tasks at once: the pace of work follows the number of open tasks (R2.19, R8.2; reference: `slowdown`).

Work is in seconds at full pace. With slowdown s and n open tasks each goes on at pace 1 / (1 + s (n - 1)).
"""

from types import SimpleNamespace
from typing import Any

import pytest

from engine.worlds import at, world
from sim.engine.policy_views import service_rate

HALVED = """
media: {chat: {max_tasks: 3, slowdown: 100%}}
queues: {calls: {medium: chat, handle_time: 100s, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""
"""Two open tasks go on at half pace each, three at a third."""


def test_one_task_goes_on_at_full_pace() -> None:
    told = world(HALVED, ann=at(0), bob=at(100))
    assert told.ends == ["100 ann handled", "200 bob handled"]


def test_two_tasks_share_the_agent() -> None:
    """Ann: 40 s alone, then 60 s of work at half pace: 160. Bob: 60 s of work by then, 40 s alone: 200."""
    told = world(HALVED, ann=at(0), bob=at(40))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "40 bob: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "160 ann: desk-1 leaves, ends handled, desk-1 DONE",
        "200 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_work_is_paced_anew_at_every_change_of_the_number_of_open_tasks() -> None:
    """Ann 100, bob 100, cid 10.

    0-40 ann alone: 60 left. 40-60 two: ann 50, bob 90 left. 60-90 three, cid's 10 at a third: ann 40, bob 80.
    90-170 two: ann's 40 at half; bob 40. 170-210 bob alone.
    """
    told = world(HALVED, ann=at(0), bob=at(40), cid=at(60, handle_time=10))
    assert told.ends == ["90 cid handled", "170 ann handled", "210 bob handled"]


def test_tasks_that_end_together_end_in_the_order_they_began() -> None:
    told = world(HALVED, ann=at(0), bob=at(0))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1; "
        "bob: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "200 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_the_pace_may_be_given_by_number_of_tasks() -> None:
    """Two at 80 %: 0-100 ann and bob do 80 each. Cid makes three at 50 %: ann and bob end their 20 at 140."""
    told = world(
        HALVED,
        "media.chat={max_tasks: 3, pace: [100%, 80%, 50%]}",
        ann=at(0),
        bob=at(0),
        cid=at(100, handle_time=50),
    )
    assert told.ends == ["140 ann handled", "140 bob handled", "170 cid handled"]


def test_a_pace_list_holds_on_beyond_its_end() -> None:
    told = world(HALVED, "media.chat={max_tasks: 3, pace: [100%, 50%]}", ann=at(0), bob=at(0), cid=at(0))
    assert told.ends == ["200 ann handled", "200 bob handled", "200 cid handled"]


def test_an_offer_that_rings_slows_nobody_until_it_is_accepted() -> None:
    """Bob rings 40-60: ann has 40 left then, 80 s at half pace. Bob has 60 left at 140."""
    told = world(HALVED, "teams.desk.accept.delay=20s", ann=at(0, accept_delay=0), bob=at(40))
    assert told.ends == ["140 ann handled", "200 bob handled"]


def test_an_offer_that_is_never_accepted_slows_nobody() -> None:
    told = world(HALVED, "teams.desk.accept.delay=30s", ann=at(0, accept_delay=0), bob=at(40, patience=10))
    assert told.ends == ["50 bob abandoned", "100 ann handled"]


def test_wrap_up_slows_the_others_and_is_not_slowed_itself() -> None:
    """Ann's 10 s last from 20 to 40, the wrap-up 30 s. Bob: 20 s alone, 50 s at half pace, the other 55 s alone."""
    told = world(HALVED, ann=at(20, handle_time=10, wrap_up=30), bob=at(0))
    assert told.story == [
        "0 bob: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "20 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "40 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "70 ann: desk-1 DONE",
        "125 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_wrap_up_takes_its_time_whoever_comes_meanwhile() -> None:
    """Ann's 50 s of wrap-up from 100 on are over at 150 although bob is in from 120 to 170 or longer."""
    told = world(HALVED, ann=at(0, wrap_up=50), bob=at(120, handle_time=40))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "120 bob: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "150 ann: desk-1 DONE",
        "175 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_without_slowdown_tasks_do_not_feel_each_other() -> None:
    told = world(HALVED, "media.chat.slowdown=0%", ann=at(0), bob=at(40), cid=at(60, handle_time=10))
    assert told.ends == ["70 cid handled", "100 ann handled", "140 bob handled"]


def test_media_do_not_slow_each_other() -> None:
    told = world(
        """
media: {chat: {max_tasks: 3, slowdown: 100%}, voice: {max_tasks: 1}}
channels: {web: {medium: chat}, phone: {medium: voice}}
queues: {chats: {medium: chat, handle_time: 100s}, calls: {medium: voice, handle_time: 100s}}
teams: {desk: {agents: 1, skills: {chats: 5, calls: 5}}}
""",
        ann=at(0, queue="chats"),
        bob=at(10, queue="calls"),
    )
    assert told.ends == ["100 ann handled", "110 bob handled"]


def test_a_faster_agent_has_less_work() -> None:
    """At 200 % ann's 100 s are 50: 40 s alone, 20 s at half pace. Bob, of another queue, has 90 left then."""
    told = world(
        """
media: {chat: {max_tasks: 2, slowdown: 100%}}
queues: {calls: {medium: chat, handle_time: 100s}, mails: {medium: chat, handle_time: 100s}}
teams: {desk: {agents: 1, skills: {calls: 5, mails: 5}, speed: {calls: 200%}}}
""",
        ann=at(0, queue="calls"),
        bob=at(40, queue="mails"),
    )
    assert told.ends == ["60 ann handled", "150 bob handled"]


def test_the_moment_of_a_transfer_is_a_share_of_the_work_done_not_of_the_time() -> None:
    """Half of ann's 100 s is done at 60: 40 s alone, 10 s of work at half pace. Bob, slowed till 60, ends at 150."""
    told = world(
        HALVED,
        "queues.calls.transfer={probability: 50%, after: 50%, to: {calls: 100%}}",
        ann=at(0, transfer=[0.1], transfer_patience=0.5),
        bob=at(40, transfer=0.9),
    )
    assert told.story[:3] == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "40 bob: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "60 ann: desk-1 sees calls 0, desk-1 transfers to calls, desk-1 leaves, desk-1 TRANSFERRED, "
        "placed in calls at 10",
    ]
    assert told.ends == ["60.5 ann abandoned", "150 bob handled"]


@pytest.mark.parametrize("slowdown", ["20%", "35%"])
def test_times_with_a_slowdown_are_exact_to_the_last_digit_that_counts(slowdown: str) -> None:
    """Three from 0 on with 100, 200 and 300 s of work: each phase is its work times 1 + s (n - 1)."""
    s = float(slowdown.rstrip("%")) / 100
    told = world(
        HALVED,
        f"media.chat.slowdown={slowdown}",
        ann=at(0),
        bob=at(0, handle_time=200),
        cid=at(0, handle_time=300),
    )
    first = 100 * (1 + 2 * s)
    second = first + 100 * (1 + s)
    third = second + 100
    assert [c["ended_at"] for c in told.rows("conversations")] == pytest.approx(
        [first, second, third], abs=1e-9
    )


@pytest.mark.parametrize(
    ("own", "rate"), [(None, 2 / (100 / 0.8 / 0.75 + 20)), (300.0, 2 / (300 / 0.8 / 0.75 + 20))]
)
def test_a_rate_is_slots_by_the_time_that_a_task_holds_one(own: float | None, rate: float) -> None:
    """100 s, or 300 where the contacts have another law, at 80 % and 75 % of the speed, and 20 s of wrap-up."""
    law = None if own is None else SimpleNamespace(mean=own)
    spec = SimpleNamespace(handle_time=SimpleNamespace(mean=100.0), wrap_up=None)
    queue: Any = SimpleNamespace(
        name="calls", limit=None, spec=spec, draws=SimpleNamespace(handle_time=SimpleNamespace(law=law))
    )
    team: Any = SimpleNamespace(
        speeds={"calls": 0.8}, spec=SimpleNamespace(wrap_up=SimpleNamespace(mean=20.0))
    )
    desk: Any = SimpleNamespace(pace=(1.0, 0.9, 0.75), max_tasks=2)
    assert service_rate(queue, team, desk) == pytest.approx(rate)
