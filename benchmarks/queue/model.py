"""The one-queue model: its parameters, the record of a customer, its figures, and their exact values."""

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
"""Seconds left out of the figures for the effect of the empty start."""
END_S = 2000.0
"""Seconds left out before the last arrivals, as some customers are still there when an engine stops."""

Visit = tuple[float, float, bool]
"""A customer: time of arrival, wait, and whether answered; times in seconds."""


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
        "waiting for each who gives up, s": PATIENCE_S,  # every waiting customer leaves at this rate
        "mean wait of all, s": known.mean_wait,
        "share that waits": known.delay_probability,
        "share answered in 20 s": known.answered_within(WITHIN_S),
    }
