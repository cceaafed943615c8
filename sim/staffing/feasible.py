"""Goals that no staffing within the bounds keeps, told before a search begins."""

from collections.abc import Sequence

import numpy as np

from sim.errors import SimError
from sim.experiments.paired import Sampled
from sim.metrics.columns import FloatArray
from sim.metrics.formatting import percent, quantity
from sim.scenario.teams import serves
from sim.staffing.choices import Choices, head_counts
from sim.staffing.days import Days, SearchOverError
from sim.staffing.goals import Goals
from sim.staffing.judging import wanted
from sim.staffing.start import needed

AMPLE_DAYS = 10
SURE = 3.0
"""Standard errors below 0 that make a row surely missed."""
MOST_SHOWN = 3


class InfeasibleError(SimError):
    """No staffing within the bounds keeps a goal."""

    exit_code = 1


def require_feasible(choices: Choices, goals: Goals, days: Days) -> None:
    """Raise InfeasibleError where a goal is surely missed with the most agents of every team."""
    most = np.where(np.isinf(choices.most), _ample(choices), choices.most)
    try:
        parts = days.parts([head_counts(choices.scenario, choices.teams, most)], AMPLE_DAYS)[0]
    except SearchOverError:
        return
    room, errors = goals.values(parts)
    limits = np.maximum(SURE * errors, 1e-9)
    missed = [at for at, row in enumerate(goals.rows) if room[at] < -limits[at] and row.share_of_days is None]
    if missed:
        raise InfeasibleError(_infeasible(choices, goals, missed, parts))


def _ample(choices: Choices) -> FloatArray:
    """Return more agents of each team than all the queues it serves could keep busy, by interval."""
    scenario, need = choices.scenario, needed(choices, "C")
    queues = list(scenario.queues)
    rows = []
    for name in choices.teams:
        own = [q for q, queue in enumerate(queues) if serves(scenario, name, queue)]
        peak = need[own].sum(axis=0) if own else np.zeros(need.shape[1])
        rows.append(np.ceil(2.0 * peak + 5.0))
    found: FloatArray = np.maximum(np.array(rows), choices.least)
    return found


def _infeasible(choices: Choices, goals: Goals, missed: Sequence[int], parts: FloatArray) -> str:
    """Say which goals even the most agents miss, by how much, and what may be done."""
    said = [_missed(goals, at, parts) for at in missed[:MOST_SHOWN]]
    said += [f"and {len(missed) - MOST_SHOWN} more"] if len(missed) > MOST_SHOWN else []
    shown = "; ".join(said)
    limits = [
        f"{name} {int(most.max())}"
        for name, most in zip(choices.teams, choices.most, strict=True)
        if np.isfinite(most).all()
    ]
    name = choices.scenario.name
    if limits:
        return f"{name}: even with max ({', '.join(limits)}) {shown}; raise staffing.teams.T.max or lower the goal"
    return f"{name}: with any number of agents {shown}; no team can move it: lower the goal or change the routing"


def _missed(goals: Goals, at: int, parts: FloatArray) -> str:
    row = goals.rows[at]
    sampled = Sampled(parts[:, 0, row.whole], parts[:, 1, row.whole], row.is_ratio)
    value, unit = sampled.only(sampled.there).value, row.claim.measured.definition.unit
    text = f"{percent(value)} %" if unit == "share" else quantity(round(value, 1), unit)
    return f"{row.claim.measured.text} is {text}, not {wanted(row.claim)}"
