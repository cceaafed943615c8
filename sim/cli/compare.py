"""`sim compare`: variants of a scenario on the same customers."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.output import Budget, EngineOption, claim, refuse, say
from sim.cli.run import Cluster, CutShortError, Format, InconclusiveError, Jobs, Seed
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison
    from sim.experiments.selection import Selection
    from sim.experiments.variants import Variant
    from sim.scenario import Scenario

Base = Annotated[Path, typer.Argument(metavar="BASE", help="The scenario as it is.", show_default=False)]
Candidates = Annotated[
    list[Path] | None,
    typer.Argument(metavar="CANDIDATE...", help="Scenario files to set beside it.", show_default=False),
]
Set = Annotated[
    list[str],
    typer.Option(
        "--set", metavar="KEY=VALUE", show_default=False,
        help="A change of BASE, such as teams.desk.agents=9; given several times they are one candidate together.",
    ),
]  # fmt: skip
Candidate = Annotated[
    list[str],
    typer.Option(
        "--candidate", metavar="'NAME: KEY=VALUE, ...'", show_default=False,
        help="Changes of BASE that are a candidate of their own; may be given again. NAME: may be left out.",
    ),
]  # fmt: skip
Metric = Annotated[
    list[str],
    typer.Option(
        "--metric", metavar="METRIC[:PART=NAME]", show_default="targets, and a few over all",
        help="A figure to compare, such as service_level or wait_p90:queue=billing:kind=inbound; may be given"
        " again. Parts are chosen by queue=, team=, channel=, kind=, label=, day=, interval=, variant=.",
    ),
]  # fmt: skip
Replications = Annotated[
    int | None,
    typer.Option(
        min=2,
        metavar="N",
        help="Days to simulate; with --best at most.",
        show_default="BASE says; with --best 1000",
    ),
]
BestOption = Annotated[
    str | None,
    typer.Option(
        "--best", metavar="METRIC[:PART=NAME]", show_default=False,
        help="Find the best of BASE and all candidates by this figure, simulating no longer than it takes.",
    ),
]  # fmt: skip
SubjectTo = Annotated[
    Literal["targets"] | None,
    typer.Option(
        "--subject-to", show_default=False,
        help="Find the best, else the cheapest, of those that surely meet all targets of BASE; exit code 1 or 3 where"
        " there is none.",
    ),
]  # fmt: skip
Delta = Annotated[
    str | None,
    typer.Option(
        metavar="X", show_default="1% for shares and of a cost",
        help="With --best: the difference from which on it matters which one is chosen, such as 1% or 5s.",
    ),
]  # fmt: skip
Confidence = Annotated[
    str, typer.Option(metavar="P", help="With --best: the probability with which it is found at least.")
]
Goal = Literal["high", "low"]
GoalOption = Annotated[
    Goal | None,
    typer.Option("--goal", help="With --best: which way is better.", show_default="by metric"),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", callback=claim, metavar="DIR", help="Also write the tables there.", show_default=False
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]


def compare(
    base: Base,
    candidates: Candidates = None,
    set_: Set = [],  # noqa: B006 - typer copies its defaults
    candidate: Candidate = [],  # noqa: B006
    metric: Metric = [],  # noqa: B006
    replications: Replications = None,
    best: BestOption = None,
    subject_to: SubjectTo = None,
    delta: Delta = None,
    confidence: Confidence = "95%",
    goal: GoalOption = None,
    seed: Seed = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = None,
    format_: FormatOption = "table",
    budget: Budget = "1e9",
    _engine: EngineOption = None,
) -> None:
    """Compare variants of a scenario, customer by customer: what changes, and how sure that is.

    Candidates are scenario files, changes by --set, or any number of --candidate.
    """
    if best is None and subject_to is not None:
        best = "cost"
    if best is None:
        refuse("without --best", {"--delta": delta, "--goal": goal})
    else:
        refuse("with --best", {"--metric": metric, "--out": out})
    from sim.experiments.variants import changes, names_of, variants
    from sim.scenario import load
    from sim.scenario.candidate_notes import notes_of_candidates

    scenario = load(base)
    others = variants(scenario, candidates or (), set_, candidate)
    if not others:
        raise SimError(
            "there is nothing to compare with; give another scenario file, or changes of BASE by --set or --candidate"
        )
    told = names_of(scenario, [other for _, other in others], [name for name, _ in others])
    tried = ((name, other, changes(scenario, other)) for name, (_, other) in zip(told, others, strict=True))
    for line in notes_of_candidates(scenario, tried):
        say(line)
    how = _How(seed, jobs, cluster, budget)
    if best is not None:
        selection = _best(scenario, others, how, best, subject_to, delta, confidence, goal, replications)
        typer.echo(_selected(selection, format_))
        _check_decided(selection)
    else:
        comparison = _compared(scenario, others, how, metric, replications, out)
        _deliver(comparison, out, format_)


@dataclass(frozen=True, slots=True)
class _How:
    """The options of the simulation: seed, workers and budget."""

    seed: int | None
    jobs: int | None
    cluster: str | None
    budget: str


def _compared(
    base: "Scenario",
    others: "list[Variant]",
    how: _How,
    metrics: Sequence[str],
    replications: int | None,
    out: Path | None,
) -> "Comparison":
    from sim.cli.output import progress
    from sim.experiments.comparison import compare
    from sim.experiments.figure_selectors import beside_service
    from sim.experiments.storage import check_folder

    if out is not None:
        check_folder(out)
    scenarios = [base, *(other for _, other in others)]
    with progress(base.name) as on_progress:
        return compare(
            *scenarios, metrics=beside_service(metrics, scenarios), replications=replications, seed=how.seed,
            names=[name for name, _ in others], jobs=how.jobs, cluster=how.cluster, on_progress=on_progress,
            on_loss=say, budget=how.budget,
        )  # fmt: skip


def _deliver(comparison: "Comparison", out: Path | None, format_: Format) -> None:
    """Save where a folder is given, then print; print even where the disk refuses."""
    from sim.scenario.budget import BudgetError

    try:
        if out is not None:
            comparison.save(out, command=sys.argv)
    except SimError:
        typer.echo(_text(comparison, None, format_))
        raise
    typer.echo(_text(comparison, out, format_))
    if comparison.stopped:
        done = comparison.replications
        raise BudgetError(f"{comparison.stopped}; compared the {done} replications that were finished")
    if comparison.interrupted:
        done, asked = comparison.replications, comparison.asked
        raise CutShortError(f"interrupted: compared the {done} of {asked} replications that were finished")


def _text(comparison: "Comparison", folder: Path | None, format_: Format) -> str:
    from sim.report.comparison import comparison_csv, comparison_json, comparison_text

    if format_ == "table":
        return comparison_text(comparison, get_terminal_size().columns, folder)
    return comparison_json(comparison) if format_ == "json" else comparison_csv(comparison)


def _best(
    base: "Scenario",
    others: "list[Variant]",
    how: _How,
    metric: str,
    subject_to: Literal["targets"] | None,
    delta: str | None,
    confidence: str,
    goal: Goal | None,
    replications: int | None,
) -> "Selection":
    from sim.cli.output import progress
    from sim.experiments.figure_selectors import FigureSelector, amount_of, share_of
    from sim.experiments.selection import best

    wanted = FigureSelector.parse(metric)
    sure = share_of(confidence, "--confidence")
    matters = None if delta is None else amount_of(delta, wanted, "--delta")
    with progress(base.name) as on_progress:
        return best(
            base, *(other for _, other in others), metric=wanted, delta=matters, confidence=sure, goal=goal,
            subject_to=subject_to, at_most=1000 if replications is None else replications, seed=how.seed,
            names=[name for name, _ in others], jobs=how.jobs, cluster=how.cluster, on_progress=on_progress,
            on_loss=say, budget=how.budget,
        )  # fmt: skip


def _selected(selection: "Selection", format_: Format) -> str:
    from sim.report.best import selection_csv, selection_json, selection_text

    if format_ == "table":
        return selection_text(selection, get_terminal_size().columns)
    return selection_json(selection) if format_ == "json" else selection_csv(selection)


class MissedError(SimError):
    """Every plan surely misses a target."""

    exit_code = 1


def _check_decided(selection: "Selection") -> None:
    if selection.stopped:
        from sim.scenario.budget import BudgetError

        raise BudgetError(f"{selection.stopped}; not decided after {selection.replications} replications")
    if selection.chosen is not None:
        return
    if selection.plans and not any(plan.meets_all for plan in selection.plans):
        if all(plan.fails for plan in selection.plans):
            raise MissedError("every scenario surely misses a target; give other candidates")
        raise InconclusiveError(
            "no scenario surely meets all targets, and some may; allow more with --replications"
        )
    raise InconclusiveError(
        f"not decided after {selection.replications} replications; allow more with --replications, or let a larger"
        " --delta matter"
    )
