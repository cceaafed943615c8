"""`sim warm-up`: how long a run that starts empty takes until it is like the rest of it."""

from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.output import Budget, EngineOption, say
from sim.cli.run import Cluster, File, InconclusiveError, Jobs, Seed, Set
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.experiments.transient import WarmUp

Format = Literal["table", "json", "csv"]

Metric = Annotated[str, typer.Option(help="The figure that is watched; any that is given by interval.")]
Queue = Annotated[str, typer.Option(metavar="NAME", help="Of this queue alone.", show_default="all")]
Replications = Annotated[int, typer.Option(min=1, metavar="N", help="Runs that are averaged.")]
Step = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Length of a step: 1m, 300s.", show_default="1/500 of the run"),
]
Window = Annotated[
    int | None,
    typer.Option(
        min=0,
        metavar="W",
        help="Steps on either side that Welch's moving average takes in.",
        show_default="5",
    ),
]
Picture = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Draw Welch's picture: a .png, .svg or .pdf.", show_default=False),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the steps.")]


def warm_up(
    file: File,
    set_: Set = [],  # noqa: B006 - typer copies its defaults
    metric: Metric = "wait_mean",
    queue: Queue = "",
    replications: Replications = 10,
    seed: Seed = None,
    step: Step = None,
    window: Window = None,
    picture: Picture = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    format_: FormatOption = "table",
    budget: Budget = "1e9",
    _engine: EngineOption = None,
) -> None:
    """Suggest the warm_up of a long run (MSER-5), and show the steps it is seen in (Welch)."""
    step_s = None if step is None else _seconds(step)
    from sim.scenario import load

    scenario = load(file, set_)
    from sim.experiments.storage import check_file
    from sim.experiments.transient import warm_up

    if picture is not None:
        check_file(picture)
    found = warm_up(
        scenario, metric, queue=queue, replications=replications, seed=seed, step_s=step_s, window=window,
        jobs=jobs, cluster=cluster, budget=budget,
    )  # fmt: skip
    typer.echo(_text(found, format_))
    if picture is not None:
        _draw(found, picture)
    if found.is_a_day:
        say("note: arrivals or staff change with the clock; a day that opens empty needs no warm_up")
    if found.stopped:
        from sim.scenario.budget import BudgetError

        raise BudgetError(f"{found.stopped}; took the {len(found.runs)} replications that were finished")
    if found.seconds is None:
        raise InconclusiveError(str(found))


def _seconds(step: str) -> float:
    from sim.scenario.numbers import duration

    try:
        seconds = duration(step)
    except ValueError as error:
        raise SimError(f"--step: {error}") from None
    if not seconds:
        raise SimError("--step: must be above 0")
    return seconds


def _text(found: "WarmUp", format_: Format) -> str:
    from sim.report.warm_up import warm_up_csv, warm_up_json, warm_up_text

    if format_ == "table":
        return warm_up_text(found, get_terminal_size().columns)
    return warm_up_json(found) if format_ == "json" else warm_up_csv(found)


def _draw(found: "WarmUp", picture: Path) -> None:
    from sim.experiments.storage import whole_file
    from sim.report import plots

    axes = plots.welch(found.series, window=found.window)
    axes.set_ylabel(found.metric)
    figure = axes.get_figure(root=True)
    assert figure is not None
    try:
        with whole_file(picture) as fresh:
            figure.savefig(fresh)
    except ValueError as error:
        raise SimError(f"{picture}: cannot be written: {error}") from error
