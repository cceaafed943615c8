"""The engine and a plain event list agree on every request and every agent's time, world by world."""

from typing import Any

import pytest

from sim.scenario import Constant, Exponential, Scenario
from sim.scenario.distributions import Sum
from sim.workload import Workload, by_hand, draw
from twin.comparison import difference
from twin.event_list import EventList
from twin.worlds import (
    a_big_world,
    a_world,
    a_world_of_rules,
    a_world_of_ties,
    with_whole_limits,
    with_whole_rules,
)


def seeds(fast: int, slow: int) -> list[Any]:
    """The first few always, the others where slow tests are asked for."""
    return [*range(fast), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(fast, slow))]


def compare(scenario: Scenario, workload: Workload) -> EventList:
    twin = EventList(scenario, workload).run()
    assert difference(twin, scenario, workload) == ""
    return twin


@pytest.mark.parametrize("seed", seeds(6, 60))
def test_small_worlds(seed: int) -> None:
    world = a_world(seed)
    compare(world, draw(world))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_big_worlds(seed: int) -> None:
    world = a_big_world(seed)
    twin = compare(world, draw(world))
    kinds = {(request.kind, request.outcome) for request in twin.requests}
    assert {("inbound", "abandoned"), ("transfer", "answered"), ("inbound", "no_agent")} <= kinds
    assert sum(request.ring_outs for request in twin.requests) > 100


@pytest.mark.slow
def test_the_small_worlds_have_everything_in_them() -> None:
    twins = [EventList(world := a_world(seed), draw(world)).run() for seed in range(60)]
    requests = [request for twin in twins for request in twin.requests]
    for kind in ("inbound", "transfer"):
        for outcome in ("answered", "abandoned", "no_agent"):
            assert sum((r.kind, r.outcome) == (kind, outcome) for r in requests) > 20
    assert sum(request.ring_outs > 1 for request in requests) > 100
    assert sum(request.step > 0 for request in requests) > 100


def desk(agents: int, **routing: Any) -> dict[str, Any]:
    return {
        "lasts": "1h",
        "media": {"voice": {"max_tasks": 1}},
        "channels": {"phone": {"medium": "voice"}},
        "routing": {"ring_time": "15s", **routing},
        "queues": {"line": {"medium": "voice", "handle_time": "100s"}},
        "teams": {"desk": {"agents": agents, "skills": {"line": 1}, "accept": {"probability": 0.5}}},
        "arrivals": [{"channel": "phone", "queue": "line", "per_hour": 1}],
    }


def contact(at: float, **more: Any) -> dict[str, Any]:
    return {"at": at, "channel": "phone", "queue": "line", "accept": [0.0] * 4} | more


def answers(scenario: Scenario, contacts: list[dict[str, Any]]) -> list[float]:
    twin = compare(scenario, by_hand(scenario, contacts))
    return [request.ended_at for request in twin.requests]


def test_rung_out_requests_come_in_order_of_their_ringing_out(world_of: Any) -> None:
    """At 45 s the expert has let one ring; the one that rang out at 36 s is before it, at the same priority."""
    world = desk(1)
    world["teams"]["expert"] = world["teams"]["desk"] | {"skills": {"line": 5}}
    world["queues"]["line"]["steps"] = [{"needs": "line >= 5", "for": "20s"}, {"needs": "line >= 1"}]
    found = answers(
        world_of(world),
        [contact(0, handle_time=25), contact(1, accept=[0.9, 0.0]), contact(30, accept=[0.9, 0.0])],
    )
    assert found == [0.0, 45.0, 65.0]


def test_a_returning_contact_goes_behind_those_of_equal_priority(world_of: Any) -> None:
    world = desk(1, exclude_requester=False, transfer_priority=1)
    world["queues"]["line"]["transfer"] = {"probability": 0.5, "to": {"line": 1.0}}
    found = answers(world_of(world), [contact(0, transfer=[0.0, 0.9]), contact(10, transfer=0.9)])
    assert found == [0.0, 100.0, 200.0]


