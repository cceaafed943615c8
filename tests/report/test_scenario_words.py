"""What a page says of a scenario: when it is, who is there, which order is in force, every key that it sets."""

import pytest

import sim
from sim.report.scenario import assumptions, own_keys, scenario_document, staff, when
from sim.scenario.model import Scenario

from .conftest import REFERENCE

WEEK = """\
name: Week
opens: 2026-03-02 08:00
lasts: 5d
media: {chat: {max_tasks: 2, slowdown: 30%}}
channels: {web: {medium: chat}}
labels: {vip: {priority: 7}}
routing: {queue_priority: on, ring_time: 20s}
queues:
  chats:
    medium: chat
    priority: 3
    steps: [{needs: chats >= 5, for: 30s}, {needs: chats >= 2, for: 60s}, {needs: chats >= 1}]
    handle_time: 6m
  letters: {medium: chat, handle_time: {exponential: {mean: 10m}}}
teams:
  desk:
    agents: 4
    skills: {chats: 5, letters: 3}
    absence: 5%
    shifts:
      - {from: "08:00", to: "12:00", agents: 3}
      - {from: "10:00", to: "18:00", agents: 1, breaks: [{at: "13:00", for: 30m}]}
arrivals: [{channel: web, queue: chats, per_hour: 8}]
"""


def week(**changes: object) -> Scenario:
    return sim.loads(WEEK).set({key.replace("__", "."): value for key, value in changes.items()})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Monday 2 March 2026, 08:00 to Saturday 7 March 2026, 08:00"),
        ({"lasts": "10h"}, "Monday 2 March 2026, 08:00 to 18:00"),
        ({"lasts": "16h"}, "Monday 2 March 2026, 08:00 to 24:00"),
        ({"opens": None, "lasts": "24h"}, "24 h without a date"),
    ],
)
def test_when_it_is(changes: dict[str, object], said: str) -> None:
    assert when(week(**changes)) == said


def test_when_a_calendar_is() -> None:
    open_days = 'calendar: {from: 2026-03-02, days: 9, open: {mon-sat: "09:00-17:30"}}'
    days = sim.loads(WEEK.replace("opens: 2026-03-02 08:00\nlasts: 5d", open_days))
    assert when(days) == "Monday 2 March 2026 to Tuesday 10 March 2026, 8 of 9 days open"
    assert when(days.set("calendar.days", 1)) == "Monday 2 March 2026, 09:00 to 17:30"


def test_who_is_there_when_at_a_glance() -> None:
    (row,) = staff(week()).rows
    assert [cell.text for cell in row.cells] == [
        "4",
        "3 08:00 to 12:00; 1 10:00 to 18:00, break 13:00 for 30 min; 5% absent",
        "chats 5, letters 3",
    ]


def test_contacts_of_several_days_are_not_those_of_a_day() -> None:
    arrivals = scenario_document(week()).tables[2]
    assert arrivals.columns == ["Arrivals", "Queue", "Contacts in all"]
    assert arrivals.rows[0].cells[1].text == "960"  # 8 an hour for 120 hours
    assert scenario_document(week(lasts="10h")).tables[2].columns[2] == "Contacts a day"


def test_the_steps_and_the_order_in_force_are_told() -> None:
    text = " ".join(assumptions(week()))
    assert (
        "chats asks agents with chats >= 5, after 30 s also those with chats >= 2, after 1 min 30 s also those with "
        "chats >= 1."
    ) in text
    assert "The other queues ask every agent with a skill of the queue's name." in text
    assert (
        "is offered the one of the queue of the highest priority (chats 3, letters 1), among those the one of the "
        "highest task priority"
    ) in text
    assert "Task priority is 7 for customers labelled vip and 1 for others." in text
    assert "all replications are alike" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"routing__request_selection": "longest_waiting"},
            "the one that waits longest, whatever its priority",
        ),
        (
            {"routing__request_selection": "priority_with_ageing", "routing__ageing": "30s"},
            "the one of the highest task priority, to which every 30 s of waiting adds 1",
        ),
        ({"routing__queue_priority": "off"}, "is offered the one of the highest task priority, then"),
    ],
)
def test_each_order_has_its_words(changes: dict[str, object], said: str) -> None:
    assert said in " ".join(assumptions(week(**changes)))


def test_every_key_that_is_not_at_its_default_is_listed_with_it() -> None:
    rows = {row.label: [cell.text for cell in row.cells] for row in own_keys(week()).rows}
    assert rows["routing.ring_time"] == [
        "20s",
        "60s",
        "How long an offer rings before it goes back to the queue.",
    ]
    assert rows["routing.queue_priority"][:2] == ["on", "off"]
    assert rows["queues.chats.steps.1.for"][0] == "1m"
    assert rows["teams.desk.shifts.1.breaks.0.at"][0] == "13:00"
    assert rows["queues.letters.handle_time"][0] == "{exponential: {mean: 10m}}"
    assert rows["lasts"][1] == "none, it is required"
    assert "routing.ring_memory" not in rows
    assert "name" not in rows


def test_a_key_that_is_changed_is_in_the_list() -> None:
    """Whatever key of the reference day is changed: nothing that a scenario sets is left unsaid."""
    before = {row.label for row in own_keys(sim.load(REFERENCE)).rows}
    changes = {
        "routing.last_agent": "on",
        "closing": "clear_queues",
        "queues.hotline.balk": "10%",
        "teams.engineers.absence": "3%",
        "channels.web.lines": 40,
        "media.chat.slowdown": "0%",
    }
    after = {row.label for row in own_keys(sim.load(REFERENCE).set(changes)).rows}
    assert after - before == {*changes} - {"media.chat.slowdown"}
    assert before - after == {"media.chat.slowdown"}
