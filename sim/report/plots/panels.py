"""The same picture for each queue, side by side on common axes."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from sim.errors import SimError, did_you_mean, quoted
from sim.report.plots.intervals import no_agent_rate, queue_lengths, service_level, volumes
from sim.report.plots.plan import waiting
from sim.report.plots.source import NothingToDrawError, Run, figures_of, pick
from sim.report.plots.style import WIDTH, folded, strip, styled
from sim.report.plots.waiting_times import answered_within

COLUMNS = 2
HEIGHT = 2.2
"""Of a panel, in inches."""


TITLE = 34
"""Longer names are folded above a panel, in letters."""


class _Panel(NamedTuple):
    """A picture of one queue, and the figure without which there is nothing to draw."""

    draw: Callable[..., Axes]
    metric: str


BY_QUEUE = {
    "service_level": _Panel(service_level, "service_level"),
    "no_agent_rate": _Panel(no_agent_rate, "no_agent_rate"),
    "queue_lengths": _Panel(queue_lengths, "queue_length_mean"),
    "volumes": _Panel(volumes, "offered"),
    "waiting": _Panel(waiting, "offered"),
    "answered_within": _Panel(answered_within, "offered"),
}
"""The pictures that are drawn of one queue."""


@styled
def each_queue(source: Run, picture: str) -> list[Axes]:
    """Draw one picture for each queue, side by side on common axes, such as `each_queue("service_level")`.

    Queues for which there is nothing to draw are left out. Returns the axes in the order of the queues.

    Raises SimError for a picture that is not one of a queue, and where no queue has it.
    """
    import matplotlib.pyplot as plt

    queues = queues_with(source, picture)
    columns = min(COLUMNS, len(queues))
    rows = -(-len(queues) // columns)
    _, grid = plt.subplots(
        rows, columns, figsize=(WIDTH, 0.4 + HEIGHT * rows), squeeze=False, layout="constrained"
    )
    panels: list[Axes] = list(grid.flat)
    for queue, ax in zip(queues, panels, strict=False):
        BY_QUEUE[picture].draw(source, queue, ax=ax)
        ax.set_title(folded(queue, TITLE))
    for ax in panels[len(queues) :]:
        ax.remove()
    _tidy(panels[: len(queues)], columns)
    return panels[: len(queues)]


def queues_with(source: Run, picture: str) -> list[str]:
    """Return the queues of which there is something to draw.

    Raises SimError for a picture that is not one of a queue, and where no queue has it.
    """
    if picture not in BY_QUEUE:
        raise SimError(f"no picture {quoted(picture)} by queue; {did_you_mean(picture, BY_QUEUE)}")
    rows = pick(figures_of(source), BY_QUEUE[picture].metric, queue=None, interval=None)
    queues = [name for name in source.scenario.queues if (rows["queue"] == name).any()]
    if not queues:
        raise NothingToDrawError(f"no queue has anything to draw for {picture}")
    return queues


def _tidy(panels: Sequence[Axes], columns: int) -> None:
    """Set the same limits for all panels; words stand only at the left and at the lower end of each column."""
    for limits, change in ((Axes.get_xlim, Axes.set_xlim), (Axes.get_ylim, Axes.set_ylim)):
        both = [limits(ax) for ax in panels]
        for ax in panels:
            change(ax, min(low for low, _ in both), max(high for _, high in both))
    for number, ax in enumerate(panels):
        lowest = number + columns >= len(panels)
        ax.tick_params(labelbottom=lowest)
        ax.set_xlabel(ax.get_xlabel() if lowest else "")
        ax.set_ylabel(ax.get_ylabel() if number % columns == 0 else "")
    _share_strip(panels)


def _share_strip(panels: Sequence[Axes]) -> None:
    """Explain the areas of all panels once, beneath the last one."""
    samples: dict[str, Artist] = {}
    for ax in panels:
        if (legend := ax.get_legend()) is not None:
            samples |= {label: handle for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
            legend.remove()
    if samples:
        strip(panels[-1], list(samples.values()))
