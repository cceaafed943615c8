"""An event is declared once: stories, searches, pictures and notifications name only events of that table."""

import ast
from pathlib import Path
from typing import get_args

import pytest

from sim.records.events import EVENTS, Activity, EventKind
from sim.report.plots.story import _FILLS as FILLS
from sim.report.reference import NOTIFICATION_SECTIONS
from sim.story import Find
from sim.story.conversation import ConversationState
from sim.story.notifications import TEMPLATES, to_the_letter
from sim.story.sentences import WORDED, WORDED_OF_LISTS

READERS = [
    path
    for folder in ("sim/story", "sim/report", "sim/gate", "sim/experiments", "sim/records")
    for path in sorted((Path(__file__).parents[2] / folder).rglob("*.py"))
]


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_every_event_is_worded_once(event: EventKind) -> None:
    assert bool(event.sentence) != (event.name in WORDED)


def test_the_words_of_the_story_are_of_declared_events() -> None:
    assert set(WORDED) <= set(EVENTS)
    assert set(WORDED_OF_LISTS) <= set(WORDED)


def test_notifications_are_keyed_by_declared_events_and_each_has_a_section() -> None:
    named = {template.event for template in (*TEMPLATES, *to_the_letter())}
    assert named <= set(EVENTS)
    assert set(NOTIFICATION_SECTIONS) == named


def test_every_search_has_its_events_and_no_event_another() -> None:
    assert {what for event in EVENTS.values() for what in event.found_by} == set(get_args(Find))


def test_what_is_begun_can_end_and_has_a_look() -> None:
    opened = {event.opens for event in EVENTS.values()}
    assert opened == {event.closes for event in EVENTS.values()} == set(get_args(Activity))
    assert opened - {""} <= set(FILLS)


def test_who_begins_or_ends_something_is_in_the_row() -> None:
    assert [event.name for event in EVENTS.values() if event.opens and not event.agent] == []
    assert [event.name for event in EVENTS.values() if event.closes and not event.agent] == []


def test_a_conversation_follows_declared_events() -> None:
    """Its methods that take an event are named after events, those apart that several of them call."""
    methods = {name.removeprefix("_") for name, one in vars(ConversationState).items() if callable(one)}
    shared = {"waits", "stops_waiting", "enter", "closed"}
    assert {name for name in methods - shared if "__" not in f"_{name}"} - {"take"} <= set(EVENTS)


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.stem)
def test_an_event_is_compared_with_declared_names(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    compared = [
        constant.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and ast.unparse(node.left) in ("event.name", "row['event']")
        for right in node.comparators
        for constant in ast.walk(right)
        if isinstance(constant, ast.Constant)
    ]
    assert set(compared) <= set(EVENTS)


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.stem)
def test_no_reader_keeps_a_list_of_events(path: Path) -> None:
    """Three and more events in one literal are a list that belongs into the table, the table's users apart."""
    if path.stem in ("events", "sentences", "notifications", "reference"):
        pytest.skip("the table, and those that are keyed by it")
    ambiguous = {"balked", "blocked", "disconnected", "no_agent", "offered"}  # outcomes and metrics, too
    lists = [
        {item.value for item in ast.walk(node) if isinstance(item, ast.Constant)} & (set(EVENTS) - ambiguous)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Set | ast.Tuple | ast.List | ast.Dict)
    ]
    assert [sorted(names) for names in lists if len(names) > 2] == []
