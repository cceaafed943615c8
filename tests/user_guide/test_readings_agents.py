"""Where the user guide is silent about agents, notes and notices: readings 22 to 30 of docs/rules.md.

The last of them is the worked example of docs/rules.md. Reading 29 (a toast is gone after 4 s) has no counterpart
but the kind of the notice.
"""

import pytest
from engine.worlds import at

from sim.story.notifications import TEMPLATES, Kind
from user_guide.readings import (
    ACCEPTS,
    DESK,
    GUEST_TRANSFERS,
    LETS_RING,
    ONE_EXPERT,
    conferenced,
    transferred,
)
from user_guide.walk import walk_through


@pytest.mark.parametrize("exclude", ["on", "off"])
def test_reading_22_a_transfer_to_ones_own_queue_goes_to_a_colleague(exclude: str) -> None:
    """Even where the requester is not barred: they have become ready only now."""
    walk = transferred(
        f"routing.exclude_requester={exclude}",
        "teams.front.agents=2",
        "queues.sales.transfer={probability: 50%, after: 50%, to: {sales: 100%}}",
    )
    assert walk.offers() == ["0 front-1", "50 front-2"]


def test_reading_22_where_only_the_requester_belongs_to_it_they_are_asked_only_if_the_switch_is_off() -> None:
    own = "queues.sales.transfer={probability: 50%, after: 50%, to: {sales: 100%}}"
    assert transferred(own).outcomes == ["200 ann no_agent"]
    assert transferred(own, "routing.exclude_requester=off").offers() == ["0 front-1", "50 front-1"]


def test_reading_23_without_a_wrap_up_the_requesters_slot_is_free_at_once() -> None:
    assert transferred().tables.states("front-1", "chat") == ["0-50 BUSY", "50-3600 READY"]


def test_reading_23_with_a_wrap_up_after_it_and_the_transfer_is_not_delayed() -> None:
    walk = transferred("teams.front.wrap_up=40s")
    assert walk.tables.states("front-1", "chat") == ["0-90 BUSY", "90-3600 READY"]
    assert walk.offers() == ["0 front-1", "50 experts-1"]


def test_reading_24_a_reservation_uses_capacity() -> None:
    """While ann rings at the only expert, bob is not offered to them."""
    walk = walk_through(
        DESK,
        ONE_EXPERT,
        "teams.experts.accept.delay=30s",
        ann=at(0, accept=[ACCEPTS] * 2),
        bob=at(60, queue="support", accept=ACCEPTS),
    )
    assert walk.offers("bob") == ["140 experts-1"]


def test_reading_24_so_do_a_conferences_legs() -> None:
    walk = conferenced(ONE_EXPERT)
    assert walk.tables.states("experts-1", "chat")[:2] == ["0-50 READY", "50-130 BUSY"]


def test_reading_25_more_than_one_agent_counts_those_who_are_in() -> None:
    """The guest is offered at 50, in from 60 to 90; whispers that would come every 10 s come at 70 and 80 alone."""
    walk = conferenced(
        "queues.sales.conference.whispers_per_minute=6",
        "queues.sales.conference.then={guest_leaves: 100%}",
        "teams.experts.accept.delay=10s",
        "teams.experts.wrap_up=60s",
        whisper_gap=[60] * 9,
        whisper_sender=[0] * 9,
    )
    assert walk.whispers == ["70 front-1: front-1, experts-1", "80 front-1: front-1, experts-1"]


def test_reading_26_who_joins_later_sees_the_whole_history() -> None:
    walk = conferenced(
        GUEST_TRANSFERS,
        "queues.sales.conference.whispers_per_minute=6",
        transfer=[0.9, 0, 0.9],
        whisper_gap=[0, 60, *[6000] * 9],
        whisper_sender=[0] * 9,
    )
    assert walk.whispers == ["60 front-1: front-1, experts-1, experts-2"]


def test_reading_27_there_is_no_declining_only_letting_it_ring() -> None:
    assert transferred(accept=(LETS_RING, ACCEPTS)).story()[2].startswith("110 rings out at experts-1")


def test_reading_28_the_note_comes_with_every_offer_and_never_to_the_customer() -> None:
    walk = transferred(accept=(LETS_RING, ACCEPTS))
    noted = [n.audience for n in walk.notifications if "note" in n.text]
    assert noted == [("experts-1",), ("experts-2",)]


def test_reading_29_toasts_belong_to_one_agent_and_history_is_persistent() -> None:
    toasts = [notice for notice in TEMPLATES if notice.kind is Kind.TOAST]
    assert {notice.number for notice in toasts} == {"N2", "N8"}
    walk = conferenced()
    assert all(len(n.audience) == 1 for n in walk.notifications if n.kind is Kind.TOAST)


def test_reading_30_after_accepting_an_agent_is_busy_at_the_limit_and_active_below() -> None:
    assert transferred().tables.states("experts-1", "chat")[:2] == ["0-50 READY", "50-110 BUSY"]
    walk = transferred("media.chat.max_tasks=2")
    assert walk.tables.states("experts-1", "chat")[:2] == ["0-50 READY", "50-110 ACTIVE"]


def test_reading_30_who_is_draining_goes_off_after_their_last_task() -> None:
    walk = transferred(
        'teams.front.shifts=[{from: "00:00", to: "01:00", agents: 1, breaks: [{at: "00:01", for: 5m}]}]',
        "queues.sales.handle_time=140s",
    )
    assert walk.tables.states("front-1", "chat")[:3] == [
        "0-60 BUSY", "60-70 PENDING_NOT_READY break", "70-370 NOT_READY break",
    ]  # fmt: skip


EXAMPLE = """
channels: {web: {medium: chat, request_ttl: 150s}}
routing: {ring_time: 60s, exclude_requester: on}
queues:
  sales: {medium: chat, handle_time: 100s, transfer: {probability: 100%, after: 0%, to: {sales: 100%}}}
teams:
  a: {agents: 1, skills: {sales: 5}}
  b: {agents: 1, skills: {sales: 5}, accept: {probability: 0%}}
"""


def test_the_worked_example_of_section_14() -> None:
    """The customer is told at 180, when the last offer has rung out, and not at 150, when the time was over."""
    walk = walk_through(EXAMPLE, ann=at(0))
    assert walk.story() == [
        "0 arrives; inbound request to sales; offered to a-1; a-1 accepts; a-1 joins; a-1 sees sales 1; "
        "a-1 transfers to sales; a-1 leaves; a-1 TRANSFERRED; transfer request to sales at 10; offered to b-1",
        "60 rings out at b-1; requeued at 11; offered to b-1",
        "120 rings out at b-1; requeued at 11; offered to b-1",
        "150 TTL over",
        "180 rings out at b-1; no agent; ends no_agent",
    ]
    assert walk.tasks() == [
        "sales a-1 TRANSFERRED", "sales b-1 RONA", "sales b-1 RONA", "sales b-1 NO_AGENT_AVAILABLE",
    ]  # fmt: skip
    assert [line for line in walk.told("customer") if "joined" not in line] == [
        "0 customer message: Your request is being transferred to sales, please wait!",
        "0 customer message: a-1 has left",
        "180 customer message: No agents were available",
    ]
