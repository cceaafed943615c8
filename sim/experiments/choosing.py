"""Finding the best of several scenarios without simulating the hopeless ones to the end."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from math import isnan

import numpy as np

from sim.errors import SimError
from sim.experiments.changes import names_of
from sim.experiments.direction import Goal, goal_of
from sim.experiments.kim_nelson import FIRST, KimNelson
from sim.experiments.paired import Sampled
from sim.experiments.partial_sampler import PartialSampler
from sim.experiments.replicate import Progress
from sim.experiments.sampling import Sample, Sampler
from sim.experiments.selection import Selection
from sim.experiments.wanted import Wanted, read
from sim.metrics.inputs import FloatArray
from sim.parallel.workers import Report, Workers, warn
from sim.scenario import Scenario
from sim.scenario.arguments import require_scenarios, require_whole

ROUND = 10
"""Replications that are begun together; the procedure still looks at them one by one."""

AT_MOST = 1000
"""Replications of a scenario after which the search is given up unless told otherwise."""

POINT = 0.01
"""What matters for a share unless told otherwise: one percentage point."""


def best(
    base: Scenario,
    *candidates: Scenario,
    metric: str | Wanted,
    delta: float | None = None,
    confidence: float = 0.95,
    goal: Goal | None = None,
    at_most: int = AT_MOST,
    seed: int | None = None,
    names: Sequence[str | None] = (),
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
) -> Selection:
    """Find the scenario, the base among them, with the best value of a figure.

    It is found with probability `confidence` at least where it leads by `delta` or more, in the metric's unit
    (for shares 0.01 unless given). All meet the same customers; after each replication those that are clearly
    behind are left out. `goal` says whether "high" or "low" is better, where that is not plain. It ends
    undecided after `at_most` replications.

    Raises SimError without candidates, for a figure that one of the scenarios has not, and for numbers that
    make no sense.
    """
    if not candidates:
        raise SimError(
            'there is nothing to choose from; give other scenarios, such as base.set("teams.NAME.agents", 9)'
        )
    require_scenarios(base, *candidates)
    require_whole(at_most=at_most, seed=seed)
    scenarios = (base, *candidates)
    (wanted,) = read([metric], scenarios)
    way = goal_of(wanted, goal)
    matters = _delta(wanted, delta)
    _check(confidence, at_most)
    named = names_of(base, candidates, [*names, *[None] * (len(candidates) - len(names))])
    sampler = Sampler(scenarios, (wanted,), base.seed if seed is None else seed)
    search = _Search(sampler, KimNelson(len(scenarios), matters, confidence), way)
    search.go(Workers(jobs, cluster, on_loss), at_most, on_progress or _silent)
    return Selection(
        scenarios=scenarios, names=("base", *named), wanted=wanted, goal=way, delta=matters, confidence=confidence,
        seed=sampler.seed, asked=at_most, first=FIRST, sampled=search.sampled(),
        left_after=tuple(search.rule.left_after),
    )  # fmt: skip


class _Search:
    """The replications so far, scenario by scenario, and the rule that leaves some out."""

    def __init__(self, sampler: Sampler, rule: KimNelson, goal: Goal) -> None:
        self.rule = rule
        self._part = PartialSampler(sampler)
        self._is_ratio = sampler.is_ratio[0]
        self._sign = 1.0 if goal == "high" else -1.0
        self._tops: list[list[float]] = [[] for _ in sampler.scenarios]
        self._bottoms: list[list[float]] = [[] for _ in sampler.scenarios]

    def go(self, workers: Workers, at_most: int, on_progress: Progress) -> None:
        """Run rounds until one scenario is left or there were `at_most` replications."""
        on_progress(0, at_most)
        done = 0
        while done < at_most:
            count = min(ROUND if done else FIRST, at_most - done)
            which = tuple(self.rule.alive)
            for sample in self._round(workers, range(done, done + count), which):
                self._take(sample, which)
                done += 1
                self._look(done)
                on_progress(done, min(at_most, max(FIRST, self.rule.at_latest + 1)))
                if self.rule.chosen is not None:
                    return

    def _look(self, done: int) -> None:
        if done == FIRST:
            self.rule.start(self._signed())
        elif done > FIRST:
            self.rule.look(done, [one.value for one in self._signed()])

    def sampled(self) -> tuple[Sampled, ...]:
        """Give what each scenario's replications gave."""
        return tuple(self._sampled(number, 1.0) for number in range(len(self._tops)))

    def _signed(self) -> list[Sampled]:
        """Give the same with the better value the larger one."""
        return [self._sampled(number, self._sign) for number in range(len(self._tops))]

    def _sampled(self, number: int, sign: float) -> Sampled:
        bottoms: FloatArray = np.array(self._bottoms[number])
        return Sampled(np.array(self._tops[number]) * sign, bottoms, is_ratio=True)

    def _round(self, workers: Workers, numbers: range, which: tuple[int, ...]) -> Iterator[Sample]:
        items = [(number, which) for number in numbers]
        with closing(workers.ordered(self._part, items, self._part.label)) as results:
            yield from results

    def _take(self, sample: Sample, which: tuple[int, ...]) -> None:
        """Note a replication of those that are still in; a mean without a value weighs nothing."""
        for row, number in enumerate(which):
            if number in self.rule.alive:
                top, bottom = float(sample.tops[row, 0]), float(sample.bottoms[row, 0])
                if not self._is_ratio:
                    top, bottom = (0.0, 0.0) if isnan(top) else (top, 1.0)
                self._tops[number].append(top)
                self._bottoms[number].append(bottom)


def _delta(wanted: Wanted, given: float | None) -> float:
    unit = wanted.definition.unit
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
    """Tell nobody."""
