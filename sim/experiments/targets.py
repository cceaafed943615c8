"""The targets of a scenario must name figures that there are."""

import re
from pathlib import Path

from sim.errors import Mistake, ScenarioError, SimError, shown
from sim.metrics import Metric, lookup
from sim.scenario import Scenario, Target
from sim.scenario.context import Finding
from sim.scenario.error_messages import placed
from sim.scenario.fields import quantity
from sim.scenario.yaml_tree import read_tree


def check_targets(scenario: Scenario) -> None:
    """Raise ScenarioError with every target that names a metric, or a part of the run, that there is not.

    So does one that no share could ever miss, or meet: `at_most: 5` where 5% is meant, and one with the unit of
    something else: `at_most: 30%` of a wait.
    """
    from sim.metrics.cells import Axes, Cells

    cells = Cells.of(Axes.of(scenario))
    found = []
    for number, target in enumerate(scenario.targets):
        try:
            cells.row(target.metric, place_of(target))
        except SimError as error:
            found.append(Finding(("targets", number, "metric"), str(error)))
        else:
            found += _of_another_unit(scenario, target, number) or _beyond_a_share(target, number)
    if found:
        raise ScenarioError(_at_their_places(scenario, found))


def read_bound(metric: Metric, value: float | str) -> float:
    """Read a bound of a metric, in its unit or as in a scenario: 0.05, "5%", "30s", "2m".

    Raises SimError for what is no number, of another unit, or a share beyond 100 %.
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
    return f"{shown(value)} is no value of {metric.name}, whose unit is {unit}"


def _of_another_unit(scenario: Scenario, target: Target, number: int) -> list[Finding]:
    """Find bounds by how they were written: the scenario itself holds bare numbers."""
    metric = lookup(target.metric)
    written = scenario.origin.data["targets"][number] if scenario.origin else {}
    return [
        Finding(("targets", number, key), _wrong_unit(metric, written[key]))
        for key in ("at_least", "at_most")
        if _has_another_unit(metric, written.get(key))
    ]


def _beyond_a_share(target: Target, number: int) -> list[Finding]:
    metric = lookup(target.metric)
    bounds = {"at_least": target.at_least, "at_most": target.at_most}
    return [
        Finding(("targets", number, key), _too_much(metric, bound))
        for key, bound in bounds.items()
        if bound is not None and _is_beyond(metric, bound)
    ]


def _is_beyond(metric: Metric, bound: float) -> bool:
    return metric.is_share and not 0 <= bound <= 1


def _too_much(metric: Metric, bound: float) -> str:
    return f"{metric.name} is a share, and {bound:g} is {bound:.0%}; write {bound:g}% or a number from 0 to 1"


def place_of(target: Target) -> dict[str, str]:
    """Return the part of the run that a target is about, as the figures name it."""
    place = {"queue": target.queue, "team": target.team, "channel": target.channel, "kind": target.kind}
    return {column: name for column, name in place.items() if name is not None}


def _at_their_places(scenario: Scenario, found: list[Finding]) -> list[Mistake]:
    """Give line and column, for which the scenario's file is read once more where there is one."""
    name = scenario.origin.name if scenario.origin else scenario.name
    if not Path(name).is_file():
        return [Mistake(name, 0, 0, ".".join(map(str, one.place)), one.what) for one in found]
    tree = read_tree(Path(name).read_text(encoding="utf-8-sig"), name)
    return [placed(one, tree) for one in found]
