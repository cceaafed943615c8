"""The page of a plan."""

from collections.abc import Iterator

from sim.gate.sequential import Verdict
from sim.report import plots
from sim.report.document import Cell, Row, Table
from sim.report.html.page import Page, Section, assumptions, definitions, surprises, with_signs
from sim.report.html.pictures import MOST, Picture, draw_svg
from sim.report.plots.required import rows_of
from sim.report.staff import (
    beside_table,
    goals_table,
    notes_of,
    queue_tables,
    sentences,
    shifts_table,
    team_tables,
)
from sim.scenario import dump
from sim.staffing.plan import Plan
from sim.version import __version__


def staff_page(plan: Plan) -> Page:
    """Put the page of a plan together."""
    return Page(
        kind="plan",
        title=plan.base.name,
        description="The least costly staffing found that keeps the goals.",
        answers=list(sentences(plan)),
        lead=with_signs(goals_table(plan)),
        numbers=[],
        sure=list(_how_sure(plan)),
        sections=list(_sections(plan)),
        assumptions=assumptions(plan.scenario),
        surprises=surprises(plan.base),
        facts={
            "Seed": str(plan.seed),
            "Fresh days": str(plan.check),
            "Simulated days": f"{plan.spent.days:,}",
            "CPU": f"{plan.spent.cpu_s:.0f} s",
            "Scenario (SHA-256)": plan.base.hash,
            "Versions": f"sim {__version__}",
        },
        texts={"plan.yaml: the scenario with its plan": dump(plan.scenario)},
        definitions=definitions(dict.fromkeys(one.figure.metric for one in plan.goals), plan.base),
    )


def _how_sure(plan: Plan) -> Iterator[str]:
    yield f"Judged on {plan.check} days that the search has not seen; verdicts err in at most 5 % of all plans."
    if any(one.verdict is Verdict.INCONCLUSIVE for one in plan.goals):
        yield "The cheapest plan lies at its goals, so most are too close to call; a higher goal gives room."
    yield from notes_of(plan)


def _sections(plan: Plan) -> Iterator[Section]:
    teams = list(plan.heads)
    shown = ["", *teams[:MOST]] if len(teams) > 1 else teams
    pictures = [_picture(plan, team, f"required-{number}") for number, team in enumerate(shown)]
    yield Section("Who is there when", "teams", [], pictures, list(team_tables(plan)))
    if plan.shifts:
        yield Section("The shifts", "shifts", [shifts_table(plan)], [])
    yield Section("What comes, and how it is served", "queues", [], [], list(queue_tables(plan)))
    yield Section("Other plans on the same days", "beside", [beside_table(plan)], [])
    yield Section("How the search went", "path", [], [], [_path(plan)])


def _path(plan: Plan) -> Table:
    rows = [
        Row(
            f"{number}. {one.stage}", [Cell(f"{one.cost:,.1f}"), Cell(str(one.missed)), Cell(f"{one.days:,}")]
        )
        for number, one in enumerate(plan.path, start=1)
    ]
    return Table("Every plan that was tried", ("Stage", "Cost", "Goals missed", "Days by then"), rows)


def _picture(plan: Plan, team: str, name: str) -> Picture:
    element, title = draw_svg(lambda ax: plots.requirement(plan, team, ax=ax), name, 2.9)
    required, scheduled, _ = rows_of(plan, team)
    over, under = (scheduled - required).clip(0).sum(), (required - scheduled).clip(0).sum()
    words = f"most scheduled at once {scheduled.max():g}; {over:g} agent intervals more than required, {under:g} fewer"
    return Picture(element, title, f"{title}: {words}. The numbers are in the tables by team.")
