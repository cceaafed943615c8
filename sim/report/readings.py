"""Further readings of the service level as a table: within other limits, counted otherwise, by customer."""

from collections.abc import Iterator

from sim.metrics import Figure, lookup
from sim.metrics.cells import Axes
from sim.metrics.figures import over_all
from sim.report.document import Row, Table, cell
from sim.report.run import Run

METRICS = ("service_level", "answered_within", "abandoned_within")
TITLE = "Service level read otherwise"


def reading_table(result: Run, axes: Axes) -> Table:
    """Return a row for each further reading of each queue and of all queues."""
    heads = (TITLE, *(lookup(metric).narrow_head for metric in METRICS))
    return Table(TITLE, heads, list(_rows(result, axes)), titled=False)


def _rows(result: Run, axes: Axes) -> Iterator[Row]:
    figures = _figures(result)
    for queue in [*axes.queue, *([""] if len(axes.queue) > 1 else [])]:
        for words in (*axes.level, *axes.customers):
            found = [figures.get((metric, words, queue)) for metric in METRICS]
            if found[0] is not None:
                yield Row(f"{queue or 'all queues'}, {words.replace('_', ' ')}", [cell(one) for one in found])


def _figures(result: Run) -> dict[tuple[str, str, str], Figure]:
    """Return the variants of figures of the whole run by metric, variant and queue."""
    found = over_all(result.measured, ("variant", "queue"))
    return {(one.metric, one.variant, one.queue): one for one in found if one.variant}
