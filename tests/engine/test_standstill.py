"""Conversations that would go round without time passing."""

import pytest

from engine.worlds import at, world
from sim.errors import SimError

ROUND = """
queues:
  front: {medium: chat, handle_time: 60s, conference: {probability: 100%, to: {back: 100%}, after: 0%, then: THEN}}
  back: {medium: chat, handle_time: 60s, conference: {probability: 100%, to: {front: 100%}, after: 0%, then: THEN}}
teams: {desk: {agents: 20, skills: {front: 5, back: 5}}}
"""


@pytest.mark.parametrize("then", ["{requester_leaves: 100%}", "{both_stay: 100%}"])
def test_conferences_that_never_let_time_pass_are_told_with_moment_and_conversation(then: str) -> None:
    with pytest.raises(
        SimError, match=r"s after opening, conversation 1: more than 50 transfers and conferences"
    ):
        world(ROUND.replace("THEN", then), ann=at(10, queue="front"))


def test_a_chain_in_which_time_passes_goes_on() -> None:
    told = world(
        ROUND.replace("THEN", "{requester_leaves: 100%}"),
        "teams.desk.accept.delay=1s",
        "lasts=5m",
        "drain=0s",
        ann=at(10, queue="front"),
    )
    assert len(told.requests("ann")) > 200
