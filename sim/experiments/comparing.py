"""Comparing scenarios on the same customers."""

from collections.abc import Iterable, Sequence
from contextlib import closing

import numpy as np

from sim.errors import SimError
from sim.experiments.changes import names_of
from sim.experiments.comparison import Comparison
from sim.experiments.replicate import Progress
from sim.experiments.sampling import Sample, Sampler
from sim.experiments.shield import shielded
from sim.experiments.wanted import Wanted, read, usual
from sim.parallel.workers import Report, Workers, warn
from sim.records.recorder import vocabularies_of
from sim.scenario import Scenario
from sim.scenario.arguments import require_scenarios, require_whole

FEWEST = 2
"""Of a single replication nothing can be said about the spread."""


def compare(
    base: Scenario,
    *candidates: Scenario,
    metrics: Iterable[str | Wanted] = (),
    replications: int | None = None,
    seed: int | None = None,
    names: Sequence[str | None] = (),
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
) -> Comparison:
    """Simulate scenarios with the same customers and return what lies between each of them and the base.

    `metrics` are figures such as "service_level" or "wait_p90:queue=billing"; by default those of the base's
    targets and a few over all. `replications` and `seed` are the base's own unless given. Candidates are named
    by what they change unless `names` are given. `jobs`, `cluster` and `on_loss` are as for `run`. Ctrl-C ends
    it after the last finished replication, if there are two: the result then is `interrupted`.

    Raises SimError without candidates, with fewer than two replications, and for figures that one of the
    scenarios has not.
    """
    if not candidates:
        raise SimError(
            'there is nothing to compare with; give another scenario, such as base.set("teams.NAME.agents", 9)'
        )
    require_scenarios(base, *candidates)
    require_whole(replications=replications, seed=seed)
    asked = at_least_two(base, replications)
    scenarios = (base, *candidates)
    named = names_of(base, candidates, [*names, *[None] * (len(candidates) - len(names))])
    wanted = read(metrics, scenarios) or usual(scenarios)
    streams = vocabularies_of(base)["stream"]
    sampler = Sampler(scenarios, wanted, base.seed if seed is None else seed, streams)
    samples = _samples(sampler, asked, Workers(jobs, cluster, on_loss), on_progress)
    return Comparison(
        base=base,
        candidates=tuple(candidates),
        names=named,
        wanted=wanted,
        seed=sampler.seed,
        asked=asked,
        tops=np.array([sample.tops for sample in samples]),
        bottoms=np.array([sample.bottoms for sample in samples]),
        fares=np.array([sample.fares for sample in samples]),
        streams=streams,
    )


def at_least_two(scenario: Scenario, replications: int | None) -> int:
    """Give the number of replications asked for.

    Raises SimError where there are too few for an interval.
    """
    asked = scenario.replications if replications is None else replications
    if asked < FEWEST:
        own = "" if replications is not None else " (the scenario's own number)"
        raise SimError(
            f"a difference needs at least {FEWEST} replications, not {asked}{own}; 20 is a good start"
        )
    return asked


def _samples(
    sampler: Sampler, count: int, workers: Workers, on_progress: Progress | None
) -> list[Sample]:  # fmt: skip
    """Run the replications; Ctrl-C costs only those under way."""
    samples: list[Sample] = []
    tell = on_progress or _silent
    tell(0, count)
    try:
        with closing(workers.ordered(sampler, range(count), sampler.label)) as results:
            for sample in results:
                with shielded():
                    samples.append(sample)
                tell(len(samples), count)
    except KeyboardInterrupt:
        if len(samples) < FEWEST:
            raise
    return samples


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""
