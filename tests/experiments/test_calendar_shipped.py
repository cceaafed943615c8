"""The shipped week: a roster by person, Saturdays, a holiday and a clock change, counted by hand."""

from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.engine import simulate
from sim.scenario import Scenario, load, notes
from sim.workload import draw

WEEK = Path(__file__).parents[2] / "scenarios" / "week.yaml"

OFFERED = {
    "2026-03-28": 112, "2026-03-29": 34,  # 18+26+30+24+14 on a Saturday, 8+10+10+6 on a Sunday
    "2026-03-30": 492, "2026-03-31": 492, "2026-04-01": 492, "2026-04-02": 492,
    "2026-04-04": 112, "2026-04-05": 34,
}  # fmt: skip
"""By the rows of the forecast; Good Friday, with 404 of them, is closed."""

EARLY, LATE = range(16, 32), range(24, 40)
"""Half hours from midnight: three from 08:00 to 16:00, and three from 12:00 to 20:00."""
WEEKDAY = {
    half: 3 * (half in EARLY) + 3 * (half in LATE)
    - (half in (23, 25, 27))  # Ada's, Ben's and Cem's lunch at 11:30, 12:30 and 13:30
    - (half in (31, 33, 35))  # Dora's, Emil's and Fatma's break at 15:30, 16:30 and 17:30
    for half in range(16, 40)
}  # fmt: skip
SATURDAY = {17: 1, 18: 2, 19: 2, 20: 2, 21: 2, 22: 1, 23: 2, 24: 2, 25: 2, 26: 2, 27: 2}
"""Gil from 08:30 on, Hanna from 09:00 on with a meeting at 11:00."""
SUNDAY = dict.fromkeys(range(20, 28), 1)
THERE = {
    day: SUNDAY if offered == 34 else SATURDAY if offered == 112 else WEEKDAY
    for day, offered in OFFERED.items()
}


@pytest.fixture(scope="module")
def week() -> Scenario:
    return load(WEEK)


def clock(half: int) -> str:
    return f"{half // 2:02d}:{half % 2 * 30:02d}"


def test_contacts_of_each_date_are_those_of_the_forecast(week: Scenario) -> None:
    expected = {day.name: day.scenario.arrivals[0].volume_within(0) for day in week.days}
    assert expected == pytest.approx(OFFERED)
    assert "404 contacts of `phone/hotline` are given outside the opening hours and do not arrive" in notes(
        week
    )


def test_agents_of_each_half_hour_are_those_of_the_roster(week: Scenario) -> None:
    quiet = sim.run(week.set({"arrivals.0.volume_factor": 0, "targets": []}), 1, jobs=1)
    for day, there in THERE.items():
        found = {
            half: quiet.figure("agents_there", team="desk", day=day, interval=clock(half)).value
            for half in there
        }
        assert found == pytest.approx(there), day
    # 28 an hour: 24 half days of 8 h in four weekdays, two Saturdays of 10.5 h, two Sundays of 4 h.
    assert quiet.figure("cost").value == pytest.approx(28 * (24 * 8 + 2 * 10.5 + 2 * 4))
    assert quiet.figure("cost", day="2026-03-30").value == pytest.approx(28 * 48)


@pytest.mark.parametrize("weeks", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_what_is_offered_is_what_is_expected(week: Scenario, weeks: int) -> None:
    found = sim.run(week.set("arrivals.0.busyness", None), weeks, jobs=1)
    for day, expected in OFFERED.items():
        figure = found.figure("offered", queue="hotline", day=day)
        half = 4 * (expected / weeks) ** 0.5  # four standard errors of a Poisson count
        assert abs(figure.value - expected) < half, day
    assert abs(found.figure("offered").value - 2260) < 4 * (2260 / weeks) ** 0.5
    assert (
        abs(found.figure("offered", day="2026-03-30", interval="09:00").value - 20) < 4 * (20 / weeks) ** 0.5
    )


def test_sunday_opens_nine_hours_after_its_midnight(week: Scenario) -> None:
    sunday = week.days[1]
    assert (sunday.name, sunday.length_s, sunday.opens_s) == ("2026-03-29", 23 * 3600, 9 * 3600)
    records = simulate(week, draw(week, 0))
    logged_in = records.agent_states.query("agent == 'Gil' and started_at > 86400")["started_at"].min()
    assert logged_in == 86400 + 9 * 3600
    assert {"Ada", "Ben", "Cem", "Dora", "Emil", "Fatma", "Gil", "Hanna"} == {*records.agent_states["agent"]}


@pytest.mark.slow
@pytest.mark.parametrize("replications", [1, 3])
def test_two_processes_write_what_one_writes(
    replications: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of one replication the dates are spread over processes, of several the replications."""
    written = {}
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        how = [
            "--replications",
            str(replications),
            "--jobs",
            jobs,
            "--tables",
            "all",
            "--events",
            "--out",
            str(out),
        ]
        assert main(["run", str(WEEK), *how]) == 0
        written[jobs] = {one.name: one.read_bytes() for one in out.iterdir() if one.name != "manifest.json"}
        written[jobs]["printed"] = capsys.readouterr().out.replace(str(out), "").encode()
    assert {"requests.csv.gz", "agent_states.csv.gz", "printed"} <= {*written["1"]}
    assert written["1"] == written["2"]
