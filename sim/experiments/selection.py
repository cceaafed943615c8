"""The search for the best of several scenarios, and its result."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from sim.errors import SimError
from sim.experiments.comparison import CustomerEffect, customer_effects
from sim.experiments.feasibility import Plan, figure_of, require_targets
from sim.experiments.figure_selectors import (
    FigureSelector,
    Goal,
    figures_of,
    goal_of,
    read,
    what_it_takes,
)
from sim.experiments.growth import Growth, backlogs
from sim.experiments.kim_nelson import FIRST, KimNelson
from sim.experiments.paired import Sampled, paired
from sim.experiments.replications import Progress
from sim.experiments.sampling import Sampler
from sim.experiments.search import POINT, Runs, Search, levels
from sim.experiments.unfinished import DAY_S, growing_in
from sim.experiments.variants import names_of
from sim.metrics import Figure
from sim.parallel.workers import Report, Spending, Workers, warn
from sim.records.recorder import vocabularies_of
from sim.scenario import Scenario
from sim.scenario.model import require_scenarios, require_whole

if TYPE_CHECKING:
    import pandas as pd


class Candidate(NamedTuple):
    """A row of the table: a scenario, its figure, and when it was left out (after how many replications).

    `behind` is how far it lies behind the leader, over the replications that both have, with its 95 %
    interval; all in the metric's unit. They are NaN for the leader itself.
    """

    candidate: str
    chosen: bool
    value: float
    behind: float
    behind_low: float
    behind_high: float
    replications: int
    left_after: int | None


@dataclass(frozen=True, eq=False, repr=False)
class Selection:
    """The best of several scenarios, with its probability, and the replications behind it.

    `chosen` is the number of the best among `scenarios`, the base first; None where `asked` replications did
    not decide. A plan that leaves people unfinished where another leaves none is out before figures are compared;
    `unfinished` is how many each leaves a replication. `delta`, in the metric's unit, is the smallest difference that
    matters (the indifference zone). `stopped` says why the budget ended the search, where it did.

    Where the search is subject to targets, `plans` has them held against each scenario, and one that does not surely
    meet all is not chosen. `beside` are the service, the occupancy and the cost of each, and `effects` how the
    customers of each fare against the base's, over the replications that both have. `growing` are the queues of each
    whose backlog surely grows, so that no target is met.
    """

    scenarios: tuple[Scenario, ...]
    names: tuple[str, ...]
    wanted: FigureSelector
    goal: Goal
    delta: float
    confidence: float
    seed: int
    asked: int
    first: int
    sampled: tuple[Sampled, ...]
    left_after: tuple[int | None, ...]
    unfinished: tuple[float, ...] = ()
    stopped: str = ""
    plans: tuple[Plan, ...] = ()
    beside: tuple[tuple[Figure, ...], ...] = ()
    effects: tuple[tuple[CustomerEffect, ...], ...] = ()
    growing: tuple[tuple[Growth, ...], ...] = ()

    @property
    def chosen(self) -> int | None:
        """The number of the best scenario, None where that is not decided."""
        left = self.still_in
        if len(left) != 1:
            return None
        good = [at for at, _ in enumerate(self.names) if not self.plans or self.plans[at].meets_all]
        if left[0] not in good:
            return None
        fewest = min((self.unfinished[at] for at in good if self.unfinished), default=0.0)
        return None if self.unfinished and self.unfinished[left[0]] > fewest == 0 else left[0]

    @property
    def still_in(self) -> tuple[int, ...]:
        """The scenarios that were not left out."""
        return tuple(number for number, after in enumerate(self.left_after) if after is None)

    @property
    def best(self) -> Scenario | None:
        """The best scenario, None where that is not decided."""
        return None if self.chosen is None else self.scenarios[self.chosen]

    @property
    def name(self) -> str | None:
        """The name of the best scenario, None where that is not decided."""
        return None if self.chosen is None else self.names[self.chosen]

    @property
    def replications(self) -> int:
        """The number of replications of the scenarios that were in to the end."""
        return max(len(one.tops) for one in self.sampled)

    @property
    def simulated(self) -> int:
        """The number of simulated replications of all scenarios together."""
        return sum(len(one.tops) for one in self.sampled)

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The rows of the table, best first."""
        rows = [self._row(number) for number in range(len(self.scenarios))]
        ahead = -1.0 if self.goal == "high" else 1.0
        return tuple(
            sorted(rows, key=lambda row: (not row.chosen, row.left_after is not None, ahead * row.value))
        )

    @cached_property
    def table(self) -> "pd.DataFrame":
        """Every scenario with its figure, how far it is behind, and when it was left out, best first."""
        import pandas as pd

        return pd.DataFrame(self.candidates, columns=list(Candidate._fields))

    def meets_targets(self, number: int) -> bool | None:
        """Return whether a scenario surely meets all targets, or surely misses one; None where that is not known."""
        plan = self.plans[number]
        return True if plan.meets_all else False if plan.fails else None

    @cached_property
    def customers(self) -> "pd.DataFrame":
        """The shares of customers who fare better and worse than with the base, for each candidate, by stream."""
        import pandas as pd

        rows = [row for effects in self.effects for row in effects]
        return pd.DataFrame(rows, columns=list(CustomerEffect._fields))

    @property
    def _leader(self) -> int:
        ahead = 1.0 if self.goal == "high" else -1.0
        return max(
            self.still_in or range(len(self.names)), key=lambda number: ahead * self.sampled[number].value
        )

    def _row(self, number: int) -> Candidate:
        own, leader = self.sampled[number], self.sampled[self._leader]
        name, chosen = self.names[number], number == self.chosen
        count, left = len(own.tops), self.left_after[number]
        if number == self._leader:
            return Candidate(name, chosen, own.value, math.nan, math.nan, math.nan, count, left)
        shared = min(count, len(leader.tops))
        found = paired(own.upto(shared), leader.upto(shared))
        behind = (found.difference, found.low, found.high)
        if self.goal == "low":
            behind = (0.0 - found.difference, 0.0 - found.high, 0.0 - found.low)
        return Candidate(name, chosen, own.value, *behind, count, left)

    def __repr__(self) -> str:
        outcome = "not decided" if self.name is None else f"{self.name!r} is the best"
        return f"<Selection by {self.wanted.text}: {outcome}, {self.simulated} replications in all, seed {self.seed}>"

    def _repr_html_(self) -> str:
        return f"<p>{self.__repr__()[1:-1]}</p>{self.table.to_html(index=False)}"


