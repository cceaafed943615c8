"""Erlang's formulas beside the simulation of a scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import TYPE_CHECKING

from sim.errors import SimError, did_you_mean, quoted
from sim.experiments.erlang.reasons import Reason, reasons
from sim.experiments.erlang.sheet import ErlangSheet, PlannedRow, SheetRow
from sim.experiments.replications import Progress, run
from sim.experiments.result import Result
from sim.metrics import Figure
from sim.parallel.workers import Report, warn
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

SIMULATED = {"in_time": "service_level", "asa": "asa", "abandoned": "abandon_rate"}
"""The simulated figure for each of the formulas', of first contacts alone."""


@dataclass(frozen=True, eq=False, repr=False)
class ErlangComparison:
    """Erlang's figures for the queues of a scenario, the simulated ones, and the reasons why they differ."""

    sheet: ErlangSheet
    result: Result
    queues: tuple[str, ...]

    @property
    def scenario(self) -> Scenario:
        """The scenario that was simulated."""
        return self.sheet.scenario

    def simulated(self, row: SheetRow) -> dict[str, Figure | None]:
        """Return the simulated figures for a row; None where they are not given by interval."""
        place = {"queue": row.queue, "kind": "inbound", "interval": row.interval}
        given = {name: m for name, m in SIMULATED.items() if not row.interval or m != "abandon_rate"}
        return {
            name: self.result.figure(given[name], **place) if name in given else None for name in SIMULATED
        }

    @cached_property
    def figures(self) -> "pd.DataFrame":
        """A row a queue and interval: the formulas' figures, and the simulated ones with 95 % intervals."""
        import pandas as pd

        rows = [row for queue in self.queues for row in (self.sheet.day(queue), *self.sheet.intervals(queue))]
        return pd.DataFrame([{**row._asdict(), **self._columns(row)} for row in rows])

    @cached_property
    def rows(self) -> "pd.DataFrame":
        """A row a queue and interval: what is there, what is needed, and the formulas' figures."""
        import pandas as pd

        planned = [row for queue in self.queues for row in self.sheet.planned(queue)]
        return pd.DataFrame(planned, columns=PlannedRow._fields)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """The properties of each queue that the formulas leave out."""
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
    sheet: ErlangSheet,
    queues: Sequence[str] = (),
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
    budget: str | float | None = None,
) -> ErlangComparison:
    """Simulate a scenario and set its sheet of Erlang's formulas beside it, for some of its queues or all.

    The other arguments are as for `run`. Raises SimError, with the nearest name, for an unknown queue.
    """
    scenario = sheet.scenario
    for queue in queues:
        if queue not in scenario.queues:
            raise SimError(f"no queue {quoted(queue)}; {did_you_mean(queue, scenario.queues)}")
    result = run(
        scenario, replications, seed, jobs=jobs, cluster=cluster, on_loss=on_loss, on_progress=on_progress,
        keep_tables="none", budget=budget,
    )  # fmt: skip
    return ErlangComparison(sheet, result, tuple(queues) or tuple(scenario.queues))
