"""Results, comparisons, sweeps and scenarios as a notebook shows them: their documents, and pictures beneath."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from sim.metrics.metric import PLACE_COLUMNS
from sim.report.document import Cell, Document, Picture, Row, Table
from sim.scenario.expected import contacts_of, handle_law, shares_of
from sim.scenario.numbers import share_text

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison
    from sim.experiments.result import Result
    from sim.experiments.sweep_result import Sweep
    from sim.scenario import Scenario, Team
    from sim.staffing.plan import Plan


WIDTH, HEIGHT = 4.6, 3.0
"""Of a picture, in inches."""
MOST = 4
"""So many figures of a sweep are drawn; the table has all."""


class _Drawn(NamedTuple):
    """A picture with its title, as the data of an image."""

    title: str
    data: str


def of_result(result: "Result") -> str:
    """Show a result: its tables, how long people wait, and the service level through the day."""
    from sim.report import plots
    from sim.report.plots.source import pick
    from sim.report.run import document

    rows = len(pick(result.figures, "wait_p90", queue=None, kind=None))
    waits = Picture(lambda ax: plots.waits(result, ax=ax), 1.1 + 0.6 * rows)
    level = Picture(lambda ax: plots.service_level(result, ax=ax), HEIGHT)
    return show(replace(document(result), pictures=[waits, level]))


def of_comparison(comparison: "Comparison") -> str:
    """Show a comparison: its differences as tables and, a picture a unit, with their intervals."""
    from sim.report import plots
    from sim.report.comparison import document
    from sim.report.plots.comparison import height_of

    table = comparison.table
    parts = [table[table["unit"] == unit] for unit in dict.fromkeys(table["unit"])]
    wanted = [
        Picture(lambda ax, part=part: plots.differences(part, ax=ax), height_of(part))  # type: ignore[misc]
        for part in parts
    ]
    return show(replace(document(comparison), pictures=wanted))


def of_sweep(sweep: "Sweep") -> str:
    """Show a sweep: the figures of every point, and the first of them over what was varied."""
    from sim.report import plots
    from sim.report.sweep import document

    table = sweep.figures
    places = table.drop_duplicates(["metric", *PLACE_COLUMNS])
    drawn = (places[["variant", "label", "day", "interval"]] == "").all(axis=1)
    wanted = [
        Picture(
            lambda ax, row=row: plots.sweep_curve(  # type: ignore[misc]
                table, row.metric, queue=row.queue, team=row.team, channel=row.channel, kind=row.kind, ax=ax
            ),
            HEIGHT,
        )
        for row in places[drawn].head(MOST).itertuples()
    ]
    return show(replace(document(sweep), pictures=wanted if len(sweep.axes) <= 2 else ()))


def of_plan(plan: "Plan") -> str:
    """Show a plan: its tables, and who is required and scheduled through the day."""
    from sim.report import plots
    from sim.report.staff import staff_document

    return show(
        replace(staff_document(plan), pictures=[Picture(lambda ax: plots.requirement(plan, ax=ax), HEIGHT)])
    )


def of_scenario(scenario: "Scenario") -> str:
    """Show a scenario: its queues, teams and arrivals, what is expected to come, and who is there."""
    from sim.report import plots

    demand = Picture(lambda ax: plots.demand(scenario, ax=ax), HEIGHT)
    staffing = Picture(lambda ax: plots.staffing(scenario, ax=ax), HEIGHT)
    return show(replace(scenario_document(scenario), pictures=[demand, staffing]))


def show(document: Document) -> str:
    """Render a document as a piece of HTML, and draw what there is something to draw of."""
    from sim.report.html.page import rendered

    return rendered("notebook.html.j2", document=document, drawn=list(_drawn(document.pictures)))


def _drawn(wanted: Iterable[Picture]) -> Iterator[_Drawn]:
    from sim.report.plots.source import NothingToDrawError

    for one in wanted:
        with suppress(NothingToDrawError):
            yield _image(one)


def _image(wanted: Picture) -> _Drawn:
    """Draw a picture of its own, so that many of them in one notebook do not share names."""
    import matplotlib
    from matplotlib.figure import Figure as Sheet

    from sim.report.plots.style import RC

    with matplotlib.rc_context({**RC, "svg.hashsalt": "sim"}):
        sheet = Sheet(figsize=(WIDTH, wanted.height), layout="constrained")
        ax = wanted.draw(sheet.subplots())
        file = BytesIO()
        sheet.savefig(file, format="svg", metadata={"Date": None})
    return _Drawn(ax.get_title(loc="left"), b64encode(file.getvalue()).decode())


# A scenario as a document: what comes in, where it waits, who serves.

QUEUE_HEADS = ("queue", "medium", "mode", "mean handle time, s", "within, s", "target")


def scenario_document(scenario: "Scenario") -> Document:
    """Build the scenario's queues, teams and arrivals."""
    opens = f"opens {scenario.opens:%a %d %b %Y %H:%M}, " if scenario.opens is not None else ""
    return Document(
        title=scenario.name,
        sentences=[
            scenario.description,
            f"{opens}lasts {scenario.lasts / 3600:g} h, seed {scenario.seed}",
        ],
        tables=[
            _table("Queues", QUEUE_HEADS, _queues(scenario)),
            _table("Teams", ("team", "agents", "skills", "hours"), _teams(scenario)),
            _table("Arrivals", ("arrivals", "queue", "a day"), _arrivals(scenario)),
        ],
    )


def _table(caption: str, heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Table:
    lines = [Row(str(label), [Cell(str(one)) for one in cells]) for label, *cells in rows]
    return Table(caption, heads, lines, words=True)


def _queues(scenario: "Scenario") -> Iterable[tuple[object, ...]]:
    for name, queue in scenario.queues.items():
        level = queue.service_level
        within, target = (f"{level.within:g}", f"{level.target:.0%}") if level is not None else ("", "")
        yield name, queue.medium, queue.mode, f"{handle_law(scenario, name).mean:.0f}", within, target


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
        volume = contacts_of(scenario, stream)
        shares = (f"{queue} {share_text(share)}" for queue, share in shares_of(scenario, stream).items())
        queues = ", ".join(stream.queues if len(stream.queues) < 2 else shares)
        yield name, queues, f"{volume:.0f}"
