"""The tables of a run, as a planner reads them."""

from dataclasses import replace

import pytest

import sim
from sim.report.breakdowns import tables_of
from sim.report.document import Table, remark
from sim.report.html import report
from sim.report.run import Overview, queue_table, team_table, whole_document
from sim.report.text_table import markdown_of, text

HANDED_ON = """\
opens: 2026-03-02 08:00
lasts: 8h
seed: 5
replications: 2
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  front: {medium: voice, handle_time: 15s, transfer: {probability: 50%, to: {back: 100%}}}
  back: {medium: voice, handle_time: 10m}
teams: {f: {skills: {front: 5}, agents: 2}, b: {skills: {back: 5}, agents: 5}}
arrivals: [{channel: phone, queue: front, per_hour: 240}]
"""


@pytest.fixture(scope="module")
def run() -> sim.Result:
    return sim.run(sim.loads(HANDED_ON), jobs=1)


def cells(table: Table, row: str) -> dict[str, str]:
    """The cells of a row by the heads of their columns."""
    (found,) = [one for one in table.rows if one.label == row]
    return dict(zip(table.columns[1:], [cell.text for cell in found.cells], strict=True))


def test_a_queue_that_no_customer_asks_for_has_no_offered(run: sim.Result) -> None:
    table = queue_table(Overview(run))
    assert set(cells(table, "back").values()) == {""}
    assert float(next(one for one in table.rows if one.label == "transfer").cells[0].text) > 900


def test_thousands_are_apart(run: sim.Result) -> None:
    """240 an hour for eight hours."""
    offered = cells(queue_table(Overview(run)), "front")["Offered"]
    assert offered == f"{run.figure('offered', queue='front').value:,.1f}"
    assert offered.startswith(("1,8", "1,9", "2,0"))


def test_the_occupancy_of_the_open_hours_stands_beside_that_with_the_drain(run: sim.Result) -> None:
    """240 calls of 15 s are an hour's work of one agent: half of two, while calls come."""
    overview = Overview(run)
    front = cells(team_table(overview, overview.teams()), "f")
    assert float(front["In open hours, %"]) == pytest.approx(50, abs=3)
    assert float(front["Occupancy, %"]) < 30
    brief = sim.run(sim.loads(HANDED_ON).set("queues.front.transfer.probability", "1%"), jobs=1)
    short = Overview(brief)
    assert "In open hours, %" not in team_table(short, short.teams()).columns


def test_the_mean_of_a_weekday_is_said_to_be_one() -> None:
    fortnight = HANDED_ON.replace(
        "opens: 2026-03-02 08:00\nlasts: 8h",
        'calendar: {from: 2026-03-07, days: 9, open: {sat-sun: "08:00-09:00"}}',
    )
    (table, *_) = tables_of(sim.run(sim.loads(fortnight), 1, jobs=1), "day")
    assert [row.label for row in table.rows] == [
        "Sat 2026-03-07", "Sun 2026-03-08", "Sat 2026-03-14", "Sun 2026-03-15", "Saturday, mean", "Sunday, mean",
    ]  # fmt: skip


def test_a_table_without_rows_is_left_out_and_a_remark_is_not(run: sim.Result) -> None:
    """Nobody confers in this day: there is no caption above nothing."""
    whole = whole_document(run)
    empty = [one.caption for one in whole.all_tables if not one]
    assert "Conferences by queue" in empty
    said = replace(whole, tables=[*whole.tables, remark("Not known.")])
    for shown in (text(said, 80), markdown_of(said), report(run)):
        assert "Conferences by queue" not in shown
    for shown in (text(said, 80), markdown_of(said)):
        assert shown.count("Not known.") == 1
