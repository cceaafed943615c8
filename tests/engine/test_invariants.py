"""What must hold in every run is held while it runs (`--paranoid`), and each breach of it is found."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import sim
from engine.compiled.both_engines import differing, needs_the_library
from engine.compiled.mutants import Builder, Mutant
from engine.crowded import CENTRE, day
from engine.random_scenarios import Day, all_days, on
from engine.worlds import at, centre
from sim.cli import main
from sim.engine.breaches import BREACHES, BreachError, LastEvents
from sim.engine.compiled import layout, library, simulation
from sim.engine.compiled.library import load
from sim.engine.compiled.support import unsupported
from sim.engine.conversation import Conversation
from sim.engine.desk import Desk, TaskLimit
from sim.engine.engines import engine_for, simulate
from sim.engine.invariants import Invariants
from sim.engine.offers import Offers
from sim.engine.router import Router
from sim.engine.selection import Selection
from sim.engine.simulate import Centre
from sim.records import EVERYTHING, WITHOUT_EVENTS, Recorder, Records
from sim.scenario import Scenario
from sim.scenario import load as load_scenario
from sim.workload import Workload, by_hand

BOTH = ["simpy", pytest.param("compiled", marks=needs_the_library)]


def watched(engine: str = "simpy") -> Records:
    """The day, held to the invariants."""
    return simulate(*day(), Recorder(day()[0], WITHOUT_EVENTS), engine=engine, paranoid=True)


@on(all_days())
def test_random_days_hold_them_and_come_out_the_same(some: Day) -> None:
    scenario, workload = some.scenario, some.workload
    for engine in ("simpy", "compiled"):
        if engine == "compiled" and (load()[0] is None or unsupported(scenario) is not None):
            continue
        plain = simulate(scenario, workload, Recorder(scenario, EVERYTHING), engine=engine)
        held = simulate(scenario, workload, Recorder(scenario, EVERYTHING), engine=engine, paranoid=True)
        assert differing(plain, held) == []


def test_only_the_tables_that_were_asked_for_are_kept() -> None:
    records = watched()
    assert len(records.tables["events"]) == 0
    assert len(records.tables["tasks"]) > 40


BARGED_IN = """
media: {chat: {max_tasks: 1}}
queues: {calls: {medium: chat, handle_time: 100s}}
teams: {desk: {agents: 1, skills: {calls: 5}}, leads: {agents: 1, role: supervisor}}
supervision: {team: leads, queues: [calls], probability: 100%, after: 20s, lasts: 40s, barge_in: 100%}
"""


@pytest.mark.parametrize("engine", BOTH)
def test_who_comes_in_without_a_ring_takes_a_slot_of_their_own(engine: Any) -> None:
    """A supervisor barges in at 40: their slot is taken, and not a second one of the agent, who has one alone."""
    scenario = centre(BARGED_IN)
    workload = by_hand(scenario, [at(0, queue="calls", channel="web"), at(1, queue="calls", channel="web")])
    records = simulate(scenario, workload, Recorder(scenario, EVERYTHING), engine=engine, paranoid=True)
    assert records.tasks["task_direction"].tolist().count("BARGE_IN") == 2


# Faults put into the SimPy engine: each is found, and named.


def _reserve_twice(desk: Desk) -> None:
    desk.ringing += 2
    desk.tasks += 2
    desk.changed()


def _last_in_line(selection: Selection, desk: Desk) -> Any:
    waiting = [entry for level in desk.pool.levels for entry in level.entries()]
    return max(waiting)[2] if waiting else None


def _nothing(*_: Any) -> None:
    pass


def _leave_uncounted(router: Router, request: Any) -> None:
    request.ticket = request.step_token = 0


def _anybody(selection: Selection, request: Any, without: Any = ()) -> Any:
    pools = request.queue.opened[-1][0]
    free = [desk for pool in pools for desk in pool.desks]
    return free[0] if free else None


def _any_pool(selection: Selection, request: Any, without: Any = ()) -> Any:
    router = request.router
    desks = [desk for team in _teams_of(router) for agent in team.agents for desk in agent.desks.values()]
    return next((d for d in desks if d.available and d.medium == request.queue.spec.medium), None)


def _teams_of(router: Router) -> Any:
    return router.when_no_part_is_left.__self__.teams.values()  # type: ignore[attr-defined]


def _never_full(limit: TaskLimit, agent: Any) -> None:
    limit._open[agent] = limit._open.get(agent, 0) + 1


def _end_twice(conversation: Conversation, reason: str) -> None:
    conversation.end("blocked")
    conversation.end("blocked")


def _forget(centre: Centre, customer: Any, conversation: Conversation) -> None:
    centre._open.pop(conversation.id)
    centre._open[conversation.id + 10**6] = conversation
    centre.on_customer_gone()


FAULTS: dict[str, tuple[type, str, Callable[..., Any]]] = {
    "slots": (Desk, "reserve", _reserve_twice),
    "order": (Selection, "request_for", _last_in_line),
    "free": (Router, "seek", _nothing),
    "ttl": (Router, "on_ttl_expired", _nothing),
    "waiting": (Router, "leave_queue", _leave_uncounted),
    "state": (Selection, "desk_for", _anybody),
    "member": (Selection, "desk_for", _any_pool),
    "lost": (Centre, "on_conversation_over", _forget),
}


def words_of(kind: str) -> str:
    """The longest words that the sentence of a breach always has."""
    return max(re.split(r"\{\w+\}", BREACHES[kind]), key=len)


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_of_the_engine_is_found_and_named(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    watched()
    monkeypatch.setattr(*FAULTS[kind])
    with pytest.raises(BreachError) as found:
        watched()
    assert words_of(kind) in str(found.value), found.value


def test_a_queue_that_counts_too_few_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    leave = Router.leave_queue

    def counting_twice(router: Router, request: Any) -> None:
        was = request.queue.waiting
        leave(router, request)
        request.queue.waiting -= was - request.queue.waiting

    monkeypatch.setattr(Router, "leave_queue", counting_twice)
    with pytest.raises(BreachError, match="in calls other requests wait than the events say"):
        watched()


def test_half_a_second_between_waits_and_lengths_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    at_end = Invariants.at_end

    def with_a_wait_more(held: Invariants, horizon_s: float) -> None:
        held._waited["post"] += 0.5
        at_end(held, horizon_s)

    monkeypatch.setattr(Invariants, "at_end", with_a_wait_more)
    with pytest.raises(BreachError) as found:
        watched()
    assert words_of("little") in str(found.value)


def test_a_breach_of_the_compiled_engine_names_the_first_agent_and_nobody() -> None:
    run: Any = object.__new__(simulation._Run)
    scenario = centre(CENTRE)
    desk_1 = SimpleNamespace(name="desk-1")
    run._day = SimpleNamespace(
        world=SimpleNamespace(agents=[desk_1, SimpleNamespace(name="desk-2")], scenario=scenario)
    )
    run._ended = layout.rows("Ended", 1)
    run._ended["breach"] = layout.names("Breach").index("slots")
    assert "desk-1" in str(run._breach())
    run._ended["breach_agent"] = -1
    assert "desk" not in str(run._breach())
    run._ended["breach"] = layout.names("Breach").index("waiting")
    for number, queue in enumerate(("calls", "hard", "post")):
        run._ended["breach_queue"] = number
        assert f"in {queue} other requests wait" in str(run._breach())


def test_a_limit_of_tasks_that_is_not_kept_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = centre(CENTRE, "media.chat.max_tasks=2", "teams.desk.accept.probability=1")
    calls = [at(n, queue="calls", channel="web") for n in range(8)]
    workload = by_hand(scenario, calls)
    simulate(scenario, workload, engine="simpy", paranoid=True)
    monkeypatch.setattr(TaskLimit, "add", _never_full)
    with pytest.raises(BreachError, match="desk-1 has more tasks of calls than they may"):
        simulate(scenario, workload, engine="simpy", paranoid=True)


def test_a_breach_comes_with_its_instant_and_the_last_twenty_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Router, "on_ttl_expired", _nothing)
    with pytest.raises(BreachError) as found:
        watched()
    first, then, *events = str(found.value).splitlines()
    assert first.endswith("a search in calls outlives its time-to-live by more than one ring")
    assert float(first.split(" s after")[0]) > 50
    assert then == "the last events, in seconds from opening:"
    assert len(events) == 20
    assert found.value.exit_code == 1


def events_of(scenario: Scenario, workload: Workload, engine: Any) -> tuple[LastEvents, list[str]]:
    """The last events of a day that is run without their table, and all of them by the table of another run."""
    instead = Recorder(scenario, WITHOUT_EVENTS)
    instead.events = last = LastEvents()
    simulate(scenario, workload, instead, engine=engine)
    table = simulate(scenario, workload, Recorder(scenario, EVERYTHING), engine="simpy").events
    return last, [
        f"{row.at:.3f} {row.event}  conversation {row.conversation_id}" for row in table.itertuples()
    ]


@pytest.mark.parametrize("engine", BOTH)
def test_of_a_day_of_few_events_all_are_told(engine: Any) -> None:
    scenario = centre(CENTRE, "teams.desk.accept.probability=1")
    last, events = events_of(scenario, by_hand(scenario, [at(5, queue="calls", channel="web")]), engine)
    lines = str(last).splitlines()[1:]
    assert [line.strip().startswith(event) for line, event in zip(lines, events, strict=True)] == [
        True
    ] * len(events)
    assert 0 < len(lines) < 20
    assert last.arrived == 1


@pytest.mark.parametrize("engine", BOTH)
def test_of_a_crowded_day_the_last_twenty_are_told_and_all_who_came_are_counted(engine: Any) -> None:
    last, events = events_of(*day(), engine)
    lines = str(last).splitlines()[1:]
    assert [line.strip().startswith(event) for line, event in zip(lines, events[-20:], strict=True)] == [
        True
    ] * 20
    assert last.arrived == 45 == sum(" arrived " in f"{event} " for event in events)


def test_an_event_that_counts_time_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = Offers.offer

    def offer(offers: Offers, request: Any, desk: Desk) -> None:
        offers._clock.now -= 1.0
        offered(offers, request, desk)
        offers._clock.now += 1.0

    monkeypatch.setattr(Offers, "offer", offer)
    with pytest.raises(BreachError, match="time runs back"):
        watched()


# The compiled engine holds them itself.


def test_both_engines_name_the_same_breaches() -> None:
    assert set(layout.names("Breach")) - {"none"} == set(BREACHES)


MUTANTS = {
    "slots": ("desk.c", "desk->ringing++;", "desk->ringing += 2;"),
    "free": ("router.c", "    while (desk->available) {", "    while (0) {"),
    "ttl": (
        "router.c",
        "    if (r->state == RINGING) {",
        "    if (r->state == QUEUED) return;\n    if (r->state == RINGING) {",
    ),
    "waiting": ("router.c", "        r->queue->waiting--;\n", ""),
    "order": (
        "queue.c",
        "            found = *first;",
        "            found = *waiting_at(side, side->heap_n + side->end - side->first - 1);",
    ),
}


@pytest.mark.slow
@needs_the_library
def test_faults_of_the_compiled_engine_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(load.cache_clear)  # after the last one, whatever came of it
    watched("compiled")
    builder = Builder(tmp_path)
    for kind, (chapter, before, after) in MUTANTS.items():
        text = (library.HERE / "c" / chapter).read_text(encoding="utf-8")
        assert text.count(before) >= 1, kind
        built = builder.build(Mutant(chapter, "", 0, before, after, text.replace(before, after)))
        assert built is not None, kind
        kept = built.rename(tmp_path / f"{kind}.so")
        with monkeypatch.context() as patch:
            patch.setattr(library, "path", lambda file=kept: file)
            load.cache_clear()
            with pytest.raises(BreachError):
                watched("compiled")


# The command, and every shipped scenario.

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = [path for path in sorted(SCENARIOS.glob("*.yaml")) if path.stem != "reference"]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario_holds_them(path: Path, engine: str) -> None:
    scenario = load_scenario(path)
    taken = engine if engine == "simpy" or _is_compiled(scenario) else "simpy"
    plain = sim.run(scenario, 2, engine=taken, jobs=1)
    held = sim.run(scenario, 2, engine=taken, jobs=1, paranoid=True)
    assert held.figures.equals(plain.figures)


def _is_compiled(scenario: Scenario) -> bool:
    return load()[0] is not None and engine_for(scenario).name == "compiled"


def test_the_command_ends_with_the_replication_and_its_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.yaml"
    file.write_text(
        "lasts: 1h\nmedia: {chat: {max_tasks: 1}}\nchannels: {web: {medium: chat, request_ttl: 5m}}\n"
        "queues: {calls: {medium: chat, handle_time: 10m}}\nteams: {desk: {agents: 2, skills: {calls: 1}}}\n"
        "arrivals: [{channel: web, queue: calls, per_hour: 60}]\n"
    )
    told = ["run", str(file), "--replications", "2", "--jobs", "1", "--engine", "simpy", "--paranoid"]
    assert main([*told, "--out", str(tmp_path / "fine")]) == 0
    monkeypatch.setattr(Router, "on_ttl_expired", _nothing)
    capsys.readouterr()
    assert main([*told, "--out", str(tmp_path / "broken")]) == 1
    error = capsys.readouterr().err
    assert "replication 0 (seed " in error
    assert "outlives its time-to-live" in error
    assert error.count("\n") >= 22
    assert not (tmp_path / "broken").exists()
