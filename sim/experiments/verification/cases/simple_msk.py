"""B6: SimpleMSK, three contact types, two groups, a random busyness of the day."""

from sim.experiments.verification.case import Case, Figure, Length
from sim.experiments.verification.cases.days import late
from sim.experiments.verification.cases.dispersion import contacts
from sim.experiments.verification.cases.erlang import MINUTE, in_target
from sim.experiments.verification.cases.printed import GUIDE, interval, printed
from sim.experiments.verification.measures import (
    Measure,
    fraction,
    mean,
    per_cell,
    share,
    used,
    whole_run,
)
from sim.experiments.verification.rows import abandoned, answered, both, either, where

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
