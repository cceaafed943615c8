"""What a run leaves behind."""

from functools import cached_property
from typing import TYPE_CHECKING

from sim.records.recorder import Recorder, tables_of
from sim.records.schema import TABLES
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


class Records:
    """The tables of one run, each a frame that is built when first asked for.

    `horizon_s` is the instant at which the run ended, in seconds from opening. A table that was not recorded
    is empty, with its columns.
    """

    def __init__(self, scenario: Scenario, recorder: Recorder, replication: int, horizon_s: float) -> None:
        self.scenario_hash = scenario.hash
        self.replication = replication
        self.horizon_s = horizon_s
        left_out = [name for name in TABLES if name not in recorder.tables]
        both = tables_of(scenario, left_out) | recorder.tables
        self.tables = {name: both[name] for name in TABLES}

    @cached_property
    def requests(self) -> "pd.DataFrame":
        """One row a search for an agent, from its placing to its end, over all offers."""
        return self.tables["requests"].frame()

    @cached_property
    def tasks(self) -> "pd.DataFrame":
        """One row an attempt to serve: the vendor's `agent_task`."""
        return self.tables["tasks"].frame()

    @cached_property
    def conversations(self) -> "pd.DataFrame":
        """One row a contact."""
        return self.tables["conversations"].frame()

    @cached_property
    def agent_states(self) -> "pd.DataFrame":
        """One row a stay of an agent in a state, by medium; the rows without a medium are his presence."""
        return self.tables["agent_states"].frame()

    @cached_property
    def whispers(self) -> "pd.DataFrame":
        """One row a whisper, with those who could read it when it was sent."""
        return self.tables["whispers"].frame()

    @cached_property
    def events(self) -> "pd.DataFrame":
        """Everything that happened, in order, where the run was asked for it."""
        return self.tables["events"].frame()
