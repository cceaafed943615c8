"""The pictures of one run, as `result.plot` has them."""

from collections.abc import Callable
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from sim.report.plots.intervals import by_interval, no_agent_rate, queue_lengths, service_level, volumes
from sim.report.plots.panels import each_queue
from sim.report.plots.plan import waiting
from sim.report.plots.source import Run
from sim.report.plots.story import conversation
from sim.report.plots.teams import agent_states, concurrency, occupancy
from sim.report.plots.transfers import transfer_flow
from sim.report.plots.waiting_times import answered_within, waits
from sim.report.plots.warm_up import welch

P = ParamSpec("P")
R = TypeVar("R")


class _Picture(Generic[P, R]):
    """Makes a method of a picture, the run being its first argument; its help is the picture's own."""

    def __init__(self, draw: Callable[Concatenate[Any, P], R]) -> None:
        self._draw = draw
        self.__doc__ = draw.__doc__

    def __get__(self, plots: "Plots | None", owner: type) -> Callable[P, R]:
        bound: Callable[P, R] = MethodType(self._draw, plots.run if plots is not None else owner)
        return bound


class Plots:
    """The pictures of a run: `result.plot.waits()`, `result.plot.service_level("billing")` and so on.

    Each returns the matplotlib axes it drew on, its own or those given as `ax`. Other pictures keep their style.
    """

    waits = _Picture(waits)
    answered_within = _Picture(answered_within)
    service_level = _Picture(service_level)
    no_agent_rate = _Picture(no_agent_rate)
    volumes = _Picture(volumes)
    queue_lengths = _Picture(queue_lengths)
    waiting = _Picture(waiting)
    by_interval = _Picture(by_interval)
    each_queue = _Picture(each_queue)
    agent_states = _Picture(agent_states)
    occupancy = _Picture(occupancy)
    concurrency = _Picture(concurrency)
    transfer_flow = _Picture(transfer_flow)
    conversation = _Picture(conversation)
    welch = _Picture(welch)

    def __init__(self, run: Run) -> None:
        self.run = run

    def __repr__(self) -> str:
        names = ", ".join(name for name, value in vars(type(self)).items() if isinstance(value, _Picture))
        return f"<Pictures of {self.run.scenario.name!r}: {names}>"
