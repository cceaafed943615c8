"""The comparison of scenarios on the same customers, and its result."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.engines import Engine, engine_for_all
from sim.errors import SimError, did_you_mean, quoted
from sim.experiments.figure_selectors import (
    FigureSelector,
    check_targets,
    figures_shown,
    read,
    usual,
    with_targets,
)
from sim.experiments.growth import Growth
from sim.experiments.paired import Paired, Sampled, alone, holm, paired
from sim.experiments.replications import Progress
from sim.experiments.sampling import FEWEST, Sample, Sampler, at_least_two
from sim.experiments.unfinished import growing_in, told, told_beside
from sim.experiments.variants import are_sent_alike, names_of
from sim.interpreter import shielded
from sim.metrics.columns import FloatArray
from sim.parallel.workers import Report, Spending, Workers, warn
from sim.records.recorder import vocabularies_of
from sim.scenario import Scenario, dump
from sim.scenario.budget import BudgetError
from sim.scenario.model import require_scenarios, require_whole

if TYPE_CHECKING:
    import pandas as pd


class Difference(NamedTuple):
    """A row of the table: a figure of the base and of a candidate, and their difference.

    `base`, `value` (the candidate's), `difference`, `low` and `high` are in the metric's unit; `p_adjusted` is
    Holm's over all rows. `correlation` and `variance_factor` are the gain of using the same customers, which
    `same_customers` says whether the row is about: where others come to the run, or to its queue, by its channel or
    with its label, in one of the two, it is not.
    """

    candidate: str
    metric: str
    variant: str
    queue: str
    team: str
    channel: str
    kind: str
    label: str
    day: str
    interval: str
    base: float
    value: float
    difference: float
    low: float
    high: float
    p: float
    p_adjusted: float
    correlation: float
    variance_factor: float
    replications: int
    unit: str
    same_customers: bool = True


class CustomerEffect(NamedTuple):
    """The shares of a stream's customers (empty: all streams) who fare better and worse with a candidate.

    `arrived` is the number of customers of the base, `compared` the number of them who can be compared and `added`
    the number of customers whom only the candidate has, each a replication; the shares are of `compared`. `by` is
    `wait` (served to the end, and how long they wait; `compared` is whom the candidate has too) or `conversation`
    (how long it takes; `compared` is whom agents serve in both).
    """

    candidate: str
    stream: str
    arrived: float
    compared: float
    better: float
    better_low: float
    better_high: float
    worse: float
    worse_low: float
    worse_high: float
    same: float
    added: float = 0.0
    by: str = "wait"


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """A base and candidates that met the same customers; a notebook shows it as a table.

    `tops` and `bottoms` are the numerators and denominators: replication by scenario, the base first, by figure.
    `asked` is the number of replications that were wanted. A comparison that was opened has the manifest of its
    folder in `opened`, and the customers' rows in `effects`, as `customer_counts` are not kept. `stopped` says why the
    budget ended it, where it did. `engine` says on which engine it was simulated and why; None where a comparison
    saved earlier does not tell.
    """

    base: Scenario
    candidates: tuple[Scenario, ...]
    names: tuple[str, ...]
    wanted: tuple[FigureSelector, ...]
    seed: int
    asked: int
    tops: FloatArray
    bottoms: FloatArray
    customer_counts: FloatArray
    streams: tuple[str, ...]
    opened: Mapping[str, Any] | None = None
    effects: tuple[CustomerEffect, ...] | None = None
    stopped: str = ""
    engine: Engine | None = None

    @property
    def replications(self) -> int:
        """The number of finished replications."""
        return len(self.tops)

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C or the budget ended it before all replications were done."""
        return self.replications < self.asked

    @cached_property
    def table(self) -> "pd.DataFrame":
        """Every figure of every candidate beside the base, one a row, with the 95 % interval of the difference."""
        import pandas as pd

        return pd.DataFrame(self.differences, columns=list(Difference._fields))

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """The rows of the table."""
        pairs = list(product(range(len(self.candidates)), range(len(self.wanted))))
        found = [self._paired(candidate, figure) for candidate, figure in pairs]
        adjusted = holm([one.p for one in found])
        return tuple(self._row(*pair, one, p) for pair, one, p in zip(pairs, found, adjusted, strict=True))

    def figure(
        self,
        metric: str,
        *,
        candidate: str | None = None,
        variant: str = "",
        queue: str = "",
        team: str = "",
        channel: str = "",
        kind: str = "",
        label: str = "",
        day: str = "",
        interval: str = "",
    ) -> Difference:
        """Return one row, such as `figure("service_level", queue="billing")`; of the first candidate unless named.

        Raises SimError for a figure that was not compared and, with the nearest name, for an unknown candidate.
        """
        name = self.names[0] if candidate is None else candidate
        if name not in self.names:
            raise SimError(f"no candidate {quoted(name)}; {did_you_mean(name, self.names)}")
        key = (name, metric, variant, queue, team, channel, kind, label, day, interval)
        found = next((row for row in self.differences if row[: len(key)] == key), None)
        if found is None:
            raise SimError(f"{metric} of that place was not compared; compared were {self._compared()}")
        return found

    @cached_property
    def customers(self) -> "pd.DataFrame":
        """The shares of customers who fare better, worse and the same, for each candidate, by stream and over all.

        Customers fare better by their wait who are served to the end where they were not, or wait less by at least a
        second; by their conversation, where it takes less by at least a second.
        """
        import pandas as pd

        return pd.DataFrame(self.customer_effects, columns=list(CustomerEffect._fields))

    @property
    def has_the_same_customers(self) -> bool:
        """Whether each customer of the base comes in every candidate, and no others do."""
        return all(self._same_customers)

    @cached_property
    def _same_customers(self) -> tuple[bool, ...]:
        """Whether each candidate has all customers of the base and no others."""
        rows = [row for row in self.customer_effects if row.by == "wait" and not row.stream]
        return tuple(row.arrived == row.compared > 0 and not row.added for row in rows)

    @cached_property
    def customer_effects(self) -> tuple[CustomerEffect, ...]:
        """The rows of the table of customers."""
        if self.effects is not None:
            return self.effects
        return tuple(
            row for candidate in range(len(self.candidates)) for row in self._customer_rows(candidate)
        )

    def growing(self, scenario: int) -> tuple[Growth, ...]:
        """Return the queues whose backlog surely grows in a scenario, by its number, the base's being 0."""
        return growing_in(self.wanted, self.tops[:, scenario])

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the folder of the comparison says of it: scenarios, seed, command and so on."""
        from sim.experiments.side_by_side import comparison_facts

        return comparison_facts(self) if self.opened is None else self.opened

    @property
    def texts(self) -> dict[str, str]:
        """The scenario files of the base and the candidates, by what they are."""
        pairs = zip(self.names, self.candidates, strict=True)
        return {"The base": dump(self.base)} | {f"Candidate: {name}": dump(one) for name, one in pairs}

    def save(self, folder: Path | str, command: Sequence[str] = ()) -> Path:
        """Write the tables, every replication's own figures and the scenarios into a folder, whole or not at all.

        Raises SimError where the folder holds something else or the disk refuses.
        """
        from sim.experiments.side_by_side import save_comparison

        return save_comparison(self, Path(folder), command)

    def report(self, file: Path | str) -> Path:
        """Write the comparison as one HTML file that needs nothing else, and return where it is."""
        written: Path = import_module("sim.report.html").write_report(self, Path(file))
        return written

    def _compared(self) -> str:
        return ", ".join(one.text for one in self.wanted)

    def _paired(self, candidate: int, figure: int) -> Paired:
        return paired(self._sampled(0, figure), self._sampled(candidate + 1, figure))

    def _sampled(self, scenario: int, figure: int) -> Sampled:
        is_ratio = self.wanted[figure].definition.is_ratio
        return Sampled(self.tops[:, scenario, figure], self.bottoms[:, scenario, figure], is_ratio)

    def _row(self, candidate: int, figure: int, found: Paired, p_adjusted: float) -> Difference:
        wanted = self.wanted[figure]
        return Difference(
            self.names[candidate], **wanted.columns(), base=found.base, value=found.value,
            difference=found.difference, low=found.low, high=found.high, p=found.p, p_adjusted=p_adjusted,
            correlation=found.correlation, variance_factor=found.variance_factor,
            replications=found.replications, unit=wanted.definition.unit,
            same_customers=self._same_customers[candidate]
            and are_sent_alike(self.base, self.candidates[candidate], wanted.place),
        )  # fmt: skip

    def _customer_rows(self, candidate: int) -> Iterator[CustomerEffect]:
        return customer_effects(self.names[candidate], self.streams, self.customer_counts[:, candidate])

    def __repr__(self) -> str:
        against = ", ".join(self.names)
        return f"<Comparison of {self.base.name!r} with {against}: {self.replications} replications, seed {self.seed}>"

    def _repr_html_(self) -> str:
        return str(import_module("sim.report.notebook").of_comparison(self))


def customer_effects(candidate: str, streams: Sequence[str], counts: FloatArray) -> Iterator[CustomerEffect]:
    """Return how a candidate's customers fare over all and by stream, from counts: replication by stream by count."""
    used = [number for number in range(len(streams)) if counts[:, number].any()]
    parts = [("", counts.sum(axis=1))]
    parts += [(streams[number], counts[:, number]) for number in used] if len(used) > 1 else []
    for by in ("wait", "conversation"):
        for stream, part in parts:
            yield _customer_effect(candidate, stream, part, by)


def _customer_effect(candidate: str, stream: str, counts: FloatArray, by: str) -> CustomerEffect:
    columns = (0, 1, 2, 3) if by == "wait" else (0, 5, 6, 7)
    arrived, compared, better, worse = counts.T[list(columns)]
    shares = [_share(part, compared) for part in (better, worse)]
    same = 1.0 - shares[0][0] - shares[1][0]
    means = (float(arrived.mean()), float(compared.mean()))
    added = float(counts[:, 4].mean())
    return CustomerEffect(candidate, stream, *means, *shares[0], *shares[1], same, added, by)


def _share(part: FloatArray, whole: FloatArray) -> tuple[float, float, float]:
    """Return a share of customers with its 95 % interval."""
    value, low, high = alone(Sampled(part, whole, is_ratio=True))
    return value, float(np.clip(low, 0, 1)), float(np.clip(high, 0, 1))


def compare(
    base: Scenario,
    *candidates: Scenario,
    metrics: Iterable[str | FigureSelector] = (),
    replications: int | None = None,
    seed: int | None = None,
    names: Sequence[str | None] = (),
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
    budget: str | float | None = None,
) -> Comparison:
    """Simulate scenarios with the same customers and compare each of them with the base.

    `metrics` are figures such as "service_level" or "wait_p90:queue=billing", by default a few over all; those of
    the base's targets are measured in any case. `replications` and `seed` are the base's own unless given.
    Candidates are named by what they change unless `names` are given. `jobs`, `cluster`, `on_loss` and `budget` are as
    for `run`. Ctrl-C ends it after the last finished replication, if there are two: the result then is `interrupted`.

    Raises SimError without candidates, with fewer than two replications, and for figures that one of the
    scenarios has not.
    """
    if not candidates:
        raise SimError(
            'there is nothing to compare with; give another scenario, such as base.set("teams.NAME.agents", 9)'
        )
    require_scenarios(base, *candidates)
    require_whole(replications=replications, seed=seed)
    for one in (base, *candidates):
        check_targets(one)
    asked = at_least_two(base, replications)
    scenarios = (base, *candidates)
    named = names_of(base, candidates, [*names, *[None] * (len(candidates) - len(names))])
    asked_for = read(metrics, scenarios)
    wanted = with_targets(asked_for, scenarios) if asked_for else usual(scenarios, figures_shown(scenarios))
    streams = tuple(dict.fromkeys(name for one in scenarios for name in vocabularies_of(one)["stream"]))
    measured = told_beside(wanted, scenarios)
    spending = Spending.within(budget, scenarios, asked, jobs)
    sampler = Sampler(scenarios, measured, base.seed if seed is None else seed, streams, cap=spending.cap)
    samples, stopped = _samples(
        sampler, asked, Workers(jobs, cluster, on_loss), spending, on_progress or _silent
    )
    tops = np.array([sample.tops for sample in samples])
    kept = told(wanted, measured, tops)
    return Comparison(
        base=base,
        candidates=tuple(candidates),
        names=named,
        wanted=tuple(measured[number] for number in kept),
        seed=sampler.seed,
        asked=asked,
        tops=tops[..., kept],
        bottoms=np.array([sample.bottoms for sample in samples])[..., kept],
        customer_counts=np.array([sample.customer_counts for sample in samples]),
        streams=streams,
        stopped=stopped,
        engine=engine_for_all(scenarios),
    )


def _samples(
    sampler: Sampler, count: int, workers: Workers, spending: Spending, tell: Progress
) -> tuple[list[Sample], str]:
    """Run the replications; Ctrl-C and the end of the budget, of which it returns the words, lose what is under way."""
    samples: list[Sample] = []
    tell(0, count)
    try:
        with closing(spending.ordered(workers, sampler, range(count))) as results:
            for sample in results:
                with shielded():
                    samples.append(sample)
                tell(len(samples), count)
    except (KeyboardInterrupt, BudgetError) as reason:
        if len(samples) < FEWEST:
            raise
        return samples, str(reason) if isinstance(reason, BudgetError) else ""
    return samples, ""


def _silent(_done: int, _total: int) -> None:
    """Ignore the progress."""
