"""A1-A3, A5, A9, A10: one queue in the long run, against Erlang, Palm and Pollaczek-Khinchine."""

from typing import Any

from sim.verification.case import Case, Figure, Length
from sim.verification.measures import (
    abandoned,
    answered,
    at_most,
    both,
    busy_time,
    everyone,
    fraction,
    let_in,
    mean,
    over,
    queue_length,
    share,
    span,
    waits_at_all,
    where,
)

EXACT = "exact: birth-death equations"
MINUTE = 60.0
WARM_UP = "2h"
within_20_s = at_most("wait", 20.0)
in_target = both(answered, within_20_s)
gone_in_20_s = both(abandoned, within_20_s)


def occupancy(expected: float, agents: int) -> Figure:
    """Return the figure of the share of time in which agents are busy."""
    return Figure("occupancy", expected, over(busy_time(everyone), span, 1 / agents))


def _exponential(minutes: float) -> dict[str, Any]:
    return {"exponential": {"mean": f"{minutes!r}m"}}


def _line(per_hour: float, agents: int, handling: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the overrides that make the single queue of this size."""
    queue = {f"queues.line.{key}": value for key, value in more.items()}
    base = {"warm_up": WARM_UP, "arrivals.0.per_hour": per_hour, "teams.desk.agents": agents}
    return base | {"queues.line.handle_time": handling} | queue


A1 = Case(
    "A1",
    "M/M/12",
    EXACT,
    "single_queue.yaml",
    (
        Figure("share that waits", 0.18388863, share(waits_at_all)),
        Figure("mean wait, min", 0.10216035, mean("wait", unit_s=MINUTE)),
        Figure("mean number waiting", 0.42907347, queue_length()),
        occupancy(0.7, 12),
        Figure("answered in 20 s", 0.8990798, share(within_20_s)),
    ),
    Length(batches=100, lasts="2400h"),
    Length(batches=40, lasts="600h"),
    _line(252, 12, _exponential(2)),
    ("requests", "tasks"),
)

A2 = Case(
    "A2",
    "M/M/12 with abandonment",
    EXACT,
    "single_queue.yaml",
    (
        Figure("share that waits", 0.12737228, share(waits_at_all)),
        Figure("share that abandons", 0.029678906, share(abandoned)),
        Figure("mean wait of all, min", 0.029678906, mean("wait", unit_s=MINUTE)),
        Figure("mean wait of the answered, min", 0.02406008, mean("wait", answered, unit_s=MINUTE)),
        Figure("mean wait of the abandoned, min", 0.21338069, mean("wait", abandoned, unit_s=MINUTE)),
        Figure("mean number waiting", 0.1246514, queue_length()),
        occupancy(0.67922477, 12),
        Figure("g0: in 20 s / answered", 0.9741822, share(within_20_s, answered)),
        Figure(
            "g1: in 20 s / (all - abandoned in 20 s)", 0.9678715, fraction(in_target, everyone, gone_in_20_s)
        ),
        Figure("g2: (answered + abandoned) in 20 s / all", 0.9686218, share(within_20_s)),
        Figure("g3: in 20 s / all", 0.9452696, share(in_target)),
        Figure("abandoned in 20 s / all", 0.0233522, share(gone_in_20_s)),
    ),
    Length(batches=100, lasts="800h"),
    Length(batches=40, lasts="250h"),
    _line(252, 12, _exponential(2), patience=_exponential(1)),
    ("requests", "tasks"),
)

blocked = where("outcome", "blocked")

A3 = Case(
    "A3",
    "M/M/12 with 5 waiting places",
    EXACT,
    "single_queue.yaml",
    (
        Figure("share that waits, of those let in", 0.15786136, share(waits_at_all, let_in)),
        Figure("share blocked", 0.0094768743, share(blocked, table="conversations")),
        Figure("mean wait, min", 0.061124241, mean("wait", let_in, unit_s=MINUTE)),
        Figure("mean number waiting", 0.25428889, queue_length(let_in)),
        occupancy(0.69336619, 12),
        Figure("answered in 20 s, of those let in", 0.9275582, share(within_20_s, let_in)),
    ),
    Length(batches=100, lasts="2400h"),
    Length(batches=40, lasts="500h"),
    _line(252, 12, _exponential(2), capacity=5),
    ("requests", "tasks", "conversations"),
)

PRINTED = "textbook example of Gans, Koole & Mandelbaum 2003, exact"

A5_PATIENT = Case(
    "A5 C",
    "M/M/50, endless patience",
    PRINTED,
    "single_queue.yaml",
    (
        Figure("share that waits", 0.69445561, share(waits_at_all)),
        Figure("mean wait, min", 0.34722781, mean("wait", unit_s=MINUTE)),
        Figure("waits at most 58.1 s", 0.8998708, share(at_most("wait", 58.1))),
        Figure("answered in 20 s", 0.6434546, share(within_20_s)),
        Figure("mean number waiting", 16.666935, queue_length()),
        occupancy(0.96, 50),
    ),
    Length(batches=100, lasts="1500h"),
    Length(batches=40, lasts="120h"),
    _line(2880, 50, _exponential(1)),
    ("requests", "tasks"),
)

A5_IMPATIENT = Case(
    "A5 A",
    "M/M/50 with abandonment",
    PRINTED,
    "single_queue.yaml",
    (
        Figure("share that waits", 0.46777407, share(waits_at_all)),
        Figure("share that abandons", 0.030912249, share(abandoned)),
        Figure("mean wait of all, min", 0.0618245, mean("wait", unit_s=MINUTE)),
        Figure("mean wait of the answered, min", 0.060265, mean("wait", answered, unit_s=MINUTE)),
        Figure("mean wait of the abandoned, min", 0.11071408, mean("wait", abandoned, unit_s=MINUTE)),
        Figure("waits at most 12.5 s", 0.9008502, share(at_most("wait", 12.5))),
        Figure("mean number waiting", 2.9675759, queue_length()),
        occupancy(0.93032424, 50),
        Figure("g0: in 20 s / answered", 0.9730997, share(within_20_s, answered)),
    ),
    Length(batches=100, lasts="70h"),
    Length(batches=40, lasts="40h"),
    _line(2880, 50, _exponential(1), patience=_exponential(2)),
    ("requests", "tasks"),
)


def _general(key: str, model: str, law: object, wait: float, hours: tuple[int, int]) -> Case:
    full, quick = hours
    figures = (
        Figure("mean wait, min", wait, mean("wait", unit_s=MINUTE)),
        Figure("share that waits", 0.8, share(waits_at_all)),
    )
    overrides = _line(48, 1, {}) | {"queues.line.handle_time": law, "warm_up": "10h"}
    source = "exact: Pollaczek-Khinchine"
    return Case(
        key,
        model,
        source,
        "single_queue.yaml",
        figures,
        Length(batches=100, lasts=f"{full}h"),
        Length(batches=40, lasts=f"{quick}h"),
        overrides,
    )


A9 = (
    _general("A9 M", "M/M/1", _exponential(1), 4, (4000, 1500)),
    _general("A9 D", "M/D/1", "1m", 2, (2500, 1000)),
    _general("A9 G", "M/G/1, scv 4", {"gamma": {"mean": "1m", "sd": "2m"}}, 10, (8700, 2500)),
)


def _lines(servers: int, load: float, share_blocked: float, hours: tuple[int, int]) -> Case:
    full, quick = hours
    return Case(
        f"A10 {servers}",
        f"M/M/{servers}/{servers}, load {load:g}",
        "exact: Erlang B",
        "single_queue.yaml",
        (Figure("share blocked", share_blocked, share(blocked, table="conversations")),),
        Length(batches=100, lasts=f"{full}h"),
        Length(batches=40, lasts=f"{quick}h"),
        _line(60 * load, servers, _exponential(1), capacity=0),
        ("conversations",),
    )


A10 = (_lines(10, 8, 0.1216610643, (150, 60)), _lines(100, 90, 0.0269573805, (60, 60)))

CASES = (A1, A2, A3, A5_PATIENT, A5_IMPATIENT, *A9, *A10)
