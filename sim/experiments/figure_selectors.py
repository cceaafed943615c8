"""Which figures an experiment is about: their texts, bounds and goals, and a scenario's targets."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from sim.errors import Mistake, ScenarioError, SimError, did_you_mean, quoted
from sim.metrics import Metric, lookup
from sim.metrics.metric import PLACE_COLUMNS
from sim.scenario import Scenario, Target
from sim.scenario.context import Finding, Place
from sim.scenario.error_messages import placed
from sim.scenario.numbers import duration, quantity, share
from sim.scenario.text_files import SCENARIO, read_text
from sim.scenario.yaml_tree import read_tree

# The targets of a scenario, and bounds.


def check_targets(scenario: Scenario) -> None:
    """Raise ScenarioError with every target, and goal of a staffing, of an unknown metric or part of the run.

    The same holds for bounds that no share can miss or meet (`at_most: 5` where 5% is meant), and for bounds in
    another unit (`at_most: 30%` of a wait).
    """
    goals = _mistaken(scenario, scenario.staffing.goals, ("staffing", "goals"))
    if found := [*_mistaken(scenario, scenario.targets, ("targets",)), *goals]:
        raise ScenarioError(_at_their_places(scenario, found))


def _mistaken(scenario: Scenario, targets: Sequence[Target], where: Place) -> list[Finding]:
    if not targets:
        return []
    from sim.metrics.cells import Axes, Cells

    axes = Axes.of(scenario)
    cells = Cells.of(axes)
    found = []
    for number, target in enumerate(targets):
        at = (*where, number)
        try:
            for place in places_of(target, scenario):
                cells.row(target.metric, place)
        except SimError as error:
            unknown = (key for key in _BY_NAME if getattr(target, key) not in (None, *axes.column(key)))
            found.append(Finding((*at, next(unknown, "metric")), str(error)))
        else:
            found += _of_another_unit(scenario, target, at) or _beyond_a_share(target, at)
            found += _of_long_days(scenario, target, at)
    return found


def read_bound(metric: Metric, value: float | str) -> float:
    """Read a bound of a metric, in its unit or as in a scenario: 0.05, "5%", "30s", "2m".

    Raises SimError for other text, for another unit, and for a share beyond 100 %.
    """
    try:
        found = quantity(value)
    except ValueError as error:
        raise SimError(str(error)) from None
    if _has_another_unit(metric, value):
        raise SimError(_wrong_unit(metric, value))
    if _is_beyond(metric, found):
        raise SimError(_too_much(metric, found))
    return found


_UNIT = re.compile(r"[%a-z]$")
_UNITS = {"share": "a share: write 5% or 0.05", "s": "seconds: write 30s or 2m"}


def _has_another_unit(metric: Metric, value: object) -> bool:
    written = _UNIT.search(value.strip()) if isinstance(value, str) else None
    return written is not None and metric.unit != ("share" if written[0] == "%" else "s")


def _wrong_unit(metric: Metric, value: object) -> str:
    unit = _UNITS.get(metric.unit, metric.unit)
    return f"{quoted(value)} is no value of {metric.name}, whose unit is {unit}"


def _of_another_unit(scenario: Scenario, target: Target, at: Place) -> list[Finding]:
    """Find bounds in another unit by their text, as the scenario itself holds bare numbers."""
    metric = lookup(target.metric)
    written: Any = scenario.origin.data if scenario.origin else {}
    for key in at if scenario.origin else ():
        written = written[key]
    return [
        Finding((*at, key), _wrong_unit(metric, written[key]))
        for key in ("at_least", "at_most")
        if _has_another_unit(metric, written.get(key))
    ]


def _beyond_a_share(target: Target, at: Place) -> list[Finding]:
    metric = lookup(target.metric)
    bounds = {"at_least": target.at_least, "at_most": target.at_most}
    return [
        Finding((*at, key), _too_much(metric, bound))
        for key, bound in bounds.items()
        if bound is not None and _is_beyond(metric, bound)
    ]


def _of_long_days(scenario: Scenario, target: Target, at: Place) -> list[Finding]:
    """Find a share of days where a replication is no day; its own days are not independent of each other."""
    if target.on_days is None or target.each or target.interval or scenario.lasts <= 86_400:
        return []
    what = f"counts replications as days, and one lasts {scenario.lasts / 3600:g} h; add each: day"
    return [Finding((*at, "on_days"), what)]


def _is_beyond(metric: Metric, bound: float) -> bool:
    return metric.is_share and not 0 <= bound <= 1


def _too_much(metric: Metric, bound: float) -> str:
    return f"{metric.name} is a share, and {bound:g} is {bound:.0%}; write {bound:g}% or a number from 0 to 1"


_BY_NAME = ("variant", "label", "interval")
"""Keys of a target whose names only the figures know."""


def place_of(target: Target) -> dict[str, str]:
    """Return the part of the run that a target is about, as the figures name it; with `each` that of all parts."""
    names = {column: getattr(target, column, None) for column in COLUMNS}
    return {column: name for column, name in names.items() if name is not None}


def places_of(target: Target, scenario: Scenario) -> list[dict[str, str]]:
    """Return the parts of the run that have to keep to a target: one, or with `each` every interval or day.

    Of the intervals they are those that begin before `lasts`. A run of no more than 24 hours is one day.
    """
    place = place_of(target)
    if target.each is None:
        return [place]
    from sim.metrics.cells import Axes

    axes = Axes.of(scenario)
    if target.each == "day":
        return [{**place, "day": name} for name in axes.dates or axes.day] or [place]
    return [{**place, "interval": name} for name in axes.interval[:-1]]


def _at_their_places(scenario: Scenario, found: list[Finding]) -> list[Mistake]:
    """Return the mistakes with line and column, for which the scenario's file is read once more if there is one."""
    name = scenario.origin.name if scenario.origin else scenario.name
    if not Path(name).is_file():
        return [Mistake(name, 0, 0, ".".join(map(str, one.place)), one.what) for one in found]
    try:
        tree = read_tree(read_text(Path(name), SCENARIO), name)
    except (ScenarioError, ValueError):  # it has been changed since it was read
        return [Mistake(name, 0, 0, ".".join(map(str, one.place)), one.what) for one in found]
    return [placed(one, tree) for one in found]


