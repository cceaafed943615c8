"""Results, comparisons, sweeps and scenarios as a notebook shows them: tables, and beneath them pictures."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.experiments.comparison import Comparison
    from sim.experiments.result import Result
    from sim.experiments.sweep_result import Sweep
    from sim.metrics import Figure
    from sim.scenario import Scenario

WIDTH, HEIGHT = 4.6, 3.0
"""Of a picture, in inches."""
MOST = 4
"""So many figures of a sweep are drawn; the table has all."""


class _Picture(NamedTuple):
    """How a picture is drawn on axes, and its height in inches."""

    draw: "Callable[[Axes], Axes]"
    height: float = HEIGHT


def of_result(result: "Result") -> str:
    """Show a result: its queues, its teams, how long people wait, and the service level through the day."""
    from sim.experiments.overview import html
    from sim.report import plots
    from sim.report.plots.source import pick

    rows = len(pick(result.figures, "wait_p90", queue=None, kind=None))
    waits = _Picture(lambda ax: plots.waits(result, ax=ax), 1.1 + 0.6 * rows)
    level = _Picture(lambda ax: plots.service_level(result, ax=ax))
    return html(result) + _pictures([waits, level])


def of_comparison(comparison: "Comparison") -> str:
    """Show a comparison: its differences as tables and, a picture a unit, with their intervals."""
    from sim.experiments.compared import html
    from sim.report import plots
    from sim.report.plots.comparison import height_of

    table = comparison.table
    parts = [table[table["unit"] == unit] for unit in dict.fromkeys(table["unit"])]
    wanted = [
        _Picture(lambda ax, part=part: plots.differences(part, ax=ax), height_of(part))  # type: ignore[misc]
        for part in parts
    ]
    return html(comparison) + _pictures(wanted)


def of_sweep(sweep: "Sweep") -> str:
    """Show a sweep: the figures of every point, and the first of them over what was varied."""
    from sim.report import plots

    table = sweep.figures
    places = table.drop_duplicates(["metric", "queue", "team", "channel", "kind", "interval"])
    wanted = [
        _Picture(
            lambda ax, row=row: plots.sweep_curve(  # type: ignore[misc]
                table, row.metric, queue=row.queue, team=row.team, channel=row.channel, kind=row.kind, ax=ax
            )
        )
        for row in places[places["interval"] == ""].head(MOST).itertuples()
    ]
    said = f"<p>{escape(repr(sweep)[1:-1])}</p>"
    return said + _points(sweep) + (_pictures(wanted) if len(sweep.axes) <= 2 else "")


def of_scenario(scenario: "Scenario") -> str:
    """Show a scenario: its queues, teams and arrivals, what is expected to come, and who is there."""
    from sim.report import plots
    from sim.scenario.overview import html

    return html(scenario) + _pictures([
        _Picture(lambda ax: plots.demand(scenario, ax=ax)),
        _Picture(lambda ax: plots.staffing(scenario, ax=ax)),
    ])  # fmt: skip


def _points(sweep: "Sweep") -> str:
    """Write a row a point: the values of the keys, then the figures with half their intervals."""
    from sim.metrics.formatting import with_unit

    heads = [*(axis.key for axis in sweep.axes), *(wanted.text for wanted in sweep.wanted)]
    rows = (
        [*(_value(one) for one in values), *(with_unit(figure) for figure in figures)]
        for values, figures in _figures(sweep)
    )
    return _table(heads, rows)


def _figures(sweep: "Sweep") -> "Iterator[tuple[list[Any], list[Figure]]]":
    for point, at in enumerate(sweep.points):
        values = [axis.column[place] for axis, place in zip(sweep.axes, at, strict=True)]
        yield values, [sweep.figure(point, number) for number in range(len(sweep.wanted))]


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _pictures(wanted: Iterable[_Picture]) -> str:
    """Draw what there is something to draw of, side by side where there is room."""
    shown = "".join(_drawn(wanted))
    return f'<div style="display: flex; flex-wrap: wrap; gap: 1em; align-items: flex-start">{shown}</div>'


def _drawn(wanted: Iterable[_Picture]) -> Iterator[str]:
    from sim.report.plots.source import NothingToDrawError

    for one in wanted:
        with suppress(NothingToDrawError):
            yield _image(one)


def _image(wanted: _Picture) -> str:
    """Draw a picture of its own, so that many of them in one notebook do not share names."""
    import matplotlib
    from matplotlib.figure import Figure as Sheet

    from sim.report.plots.style import RC

    with matplotlib.rc_context({**RC, "svg.hashsalt": "sim"}):
        sheet = Sheet(figsize=(WIDTH, wanted.height), layout="constrained")
        ax = wanted.draw(sheet.subplots())
        file = BytesIO()
        sheet.savefig(file, format="svg", metadata={"Date": None})
    data = b64encode(file.getvalue()).decode()
    alt = escape(ax.get_title(loc="left"), quote=True)
    return f'<img alt="{alt}" style="max-width: 100%" src="data:image/svg+xml;base64,{data}">'
