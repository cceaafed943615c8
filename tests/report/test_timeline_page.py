"""A story laid out: aligned, wrapped, readable in a file."""

import re

import pytest
from engine.worlds import at
from rich.cells import cell_len
from user_guide.walk import walk_through

from report.conftest import Day
from sim.metrics.formatting import clock, duration
from sim.records.events import Event
from sim.story.timeline import lay_out, timeline, view
from sim.story.tracing import trace

LIST = """
queues: {forum: {medium: chat, mode: pull, handle_time: 60s, pull: {second_agent: 100%, whispers_per_minute: 6}}}
teams: {fans: {agents: 2, skills: {forum: 5}}}
"""


def story() -> list[str]:
    lines = walk_through(LIST, ann=at(0, whisper_gap=[0, 60, 900], whisper_sender=[0, 0.1])).lines()
    return lay_out(lines, "all", None, lambda at: 8 * 3600.0 + at, 72)


def test_clock_who_and_what_stand_in_columns_and_a_repeated_clock_is_left_out() -> None:
    assert story() == [
        "08:00:00  customer  comes in on web, not known by name",
        "          customer  asks for an agent of forum",
        "          forum     gives notice to fans-1, fans-2",
        '                    > fans-1, fans-2 (pop-up): "CHAT REQUESTED –',
        "                      Incoming chat request on pull mode on web [Join]",
        '                      [Dismiss]"',
        "          fans-1    joins from the list, 0 s after the request",
        '                    > fans-1 (history): "You have joined the',
        '                      conversation"',
        '                    > customer (history): "fans-1 has joined the',
        '                      conversation"',
        "          fans-2    joins from the list as well",
        '                    > fans-2 (history): "You have joined the',
        '                      conversation"',
        '                    > fans-1, customer (history): "fans-2 has joined the',
        '                      conversation"',
        "08:00:10  fans-1    [whisper] to fans-2, unseen by the customer",
        "08:01:00  fans-1    leaves",
        '                    > fans-2, customer (history): "fans-1 left the',
        '                      conversation"',
        "          fans-1    closes the task: DONE",
        "          fans-2    leaves",
        '                    > customer (history): "fans-2 left the conversation"',
        "          customer  has been served; the conversation ends",
        "          fans-2    closes the task: DONE",
    ]


def test_an_agent_reads_which_whispers_were_before_their_time() -> None:
    text = """
queues: {forum: {medium: chat, mode: pull, handle_time: 60s, pull: {second_agent: 100%}}}
teams:
  fans: {agents: 1, skills: {forum: 5}}
  more: {skills: {forum: 5}, shifts: [{from: "00:01", to: "01:00", agents: 1}]}
  leads: {agents: 1, role: supervisor}
supervision: {team: leads, queues: [forum], probability: 100%, after: 5s, lasts: 20s, whispers_per_minute: 6}
"""
    lines = walk_through(
        text, ann=at(0, handle_time=90, whisper_gap=[0, 60, 900], whisper_sender=[0, 0.1])
    ).lines()
    seen = lay_out(view(lines, "agent", "leads-1"), "agent", "leads-1", float, 90)
    assert seen == [
        "00:00:05  leads-1  looks in silently; nobody is told",
        "00:00:15  fans-1   [whisper] to leads-1, unseen by the customer",
        "00:00:25  leads-1  looks in no longer",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(day: Day, width: int) -> None:
    """Names of agents and queues are never broken; the widest word of this day is far below 40."""
    events: dict[int, list[Event]] = {}
    for event in day.events:
        events.setdefault(event.conversation, []).append(event)
    for own in list(events.values())[:200]:
        for line in lay_out(timeline(own, ["community"]), "all", None, float, width):
            assert cell_len(line) <= width
            assert line == line.rstrip()


def test_a_narrow_terminal_shows_everything_a_wide_one_shows() -> None:
    lines = walk_through(LIST, ann=at(0)).lines()

    def words(width: int) -> list[str]:
        return re.findall(r"\S+", " ".join(lay_out(lines, "all", None, float, width)))

    assert words(30) == words(100)


def test_the_page_needs_no_colour(day: Day) -> None:
    text = trace(day.scenario, wanted="conference", width=100)
    assert set(re.findall(r"[^\x20-\x7e]", text)) <= {"\n", "–"}


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "00:00:00"), (31267.9, "08:41:07"), (86399, "23:59:59"), (86400 + 3600, "+1d 01:00:00")],
)
def test_clock(seconds: float, expected: str) -> None:
    assert clock(seconds) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"), (0.04, "0.1 s"), (0.44, "0.4 s"), (0.97, "1 s"), (37.4, "37 s"), (59.6, "1 min"),
        (134, "2 min 14 s"), (3599.9, "1 h"), (3780, "1 h 3 min"), (7200, "2 h"), (7199, "2 h"),
    ],
)  # fmt: skip
def test_span(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected
