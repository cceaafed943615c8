"""The timers of a request as processes: a ringing offer, the next step, the time-to-live, the wait limit."""

from typing import Any

import pytest
import simpy

from engine.own_processes import ONE_DESK, Steps, day, desk
from engine.worlds import Told, at, centre
from sim.engine.request import Timer
from sim.engine.router import Router
from sim.engine.running import RunningCentre
from sim.engine.simulate import Centre

pytestmark = pytest.mark.usefixtures("on_simpy")

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


def test_a_limit_that_was_reached_while_it_rings_runs_no_more() -> None:
    scenario = centre(
        ONE_DESK,
        "queues.calls.wait_limit={after: 40s, then: voicemail}",
        "teams.desk.accept.probability=0%",
    )
    seen: list[list[str]] = []

    def look(running: RunningCentre) -> Steps:
        for _ in range(2):
            yield running.env.timeout(30)
            seen.append(sorted(running.requests[0].timers))

    day(scenario, {"ann": at(0)}, look)
    assert seen == [["limit", "ring"], ["ring"]]
