"""Records: what happened, as tables with declared columns.

Names are fetched on first use, so that whoever asks who the agents are imports no numpy.
"""

from typing import TYPE_CHECKING

from sim.interpreter import lazy

if TYPE_CHECKING:
    from sim.records.recorder import EVERYTHING as EVERYTHING
    from sim.records.recorder import NOTHING as NOTHING
    from sim.records.recorder import OUT as OUT
    from sim.records.recorder import WITHOUT_EVENTS as WITHOUT_EVENTS
    from sim.records.recorder import Ending as Ending
    from sim.records.recorder import Recorder as Recorder
    from sim.records.recorder import Records as Records
    from sim.records.recorder import stay_of as stay_of
    from sim.records.recorder import with_clocks as with_clocks
    from sim.records.schema import TABLES as TABLES
    from sim.records.schema import Column as Column
    from sim.records.table import Table as Table

_HOMES = {
    "EVERYTHING": "sim.records.recorder",
    "NOTHING": "sim.records.recorder",
    "OUT": "sim.records.recorder",
    "TABLES": "sim.records.schema",
    "WITHOUT_EVENTS": "sim.records.recorder",
    "Column": "sim.records.schema",
    "Ending": "sim.records.recorder",
    "Recorder": "sim.records.recorder",
    "Records": "sim.records.recorder",
    "Table": "sim.records.table",
    "stay_of": "sim.records.recorder",
    "with_clocks": "sim.records.recorder",
}

__all__ = list(_HOMES)

if not TYPE_CHECKING:  # a type checker knows the names above and no others
    __getattr__ = lazy(__name__, _HOMES)
