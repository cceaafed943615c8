"""The page of a plan, its picture, and what the terminal and programs are told."""

import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.report import plots
from sim.report.plots.required import rows_of
from sim.report.staff import shifts_of, staff_json, staff_text
from sim.staffing.plan import Plan

DAY = """\
name: Desk <b>
opens: 2026-03-02 09:00
lasts: 2h
interval: 30m
seed: 3
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales: {medium: voice, handle_time: {exponential: {mean: 4m}}, patience: 4m,
          service_level: {within: 20s, target: 80%}}
teams:
  desk: {agents: 5, skills: {sales: 5}, cost_per_hour: 20}
arrivals:
  - {channel: phone, queue: sales, per_hour: [40, 60, 60, 30], every: 30m}
staffing:
  shifts:
    - {team: desk, lasts: 90m, breaks: [{after: 30m, for: 15m}]}
    - {team: desk, lasts: 1h, premium: 10%}
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sim.staff(sim.loads(DAY), days=6, check=10, jobs=1)


@pytest.mark.slow
def test_no_line_of_the_terminal_is_longer_than_asked(plan: Plan) -> None:
    text = staff_text(plan, 80)
    assert max(map(len, text.splitlines())) <= 80
    assert f"{plan.cost:,.0f} a day" in text
    assert "Erlang C" in text


@pytest.mark.slow
def test_json_has_what_programs_need(plan: Plan) -> None:
    told = json.loads(staff_json(plan))
    assert told["cost"] == plan.cost
    assert told["verdict"] == str(plan.verdict)
    assert {"metric", "queue", "team", "interval", "value", "low", "high", "verdict", "days_on_target"} <= {
        *told["goals"][0]
    }
    assert list(told["heads"]) == ["desk"]
    assert len(told["heads"]["desk"]) == 4
    assert {*told["beside"]} == {"erlang_c", "erlang_a"}
    assert {*told["spent"]} == {"days", "cpu_s"}
    assert sum(one["cost"] for one in told["shifts"]) == pytest.approx(plan.cost)


@pytest.mark.slow
def test_the_shifts_can_be_pasted_into_a_scenario(plan: Plan) -> None:
    pasted = [
        {key: value for key, value in one.items() if key not in ("team", "paid_h", "cost")}
        for one in shifts_of(plan)
    ]
    again = sim.loads(DAY).set(
        {"teams.desk": {"skills": {"sales": 5}, "cost_per_hour": 20, "shifts": pasted}}
    )
    assert {*again.teams["desk"].shifts} == {*plan.scenario.teams["desk"].shifts}
    lines = [(line.start, line.end, line.agents, line.cost) for line in plan.shifts]
    assert [(one["from"], one["to"], one["agents"], one["cost"]) for one in shifts_of(plan)] == lines


def test_the_picture_shows_the_numbers_of_the_table(plan: Plan) -> None:
    required, scheduled, busy = rows_of(plan, "desk")
    assert scheduled.tolist() == pytest.approx(list(plan.heads["desk"]))
    assert (busy <= scheduled + 1e-9).all()
    ax = plots.requirement(plan, "desk")
    assert ax.get_title(loc="left") == "Required and scheduled, desk (number)"
    tops = [np.asarray(patch.get_data().values) for patch in ax.patches]
    assert any(np.array_equal(one, required) for one in tops)
    assert any(np.array_equal(one, np.minimum(required, scheduled)) for one in tops)


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_the_page_escapes_and_shows_the_plan(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "plan")
    page = (sim.open(tmp_path / "plan").report(tmp_path / "page.html")).read_text(encoding="utf-8")  # type: ignore[union-attr]
    assert "Desk &lt;b&gt;" in page
    assert "Desk <b>" not in page
    assert "Required and scheduled, desk" in page
    assert "Erlang A" in page


@pytest.mark.slow
def test_the_command_keeps_a_plan_and_ends_by_its_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "day.yaml").write_text(DAY, encoding="utf-8")
    folder = tmp_path / "plan"
    command = ["staff", str(tmp_path / "day.yaml"), "--days", "4", "--check", "6", "--jobs", "1"]
    code = main([*command, "--at-most-days", "60", "-o", str(folder)])
    found = sim.open(folder)
    assert isinstance(found, Plan)
    assert code == found.exit_code
    assert f"Plan in {folder}" in capsys.readouterr().out
    assert main([*command, "--continue", "-o", str(folder), "--format", "json"]) in (0, 1, 3)
    assert json.loads(capsys.readouterr().out)["path"][0]["cost"] == pytest.approx(found.cost)
    assert main(["run", str(folder / "plan.yaml"), "--replications", "2", "-o", str(tmp_path / "run")]) == 0
    run, planned = sim.open(tmp_path / "run"), sim.open(folder)
    assert isinstance(run, sim.Result)
    assert isinstance(planned, Plan)
    assert run.scenario.teams == planned.scenario.teams


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ("staffing.teams={desk: {max: 2}}", 1, "even with max (desk 2)"),
        ("staffing.shifts=[{team: desk, from: \"09:00\", lasts: 1h}]", 2, "no shift covers 10:00 to 11:00"),
        ("staffing.goals=[{metric: service_levl, at_least: 80%}]", 2, "did you mean `service_level`?"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_one_line(
    change: str, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "day.yaml").write_text(DAY, encoding="utf-8")
    assert main(["staff", str(tmp_path / "day.yaml"), "--set", change, "--jobs", "1"]) == code
    error = capsys.readouterr().err.strip()
    assert said in error
    assert len(error.splitlines()) == 1
