"""`sim export`: a saved run in the formats that other tools read."""

from pathlib import Path
from typing import Annotated

import typer

from sim.errors import SimError

Run = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.", show_default=False)]
To = Annotated[
    str,
    typer.Option(metavar="FORMAT", help="csv, parquet, xes, ocel, agent-task or roster.", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="FOLDER", help="Where to write.", show_default="export in that folder"
    ),
]


def export(run: Run, to: To, out: Out = None) -> None:
    """Write a run for other tools: contacts and intervals, event logs for process mining, the vendor's rows, a roster.

    Each kept replication is a day: `sim run --tables all` keeps them all.
    """
    from sim import opening
    from sim.experiments.result import Result
    from sim.logs.exporting import export as written

    result = opening.open(run)
    if not isinstance(result, Result):
        raise SimError(f"{run}: is no run; what can be exported is a run with its tables")
    for path in written(result, to, out or run / "export"):
        typer.echo(path)
