"""What commands say beside their result."""

from collections.abc import Mapping

import typer

from sim.errors import SimError


def say(text: str) -> None:
    """Say a line on standard error."""
    typer.echo(text, err=True)


def refuse(where: str, given: Mapping[str, object]) -> None:
    """Raise SimError for options that were given and mean nothing here."""
    useless = [name for name, value in given.items() if value]
    if useless:
        raise SimError(f"{' and '.join(useless)} cannot be used {where}")
