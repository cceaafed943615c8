"""`sim run`: simulate a scenario, print its figures, keep its tables."""

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.errors import SimError

if TYPE_CHECKING:
    from sim.experiments import Result

Format = Literal["table", "json", "csv"]
Tables = Literal["first", "all", "none"]

File = Annotated[Path, typer.Argument(metavar="FILE", help="The scenario, a YAML file.", show_default=False)]
Set = Annotated[
    list[str],
    typer.Option(
        "--set", metavar="KEY=VALUE", show_default=False,
        help="Change a key of the scenario, such as teams.desk.agents=9; may be given again.",
    ),
]  # fmt: skip
Replications = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Days to simulate.", show_default="the scenario says")
]
Seed = Annotated[
    int | None,
    typer.Option(min=0, metavar="S", help="Another seed, other customers.", show_default="the scenario says"),
]
Events = Annotated[bool, typer.Option("--events", help="Also keep every event as a table.")]
TablesOption = Annotated[Tables, typer.Option(help="The replications whose tables are kept.")]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Where to put the result.", show_default="a new one in results/"),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the figures.")]


class CutShortError(SimError):
    """Ctrl-C came when some replications were done; what they say is kept."""

    exit_code = 130


def run(
    file: File,
    set_: Set = [],  # noqa: B006 - typer copies its defaults
    replications: Replications = None,
    seed: Seed = None,
    events: Events = False,
    tables: TablesOption = "first",
    out: Out = None,
    format_: FormatOption = "table",
) -> None:
    """Simulate a scenario: print its figures, keep its tables."""
    from sim.scenario import load

    scenario = load(file, set_)
    from sim import experiments
    from sim.cli.progress import progress

    if out is not None:
        experiments.check_folder(out)
    with progress(scenario.name) as on_progress:
        result = experiments.run(
            scenario, replications, seed, on_progress=on_progress, keep_tables=tables, events=events
        )  # fmt: skip
    _deliver(result, out, format_)


def _deliver(result: "Result", out: Path | None, format_: Format) -> None:
    """Save, then print, so that a closed pipe loses nothing; but print too where the disk refuses."""
    try:
        folder = result.save(out, command=sys.argv)
    except SimError:
        typer.echo(_text(result, format_, None))
        raise
    typer.echo(_text(result, format_, folder))
    if result.replications < result.asked:
        raise CutShortError(
            f"interrupted: kept the {result.replications} of {result.asked} replications that were finished"
        )


def _text(result: "Result", format_: Format, folder: Path | None) -> str:
    from sim.report.machine import as_csv, as_json
    from sim.report.terminal import terminal

    if format_ == "table":
        return terminal(result, get_terminal_size().columns, folder)
    return as_json(result) if format_ == "json" else as_csv(result)
