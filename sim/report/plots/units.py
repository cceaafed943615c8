"""How the values of a metric are drawn: in per cent, seconds or minutes, and what the axis says."""

from dataclasses import dataclass
from functools import cache

from matplotlib.axes import Axes

from sim.metrics.catalogue import CATALOGUE
from sim.report.plots.labels import End
from sim.report.plots.style import SOFT_INK

MINUTES_FROM_S = 600.0
"""From here on times are drawn in minutes."""

_TITLES = {
    "asa": "Average speed of answer",
    "no_agent_rate": "Requests that found no agent",
    "abandon_rate": "Requests abandoned",
    "missed_rate": "Offers that rang out",
    "queue_length_mean": "Waiting requests",
    "concurrency": "Observed concurrency",
    "wait_mean": "Mean wait",
}
_AXES = {"asa": "ASA", "no_agent_rate": "No agent", "abandon_rate": "Abandoned", "missed_rate": "Rang out"}
_KINDS = {
    "inbound": "from customers",
    "transfer": "transferred",
    "named_transfer": "transferred by name",
    "conference": "conference",
}


_KEYS = {
    "Duration": "s",
    "PositiveDuration": "s",
    "Share": "share, 0 to 1",
    "Count": "number",
    "PositiveCount": "number",
    "Priority": "priority",
    "Level": "skill level",
}
"""Units of scenario keys by the schema's name of their kind."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a value is multiplied by before it is drawn, and how the unit is called."""

    factor: float
    name: str


def unit_of(metric: str, largest: float = 0.0, unit: str | None = None) -> Unit:
    """Give the unit in which a metric is drawn, whose largest value decides between seconds and minutes."""
    own = unit or CATALOGUE[metric].unit
    if own == "s":
        return Unit(1 / 60, "min") if largest >= MINUTES_FROM_S else Unit(1.0, "s")
    return Unit(100.0, "%") if own == "share" else Unit(1.0, "number" if own == "requests" else own)


@cache
def unit_of_key(key: str) -> str:
    """Give the unit of a scenario key such as `routing.ring_time`, as the schema has it."""
    from sim.scenario import schema

    name = key.rpartition(".")[2]
    owners = [schema(), *schema()["$defs"].values()]
    said = [str(own["properties"][name]) for own in owners if name in own.get("properties", ())]
    units = {next((unit for kind, unit in _KEYS.items() if f"/{kind}'" in one), "") for one in said}
    return (units.pop() if len(units) == 1 else "") or "scenario key"


def title_of(metric: str) -> str:
    """Give the name of a metric as a heading."""
    if metric.startswith("wait_p"):
        return f"Wait not exceeded by {metric.removeprefix('wait_p')} %"
    return _TITLES.get(metric, metric.replace("_", " ").capitalize())


def axis_of(metric: str) -> str:
    """Give the name of a metric as it stands at an axis, where there is little room."""
    if metric.startswith("wait_"):
        return "Wait"
    return _AXES.get(metric) or title_of(metric)


def kind_words(kind: str) -> str:
    """Give a kind of request in words."""
    return _KINDS.get(kind, kind)


def target_line(ax: Axes, target: float, unit: Unit) -> End:
    """Draw a target, in the metric's own unit, across the axes, and give the label for its end.

    One that lies above the axes is only named, with an arrow.
    """
    at, top = target * unit.factor, ax.get_ylim()[1]
    if at > top:
        return End(ax.get_xlim()[1], top, f"target\n{at:g} {unit.name} ↑", SOFT_INK)
    ax.axhline(at, color=SOFT_INK, linewidth=0.9, linestyle=(0, (2, 2)))
    return End(ax.get_xlim()[1], at, f"target\n{at:g} {unit.name}", SOFT_INK)


def from_zero(ax: Axes, unit: Unit, largest: float) -> None:
    """Let the y axis begin at 0; shares end at 100 % where they come near it."""
    top = 100.0 if unit.name == "%" and largest > 60 else (largest or 1.0) * 1.08
    ax.set_ylim(0, top)
