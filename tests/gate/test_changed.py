"""One day event by event: its digest, the first event that differs, and whom a change hits."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gate.small import day, worse
from sim.gate.candidate import Candidate, Day, Live, Trace
from sim.gate.changes import customer_changes, differing, first_difference, first_stretch
from sim.parallel.workers import Workers
from sim.scenario import Scenario, loads
from sim.scenario.wall_clock import WallClock


def of(scenario: Scenario) -> Day:
    return Live(Candidate(scenario), Workers(1)).day()


BEFORE, AFTER = of(day()), of(worse())


def moved(place: int, by: float) -> Day:
    """The day with one event at another time."""
    events = list(BEFORE.events)
    seq, at, *rest = events[place]
    events[place] = (seq, at + by, *rest)
    return replace(BEFORE, events=events)


def test_the_same_day_has_the_same_digest() -> None:
    assert of(day()).trace == BEFORE.trace
    assert BEFORE.trace.events == len(BEFORE.events) > 1000
    assert AFTER.trace.digest != BEFORE.trace.digest


def test_a_millisecond_counts_and_the_last_bits_do_not() -> None:
    assert moved(500, 0.002).trace.digest != BEFORE.trace.digest
    assert moved(500, 1e-7).lines[500] == BEFORE.lines[500]


def test_a_day_that_went_through_json_has_the_same_digest() -> None:
    """As it comes from another process."""
    rows = json.loads(json.dumps([BEFORE.events, BEFORE.contacts], default=float))
    assert Day(*rows).trace == BEFORE.trace


def test_the_first_event_that_differs() -> None:
    found = first_difference(BEFORE, moved(500, 0.25))
    assert found is not None
    assert (found.number, found.upto, found.known) == (501, 501, True)
    assert found.at == BEFORE.events[500][1]
    assert found.before == BEFORE.events[500]
    assert found.after is not None
    assert found.after[1] == pytest.approx(BEFORE.events[500][1] + 0.25)
    assert first_difference(BEFORE, of(day())) is None


def test_a_day_that_ends_earlier_differs_where_it_ends() -> None:
    short = replace(BEFORE, events=BEFORE.events[:-3])
    found = first_difference(BEFORE, short)
    assert found is not None
    assert (found.number, found.after) == (len(BEFORE.events) - 2, None)


@pytest.mark.parametrize("place", [0, 3, 700, 1033])
def test_by_its_marks_alone_the_stretch_is_known(place: int) -> None:
    found = first_stretch(BEFORE.trace, moved(place, 0.25))
    assert found is not None
    assert found.number <= place + 1 <= found.upto
    assert found.upto - found.number < BEFORE.trace.stretch
    assert not found.known
    assert first_stretch(BEFORE.trace, of(day())) is None


def test_by_its_marks_alone_an_earlier_end_is_known() -> None:
    found = first_stretch(BEFORE.trace, replace(BEFORE, events=BEFORE.events[:-1]))
    assert found is not None
    assert found.number <= len(BEFORE.events) <= found.upto


def test_marks_are_few_and_stored_short() -> None:
    assert len(BEFORE.trace.marks) <= 256
    assert Trace.of([]).marks == ()


# Whom it hits.


def test_the_hardest_hit_are_those_no_longer_served_then_those_who_wait_longest() -> None:
    result = customer_changes(BEFORE, AFTER)
    assert result.customers == len({row[1] for row in BEFORE.contacts})
    assert result.worse > result.better
    assert result.worse + result.better < result.customers
    lost = [hit for hit in result.hardest if hit.before.served and not hit.after.served]
    assert lost
    for hit in result.hardest:
        assert hit.after.events
        assert {event[3] for event in hit.after.events} == {hit.after.conversation}


def test_the_other_way_round_better_and_worse_change_places() -> None:
    there, back = customer_changes(BEFORE, AFTER), customer_changes(AFTER, BEFORE)
    assert (there.better, there.worse) == (back.worse, back.better)


def test_nobody_is_hit_by_the_same_day() -> None:
    result = customer_changes(BEFORE, of(day()))
    assert (result.better, result.worse, result.hardest) == (0, 0, ())


WEEKEND = """
calendar: {from: 2026-03-28, days: 3, time_zone: Europe/Berlin, open: {mon-sun: "08:00-20:00"}}
replications: 2
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {line: {medium: voice, handle_time: 2m, service_level: {within: 20s, target: 80%}}}
teams: {people: {agents: 2, skills: {line: 5}}}
arrivals: [{replay: contacts.csv}]
"""
CALLS = ["2026-03-28 09:00:00", "2026-03-30 09:00:00", "2026-03-30 09:00:10"]


@pytest.mark.parametrize("is_stored", [True, False])
def test_after_the_clock_was_changed_events_have_the_time_that_it_shows(
    is_stored: bool, tmp_path: Path
) -> None:
    """With one agent less the third call, of nine in the morning two days later, waits."""
    rows = [f"{number},phone,line,{at}" for number, at in enumerate(CALLS)]
    text = "\n".join(["contact_id,channel,queue,offered_at", *rows])
    (tmp_path / "contacts.csv").write_text(text, encoding="utf-8")
    before = loads(WEEKEND, "days.yaml", tmp_path)
    was, now = of(before), of(before.set("teams.people.agents", 1))
    first, fared = differing(was if is_stored else None, was.trace, now, WallClock.of(before))
    third = 2 * 86_400 + 9 * 3600 + 10
    assert first is not None
    # Of a day that is not known there is only what happens now: the second call's end.
    assert first.at == (third if is_stored else third + 110)
    if is_stored:
        assert fared is not None
        (hit,) = fared.hardest
        assert hit.after.events[0][1] == third
