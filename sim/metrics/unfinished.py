"""What is open at the end of a run: figures as if all of it had been answered then, and as if none ever were."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from math import inf, nan
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.metrics.columns import BoolArray, FloatArray, is_one_of, numbers, positions
from sim.metrics.figures import Figures
from sim.metrics.measures import Measures, anything_open, measure
from sim.metrics.requests import PERCENTILES
from sim.records import Records
from sim.records.recorder import Recorded

if TYPE_CHECKING:
    import pandas as pd

    from sim.records import Ending
    from sim.scenario import Scenario

Fate = Literal["answered", "open", "endless", "left", "nobody"]
"""What becomes of an open request: answered at the end; never answered, or after an endless wait; lost in two ways."""

NEVER: dict[str, Fate] = {
    **dict.fromkeys(("asa", "wait_mean", "wait_all_mean", "time_to_join", *PERCENTILES), "endless"),
    **dict.fromkeys(("total_wait", "time_in_system", "vendor_average_queue_duration"), "endless"),
    **dict.fromkeys(("abandoned", "abandon_rate", "abandon_wait_mean", "contacts_abandoned"), "left"),
    **dict.fromkeys(("vendor_abandoned", "vendor_abandon_rate", "vendor_average_abandoned_duration"), "left"),
    **dict.fromkeys(("no_agent", "no_agent_rate", "contacts_no_agent", "vendor_no_agent"), "nobody"),
    **dict.fromkeys(
        ("answered", "answered_within", "service_level", "joined_rate", "handled", "cost_per_resolved"),
        "open",
    ),
    **dict.fromkeys(("customers_served_rate", "customer_wait"), "open"),
    **dict.fromkeys((f"vendor_service_level_{number}" for number in (1, 2, 3)), "open"),
    **dict.fromkeys(("handle_time", "wrap_up_time", "transfer_rate", "missed_rate"), "open"),
    **dict.fromkeys(("transfers_per_conversation", "monitored_rate", "vendor_handled_duration"), "open"),
}
"""The metrics that depend on what becomes of open requests, and what does where nobody ever answers them."""

_OF_TASKS = {"handle_time", "wrap_up_time", "transfer_rate", "missed_rate"}
"""The metrics beside the vendor's that are measured on tasks: who is answered at the end is done with at once."""

_REQUEST_OUTCOMES: dict[Fate, str] = {
    "answered": "answered", "open": "unfinished", "endless": "answered", "left": "abandoned", "nobody": "no_agent",
}  # fmt: skip
_DISPOSITIONS: dict[Fate, str] = {
    "answered": "DONE", "open": "UNFINISHED", "endless": "UNFINISHED", "left": "CANCELLED",
    "nobody": "NO_AGENT_AVAILABLE",
}  # fmt: skip


def extremes(
    records: Recorded, scenario: "Scenario", measures: Measures, only: Collection[str] | None = None
) -> tuple[Measures, Measures] | None:
    """Return the same figures as if all that is open had been answered at the end, and as if none ever were.

    With `only`, the figures of other metrics stay as they are. It is None where nothing is open, or no figure depends
    on it.
    """
    if not anything_open(records):
        return None
    measured = [metric.name for metric in measures.cells.metrics if metric.name in NEVER]
    asked = [name for name in measured if only is None or name in only]
    if not asked:
        return None
    answered = _with(measures, scenario, records, dict.fromkeys(asked, "answered"))
    return answered, _with(measures, scenario, records, {name: NEVER[name] for name in asked})


def _with(measures: Measures, scenario: "Scenario", records: Recorded, fates: Mapping[str, Fate]) -> Measures:
    """Return the figures, those named measured anew with what is open taken to have had their fate."""
    found = Measures(measures.cells, measures.numerator.copy(), measures.denominator.copy())
    for fate, of_tasks in dict.fromkeys((fate, _is_of_tasks(name)) for name, fate in fates.items()):
        names = [name for name in fates if (fates[name], _is_of_tasks(name)) == (fate, of_tasks)]
        anew = _measured(records, scenario, fate, of_tasks, names)
        for metric in anew.cells.metrics:
            for by in metric.breakdowns:
                into, out = found.cells.block(metric.name, by), anew.cells.block(metric.name, by)
                found.numerator[into], found.denominator[into] = anew.numerator[out], anew.denominator[out]
    return found


def _is_of_tasks(name: str) -> bool:
    return name in _OF_TASKS or name.startswith("vendor")


def _measured(
    records: Recorded, scenario: "Scenario", fate: Fate, of_tasks: bool, names: Collection[str]
) -> Measures:
    """Measure a run, or each date of a calendar, with what is open taken to have had one fate."""
    if isinstance(records, Records) and records.days:
        from sim.metrics.by_date import measure_dates

        taken = [_Taken(day, fate, of_tasks) for day in records.days]
        return measure_dates(taken, scenario, names, by_team=False)
    return measure(_Taken(records, fate, of_tasks), scenario, only=names)


