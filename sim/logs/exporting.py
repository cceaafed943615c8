"""`sim.export`: a saved result in a format that other tools read."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import SimError, did_you_mean, quoted
from sim.experiments.result import Result
from sim.experiments.storage import check_place, whole_file
from sim.logs.export import tables
from sim.logs.export.event_logs import write_ocel, write_xes
from sim.logs.export.happenings import happenings

if TYPE_CHECKING:
    import pandas as pd

TABLES: Mapping[str, Mapping[str, Callable[[Result], "pd.DataFrame"]]] = {
    "csv": {"contacts.csv": tables.contacts, "intervals.csv": tables.intervals},
    "parquet": {"contacts.parquet": tables.contacts, "intervals.parquet": tables.intervals},
    "agent-task": {"agent_task.csv": tables.agent_tasks},
    "roster": {"roster.csv": tables.roster},
}
EVENT_LOGS = {"xes": ("events.xes", write_xes), "ocel": ("events.json", write_ocel)}
FORMATS = (*TABLES, *EVENT_LOGS)


def export(result: Result, to: str, folder: Path | str) -> tuple[Path, ...]:
    """Write a result into a folder, and return the files.

    `csv` and `parquet` have the contacts, as `sim calibrate` reads them, and the table by interval; `xes` and `ocel`
    the events for process mining; `agent-task` the vendor's rows; `roster` who works when. Each kept replication is a
    day, one after the other. Raises SimError for an unknown format, for a result without tables, and where the folder
    cannot be written.
    """
    if to not in FORMATS:
        raise SimError(f"no format {quoted(to)}; {did_you_mean(to, FORMATS)}")
    out = Path(folder)
    check_place(out / "file")
    try:
        out.mkdir(parents=True, exist_ok=True)
        if to in EVENT_LOGS:
            name, write = EVENT_LOGS[to]
            with whole_file(out / name) as fresh:
                write(happenings(result), fresh)
            return (out / name,)
        for name, make in TABLES[to].items():
            with whole_file(out / name) as fresh:
                tables.write_table(make(result), fresh)
        return tuple(out / name for name in TABLES[to])
    except OSError as error:
        raise SimError(f"{out}: cannot be written: {error.strerror}; name another folder") from error
