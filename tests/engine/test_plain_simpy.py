"""Plain SimPy beside a running centre: processes, resources and events of one's own on its clock."""

from collections.abc import Generator
from typing import Any

import pytest
import simpy

import sim
from engine.worlds import Contact, Told, at, centre
from sim.engine import simulate
from sim.engine.clock import Clock
from sim.engine.request import Timer
from sim.engine.router import Router
from sim.engine.running import OwnProcess, RunningCentre
from sim.engine.simulate import Centre
from sim.errors import SimError
from sim.records import EVERYTHING, Recorder
from sim.scenario import Scenario
from sim.workload import by_hand

ONE_DESK = """
opens: 2026-03-02 09:00
queues: {calls: {medium: chat, handle_time: 60s, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 1}, wrap_up: 10s}}
"""

Steps = Generator[simpy.Event, Any, Any]


def day(scenario: Scenario, contacts: dict[str, Contact], *processes: OwnProcess) -> Told:
    """Simulate a day with contacts for the first queue and processes of one's own."""
    queue = next(iter(scenario.queues))
    placed = [{"queue": queue, "channel": "web", **contact} for contact in contacts.values()]
    recorder = Recorder(scenario, EVERYTHING)
    records = simulate(scenario, by_hand(scenario, placed), recorder, processes=processes)
    return Told(records, list(contacts))


def desk(*processes: OwnProcess, **contacts: Contact) -> Told:
    """Simulate a day of one agent."""
    return day(centre(ONE_DESK), contacts, *processes)


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


# The timers of a request: an offer that rings, the time-to-live, the next step.

TIMED = """
opens: 2026-03-02 09:00
channels: {web: {medium: chat, request_ttl: 100s}}
routing: {ring_time: 20s}
queues:
  calls:
    medium: chat
    handle_time: 60s
    patience: 1h
    steps: [{needs: calls >= 5, for: 30s}, {needs: calls >= 1}]
teams:
  expert: {agents: 1, skills: {calls: 5}}
  desk: {agents: 1, skills: {calls: 1}}
"""
RINGS = "teams.expert.accept.delay=8s"
NO_EXPERT = "teams.expert.shifts=[{from: '09:30', to: '10:00', agents: 1}]"
NOBODY = "teams.desk.shifts=[{from: '09:30', to: '10:00', agents: 1}]"


def timers_told(*changes: str, then: str = "", at_s: float = 2) -> tuple[list[Any], Told]:
    """Wait for each timer that runs after two seconds; interrupt one of them at `at_s`."""
    log: list[Any] = []

    def wait(running: RunningCentre, name: str, timer: Timer) -> Steps:
        log.append((name, (yield timer), running.env.now))

    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(2)
        (search,) = running.requests
        timers = search.timers
        assert search.timers == timers
        for name, timer in timers.items():
            assert isinstance(timer, simpy.Process)
            assert timer.is_alive
            running.env.process(wait(running, name, timer))
        if then:
            yield running.env.timeout(at_s - running.env.now)
            timers[then].interrupt()

    told = day(centre(TIMED, *changes), {"ann": at(0)}, watch)
    return sorted(log), told


def test_a_process_waits_for_the_timers_of_a_request() -> None:
    """The value is whether its time came: of what is answered at 8 the time-to-live is stopped."""
    log, _ = timers_told(RINGS)
    assert log == [("ring", True, 8), ("ttl", False, 8)]
    log, told = timers_told(NO_EXPERT)
    assert log == [("step", True, 30), ("ttl", False, 30)]
    log, told = timers_told(NO_EXPERT, NOBODY)
    assert log == [("step", True, 30), ("ttl", True, 100)]
    assert told.requests("ann")[0]["outcome"] == "no_agent"


