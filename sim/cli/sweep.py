"""`sim sweep`: a scenario over a grid of values."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.compare import Metric, MissedError
from sim.cli.output import Budget, EngineOption, say
from sim.cli.run import Cluster, CutShortError, File, Format, InconclusiveError, Jobs, Seed, Set
from sim.errors import SimError

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
        "--out",
        "-o",
        metavar="DIR",
        help="Where it is kept as it comes; what is there already is not done again.",
        show_default="one in results/ for each scenario and seed",
    ),
]
SubjectTo = Annotated[
    Literal["targets"] | None,
    typer.Option(
        "--subject-to", show_default=False,
        help="Name the cheapest point that surely meets all targets; exit code 1 or 3 where there is none.",
    ),
]  # fmt: skip
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the figures.")]


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
    subject_to: SubjectTo = None,
    format_: FormatOption = "table",
    budget: Budget = "1e9",
    _engine: EngineOption = None,
) -> None:
    """Simulate every combination of some values, and print the effect of each step to the next value.

    Every finished replication is kept at once: after an interruption the same command continues from there.
    """
    from sim.cli.output import progress
    from sim.experiments.feasibility import require_targets
    from sim.experiments.figure_selectors import beside_service
    from sim.experiments.sweeps import points_of, require_room, sweep, usual_folder
    from sim.experiments.varied_keys import axes_of
    from sim.scenario import load
    from sim.scenario.candidate_notes import notes_of_points

    scenario = load(file, set_)
    if subject_to is not None:
        require_targets(scenario)
    axes = axes_of(vary)
    varied = [key for axis in axes for key in axis.keys]
    _require_an_effect(set_, varied)
    require_room(scenario, axes, replications or scenario.replications, budget, jobs)
    points = points_of(scenario, axes)
    places = (", ".join(place) for place in product(*(axis.assignments for axis in axes)))
    told = ((f"--vary {place}", point, varied) for place, point in zip(places, points, strict=True))
    for line in notes_of_points(scenario, told):
        say(line)
    asked = [*metric, "cost"] if metric and subject_to else metric
    folder = usual_folder(scenario, seed) if out is None else out
    try:
        with progress(scenario.name) as on_progress:
            result = sweep(
                scenario, vary, metrics=beside_service(asked, points), replications=replications, seed=seed,
                folder=folder, jobs=jobs, cluster=cluster, on_loss=say, on_found=_found, on_progress=on_progress,
                budget=budget,
            )  # fmt: skip
    except KeyboardInterrupt as stop:
        raise CutShortError(f"interrupted: {stop}" if str(stop) else "interrupted") from None
    typer.echo(_text(result, format_))
    if subject_to is not None:
        _check_targets(result)


def _require_an_effect(changes: Sequence[str], varied: Sequence[str]) -> None:
    """Raise SimError for a change of a key to which every point gives a value of its own."""
    lost = [
        key
        for key in (one.partition("=")[0] for one in changes)
        if f"{key}.".startswith(tuple(f"{one}." for one in varied))
    ]
    if lost:
        raise SimError("\n".join(f"--set {key}: --vary gives it other values; leave one out" for key in lost))


def _check_targets(sweep: "Sweep") -> None:
    """Raise where no point surely meets all targets."""
    from sim.experiments.feasibility import points_of

    points = points_of(sweep, [""] * len(sweep.combinations))
    if any(point.meets_all for point in points):
        return
    if all(point.fails for point in points):
        raise MissedError("every point surely misses a target; vary further")
    raise InconclusiveError("no point surely meets all targets, and some may; allow more with --replications")


def _found(count: int, folder: Path) -> None:
    say(f"{count} replication{'' if count == 1 else 's'} done before found in {folder}")


def _text(sweep: "Sweep", format_: Format) -> str:
    from sim.report.sweep import sweep_csv, sweep_json, sweep_text

    if format_ == "table":
        return sweep_text(sweep, get_terminal_size().columns)
    return sweep_json(sweep) if format_ == "json" else sweep_csv(sweep)
