"""`sim validate`: all mistakes of all files at once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.errors import SimError

if TYPE_CHECKING:
    from sim.scenario import Scenario

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.", show_default=False)]


Set = Annotated[
    list[str],
    typer.Option(
        "--set", metavar="KEY=VALUE", show_default=False,
        help="Change a key of each scenario first, such as teams.desk.agents=9; may be given again.",
    ),
]  # fmt: skip


def validate(files: Files, set_: Set = []) -> None:  # noqa: B006 - typer copies its defaults
    """Check scenario files: every mistake, with line and column."""
    mistakes = [mistake for file in files for mistake in _checked(file, set_)]
    if mistakes:
        raise SimError("\n".join(mistakes))


def _checked(file: Path, changes: list[str]) -> list[str]:
    """Print that a file is valid, or return the lines of its mistakes."""
    from sim.experiments.figure_selectors import check_targets
    from sim.scenario.hints import note_lines
    from sim.scenario.loading import load_with_places

    try:
        scenario, tree = load_with_places(file, changes)
        check_targets(scenario)
    except SimError as error:
        return [str(error)]
    typer.echo(f"{file}: fine: {_size(scenario)}")
    for line in note_lines(scenario, tree):
        typer.echo(line, err=True)
    return []


def _size(scenario: "Scenario") -> str:
    from sim.scenario.teams import seats_of

    agents = len({one.name for one in seats_of(scenario) if scenario.teams[one.team].role == "agent"})
    parts = ((len(scenario.queues), "queue"), (len(scenario.teams), "team"), (agents, "agent"))
    return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in parts)
