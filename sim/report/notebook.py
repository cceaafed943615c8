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
    from sim.scenario import Scenario, Team


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
    from sim.report import plots
    from sim.report.plots.source import pick
    from sim.report.run import html

    rows = len(pick(result.figures, "wait_p90", queue=None, kind=None))
    waits = _Picture(lambda ax: plots.waits(result, ax=ax), 1.1 + 0.6 * rows)
    level = _Picture(lambda ax: plots.service_level(result, ax=ax))
    return html(result) + _pictures([waits, level])


def of_comparison(comparison: "Comparison") -> str:
    """Show a comparison: its differences as tables and, a picture a unit, with their intervals."""
    from sim.report import plots
    from sim.report.comparison import html
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
    quoted = "".join(_drawn(wanted))
    return f'<div style="display: flex; flex-wrap: wrap; gap: 1em; align-items: flex-start">{quoted}</div>'


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


# A scenario as a notebook shows it: what comes in, where it waits, who serves.


def html(scenario: "Scenario") -> str:
    """Return the scenario's arrivals, queues and teams as small tables."""
    opens = f"opens {scenario.opens:%a %d %b %Y %H:%M}, " if scenario.opens is not None else ""
    parts = [
        f"<strong>{escape(scenario.name)}</strong><br>{escape(scenario.description)}<br>",
        f"{opens}lasts {scenario.lasts / 3600:g} h, seed {scenario.seed}",
        _overview_table(
            ("queue", "medium", "mode", "mean handle time, s", "within, s", "target"), _queues(scenario)
        ),
        _overview_table(("team", "agents", "skills", "hours"), _teams(scenario)),
        _overview_table(("arrivals", "queue", "a day"), _arrivals(scenario)),
    ]
    return "\n".join(parts)


def _queues(scenario: "Scenario") -> Iterable[tuple[object, ...]]:
    for name, queue in scenario.queues.items():
        level = queue.service_level
        within, target = (f"{level.within:g}", f"{level.target:.0%}") if level is not None else ("", "")
        yield name, queue.medium, queue.mode, f"{queue.handle_time.mean:.0f}", within, target


def _teams(scenario: "Scenario") -> Iterable[tuple[object, ...]]:
    for name, team in scenario.teams.items():
        skills = ", ".join(f"{skill} {level}" for skill, level in team.skills.items())
        yield name, team.agents, skills or team.role, _hours(team)


def _hours(team: "Team") -> str:
    if team.head_count is not None:
        return "by head-count"
    if not team.shifts:
        return "the whole run"
    return ", ".join(f"{_clock(shift.from_)}–{_clock(shift.to)}" for shift in team.shifts)


def _clock(seconds: float) -> str:
    return f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}"


def _arrivals(scenario: "Scenario") -> Iterable[tuple[object, ...]]:
    for name, stream in zip(scenario.stream_names(), scenario.arrivals, strict=True):
        if stream.forecast:
            volume = sum(row.volume for row in stream.forecast)
        elif stream.contacts:
            volume = len(stream.contacts)
        else:
            rates = stream.per_hour
            hours = scenario.lasts / 3600
            volume = sum(rates) * stream.every / 3600 if isinstance(rates, tuple) else (rates or 0.0) * hours
        yield name, stream.queue or "", f"{volume:.0f}"


def _overview_table(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
