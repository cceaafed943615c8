"""Which tables a metric is made from, so that a run keeps no others."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.metrics import measure
from sim.records import NOTHING, Recorder, Records
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


def tables_for(scenario: Scenario, metrics: Iterable[str]) -> tuple[str, ...]:
    """Give the tables that these metrics read, found by letting them read empty ones."""
    reader = _Reader(scenario)
    measure(reader, scenario, only=sorted(set(metrics)))
    return tuple(sorted(reader.read))


class _Reader:
    """A run in which nothing happened, and the names of the tables it was asked for."""

    def __init__(self, scenario: Scenario) -> None:
        self._nothing = Records(scenario, Recorder(scenario, NOTHING), 0, scenario.lasts)
        self.horizon_s = scenario.lasts
        self.read: set[str] = set()

    def _table(self, name: str) -> "pd.DataFrame":
        self.read.add(name)
        table: pd.DataFrame = getattr(self._nothing, name)
        return table

    @property
    def requests(self) -> "pd.DataFrame":
        return self._table("requests")

    @property
    def tasks(self) -> "pd.DataFrame":
        return self._table("tasks")

    @property
    def conversations(self) -> "pd.DataFrame":
        return self._table("conversations")

    @property
    def agent_states(self) -> "pd.DataFrame":
        return self._table("agent_states")

    @property
    def whispers(self) -> "pd.DataFrame":
        return self._table("whispers")
