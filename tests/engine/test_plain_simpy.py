"""Plain SimPy beside a running centre: processes, resources and events of one's own on its clock."""

from typing import Any

import pytest
import simpy

import sim
from engine.own_processes import ONE_DESK, Steps, day, desk
from engine.worlds import Told, at, centre
from sim.engine.clock import Clock, Due
from sim.engine.running import RunningCentre
from sim.errors import SimError


def test_a_process_runs_on_the_centres_clock() -> None:
    log: list[tuple[float, int]] = []

    def watch(running: RunningCentre) -> Steps:
        for _ in range(3):
            yield running.env.timeout(50)
            log.append((running.env.now, running.queues["calls"].waiting))

    desk(watch, ann=at(0), bob=at(10))
    assert log == [(50, 1), (100, 0), (150, 0)]


def test_the_day_is_the_same_with_a_process_that_only_looks() -> None:
    def watch(running: RunningCentre) -> Steps:
        while True:
            yield running.env.timeout(7)

    assert desk(watch, ann=at(0), bob=at(10)).story == desk(ann=at(0), bob=at(10)).story


def test_a_process_waits_for_a_customer() -> None:
    log: list[Any] = []

    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(20)
        ann, bob = running.customers
        log.append(("ann", (yield ann), running.env.now))
        log.append(("ann again", (yield ann), running.env.now))
        yield ann & bob
        log.append(("both", bob.processed, bob.is_alive, running.env.now))

    desk(watch, ann=at(0), bob=at(10))
    assert log == [("ann", None, 60), ("ann again", None, 60), ("both", True, False, 130)]


def test_any_of_a_customer_and_a_timeout() -> None:
    log: list[Any] = []

    def watch(running: RunningCentre) -> Steps:
        env = running.env
        yield env.timeout(1)
        (ann,) = running.customers
        soon = env.timeout(5)
        found = yield ann | soon
        log.append((soon in found, ann in found, env.now))
        found = yield simpy.AnyOf(env, [ann, env.timeout(500)])
        log.append((soon in found, ann in found, env.now))

    desk(watch, ann=at(0))
    assert log == [(True, False, 6), (False, True, 60)]


def test_a_process_waits_for_a_request_a_handling_and_a_shift() -> None:
    log: list[Any] = []
    shift = "teams.desk.shifts=[{from: '09:00', to: '09:30', agents: 1}]"

    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(20)
        (search,) = running.requests
        log.append(((yield search), running.env.now))
        agent = running.agents["desk-1"]
        (handling,) = agent.handlings
        yield handling
        log.append((handling.name, running.env.now))
        assert agent.shifts is not None
        yield agent.shifts
        log.append((agent.present, running.env.now))

    day(centre(ONE_DESK, shift), {"ann": at(0), "bob": at(10)}, watch)
    assert log == [("answered", 70), ("the task of desk-1 in conversation 2", 140), (False, 1800)]


def test_resource_and_store_run_beside_the_centre() -> None:
    """A printer prints a label for each customer who has gone, a clerk sends what is printed."""
    log: list[tuple[str, float]] = []

    def office(running: RunningCentre) -> Steps:
        env = running.env
        printer, printed = simpy.Resource(env, capacity=1), simpy.Store(env)

        def label(customer: simpy.Event, name: str) -> Steps:
            yield customer
            with printer.request() as turn:
                yield turn
                yield env.timeout(100)
            yield printed.put(name)

        yield env.timeout(20)
        for customer, name in zip(running.customers, ("ann", "bob"), strict=True):
            env.process(label(customer, name))
        while len(log) < 2:
            log.append(((yield printed.get()), env.now))

    desk(office, ann=at(0), bob=at(10))
    assert log == [("ann", 160), ("bob", 260)]


def test_an_interrupted_customer_hangs_up() -> None:
    def impatient(running: RunningCentre) -> Steps:
        yield running.env.timeout(30)
        running.customers[1].interrupt("the bus has come")

    assert desk(impatient, ann=at(0), bob=at(10)).story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "30 bob: abandons, ends abandoned",
        "60 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "70 ann: desk-1 DONE",
    ]


def test_an_interrupted_handling_ends_and_is_wrapped_up() -> None:
    def disturb(running: RunningCentre) -> Steps:
        yield running.env.timeout(30)
        running.agents["desk-1"].handlings[0].interrupt()
        yield running.env.timeout(4)
        running.agents["desk-1"].handlings[0].interrupt()

    assert desk(disturb, ann=at(0)).story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "30 ann: desk-1 leaves, ends handled, desk-1 wraps up",
        "34 ann: desk-1 DONE",
    ]


