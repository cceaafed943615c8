"""Which figures an experiment is about, as they are written on the command line and in Python."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from sim.errors import SimError, did_you_mean, shown
from sim.experiments.targets import place_of
from sim.metrics import Metric, lookup
from sim.scenario import Scenario

OVERALL = ("service_level", "asa", "wait_p90", "abandon_rate", "no_agent_rate")
"""What a planner looks at over all queues, beside the scenario's targets."""

FEW_QUEUES = 8
"""So many queues are still looked at one by one."""

COLUMNS = ("queue", "team", "channel", "kind", "interval")

_SELECTOR = re.compile(r":(?=[a-z_]+=)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A metric and the part of the run it is about, such as the service level of one queue."""

    metric: str
    place: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `service_level`, `wait_p90:queue=billing` or `no_agent_rate:queue=billing:kind=transfer`.

        Raises SimError, with the nearest name, for a metric or a column that does not exist.
        """
        name, *selectors = _SELECTOR.split(text.strip())
        return cls(lookup(name).name, _in_order(dict(_selector(one, text) for one in selectors)))

    @property
    def text(self) -> str:
        """The figure as it is written on the command line."""
        return self.metric + "".join(f":{column}={name}" for column, name in self.place)

    @property
    def words(self) -> str:
        """The part of the run in words, empty for the whole of it."""
        return " ".join(name.replace("_", " ") if column == "kind" else name for column, name in self.place)

    @property
    def definition(self) -> Metric:
        """The metric's unit, formula and way of estimation."""
        return lookup(self.metric)

    def columns(self) -> dict[str, str]:
        """Give metric, queue, team, channel, kind and interval as a row of a table has them."""
        return {"metric": self.metric, **dict.fromkeys(COLUMNS, ""), **dict(self.place)}


def read(wanted: Iterable[str | Wanted], scenarios: Sequence[Scenario]) -> tuple[Wanted, ...]:
    """Read which figures are wanted; each once.

    Raises SimError, one line for each, for those that cannot be read or that one of the scenarios has not.
    """
    found, wrong = [], []
    for one in wanted:
        try:
            figure = one if isinstance(one, Wanted) else Wanted.parse(one)
            for scenario in scenarios:
                check(figure, scenario)
            found.append(figure)
        except SimError as error:
            wrong.append(f"metric {shown(one if isinstance(one, str) else one.text)}: {error}")
    if wrong:
        raise SimError("\n".join(wrong))
    return tuple(dict.fromkeys(found))


def usual(
    scenarios: Sequence[Scenario], metrics: Sequence[str] = OVERALL, *, by_queue: bool = True
) -> tuple[Wanted, ...]:
    """Choose the figures looked at where none are named: `metrics` over all, targets, service levels `by_queue`.

    Those that one of the scenarios has not are left out.
    """
    base = scenarios[0]
    targets = [Wanted(lookup(t.metric).name, _in_order(place_of(t))) for t in base.targets]
    whole = [Wanted(metric) for metric in metrics]
    judged = [name for name, queue in base.queues.items() if queue.service_level is not None]
    levels = [Wanted("service_level", (("queue", name),)) for name in judged]
    shown_all = by_queue and 1 < len(judged) <= FEW_QUEUES
    chosen = dict.fromkeys([*whole, *targets, *(levels if shown_all else ())])
    return tuple(one for one in chosen if all(_has(scenario, one) for scenario in scenarios))


def check(wanted: Wanted, scenario: Scenario) -> None:
    """Raise SimError, with the nearest name, where a scenario has no such figure."""
    from sim.metrics.cells import Axes, Cells

    Cells.of(Axes.of(scenario), [wanted.metric]).row(wanted.metric, dict(wanted.place))


def _has(scenario: Scenario, wanted: Wanted) -> bool:
    try:
        check(wanted, scenario)
    except SimError:
        return False
    return True


def _selector(text: str, whole: str) -> tuple[str, str]:
    column, equals, name = text.partition("=")
    if column not in COLUMNS:
        raise SimError(f"no column {shown(column)}; {did_you_mean(column, COLUMNS)}")
    if not equals or not name:
        raise SimError(f"{shown(whole)} names no {column}; write {column}=NAME")
    return column, name


def _in_order(place: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Sort the columns as the tables have them, so that the same figure is written in one way only."""
    return tuple((column, place[column]) for column in COLUMNS if column in place)
