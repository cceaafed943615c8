"""`sim check`: the gate."""

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.output import Budget, EngineOption, claim
from sim.errors import SimError
from sim.report.check import Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.gate.checking import Terms
    from sim.gate.result import CheckResult
    from sim.gate.sequential import Inconclusive

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.", show_default=False)]
Set = Annotated[
    list[str],
    typer.Option(
        "--set", metavar="KEY=VALUE", show_default=False,
        help="Change a key of what is checked, not of the baseline; may be given again.",
    ),
]  # fmt: skip
Baseline = Annotated[
    Path | None,
    typer.Option(
        metavar="PATH", show_default=False,
        help="Compare with this baseline, a file, or a folder with one for each scenario.",
    ),
]  # fmt: skip
Against = Annotated[
    str | None,
    typer.Option(
        metavar="REV", show_default=False,
        help="Compare with a git revision: its scenario files and its policies, run in the same job.",
    ),
]  # fmt: skip
Accept = Annotated[
    bool,
    typer.Option("--accept", help="Write the baseline anew, in results/baselines unless --baseline names another."),
]  # fmt: skip
Exact = Annotated[
    bool, typer.Option("--exact", help="Fail where anything at all has changed, however little.")
]
Targets = Annotated[
    bool, typer.Option("--targets/--no-targets", help="Hold the figures to the scenario's targets.")
]
MarginOption = Annotated[
    list[str],
    typer.Option(
        "--margin", metavar="METRIC[:queue=NAME...]=X", show_default=False,
        help="How much worse a figure may be than in the baseline: 2% (points of a share, else per cent of the"
        " baseline), 3s or a number; may be given again.",
    ),
]  # fmt: skip
AtMost = Annotated[
    int | None,
    typer.Option(min=2, metavar="N", help="Replications at the last look.", show_default="160; --accept: 40"),
]
Jobs = Annotated[
    int | None, typer.Option(min=1, metavar="J", help="Processes.", show_default="one a core where that pays")
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", callback=claim, metavar="DIR", show_default=False,
        help="Keep verdicts, figures and what changed in this folder, for `sim report` and `sim.open`.",
    ),
]  # fmt: skip
InconclusiveOption = Annotated[
    Literal["pass", "fail"] | None,
    typer.Option(
        "--inconclusive", show_default="exit code 3",
        help="End as if what could not be decided had passed, or failed; the verdict stays as it is.",
    ),
]  # fmt: skip
FormatOption = Annotated[Format, typer.Option("--format", help="How to print what was found.")]


def check(
    files: Files,
    set_: Set = [],  # noqa: B006 - typer copies its defaults
    baseline: Baseline = None,
    against: Against = None,
    accept: Accept = False,
    exact: Exact = False,
    targets: Targets = True,
    margin: MarginOption = [],  # noqa: B006
    at_most: AtMost = None,
    jobs: Jobs = None,
    out: Out = None,
    format_: FormatOption = "text",
    inconclusive: InconclusiveOption = None,
    budget: Budget = "1e9",
    _engine: EngineOption = None,
) -> None:
    """Check whether a scenario is good enough (its targets) and not worse than before (a baseline).

    Exit code 0 where all passes, 1 where something surely fails, 3 where it could not be decided (unless
    --inconclusive says otherwise), 4 where a baseline is missing or cannot be compared.
    """
    from sim.gate.checking import AT_MOST, Terms
    from sim.gate.margins import margins

    terms = Terms(at_most or AT_MOST, margins(margin), targets, exact)
    if accept:
        if against is not None:
            raise SimError("--accept writes a baseline, and --against has none; leave one of them out")
        if format_ != "text":
            raise SimError("--accept prints text only; leave --format out")
        if out is not None:
            raise SimError("--accept writes a baseline, and nothing is checked; leave --out out")
        if inconclusive is not None:
            raise SimError("--accept writes a baseline, and nothing is decided; leave --inconclusive out")
        _accept(files, set_, baseline, terms, at_most, jobs, budget)
        return
    _check(files, set_, baseline, against, terms, jobs, out, format_, inconclusive, budget)


def _check(
    files: list[Path],
    set_: list[str],
    baseline: Path | None,
    against: str | None,
    terms: "Terms",
    jobs: int | None,
    out: Path | None,
    format_: Format,
    inconclusive: "Inconclusive | None",
    budget: str,
) -> None:
    from sim.cli.output import progress
    from sim.experiments.storage import check_folder
    from sim.gate.files import check_files
    from sim.gate.sequential import exit_code, gravest
    from sim.report.check import written
    from sim.scenario.budget import BudgetError

    if out is not None:
        check_folder(out)
    try:
        with progress("check") as on_progress:
            found, stopped = check_files(
                files, set_, baseline=baseline, against=against, terms=terms, jobs=jobs,
                begin=lambda _scenario: on_progress, budget=budget,
            )  # fmt: skip
    except SimError as error:
        if format_ == "github":
            from sim.report.check.github import mistakes

            typer.echo(mistakes(error))  # on standard output too, where the pull request shows them
        raise
    typer.echo(written(found, format_, _width(), inconclusive))
    if out is not None:
        _keep(found, out, format_)
    if format_ == "github":
        from sim.report.check.github import append_summary

        try:
            append_summary(found)
        except SimError as error:  # a failed summary must not hide the verdict
            typer.echo(error, err=True)
    if stopped:
        raise BudgetError(stopped)
    raise typer.Exit(exit_code(gravest(checked.verdict for checked in found), inconclusive))


def _keep(found: "Sequence[CheckResult]", out: Path, format_: Format) -> None:
    """Save what was found; only people are told where it is."""
    from sim.gate.storage import save_checks

    folder = save_checks(found, out, command=sys.argv)
    if format_ == "text":
        typer.echo(f"\nResult in {folder}")


def _accept(
    files: list[Path],
    set_: list[str],
    baseline: Path | None,
    terms: "Terms",
    replications: int | None,
    jobs: int | None,
    budget: str,
) -> None:
    from sim.gate.files import accept_files
    from sim.report.check import written_accepted

    accepted = accept_files(
        files, set_, baseline=baseline, terms=terms, replications=replications, jobs=jobs, budget=budget
    )
    typer.echo(written_accepted(accepted, _width()))


def _width() -> int:
    """Return the width of the terminal; the log of a CI job, which has none, takes wider tables."""
    return get_terminal_size((110, 24)).columns
