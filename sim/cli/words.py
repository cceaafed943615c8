"""What is said while a command works."""

import typer


def say(text: str) -> None:
    """Say a line on standard error."""
    typer.echo(text, err=True)
