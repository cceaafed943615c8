"""Checks and baselines of several scenario files."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sim.errors import ScenarioError, SimError
from sim.experiments.figure_selectors import check_targets
from sim.experiments.storage import check_place
from sim.gate.acceptance import REPLICATIONS, Accepted, accept
from sim.gate.baseline import Stored
from sim.gate.candidate import Base, BaselineError, Candidate
from sim.gate.checking import Progress, Terms, check_one, require_something
from sim.gate.result import CheckResult
from sim.gate.revision import Revision, folder_for
from sim.parallel.cores import cores
from sim.parallel.workers import Spending, Workers
from sim.scenario import Scenario, load
from sim.scenario.budget import BudgetError

BASELINES = Path("results/baselines")
"""The default folder of baselines: a file for each scenario, of its name."""

Begin = Callable[[Scenario], Progress | None]
"""Receives the next scenario, and may return a function for its progress."""


def check_files(
    files: Sequence[Path],
    overrides: Sequence[str] = (),
    *,
    baseline: Path | None = None,
    against: str | None = None,
    terms: Terms | None = None,
    jobs: int | None = None,
    begin: Begin | None = None,
    budget: str | None = None,
) -> tuple[tuple[CheckResult, ...], str]:
    """Check scenario files, each against its `baseline` (a file, or a folder of several) or a git revision.

    `overrides` are for the candidates alone. Beside the results it returns why the budget kept the rest of the files
    from being checked, empty where it did not.

    Raises SimError with the mistakes of all files at once, before anything is simulated, and BudgetError where the
    first file alone takes more than the budget.
    """
    if baseline is not None and against is not None:
        raise SimError("--baseline and --against exclude each other: each says what to compare with")
    scenarios = loaded(files, overrides)
    require_something(scenarios, terms or Terms(), baseline is not None or against is not None)
    paths = [None if baseline is None else path_of(baseline, file, len(files)) for file in files]
    workers = Workers(jobs)
    spending = Spending.within(budget, scenarios, (terms or Terms()).at_most, jobs)
    found: list[CheckResult] = []
    for file, scenario, path in zip(files, scenarios, paths, strict=True):
        with folder_for(against) as folder:
            label = str(path or (f"revision {against}" if against else ""))
            try:
                base = _base(file, path, against, Path(folder), jobs, spending, (terms or Terms()).at_most)
            except BaselineError as error:
                found.append(CheckResult.refused(scenario, label, str(error)))
                continue
            tell = begin(scenario) if begin else None
            try:
                found.append(check_one(Candidate(scenario), base, terms, workers, tell, spending))
            except BudgetError as reason:
                if not found:
                    raise
                return tuple(found), f"{scenario.name}: {reason}; checked {len(found)} of {len(files)} files"
    return tuple(found), ""


def accept_files(
    files: Sequence[Path],
    overrides: Sequence[str] = (),
    *,
    baseline: Path | None = None,
    terms: Terms | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    budget: str | None = None,
) -> tuple[Accepted, ...]:
    """Create or renew the baselines of scenario files, by default in results/baselines.

    Raises SimError with the mistakes of all files at once, before anything is simulated or written, and BudgetError
    where it takes more than the budget; the baselines that were written by then stay.
    """
    scenarios = loaded(files, overrides)
    folder = baseline or BASELINES
    if folder.suffix != ".json" and folder.is_file():
        raise SimError(
            f"--baseline {folder}: is a file that is no baseline; name a folder or a file NAME.json"
        )
    paths = [path_of(folder, file, len(files)) for file in files]
    if len(set(paths)) < len(paths):
        raise SimError(
            "two of the files have the same name, and their baselines would too; accept them apart"
        )
    for path in paths:
        check_place(path)
    margins = (terms or Terms()).margins
    workers = Workers(jobs)
    spending = Spending.within(budget, scenarios, replications or REPLICATIONS, jobs)
    return tuple(
        accept(Candidate(scenario), path, margins, replications, workers, spending)
        for scenario, path in zip(scenarios, paths, strict=True)
    )


def loaded(files: Sequence[Path], overrides: Sequence[str]) -> list[Scenario]:
    """Read scenarios. Raises SimError with the mistakes of all of them, with their places if all have one."""
    scenarios: list[Scenario] = []
    wrong: list[SimError] = []
    for file in files:
        try:
            scenario = load(file, overrides)
            check_targets(scenario)
            scenarios.append(scenario)
        except SimError as error:
            wrong.append(error)
    if not wrong:
        return scenarios
    placed = [one for one in wrong if isinstance(one, ScenarioError)]
    if len(placed) == len(wrong):
        raise ScenarioError([mistake for one in placed for mistake in one.mistakes])
    raise SimError("\n".join(map(str, wrong)))


def path_of(baseline: Path, file: Path, files: int) -> Path:
    """Return a scenario's baseline: the file named, or the one of its name in the folder named.

    Raises SimError where one file is named for several scenarios.
    """
    if baseline.is_file() or (baseline.suffix == ".json" and not baseline.is_dir()):
        if files > 1:
            raise SimError(
                f"--baseline {baseline}: is one file, and there are {files} scenarios; name a folder"
            )
        return baseline
    return baseline / f"{file.stem}.json"


def _base(
    file: Path,
    path: Path | None,
    against: str | None,
    folder: Path,
    jobs: int | None,
    spending: Spending,
    most_runs: int,
) -> Base | None:
    if path is not None:
        return Stored.load(path)
    if against is None:
        return None
    return Revision(against, file, folder, jobs or cores(), spending, most_runs)
