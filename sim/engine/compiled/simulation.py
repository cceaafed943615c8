"""One day on the compiled engine: the same records as on SimPy, to the last bit."""

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.engine.breaches import breach
from sim.engine.compiled.day import Day
from sim.engine.compiled.layout import address, names, rows
from sim.engine.compiled.library import load
from sim.engine.compiled.row_tables import FIELDS, ROWS, TABLES, Rows
from sim.engine.compiled.world import Array, World
from sim.engine.conversation import standstill
from sim.engine.roster import LONGEST_S
from sim.engine.simulate import Centre
from sim.errors import SimError
from sim.policies import agent_selection, request_selection
from sim.policies.selection import scenario_order
from sim.records import NOTHING, Ending, Recorder, Records
from sim.scenario import Scenario, budget
from sim.workload import Workload

WITHOUT_END = 2**52
"""Entries of the calendar for which there are numbers."""

_i32, _i64, _f64 = ctypes.c_int32, ctypes.c_int64, ctypes.c_double
CALLS = {
    "ask_column": ctypes.CFUNCTYPE(_i32, _i32, _i32, _i32, _i32, _i64),
    "ask_agent_draws": ctypes.CFUNCTYPE(_i32, _i32, _i32, _i32),
    "ask_choice": ctypes.CFUNCTYPE(_i32, _i32, _i32, _f64),
    "hand_over": ctypes.CFUNCTYPE(_i32, _i32, _i32),
}

_worlds: list[tuple[Scenario, World, Centre]] = []
"""The worlds of the scenarios that were simulated last, which are the same for every replication."""
KEPT_WORLDS = 2
KEPT_DATES = 32
"""Of dates of a calendar, which come again with each replication."""


def simulate_compiled(
    scenario: Scenario,
    workload: Workload,
    recorder: Recorder | None = None,
    cap: budget.Cap | None = None,
    paranoid: bool = False,
) -> Records:
    """Simulate one day and return its records; the policies are those that the scenario names.

    The scenario must be supported. Raises SimError and BudgetError as the SimPy engine does.
    """
    library, why = load()
    if library is None:
        raise SimError(f"the compiled engine is not there: {why}")
    recorder = Recorder(scenario) if recorder is None else recorder
    world, centre = _world(scenario, workload)
    centre.workload = workload
    day = Day(world, workload, centre.sources())
    taken = Rows(scenario, recorder, len(world.agents))
    ending = _Run(day, taken, cap, paranoid).go(library)
    taken.give_back()
    return Records(scenario, recorder, workload.replication, ending)


def _world(scenario: Scenario, workload: Workload) -> tuple[World, Centre]:
    for known, world, centre in _worlds:
        if known is scenario:
            return world, centre
    routing = scenario.routing
    named = routing.request_selection, routing.queue_priority, routing.ageing
    policies = agent_selection(routing.agent_selection), request_selection(*named), scenario_order(*named)
    centre = Centre(scenario, workload, Recorder(scenario, NOTHING), *policies)
    world = World(scenario, centre)
    _worlds.insert(0, (scenario, world, centre))
    del _worlds[KEPT_WORLDS if scenario.date is None else KEPT_DATES :]
    return world, centre