def test_a_timer_of_a_step_ends_when_the_request_is_offered_before() -> None:
    """An expert comes at 09:00:10 and takes eight seconds to accept."""
    comes = "teams.expert.shifts=[{from: '09:00:10', to: '10:00', agents: 1}]"
    log, told = timers_told(comes, RINGS)
    assert log == [("step", False, 10), ("ttl", False, 18)]
    assert told.requests("ann")[0]["agent"] == "expert-1"


def test_the_time_of_an_interrupted_timer_comes_now() -> None:
    log, told = timers_told(RINGS, then="ring", at_s=5)
    assert log == [("ring", True, 5), ("ttl", False, 5)]
    assert told.requests("ann")[0]["answered_at"] == 5

    log, told = timers_told(NO_EXPERT, then="step", at_s=12)
    assert log == [("step", True, 12), ("ttl", False, 12)]
    assert told.requests("ann")[0]["answered_at"] == 12

    log, told = timers_told(NO_EXPERT, NOBODY, then="ttl", at_s=50)
    assert log == [("step", True, 30), ("ttl", True, 50)]
    assert told.requests("ann")[0]["ended_at"] == 50


def test_a_limit_of_the_wait_is_a_timer_too() -> None:
    limit = "queues.calls.wait_limit={after: 40s, then: voicemail}"
    log, told = timers_told(NO_EXPERT, NOBODY, limit, then="limit", at_s=20)
    assert log == [("limit", True, 20), ("step", False, 20), ("ttl", False, 20)]
    assert told.requests("ann")[0]["outcome"] == "voicemail"


def test_an_interrupted_step_opens_once() -> None:
    """Its entry in the calendar, at 30, opens nothing more."""
    log, told = timers_told(NO_EXPERT, NOBODY, then="step", at_s=12)
    assert log == [("step", True, 12), ("ttl", True, 100)]
    assert [line for line in told.story if "step" in line] == ["12 ann: step 2 opens"]


def test_an_interrupted_ring_of_an_agent_who_does_not_accept_rings_out() -> None:
    never = "teams.expert.accept.probability=0%"
    log, told = timers_told(never, then="ring", at_s=5)
    assert log == [("ring", True, 5), ("ttl", True, 100)]
    assert told.story[1] == "5 ann: rings out at expert-1, requeued at 11, offered to expert-1"


def test_a_timer_is_the_active_process_while_its_time_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nobody has asked for it before; it cannot interrupt itself, and ends once it has done its work."""
    seen: list[Any] = []
    expire = Router.on_ttl_expired

    def spy(router: Router, request: Any) -> None:
        timer = request.clock.active_process
        seen.append((type(timer), timer.name, timer.is_alive))
        with pytest.raises(RuntimeError, match="not allowed to interrupt itself"):
            timer.interrupt()
        expire(router, request)
        seen.append((request.clock.active_process is timer, timer))

    monkeypatch.setattr(Router, "on_ttl_expired", spy)
    day(centre(TIMED, NO_EXPERT, NOBODY), {"ann": at(0)})
    assert seen[0] == (Timer, "the timer ttl of request 1", True)
    was_active, timer = seen[1]
    assert was_active
    assert (timer.is_alive, timer.value) == (False, True)


def test_an_interrupted_timer_is_the_active_process() -> None:
    seen: list[Any] = []

    def watch(running: RunningCentre) -> Steps:
        yield running.env.timeout(2)
        (search,) = running.requests
        timer = search.timers["ttl"]
        search.router.on_ttl_expired = lambda _: seen.append(running.env.active_process is timer)  # type: ignore[method-assign]
        timer.interrupt()

    day(centre(TIMED, NO_EXPERT, NOBODY), {"ann": at(0)}, watch)
    assert seen == [True]


def test_what_is_no_process_is_not_active(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process before it is not either: closing comes after the wait of a customer here."""
    seen: list[Any] = []
    close = Centre.close

    def spy(running: Centre) -> None:
        seen.append(running.clock.active_process)
        close(running)

    monkeypatch.setattr(Centre, "close", spy)
    desk(ann=at(0))
    assert seen == [None]


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
