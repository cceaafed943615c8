"""`sim init`: a first scenario, from a template or from a forecast."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.errors import ScenarioError, SimError

STARTER = "scenario.yaml"
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it.", show_default="here")]
Forecast = Annotated[
    Path | None,
    typer.Option(
        "--forecast", metavar="FILE", show_default=False,
        help="Make it from a forecast as your planning tool exports it, CSV or Excel.",
    ),
]  # fmt: skip
Roster = Annotated[
    Path | None,
    typer.Option(
        "--roster", metavar="FILE", show_default=False,
        help="With --forecast: a roster by person as your planning tool exports it, CSV or Excel.",
    ),
]  # fmt: skip
Template = Annotated[
    Literal["chat", "voice", "mixed"],
    typer.Option(
        "--from-template", help="Which one to start from, without a forecast: chat, voice or mixed."
    ),
]


def init(
    folder: Folder = Path(),
    forecast: Forecast = None,
    roster: Roster = None,
    from_template: Template = "mixed",
) -> None:
    """Write a small scenario with comments, to start from."""
    target = folder / STARTER
    if forecast is None and roster is not None:
        raise SimError(f"--roster {roster}: give the contacts with --forecast too")
    if forecast is None:
        text = files("sim.cli").joinpath("starters", f"{from_template}.yaml").read_text(encoding="utf-8")
        _write(target, text.encode())
        typer.echo(f"Wrote {target}. Change it to your centre, then:  sim run {target}")
        return
    _from_forecast(target, forecast, roster)


def _from_forecast(target: Path, forecast: Path, roster: Path | None) -> None:
    """Write a scenario and its files beside it, and tell what has to be looked at."""
    from sim.report.starter import TOLD, starter_of
    from sim.scenario.export_columns import export_of
    from sim.scenario.included_files import text_of_table
    from sim.scenario.loading import load

    files = [forecast, *([roster] if roster is not None else [])]
    try:
        text, *more = map(text_of_table, files)
    except ValueError as error:
        raise SimError(str(error)) from None
    people = (roster.name, more[0]) if roster is not None else None
    written = starter_of(export_of(str(forecast), text), forecast.name, people)
    _write(target, written.encode())
    for file in files:
        beside = target.parent / file.name
        if beside.resolve() != file.resolve():
            _write(beside, file.read_bytes())
    count, sources = written.count("assumed"), " and ".join(map(str, files))
    typer.echo(
        f"Wrote {target} from {sources}. Look at what is `assumed`, {count} times, then:  sim run {target}"
    )
    for line in written.splitlines():
        if line.startswith(TOLD):
            typer.echo(line.removeprefix(TOLD))
    try:
        load(target)
    except ScenarioError as error:
        raise SimError(f"{target} is written; what is left to say in it:\n{error}") from None


def _write(target: Path, content: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise SimError(
            f"{error.filename}: is there already and stays as it is; name another folder"
        ) from error
    except OSError as error:
        raise SimError(f"{target}: cannot be written: {error.strerror}") from error