AT_MOST = 1000
"""Replications of a scenario after which the search ends undecided by default."""


def best(
    base: Scenario,
    *candidates: Scenario,
    metric: str | FigureSelector,
    delta: float | None = None,
    confidence: float = 0.95,
    goal: Goal | None = None,
    subject_to: Literal["targets"] | None = None,
    at_most: int = AT_MOST,
    seed: int | None = None,
    names: Sequence[str | None] = (),
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
    budget: str | float | None = None,
) -> Selection:
    """Find the scenario, the base among them, with the best value of a figure.

    It is found with probability `confidence` at least where it leads by `delta` or more, in the metric's unit
    (0.01 of a share, 1 % of the base's cost unless given). All meet the same customers; after each replication those
    that are clearly behind are left out. `goal` says whether "high" or "low" is better, where the metric has no goal.
    Subject to "targets" it is the best of those that surely meet all targets of the base. It ends undecided after
    `at_most` replications, or where it would take more than the `budget`.

    Raises SimError without candidates, for a figure that one of the scenarios lacks, for a cost where nobody costs
    anything, and for numbers out of range.
    """
    if not candidates:
        raise SimError(
            'there is nothing to choose from; give other scenarios, such as base.set("teams.NAME.agents", 9)'
        )
    require_scenarios(base, *candidates)
    require_whole(at_most=at_most, seed=seed)
    scenarios = (base, *candidates)
    if subject_to is not None:
        require_targets(base)
    (wanted,) = read([metric], scenarios)
    way = goal_of(wanted, goal)
    matters = _delta(wanted, delta, scenarios)
    _check(confidence, at_most)
    named = ("base", *names_of(base, candidates, [*names, *[None] * (len(candidates) - len(names))]))
    measured = _measured(wanted, scenarios, subject_to is not None)
    streams = tuple(dict.fromkeys(name for one in scenarios for name in vocabularies_of(one)["stream"]))
    judges = subject_to is not None
    spending = Spending.within(budget, scenarios, at_most, jobs)
    sampler = Sampler(
        scenarios, measured, base.seed if seed is None else seed, streams, judges, cap=spending.cap
    )
    error = (1.0 - confidence) / (2 if judges else 1)  # half of it for the targets
    rule = KimNelson(len(scenarios), matters, 1.0 - error)
    search = Search(Runs(sampler), rule, way, named, levels(at_most, error) if judges else None, spending)
    search.go(Workers(jobs, cluster, on_loss), at_most, on_progress or _silent)
    every = range(len(scenarios))
    return Selection(
        scenarios=scenarios, names=named, wanted=wanted, goal=way, delta=rule.delta, confidence=confidence,
        seed=sampler.seed, asked=at_most, first=FIRST, sampled=tuple(map(search.runs.sampled, every)),
        left_after=tuple(rule.left_after), unfinished=tuple(search.runs.left(at).value for at in every),
        stopped=search.stopped,
        plans=tuple(search.plans[at] for at in every) if judges else (),
        beside=tuple(_beside(search.runs, at, wanted) for at in every),
        effects=tuple(_effects(search.runs, at, named[at]) for at in every),
        growing=tuple(growing_in(measured, search.runs.parts(at)[0]) for at in every),
    )  # fmt: skip