OVERALL = ("service_level", "asa", "wait_p90", "abandon_rate", "no_agent_rate")
"""The usual figures over all queues, beside the scenario's targets."""

FEW_QUEUES = 8
"""Up to this number of queues, the usual figures are also given by queue."""

COLUMNS, PLAIN = PLACE_COLUMNS, ("variant", "kind")

_SELECTOR = re.compile(r":(?=[a-z_]+=)")


@dataclass(frozen=True, slots=True)
class FigureSelector:
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

    @classmethod
    def at(cls, metric: str, *place: str) -> Self:
        """Return the figure of a row of a table: its metric and the names in the columns of the place.

        Raises SimError, with the nearest name, for a metric that does not exist.
        """
        named = {column: name for column, name in zip(COLUMNS, place, strict=True) if name}
        return cls(lookup(metric).name, _in_order(named))

    @property
    def text(self) -> str:
        """The figure as it is written on the command line."""
        return self.metric + "".join(f":{column}={name}" for column, name in self.place)

    @property
    def words(self) -> str:
        """The part of the run in words, empty for the whole of it."""
        return " ".join(name.replace("_", " ") if column in PLAIN else name for column, name in self.place)

    @property
    def definition(self) -> Metric:
        """The metric's unit, formula and way of estimation."""
        return lookup(self.metric)

    def columns(self) -> dict[str, str]:
        """Return metric and place as a row of a table has them."""
        return {"metric": self.metric, **dict.fromkeys(COLUMNS, ""), **dict(self.place)}


def read(wanted: Iterable[str | FigureSelector], scenarios: Sequence[Scenario]) -> tuple[FigureSelector, ...]:
    """Read the wanted figures, each once.

    Raises SimError, one line for each, for texts that cannot be read and for figures that one of the scenarios lacks.
    """
    found, wrong = [], []
    for one in wanted:
        try:
            figure = one if isinstance(one, FigureSelector) else FigureSelector.parse(one)
            for scenario in scenarios:
                check(figure, scenario)
            found.append(figure)
        except SimError as error:
            wrong.append(f"metric {quoted(one if isinstance(one, str) else one.text)}: {error}")
    if wrong:
        raise SimError("\n".join(wrong))
    return tuple(dict.fromkeys(found))


def usual(
    scenarios: Sequence[Scenario],
    metrics: Sequence[str] = OVERALL,
    *,
    by_queue: bool = True,
    each: bool = True,
) -> tuple[FigureSelector, ...]:
    """Return the figures used where none are named: `metrics` over all, targets, service levels `by_queue`.

    Of a target for `each` interval or day they are those of the parts, or else that of the whole run. Figures
    that one of the scenarios lacks are left out.
    """
    base = scenarios[0]
    whole = [FigureSelector(metric) for metric in metrics]
    judged = [name for name, queue in base.queues.items() if queue.service_level is not None]
    levels = [FigureSelector("service_level", (("queue", name),)) for name in judged]
    shown_all = by_queue and 1 < len(judged) <= FEW_QUEUES
    chosen = dict.fromkeys([*whole, *_targets(base, each), *(levels if shown_all else ())])
    return tuple(one for one in chosen if all(_has(scenario, one) for scenario in scenarios))


