"""A4 and B1-B4: a day that opens empty, against exact expectations and against ContactCenters."""

from typing import Any

import numpy as np

from sim.verification.case import Case, Figure, Length
from sim.verification.cases.erlang import MINUTE, blocked, in_target, within_20_s
from sim.verification.cases.printed import GUIDE, printed
from sim.verification.measures import (
    Cells,
    Measure,
    Observation,
    Test,
    abandoned,
    answered,
    arrivals,
    at_most,
    both,
    busy_time,
    either,
    everyone,
    fraction,
    mean,
    over,
    per_cell,
    share,
    span,
    unless,
    where,
)

EXACT = "exact: differential equations"


def twice(
    name: str, measure: Measure, exact: float, guide: float, half_width: float
) -> tuple[Figure, Figure]:
    """Return the figure that was both computed and printed with a 95 % half-width."""
    return (
        Figure(name, exact, measure, source=EXACT),
        printed(name, guide, half_width, measure, GUIDE),
    )


busy = over(busy_time(everyone), span, 1 / 12)
asa = mean("wait", answered, unit_s=MINUTE)
late = both(abandoned, unless(at_most("wait", 20.0)))


def _day(key: str, model: str, figures: tuple[Figure, ...], days: tuple[int, int], **more: Any) -> Case:
    overrides = {"lasts": "480m"} | {f"queues.line.{name}": value for name, value in more.items()}
    tables = ("requests", "tasks", "conversations")
    full, quick = (Length(replications=number) for number in days)
    return Case(key, model, GUIDE, "single_queue.yaml", figures, full, quick, overrides, tables)


B1 = _day(
    "A4 B1",
    "a day of M/M/12",
    (
        *twice("answered in 20 s", per_cell(in_target), 1815.2717, 1816.158, 3.540),
        *twice("g0: in 20 s / answered", share(within_20_s, answered), 0.900432, 0.902, 0.002),
        *twice("mean wait of the answered, min", asa, 0.100681, 0.099, 0.0025),
        *twice("occupancy of the open hours", busy, 0.696934, 0.695, 0.0015),
    ),
    (240, 40),
)

B2 = _day(
    "A4 B2",
    "a day of M/M/12 with abandonment",
    (
        *twice("abandoned", per_cell(abandoned), 59.2632, 58.609, 0.949),
        *twice("answered in 20 s", per_cell(in_target), 1906.7189, 1906.008, 2.223),
        *twice("g0: in 20 s / answered", share(within_20_s, answered), 0.974438, 0.975, 0.0005),
        *twice("mean wait of the answered, min", asa, 0.023825, 0.024, 0.0005),
        *twice("occupancy of the open hours", busy, 0.676558, 0.675, 0.0015),
        *twice(
            "in 20 s / (answered + abandoned later)",
            fraction(in_target, either(answered, late)),
            0.968189,
            0.968,
            0.0005,
        ),
    ),
    (70, 40),
    patience={"exponential": {"mean": "1m"}},
)

turned_away = per_cell(blocked, "conversations")

B3 = _day(
    "A4 B3",
    "a day of M/M/12 with 5 waiting places",
    (
        *twice("blocked", turned_away, 18.8633, 18.655, 0.610),
        *twice("answered in 20 s", per_cell(in_target), 1854.0688, 1854.284, 2.617),
        *twice("g0: in 20 s / answered", share(within_20_s, answered), 0.928363, 0.929, 0.001),
        *twice("mean wait of the answered, min", asa, 0.060450, 0.060, 0.001),
        *twice("occupancy of the open hours", busy, 0.690473, 0.689, 0.001),
    ),
    (350, 40),
    capacity=5,
)

sent_away: Test = where("outcome", "disconnected")

B4 = Case(
    "B4",
    "a day of M/M/12, queue cleared at closing",
    GUIDE,
    "single_queue.yaml",
    (
        printed("sent away", 0.433, 0.105, per_cell(sent_away)),
        printed("answered in 20 s", 1816.112, 3.540, per_cell(in_target)),
        printed("g0: in 20 s / answered", 0.902, 0.002, share(within_20_s, answered)),
        printed("mean wait of the answered, min", 0.099, 0.0025, asa),
    ),
    Length(replications=240),
    Length(replications=120),
    {"lasts": "480m", "closing": "clear_queues"},
)

OVERLOADED = Case(
    "B4 full",
    "an overloaded hour of M/M/12, queue cleared at closing",
    EXACT,
    "single_queue.yaml",
    (Figure("sent away", 60.331661, per_cell(sent_away)),),
    Length(replications=100),
    Length(replications=60),
    {"lasts": "60m", "closing": "clear_queues", "arrivals.0.per_hour": 420},
)

DAYS = (B1, B2, B3, B4, OVERLOADED)


# A18: how much the contacts of a day vary where the day itself is busy or quiet.


def contacts(seen: Observation) -> Cells:
    """Measure the contacts of a day."""
    return arrivals(seen), np.ones(seen.cells)


def _spread(expected_mean: float) -> Measure:
    """Measure the variance of the contacts of a day about their known mean."""

    def measured(seen: Observation) -> Cells:
        away = arrivals(seen) - expected_mean
        return away * away, np.ones(seen.cells)

    return measured


def _dispersion(
    key: str, scenario: str, total: float, shape: float, days: tuple[int, int], **changes: Any
) -> Case:
    variance = total + total * total / shape
    full, quick = (Length(replications=number) for number in days)
    return Case(
        f"A18 {key}",
        f"contacts of a day with a gamma day factor of shape {shape:g}",
        "exact: m + m^2 / shape",
        scenario,
        (
            Figure("mean", total, contacts, controlled=False),
            Figure("variance", variance, _spread(total), controlled=False),
        ),
        full,
        quick,
        {"busyness": {"sd": shape**-0.5}, **changes},
        draws_only=True,
    )


SIX_HOURS = {"lasts": "6h", "arrivals.0.per_hour": 864}

DISPERSION = (
    _dispersion("B5", "thirteen_hours.yaml", 1660, 10, (4000, 600)),
    _dispersion("B6", "single_queue.yaml", 5184, 28.7, (4000, 600), **SIX_HOURS),
)
