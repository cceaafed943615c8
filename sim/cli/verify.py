"""`sim verify`: the simulator compared with theory and published cases."""

from collections.abc import Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.output import EngineOption, say
from sim.cli.run import Cluster, Jobs
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.verification.run_cases import CaseResult

PageFormat = Literal["table", "json", "csv", "markdown"]

Cases = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="CASE...", help="Models such as A1 or 'A8 2', or families such as A8.", show_default="all"
    ),
]
Quick = Annotated[bool, typer.Option("--quick", help="Shorter runs: minutes, but some cannot tell.")]
FormatOption = Annotated[PageFormat, typer.Option("--format", help="How to print the table.")]


class DiffersError(SimError):
    """A figure lies further from its answer than chance explains."""

    exit_code = 1


def verify(
    cases: Cases = None,
    quick: Quick = False,
    jobs: Jobs = None,
    cluster: Cluster = None,
    format_: FormatOption = "table",
    _engine: EngineOption = None,
) -> None:
    """Simulate models with known answers, from theory and the literature, and compare the figures.

    Ends with exit code 1 where a figure differs.
    """
    from sim.cli.output import progress
    from sim.verification.run_cases import check_models

    with progress("thousand contacts") as on_progress:
        found = check_models(
            cases or (), quick=quick, jobs=jobs, cluster=cluster, on_loss=say, on_progress=on_progress
        )
    typer.echo(_text(found, quick, format_))
    _check(found)


def _text(found: "Sequence[CaseResult]", quick: bool, format_: PageFormat) -> str:
    from sim.report import verification as page

    if format_ == "table":
        return page.verification_text(found, get_terminal_size().columns)
    if format_ == "markdown":
        return page.verification_markdown(found)
    return page.verification_json(found, quick) if format_ == "json" else page.verification_csv(found)


def _check(found: "Sequence[CaseResult]") -> None:
    """Raise where a figure differs."""
    from sim.report.verification import rows_with
    from sim.verification import Verdict

    differing = rows_with(found, Verdict.DIFFERS)
    if differing:
        lines = [
            f"{row.case}: {row.figure} differs: {row.simulated:.6g}, not {row.expected:.6g}"
            for row in differing
        ]
        raise DiffersError("\n".join(lines))
