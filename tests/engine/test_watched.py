"""Who is offered, who waits at the end and who waits on a list, while all that must hold is held (`--paranoid`)."""

from types import SimpleNamespace
from typing import Any

import pytest

from engine.compiled.both_engines import needs_the_library
from engine.test_invariants import BARGED_IN, CENTRE, _any_pool, watched, words_of
from engine.worlds import at, centre
from sim.engine.breaches import BreachError
from sim.engine.engines import simulate
from sim.engine.invariants import Invariants
from sim.engine.selection import Selection
from sim.records import EVERYTHING, Recorder
from sim.workload import by_hand


@pytest.mark.parametrize("away", ["logged_in", "present"])
def test_an_offer_to_who_is_not_there_is_found(away: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the moment of the offer they are said to be away; nothing else is changed."""
    on_offered = Invariants._on_offered

    def told(held: Invariants, request: Any) -> None:
        was, agent = request.desk, request.desk.agent
        seen = SimpleNamespace(name=agent.name, logged_in=agent.logged_in, present=agent.present)
        setattr(seen, away, False)
        request.desk = SimpleNamespace(
            agent=seen, is_taken=was.is_taken, muted=was.muted, tasks=was.tasks, max_tasks=was.max_tasks
        )
        try:
            on_offered(held, request)
        finally:
            request.desk = was

    monkeypatch.setattr(Invariants, "_on_offered", told)
    with pytest.raises(BreachError) as found:
        watched()
    assert words_of("state") in str(found.value)


@pytest.mark.parametrize("engine", ["simpy", pytest.param("compiled", marks=needs_the_library)])
def test_who_still_waits_at_the_end_has_waited_until_then(engine: Any) -> None:
    scenario = centre(BARGED_IN, "lasts=1m", "drain=30s", "supervision=null")
    calls = [at(seconds, queue="calls", channel="web") for seconds in (0, 1, 50)]
    records = simulate(
        scenario, by_hand(scenario, calls), Recorder(scenario, EVERYTHING), engine=engine, paranoid=True
    )
    assert records.requests["outcome"].tolist() == ["answered", "unfinished", "unfinished"]


@pytest.mark.parametrize("engine", ["simpy", pytest.param("compiled", marks=needs_the_library)])
def test_who_waits_on_a_list_beside_a_free_agent_is_no_breach(engine: Any) -> None:
    """Agents take from a list after their reaction time."""
    scenario = centre(BARGED_IN, "queues.calls.mode=pull", "queues.calls.pull={reaction: 30s}")
    workload = by_hand(scenario, [at(0, queue="calls", channel="web")])
    records = simulate(scenario, workload, Recorder(scenario, EVERYTHING), engine=engine, paranoid=True)
    assert records.requests["wait"].tolist()[0] == 30


def test_a_transfer_to_who_does_not_serve_its_queue_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a named agent, and the last one of a customer, need not serve it."""
    desk_for = Selection.desk_for

    def anybody(selection: Selection, request: Any, without: Any = ()) -> Any:
        found = desk_for(selection, request, without)
        return _any_pool(selection, request) if request.kind == "transfer" else found

    scenario = centre(CENTRE, "teams.desk.accept.probability=1", "queues.calls.transfer.probability=1")
    workload = by_hand(scenario, [at(0, queue="calls", channel="web")])
    simulate(scenario, workload, engine="simpy", paranoid=True)
    monkeypatch.setattr(Selection, "desk_for", anybody)
    with pytest.raises(BreachError) as found:
        simulate(scenario, workload, engine="simpy", paranoid=True)
    assert words_of("member") in str(found.value)


@pytest.mark.parametrize(
    ("outcome", "is_breach"), [("unfinished", False), ("handled", True), ("wait_limit", True)]
)
def test_a_conversation_ends_with_an_open_search_only_where_its_day_is_over(
    outcome: str, is_breach: bool
) -> None:
    told: Any = SimpleNamespace(
        _open={7}, _searches={7: "the search"}, _ended=0, _fail=lambda kind, **_: ValueError(kind)
    )
    told._drop = told._searches.pop
    ended: Any = SimpleNamespace(id=7, outcome=outcome)
    if is_breach:
        with pytest.raises(ValueError, match="outcome"):
            Invariants._on_ended(told, ended)
    else:
        Invariants._on_ended(told, ended)
        assert (told._open, told._searches, told._ended) == (set(), {}, 1)
