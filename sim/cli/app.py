"""The commands, put together. Each lives in the file of its name and imports what it needs when it runs."""

from typing import Annotated

import typer

from sim.cli.backtest import backtest
from sim.cli.calibrate import calibrate
from sim.cli.check import check
from sim.cli.compare import compare
from sim.cli.erlang import erlang
from sim.cli.export import export
from sim.cli.init import init
from sim.cli.report import report
from sim.cli.run import run
from sim.cli.schema import schema
from sim.cli.staff import staff
from sim.cli.sweep import sweep
from sim.cli.trace import trace
from sim.cli.validate import validate
from sim.cli.verify import verify
from sim.cli.warm_up import warm_up

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    init,
    validate,
    run,
    compare,
    sweep,
    warm_up,
    check,
    staff,
    verify,
    erlang,
    calibrate,
    backtest,
    export,
    report,
    trace,
    schema,
):
    app.command()(command)


@app.callback(invoke_without_command=True)
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
