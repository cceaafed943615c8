"""B13: a day of thirteen hours, one queue, balking, against singleQueue.xml."""

from sim.experiments.verification.case import Case, Figure, Length
from sim.experiments.verification.cases.dispersion import contacts
from sim.experiments.verification.cases.erlang import within_20_s
from sim.experiments.verification.cases.printed import interval, printed
from sim.experiments.verification.measures import (
    Measure,
    fraction,
    mean,
    per_cell,
    queue_length,
    share,
    used,
)
from sim.experiments.verification.rows import (
    Test,
    abandoned,
    answered,
    at_most,
    between,
    both,
    everyone,
    waits_at_all,
)

HOURLY = (78.1, 85.9, 97.5, 93.7, 90.1, 93.0, 97.4, 97.3, 93.5, 97.0, 87.3, 91.8, 94.7)
HALF_WIDTHS = (1.3, 1.05, 0.35, 0.65, 0.85, 0.75, 0.35, 0.35, 0.65, 0.45, 1.1, 0.85, 0.65)
HOURLY_30 = (81.8, 89.2, 98.4, 95.7, 93.0, 94.9, 98.4, 98.3, 95.4, 97.9, 89.6, 93.5, 95.8)
PRINTED_300 = "ContactCenters user guide, singleQueue.xml, 300 days"
RUN_1000 = "ContactCenters singleQueue.xml, 1000 days"
within_30_s = at_most("wait", 30.0)


def _level(within: Test, hour: Test = everyone) -> Measure:
    """Measure g1 of the contacts of an hour: in time / (all - abandoned in time)."""
    in_time, gone = both(hour, answered, within), both(hour, abandoned, within)
    return fraction(in_time, hour, gone)


def _hours(within: Test, seconds: int, percent: tuple[float, ...]) -> list[Figure]:
    return [
        printed(
            f"g1 of {seconds} s, contacts of {8 + nth} h",
            value / 100,
            HALF_WIDTHS[nth] / 100,
            _level(within, between("placed_at", 3600.0 * nth, 3600.0 * (nth + 1))),
        )
        for nth, value in enumerate(percent)
    ]


def _run_1000(name: str, expected: float, low: float, high: float, measure: Measure) -> Figure:
    return interval(name, expected, low, high, measure, RUN_1000)


B13 = Case(
    "B13",
    "a day of thirteen hours with balking",
    PRINTED_300,
    "thirteen_hours.yaml",
    (
        *_hours(within_20_s, 20, HOURLY),
        printed("g1 of 20 s", 0.925, 0.0025, _level(within_20_s)),
        *_hours(within_30_s, 30, HOURLY_30),
        printed("g1 of 30 s", 0.944, 0.002, _level(within_30_s)),
        printed("occupancy", 0.558, 0.0015, used("desk")),
        interval("contacts", 1661.0, 1658.5, 1663.4, contacts, RUN_1000, controlled=False),
        _run_1000("abandoned", 32.594, 32.119, 33.069, per_cell(abandoned)),
        _run_1000("g1 of 20 s", 0.92437, 0.92317, 0.92557, _level(within_20_s)),
        _run_1000("g1 of 30 s", 0.94360, 0.94255, 0.94465, _level(within_30_s)),
        _run_1000("g2 of 20 s", 0.92566, 0.92449, 0.92682, share(within_20_s)),
        _run_1000("share that abandons", 0.019624, 0.019349, 0.019898, share(abandoned)),
        _run_1000("mean wait of all, s", 4.6392, 4.5472, 4.7311, mean("wait")),
        _run_1000("mean wait of the answered, s", 4.5668, 4.4767, 4.6568, mean("wait", answered)),
        _run_1000("share not answered at once", 0.14988, 0.14831, 0.15145, share(waits_at_all)),
        _run_1000("occupancy", 0.55776, 0.55667, 0.55885, used("desk")),
        _run_1000("mean number waiting", 0.16462, 0.16127, 0.16797, queue_length()),
    ),
    Length(replications=150),
    Length(replications=60),
    tables=("requests", "tasks", "agent_states"),
)

THIRTEEN_HOURS = (B13,)
