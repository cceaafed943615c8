"""B11: Teamwork, where several agents in turn work on each contact."""

import numpy as np

from sim.experiments.verification.case import Case, Length
from sim.experiments.verification.cases.erlang import MINUTE
from sim.experiments.verification.cases.printed import GUIDE, printed
from sim.experiments.verification.estimate import FloatArray
from sim.experiments.verification.measures import (
    Measure,
    Sum,
    busy_time,
    count_of,
    mean,
    over,
    per_cell,
    sum_of,
    whole_run,
)
from sim.experiments.verification.observation import Observation
from sim.experiments.verification.rows import Test, at_most, both, either, everyone, unless, where

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
