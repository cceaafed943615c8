"""`sim staff`: the least costly staffing that keeps the goals."""

import sys
from functools import partial
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from sim.cli.output import EngineOption, claim, refuse, say
from sim.cli.run import CutShortError, File, Jobs, Seed, Set

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario import Scenario
    from sim.staffing.plan import Plan
    from sim.staffing.search import Round, Tried

Format = Literal["table", "json", "csv", "markdown"]
Heads = Annotated[
    bool, typer.Option("--heads", help="Find head-counts by interval, whatever shifts there are.")
]
ShiftsFile = Annotated[
    Path | None,
    typer.Option(
        "--shifts", metavar="FILE", show_default=False,
        help="Shift templates from this YAML file, shifts: [...], in place of the scenario's staffing.shifts.",
    ),
]  # fmt: skip
DaysOption = Annotated[
    int, typer.Option("--days", min=2, metavar="N", help="Days on which the search tries plans.")
]
Check = Annotated[
    int, typer.Option(min=2, metavar="N", help="Fresh days at most, seen by no search, that judge the plan.")
]
AtMostDays = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        show_default="no bound",
        help="Simulated days after which the search ends; of a week, that of each date.",
    ),
]
Continue = Annotated[
    bool,
    typer.Option(
        "--continue",
        help="Go on from what is saved in the folder of --out; of a week, dates that are planned to the end are kept.",
    ),
]
StaffBudget = Annotated[
    str,
    typer.Option(
        "--budget",
        metavar="EVENTS",
        help="Refuse what would take more events than these, of a week for each date, or more than half of the free"
        " memory, as estimated beforehand; none: refuse nothing.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", callback=claim, metavar="DIR", show_default=False,
        help="Keep the plan in this folder, plan.yaml to simulate and plan.csv to hand on; `sim report` reads it.",
    ),
]  # fmt: skip
Vary = Annotated[
    str | None,
    typer.Option(
        metavar="goal=P,P,...", show_default=False,
        help="Plan for each of these service levels, goal=70%,80%,90%: what service costs.",
    ),
]  # fmt: skip
Given = Annotated[
    Path | None,
    typer.Option(
        metavar="CSV", show_default=False,
        help="Judge the head-counts of a file (interval_start, team, agents), and tell what would mend it.",
    ),
]  # fmt: skip
Add = Annotated[
    int | None,
    typer.Option(min=1, max=50, metavar="N", help="Tell where N agents more help most.", show_default=False),
]
Remove = Annotated[
    int | None,
    typer.Option(
        min=1, max=50, metavar="N", help="Tell where N agents fewer hurt least.", show_default=False
    ),
]
PlanDay = Annotated[
    str | None,
    typer.Option(
        "--day", metavar="DAY", show_default=False,
        help="Plan one day of the calendar alone: a date such as 2026-03-04, or a weekday such as mon.",
    ),
]  # fmt: skip
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it; csv is the roster.")]


def staff(
    file: File,
    set_: Set = [],  # noqa: B006 - typer copies its defaults
    shifts: ShiftsFile = None,
    heads: Heads = False,
    days: DaysOption = 100,
    check: Check = 200,
    at_most_days: AtMostDays = None,
    continue_: Continue = False,
    seed: Seed = None,
    jobs: Jobs = None,
    vary: Vary = None,
    given: Given = None,
    add: Add = None,
    remove: Remove = None,
    out: Out = None,
    format_: FormatOption = "table",
    budget: StaffBudget = "1e9",
    day: PlanDay = None,
    _engine: EngineOption = None,
) -> None:
    """Find the least costly staffing of a day: who is there when, with which shifts, so that the goals are kept.

    Exit code 0 where every goal is surely kept on the fresh days, 1 where one surely is not or cannot be, 3 where
    one is too close to call.
    """
    from sim.errors import SimError
    from sim.scenario import load

    questions = {"--vary": vary, "--given": given, "--add": add, "--remove": remove}
    asked = [name for name, value in questions.items() if value is not None]
    if len(asked) > 1:
        raise SimError(f"{' and '.join(asked)} are questions of their own; ask them one after the other")
    if asked:
        refuse(f"with {asked[0]}", {"--out": out, "--continue": continue_})
    if continue_ and out is None:
        raise SimError("--continue goes on from the plan in a folder; name it by --out")
    scenario = load(file, set_)
    if shifts is not None:
        from sim.staffing.shift_files import with_shifts

        own = any(one.strip().startswith("staffing.shifts") for one in set_)
        refuse("with --shifts", {"--heads": heads, "--set staffing.shifts": own, "--given": given})
        scenario = with_shifts(scenario, shifts)
    if day is not None:
        from sim.scenario.single_days import only_on

        scenario = only_on(scenario, day, None, None)
    from sim.experiments.storage import check_folder
    from sim.staffing.dates import day_of
    from sim.staffing.solving import staff

    if asked:
        how = _How(heads, days, check, at_most_days, seed, jobs, budget)
        _answered(day_of(scenario), vary, given, add, remove, how, format_)
    if out is not None:
        check_folder(out)
    if len(scenario.days) > 1:
        how = _How(heads, days, check, at_most_days, seed, jobs, budget)
        _of_dates(scenario, how, continue_, out, format_)
    start = _saved(out) if continue_ and out is not None else None
    plan = staff(
        scenario, heads=heads, days=days, check=check, at_most_days=at_most_days, seed=seed, jobs=jobs, start=start,
        on_round=_told if sys.stderr.isatty() else None, on_loss=say, budget=budget,
    )  # fmt: skip
    _deliver(plan, out, format_)


