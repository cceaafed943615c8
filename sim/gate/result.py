"""The result of a check of one scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sim.gate.changes import Change, CustomerEffect, FirstDifference
from sim.gate.sequential import Layer, TestResult, Verdict

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """The differences from the baseline, and their effect on the customers of replication 0.

    `keys` are those of the scenario, `code` is whether the simulator has changed, `policies` are the project's
    own that have, `versions` those that have, as `(package, before, after)`. `first` is None where no event differs.
    `fared` is None where the day before is unknown, and `why_not` is the reason.
    """

    keys: tuple[Change, ...]
    code: bool
    policies: tuple[str, ...]
    versions: tuple[tuple[str, str, str], ...]
    events_before: int
    events_after: int
    first: FirstDifference | None
    fared: CustomerEffect | None
    why_not: str = ""

    @property
    def anything(self) -> bool:
        """Whether any event differs."""
        return self.first is not None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A scenario tested against its targets and a baseline.

    `against` names the baseline, empty where there is none; `refusal` is the reason why it could not be compared.
    `exact` is whether any change fails. `stopped` is whether it ended before everything was decided,
    because something had failed. `unfinished` is how many were open at the end of a replication, too late already and
    undetermined. `remarks` tell of figures that are not compared, and of each
    backlog that grows.
    """

    scenario: "Scenario"
    against: str
    verdict: Verdict
    findings: tuple[TestResult, ...] = ()
    changed: WhatChanged | None = None
    refusal: tuple[str, ...] = ()
    exact: bool = False
    replications: int = 0
    at_most: int = 0
    looks: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    unfinished: tuple[float, float] = (0.0, 0.0)
    remarks: tuple[str, ...] = ()

    @classmethod
    def refused(cls, scenario: "Scenario", against: str, why: str) -> Self:
        """Return the result of a scenario whose base is missing or cannot be compared."""
        return cls(scenario, against, Verdict.REFUSED, refusal=tuple(why.splitlines()))

    def save(self, folder: Path | str, command: Sequence[str] = ()) -> Path:
        """Write verdict, tested figures, what changed and the scenario into a folder, whole or not at all.

        Raises SimError where the folder holds something else or the disk refuses.
        """
        from sim.gate.storage import save_checks

        return save_checks([self], Path(folder), command)

    def report(self, file: Path | str) -> Path:
        """Write the check as one HTML file that needs nothing else, and return where it is."""
        written: Path = import_module("sim.report.html").write_report(self, Path(file))
        return written

    @property
    def file(self) -> str:
        """The scenario's file as it was named, empty where there is none."""
        return self.scenario.origin.name if self.scenario.origin else ""

    @property
    def name(self) -> str:
        """The scenario's title."""
        return self.scenario.name

    @property
    def seed(self) -> int:
        """The seed of all draws."""
        return self.scenario.seed

    @property
    def stopped(self) -> bool:
        """Whether a claim was left undecided because another had failed."""
        found = {finding.verdict for finding in self.findings if not finding.left_open and not finding.grows}
        return found >= {Verdict.INCONCLUSIVE, Verdict.FAIL}

    @property
    def speakers(self) -> tuple[Layer, ...]:
        """The layers that did not pass, on which the verdict rests."""
        spoke = [Layer.TRACE] if self.trace_fails else []
        spoke += [finding.claim.layer for finding in self.findings if finding.verdict is self.verdict]
        return tuple(dict.fromkeys(spoke)) if self.verdict is not Verdict.PASS else ()

    @property
    def trace_fails(self) -> bool:
        """Whether the trace alone is reason enough to fail."""
        return self.exact and self.changed is not None and self.changed.anything

    def of(self, layer: Layer) -> tuple[TestResult, ...]:
        """Return the findings of one layer."""
        return tuple(finding for finding in self.findings if finding.claim.layer is layer)
