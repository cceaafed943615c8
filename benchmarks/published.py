"""Part (h): beside the speed that ContactCenters publishes, on the same models."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import sim.verification
from benchmarks.findings import Cell, Findings, Table
from benchmarks.rich.race import OURS, UNRECORDED
from benchmarks.sizes import Sizes
from benchmarks.timing import Say, clocked
from sim.engine import simulate
from sim.records import NOTHING, Recorder
from sim.scenario import Scenario, load
from sim.workload import draw

SCENARIOS = Path(sim.verification.__file__).parent / "scenarios"
KEPT = ("requests", "tasks", "agent_states")
DAYS = 40
NOTE = (
    "ContactCenters is a library in Java for contact centres. Its times are those that its authors print above their"
    " results (`doc/examples/*.res` of umontreal-simul/contactcenters), of a machine that they do not name. A week"
    " there is a number of days that are alike; here such days are simulated one after the other, draws included."
)


@dataclass(frozen=True)
class Printed:
    """What the guide prints of a model: seconds of CPU for 1000 weeks, and contacts a week."""

    model: str
    file: str
    seconds: float
    contacts: float

    @property
    def speed(self) -> float:
        """Contacts a CPU second."""
        return 1000 * self.contacts / self.seconds


PRINTED = (
    Printed("Bank: specialists with an order of their own", "bank.yaml", 3.48, 3602.305),
    Printed("Teamwork: transfers, conferences, after-contact work", "teamwork.yaml", 10.5, 7003.654),
)


def race(sizes: Sizes, say: Say) -> Findings:
    """Time both models with tables and without, in turn."""
    found = Findings("h", "Beside ContactCenters, as published", notes=[NOTE])
    rows: list[list[Cell]] = []
    for one in PRINTED:
        say(one.model)
        scenario = load(SCENARIOS / one.file)
        laps = [
            (_speed(scenario, number, KEPT), _speed(scenario, number, NOTHING))
            for number in range(sizes.rounds)
        ]
        rows.append([f"{one.model}: ContactCenters, as published", one.speed, 1.0])
        for name, speed in zip((OURS, UNRECORDED), map(median, zip(*laps, strict=True)), strict=True):
            rows.append([f"{one.model}: {name}", speed, speed / one.speed])
    found.tables.append(
        Table("Contacts a CPU second", ["", "contacts a CPU-s", "times the published speed"], rows)
    )
    return found


def _speed(scenario: Scenario, lap: int, tables: tuple[str, ...]) -> float:
    """Return the contacts that are simulated in a second of the CPU, days of the model one after the other."""

    def day(number: int) -> int:
        workload = draw(scenario, number)
        simulate(scenario, workload, Recorder(scenario, tables))
        return len(workload)

    # What a day leaves behind is cleared away before the next, as the product does, and not by the clock.
    days = [clocked(partial(day, number)) for number in range(lap * DAYS, (lap + 1) * DAYS)]
    seconds, contacts = map(sum, zip(*days, strict=True))
    return contacts / seconds
