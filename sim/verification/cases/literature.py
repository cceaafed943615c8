"""B6: SimpleMSK, three contact types, two groups, a random busyness of the day."""

import numpy as np

from sim.metrics.columns import FloatArray
from sim.verification.case import Case, Figure, Length
from sim.verification.cases.erlang import MINUTE, in_target, within_20_s
from sim.verification.cases.printed import GUIDE, interval, printed
from sim.verification.cases.whole_days import contacts, late
from sim.verification.measures import (
    Measure,
    Observation,
    Sum,
    Test,
    abandoned,
    answered,
    at_most,
    between,
    both,
    busy_time,
    count_of,
    either,
    everyone,
    fraction,
    mean,
    over,
    per_cell,
    queue_length,
    share,
    sum_of,
    unless,
    used,
    waits_at_all,
    where,
    whole_run,
)

PERIODS = ("early", "middle", "late")
IN_TARGET = (
    ((170.154, 5.816), (599.334, 5.175), (15.490, 1.708)),
    ((262.936, 8.339), (511.648, 5.372), (34.697, 3.427)),
    ((259.806, 9.628), (613.732, 6.146), (24.888, 2.751)),
)


def _by_type_and_period() -> list[Figure]:
    return [
        printed(
            f"type {kind}, {period}: answered in 20 s",
            *IN_TARGET[kind][nth],
            per_cell(both(in_target, where("queue", f"type{kind}_{period}"))),
        )
        for kind in range(3)
        for nth, period in enumerate(PERIODS)
    ]


XML = "ContactCenters mskSimple.xml, 1000 days with other seeds"


def _other(name: str, expected: float, low: float, high: float, measure: Measure) -> Figure:
    return interval(name, expected, low, high, measure, XML)


B6 = Case(
    "B6",
    "SimpleMSK: three types, two groups, random busyness",
    GUIDE,
    "simple_msk.yaml",
    (
        printed("answered", 4297.305, 27.155, per_cell(answered)),
        printed("abandoned", 910.335, 34.202, per_cell(abandoned)),
        printed(
            "in 20 s / (answered + abandoned later)",
            0.501,
            0.0075,
            fraction(in_target, either(answered, late)),
        ),
        printed("first group: occupancy of the whole run", 0.881, 0.0035, whole_run(used("first"))),
        *_by_type_and_period(),
        interval("contacts", 5123.8, 5065.4, 5182.2, contacts, XML, controlled=False),
        _other("share that abandons", 0.16862, 0.16412, 0.17312, share(abandoned)),
        _other("mean wait of all, min", 0.73671, 0.71857, 0.75485, mean("wait", unit_s=MINUTE)),
        _other("first group: occupancy of the open hours", 0.88616, 0.88250, 0.88983, used("first")),
        _other("second group: occupancy of the open hours", 0.75893, 0.75348, 0.76438, used("second")),
    ),
    Length(replications=150),
    Length(replications=50),
    tables=("requests", "tasks", "agent_states"),
)

SIMPLE_MSK = (B6,)


# B11: Teamwork, where several agents in turn work on each contact.

DAYS = 7
DAY = 24 * 3600.0
handled = where("outcome", "handled")
gave_up = where("outcome", "abandoned")
blocked = where("outcome", "blocked")


def _week(test: Test) -> Measure:
    """Measure conversations a week; every day of it is alike."""
    return per_cell(test, "conversations", DAYS)


def _in_system(test: Test) -> Sum:
    """Sum the time from arrival to end of the conversations that pass, by day of arrival."""
    ended, arrived = sum_of("ended_at", test, "conversations"), sum_of("arrived_at", test, "conversations")
    return lambda seen: ended(seen) - arrived(seen)


def _day(seen: Observation) -> FloatArray:
    return np.full(seen.cells, DAY)


def _worked(agents: int, *teams: str) -> Measure:
    """Measure time at work over planned time in per cent; overtime counts as work, but was not planned."""

    def planned(seen: Observation) -> FloatArray:
        return np.array([agents * seen.scenario.lasts])

    return whole_run(over(busy_time(where("team", *teams) if teams else everyone), planned, 100))


B11 = Case(
    "B11",
    "Teamwork: transfers, conferences, after-contact work",
    GUIDE,
    "teamwork.yaml",
    (
        printed("contacts a week", 7003.654, 5.387, _week(everyone), controlled=False),
        printed("served a week", 866.968, 0.820, _week(handled)),
        printed("sent away a week", 1339.118, 1.472, _week(unless(either(handled, gave_up, blocked)))),
        printed("abandoned a week", 4797.542, 5.478, _week(gave_up)),
        printed("in target a week", 522.891, 1.131, _week(both(handled, at_most("total_wait", 120.0)))),
        printed(
            "waits of the served, min", 1.774, 0.0035, mean("total_wait", handled, "conversations", MINUTE)
        ),
        printed(
            "time in system of the served, min",
            25.069,
            0.021,
            over(_in_system(handled), count_of(handled, "conversations"), 1 / MINUTE),
        ),
        printed("lines taken, over 24 hours", 3.261, 0.0015, over(_in_system(unless(blocked)), _day)),
        printed("reception: work over plan, %", 98.258, 0.015, _worked(2, "reception")),
        printed("accounting: work over plan, %", 10.995, 0.032, _worked(1, "accounting")),
        printed("technical: work over plan, %", 94.657, 0.026, _worked(5, "technical")),
        printed("development: work over plan, %", 5.663, 0.030, _worked(1, "development")),
        printed("manager: work over plan, %", 27.244, 0.153, _worked(1, "manager")),
        printed("all: work over plan, %", 71.370, 0.020, _worked(10)),
    ),
    Length(replications=150),
    Length(replications=40),
    tables=("requests", "tasks", "conversations"),
)

TEAMWORK = (B11,)


# B13: a day of thirteen hours, one queue, balking, against singleQueue.xml.

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
