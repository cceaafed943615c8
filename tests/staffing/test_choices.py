"""What may be chosen: shifts of templates and their cost, and the cheapest cover of what is needed."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import SimError
from sim.scenario import loads
from sim.staffing.choices import Choices, ShiftLine, with_rosters
from sim.staffing.start import covering, needed, require_cover

from .small import DESK, desk, two_teams


def test_shifts_of_a_template_with_a_break_that_may_move() -> None:
    template = {
        "team": "desk",
        "lasts": "90m",
        "breaks": [{"after": ["30m", "60m"], "for": "15m"}],
        "premium": "10%",
    }
    choices = Choices.of(desk(staffing__shifts=[template]))
    assert [(one.start / 3600, one.breaks) for one in choices.items] == [
        (9.0, ((34200.0, 35100.0),)),
        (9.0, ((36000.0, 36900.0),)),
        (9.5, ((36000.0, 36900.0),)),
        (9.5, ((37800.0, 38700.0),)),
    ]
    assert choices.cover[:, 0].tolist() == [1, 0.5, 1, 0]
    assert choices.cover[:, 3].tolist() == [0, 1, 1, 0.5]
    assert choices.paid_h.tolist() == [1.25] * 4
    assert choices.cost == pytest.approx([1.25 * 20 * 1.1] * 4)


def test_a_staffing_as_a_roster_and_back() -> None:
    template = {"team": "desk", "lasts": "90m", "breaks": [{"after": "30m", "for": "15m", "paid": "on"}]}
    day = desk(staffing__shifts=[template])
    choices = Choices.of(day)
    x = np.array([2, 1])
    assert choices.heads(x).tolist() == [[2, 2, 2.5, 1]]
    planned = with_rosters(day, choices.rosters(x))
    assert [(one.from_, one.to, one.agents) for one in planned.teams["desk"].shifts] == [
        (32400, 37800, 2), (34200, 39600, 1),
    ]  # fmt: skip
    assert planned.teams["desk"].agents == 3
    assert choices.of_lines(choices.lines(x)).tolist() == x.tolist()  # type: ignore[union-attr]
    assert choices.total_cost(x) == 3 * 1.5 * 20


def test_nobody_at_all_is_a_roster_too() -> None:
    day = desk(staffing__shifts=[{"team": "desk", "lasts": "2h"}])
    assert with_rosters(day, Choices.of(day).rosters(np.array([0]))).teams["desk"].agents == 0


def test_head_counts_cost_the_hours_they_are_there() -> None:
    choices = Choices.of(desk())
    assert not choices.are_shifts
    x = np.array([3, 5, 4, 2])
    assert choices.total_cost(x) == 14 * 0.5 * 20
    assert with_rosters(desk(), choices.rosters(x)).teams["desk"].head_count.agents == (3, 5, 4, 2)  # type: ignore[union-attr]


def test_hours_are_counted_where_no_team_has_a_cost() -> None:
    assert Choices.of(desk(teams__desk__cost_per_hour=0)).cost.tolist() == [0.5] * 4


UNION_AIRWAYS = """\
lasts: 10h
opens: 2026-03-02 06:00
interval: 1h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {desk: {medium: voice, handle_time: 5m, service_level: {within: 20s, target: 80%}}}
teams: {desk: {agents: 1, skills: {desk: 5}, cost_per_hour: 40}}
arrivals: [{channel: phone, queue: desk, per_hour: 60}]
staffing:
  shifts:
    - {team: desk, from: "06:00", lasts: 4h, premium: 6.25%}
    - {team: desk, from: "07:00", lasts: 4h}
    - {team: desk, from: "09:00", lasts: 4h, premium: 9.375%}
    - {team: desk, from: "11:00", lasts: 4h, premium: 12.5%}
    - {team: desk, from: "14:00", lasts: 2h, premium: 143.75%}