def _measured(
    wanted: FigureSelector, scenarios: Sequence[Scenario], judges: bool
) -> tuple[FigureSelector, ...]:
    """Return the figure, those who are unfinished, what stands beside, costs with those of tomorrow, and targets."""
    days = any(one.lasts > DAY_S for one in scenarios)
    after = [FigureSelector("cost_after", wanted.place), FigureSelector("cost_after")] if days else []
    beside = [FigureSelector(name) for name in ("unfinished", "service_level", *what_it_takes(scenarios))]
    beside += backlogs(scenarios)
    base = scenarios[0]
    targets = [one for target in base.targets for one in figures_of(target, base)] if judges else []
    return tuple(
        dict.fromkeys(
            [
                wanted,
                *beside,
                *(after if wanted.metric == "cost" or judges else []),
                *read(targets, scenarios),
            ]
        )
    )


def _beside(runs: Runs, number: int, wanted: FigureSelector) -> tuple[Figure, ...]:
    """Return the service, the occupancy and the cost of a scenario, but for the figure that it is chosen by."""
    tops, bottoms = runs.parts(number)
    shown = ("service_level", *what_it_takes(runs.sampler.scenarios))
    columns = [(at, one) for at, one in enumerate(runs.sampler.wanted) if one.text in shown and one != wanted]
    return tuple(figure_of(one, tops[:, at], bottoms[:, at]) for at, one in columns)


def _effects(runs: Runs, number: int, name: str) -> tuple[CustomerEffect, ...]:
    """Return how the customers of a scenario fare against the base's; nothing of the base itself."""
    return tuple(customer_effects(name, runs.sampler.streams, runs.counts(number))) if number else ()


def _delta(wanted: FigureSelector, given: float | None, scenarios: Sequence[Scenario]) -> float:
    """Return the difference that matters, NaN for one per cent of the base's cost."""
    unit = wanted.definition.unit
    if wanted.metric == "cost":
        if not any(team.cost_per_hour for one in scenarios for team in one.teams.values()):
            raise SimError(
                "nobody costs anything; give the teams a `cost_per_hour`, or choose by another figure"
            )
        if given is None:
            return math.nan
    if given is None and not wanted.definition.is_share:
        raise SimError(f"say from which difference on it matters which one is chosen: give a delta in {unit}")
    matters = POINT if given is None else given
    if not matters > 0:
        raise SimError(f"delta must be above 0, not {matters:g}")
    return matters


def _check(confidence: float, at_most: int) -> None:
    if not 0.5 <= confidence < 1:
        raise SimError(f"the confidence must lie between 50% and 100%, not be {confidence:g}")
    if at_most < FIRST:
        raise SimError(f"the search begins with {FIRST} replications, so at_most must not be {at_most}")


def _silent(_done: int, _total: int) -> None:
    """Ignore the progress."""
