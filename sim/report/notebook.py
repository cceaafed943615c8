"""What a notebook shows of results, scenarios and fits of logs: their documents, and pictures beneath."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sim.report.document import Document, Picture

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison
    from sim.experiments.result import Result
    from sim.experiments.sweep_result import Sweep
    from sim.logs.estimates import Calibration
    from sim.logs.prediction import Backtest
    from sim.scenario import Scenario
    from sim.staffing.calendar_plan import CalendarPlan
    from sim.staffing.plan import Plan


WIDTH, HEIGHT = 4.6, 3.0
"""Of a picture, in inches."""
MOST = 4
"""So many figures of a sweep are drawn; the table has all."""
WEEK = 7
"""So many dates of a calendar's plans are drawn."""


class _Drawn(NamedTuple):
    """A picture with its title, as the data of an image."""

    title: str
    data: str


def of_result(result: "Result") -> str:
    """Show a result: its tables, how long people wait, and the service level through the day."""
    from sim.report.pictures import few_of_run
    from sim.report.run import document

    return show(replace(document(result), pictures=few_of_run(result)))


def of_comparison(comparison: "Comparison") -> str:
    """Show a comparison: its differences as tables and, a picture a unit, with their intervals."""
    from sim.report.comparison import document
    from sim.report.pictures import few_of_comparison

    return show(replace(document(comparison), pictures=few_of_comparison(comparison)))


def of_sweep(sweep: "Sweep") -> str:
    """Show a sweep: the figures of every point, and the first of them over what was varied."""
    from sim.report import pictures
    from sim.report.sweep import document

    return show(replace(document(sweep), pictures=pictures.of_sweep(sweep, MOST)))


def of_plan(plan: "Plan") -> str:
    """Show a plan: its tables, and who is required and scheduled through the day."""
    from sim.report import pictures
    from sim.report.staff import staff_document

    return show(replace(staff_document(plan), pictures=pictures.few_of_plan(plan, HEIGHT)))


def of_calendar_plan(found: "CalendarPlan") -> str:
    """Show the plans of a calendar: their sum, a line a date, goals, shifts, head-counts, and who is required."""
    from sim.report import pictures
    from sim.report.staff_dates import dates_document

    return show(replace(dates_document(found), pictures=pictures.of_dates(found, WEEK)))


def of_calibration(found: "Calibration") -> str:
    """Show a calibration: its tables, and how its busiest queue was fitted."""
    from sim.report import pictures
    from sim.report.calibration import calibration_document

    return show(replace(calibration_document(found), pictures=pictures.few_of_calibration(found)))


def of_backtest(found: "Backtest") -> str:
    """Show a backtest: its verdict and table, the validation chart, and where in the bands it lies."""
    from sim.report import pictures
    from sim.report.backtest import backtest_document

    return show(replace(backtest_document(found), pictures=pictures.few_of_backtest(found)))


def of_scenario(scenario: "Scenario") -> str:
    """Show a scenario: its queues, teams and arrivals, what is expected to come, and who is there."""
    from sim.report import pictures
    from sim.report.scenario import scenario_document

    return show(replace(scenario_document(scenario), pictures=pictures.of_scenario(scenario, HEIGHT)))


def show(document: Document) -> str:
    """Render a document as a piece of HTML, and draw what there is something to draw of."""
    from sim.report.html.page import rendered

    return rendered("notebook.html.j2", document=document, drawn=list(_drawn(document.pictures)))


def _drawn(wanted: Iterable[Picture]) -> Iterator[_Drawn]:
    """Draw each picture as a file of its own, so that many of them in one notebook do not share names."""
    from sim.report.html.page import image
    from sim.report.plots.source import NothingToDrawError

    for one in wanted:
        with suppress(NothingToDrawError):
            svg, title, _ = image(one, WIDTH, {}, titled=True)
            yield _Drawn(title, b64encode(svg).decode())