class _Run:
    """A run of the library: what it is given, what it asks back, and how it ends."""

    def __init__(self, day: Day, taken: Rows, cap: budget.Cap | None, paranoid: bool) -> None:
        self._paranoid = paranoid
        self._day = day
        self._rows = taken
        self._cap = cap
        self._before = budget.resident_bytes() if cap is not None else 0.0
        self._raised: BaseException | None = None
        self._available = np.zeros(len(day.world.queues) + 1, np.int32)
        self._added = np.zeros(len(day.world.agents) + 1)
        self._ended = rows("Ended", 1)
        self._ended[0]["added"] = address(self._added)

    def go(self, library: ctypes.CDLL) -> Ending:
        """Run the day and return how it ended."""
        given = self._given()
        # Kept here and nowhere else: held by this object they would be a cycle, and the draws stay in memory.
        calls = {name: kind(getattr(self, f"_{name}")) for name, kind in CALLS.items()}
        for name, call in calls.items():
            given[0][name] = ctypes.cast(call, ctypes.c_void_p).value
        mistake = library.sim_run(address(given), address(self._ended))
        if mistake:
            raise self._mistake(names("Mistake")[mistake])
        if self._cap is not None:
            self._cap.spent += int(self._ended[0]["entries"]) + 1  # counting is an entry too
        return self._ending()

    def _given(self) -> Array:
        day, scenario = self._day, self._day.world.scenario
        given = day.world.given.copy()
        for name, value in day.values.items():
            given[name] = value
        for name, array in day.arrays.items():
            given[name] = address(array)
        for name, array in self._rows.arrays.items():
            given[FIELDS[name]] = address(array)
        given["spill"], given["names"], given["rows"] = (
            address(self._rows.spill),
            self._rows.names,
            ROWS,
        )
        given["answer"], given["available"] = address(day.answer), address(self._available)
        given["goes_on"] = scenario.has_tomorrow
        given["until"] = scenario.lasts + (LONGEST_S if scenario.drain is None else scenario.drain)
        given["most_entries"] = WITHOUT_END if self._cap is None else min(self._cap.most() - 1, WITHOUT_END)
        given["paranoid"] = self._paranoid
        given["looks"] = 0 if self._cap is None else budget.ENTRIES_A_LOOK
        return given

    def _ending(self) -> Ending:
        ended, agents = self._ended[0], self._day.world.agents
        horizon, work_ended = float(ended["horizon"]), float(ended["work_ended"])
        if np.isnan(work_ended):
            return Ending(horizon, returns_elsewhere=int(ended["returns_elsewhere"]))
        added = {
            agent.name: float(at) for agent, at in zip(agents, self._added[:-1], strict=True) if at == at
        }
        return Ending(horizon, min(work_ended, horizon), min(added.values()), added)

    def _mistake(self, name: str) -> BaseException:
        if name == "raised":
            assert self._raised is not None
            return self._raised
        ended = self._ended[0]
        if name == "standstill":
            return standstill(float(ended["failed_at"]), int(ended["failed_conversation"]))
        if name == "budget" and self._cap is not None:
            return self._cap.beyond(self._day.world.scenario)
        if name == "breach":
            return self._breach()
        if name == "memory":
            return MemoryError("the compiled engine gets no more memory")
        return SimError(
            f"{ended['failed_at']:.1f} s after opening: the compiled engine is at fault (line {ended['line']}); "
            "`--engine simpy` runs without it, and the maintainers would like to see the scenario"
        )

    def _breach(self) -> BaseException:
        ended, world = self._ended[0], self._day.world
        agent, queue = int(ended["breach_agent"]), int(ended["breach_queue"])
        return breach(
            float(ended["failed_at"]),
            names("Breach")[ended["breach"]],
            conversation=int(ended["failed_conversation"]),
            agent=world.agents[agent].name if agent >= 0 else "",
            queue=list(world.scenario.queues)[queue] if queue >= 0 else "",
        )

    # What the library asks back. An exception must not pass through it: it is kept, and raised when the run has ended.

    def _kept(self, ask: Callable[[], int | None]) -> int:
        try:
            return ask() or 0
        except BaseException as error:
            self._raised = error
            return -1

    def _ask_column(self, is_value: int, source: int, number: int, k: int, block: int) -> int:
        return self._kept(lambda: self._day.column(is_value, source, number, k, block))

    def _ask_agent_draws(self, agent: int, what: int, k: int) -> int:
        return self._kept(lambda: self._day.agent_draws(agent, what, k))

    def _ask_choice(self, queue: int, is_conference: int, uniform: float) -> int:
        choose: Any = self._day.world.chosen_queue
        return self._kept(lambda: choose(queue, bool(is_conference), uniform, self._available))

    def _hand_over(self, table: int, n: int) -> int:
        if table == len(TABLES):
            return self._kept(self._look_at_memory)
        return self._kept(lambda: self._rows.take(table, n))

    def _look_at_memory(self) -> None:
        assert self._cap is not None
        self._cap.check_memory(self._day.world.scenario, budget.resident_bytes() - self._before)