def test_a_returning_contact_goes_before_those_of_lower_priority(world_of: Any) -> None:
    world = desk(1, exclude_requester=False)
    world["queues"]["line"]["transfer"] = {"probability": 0.5, "to": {"line": 1.0}}
    found = answers(world_of(world), [contact(0, transfer=[0.0, 0.9]), contact(10, transfer=0.9)])
    assert found == [0.0, 200.0, 100.0]


def test_the_patience_of_a_transfer_is_the_leaving_queue_s_else_the_queue_s_own(world_of: Any) -> None:
    """Two laws for transfers into one queue: each transfer keeps its own, whichever is drawn first."""
    world = desk(9)
    world["queues"]["line"] |= {
        "handle_time": 10,
        "transfer": {"probability": 1, "to": {"line": 0.5, "experts": 0.5}},
    }
    world["queues"]["experts"] = {
        "medium": "voice",
        "handle_time": 50,
        "patience": {"exponential": {"mean": "100s"}},
        "transfer": {
            "probability": 0.5,
            "to": {"experts": 1.0},
            "patience": {"exponential": {"mean": "20s"}},
        },
    }
    world["teams"]["experts"] = {"agents": 1, "skills": {"experts": 1}}
    ways = ([0.0, 0.9], [0.9, 0.0])  # by way of the line once more, or of the experts, to the experts
    calls = [contact(15.0 * n, transfer=[0.0, 0.0, 0.9], transfer_to=ways[n % 2]) for n in range(40)]
    compare(world_of(world), by_hand(world_of(world), calls))


@pytest.mark.parametrize("seed", seeds(10, 80))
def test_worlds_of_ties(seed: int) -> None:
    """Everything falls on whole ten seconds, with shifts, breaks and head-counts: the order of an instant decides."""
    world, contacts = a_world_of_ties(seed)
    compare(world, by_hand(world, contacts))


@pytest.mark.parametrize("seed", seeds(6, 80))
def test_worlds_of_rules(seed: int) -> None:
    """Customers balk, are blocked, return with the patience they had; agents pause; queues are weighed."""
    world = a_world_of_rules(seed)
    compare(world, draw(world))


@pytest.mark.parametrize("seed", seeds(8, 200))
def test_worlds_of_ties_with_rules(seed: int) -> None:
    world, contacts = a_world_of_ties(seed)
    world = with_whole_rules(world, seed)
    compare(world, by_hand(world, contacts))


@pytest.mark.slow
def test_the_worlds_of_rules_have_everything_in_them() -> None:
    twins = [EventList(world := a_world_of_rules(seed), draw(world)).run() for seed in range(80)]
    attempts = [request.conversation.attempt for twin in twins for request in twin.requests]
    assert sum(attempt > 1 for attempt in attempts) > 100
    agents = [agent for twin in twins for agent in twin.agents if agent.pauses is not None]
    assert sum(agent.drawn.get("pause_for", 0) for agent in agents) > 100


@pytest.mark.parametrize("seed", seeds(10, 300))
def test_worlds_of_ties_with_limits(seed: int) -> None:
    """Nobody is there any more, or not yet; waits have an end, and agents few tasks of a queue."""
    world, contacts = a_world_of_ties(seed)
    world = with_whole_limits(world, seed)
    compare(world, by_hand(world, contacts))


@pytest.mark.slow
def test_the_worlds_of_limits_have_everything_in_them() -> None:
    ends: list[tuple[str, bool]] = []
    for seed in range(60):
        world, contacts = a_world_of_ties(seed)
        world = with_whole_limits(world, seed)
        twin = EventList(world, by_hand(world, contacts)).run()
        ends += [(request.outcome, request.ended_at > request.placed_at) for request in twin.requests]
    for end in (("voicemail", True), ("wait_limit", True), ("no_agent", True), ("no_agent", False)):
        assert ends.count(end) > 20, end


def test_two_laws_of_one_purpose_may_have_drawn_differently_many_numbers() -> None:
    """An agent reacts to one list after a constant time, and to another after a sum of two parts."""
    agents, parts = draw(a_world(0)).agents, Sum(parts=(Constant(5.0), Exponential(mean=5)))
    agents.value("team0", 1, "reaction", Exponential(mean=5), 64)
    assert agents.value("team0", 1, "reaction", parts, 3) > 5