def figures_shown(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return the usual figures of a comparison: service, what it asks of agents, and its cost where there is one."""
    return (*OVERALL, *what_it_takes(scenarios))


def what_it_takes(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return the figures of what service asks of agents, and of its cost where there is one."""
    costs = any(team.is_paid for one in scenarios for team in one.teams.values())
    return ("occupancy", *(["cost"] if costs else []))


def beside_service(asked: Sequence[str], scenarios: Sequence[Scenario]) -> list[str]:
    """Return the figures asked for and, where one of them is better high or low, what it takes behind them."""
    try:
        metrics = [FigureSelector.parse(text).metric for text in asked]
    except SimError:  # told where the figures are read
        return [*asked]
    judged = any(_own_goal(metric) for metric in metrics)
    return [*asked, *(one for one in what_it_takes(scenarios) if judged and one not in asked)]


def with_targets(
    asked: Sequence[FigureSelector], scenarios: Sequence[Scenario]
) -> tuple[FigureSelector, ...]:
    """Return the figures asked for and, behind them, those of the first scenario's targets that all scenarios have.

    Without the targets a result could not say whether they are met.
    """
    targets = [one for one in _targets(scenarios[0]) if all(_has(scenario, one) for scenario in scenarios)]
    return tuple(dict.fromkeys([*asked, *targets]))


def figures_of(target: Target, scenario: Scenario) -> list[FigureSelector]:
    """Return the figures that a target is about, more than one with `each`."""
    return [
        FigureSelector(lookup(target.metric).name, _in_order(place)) for place in places_of(target, scenario)
    ]


def _targets(scenario: Scenario, each: bool = True) -> list[FigureSelector]:
    targets = [target if each else target.model_copy(update={"each": None}) for target in scenario.targets]
    return [figure for target in targets for figure in figures_of(target, scenario)]


def check(wanted: FigureSelector, scenario: Scenario) -> None:
    """Raise SimError, with the nearest name, where a scenario has no such figure."""
    from sim.metrics.cells import Axes, Cells

    Cells.of(Axes.of(scenario), [wanted.metric]).row(wanted.metric, dict(wanted.place))


def _has(scenario: Scenario, wanted: FigureSelector) -> bool:
    try:
        check(wanted, scenario)
    except SimError:
        return False
    return True


def _selector(text: str, whole: str) -> tuple[str, str]:
    column, equals, name = text.partition("=")
    if column not in COLUMNS:
        raise SimError(f"no column {quoted(column)}; {did_you_mean(column, COLUMNS)}")
    if not equals or not name:
        raise SimError(f"{quoted(whole)} names no {column}; write {column}=NAME")
    return column, name


def _in_order(place: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Sort the columns as the tables have them, so that the same figure is written in one way only."""
    return tuple((column, place[column]) for column in COLUMNS if column in place)


# Goals: whether a metric should be high or low.

Goal = Literal["high", "low"]

HIGH = frozenset({"service_level", "answered", "handled", "contained", "joined_rate"})
LOW = frozenset(
    {
        "abandoned", "abandon_rate", "balked", "blocked", "blocked_rate", "cost", "cost_per_resolved", "delayed",
        "delay_rate", "disconnected", "missed_rate", "no_agent", "no_agent_rate", "offers_per_request",
        "overtime", "queue_length_max", "queue_length_mean", "refused", "time_in_system", "time_to_join",
        "total_wait", "unfinished",
    }
)  # fmt: skip


def goal_of(wanted: FigureSelector, given: Goal | None) -> Goal:
    """Return the goal of a figure: the one given, else the metric's own.

    Raises SimError for a metric that has none, such as the occupancy.
    """
    if given is not None:
        return given
    found = _own_goal(wanted.metric)
    if found is not None:
        return found
    raise SimError(f"whether a high or a low {wanted.metric} is better depends; give the goal, high or low")


def _own_goal(metric: str) -> Goal | None:
    if metric in HIGH:
        return "high"
    return "low" if metric in LOW or metric == "asa" or "wait" in metric else None


# Numbers as they are written on the command line: shares in per cent, times with their unit.


def share_of(text: str | float, option: str) -> float:
    """Read 95% or 0.95. Raises SimError."""
    try:
        return share(text)
    except ValueError as error:
        raise SimError(f"{option}: {error}") from None


def seconds_of(text: str | float, option: str) -> float:
    """Read 300, 300s, 5m or 1h. Raises SimError."""
    try:
        return duration(text)
    except ValueError as error:
        raise SimError(f"{option}: {error}") from None


def amount_of(text: str, wanted: FigureSelector, option: str) -> float:
    """Read an amount in the unit of a figure: 1% for a share, 5s for a time, else a plain number.

    Raises SimError for other text or another unit.
    """
    metric = wanted.definition
    try:
        found = quantity(text)
    except ValueError as error:
        raise SimError(f"{option}: {error}") from None
    has_unit = not text.strip()[-1:].isdigit()
    if has_unit and (text.strip().endswith("%") != metric.is_share or metric.unit not in ("share", "s")):
        example = {"share": "1%", "s": "5s"}.get(metric.unit, "2")
        raise SimError(
            f"{option}: {quoted(text)} is no amount of {wanted.metric} ({metric.unit}); write {example}"
        )
    return found
