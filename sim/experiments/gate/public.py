"""The gate as a function."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.errors import SimError
from sim.experiments.gate.checked import Checked
from sim.experiments.gate.checking import AT_MOST, Terms, hold
from sim.experiments.gate.contender import Contender
from sim.experiments.gate.errors import BaselineError
from sim.experiments.gate.margin import margins as read_margins
from sim.experiments.gate.revision import Revision
from sim.experiments.gate.side import Base, Live
from sim.experiments.gate.stored import Stored
from sim.parallel.workers import Workers, cores
from sim.policies import AgentSelection, RequestSelection
from sim.scenario import Scenario
from sim.scenario.arguments import require_scenarios, require_whole

Before = Scenario | Contender | str | Path
"""A scenario as it was, one with policies given as objects, or the file of a stored baseline."""


def check(
    scenario: Scenario,
    baseline: Before | None = None,
    *,
    against: str | None = None,
    agent_selection: AgentSelection | None = None,
    request_selection: RequestSelection | None = None,
    margins: Iterable[str] = (),
    at_most: int = AT_MOST,
    targets: bool = True,
    exact: bool = False,
    jobs: int | None = None,
) -> Checked:
    """Hold a scenario to its targets and, where there is one, to a baseline; `.verdict` says how it went.

    The baseline is a scenario as it was before, the file that `sim check --accept` wrote, or with `against`
    the scenario's own file in a git revision. Policies may be given as objects. `margins` such as
    "asa:kind=transfer=3s" say how much worse a figure may become. With `exact` any change at all fails.

    Raises SimError for a target or a margin that names no figure, PolicyError for a policy that is not
    deterministic; a baseline that cannot be compared is a verdict.
    """
    require_scenarios(scenario)
    require_whole(at_most=at_most)
    contender = Contender(scenario, agent_selection, request_selection)
    terms = Terms(at_most, read_margins(margins), targets, exact)
    workers = Workers(jobs)
    with TemporaryDirectory(prefix="sim-") as folder:
        try:
            base = _base(scenario, baseline, against, Path(folder), jobs)
        except BaselineError as error:
            return Checked.refused(scenario, str(baseline or f"revision {against}"), str(error))
        return hold(contender, base, terms, workers)


def _base(
    scenario: Scenario, baseline: Before | None, against: str | None, folder: Path, jobs: int | None
) -> Base | None:
    if against is not None:
        if baseline is not None:
            raise SimError("baseline and against exclude each other: each says what to compare with")
        if scenario.origin is None or scenario.origin.folder is None:
            raise SimError("against needs a scenario that was loaded from a file")
        return Revision(against, Path(scenario.origin.name), folder, jobs or cores())
    if isinstance(baseline, str | Path):
        return Stored.load(Path(baseline))
    if isinstance(baseline, Scenario):
        baseline = Contender(baseline)
    return None if baseline is None else Live(baseline, Workers(jobs), baseline.scenario.name)
