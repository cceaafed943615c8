"""Pictures of a scenario before it is simulated: what is expected to come, and who is there to answer."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.experiments.erlang import agents_on_duty, volumes
from sim.metrics.inputs import FloatArray
from sim.report.plots.clock import HOUR_S, clock_axis
from sim.report.plots.labels import End, folded, label_ends
from sim.report.plots.source import MOST_LINES, NothingToDrawError, of_the_busiest
from sim.report.plots.style import INK, Fill, canvas, look, strip, styled
from sim.scenario import Scenario

MOST_STEPS = 96
_FILLS = (
    Fill("#2f5d8c", ""),
    Fill("#c9d8e8", ""),
    Fill("#e9b08f", "////"),
    Fill("#ffffff", "\\\\\\\\"),
    Fill("#8fb0d1", ""),
    Fill("#ffffff", "||||"),
    Fill("#dcdfe3", "...."),
)


class _Of(NamedTuple):
    """A scenario, as the axis of time wants it."""

    scenario: Scenario


@styled
def demand(scenario: Scenario, *, ax: Axes | None = None) -> Axes:
    """Draw how many contacts an hour are expected to ask for each queue through the day, before transfers.

    Contacts whom a bot helps are left out. Of more than six queues the busiest are drawn.

    Raises NothingToDrawError where nobody comes.
    """
    edges = _edges(scenario)
    expected = {name: one for name, one in volumes(scenario, edges).items() if one.sum()}
    if not expected:
        raise NothingToDrawError("nobody is expected to come")
    first = sorted(expected, key=lambda name: -expected[name].sum())[:MOST_LINES]
    shown = [name for name in expected if name in first]
    ax = canvas(ax)
    hours = (edges + scenario.opens_at) / HOUR_S
    clock_axis(ax, hours[0], hours[-1], _Of(scenario))
    ends = []
    for number, name in enumerate(shown):
        how, rates = look(number), expected[name] / np.diff(edges) * HOUR_S
        ax.stairs(rates, hours, baseline=None, color=how.colour, linestyle=how.dash, linewidth=1.6)
        ends.append(End(float(hours[-1]), float(rates[-1]), folded(name), how.colour))
    ax.set_ylim(0, 1.06 * max(float((expected[name] / np.diff(edges)).max()) * HOUR_S for name in shown))
    label_ends(ax, ends)
    ax.set_ylabel("Expected (contacts per hour)")
    ax.set_title(f"What comes{of_the_busiest(shown, len(expected))}")
    return ax


@styled
def staffing(scenario: Scenario, *, ax: Axes | None = None) -> Axes:
    """Draw how many agents of each team are on duty through the day, breaks and absence taken off, stacked."""
    edges = _edges(scenario)
    hours = (edges + scenario.opens_at) / HOUR_S
    ax = canvas(ax)
    clock_axis(ax, hours[0], hours[-1], _Of(scenario))
    floor: FloatArray = np.zeros(len(edges) - 1)
    for number, (name, team) in enumerate(scenario.teams.items()):
        there, fill = agents_on_duty(scenario, team, edges), _FILLS[number % len(_FILLS)]
        ax.stairs(
            floor + there, hours, baseline=floor, fill=True, label=name, facecolor=fill.colour, hatch=fill.hatch,
            edgecolor=INK, linewidth=0.4,
        )  # fmt: skip
        floor = floor + there
    ax.set_ylim(0, (float(floor.max()) or 1.0) * 1.06)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("Agents (number)")
    ax.set_title("Who is there")
    strip(ax)
    return ax


def _edges(scenario: Scenario) -> FloatArray:
    """Give the edges of the steps in seconds from opening: those of the intervals, or of fewer where they are many."""
    step = max(scenario.interval, scenario.lasts / MOST_STEPS)
    return np.append(np.arange(0.0, scenario.lasts, step), scenario.lasts)