class _Taken:
    """The tables of a run, its open requests, tasks and conversations taken to have had one fate."""

    def __init__(self, records: Recorded, fate: Fate, of_tasks: bool) -> None:
        self.ending: Ending = records.ending
        self._records = records
        self._fate = fate
        self.requests = _changed(records.requests, "outcome", "unfinished", _REQUEST_OUTCOMES[fate])
        self.conversations = records.conversations
        self.tasks = records.tasks
        waits = is_one_of(records.requests, "outcome", "unfinished")
        if fate != "answered":
            self.requests["wait"] = np.where(waits, inf, numbers(records.requests, "wait"))
        self._take_conversations(self.requests[waits])
        if of_tasks:  # the agents' time is as it was
            self._take_tasks()

    @property
    def agent_states(self) -> "pd.DataFrame":
        """Return the agents' time, which is as it was."""
        return self._records.agent_states

    @property
    def whispers(self) -> "pd.DataFrame":
        """Return the whispers, which are as they were."""
        return self._records.whispers

    def _take_conversations(self, waiting: "pd.DataFrame") -> None:
        """Let the open conversations end as the requests that they wait for do."""
        frame = self._records.conversations
        open_ = is_one_of(frame, "outcome", "unfinished")
        if not open_.any():
            return
        if self._fate in ("answered", "endless"):
            taken = _changed(frame, "outcome", "unfinished", "handled")
        else:
            alone = waiting[~is_one_of(waiting, "kind", "conference")]["conversation_id"]
            lost = open_ & np.isin(np.asarray(frame["conversation_id"]), np.asarray(alone))
            taken = _changed(frame, "outcome", "unfinished", _REQUEST_OUTCOMES[self._fate], lost)
        end = self.ending.horizon_s if self._fate == "answered" else inf
        if self._fate == "answered":
            unanswered = open_ & np.isnan(numbers(frame, "answered_at"))
            taken["answered_at"] = np.where(unanswered, end, numbers(frame, "answered_at"))
        taken["ended_at"] = np.where(open_, end, numbers(frame, "ended_at"))
        taken["total_wait"] = numbers(frame, "total_wait") + _added(frame, waiting)
        self.conversations = taken

    def _take_tasks(self) -> None:
        """Let the tasks that wait in a queue end likewise."""
        frame = self._records.tasks
        queued_at, reserved_at = numbers(frame, "task_queue_time"), numbers(frame, "task_reserved_time")
        open_: BoolArray = is_one_of(frame, "task_disposition", "UNFINISHED")
        open_ &= ~np.isnan(queued_at) & np.isnan(reserved_at)
        if not open_.any():
            return
        taken = _changed(frame, "task_disposition", "UNFINISHED", _DISPOSITIONS[self._fate], open_)
        end = self.ending.horizon_s if self._fate == "answered" else inf
        if self._fate == "answered":
            for name in ("task_reserved_time", "task_answered_time"):
                taken[name] = np.where(open_, end, numbers(frame, name))
        if self._fate != "open":
            taken["task_end_time"] = np.where(open_, end, numbers(frame, "task_end_time"))
            waited = np.where(open_, end - queued_at, numbers(frame, "task_queue_duration"))
            taken["task_queue_duration"] = waited
        self.tasks = taken


def _changed(
    frame: "pd.DataFrame", column: str, was: str, now: str, chosen: BoolArray | None = None
) -> "pd.DataFrame":
    """Return a table in which a name of a column has become another."""
    names = frame[column].astype(object)
    return frame.assign(
        **{column: names.mask(is_one_of(frame, column, was) if chosen is None else chosen, now)}
    )


def _added(conversations: "pd.DataFrame", waiting: "pd.DataFrame") -> FloatArray:
    """Return for each conversation how long it waits for what is open."""
    added = np.zeros(len(conversations))
    at = positions(conversations["conversation_id"], waiting["conversation_id"])
    np.add.at(added, at[at >= 0], numbers(waiting, "wait")[at >= 0])
    return added


# Over replications.


class OpenFigures:
    """The figures of a run as if all that is open were answered at the end, or as if none ever were.

    They begin as those of the replications before the first in which anything is open. A wait that is endless in one
    replication is so over all of them; its mean and variance are not folded, as no number of other days makes up for
    it.
    """

    def __init__(self, before: Figures) -> None:
        self._figures = deepcopy(before)
        self._endless: BoolArray | None = None

    def fold(self, measures: Measures) -> None:
        """Take one more replication in."""
        endless = np.isinf(measures.numerator)
        self._endless = endless if self._endless is None else self._endless | endless
        finite = np.where(endless, 0.0, measures.numerator)
        self._figures.fold(Measures(measures.cells, finite, measures.denominator))

    def table(self, metrics: Collection[str]) -> "pd.DataFrame":
        """Return the figures of some metrics that have data, one a row, with 95 % intervals."""
        value, _, _ = self._figures.intervals()
        table = self._figures.table()
        if self._endless is not None:
            rows = self._endless[~np.isnan(value)]
            table.loc[rows, ["value", "low", "high", "max"]] = inf
            table.loc[rows, ["sd", "min"]] = nan  # of the finite ones alone they would be of another run
        return table[table["metric"].isin(metrics)].reset_index(drop=True)
