"""Erlang's formulas beside a simulated scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import TYPE_CHECKING

from sim.errors import SimError, did_you_mean, shown
from sim.experiments.reasons import Reason, reasons
from sim.experiments.replicate import Progress, run
from sim.experiments.result import Result
from sim.experiments.spreadsheet import SheetRow, Spreadsheet
from sim.metrics import Figure
from sim.parallel.workers import Report, warn
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

SIMULATED = {"in_time": "service_level", "asa": "asa", "abandoned": "abandon_rate"}
"""The figures that are set beside the formulas', of first contacts alone."""


@dataclass(frozen=True, eq=False, repr=False)
class Beside:
    """Queues of a scenario as Erlang's formulas see them, as the simulation finds them, and why they differ."""

    sheet: Spreadsheet
    result: Result
    queues: tuple[str, ...]

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return self.sheet.scenario

    def simulated(self, row: SheetRow) -> dict[str, Figure | None]:
        """Give the simulated figures that stand beside a row; None where they are not given by interval."""
        place = {"queue": row.queue, "kind": "inbound", "interval": row.interval}
        given = {name: m for name, m in SIMULATED.items() if not row.interval or m != "abandon_rate"}
        return {
            name: self.result.figure(given[name], **place) if name in given else None for name in SIMULATED
        }

    @cached_property
    def figures(self) -> "pd.DataFrame":
        """A row a queue, and a row each of its intervals: the formulas' figures and ours with 95 % intervals."""
        import pandas as pd

        rows = [row for queue in self.queues for row in (self.sheet.day(queue), *self.sheet.intervals(queue))]
        return pd.DataFrame([{**row._asdict(), **self._columns(row)} for row in rows])

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """What each queue has and the formulas have not."""
        return tuple(reason for queue in self.queues for reason in reasons(self.sheet, queue, self.result))

    def _columns(self, row: SheetRow) -> dict[str, float]:
        columns: dict[str, float] = {}
        for name, figure in self.simulated(row).items():
            value, low, high = (nan, nan, nan) if figure is None else (figure.value, figure.low, figure.high)
            columns |= {f"{name}_simulated": value, f"{name}_low": low, f"{name}_high": high}
        return columns

    def __repr__(self) -> str:
        return f"<Beside: Erlang's formulas and {self.result.replications} replications of {self.scenario.name!r}>"

    def _repr_html_(self) -> str:
        html: str = self.figures[self.figures["interval"] == ""].to_html(index=False)
        return html


def beside_erlang(
    scenario: Scenario,
    queues: Sequence[str] = (),
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
) -> Beside:
    """Simulate a scenario and set Erlang's formulas beside it, for some of its queues or all.

    The other arguments are as for `run`. Raises SimError, with the nearest name, for a queue that there is not.
    """
    for queue in queues:
        if queue not in scenario.queues:
            raise SimError(f"no queue {shown(queue)}; {did_you_mean(queue, scenario.queues)}")
    result = run(
        scenario, replications, seed, jobs=jobs, cluster=cluster, on_loss=on_loss, on_progress=on_progress,
        keep_tables="none",
    )  # fmt: skip
    return Beside(Spreadsheet(scenario), result, tuple(queues) or tuple(scenario.queues))
