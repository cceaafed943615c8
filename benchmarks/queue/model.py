"""The one-queue model: its numbers, what is kept of each customer, its figures, and their exact values."""

from collections.abc import Sequence

import numpy as np

from sim.theory import erlang_a

AGENTS = 50
SERVICE_S = 300.0
PATIENCE_S = 180.0
GAP_S = SERVICE_S / 52
"""Mean time between arrivals: 52 Erlang offered to 50 agents."""

WITHIN_S = 20.0
EMPTY_S = 3000.0
"""How long the effect of an empty start is left out of the figures."""
END_S = 2000.0
"""How long before the last arrivals customers are left out, as some of them are still in when an engine stops."""

Visit = tuple[float, float, bool]
"""A customer: when he arrived, how long he waited, whether he was answered; times in seconds."""


def figures(visits: Sequence[Visit], customers: int) -> dict[str, float]:
    """Return the figures of a run of so many customers, without its beginning and its end."""
    arrived_at, waits, answered = (np.array(column) for column in zip(*visits, strict=True))
    kept = (arrived_at > EMPTY_S) & (arrived_at < customers * GAP_S - END_S)
    waits, answered = waits[kept], answered[kept].astype(bool)
    return {
        "share that gives up": float(1 - answered.mean()),
        "waiting for each who gives up, s": float(waits.sum() / (~answered).sum()),
        "mean wait of all, s": float(waits.mean()),
        "share that waits": float(
            (waits > 1e-6).mean()
        ),  # a difference of two times is not always 0 when they are equal
        "share answered in 20 s": float((answered & (waits <= WITHIN_S)).mean()),
    }


def exact() -> dict[str, float]:
    """Return the same figures of the long run, by the birth-death equations (Erlang A)."""
    known = erlang_a(1 / GAP_S, 1 / SERVICE_S, AGENTS, 1 / PATIENCE_S)
    return {
        "share that gives up": known.abandoned,
        "waiting for each who gives up, s": PATIENCE_S,  # who waits leaves at this rate, at every moment
        "mean wait of all, s": known.mean_wait,
        "share that waits": known.delay_probability,
        "share answered in 20 s": known.answered_within(WITHIN_S),
    }
