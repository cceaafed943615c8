"""Part (e): the cost of a replication, and the shares of SimPy, engine, recording and figures."""

from collections.abc import Callable
from statistics import median

from benchmarks.findings import Cell, Findings, Table
from benchmarks.queue.ours import scenario_text
from benchmarks.rich import ours as rich
from benchmarks.rich.idiomatic import Centre
from benchmarks.sampling import ROOT, module, place_in_the_house, shares
from benchmarks.sizes import Sizes
from benchmarks.timing import Say, clocked
from sim.engine import simulate
from sim.metrics import measure
from sim.records import NOTHING, WITHOUT_EVENTS, Recorder
from sim.scenario import Scenario, load, loads
from sim.workload import draw

BUSIEST = 15
STEPS = ("drawing arrivals", "engine", "recording", "figures")
QUEUE, RICH, DAY, BY_HAND = "one queue", "rich model", "support day", "rich model by hand in SimPy"


def race(sizes: Sizes, say: Say) -> Findings:
    """Time the steps of a replication, then profile it."""
    found = Findings("e", "The whole: from a scenario to its figures")
    worlds = {
        QUEUE: loads(scenario_text(sizes.contacts)),
        RICH: rich.scenario(sizes.contacts),
        DAY: load(ROOT / "scenarios" / "support_day.yaml"),
    }
    rows = [_steps(name, world, sizes.rounds, say) for name, world in worlds.items()]
    found.tables.append(Table("us a contact", ["", "contacts", *STEPS, "together"], rows))
    runs: dict[str, Callable[[], object]] = {name: _replication(worlds[name]) for name in (QUEUE, RICH)}
    runs[BY_HAND] = lambda: Centre(1).run(sizes.contacts / rich.PER_SECOND)
    for name, run in runs.items():
        say(f"samples: {name}")
        found.tables.append(_shares(name, shares(run, place_in_the_house)))
    found.tables.append(_shares(f"{RICH}, the {BUSIEST} busiest modules", shares(runs[RICH], module)))
    found.notes.append(
        "Recording is what a run with all tables takes more than one without; most draws are made in the engine's time."
    )
    return found


def _shares(what: str, its: dict[str, float]) -> Table:
    rows: list[list[Cell]] = [[place, 100 * share] for place, share in list(its.items())[:BUSIEST]]
    return Table(f"Share of the CPU time, %: {what}", ["", "%"], rows)


def _replication(scenario: Scenario) -> Callable[[], object]:
    def run() -> None:
        measure(simulate(scenario, draw(scenario), Recorder(scenario, WITHOUT_EVENTS)), scenario)

    return run


def _steps(name: str, scenario: Scenario, rounds: int, say: Say) -> list[Cell]:
    say(f"steps: {name}")
    laps = [_lap(scenario, number) for number in range(rounds)]
    costs = [median(step) for step in zip(*laps, strict=True)]
    return [name, len(draw(scenario)), *costs, sum(costs)]


def _lap(scenario: Scenario, number: int) -> list[float]:
    """Return the time of each step of a replication, in microseconds a contact."""
    drawing, workload = clocked(lambda: draw(scenario, number))
    without, _ = clocked(lambda: simulate(scenario, workload, Recorder(scenario, NOTHING)))
    again = draw(scenario, number)
    recorded, records = clocked(lambda: simulate(scenario, again, Recorder(scenario, WITHOUT_EVENTS)))
    figures, _ = clocked(lambda: measure(records, scenario))
    return [1e6 * s / len(workload) for s in (drawing, without, recorded - without, figures)]
