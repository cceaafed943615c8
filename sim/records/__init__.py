"""Records: what happened, as tables with declared columns."""

from sim.records.agent_states import OUT, stay_of
from sim.records.recorder import EVERYTHING, NOTHING, WITHOUT_EVENTS, Recorder, Records, agent_name
from sim.records.schema import TABLES, Column
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
