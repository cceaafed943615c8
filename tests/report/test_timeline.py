"""The story of one conversation: its lines, and who sees which."""

import re

import pytest
from engine.worlds import at
from user_guide.walk import walk_through

from report.conftest import Day
from sim.records.events import EVENTS, Event
from sim.story.notifications import CUSTOMER, Kind
from sim.story.timeline import Line, people, timeline, view

CONFERENCE = """
channels: {web: {medium: chat, request_ttl: 150s, identified: 100%}}
queues:
  sales:
    medium: chat
    handle_time: 100s
    conference:
      probability: 100%
      after: 50%
      to: {support: 100%}
      note: 100%
      joint_time: 30s
      then: {requester_leaves: 100%}
      while_waiting: holds
      whispers_per_minute: 6
  support: {medium: chat, handle_time: 60s, transfer: {probability: 50%, to: {support: 100%}}}
teams:
  front: {agents: 1, skills: {sales: 5}, accept: {delay: 4s}}
  experts: {agents: 2, skills: {support: 5}, accept: {probability: 50%, delay: 6s}, wrap_up: 10s}
"""


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    ann = at(
        0,
        accept=[0.1, 0.9, 0.1, 0.1],
        transfer=[0.9, 0.1, 0.9],
        whisper_gap=[60] * 9,
        whisper_sender=[0.1] * 9,
    )
    return walk_through(CONFERENCE, ann=ann).lines()


def told(lines: list[Line]) -> list[str]:
    return [f"{line.at:g} {line.who}: {line.what}" for line in lines]


def test_somebody_who_sees_all_is_told_everything_in_order(lines: list[Line]) -> None:
    assert told(lines) == [
        "0 customer: comes in on web, known as customer 1",
        "0 customer: asks for an agent of sales",
        "0 front-1: is offered the conversation",
        '0 pop-up: "CHAT REQUESTED – Incoming chat request on push mode on web with customer 1 [Accept]"',
        "4 front-1: accepts after 4 s",
        "4 customer: has waited 4 s",
        '4 history: "You have joined the conversation"',
        '4 history: "front-1 has joined the conversation"',
        "54 front-1: opens the list of queues with the agents available: sales 0, support 2",
        "54 front-1: calls a colleague of support into the conversation, with a note",
        '54 toast: "a conference request has been placed successfully."',
        '54 history: "Conference request has been successfully placed"',
        "54 support: parks the request at priority 10",
        "54 experts-1: is offered the conversation",
        '54 pop-up: "Conference Chat request from front-1 with customer 1, with a note [Accept]"',
        "114 experts-1: lets it ring out after 1 min",
        "114 support: keeps on looking for another agent, at priority 11",
        "114 experts-2: is offered the conversation",
        '114 pop-up: "Conference Chat request from front-1 with customer 1, with a note [Accept]"',
        "120 experts-2: accepts after 6 s, 1 min 6 s after the request",
        '120 history: "You have joined the conversation"',
        '120 history: "experts-2 has joined the conversation"',
        "130 front-1: [whisper] to experts-2, unseen by the customer",
        "140 front-1: [whisper] to experts-2, unseen by the customer",
        "150 front-1: leaves",
        '150 history: "front-1 left the conversation"',
        "150 front-1: closes the task: DONE",
        "210 experts-2: opens the list of queues with the agents available: sales 1, support 1",
        "210 experts-2: transfers to support",
        '210 close notice: "Conversation is closed due to CHAT TRANSFERRED"',
        '210 toast: "Transfer request placed successfully"',
        '210 customer message: "Your request is being transferred to support, please wait!"',
        "210 experts-2: leaves",
        '210 customer message: "experts-2 has left"',
        "210 experts-2: begins to wrap up",
        "210 support: parks the request at priority 10",
        "210 experts-1: is offered the conversation",
        '210 pop-up: "[web] Transfer request with customer 1 [Accept]"',
        "216 experts-1: accepts after 6 s",
        "216 customer: has waited 6 s",
        '216 history: "You have joined the conversation"',
        '216 history: "experts-1 has joined the conversation"',
        "220 experts-2: closes the task: TRANSFERRED",
        "276 experts-1: leaves",
        '276 history: "experts-1 left the conversation"',
        "276 customer: has been served; the conversation ends",
        "276 experts-1: begins to wrap up",
        "286 experts-1: closes the task: DONE",
    ]


