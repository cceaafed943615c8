"""`sim sweep`: a scenario over a grid of values."""

import math
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.compare import Metric
from sim.cli.output import Budget, say
from sim.cli.run import Cluster, CutShortError, File, Format, Jobs, Seed, Set

if TYPE_CHECKING:
    from sim.experiments.sweep_result import Sweep

Vary = Annotated[
    list[str],
    typer.Option(
        "--vary", metavar="KEY=VALUES", show_default=False,
        help="A key and its values: teams.desk.agents=8..14, teams.desk.agents=8..14:2 or routing.ring_time=20s,40s;"
        " may be given again: every combination is simulated. Keys that move together: 'A=4,3; B=2,3' is two points.",
    ),
]  # fmt: skip
Replications = Annotated[
    int | None,
    typer.Option(
        min=2, metavar="N", help="Days to simulate at each point.", show_default="the scenario says"
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Where it is kept as it comes; what is there already is not done again.",
        show_default="one in results/ for each scenario and seed",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the figures.")]

MANY_POINTS = 1000
"""Making more scenarios than these takes long, so the base scenario stands for them first."""


def sweep(
    file: File,
    vary: Vary,
    set_: Set = [],  # noqa: B006 - typer copies its defaults
    metric: Metric = [],  # noqa: B006
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = None,
    format_: FormatOption = "table",
    budget: Budget = "1e9",
) -> None:
    """Simulate every combination of some values, and print the effect of each step to the next value.

    Every finished replication is kept at once: after an interruption the same command continues from there.
    """
    from sim.experiments.varied_keys import axes_of
    from sim.scenario import load

    scenario = load(file, set_)
    from sim.scenario.budget import require_budget

    axes, runs = axes_of(vary), replications or scenario.replications
    if (points := math.prod(len(axis.values) for axis in axes)) > MANY_POINTS:
        require_budget([scenario], points * runs, budget)
    from sim.cli.output import progress
    from sim.experiments.sweeps import points_of, sweep, usual_folder

    require_budget(points_of(scenario, axes), runs, budget)

    folder = usual_folder(scenario, seed) if out is None else out
    try:
        with progress(scenario.name) as on_progress:
            result = sweep(
                scenario, vary, metrics=metric, replications=replications, seed=seed, folder=folder, jobs=jobs,
                cluster=cluster, on_loss=say, on_found=_found, on_progress=on_progress,
            )  # fmt: skip
    except KeyboardInterrupt:
        raise CutShortError(
            f"interrupted: what was finished is kept in {folder}; the same command goes on from there"
        ) from None
    typer.echo(_text(result, format_))


def _found(count: int, folder: Path) -> None:
    say(f"{count} replication{'' if count == 1 else 's'} done before found in {folder}")


def _text(sweep: "Sweep", format_: Format) -> str:
    from sim.report.sweep import sweep_csv, sweep_json, sweep_text

    if format_ == "table":
        return sweep_text(sweep, get_terminal_size().columns)
    return sweep_json(sweep) if format_ == "json" else sweep_csv(sweep)
