"""Where a search starts: Erlang's numbers for each queue, shared out over teams and covered at the least cost."""

from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.errors import SimError, quoted
from sim.experiments.demand_and_staffing import agents_on_duty
from sim.experiments.erlang.calculation import Model
from sim.experiments.erlang.sheet import ErlangSheet, PlannedRow
from sim.metrics.columns import FloatArray, IntArray
from sim.scenario import Scenario
from sim.scenario.numbers import clock_text
from sim.scenario.teams import serves
from sim.staffing.choices import Choices, with_rosters
from sim.staffing.dates import first_interval
from sim.staffing.silence import silent

GAP = 5e-3
NODES = 10
"""A search in HiGHS ends at this gap or after so many nodes, never by the clock, so that it ends alike everywhere."""
COVER_GAP = 1e-6
LACK = 20.0
"""What an agent or a contact in time costs that is missing, in agents of an average interval."""
TIE = 1e-7
"""Each choice is dearer than the one before it by this part of the mean cost, so that no two plans cost the same."""


def needed(choices: Choices, model: Model) -> FloatArray:
    """Return the least agents of each queue (row) in each interval by Erlang's formula, each queue by itself.

    Where a queue has no patience, Erlang C stands for A; where it has no service level, the load and its root.
    """
    sheet = ErlangSheet(_with_one_each(choices))
    return np.array(
        [[_least(row, model) for row in sheet.planned(queue)] for queue in choices.scenario.queues]
    )


def _least(row: PlannedRow, model: Model) -> float:
    wanted = (row.needed_a if model == "A" else row.needed_c, row.needed_c)
    usual = float(np.ceil(row.load_erlang + np.sqrt(row.load_erlang)))
    return next((one for one in (*wanted, usual) if not np.isnan(one)), 0.0)


def _with_one_each(choices: Choices) -> Scenario:
    """Return the scenario with an agent in each team that is planned, so that its present roster weighs nothing."""
    return with_rosters(choices.scenario, {name: {"agents": 1} for name in choices.teams})


def covering(choices: Choices, need: FloatArray) -> IntArray | None:
    """Return the cheapest staffing whose present agents, shared out over the queues they serve, are as many as needed.

    Where the bounds leave too few, as few as possible are missing. None where the bounds leave no staffing at all.
    """
    scenario, edges = choices.scenario, choices.edges
    queues, intervals, n = len(need), len(edges) - 1, len(choices.items)
    others = tuple(name for name in scenario.teams if name not in choices.teams)
    teams, sheet = (*choices.teams, *others), ErlangSheet(scenario)
    pairs = [
        (q, teams.index(team)) for q, queue in enumerate(scenario.queues) for team in sheet.teams_of(queue)
    ]
    there = [agents_on_duty(scenario, scenario.teams[name], edges) for name in others]
    width, wanted = len(pairs) * intervals, queues * intervals
    gives = _spread([q for q, _ in pairs], queues, intervals)
    takes = _spread([k for _, k in pairs], len(teams), intervals)
    present = sp.diags(np.repeat(choices.present, intervals)) @ by_team(choices)
    planned = sp.vstack([present, _empty(len(others) * intervals, n)])
    asked, there_too = _asked(need, choices, sheet), _capacity(choices, there)
    rows = [
        LinearConstraint(sp.hstack([_empty(wanted, n), gives, unit(wanted)]), asked, np.inf),
        LinearConstraint(sp.hstack([planned, -takes, _empty(takes.shape[0], wanted)]), -there_too, np.inf),
        *bounded(choices, width + wanted),
    ]
    price = LACK * float(choices.wages().mean())
    cost = np.concatenate([tied(choices.cost), np.zeros(width), np.full(wanted, price)])
    found = solved(cost, rows, np.repeat([1, 0], [n, width + wanted]), Bounds(0, np.inf), COVER_GAP)
    return None if found is None else np.rint(found[:n]).astype(np.int64)


def _asked(need: FloatArray, choices: Choices, sheet: ErlangSheet) -> FloatArray:
    """Return what is asked for of each queue; nothing where only teams serve it that keep their roster."""
    served = [
        any(team in choices.teams for team in sheet.teams_of(queue)) for queue in choices.scenario.queues
    ]
    asked: FloatArray = np.where(np.array(served)[:, None], need, 0.0)
    return asked.ravel()


def _capacity(choices: Choices, others: list[FloatArray]) -> FloatArray:
    """Return who is there by team and interval without the planned ones, these first."""
    planned = np.zeros(len(choices.teams) * (len(choices.edges) - 1))
    return np.concatenate([planned, *others])


