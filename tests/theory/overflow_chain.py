"""The Markov chain of case D7: who has waited for the limit goes on elsewhere.

The state is the number of calls that are talked to or, where all agents are busy, the wait of a call that comes now,
in steps: it falls steadily, and jumps with each call that will stay. Nothing here knows the engine, nor the formula.
"""

import numpy as np


def overflow_by_steps(
    calls: float = 1.4, agents: int = 3, limit: float = 1.0, mu: float = 0.5
) -> dict[str, float]:
    """The answers for steps that become ever shorter, by three of them (Richardson)."""
    long, half, quarter = (_by_steps(calls, agents, limit, mu, steps) for steps in (12, 24, 48))
    moved, waited = (8 * quarter - 6 * half + long) / 3
    return {
        "share that goes on": float(moved),
        "mean wait in the first queue, min": float(waited),
        "mean number of calls with the partner": float(calls * moved / mu),
    }


def _by_steps(calls: float, agents: int, limit: float, mu: float, steps: int) -> np.ndarray:
    """The share of calls that would wait beyond the limit, and the mean wait up to it, with so many steps to it."""
    step, top = limit / steps, 10 * steps
    rates = np.zeros((agents + top, agents + top))
    for busy in range(1, agents):
        rates[busy - 1, busy], rates[busy, busy - 1] = calls, busy * mu
    stays = np.exp(-agents * mu * step)  # until one of the agents is free
    jumps = calls * (1 - stays) * stays ** np.arange(top)
    rates[agents - 1, agents:] = jumps
    for level in range(top):
        here = agents + level
        rates[here, here - 1] = 1 / step
        if level + 1 < steps:
            rates[here, here + 1 :] = jumps[: top - level - 1]
    rates -= np.diag(rates.sum(axis=1))
    equations, right = rates.T.copy(), np.zeros(agents + top)
    equations[0], right[0] = 1.0, 1.0  # one equation too many: the sum of the shares takes its place
    law = np.linalg.solve(equations, right)[agents:]
    waits = step * np.arange(1, top + 1)
    return np.array([law[steps:].sum() + law[steps - 1] / 2, (law * np.minimum(waits, limit)).sum()])
