"""Records: what happened, as tables with declared columns."""

from sim.records.recorder import EVERYTHING, NOTHING, WITHOUT_EVENTS, Ending, Recorder, Records
from sim.records.schema import TABLES, Column
from sim.records.table import OUT, Table, stay_of, with_clocks

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "OUT",
    "TABLES",
    "WITHOUT_EVENTS",
    "Column",
    "Ending",
    "Recorder",
    "Records",
    "Table",
    "stay_of",
    "with_clocks",
]
