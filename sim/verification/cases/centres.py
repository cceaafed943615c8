"""A12, A16, A17, B10, C1: whole centres with pools that help each other, hand on and have preferences."""

from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.columns import FloatArray
from sim.verification.case import Case, Figure, Length
from sim.verification.cases.erlang import MINUTE
from sim.verification.cases.printed import GUIDE, interval, printed
from sim.verification.measures import (
    Mask,
    Measure,
    Observation,
    Sum,
    abandoned,
    answered,
    at_most,
    both,
    busy_time,
    count_of,
    everyone,
    fraction,
    mean,
    over,
    per_cell,
    rate,
    share,
    span,
    sum_of,
    used,
    waits_at_all,
    where,
    whole_run,
)

if TYPE_CHECKING:
    import pandas as pd

EXACT = "exact: Markov chain"


def _queue(name: str, title: str, answers: tuple[float, ...], unit: str = "min") -> tuple[Figure, ...]:
    """Return share that waits, share that abandons and mean wait of a queue; one that is unknown is left out."""
    here = where("queue", name)
    measures: tuple[tuple[str, Measure], ...] = (
        ("share that waits", share(waits_at_all, here)),
        ("share that abandons", share(abandoned, here)),
        (f"mean wait, {unit}", mean("wait", here, unit_s=MINUTE if unit == "min" else 1.0)),
    )
    return tuple(
        Figure(f"{title}: {what}", answer, measure)
        for (what, measure), answer in zip(measures, answers, strict=True)
        if answer == answer
    )


def _pool(title: str, team: str, answer: float, agents: int) -> Figure:
    return Figure(f"{title}: occupancy", answer, over(busy_time(where("team", team)), span, 1 / agents))


NOT_GIVEN = float("nan")
A12 = Case(
    "A12",
    "cold transfers, abandonment in both queues",
    EXACT,
    "two_pools_abandoned.yaml",
    (
        *_queue("first", "first", (0.43116269, 0.078837, 0.262791)),
        _pool("first", "first_pool", 0.789568, 7),
        Figure("transfers a minute", 0.690872, rate(where("kind", "transfer"), MINUTE)),
        *_queue("second", "second", (NOT_GIVEN, 0.054140, 0.270699)),
        _pool("second", "second_pool", 0.666387, 4),
    ),
    Length(batches=100, lasts="1200h"),
    Length(batches=40, lasts="500h"),
    {"warm_up": "2h"},
    ("requests", "tasks"),
)


def _n_model(key: str, answers: tuple[tuple[float, ...], ...], priority: int) -> Case:
    one, two, (pool_a, pool_b, by_b) = answers
    helped = share(where("team", "pool_b"), both(where("queue", "one"), answered))
    return Case(
        f"A16 {key}",
        f"N-model, helpers take type {key} first",
        EXACT,
        "n_model.yaml",
        (
            *_queue("one", "type 1", one),
            *_queue("two", "type 2", two),
            _pool("pool A", "pool_a", pool_a, 5),
            _pool("pool B", "pool_b", pool_b, 5),
            Figure("type 1 served by B", by_b, helped),
        ),
        Length(batches=100, lasts="800h"),
        Length(batches=40, lasts="400h"),
        {"warm_up": "2h", "queues.one.priority": priority},
        ("requests", "tasks"),
    )


A16 = (
    _n_model(
        "two",
        ((0.424786, 0.056131, 0.280656), (0.696084, 0.114430, 0.572152), (0.799665, 0.881500, 0.152780)),
        1,
    ),
    _n_model(
        "one",
        ((0.352140, 0.023058, 0.115291), (0.727623, 0.199255, 0.996273), (0.766266, 0.893408, 0.215648)),
        3,
    ),
)


def _balked(requests: "pd.DataFrame") -> Mask:
    flags: Mask = requests["balked"].to_numpy()
    return flags


A17 = Case(
    "A17",
    "three types, two groups: overflow, priority, balking",
    "exact: Markov chain with 33,756 states",
    "three_types.yaml",
    (
        *_queue("zero", "type 0", (0.968948, 0.588807, 153.3873), "s"),
        Figure("type 0: balks", 0.077516, share(_balked, where("queue", "zero"))),
        *_queue("one", "type 1", (0.849507, 0.106031, 33.0366), "s"),
        Figure("type 1: balks", 0.050970, share(_balked, where("queue", "one"))),
        *_queue("two", "type 2", (0.867716, 0.397709, 98.4874), "s"),
        Figure("type 2: balks", 0.069417, share(_balked, where("queue", "two"))),
        Figure("all: share that abandons", 0.299645, share(abandoned)),
        _pool("group 0", "group_0", 0.968948, 1),
        _pool("group 1", "group_1", 0.916237, 2),
    ),
    Length(batches=100, lasts="800h"),
    Length(batches=40, lasts="400h"),
    {"warm_up": "2h"},
    ("requests", "tasks"),
)


# B10: a bank, a week of five days of nine hours.

WEEK = 5
THRESHOLDS = {"savings": 60.0, "checking": 90.0, "balance": 30.0}