def test_an_interrupted_shift_ends_once_the_open_task_is_done() -> None:
    def send_home(running: RunningCentre) -> Steps:
        yield running.env.timeout(30)
        shifts = running.agents["desk-1"].shifts
        assert shifts is not None
        shifts.interrupt()
        yield shifts
        assert running.env.now == 70

    told = desk(send_home, ann=at(0), bob=at(10))
    assert told.requests("ann")[0]["outcome"] == "answered"
    assert told.requests("bob")[0]["offers"] == 0


def test_a_process_that_expects_no_interrupt_ends_the_run_by_name() -> None:
    def disturb(running: RunningCentre) -> Steps:
        yield running.env.timeout(30)
        shifts = running.agents["desk-1"].shifts
        assert shifts is not None
        shifts.interrupt()
        shifts.interrupt("twice")

    with pytest.raises(
        SimError, match=r"30\.0 s after opening: the shift of desk-1 was interrupted \(twice\)"
    ):
        desk(disturb, ann=at(0))


def test_who_waits_may_handle_the_failure() -> None:
    log: list[str] = []

    def disturb(running: RunningCentre) -> Steps:
        yield running.env.timeout(30)
        shifts = running.agents["desk-1"].shifts
        assert shifts is not None
        shifts.interrupt()
        shifts.interrupt("twice")
        try:
            yield shifts
        except SimError as error:
            log.append(str(error))

    assert desk(disturb, ann=at(0)).requests("ann")[0]["outcome"] == "answered"
    assert log == ["30.0 s after opening: the shift of desk-1 was interrupted (twice) where it expects none"]


def test_an_ended_process_cannot_be_interrupted() -> None:
    def disturb(running: RunningCentre) -> Steps:
        yield running.env.timeout(1)
        (ann,) = running.customers
        yield ann
        ann.interrupt()

    with pytest.raises(RuntimeError, match="has terminated"):
        desk(disturb, ann=at(0))


def test_the_active_process_is_the_one_at_work() -> None:
    """Observed from what the engine calls: none is in the callbacks of an event."""
    seen: list[Any] = []

    def watch(running: RunningCentre) -> Steps:
        env = running.env
        own = env.active_process
        yield env.timeout(1)
        seen.append(env.active_process is own)
        (ann,) = running.customers
        assert ann.callbacks is not None
        (handling,) = running.agents["desk-1"].handlings
        release = running.agents["desk-1"]._agent.router.on_slot_free

        def spy(desk: Any) -> None:
            seen.append(env.active_process is handling)
            release(desk)

        running.agents["desk-1"]._agent.router.on_slot_free = spy  # type: ignore[method-assign]
        ann.callbacks.append(lambda _: seen.append(env.active_process))
        yield env.timeout(1000)
        seen.append(env.active_process is own)

    desk(watch, ann=at(0))
    assert seen == [True, None, True, True]


def test_what_can_be_waited_for_passes_for_an_event() -> None:
    seen: list[tuple[bool, bool]] = []

    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(20)
        (search,) = running.requests
        ann = running.customers[0]
        (handling,) = running.agents["desk-1"].handlings
        shifts = running.agents["desk-1"].shifts
        seen.extend(
            (isinstance(thing, simpy.Event), isinstance(thing, simpy.Process))
            for thing in (search, ann, handling, shifts)
        )
        assert ann.target is None

    desk(watch, ann=at(0), bob=at(10))
    assert seen == [(True, False), (True, True), (True, True), (True, True)]


def test_simpys_own_run_ends_with_a_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day in parts: until an instant, until customers are gone, and the rest."""
    people: list[Any] = []
    log: list[Any] = []
    run_calendar = Clock.run_calendar

    def in_parts(clock: Clock, until: float) -> None:
        clock.run(until=20)
        ann, bob = people
        log.append((clock.now, clock.run(until=ann), clock.now, clock.active_process))
        log.append((clock.run(until=ann), clock.now))  # gone already
        found = clock.run(until=bob | clock.timeout(5))
        log.append((bob in found, clock.now))
        run_calendar(clock, until)

    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(15)
        people.extend(running.customers)

    whole = desk(watch, ann=at(0), bob=at(10)).story
    people.clear()
    monkeypatch.setattr(Clock, "run_calendar", in_parts)
    assert desk(watch, ann=at(0), bob=at(10)).story == whole
    assert log == [(20, None, 60, None), (None, 60), (False, 65)]


ARRIVALS = """
lasts: 1h
seed: 1
channels: {web: {medium: chat}}
media: {chat: {max_tasks: 1}}
arrivals: [{channel: web, queue: calls, per_hour: 30}]
"""


def test_a_run_starts_the_processes_in_each_replication() -> None:
    started: list[float] = []

    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(7)
        started.append(running.env.now)

    scenario = sim.loads(ONE_DESK + ARRIVALS)
    watched = sim.run(scenario, 3, processes=[watch])
    assert started == [7, 7, 7]
    assert watched.figure("asa").value == sim.run(scenario, 3, jobs=1).figure("asa").value


def test_a_run_with_processes_has_one_job() -> None:
    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(7)

    with pytest.raises(SimError, match="processes of your own run in this process only; leave jobs"):
        sim.run(sim.loads(ONE_DESK + ARRIVALS), 3, processes=[watch], jobs=2)


# The examples of the how-to.

TWO_TEAMS = """
opens: 2026-03-02 09:00
lasts: 4h
queues:
  calls: {medium: chat, handle_time: 5m, patience: 1h}
  mail: {medium: chat, handle_time: 5m, patience: 1h}