"""


def test_the_cheapest_shifts_of_a_textbook() -> None:
    """F. S. Hillier and G. J. Lieberman, Introduction to Operations Research, Union Airways: 30 610 a day."""
    choices = Choices.of(loads(UNION_AIRWAYS))
    assert choices.cost.tolist() == [170, 160, 175, 180, 195]
    need = np.array([[48, 79, 65, 87, 64, 73, 82, 43, 52, 15]], dtype=np.float64)
    x = covering(choices, need)
    assert x is not None
    assert x.tolist() == [48, 31, 39, 43, 15]
    assert choices.total_cost(x) == 30_610


def test_erlang_c_asks_for_fourteen_agents() -> None:
    """100 calls in half an hour of 3 minutes, 80 % in 20 s: the README of pyworkforce has 14 (13 reach 79.6 %)."""
    day = desk(
        queues__sales={
            "medium": "voice",
            "handle_time": "3m",
            "service_level": {"within": "20s", "target": "80%"},
        },
        arrivals=[{"channel": "phone", "queue": "sales", "per_hour": 200}],
    )
    assert needed(Choices.of(day), "C").tolist() == [[14] * 4]
    assert needed(Choices.of(day), "A").tolist() == [[14] * 4]  # without patience C stands for A


def test_a_part_of_the_shifts_is_bounded() -> None:
    templates = [{"team": "desk", "lasts": "2h"}, {"team": "desk", "lasts": "1h", "share_at_most": "25%"}]
    choices = Choices.of(desk(staffing__shifts=templates))
    x = covering(choices, np.array([[4, 4, 9, 9]], dtype=np.float64))
    assert x is not None
    short = sum(int(count) for one, count in zip(choices.items, x, strict=True) if one.template == 1)
    assert 0 < short <= 0.25 * x.sum()


def test_shifts_that_leave_the_queue_alone_are_refused() -> None:
    day = desk(staffing__shifts=[{"team": "desk", "from": "09:00", "lasts": "1h"}])
    with pytest.raises(SimError, match="no shift covers 10:00 to 11:00, when contacts come for `sales`; add"):
        require_cover(Choices.of(day))


def test_shifts_that_leave_out_where_a_team_has_a_least_number_are_refused() -> None:
    """Contacts come in the first hour alone, and somebody is to be there in the second as well."""
    day = desk(arrivals__0__per_hour=[40, 60, 0, 0], staffing__teams={"desk": {"min": 1}})
    short, whole = (
        day.set("staffing.shifts", [{"team": "desk", "from": "09:00", "lasts": lasts}])
        for lasts in ("1h", "2h")
    )
    require_cover(Choices.of(whole))
    with pytest.raises(
        SimError, match="no shift of team `desk` covers 10:00 to 11:00, where its min is above 0"
    ):
        require_cover(Choices.of(short))


def test_a_queue_behind_one_that_is_not_planned_for_is_covered_too() -> None:
    """Sales is served by a team of which no shift is planned, support by one whose shift ends at ten."""
    teams = {
        "sellers": {"agents": 5, "skills": {"sales": 5}},
        "universal": {"agents": 5, "skills": {"support": 5}},
    }
    late = [{"team": "universal", "from": "09:00", "lasts": "1h"}]
    goals = [{"metric": "service_level", "queue": "support", "at_least": "80%"}]
    steps = two_teams().set(
        {
            "queues.sales.steps": [{"needs": "sales >= 1"}],
            "staffing": {"shifts": late, "goals": goals},
            "teams": teams,
        }
    )
    with pytest.raises(SimError, match="no shift covers 10:00 to 12:00, when contacts come for `support`"):
        require_cover(Choices.of(steps))


@pytest.mark.parametrize(("counts", "written"), [("gross", [6, 6, 13, 13]), ("net", [4, 4, 9, 9])])
def test_a_cover_is_written_gross_where_a_part_of_the_agents_is_not_there(
    counts: str, written: list[int]
) -> None:
    """With a shrinkage of 30 % four present are six of gross, as five would be 3.5, and nine are thirteen."""
    day = desk().set({"teams.desk.shrinkage": "30%", "teams.desk.counts": counts})
    choices = Choices.of(day, heads=True)
    x = covering(choices, np.array([[4, 4, 9, 9]], dtype=np.float64))
    assert x is not None
    assert choices.heads(x).tolist() == [written]


def test_the_tables_of_a_plan_have_who_is_present_and_who_is_paid() -> None:
    plan = sim.staff(
        desk().set({"teams.desk.shrinkage": "20%"}), days=4, check=4, at_most_days=60, heads=True, jobs=1
    )
    table = plan.by_team
    assert table["scheduled"].to_numpy() == pytest.approx(table["gross"].to_numpy() * 0.8)
    assert table["gross"].tolist() == [*plan.heads["desk"]]
    present = plan.scenario.teams["desk"].head_count
    assert present is not None
    assert sum(present.counts) == pytest.approx(table["scheduled"].sum(), abs=0.5)
    erlang = plan.beside["erlang_a"].heads["desk"]
    needed_a = plan.by_queue["erlang_a"].to_numpy()
    assert (np.array(erlang) * 0.8 >= needed_a - 1e-9).all()
    assert (np.array(erlang) * 0.8 < needed_a + 0.8).all()


def test_a_roster_by_person_gives_way_to_a_plan(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("person,from,to\nAnn,09:00,11:00\n")
    text = DESK.replace("agents: 5, ", "") + "roster: r.csv\n"
    day = loads(text, "day.yaml", tmp_path)
    planned = with_rosters(day, {"desk": {"agents": 3}})
    assert planned.teams["desk"].agents == 3
    assert planned.roster is None


def test_a_line_has_the_paid_hours_and_the_cost_of_all_its_agents() -> None:
    """Three agents from 9 to half past 10, with a break of 15 minutes that is not paid, at 20 an hour."""
    template = {"team": "desk", "from": "09:00", "lasts": "90m", "breaks": [{"after": "30m", "for": "15m"}]}
    (line,) = Choices.of(desk(staffing__shifts=[template])).lines(np.array([3]))
    assert line == ShiftLine("desk", "09:00", "10:30", "09:30-09:45", 3, 3 * 1.25, 3 * 1.25 * 20)


def test_who_gives_no_bounds_may_have_nobody_and_any_number() -> None:
    choices = Choices.of(desk())
    assert choices.least.tolist() == [[0.0] * 4]
    assert choices.most.tolist() == [[np.inf] * 4]
    bounded = Choices.of(desk(staffing__teams={"desk": {"min": 2, "max": 7}}))
    assert (bounded.least.tolist(), bounded.most.tolist()) == ([[2.0] * 4], [[7.0] * 4])


@pytest.mark.parametrize(
    ("lasts", "missing"),
    [("75m", ""), ("74m", "no shift covers 10:00 to 10:30, "), ("60m", "no shift covers 10:00 to 10:30, ")],
)
def test_a_shift_covers_an_interval_in_which_it_is_there_for_half_of_it(lasts: str, missing: str) -> None:
    """Contacts come until half past ten, but for half past nine to ten."""
    day = desk(
        arrivals__0__per_hour=[40, 0, 60, 0],
        staffing__shifts=[{"team": "desk", "from": "09:00", "lasts": lasts}],
    )
    if not missing:
        require_cover(Choices.of(day))
        return
    with pytest.raises(SimError, match=missing):
        require_cover(Choices.of(day))
