"""Conversations that would go round without time passing, and a request that rings all day."""

import pytest

from engine.worlds import at, world
from sim.engine.desk import Desk
from sim.engine.request import Request
from sim.engine.selection import Selection
from sim.errors import SimError

pytestmark = pytest.mark.usefixtures("on_simpy")

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


def test_who_lets_it_ring_all_day_is_remembered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else every offer would look through all ring-outs before it."""
    remembered: list[int] = []
    found = Selection.desk_for

    def watched(self: Selection, request: Request, without: Desk | None = None) -> Desk | None:
        remembered.append(len(request.rung))
        return found(self, request, without)

    monkeypatch.setattr(Selection, "desk_for", watched)
    told = world(
        """
queues: {calls: {medium: chat, handle_time: 100s}}
teams: {desk: {agents: 2, skills: {calls: 5}, accept: {probability: 0%}}}
""",
        "drain=0s",
        ann=at(0),
    )
    assert told.requests("ann")[0]["ring_outs"] > 50
    assert max(remembered) == 2
