"""Records: what happened, as tables with declared columns."""

from sim.records.recorder import EVERYTHING, NOTHING, WITHOUT_EVENTS, Recorder, agent_name
from sim.records.records import Records
from sim.records.schema import TABLES, Column
from sim.records.stays import OUT, stay_of
from sim.records.table import Table

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "OUT",
    "TABLES",
    "WITHOUT_EVENTS",
    "Column",
    "Recorder",
    "Records",
    "Table",
    "agent_name",
    "stay_of",
]
