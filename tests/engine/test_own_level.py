"""The order of an agent's own levels: `routing.request_selection: own_level`."""

import pytest

from engine.worlds import at, centre, world
from sim.scenario import notes

TWO_TEAMS = """
routing: {agent_selection: most_skilled, request_selection: own_level}
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales: {medium: voice, handle_time: 300s, patience: 1h}
  support: {medium: voice, handle_time: 300s, patience: 1h}
teams:
  seller: {agents: 1, skills: {sales: 10, support: 1}}
  helper: {agents: 1, skills: {support: 10, sales: 1}}
"""
CALLS = {
    "x": at(0, queue="sales", handle_time=100),
    "y": at(1, queue="support", handle_time=110),
    "t": at(5, queue="support"),
    "s": at(10, queue="sales"),
    "u": at(20, queue="support"),
}


def test_r2_8_an_agent_takes_the_queue_of_their_own_highest_level_first() -> None:
    told = world(TWO_TEAMS, **CALLS)
    assert told.story == [
        "0 x: arrives, placed in sales, offered to seller-1, answered by seller-1",
        "1 y: arrives, placed in support, offered to helper-1, answered by helper-1",
        "5 t: arrives, placed in support",
        "10 s: arrives, placed in sales",
        "20 u: arrives, placed in support",
        "100 x: seller-1 leaves, ends handled, seller-1 DONE; s: offered to seller-1, answered by seller-1",
        "111 y: helper-1 leaves, ends handled, helper-1 DONE; t: offered to helper-1, answered by helper-1",
        "400 s: seller-1 leaves, ends handled, seller-1 DONE; u: offered to seller-1, answered by seller-1",
        "411 t: helper-1 leaves, ends handled, helper-1 DONE",
        "700 u: seller-1 leaves, ends handled, seller-1 DONE",
    ]


def test_r2_8_by_priority_the_longest_wait_decides() -> None:
    told = world(TWO_TEAMS, "routing.request_selection=priority", **CALLS)
    assert told.offers[2:] == ["100 t to seller-1", "111 s to helper-1", "400 u to seller-1"]


@pytest.mark.parametrize("switch", ["on", "off"])
def test_r2_8_a_level_comes_before_the_priority_of_a_queue(switch: str) -> None:
    told = world(TWO_TEAMS, f"routing.queue_priority={switch}", "queues.support.priority=9", **CALLS)
    assert told.offers[2] == "100 s to seller-1"


def test_own_level_without_different_levels_gets_a_note() -> None:
    same = centre(TWO_TEAMS, "teams.seller.skills.support=10", "teams.helper.skills.sales=10")
    said = "own_level orders as priority does, since no team has different levels in its queues"
    assert said in "".join(notes(same))
    assert said not in "".join(notes(centre(TWO_TEAMS)))