class _How(NamedTuple):
    """The options of the search and of the judgement."""

    heads: bool
    days: int
    check: int
    at_most_days: int | None
    seed: int | None
    jobs: int | None
    budget: str


def _answered(
    scenario: "Scenario", vary: str | None, given: Path | None, add: int | None, remove: int | None, how: _How,
    format_: Format,
) -> None:  # fmt: skip
    """Answer one of the questions around a staffing, and end by its verdict."""
    from sim.gate.sequential import gravest
    from sim.parallel.workers import Spending, Workers
    from sim.report import staff_questions as report
    from sim.staffing import questions
    from sim.staffing.head_files import read_heads
    from sim.staffing.solving import Task

    if vary is not None:
        on_round = _told if sys.stderr.isatty() else None
        frontier = questions.frontier(
            scenario, questions.varied(vary), **how._asdict(), on_round=on_round, on_loss=say
        )
        texts = report.frontier_document, report.frontier_json, report.frontier_csv
        _print(frontier, texts, format_)
        raise typer.Exit(gravest(plan.verdict for plan in frontier.plans).exit_code)
    workers = Workers(how.jobs, report=say)

    def task_of(day: "Scenario", heads: bool = True) -> Task:
        spending = Spending.within(how.budget, [day], 10 * how.days + 3 * how.check, how.jobs)
        return Task.of(day, heads, how.days, how.check, how.at_most_days, how.seed, workers, spending)

    if given is not None:
        advice = questions.given(scenario, read_heads(given, scenario, say), task_of)
        _print(advice, (report.given_document, report.advice_json, report.advice_csv), format_)
        raise typer.Exit(0 if advice.plan is None else advice.plan.exit_code)
    step, number = (1 if add is not None else -1), add or remove or 0
    advice = questions.moved(task_of(scenario, how.heads), number, step)
    document = partial(report.moved_document, step=step, number_asked=number)
    _print(advice, (document, report.advice_json, report.advice_csv), format_)
    raise typer.Exit


def _print(found: Any, texts: "tuple[Callable[[Any], Any], ...]", format_: Format) -> None:
    """Print an answer as table, Markdown, JSON or CSV, by the functions that write each."""
    from sim.report.text_table import markdown_of, text

    document, as_json, as_csv = texts
    if format_ == "table":
        typer.echo(text(document(found), get_terminal_size().columns))
    elif format_ == "markdown":
        typer.echo(markdown_of(document(found)))
    else:
        typer.echo(as_json(found) if format_ == "json" else as_csv(found))


def _of_dates(scenario: "Scenario", how: _How, goes_on: bool, out: Path | None, format_: Format) -> None:
    """Plan each open date of a calendar, tell of all, and end by their verdict."""
    from sim.report.staff_dates import dates_csv, dates_document, dates_json
    from sim.staffing.calendar_plan import staff_dates
    from sim.staffing.calendar_storage import open_dates

    is_watched = sys.stderr.isatty()
    start = open_dates(out) if goes_on and out is not None else None
    found = staff_dates(
        scenario, **how._asdict(), start=start, on_date=say if is_watched else None,
        on_round=_told if is_watched else None, on_loss=say,
    )  # fmt: skip
    places = []
    if out is not None:
        folder = found.save(out, command=sys.argv)
        places = [f"Plans in {folder}", "  plan.yaml, plan.csv, dates.csv, and a folder for each date"]
    _print(found, (partial(dates_document, places=places), dates_json, dates_csv), format_)
    if found.interrupted:
        kept = f"; they are kept in {out}, and --continue goes on from them" if out is not None else ""
        raise CutShortError(f"interrupted: these are the plans so far{kept}")
    raise typer.Exit(found.exit_code)


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
