"""Which engine a day is simulated on: the compiled one where it is there and knows the scenario, else SimPy.

Both give the same records to the last bit; a test simulates random days on both.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from sim.engine.simulate import simulate as simulate_on_simpy
from sim.errors import SimError, did_you_mean, quoted
from sim.scenario.model import require_scenarios

if TYPE_CHECKING:
    from sim.engine.running import OwnProcess
    from sim.policies import AgentSelection, RequestSelection
    from sim.records import Recorder, Records
    from sim.scenario import Scenario
    from sim.scenario.budget import Cap
    from sim.workload import Workload

EngineName = Literal["auto", "simpy", "compiled"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)

VARIABLE = "SIM_ENGINE"
"""The engine that is taken where none is named; the processes that share the work inherit it."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine that is taken, `simpy` or `compiled`, and why it is not the other one; empty where it is wanted."""

    name: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.why})" if self.why else self.name


def built() -> Engine:
    """Return the engine of this installation, whatever is simulated, and why it is not the compiled one."""
    from sim.engine.compiled.library import load

    library, why = load()
    return Engine("simpy", why) if library is None else Engine("compiled")


def said_once() -> str | None:
    """Return what to do for a compiled engine where none is built, the first time that it is asked for.

    That it was said is noted in the cache folder of the user; where that cannot be written, or SIM_ENGINE names an
    engine, nothing is said.
    """
    from sim.engine.compiled.library import REMEDY, TIMES_FASTER, path

    if path() is not None or os.environ.get(VARIABLE):
        return None
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    try:
        os.makedirs(os.path.join(home, "contact-routing-sim"), exist_ok=True)
        os.close(os.open(os.path.join(home, "contact-routing-sim", "engine-said"), os.O_CREAT | os.O_EXCL))
    except OSError:
        return None
    return f"note: with the compiled engine this is {TIMES_FASTER}; {REMEDY} (said once)"


def engine_for(
    scenario: "Scenario",
    engine: EngineName | None = None,
    *,
    agent_selection: "AgentSelection | None" = None,
    request_selection: "RequestSelection | None" = None,
    processes: "Sequence[OwnProcess]" = (),
    workload: "Workload | None" = None,
) -> Engine:
    """Return the engine on which a scenario is simulated with these policies and processes, and why.

    `engine` is by default that of SIM_ENGINE, else `auto`. Raises SimError where `compiled` is asked for and cannot be.
    """
    wanted = _named(os.environ.get(VARIABLE) or "auto" if engine is None else engine)
    if wanted == "simpy":
        return Engine("simpy", "as asked for")
    there = built()
    if agent_selection is not None or request_selection is not None:
        why = "policies written in Python run there"
    elif processes:
        why = "processes of your own run there"
    elif workload is not None and any(stream.recorded for stream in workload.streams):
        why = "recorded transfers and agents are replayed there"
    elif there.name == "simpy":
        why = f"the compiled engine is left out: {there.why}"
    else:
        from sim.engine.compiled.support import unsupported

        found = next(filter(None, map(unsupported, _simulated(scenario))), None)
        if found is None:
            return Engine("compiled")
        why = f"the compiled engine is left out: {found}"
    if wanted == "compiled":
        from sim.engine.compiled.library import REMEDY

        raise SimError(
            f"engine compiled: {why}; take auto or simpy" + (f", or {REMEDY}" if there.why else "")
        )
    return Engine("simpy", why)


def engine_for_all(scenarios: "Sequence[Scenario]") -> Engine:
    """Return the engine on which scenarios are simulated; where they are not on the same one, both are named."""
    found = {one.name: one for one in map(engine_for, scenarios)}
    return Engine(" and ".join(sorted(found)), "; ".join(filter(None, (one.why for one in found.values()))))


def _simulated(scenario: "Scenario") -> "tuple[Scenario, ...]":
    """Return what is simulated of a scenario: itself, or each open date of its calendar, or all of them at once."""
    if scenario.calendar is None:
        return (scenario,)
    from sim.scenario.single_days import joined_of

    joined = joined_of(scenario)
    return tuple(day.scenario for day in scenario.days) if joined is None else (joined,)


def _named(engine: str) -> EngineName:
    for name in ENGINES:
        if engine == name:
            return name
    raise SimError(f"engine {quoted(engine)}: {did_you_mean(engine, ENGINES)}")


@contextmanager
def preferred(engine: str | None) -> Iterator[None]:
    """Take an engine within the block where none is named, also in the processes that are started in it."""
    if engine is None:
        yield
        return
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = _named(engine)
    try:
        yield
    finally:
        del os.environ[VARIABLE]
        if before is not None:
            os.environ[VARIABLE] = before


def simulate(
    scenario: "Scenario",
    workload: "Workload",
    recorder: "Recorder | None" = None,
    *,
    agent_selection: "AgentSelection | None" = None,
    request_selection: "RequestSelection | None" = None,
    processes: "Sequence[OwnProcess]" = (),
    cap: "Cap | None" = None,
    engine: EngineName | None = None,
    paranoid: bool = False,
) -> "Records":
    """Simulate one day and return its records.

    Nothing is drawn here: the same scenario and workload give the same records, on either engine. The policies are
    those the scenario names, unless others are passed. Each of `processes` is called with a `RunningCentre` and
    returns a generator that runs as a SimPy process on the clock of the day, from its opening on. `engine` is `auto`
    (the compiled one where it can be), `simpy` or `compiled`. With `paranoid` what must hold in every run is held while
    it runs, and of its tables.

    Raises BreachError where it does not hold; BudgetError where the day takes more than `cap`, where one is given;
    PolicyError where a policy of one's own raises, answers with what it was not shown or is not deterministic; SimError
    where the engine asked for cannot be taken, or what is given is no scenario.
    """
    require_scenarios(scenario)
    own: dict[str, Any] = {
        "agent_selection": agent_selection, "request_selection": request_selection, "processes": processes,
    }  # fmt: skip
    if scenario.calendar is not None:
        from sim.engine.dates import simulate_dates

        return simulate_dates(
            scenario, workload, recorder,
            lambda day, customers, rows: simulate(
                day, customers, rows, **own, cap=cap, engine=engine, paranoid=paranoid
            ),
        )  # fmt: skip
    taken = engine_for(scenario, engine, **own, workload=workload)

    def on_engine(rows: "Recorder | None") -> "Records":
        if taken.name == "compiled":
            from sim.engine.compiled.simulation import simulate_compiled

            return simulate_compiled(scenario, workload, rows, cap, paranoid)
        return simulate_on_simpy(scenario, workload, rows, **own, cap=cap, paranoid=paranoid)

    if not paranoid:
        return on_engine(recorder)
    from sim.engine.breaches import held

    return held(scenario, recorder, on_engine)
