"""Memory that each further contact adds to the largest size of a process, with tables and without."""

from functools import partial

from benchmarks.findings import Bar, Cell, Table
from benchmarks.memory import resident
from benchmarks.sizes import Sizes
from benchmarks.timing import Say

PROGRAM = """
import sys
from benchmarks.growth.memory import simulated
simulated(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
"""
COLUMNS = {"one queue": 2, "rich model": 13}
"""Of draws that the run makes for every contact, eight bytes each; later draws are not kept."""
WITHOUT_B, WITH_B = 10.0, 1024.0
DRAWS_ONLY = "draws only"
PIECES = (
    "contacts leave nothing behind; what grows a little are the pieces of later draws that are kept (a second offer's,"
    " a third agent's), up to 16 of each column."
)


def memory(sizes: Sizes, say: Say) -> tuple[Table, list[Bar]]:
    """Return the bytes that a contact adds, and the bars on them, of which the rich model is the harder."""
    rows: list[list[Cell]] = []
    for model in COLUMNS:
        of = partial(_slope, sizes, model)
        say(f"memory: {model}")
        drawn, without, with_all = of(DRAWS_ONLY), of(), of("all")
        rows.append([model, drawn, without - drawn, with_all])
    columns = [
        "bytes a contact",
        "draws, made before the run",
        "a run without tables, besides",
        "a run with all tables, in all",
    ]
    growing = max(float(row[2] or 0) for row in rows)
    largest = max(float(row[3] or 0) for row in rows)
    return Table("Memory that each further contact takes", columns, rows), [
        Bar("memory a contact with all tables", largest, at_most=WITH_B, unit="B"),
        Bar(
            "memory a contact without tables, besides its draws (flat)",
            growing,
            at_most=WITHOUT_B,
            unit="B",
            otherwise=PIECES,
        ),
    ]


def _slope(sizes: Sizes, model: str, *what: str) -> float:
    few, many = sizes.most_contacts // 3, sizes.most_contacts
    more = resident(PROGRAM, model, many, *what) - resident(PROGRAM, model, few, *what)
    return more / (many - few)


def simulated(model: str, contacts: int, what: str = "") -> None:
    """Run the simulation to be measured, in a process of its own."""
    from benchmarks.queue.ours import scenario_text
    from benchmarks.rich.ours import scenario
    from sim.engine import simulate
    from sim.records import NOTHING, WITHOUT_EVENTS, Recorder
    from sim.scenario import loads
    from sim.workload import draw

    world = scenario(contacts) if model == "rich model" else loads(scenario_text(contacts))
    workload = draw(world)
    if what != DRAWS_ONLY:
        simulate(world, workload, Recorder(world, WITHOUT_EVENTS if what else NOTHING))
        return
    _order = workload.order()
    for stream in workload.streams:
        _labels = stream.labels
        for number in range(COLUMNS[model]):
            stream.draws.uniforms(f"column {number}")
