"""Who was at work without a contact, and for how long it rang, on mornings small enough to count by hand."""

import pandas as pd

from logs.conftest import Frame
from sim.logs import presence, staffing
from sim.logs.log import OpeningHours

MORNING = OpeningHours(opens=9 * 3600.0, closes=10 * 3600.0, every=1800.0)
SKILLS = {"day": ("q5",)}
TEAM = pd.Series({"a": "day", "b": "day"})
AT_WORK = ("q5", "09:00:00", "09:00:00", "10:00:00", "b")
"""A colleague who has one call from opening to closing."""


def spans_of(calls: pd.DataFrame, agent: str = "a") -> list[str]:
    table = staffing.gaps(calls, frozenset())
    found = presence.at_work(calls, table, TEAM, SKILLS, MORNING)
    own = found[found["agent"] == agent].sort_values("since")
    return [f"{row.since:%H:%M}-{row.until:%H:%M}" for row in own.itertuples()]


def test_a_long_gap_is_readiness_where_no_more_came_than_there_were_colleagues(frame: Frame) -> None:
    """In 20 minutes one call came, and one colleague could take it; of two, one must have passed by an agent away."""
    mine = (("q5", "09:00:00", "09:00:00", "09:10:00", "a"), ("q5", "09:30:00", "09:30:00", "10:00:00", "a"))
    one = ("q5", "09:15:00", None, "09:15:20", None)
    assert spans_of(frame(AT_WORK, *mine, one)) == ["09:00-09:10", "09:10-09:30", "09:30-10:00"]
    two = ("q5", "09:20:00", None, "09:20:20", None)
    assert spans_of(frame(AT_WORK, *mine, one, two)) == ["09:00-09:10", "09:30-10:00"]


def test_an_answer_of_nobody_known_makes_nobody_ready(frame: Frame) -> None:
    """Else each would be an agent who is idle from opening to closing: of a bank 378 agent-hours of 456."""
    unknown = (
        ("q5", "09:05:00", "09:05:00", "09:08:00", None),
        ("q5", "09:40:00", "09:40:00", "09:41:00", None),
    )
    table = staffing.gaps(frame(AT_WORK, *unknown), frozenset())
    found = presence.at_work(frame(AT_WORK, *unknown), table, TEAM, SKILLS, MORNING)
    assert found["agent"].tolist() == ["b"]


def test_a_contact_that_rang_out_may_have_put_the_agent_last_again(frame: Frame) -> None:
    mine = (("q5", "09:00:00", "09:00:00", "09:10:00", "a"), ("q5", "09:30:00", "09:30:00", "10:00:00", "a"))
    two = (("q5", "09:15:00", None, "09:15:20", None), ("q5", "09:20:00", None, "09:20:20", None))
    calls = frame(AT_WORK, *mine, *two).assign(rings=[0, 0, 0, 1, 0])
    assert spans_of(calls) == ["09:00-09:10", "09:10-09:30", "09:30-10:00"]


def test_an_agent_whose_next_contact_was_kept_waiting_was_away(frame: Frame) -> None:
    mine = ("q5", "09:00:00", "09:00:00", "09:10:00", "a")
    prompt, late = (("q5", came, "09:30:00", "10:00:00", "a") for came in ("09:29:00", "09:28:59"))
    assert spans_of(frame(AT_WORK, mine, prompt)) == ["09:00-09:10", "09:10-09:30", "09:30-10:00"]
    assert spans_of(frame(AT_WORK, mine, late)) == ["09:00-09:10", "09:30-10:00"]


def test_the_day_begins_before_the_first_contact_and_ends_after_the_last(frame: Frame) -> None:
    """At 09:40 a second call comes after the last one of a: nobody says that a is still there."""
    mine = ("q5", "09:12:00", "09:12:00", "09:30:00", "a")
    later = (("q5", "09:35:00", None, "09:35:05", None), ("q5", "09:40:00", None, "09:40:05", None))
    assert spans_of(frame(AT_WORK, mine, later[0])) == ["09:00-09:12", "09:12-09:30", "09:30-10:00"]
    assert spans_of(frame(AT_WORK, mine, *later)) == ["09:00-09:12", "09:12-09:30"]


def test_who_turns_out_to_be_ready_is_a_colleague_of_others(frame: Frame) -> None:
    """While a idles 20 minutes one call came; b, who would take it, is known to be there only by an idle gap too."""
    calls = frame(
        ("q5", "09:00:00", "09:00:00", "09:10:00", "a"),
        ("q5", "09:30:00", "09:30:00", "10:00:00", "a"),
        ("q5", "09:00:00", "09:00:00", "09:09:00", "b"),
        ("q5", "09:15:00", "09:15:00", "10:00:00", "b"),
    )
    assert spans_of(calls, "b") == ["09:00-09:09", "09:09-09:15", "09:15-10:00"]
    assert spans_of(calls) == ["09:00-09:10", "09:10-09:30", "09:30-10:00"]


def test_who_finds_a_free_agent_waits_as_long_as_it_rings(frame: Frame) -> None:
    """Free for 100 s, it rang for 4; free for 30 s, or after two minutes of waiting, nothing is told of ringing."""
    calls = frame(
        ("q5", "09:00:00", "09:00:00", "09:05:00", "a"),
        ("q5", "09:06:40", "09:06:44", "09:10:00", "a"),
        ("q5", "09:10:30", "09:10:37", "09:20:00", "a"),
        ("q5", "09:21:10", "09:23:10", "09:30:00", "a"),
        ("q5", "09:32:00", "09:32:09", "09:40:00", "a"),
    )
    table = staffing.gaps(calls, frozenset())
    assert presence.rings_of_idle(calls, table).tolist() == [4.0, 9.0]
    rung = calls.assign(rings=[0, 0, 0, 0, 1])
    assert presence.rings_of_idle(rung, table).tolist() == [4.0]


def test_the_first_hours_of_a_night_begin_as_the_last_contact_before_midnight_ends(frame: Frame) -> None:
    night = OpeningHours(opens=0.0, closes=86_400.0, every=1800.0)
    calls = frame(
        ("q5", "2014-03-03 23:50:00", "2014-03-03 23:50:00", "2014-03-04 00:10:00", "a"),
        ("q5", "2014-03-04 00:30:00", "2014-03-04 00:30:00", "2014-03-04 00:40:00", "a"),
    )
    found = presence._first(calls, staffing.gaps(calls, frozenset()), night)
    assert [f"{row.since:%d %H:%M}-{row.until:%H:%M}" for row in found.itertuples()] == [
        "03 00:00-23:50", "04 00:10-00:30"
    ]  # fmt: skip