def test_the_customer_sees_what_they_do_and_are_told(lines: list[Line]) -> None:
    assert told(view(lines, "customer")) == [
        "0 customer: comes in on web, known as customer 1",
        "0 customer: asks for an agent of sales",
        "4 customer: has waited 4 s",
        '4 history: "front-1 has joined the conversation"',
        '120 history: "experts-2 has joined the conversation"',
        '150 history: "front-1 left the conversation"',
        '210 customer message: "Your request is being transferred to support, please wait!"',
        '210 customer message: "experts-2 has left"',
        "216 customer: has waited 6 s",
        '216 history: "experts-1 has joined the conversation"',
        '276 history: "experts-1 left the conversation"',
        "276 customer: has been served; the conversation ends",
    ]


def test_an_agent_sees_what_they_do_and_are_told_and_the_whispers_they_read_later(lines: list[Line]) -> None:
    assert told(view(lines, "agent", "experts-1")) == [
        "54 experts-1: is offered the conversation",
        '54 pop-up: "Conference Chat request from front-1 with customer 1, with a note [Accept]"',
        "114 experts-1: lets it ring out after 1 min",
        "130 front-1: [whisper] to experts-2, unseen by the customer",
        "140 front-1: [whisper] to experts-2, unseen by the customer",
        "210 experts-1: is offered the conversation",
        '210 pop-up: "[web] Transfer request with customer 1 [Accept]"',
        "216 experts-1: accepts after 6 s",
        '216 history: "You have joined the conversation"',
        "276 experts-1: leaves",
        "276 experts-1: begins to wrap up",
        "286 experts-1: closes the task: DONE",
    ]
    assert [line.read_later for line in lines if line.whispered] == [["experts-1"]] * 2


def test_the_people_are_named_in_the_order_of_their_coming(lines: list[Line]) -> None:
    assert people(lines) == ["front-1", "experts-1", "experts-2"]


def test_of_a_list_one_line_names_all_who_get_notice() -> None:
    walk = walk_through(
        """
queues: {forum: {medium: chat, mode: pull, handle_time: 60s, pull: {reaction: 5s, second_agent: 100%}}}
teams: {fans: {agents: 2, skills: {forum: 5}}, leads: {agents: 1, skills: {forum: 5}}}
""",
        ann=at(0),
    )
    assert told(walk.lines())[1:5] == [
        "0 customer: asks for an agent of forum",
        "0 forum: gives notice to fans-1, fans-2, leads-1",
        '0 pop-up: "CHAT REQUESTED – Incoming chat request on pull mode on web [Join] [Dismiss]"',
        "5 fans-1: joins from the list, 5 s after the request",
    ]
    assert "5 fans-2: joins from the list as well" in told(walk.lines())
    assert [line.notice for line in view(walk.lines(), "agent", "leads-1")] == [None, Kind.POP_UP]
    assert [line.notice for line in view(walk.lines(), "agent", "fans-1")][:2] == [None, Kind.POP_UP]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("queues.sales.patience=30s", ["31 customer: gives up after waiting 30 s"]),
        ("queues.sales.balk=100%", ["1 customer: asks for sales, finds nobody available and does not wait"]),
        ("queues.sales.capacity=0", ["1 customer: finds no place left in the queue and is turned away"]),
        (
            "waiting_rooms={site: {capacity: 0, queues: [sales]}}",
            ["1 customer: finds no place left in site and is turned away"],
        ),
        ("channels.web.lines=1", ["1 customer: finds all lines busy and is turned away"]),
        (
            "channels.web.request_ttl=150s",
            [
                "151 sales: has found no agent in 2 min 30 s; the request is closed",
                "151 customer: has waited 2 min 30 s",
            ],
        ),
        (
            "closing=clear_queues",
            [
                "3600 sales: sends the request away, the centre closes",
                "3600 customer: has waited 59 min 59 s",
            ],
        ),
    ],
)
def test_waits_that_lead_to_nothing_are_told_in_plain_words(change: str, expected: list[str]) -> None:
    text = """
channels: {web: {medium: chat}}
queues: {sales: {medium: chat, handle_time: 2h}}
teams: {front: {agents: 1, skills: {sales: 5}}}
"""
    walk = walk_through(text, change, ann=at(0), bob=at(1))
    lines = told(walk.lines("bob"))
    assert [line for line in lines if line in expected] == expected
    assert lines[-1].endswith("the conversation ends")


