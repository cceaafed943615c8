"""`sim calibrate`: a scenario from a log."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.output import claim, say

LogFile = Annotated[Path, typer.Argument(metavar="LOG", help="A log of contacts.", show_default=False)]
Format = Annotated[
    str,
    typer.Option(
        "--as", metavar="FORMAT",
        help="Its form: columns (found by their heads), columns:MAP.yaml, asterisk, genesys-cloud, amazon-connect,"
        " twilio-taskrouter, expertflow, anonymous-bank, vanad, avaya-ech, cisco-ucce, freeswitch, nice-cxone.",
    ),
]  # fmt: skip
Out = Annotated[
    Path,
    typer.Option(
        "--out",
        "-o",
        callback=claim,
        metavar="FOLDER",
        help="Where to write the scenario; `sim report` shows how it was fitted.",
    ),
]
From = Annotated[
    datetime | None,
    typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"], help="First day.", show_default="the log's"),
]
To = Annotated[
    datetime | None,
    typer.Option(
        "--to", metavar="DATE", formats=["%Y-%m-%d"], help="Last day, too.", show_default="the log's"
    ),
]
Zone = Annotated[
    str,
    typer.Option(
        "--time-zone", metavar="ZONE", show_default="as written",
        help="The centre's, such as Europe/Berlin, where the log's times are those of UTC or name their offset.",
    ),
]  # fmt: skip
Within = Annotated[
    str | None,
    typer.Option(metavar="D", help="The service level asked of the log.", show_default="20s voice, 60s else"),
]


def calibrate(
    log: LogFile, out: Out, as_: Format = "columns", time_zone: Zone = "", from_: From = None, to: To = None,
    within: Within = None,
) -> None:  # fmt: skip
    """Fit a scenario to a log: arrivals, handle times, patience, transfers, teams and head-counts.

    Every number in the file says how many rows it comes from, and how sure it is.
    """
    from sim.experiments.figure_selectors import seconds_of
    from sim.logs.calibrating import calibrate as fitted
    from sim.report.calibration import calibration_text

    found = fitted(
        log, as_, out, time_zone=time_zone, from_=from_ and from_.date(), to=to and to.date(),
        within=None if within is None else seconds_of(within, "--within"), command=sys.argv,
    )  # fmt: skip
    for told in found.log.problems:
        say(f"{log}: left out: {told}")
    from shutil import get_terminal_size

    typer.echo(calibration_text(found, out, get_terminal_size().columns))
