"""`sim init`: a first scenario to change."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from sim.errors import SimError

STARTER = "scenario.yaml"
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it.", show_default="here")]


def init(folder: Folder = Path()) -> None:
    """Write a small scenario with comments, to start from."""
    target = folder / STARTER
    text = files("sim.cli").joinpath("starter.yaml").read_text(encoding="utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise SimError(
            f"{error.filename}: is there already and stays as it is; name another folder"
        ) from error
    except OSError as error:
        raise SimError(f"{target}: cannot be written: {error.strerror}") from error
    typer.echo(f"Wrote {target}. Change it to your centre, then:  sim run {target}")
