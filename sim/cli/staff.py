"""`sim staff`: the least costly staffing that keeps the goals."""

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.output import Budget, say
from sim.cli.run import CutShortError, File, Jobs, Seed, Set

if TYPE_CHECKING:
    from sim.staffing.plan import Plan
    from sim.staffing.search import Round, Tried

Format = Literal["table", "json", "csv", "markdown"]
Heads = Annotated[
    bool, typer.Option("--heads", help="Find head-counts by interval, whatever shifts there are.")
]
DaysOption = Annotated[
    int, typer.Option("--days", min=2, metavar="N", help="Days on which the search tries plans.")
]
Check = Annotated[
    int, typer.Option(min=2, metavar="N", help="Fresh days at most, seen by no search, that judge the plan.")
]
AtMostDays = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Simulated days after which the search ends.", show_default="no bound"
    ),
]
Continue = Annotated[
    bool, typer.Option("--continue", help="Go on from the plan that is saved in the folder of --out.")
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="DIR", show_default=False,
        help="Keep the plan in this folder, plan.yaml to simulate and plan.csv to hand on; `sim report` reads it.",
    ),
]  # fmt: skip
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it; csv is the roster.")]


def staff(
    file: File,
    set_: Set = [],  # noqa: B006 - typer copies its defaults
    heads: Heads = False,
    days: DaysOption = 100,
    check: Check = 200,
    at_most_days: AtMostDays = None,
    continue_: Continue = False,
    seed: Seed = None,
    jobs: Jobs = None,
    out: Out = None,
    format_: FormatOption = "table",
    budget: Budget = "1e9",
) -> None:
    """Find the least costly staffing of a day: who is there when, with which shifts, so that the goals are kept.

    Exit code 0 where every goal is surely kept on the fresh days, 1 where one surely is not or cannot be, 3 where
    one is too close to call.
    """
    from sim.errors import SimError
    from sim.scenario import load
    from sim.scenario.budget import require_budget

    if continue_ and out is None:
        raise SimError("--continue goes on from the plan in a folder; name it by --out")
    scenario = load(file, set_)
    require_budget([scenario], days + 3 * check if at_most_days is None else at_most_days, budget, jobs or 1)
    from sim.experiments.storage import check_folder
    from sim.staffing.solving import staff

    if out is not None:
        check_folder(out)
    start = _saved(out) if continue_ and out is not None else None
    plan = staff(
        scenario, heads=heads, days=days, check=check, at_most_days=at_most_days, seed=seed, jobs=jobs, start=start,
        on_round=_told if sys.stderr.isatty() else None, on_loss=say,
    )  # fmt: skip
    _deliver(plan, out, format_)


def _saved(folder: Path) -> "Plan":
    from sim.staffing.storage import open_plan

    return open_plan(folder)


def _told(now: "Round", best: "Tried | None") -> None:
    held = "keeps all goals" if not now.missed else f"misses {now.missed}"
    so_far = f"; best so far {best.cost:,.0f}" if best is not None else ""
    say(f"{now.stage}: {now.cost:,.0f} {held}, {now.days:,} days{so_far}")


def _deliver(plan: "Plan", out: Path | None, format_: Format) -> None:
    from sim.report.staff import staff_csv, staff_document, staff_json, staff_text
    from sim.report.text_table import markdown_of

    places = []
    if out is not None:
        folder = plan.save(out, command=sys.argv)
        places = [f"Plan in {folder}", "  plan.yaml, plan.csv, result.json, figures.csv"]
    if format_ == "table":
        typer.echo(staff_text(plan, get_terminal_size().columns, places))
    elif format_ == "markdown":
        typer.echo(markdown_of(staff_document(plan)))
    else:
        typer.echo(staff_json(plan) if format_ == "json" else staff_csv(plan))
    if plan.interrupted:
        kept = f"; it is kept in {out}, and --continue goes on from it" if out is not None else ""
        raise CutShortError(f"interrupted: this is the best plan so far{kept}")
    raise typer.Exit(plan.exit_code)
