"""`sim.erlang`: a question to Erlang's formulas, for one queue or for a scenario."""

from collections.abc import Sequence
from typing import overload

from sim.errors import SimError
from sim.experiments.erlang.calculation import Calculation, ErlangAnswer, parse_rate
from sim.experiments.erlang.comparison import ErlangComparison, ErlangDates, beside_erlang
from sim.experiments.erlang.sheet import ErlangSheet
from sim.experiments.figure_selectors import seconds_of, share_of
from sim.experiments.replications import Progress
from sim.parallel.workers import Report, warn
from sim.scenario import Scenario
from sim.scenario.model import require_scenarios
from sim.scenario.numbers import duration_text
from sim.scenario.one_day import days_apart

USUAL_WITHIN_S = 20.0
USUAL_TARGET = 0.8


@overload
def erlang(
    scenario: Scenario,
    queues: Sequence[str] = (),
    *,
    within: str | float | None = None,
    target: str | float | None = None,
    max_occupancy: str | float | None = None,
    shrinkage: str | float | None = None,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
    budget: str | float | None = None,
) -> ErlangComparison | ErlangDates: ...


@overload
def erlang(
    *,
    rate: str | float,
    handle: str | float,
    agents: float | None = None,
    patience: str | float | None = None,
    within: str | float | None = None,
    target: str | float | None = None,
    max_occupancy: str | float | None = None,
    shrinkage: str | float | None = None,
) -> ErlangAnswer: ...


def erlang(
    scenario: Scenario | None = None,
    queues: Sequence[str] = (),
    *,
    rate: str | float | None = None,
    handle: str | float | None = None,
    agents: float | None = None,
    patience: str | float | None = None,
    within: str | float | None = None,
    target: str | float | None = None,
    max_occupancy: str | float | None = None,
    shrinkage: str | float | None = None,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
    budget: str | float | None = None,
) -> ErlangComparison | ErlangDates | ErlangAnswer:
    """Ask Erlang's formulas about one queue (`rate` and `handle`), or about a scenario beside its simulation.

    Of a calendar each open date is asked about, and all of them together.
    Times are seconds or texts such as 5m, shares 0.8 or 80%, a rate contacts an hour or a text such as 50/30min.
    `within` and `target` are 20 s and 80 % for one queue, and stand in place of a scenario's own service levels.
    Raises SimError for what the formulas cannot be asked.
    """
    busiest = 1.0 if max_occupancy is None else _share(max_occupancy, "max_occupancy")
    away = None if shrinkage is None else _share(shrinkage, "shrinkage")
    within_s = None if within is None else _seconds(within, "within")
    share = None if target is None else _share(target, "target")
    alone = {"rate": rate, "handle": handle, "agents": agents, "patience": patience}
    if scenario is None:
        if rate is None or handle is None:
            raise SimError("give a scenario, or rate and handle")
        patience_s = None if patience is None else _seconds(patience, "patience")
        found = Calculation(
            parse_rate(str(rate)), _seconds(handle, "handle"), patience_s,
            USUAL_WITHIN_S if within_s is None else within_s, busiest, away or 0.0,
        )  # fmt: skip
        return ErlangAnswer(found, USUAL_TARGET if share is None else share, agents)
    require_scenarios(scenario)
    useless = [name for name, value in alone.items() if value is not None]
    if useless:
        raise SimError(f"{' and '.join(useless)} cannot be used with a scenario")
    promised = _promised(scenario, queues, within_s, share)
    days = days_apart(promised, "the formulas are for one day")
    sheets = [sheet_of(day, max_occupancy=busiest, shrinkage=away) for day in days]
    return beside_erlang(
        promised, sheets, queues, replications=replications, seed=seed,
        jobs=jobs, cluster=cluster, on_loss=on_loss, on_progress=on_progress, budget=budget,
    )  # fmt: skip


def sheet_of(
    scenario: Scenario,
    queues: Sequence[str] = (),
    within_s: float | None = None,
    target: float | None = None,
    max_occupancy: float = 1.0,
    shrinkage: float | None = None,
) -> ErlangSheet:
    """Return the sheet of a scenario, its service levels replaced by what is asked for.

    Raises SimError for shrinkage beside a team's own, or its absence.
    """
    Calculation(
        1.0, 1.0, max_occupancy=max_occupancy, shrinkage=shrinkage or 0.0
    )  # refuses what lies outside
    for name, team in scenario.teams.items() if shrinkage is not None else ():
        key = "absence" if team.absence else "shrinkage"
        if team.absence or team.shrinkage:
            raise SimError(
                f"give shrinkage or the {key} of team {name}, not both; the {key} is taken off already"
            )
    return ErlangSheet(_promised(scenario, queues, within_s, target), max_occupancy, shrinkage)


def _promised(
    scenario: Scenario, queues: Sequence[str], within_s: float | None, target: float | None
) -> Scenario:
    """Return the scenario with the service level that was asked for in place of the queues' own."""
    given = {"within": within_s, "target": target}
    changes: dict[str, object] = {}
    for name in queues or scenario.queues:
        level = scenario.queues[name].service_level if name in scenario.queues else None
        place = f"queues.{name}.service_level"
        if level is not None:
            changes |= {f"{place}.{key}": value for key, value in given.items() if value is not None}
        elif name in scenario.queues and (within_s is not None or target is not None):
            within = USUAL_WITHIN_S if within_s is None else within_s
            changes[place] = {
                "within": duration_text(within),
                "target": USUAL_TARGET if target is None else target,
            }
    return scenario.set(changes) if changes else scenario


def _seconds(given: str | float, name: str) -> float:
    return seconds_of(given, name)


def _share(given: str | float, name: str) -> float:
    return share_of(given, name)
