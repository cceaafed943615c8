"""`sim backtest`: a scenario against days of a log."""

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import Annotated, Literal

import typer

from sim.cli.calibrate import Format as LogFormat
from sim.cli.calibrate import From, LogFile, To, Zone
from sim.cli.output import EngineOption, claim, progress, say
from sim.cli.run import File, Jobs, Replications, Seed, Set

Format = Literal["table", "json", "csv"]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]
SamePeriod = Annotated[
    bool,
    typer.Option("--same-period", help="Also on days that the scenario was fitted on: how well it fits."),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", callback=claim, metavar="FOLDER", show_default=False,
        help="Save it in this folder, of which `sim report` makes a page with the validation chart.",
    ),
]  # fmt: skip


def backtest(
    file: File,
    log: LogFile,
    as_: LogFormat = "columns",
    time_zone: Zone = "",
    from_: From = None,
    to: To = None,
    same_period: SamePeriod = False,
    set_: Set = [],  # noqa: B006 - typer copies its defaults
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
    out: Out = None,
    format_: FormatOption = "table",
    _engine: EngineOption = None,
) -> None:
    """Say whether a scenario explains what happened on other days of a log, and where it does not.

    With --set it is a what-if: the same customers are replayed without and with the change, --set teams.desk.agents=9.
    """
    from sim.experiments.storage import check_folder
    from sim.logs.backtesting import backtest as tested
    from sim.logs.reading import read_log
    from sim.scenario import load

    scenario = load(file, set_)
    if out is not None:
        check_folder(out)
    found = read_log(log, as_, time_zone)
    for told in found.problems.told():
        say(f"{log}: left out: {told}")
    with progress(Path(log).name) as on_progress:
        result = tested(
            scenario, found, from_=from_ and from_.date(), to=to and to.date(), same_period=same_period,
            replications=replications, seed=seed, jobs=jobs, on_loss=say, on_progress=on_progress,
        )  # fmt: skip
    if out is not None:
        result.save(out, sys.argv)
    from sim.report.backtest import backtest_csv, backtest_json, backtest_text

    if format_ == "table":
        typer.echo(backtest_text(result, get_terminal_size().columns, out))
    else:
        typer.echo((backtest_json if format_ == "json" else backtest_csv)(result))
