"""Laws by the time of day: each customer has the law of the clock at which they first came, whatever comes later."""

import pytest

from engine.worlds import Told, at, world

TWO_LAWS = """
opens: 2026-03-02 08:58
queues: {calls: {medium: chat, handle_time: {by_time: {"08:00": 100s, "09:00": 50s}}, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""
NINE = 120
"""At 09:00, in seconds from the opening."""


def test_a_law_holds_for_who_comes_from_its_clock_on_and_not_for_who_is_answered_then() -> None:
    told = world(TWO_LAWS, ann=at(NINE - 60), bob=at(NINE - 0.001), cid=at(NINE))
    assert told.story == [
        "60 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "119.999 bob: arrives, placed in calls",
        "120 cid: arrives, placed in calls",
        "160 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "260 bob: desk-1 leaves, ends handled, desk-1 DONE; cid: offered to desk-1, answered by desk-1",
        "310 cid: desk-1 leaves, ends handled, desk-1 DONE",
    ]


@pytest.mark.parametrize(("opens", "took"), [("23:58", 30), ("05:57", 30), ("05:58", 70), ("21:57", 70)])
def test_the_last_entry_holds_over_midnight_until_the_first(opens: str, took: float) -> None:
    """Ann comes two minutes after the opening; the clock of the last case is 21:59, a minute before the entry."""
    law = "{by_time: {'06:00': 70s, '22:00': 30s}}"
    told = world(TWO_LAWS, f"opens=2026-03-02 {opens}", f"queues.calls.handle_time={law}", ann=at(NINE))
    assert told.ends == [f"{NINE + took} ann handled"]


def test_patience_and_the_work_of_a_later_attempt_are_by_the_clock_of_the_first() -> None:
    """Bob gives up after 40 s, is back at 09:00:10 and gives up after 40 s; cid comes then and does after 15 s."""
    told = world(
        TWO_LAWS,
        "queues.calls.patience={by_time: {'08:00': 40s, '09:00': 15s}}",
        "customers.after_abandon={come_back: 100%, after: 50s, at_most: 1}",
        ann=at(0, handle_time=200),
        bob=at(40, come_back=0),
        cid=at(NINE + 11, come_back=0),
        dan=at(NINE + 70, come_back=0),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "40 bob: arrives, placed in calls",
        "80 bob: abandons, ends abandoned",
        "130 bob*: arrives, placed in calls",
        "131 cid: arrives, placed in calls",
        "146 cid: abandons, ends abandoned",
        "170 bob*: abandons, ends abandoned",
        "190 dan: arrives, placed in calls",
        "196 cid*: arrives, placed in calls",
        "200 ann: desk-1 leaves, ends handled, desk-1 DONE; dan: offered to desk-1, answered by desk-1",
        "211 cid*: abandons, ends abandoned",
        "250 dan: desk-1 leaves, ends handled, desk-1 DONE",
    ]


HAND_ON = """
opens: 2026-03-02 08:58
queues:
  calls: {medium: chat, handle_time: 100s, wrap_up: {by_time: {"08:00": 20s, "09:00": 5s}}, TRANSFER}
  experts:
    medium: chat
    handle_time: {by_time: {"08:00": {sum: [60s, 30s]}, "09:00": 10s}}
    patience: 1h
teams:
  desk: {agents: 1, skills: {calls: 5}}
  expert: {agents: 1, skills: {experts: 5}}
""".replace("TRANSFER", "transfer: {probability: 100%, to: {experts: 100%}, after: 50%}")


def _handed_on(came_s: float) -> Told:
    return world(HAND_ON, ann=at(came_s))


def test_a_colleagues_work_and_a_wrap_up_are_by_the_same_clock() -> None:
    """Ann is handed on after 09:00 and has what the experts' law was at 08:59:20; after her, that of 09:00."""
    assert _handed_on(NINE - 40).story == [
        "80 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "130 ann: desk-1 sees calls 0 experts 1, desk-1 transfers to experts, desk-1 leaves, desk-1 wraps up, "
        "placed in experts at 10, offered to expert-1, answered by expert-1",
        "150 ann: desk-1 TRANSFERRED",
        "220 ann: expert-1 leaves, ends handled, expert-1 DONE",
    ]
    assert _handed_on(NINE).story == [
        "120 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "170 ann: desk-1 sees calls 0 experts 1, desk-1 transfers to experts, desk-1 leaves, desk-1 wraps up, "
        "placed in experts at 10, offered to expert-1, answered by expert-1",
        "175 ann: desk-1 TRANSFERRED",
        "180 ann: expert-1 leaves, ends handled, expert-1 DONE",
    ]
