"""`sim report`: a saved result as one HTML file."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[
    Path,
    typer.Argument(
        metavar="RUN",
        help="The folder of a run, a comparison, a sweep, a check, a plan, a calibration or a backtest, or what"
        " `sim check --format json` wrote.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE",
        help="Where to put the page.",
        show_default="report.html in that folder",
    ),
]


def report(run: Folder, out: Out = None) -> None:
    """Write one HTML file of a saved result: the answer, tables, pictures, assumptions."""
    from sim.report import html

    typer.echo(html.write_report(run, out))
