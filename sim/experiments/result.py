"""The result of a run of several replications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.errors import SimError
from sim.experiments.growth import BACKLOG, Growth, growing
from sim.experiments.precision import Ending
from sim.metrics import Figure, Figures
from sim.metrics.columns import is_one_of
from sim.metrics.figures import about
from sim.records import EVERYTHING, WITHOUT_EVENTS, Records, with_clocks
from sim.records.table import Columns, frame_of
from sim.scenario import Scenario
from sim.scenario.wall_clock import WallClock

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.engines import Engine
    from sim.experiments.reopening import StoredFigures, StoredRun

KeepTables = Literal["all", "first", "none"]


class _Pictures:
    """The descriptor behind `result.plot`, which completes on the tab key as a property would not.

    The report layer draws. It is imported by name, as this layer must work without it.
    """

    def __get__(self, result: "Result | None", owner: type) -> Any:
        return self if result is None else import_module("sim.report.plots").Plots(result)


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """The figures of a run and the tables behind them; a notebook shows it as a table.

    `asked` is the number of replications that were wanted, or with a precision the most that were allowed; `endings`
    says how each wanted precision ended, `interrupted` that Ctrl-C or the end of the budget came first (`stopped` is
    then its message), `batches` into how many parts a long run was cut, and `remarks` are warnings about the figures.
    `started` is the wall clock at the beginning, `seconds` how long it took. Tables begin with a column `replication`;
    times in them are seconds from opening, with the wall clock beside them where the scenario has one. `folded` and
    `kept` are in memory; an opened result reads both from its folder, `stored`, when they are first asked for.
    `extremes` are the figures of the targets as if all that is open were answered at the end, and as if none ever were;
    None where nothing is open.
    `engine` says on which engine it was simulated and why; None where a result saved earlier does not tell.
    """

    scenario: Scenario
    seed: int
    asked: int
    folded: "Figures | StoredFigures"
    kept: tuple[Records, ...]
    keep_tables: KeepTables
    events_kept: bool
    started: datetime
    seconds: float
    interrupted: bool = False
    endings: tuple[Ending, ...] = ()
    batches: int | None = None
    remarks: tuple[str, ...] = ()
    stored: "StoredRun | None" = None
    extremes: "tuple[pd.DataFrame, pd.DataFrame] | None" = None
    stopped: str = ""
    engine: "Engine | None" = None

    plot = _Pictures()
    """The pictures of the run: `result.plot.waits()`, `result.plot.service_level("billing")` and so on."""

    @property
    def replications(self) -> int:
        """The number of finished replications."""
        return 1 if self.batches else self.folded.replications

    @cached_property
    def figures(self) -> "pd.DataFrame":
        """Every figure that has data, one a row, with its 95 % interval; empty names mean over all.

        Of a run in batches, figures are per batch, and there are none by interval of the day.
        """
        if isinstance(self.measured, Columns):
            return frame_of(self.measured)
        return self.measured

    @cached_property
    def measured(self) -> "Columns | pd.DataFrame":
        """The same, as columns where they are in memory, which need no pandas, else as the frame that was read."""
        if isinstance(self.folded, Figures):
            columns = self.folded.columns()
            return columns[is_one_of(columns, "interval", "")] if self.batches else columns
        table = self.folded.table()
        return table[table["interval"] == ""].reset_index(drop=True) if self.batches else table

    def figure(
        self,
        metric: str,
        *,
        variant: str = "",
        queue: str = "",
        team: str = "",
        channel: str = "",
        kind: str = "",
        label: str = "",
        day: str = "",
        interval: str = "",
    ) -> Figure:
        """Return one figure, such as `figure("service_level", queue="billing")`.

        Raises SimError, with the nearest name, for one that does not exist.
        """
        return self.folded.value(
            metric, variant=variant, queue=queue, team=team, channel=channel, kind=kind, label=label, day=day,
            interval=interval,
        )  # fmt: skip

    @cached_property
    def growing(self) -> tuple[Growth, ...]:
        """The queues whose backlog surely grows, from day to day or from half to half of the run.

        No figure of waiting is then a steady one, and no target is surely met. In a run in batches, whose days are cut
        elsewhere, it is not tested for; nor in a single replication, which says nothing about chance.
        """
        return () if self.batches or self.replications < 2 else growing(about(self.measured, BACKLOG))

    def by(self, name: str) -> "pd.DataFrame":
        """Return the figures by "interval", "day", "label" or "team": a row a part of each queue, a column a figure.

        Raises SimError, with the nearest name, for another one, and where the run has no such parts.
        """
        from sim.experiments.breakdowns import broken_down

        return broken_down(self, name)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that were kept."""
        if self.stored is not None:
            return self.stored.tables
        if not self.kept:
            return ()
        return EVERYTHING if self.events_kept else WITHOUT_EVENTS

    @cached_property
    def requests(self) -> "pd.DataFrame":
        """One row a search for an agent."""
        return self.table("requests")

    @cached_property
    def tasks(self) -> "pd.DataFrame":
        """One row an attempt to serve: the vendor's `agent_task`."""
        return self.table("tasks")

    @cached_property
    def conversations(self) -> "pd.DataFrame":
        """One row a contact."""
        return self.table("conversations")

    @cached_property
    def agent_states(self) -> "pd.DataFrame":
        """One row a stay of an agent in a state."""
        return self.table("agent_states")

    @cached_property
    def whispers(self) -> "pd.DataFrame":
        """One row a whisper."""
        return self.table("whispers")

    @cached_property
    def events(self) -> "pd.DataFrame":
        """One row an event, in order."""
        if not self.events_kept:
            raise SimError("the events were not kept; run with events=True (sim run --events)")
        return self.table("events")

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the folder of the run says of it: scenario, seed, command, versions and so on."""
        from sim.experiments.storage import run_facts

        return run_facts(self) if self.stored is None else self.stored.manifest

    def table(self, name: str) -> "pd.DataFrame":
        """Return a table of the kept replications, one below the other.

        Where the scenario has `opens`, the wall clock is beside each instant: `placed_clock` beside `placed_at`.
        Raises SimError where no tables were kept.
        """
        frame, opens = self.recorded(name), self.scenario.opens
        return frame if opens is None else with_clocks(name, frame, opens, WallClock.of(self.scenario))

    def recorded(self, name: str) -> "pd.DataFrame":
        """Return a table as it is saved, without wall clocks. Raises SimError where no tables were kept."""
        import pandas as pd

        if self.stored is not None and self.stored.tables:
            return self.stored.table(name)
        if not self.kept:
            raise SimError("no tables were kept; run with keep_tables='first' or 'all' (sim run --tables)")
        frames = [getattr(records, name).assign(replication=records.replication) for records in self.kept]
        whole: pd.DataFrame = pd.concat(frames, ignore_index=True)
        whole.insert(0, "replication", whole.pop("replication"))
        return whole

    def columns(self, name: str) -> Columns:
        """Return a table of replications in memory as it is saved, without a frame."""
        parts = [records.columns(name) for records in self.kept]
        number = [
            np.full(len(one), records.replication) for one, records in zip(parts, self.kept, strict=True)
        ]
        whole = {"replication": np.concatenate(number)}
        whole |= {column: np.concatenate([one[column] for one in parts]) for column in parts[0]}
        return Columns(
            whole, {column: parts[0].names(column) for column in parts[0] if column in parts[0].coded}
        )

    def save(self, folder: Path | str | None = None, command: Sequence[str] = ()) -> Path:
        """Write figures, kept tables, scenario and manifest into a folder, whole or not at all.

        Returns the folder; without one given it is a new one in results/<scenario>/. `command` is what the
        manifest gives as the command line. Raises SimError where the folder holds something else or the disk
        refuses.
        """
        from sim.experiments.storage import save

        return save(self, None if folder is None else Path(folder), command)

    def report(self, file: Path | str) -> Path:
        """Write the run as one HTML file that needs nothing else, and return where it is."""
        written: Path = import_module("sim.report.html").write_report(self, Path(file))
        return written

    def __repr__(self) -> str:
        return f"<Result of {self.scenario.name!r}: {self.replications} replications, seed {self.seed}>"

    def _repr_html_(self) -> str:
        if not isinstance(self.scenario, Scenario):  # opened from a file of figures alone
            return str(self.figures.to_html(index=False))
        return str(import_module("sim.report.notebook").of_result(self))
