"""Whether a candidate can be compared with a baseline, and why not."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from sim.errors import SimError
from sim.experiments.gate.facts import Facts
from sim.experiments.gate.keys import Change
from sim.experiments.wanted import Wanted, check
from sim.scenario import Scenario

ABOUT_CUSTOMERS = ("seed", "lasts", "arrivals", "busyness")
"""The keys that say who comes; the labels' shares are among those of the arrivals."""

ABOUT_FIGURES = ("within", "variant", "short")
"""The keys of a service level that say what is counted."""


def reasons(base: Facts, candidate: Facts, changed: Sequence[Change], figures: Iterable[Wanted]) -> list[str]:
    """Say why two contenders cannot be compared; nothing where they can."""
    found = []
    if base.seed != candidate.seed:
        found.append(f"its seed is {base.seed}, not {candidate.seed}")
    elif base.customers != candidate.customers:
        found.append(f"its customers are others: {_why_others(base, candidate, changed)}")
    found += _redefined(changed, {figure.metric for figure in figures})
    return found


def missing(figures: Iterable[Wanted], scenario: Scenario) -> list[str]:
    """Say which figures of a baseline the candidate does not have."""
    found = []
    for figure in figures:
        try:
            check(figure, scenario)
        except SimError as error:
            found.append(f"it has {figure.text}, and now there is {error}")
    return found


def definition(figure: Wanted) -> str:
    """Digest what a figure is, so that one that is computed otherwise is not taken for the same."""
    metric = figure.definition
    return sha256(f"{metric.unit} {metric.estimator} {metric.formula}".encode()).hexdigest()[:16]


def _why_others(base: Facts, candidate: Facts, changed: Sequence[Change]) -> str:
    keys = [str(change) for change in changed if change.key.split(".")[0] in ABOUT_CUSTOMERS]
    if keys:
        return "; ".join(keys)
    newer = [
        f"{name} {old}, now {candidate.versions.get(name)}"
        for name, old in base.versions.items()
        if candidate.versions.get(name) != old
    ]
    return ", ".join(newer) or "a file that the scenario names has changed, or the way they are drawn"


def _redefined(changed: Sequence[Change], metrics: set[str]) -> Iterator[str]:
    for change in changed:
        steps = change.key.split(".")
        counts_otherwise = "service_level" in steps and (
            steps[-1] in ABOUT_FIGURES or steps[-1] == "service_level"
        )
        if change.key == "warm_up" or (counts_otherwise and "service_level" in metrics):
            yield f"its figures count otherwise: {change}"
