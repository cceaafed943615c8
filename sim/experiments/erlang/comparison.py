"""Erlang's formulas beside the simulation of a scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import TYPE_CHECKING, Any

from sim.errors import SimError, did_you_mean, quoted
from sim.experiments.erlang.reasons import Reason, reasons
from sim.experiments.erlang.sheet import ErlangSheet, PlannedRow, SheetRow, combined
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
    """Erlang's figures for the queues of a scenario, the simulated ones, and the reasons why they differ.

    With a `day` it is one of the dates that were simulated.
    """

    sheet: ErlangSheet
    result: Result
    queues: tuple[str, ...]
    day: str = ""

    @property
    def scenario(self) -> Scenario:
        """The scenario that was simulated."""
        return self.sheet.scenario

    def simulated(self, row: SheetRow) -> dict[str, Figure | None]:
        """Return the simulated figures for a row; None where they are not given by interval."""
        place = {"queue": row.queue, "kind": "inbound", "interval": row.interval, "day": self.day}
        given = {name: m for name, m in SIMULATED.items() if not row.interval or m != "abandon_rate"}
        if row.interval and self.day:
            given = {}
        return {
            name: self.result.figure(given[name], **place) if name in given else None for name in SIMULATED
        }

    @cached_property
    def figures(self) -> "pd.DataFrame":
        """A row a queue and interval: the formulas' figures, and the simulated ones with 95 % intervals."""
        import pandas as pd

        rows = [row for queue in self.queues for row in (self.sheet.day(queue), *self.sheet.intervals(queue))]
        return pd.DataFrame([self.columns(row) for row in rows])

    @cached_property
    def rows(self) -> "pd.DataFrame":
        """A row a queue and interval: what is there, what is needed, and the formulas' figures."""
        import pandas as pd

        planned = [row for queue in self.queues for row in self.sheet.planned(queue)]
        return pd.DataFrame(planned, columns=PlannedRow._fields)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """The properties of each queue that the formulas leave out."""
        return tuple(
            reason for queue in self.queues for reason in reasons(self.sheet, queue, self.result, self.day)
        )

    def columns(self, row: SheetRow) -> dict[str, Any]:
        """Return a row of `figures`."""
        columns: dict[str, Any] = row._asdict()
        for name, figure in self.simulated(row).items():
            value, low, high = (nan, nan, nan) if figure is None else (figure.value, figure.low, figure.high)
            columns |= {f"{name}_simulated": value, f"{name}_low": low, f"{name}_high": high}
        return columns

    def __repr__(self) -> str:
        return f"<Beside: Erlang's formulas and {self.result.replications} replications of {self.scenario.name!r}>"

    def _repr_html_(self) -> str:
        html: str = self.figures[self.figures["interval"] == ""].to_html(index=False)
        return html


@dataclass(frozen=True, eq=False, repr=False)
class ErlangDates:
    """The same for a calendar: for each open date, and over all of them."""

    scenario: Scenario
    result: Result
    queues: tuple[str, ...]
    dates: tuple[ErlangComparison, ...]

    def total(self, queue: str) -> SheetRow:
        """Return a queue over all dates, weighted as it is over the intervals of one."""
        rows = [one.sheet.day(queue) for one in self.dates]
        hours = [one.sheet.open_hours for one in self.dates]
        agents = sum(row.agents * length for row, length in zip(rows, hours, strict=True)) / sum(hours)
        return combined(rows, agents)

    def simulated(self, row: SheetRow) -> dict[str, Figure | None]:
        """Return the simulated figures over all dates."""
        return self._whole.simulated(row)

    @cached_property
    def _whole(self) -> ErlangComparison:
        return ErlangComparison(self.dates[0].sheet, self.result, self.queues)

    @cached_property
    def rows(self) -> "pd.DataFrame":
        """A row a queue, date and interval: what is there, what is needed, and the formulas' figures."""
        return _by_date([(one.day, one.rows) for one in self.dates])

    @cached_property
    def figures(self) -> "pd.DataFrame":
        """The formulas' figures and the simulated ones, a row a queue and date, and one over all dates."""
        import pandas as pd

        days = [(one.day, one.figures[one.figures["interval"] == ""]) for one in self.dates]
        whole = [self._whole.columns(self.total(queue)) for queue in self.queues]
        return _by_date([("", pd.DataFrame(whole)), *days]).drop(columns="interval")

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """The properties of each queue that the formulas leave out, with the numbers of its busiest date."""
        found: list[Reason] = []
        for queue in self.queues:
            found += [one for one in self.busiest(queue).reasons if one.queue == queue]
        return tuple(found)

    def busiest(self, queue: str) -> ErlangComparison:
        """Return the date that has most contacts of a queue."""
        return max(self.dates, key=lambda one: one.sheet.day(queue).volume)

    def __repr__(self) -> str:
        return (
            f"<Beside: Erlang's formulas and {self.result.replications} replications of {self.scenario.name!r}, "
            f"{len(self.dates)} dates>"
        )

    def _repr_html_(self) -> str:
        html: str = self.figures.to_html(index=False)
        return html


def _by_date(tables: "Sequence[tuple[str, pd.DataFrame]]") -> "pd.DataFrame":
    """Put the tables of dates one below the other, each row with its `day`."""
    import pandas as pd

    dated = [table.assign(day=day) for day, table in tables]
    found = pd.concat(dated, ignore_index=True)
    return found[["queue", "day", *(one for one in found if one not in ("queue", "day"))]]


def beside_erlang(
    scenario: Scenario,
    sheets: Sequence[ErlangSheet],
    queues: Sequence[str] = (),
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
    budget: str | float | None = None,
) -> ErlangComparison | ErlangDates:
    """Simulate a scenario and set its sheets of Erlang's formulas beside it, for some of its queues or all.

    There is one sheet, or one for each date of a calendar. The other arguments are as for `run`. Raises SimError, with
    the nearest name, for an unknown queue.
    """
    for queue in queues:
        if queue not in scenario.queues:
            raise SimError(f"no queue {quoted(queue)}; {did_you_mean(queue, scenario.queues)}")
    result = run(
        scenario, replications, seed, jobs=jobs, cluster=cluster, on_loss=on_loss, on_progress=on_progress,
        keep_tables="none", budget=budget,
    )  # fmt: skip
    asked = tuple(queues) or tuple(scenario.queues)
    if len(sheets) == 1:
        return ErlangComparison(sheets[0], result, asked)
    dates = zip(sheets, scenario.days, strict=True)
    return ErlangDates(
        scenario, result, asked,
        tuple(ErlangComparison(sheet, result, asked, date.name) for sheet, date in dates),
    )  # fmt: skip
