"""The commands, put together. Each lives in the file of its name and imports what it needs when it runs."""

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

COMMANDS = (
    "init", "validate", "run", "compare", "sweep", "warm-up", "check", "staff", "verify", "erlang", "calibrate",
    "backtest", "export", "report", "trace", "schema",
)  # fmt: skip
"""In the order in which `sim --help` names them."""


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """Put together the command that comes first in the arguments, or all of them: each takes a millisecond."""
    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(sim)
    for name in arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS:
        function = name.replace("-", "_")
        app.command()(getattr(import_module(f"sim.cli.{function}"), function))
    return app


def sim(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and the engine, and stop.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="With --version: also how the engine was built.")
    ] = False,
) -> None:
    """Simulate a contact centre: who waits how long, for whom, and who finds no agent.

    Start with `sim init`, then `sim run scenario.yaml`.
    """
    if version:
        _tell_version(verbose)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _tell_version(verbose: bool) -> None:
    from sim import __version__
    from sim.engine.compiled.library import REMEDY, TIMES_FASTER, load
    from sim.engine.engines import built

    engine = built()
    typer.echo(f"{__version__}\nengine: {engine}")
    if engine.name == "simpy":
        typer.echo(f"the compiled engine is {TIMES_FASTER}: {REMEDY}")
    elif verbose:
        typer.echo(f"built by: {load()[1]}")
