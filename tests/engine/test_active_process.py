"""The active process is the innermost one that is at work, whoever lets it go on: the clock, a colleague or SimPy."""

from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any

import pytest
import simpy

from sim.engine.clock import Clock, Due, Process

Steps = Generator[Any, Any, None]


def started(clock: Clock, *steps: Callable[[], object]) -> Process:
    """Start a process that takes a step at once, and one more each time it goes on."""
    process = Process(clock)

    def life() -> Steps:
        for number, step in enumerate(steps):
            if number:
                with suppress(simpy.Interrupt):
                    yield
            step()

    process.start(life())
    return process


def test_nobody_is_at_work_before_and_after() -> None:
    clock = Clock()
    started(clock, lambda: None)
    assert clock.active_process is None
    clock.run_calendar(1.0)
    assert clock.active_process is None


def test_a_process_that_starts_or_wakes_another_is_at_work_again_afterwards() -> None:
    clock, seen = Clock(), []

    def see() -> None:
        seen.append(clock.active_process)

    inner = started(clock, lambda: None, see)

    def outer() -> Steps:
        see()
        seen.append(started(clock, see))
        see()
        inner.wake("now")
        see()
        yield

    process = Process(clock)
    process.start(outer())
    newborn = seen[2]
    assert seen == [process, newborn, newborn, process, inner, process]


@pytest.mark.parametrize("by_step", [False, True])
def test_whoever_is_due_or_interrupted_is_at_work(by_step: bool) -> None:
    clock, seen = Clock(), []
    waiting = started(clock, lambda: None, lambda: seen.append(clock.active_process))
    waiting.until(1.0, 3)
    interrupted = started(clock, lambda: None, lambda: seen.append(clock.active_process))

    class Spokesman(Due):
        """Something that is due and speaks for a process."""

        process = waiting

        def fire(self, token: int) -> None:
            interrupted.interrupt()
            seen.append(clock.active_process)

    clock.schedule_due(2.0, 3, Spokesman())
    if by_step:
        for _ in range(3):
            clock.step()
    else:
        clock.run_calendar(3.0)
    assert seen == [waiting, waiting, interrupted]


def test_a_process_of_simpy_is_at_work_between_those_of_the_centre() -> None:
    clock, seen = Clock(), []

    def plain() -> Steps:
        yield clock.timeout(1)
        seen.append(clock.active_process)
        seen.append(started(clock, lambda: seen.append(clock.active_process)))
        seen.append(clock.active_process)

    process = clock.process(plain())
    clock.run_calendar(2.0)
    _, newborn, again, _ = seen
    assert seen == [process, newborn, again, process]
    assert newborn is again


def test_another_clock_has_nobody_at_work() -> None:
    clock, other, seen = Clock(), Clock(), []
    started(clock, lambda: seen.append((other.active_process, clock.active_process is not None)))
    assert seen == [(None, True)]


def test_a_process_is_found_where_simpy_looks_for_it() -> None:
    process = Process(Clock())
    assert process.process is process