def _spread(owners: list[int], size: int, intervals: int) -> Any:
    """Return the matrix that adds up, interval by interval, what belongs to each owner."""
    chosen = np.zeros((size, len(owners)))
    chosen[owners, np.arange(len(owners))] = 1.0
    return sp.kron(sp.csr_matrix(chosen), sp.identity(intervals), format="csr")


def unit(size: int) -> Any:
    """Return the matrix that leaves a vector of this size as it is."""
    return sp.csr_matrix(sp.identity(size))


def _empty(rows: int, columns: int) -> Any:
    return sp.csr_matrix((rows, columns))


def by_team(choices: Choices) -> Any:
    """Return the matrix that makes head-counts, team by team and interval by interval, of a staffing."""
    blocks = np.zeros((len(choices.teams), len(choices.edges) - 1, len(choices.items)))
    for number in range(len(choices.teams)):
        own = choices.team_of == number
        blocks[number][:, own] = choices.cover[:, own]
    return sp.csr_matrix(blocks.reshape(-1, len(choices.items)))


def bounded(choices: Choices, further: int) -> list[LinearConstraint]:
    """Return the bounds by team and the shares of templates as constraints, with so many further variables."""
    intervals = len(choices.teams) * (len(choices.edges) - 1)
    there = sp.hstack([by_team(choices), _empty(intervals, further)])
    found = [LinearConstraint(there, choices.least.ravel(), choices.most.ravel())]
    for number, template in enumerate(choices.scenario.staffing.shifts if choices.are_shifts else ()):
        if template.share_at_most < 1.0:
            own = np.array([one.template == number for one in choices.items], dtype=np.float64)
            same = np.array([one.team == template.team for one in choices.items], dtype=np.float64)
            line = np.concatenate([own - template.share_at_most * same, np.zeros(further)])
            found.append(LinearConstraint(line[None, :], -np.inf, 0.0))
    return found


def tied(cost: FloatArray) -> FloatArray:
    """Return costs of which no two are alike, so that ties end alike everywhere."""
    return cost + TIE * float(cost.mean()) * np.arange(len(cost)) / len(cost)


def solved(
    cost: FloatArray, rows: list[LinearConstraint], whole: IntArray, bounds: Bounds, gap: float = GAP
) -> FloatArray | None:
    """Return the cheapest solution within the gap or the nodes; None where there is none."""
    with silent():
        found = milp(
            cost,
            constraints=rows,
            integrality=whole,
            bounds=bounds,
            options={"mip_rel_gap": gap, "node_limit": NODES},
        )
    return None if found.x is None else np.asarray(found.x, dtype=np.float64)


def require_cover(choices: Choices) -> None:
    """Raise SimError where shifts leave a queue alone while its contacts come, or cannot keep a team's `min`."""
    if not choices.are_shifts:
        return
    scenario, found = choices.scenario, []
    sheet = ErlangSheet(scenario)
    reach = np.array(
        [choices.cover[:, choices.team_of == k].max(axis=1, initial=0.0) for k in range(len(choices.teams))]
    )
    for queue in scenario.queues:
        served = [name for name in scenario.teams if serves(scenario, name, queue)]
        if not served or any(name not in choices.teams for name in served):
            continue
        best = reach[[choices.teams.index(name) for name in served]].max(axis=0)
        came = sheet.volumes[queue][first_interval(scenario) :]
        missing = [k for k, best_ in enumerate(best) if came[k] > 0 and best_ < 0.5]
        if missing:
            found.append(
                f"no shift covers {_spans(choices, missing)}, when contacts come for {quoted(queue)}"
            )
    for k, name in enumerate(choices.teams):
        missing = [i for i in range(reach.shape[1]) if choices.least[k, i] > 0 and reach[k, i] <= 0]
        if missing:
            found.append(
                f"no shift of team {quoted(name)} covers {_spans(choices, missing)}, where its min is above 0"
            )
    if found:
        raise SimError(f"{scenario.name}: {'; '.join(found)}; add templates to `staffing.shifts`")


def _spans(choices: Choices, intervals: list[int]) -> str:
    """Write stretches of intervals by the clock."""
    opens, edges = choices.scenario.opens_at, choices.edges
    spans: list[list[int]] = []
    for one in intervals:
        if spans and spans[-1][1] == one:
            spans[-1][1] = one + 1
        else:
            spans.append([one, one + 1])
    return ", ".join(f"{clock_text(edges[a] + opens)} to {clock_text(edges[b] + opens)}" for a, b in spans)