def test_a_transfer_that_finds_nobody_tells_the_wait() -> None:
    walk = walk_through(
        CONFERENCE,
        "queues.sales.conference.probability=0%",
        "queues.sales.transfer={probability: 100%, to: {support: 100%}, named: 100%}",
        ann=at(0, accept=[0.1, 0.9], named_agent=0),
    )
    assert told(walk.lines())[-4:] == [
        "164 support: experts-1 has not accepted: no agent available",
        '164 customer message: "No agents were available"',
        "164 customer: has waited 1 min",
        "164 customer: has found no agent; the conversation ends",
    ]


WARM = (
    "queues.sales.conference.probability=0%",
    "queues.sales.transfer={probability: 100%, after: 50%, to: {support: 100%}, warm: 100%, handover_time: 20s}",
)


def test_a_warm_transfer_tells_how_long_the_customer_was_on_hold() -> None:
    walk = walk_through(CONFERENCE, *WARM, ann=at(0, accept=[0.1, 0.1], transfer=[0, 0.9]))
    assert told(walk.lines())[9:-4] == [
        "54 front-1: asks support for a colleague to take over; the customer is on hold",
        '54 history: "Queue Consult Request has been placed"',
        "54 support: parks the request at priority 10",
        "54 experts-1: is offered the conversation",
        '54 pop-up: "Consult request from front-1 with customer 1 [Accept]"',
        "60 experts-1: accepts after 6 s",
        "60 customer: has waited 6 s",
        '60 history: "You have joined the conversation"',
        '60 history: "experts-1 has joined the conversation"',
        "80 front-1: hands over to experts-1 and leaves",
        '80 history: "Consult transfer request has been placed"',
        '80 history: "experts-1 has joined the conversation"',
        '80 history: "front-1 left the conversation"',
        "80 front-1: closes the task: TRANSFERRED",
        "140 experts-1: leaves",
    ]


def test_a_warm_transfer_that_finds_nobody_ends_the_hold() -> None:
    walk = walk_through(CONFERENCE, *WARM, ann=at(0, accept=[0.1, 0.9, 0.9, 0.9]))
    assert told(walk.lines())[-9:-1] == [
        "204 support: the request's time is over, but it rings on",
        "234 experts-1: lets it ring out after 1 min",
        "234 support: has found no agent in 3 min; the request is closed",
        "234 customer: has waited 3 min",
        '234 history: "No Agent Available"',
        "284 front-1: leaves",
        '284 history: "front-1 left the conversation"',
        "284 customer: has been served; the conversation ends",
    ]


def test_every_event_of_a_busy_day_has_its_sentence(day: Day) -> None:
    assert {event.name for event in day.events} <= set(EVENTS)


def test_no_story_of_a_busy_day_shows_the_customer_a_whisper_or_a_monitor(day: Day) -> None:
    lists = [name for name, queue in day.scenario.queues.items() if queue.mode == "pull"]
    stories = _stories(day, lists)
    assert len(stories) > 500
    for lines in stories:
        seen = "\n".join(told(view(lines, "customer")))
        assert not re.search("whisper|looks in|is offered|ring out|list of queues|note", seen)
        assert not [line for line in lines if line.whispered and line.seen_by(CUSTOMER)]


def test_every_line_of_a_busy_day_reads_as_a_sentence(day: Day) -> None:
    for lines in _stories(day, ["community"]):
        for line in lines:
            assert line.who
            assert line.what
            assert not re.search(r"None|nan|[{}]|  ", f"{line.who} {line.what}")


def _stories(day: Day, lists: list[str]) -> list[list[Line]]:
    events: dict[int, list[Event]] = {}
    for event in day.events:
        events.setdefault(event.conversation, []).append(event)
    return [timeline(own, lists) for own in events.values()]