def _of_type(
    name: str,
    arrived: tuple[float, float],
    level: tuple[float, float],
    work: tuple[float, float],
) -> tuple[Figure, ...]:
    here = where("queue", name)
    served = both(here, answered)
    in_time = count_of(both(served, at_most("wait", THRESHOLDS[name])))
    came = count_of(here, "conversations")
    return (
        printed(f"{name}: a week", *arrived, per_cell(here, "conversations", WEEK), controlled=False),
        printed(f"{name}: served in time, of all, %", *level, over(in_time, came, 100)),
        printed(
            f"{name}: service time, min",
            *work,
            whole_run(over(busy_time(where("queue_id", name)), count_of(served), 1 / MINUTE)),
        ),
    )


def _worked(team: str, agents: int, *queues: str) -> Measure:
    """Measure work of a team, of these queues alone where any are named, over planned time in per cent."""

    def planned(seen: Observation) -> FloatArray:
        return np.array([agents * seen.scenario.lasts])

    work = where("team", team)
    return whole_run(
        over(busy_time(both(work, where("queue_id", *queues)) if queues else work), planned, 100)
    )


def _line_time(seen: Observation) -> FloatArray:
    ended: Sum = sum_of("ended_at", everyone, "conversations")
    arrived: Sum = sum_of("arrived_at", everyone, "conversations")
    return ended(seen) - arrived(seen)


def _day_of_the_week(seen: Observation) -> FloatArray:
    """Return the share of the week's seconds that falls to each of its five days."""
    return np.full(seen.cells, 7 * 24 * 3600.0 / WEEK)


B10 = Case(
    "B10",
    "Bank: specialists with an order of their own",
    GUIDE,
    "bank.yaml",
    (
        *_of_type("savings", (99.819, 0.623), (99.234, 0.062), (3.781, 0.024)),
        *_of_type("checking", (1000.146, 1.934), (99.461, 0.030), (3.852, 0.008)),
        *_of_type("balance", (2502.340, 3.104), (97.301, 0.064), (0.999, 0.002)),
        printed("mean wait of the served, min", 0.034, 0.001, mean("wait", answered, unit_s=MINUTE)),
        printed("savings group: work over plan, %", 25.353, 0.072, _worked("savings", 3)),
        printed("checking group: work over plan, %", 43.093, 0.079, _worked("checking", 4)),
        interval(
            "lines in use, over the week", 0.680, 0.679, 0.682, over(_line_time, _day_of_the_week), GUIDE
        ),
    ),
    Length(replications=800),
    Length(replications=120),
    tables=("requests", "tasks", "conversations"),
)


# C1: cold and warm transfers over a day of thirteen hours.

XML = "ContactCenters callTransfers.xml"
Printed = tuple[float, float, float]


def _leg(
    name: str, came: Printed, level: Printed, lost: Printed, wait: Printed, delay: Printed, work: Printed
) -> tuple[Figure, ...]:
    here = where("queue", name)
    in_time, gone = both(here, answered, at_most("wait", 20.0)), both(here, abandoned, at_most("wait", 20.0))
    title = name.replace("_", " ")
    time = whole_run(over(busy_time(where("queue_id", name)), count_of(both(here, answered))))
    return (
        interval(f"{title}: requests", *came, per_cell(here), XML, controlled=False),
        interval(f"{title}: g1 of 20 s", *_hundredths(level), fraction(in_time, here, gone), XML),
        interval(f"{title}: share that abandons", *_hundredths(lost), share(abandoned, here), XML),
        interval(f"{title}: mean wait of all, s", *wait, mean("wait", here), XML),
        interval(f"{title}: share that waits", *_hundredths(delay), share(waits_at_all, here), XML),
        interval(f"{title}: agents' time by served, s", *work, time, XML),
    )


def _hundredths(printed_percent: Printed) -> Printed:
    value, low, high = printed_percent
    return value / 100, low / 100, high / 100


C1 = Case(
    "C1",
    "cold and warm transfers with set-up and handover",
    XML,
    "call_transfers.yaml",
    (
        *_leg(
            "one",
            (1659.1, 1656.5, 1661.6), (68.908, 68.569, 69.247), (7.7806, 7.672, 7.889), (38.912, 38.35, 39.48),
            (36.707, 36.36, 37.05), (502.58, 501.64, 503.52),
        ),
        *_leg(
            "two",
            (1581.3, 1578.8, 1583.7), (71.330, 70.985, 71.676), (6.2074, 6.102, 6.313), (31.140, 30.59, 31.70),
            (34.263, 33.91, 34.62), (483.57, 482.72, 484.43),
        ),
        *_leg(
            "one_from_two",
            (222.50, 221.54, 223.46), (82.757, 82.51, 83.00), (2.1613, 2.097, 2.226), (10.747, 10.58, 10.92),
            (38.907, 38.50, 39.32), (649.39, 646.9, 651.9),
        ),
        *_leg(
            "two_from_one",
            (305.58, 304.41, 306.76), (88.049, 87.85, 88.25), (1.2730, 1.230, 1.316), (6.482, 6.378, 6.586),
            (31.409, 31.04, 31.78), (599.55, 597.5, 601.6),
        ),
        interval("group 1: occupancy of the open hours", 0.77107, 0.76983, 0.77232, used("group_1"), XML),
        interval("group 2: occupancy of the open hours", 0.72876, 0.72756, 0.72996, used("group_2"), XML),
    ),
    Length(replications=400),
    Length(replications=40),
    tables=("requests", "tasks", "agent_states"),
)  # fmt: skip

CASES = (A12, *A16, A17, B10, C1)