teams:
  phone: {agents: 1, skills: {calls: 1}}
  desk: {agents: 2, skills: {mail: 1}}
"""


def fault(running: RunningCentre) -> Steps:
    """A fault of the platform from 11:00 to 11:20: no agent gets an offer."""
    yield running.at("11:00")
    affected = [agent for agent in running.agents.values() if agent.present]
    for agent in affected:
        agent.log_out()
    yield running.at("11:20")
    for agent in affected:
        agent.log_in()


def supervisor(running: RunningCentre) -> Steps:
    """Look every minute, and move an agent to the phone as soon as three calls wait."""
    while running.queues["calls"].waiting < 3:
        yield running.env.timeout(60)
    running.agents["desk-2"].move_to("phone")


def answers(told: Told, *names: str) -> list[Any]:
    """Return the minute at which each contact was answered, from 09:00 on."""
    return [told.requests(name)[0]["answered_at"] / 60 for name in names]


def test_how_to_a_fault_of_the_platform() -> None:
    scenario = centre(TWO_TEAMS)
    contacts = {"ann": at(117 * 60), "bob": at(119 * 60), "eve": at(125 * 60)}
    assert answers(day(scenario, contacts), "ann", "bob", "eve") == [117, 122, 127]
    told = day(scenario, contacts, fault)
    assert answers(told, "ann", "bob", "eve") == [117, 140, 145]


def test_how_to_a_supervisor_moves_an_agent() -> None:
    scenario = centre(TWO_TEAMS)
    contacts = {name: at(60 * minute) for minute, name in enumerate(("ann", "bob", "eve", "joe"))}
    assert answers(day(scenario, contacts), *contacts) == [0, 5, 10, 15]
    told = day(scenario, contacts, supervisor)
    assert answers(told, *contacts) == [0, 4, 5, 9]
    assert told.requests("bob")[0]["agent"] == "desk-2"


def test_who_waits_on_a_list_is_counted_there() -> None:
    seen = []

    def watch(running: RunningCentre) -> Steps:
        for second in (5, 15, 3):
            yield running.env.timeout(second)
            seen.append(running.queues["calls"].waiting)

    pull = "queues.calls.pull={reaction: 10s}"
    day(centre(ONE_DESK, "queues.calls.mode=pull", pull), {"ann": at(0), "bob": at(15), "eve": at(16)}, watch)
    assert seen == [1, 2, 2]


def test_who_is_moved_is_shown_by_their_new_queue_alone() -> None:
    def move(running: RunningCentre) -> Steps:
        yield running.env.timeout(60)
        running.agents["desk-2"].move_to("phone")

    contacts = {"ann": at(30, queue="mail"), "bob": at(90, queue="mail"), "eve": at(95), "joe": at(96)}
    told = day(centre(TWO_TEAMS), contacts, move)
    assert [told.requests(name)[0]["agents_available"] for name in contacts] == [2, 0, 2, 1]
    assert [told.requests(name)[0]["agent"] for name in ("eve", "joe")] == ["phone-1", "desk-2"]


def test_no_entry_has_the_number_that_stands_for_none() -> None:
    """Who keeps no token keeps 0: an entry of that number would wake whoever waits for nothing."""
    clock = Clock()
    assert clock.schedule_due(1.0, 3, Due()) > 0


def test_a_clock_time_may_have_seconds() -> None:
    seen: list[float] = []

    def watch(running: RunningCentre) -> Steps:
        for clock_time in ("09:01", "09:01:30"):
            yield running.at(clock_time)
            seen.append(running.env.now)

    desk(watch)
    assert seen == [60, 90]
