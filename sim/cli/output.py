"""Output of commands beside their result: messages and progress, on standard error."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.errors import SimError


def say(text: str) -> None:
    """Print a line on standard error."""
    typer.echo(text, err=True)


def refuse(where: str, given: Mapping[str, object]) -> None:
    """Raise SimError for options that were given and have no meaning here."""
    useless = [name for name, value in given.items() if value]
    if useless:
        raise SimError(f"{' and '.join(useless)} cannot be used {where}")


def claim(context: typer.Context, folder: Path | None) -> Path | None:
    """Keep the folder of --out for a command until it has ended.

    Raises SimError where another command is about to write its result there.
    """
    if folder is not None:
        from sim.experiments.storage import sole_writer

        context.with_resource(sole_writer(folder))
    return folder


Budget = Annotated[
    str,
    typer.Option(
        "--budget", metavar="EVENTS",
        help="Refuse what would take more events than these, or more than half of the free memory, as estimated"
        " beforehand; none: refuse nothing.",
    ),
]  # fmt: skip


def _take(context: typer.Context, engine: str | None) -> str | None:
    """Take an engine until the command has ended; without one, say once what it takes to be much faster."""
    from sim.engine.engines import preferred, said_once

    if engine is not None:
        context.with_resource(preferred(engine))
    if engine != "simpy" and (text := said_once()):
        say(text)
    return engine


EngineOption = Annotated[
    Literal["auto", "simpy", "compiled"] | None,
    typer.Option(
        "--engine", callback=_take, show_default="auto",
        help="Simulate on this engine: auto takes the compiled one where it is built and knows all that the scenario"
        " uses, else SimPy. The figures are the same.",
    ),
]  # fmt: skip


# Progress on standard error, only where somebody watches it.


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Return a function that takes (done, of how many) and draws a bar with the time left.

    Yields None where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
