"""Shrinkage: what is written are paid hours, and the rest is there."""

from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.cli import main
from sim.experiments.erlang.asking import sheet_of
from sim.scenario import Scenario, dump, loads, notes
from sim.scenario.working_hours import present_of

from .small import mistakes, text_with


def day(team: str) -> Scenario:
    return loads(text_with(teams=f"teams:\n  crew: {{skills: {{sales: 5, help: 5, calls: 5}}, {team}}}"))


def test_constant_agents_are_rounded_and_told() -> None:
    # 7 of 10, and 3.5 of 5 rounded up.
    assert day("agents: 10, shrinkage: 30%").teams["crew"].agents == 7
    assert day("agents: 5, shrinkage: 30%").teams["crew"].agents == 4
    told = [one for one in notes(day("agents: 5, shrinkage: 30%")) if "shrinkage" in one]
    assert told == ["team `crew`: 4 are present of 5 gross, with a shrinkage of 30%"]


def test_shifts_share_those_who_are_present_by_largest_remainder() -> None:
    shifts = "shifts: [{from: '08:00', to: '09:00', agents: 5}, {from: '09:00', to: '10:00', agents: 4}]"
    crew = day(f"{shifts}, shrinkage: 30%").teams["crew"]
    # 9 x 0.7 = 6.3, so 6 of 5 to 4: 3.33 and 2.67.
    assert (crew.agents, crew.shift_sizes(), crew.gross_agents) == (6, (3, 3), 9)


def test_a_head_count_keeps_its_hours() -> None:
    crew = day("head_count: {every: 15m, agents: [1, 1, 1, 1, 10, 10, 10, 10]}, shrinkage: 30%").teams["crew"]
    assert crew.head_count is not None
    # Cumulated: 0.7 1.4 2.1 2.8 9.8 16.8 23.8 30.8, rounded 1 1 2 3 10 17 24 31.
    assert crew.head_count.agents == (1, 0, 1, 1, 7, 7, 7, 7)
    assert (crew.agents, crew.gross_agents) == (7, 10)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60), st.integers(1, 99))
def test_the_hours_are_right_to_one_at_every_moment_and_nobody_is_added(
    gross: list[int], percent: int
) -> None:
    present = present_of(gross, percent / 100)
    for there, paid in zip(accumulate(present), accumulate(gross), strict=True):
        assert abs(there - paid * (100 - percent) / 100) <= 0.5 + 1e-9
    assert all(0 <= there <= paid for there, paid in zip(present, gross, strict=True))
    if gross[0] == 1 and percent <= 50:
        assert present[0] == 1


def test_net_numbers_are_those_present() -> None:
    crew = day("agents: 7, shrinkage: 30%, counts: net").teams["crew"]
    assert (crew.agents, crew.gross_agents) == (7, 10)


@pytest.mark.parametrize(
    "team",
    [
        "agents: 10, shrinkage: 30%",
        "head_count: {every: 1h, agents: [3, 10]}, shrinkage: 25%",
        "head_count: {every: 1h, agents: [3, 10]}, agents: 12, shrinkage: 25%",
        "shifts: [{from: '08:00', to: '09:00', agents: 5}], shrinkage: 30%",
        "agents: 7, shrinkage: 30%, counts: net",
    ],
)
def test_what_is_written_is_written_back(team: str) -> None:
    written = day(team)
    again = loads(dump(written))
    assert again == written
    assert again.hash == written.hash
    assert dump(again) == dump(written)
    assert written.set("seed", 3).teams == written.teams
    assert again.teams["crew"].gross_agents == written.teams["crew"].gross_agents


def test_the_same_events_as_with_those_who_are_present() -> None:
    gross, net = day("agents: 10, shrinkage: 30%"), day("agents: 7")
    runs = [sim.run(one, replications=2, jobs=1) for one in (gross, net)]
    assert runs[0].requests.equals(runs[1].requests)


def test_it_goes_with_no_absence() -> None:
    text = text_with(teams="teams:\n  crew: {agents: 9, skills: {sales: 5, help: 5, calls: 5}, {}}")
    assert mistakes(text.replace("{}", "absence: 5%, shrinkage: 30%")) == [
        "day.yaml:11:9: teams.crew: give shrinkage or absence, not both; each is a loss of the same agents"
    ]
    assert mistakes(text.replace("{}", "shrinkage: 100%")) == [
        "day.yaml:11:9: teams.crew: a shrinkage of 100% leaves nobody"
    ]


def test_formulas_count_those_present_and_show_gross() -> None:
    rows = sheet_of(day("agents: 10, shrinkage: 30%")).planned("sales")
    assert rows[0].gross == pytest.approx(rows[0].agents / 0.7)
    with pytest.raises(sim.SimError, match="give shrinkage or the shrinkage of team crew, not both"):
        sheet_of(day("agents: 10, shrinkage: 30%"), shrinkage=0.2)


def test_the_table_of_teams_shows_scheduled_present_and_gross(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "day.yaml"
    path.write_text(dump(day("agents: 10, shrinkage: 30%")))
    assert main(["run", str(path), "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    head = next(line for line in printed.splitlines() if line.startswith("Team "))
    row = next(line for line in printed.splitlines() if line.startswith("crew "))
    assert head.split()[:4] == ["Team", "uled", "Present", "Gross"]
    assert row.split()[:4] == ["crew", "10", "7", "10"]
