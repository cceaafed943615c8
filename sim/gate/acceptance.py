"""Creation and renewal of a baseline, with the changes for the reviewer."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from pathlib import Path

from sim.errors import SimError
from sim.experiments.figure_selectors import FigureSelector
from sim.gate.baseline import Stored, missing
from sim.gate.candidate import BaselineError, Candidate, Live
from sim.gate.changes import Change, changed_keys
from sim.gate.margins import Margin, guarded, with_usual
from sim.gate.sequential import Series
from sim.parallel.workers import Spending, Workers
from sim.scenario import Scenario

REPLICATIONS = 40
"""Default number of replications of a new baseline."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A baseline that was written, and the earlier one; `before` is None where none could be read.

    `problem` says why an earlier one could not be read.
    """

    scenario: Scenario
    path: Path
    before: Stored | None
    after: Stored
    problem: str = ""

    @property
    def keys(self) -> tuple[Change, ...]:
        """The keys of the scenario that have changed since."""
        was = self.before.known.scenario() if self.before else None
        return changed_keys(was, self.scenario) if isinstance(was, Scenario) else ()

    @property
    def trace_changed(self) -> bool:
        """Whether any event of the day has changed."""
        return self.before is not None and self.before.marks.digest != self.after.marks.digest

    @property
    def code_changed(self) -> bool:
        """Whether the simulator's code has changed."""
        return self.before is not None and self.before.known.code != self.after.known.code

    @property
    def policies_changed(self) -> tuple[str, ...]:
        """The project's own policies that have changed."""
        return self.before.known.policies_that_differ(self.after.known) if self.before else ()

    @property
    def margins_changed(self) -> tuple[Change, ...]:
        """The margins that have changed, of figures guarded before or now."""
        if self.before is None:
            return ()
        was, now = self.before.margins, self.after.margins
        changed = [figure for figure in dict.fromkeys([*was, *now]) if was.get(figure) != now.get(figure)]
        return tuple(
            Change(f"margin of {figure.text}", _margin(was, figure), _margin(now, figure))
            for figure in changed
        )

    def values(self) -> dict[FigureSelector, tuple[float, float]]:
        """Return each figure before and now; NaN where it is new."""
        old = self.before.kept if self.before else {}
        every = dict.fromkeys([*self.after.kept, *old])
        return {figure: (_value(old, figure), _value(self.after.kept, figure)) for figure in every}


def _margin(margins: Mapping[FigureSelector, Margin], figure: FigureSelector) -> str | None:
    return margins[figure].text(figure.definition) if figure in margins else None


def _value(kept: Series, figure: FigureSelector) -> float:
    return kept[figure].value if figure in kept else nan


def accept(
    candidate: Candidate,
    path: Path,
    margins: Mapping[FigureSelector, Margin],
    replications: int | None = None,
    workers: Workers | None = None,
    spending: Spending | None = None,
) -> Accepted:
    """Write the figures of a candidate as the baseline; figures and margins of an earlier one stay guarded.

    Raises SimError for a margin of an unknown figure.
    """
    before, problem = _earlier(path)
    scenario = candidate.scenario
    kept = _still_there(before, scenario)
    every = with_usual(guarded(scenario), {**kept, **margins})
    wrong = missing(margins, scenario)
    if wrong:
        raise SimError("\n".join(wrong))
    count = replications or (before.most if before else 0) or REPLICATIONS
    after = Stored.of(Live(candidate, workers or Workers(), spending=spending), every, count, str(path))
    after.save(path)
    return Accepted(scenario, path, before, after, problem)


def _earlier(path: Path) -> tuple[Stored | None, str]:
    try:
        return Stored.load(path), ""
    except BaselineError as error:
        return None, str(error) if path.exists() else ""


def _still_there(before: Stored | None, scenario: Scenario) -> Mapping[FigureSelector, Margin]:
    margins = before.margins if before else {}
    return {figure: margin for figure, margin in margins.items() if not missing([figure], scenario)}
