"""The figures of several replications of a scenario, measured together: the very same as of each alone, for less."""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.metrics.cells import Axes
from sim.metrics.measures import Measures, Sources, lean, measure, measure_all
from sim.records import Records
from sim.records.table import Columns

if TYPE_CHECKING:
    from sim.scenario import Scenario

COUNTED_IN = {"request_id": "requests", "conversation_id": "conversations", "customer_id": "conversations"}
"""Columns of numbers that begin anew in each replication, and the table that has all of them."""


def measure_several(
    runs: Sequence[Records], scenario: "Scenario", only: Collection[str] | None = None, by_team: bool = False
) -> list[Measures]:
    """Compute the figures of each of these runs of a scenario, as `measure` does one by one.

    Raises SimError where there is no metric of such a name.
    """
    if len(runs) < 2 or any(run.days or run.ending.added for run in runs):
        return [measure(run, scenario, only, by_team) for run in runs]
    together: Any = _Together(runs)
    endings = [run.ending for run in runs]
    return measure_all(Sources(together, scenario, Axes.of(scenario), endings), only, by_team)


class _Together:
    """The tables of several runs as columns, the rows of one run after those of the other."""

    def __init__(self, runs: Sequence[Records]) -> None:
        self._runs = [lean(run) for run in runs]

    def __getattr__(self, table: str) -> Columns:
        parts = [getattr(run, table) for run in self._runs]
        of = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        numbers = tuple(map(str, range(len(parts))))
        names = {column: parts[0].names(column) for column in parts[0] if column in parts[0].coded}
        found = Columns(_Joined(parts, of, self._before), {**names, "replication": numbers})
        setattr(self, table, found)
        return found

    @cached_property
    def _before(self) -> dict[str, NDArray[np.int64]]:
        """For each column of numbers what the runs before each one have counted up to."""
        return {
            column: _counted_before(getattr(run, table)[column] for run in self._runs)
            for column, table in COUNTED_IN.items()
        }


class _Joined(dict[str, NDArray[Any]]):
    """The columns of several tables one after the other, each put together when it is first asked for."""

    def __init__(
        self, parts: Sequence[Columns], of: NDArray[np.int64], before: dict[str, NDArray[np.int64]]
    ) -> None:
        super().__init__(replication=of)
        self._parts = parts
        self._before = before

    def __missing__(self, column: str) -> NDArray[Any]:
        found = np.concatenate([part[column] for part in self._parts])
        if column in self._before:
            # 0 stands for none: a supervisor's task comes from no search.
            found = np.where(found > 0, found + self._before[column][self["replication"]], found)
        self[column] = found
        return found


def _counted_before(columns: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    last = [int(numbers.max(initial=0)) for numbers in columns]
    return np.concatenate(([0], np.cumsum(last)[:-1]))
