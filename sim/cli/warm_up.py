"""`sim warm-up`: how long a run that starts empty takes until it is like the rest of it."""

from math import floor, log10
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.output import Budget, say
from sim.cli.run import Cluster, File, InconclusiveError, Jobs, Seed, Set
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.experiments.transient import WarmUp

Format = Literal["table", "json", "csv"]

ROWS = 25
"""Rows, about, of the printed table."""

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
) -> None:
    """Suggest the warm_up of a long run (MSER-5), and show the steps it is seen in (Welch)."""
    step_s = None if step is None else _seconds(step)
    from sim.scenario import load

    scenario = load(file, set_)
    from sim.experiments.storage import check_file
    from sim.experiments.transient import warm_up
    from sim.scenario.budget import require_budget

    require_budget([scenario], replications, budget, jobs or 1)

    if picture is not None:
        check_file(picture)
    found = warm_up(
        scenario, metric, queue=queue, replications=replications, seed=seed, step_s=step_s, window=window,
        jobs=jobs, cluster=cluster,
    )  # fmt: skip
    typer.echo(_text(found, format_))
    if picture is not None:
        _draw(found, picture)
    if found.is_a_day:
        say("note: arrivals or staff change with the clock; a day that opens empty needs no warm_up")
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
    if format_ == "csv":
        return found.table.to_csv(index=False).rstrip("\n")
    if format_ == "json":
        return _json(found)
    said = [] if found.seconds is None else [str(found), ""]
    return "\n".join([*said, *_table(found)])


def _table(found: "WarmUp") -> list[str]:
    """Return the lines of the first steps, and one line for the rest of the run."""
    from sim.metrics.cells import clock_text

    table = found.table
    beginning = len(table) if found.seconds is None else max(ROWS, int(3 * found.seconds / found.step_s))
    quoted = table.iloc[: beginning : -(-min(beginning, len(table)) // ROWS)]
    cells = zip(
        quoted["at"].to_list(), quoted["mean"].to_list(), quoted["moving_average"].to_list(), strict=True
    )
    wide, decimals = max(12, len(found.metric) + 2), _decimals(table["mean"].max())
    lines = [
        f"{clock_text(found.scenario.opens_at + at):>14}{mean:>{wide}.{decimals}f}{smooth:>12.{decimals}f}"
        for at, mean, smooth in cells
    ]
    rest = table["mean"].iloc[beginning:]
    after = [f"{'mean from here':>14}{rest.mean():>{wide}.{decimals}f}"] if len(rest) else []
    head = [
        f"{'middle of':>14}{found.metric:>{wide}}{'moving':>12}",
        f"{'step':>14}{'':{wide}}{'average':>12}",
    ]
    return [line.replace(" nan", "   -") for line in (*head, *lines, *after)]


def _decimals(largest: float) -> int:
    """Return the decimals that leave the largest number four digits, so that decimal points are aligned."""
    return max(0, 3 - floor(log10(largest))) if largest > 0 else 0


def _json(found: "WarmUp") -> str:
    import json

    steps = found.table.astype(object).where(found.table.notna(), None).to_dict("records")
    facts = {"metric": found.metric, "queue": found.queue, "step_s": found.step_s, "warm_up_s": found.seconds}
    return json.dumps({"scenario": found.scenario.name, **facts, "steps": steps}, ensure_ascii=False)


def _draw(found: "WarmUp", picture: Path) -> None:
    from sim.report import plots

    axes = plots.welch(found.series, window=found.window)
    axes.set_ylabel(found.metric)
    figure = axes.get_figure(root=True)
    assert figure is not None
    try:
        figure.savefig(picture)
    except (OSError, ValueError) as error:
        raise SimError(f"{picture}: cannot be written: {error}") from error
