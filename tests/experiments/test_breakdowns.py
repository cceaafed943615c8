"""A run by half hour, day, label and team, against numbers counted by hand."""

from datetime import UTC, datetime

import pytest
from metrics.by_hand import NAN, TEXT, request, stay, tables, task

import sim
from sim.experiments.breakdowns import broken_down
from sim.metrics import Figures
from sim.metrics.measures import measure
from sim.report.breakdowns import tables_of

LABELLED = sim.loads(f"{TEXT}labels: {{vip: {{}}}}\n")
DAYS = sim.loads(TEXT.replace("lasts: 1h", "lasts: 48h").replace("interval: 30m", "interval: 12h"))
H = 3600.0


def result(scenario: sim.Scenario, by_team: bool = False, horizon_s: float = H, **rows: object) -> sim.Result:
    """A result of one replication with these rows."""
    folded = Figures()
    folded.fold(measure(tables(horizon_s, **rows), scenario, by_team=by_team))  # type: ignore[arg-type]
    return sim.Result(
        scenario=scenario, seed=1, asked=1, folded=folded, kept=(), keep_tables="none", events_kept=False,
        started=datetime(2026, 3, 2, tzinfo=UTC), seconds=0.0,
    )  # fmt: skip


def test_a_half_hour_has_its_requests_and_the_agents_of_the_teams_that_serve_the_queue() -> None:
    states = [
        stay("READY", 0, 1800),
        stay("READY", 900, 1800, agent="front-2"),
        stay("READY", 0, 3600, agent="back-1", team="back"),
    ]
    rows = [request(wait=10.0), request("abandoned", 40.0), request(wait=30.0, at=100.0, queue="billing")]
    found = result(LABELLED, requests=rows, agent_states=states, tasks=[task(0.0, 300.0, 540.0)]).by(
        "interval"
    )
    first = found[(found["queue"] == "general") & (found["interval"] == "08:00")].iloc[0]
    assert (first["offered"], first["answered"], first["abandoned"]) == (2, 1, 1)
    assert first["service_level"] == 0.5
    assert first["asa"] == 10.0
    assert (
        first["agents_there"] == 1.5
    )  # one for the whole of it, one for half; the other team does not serve it
    assert first["occupancy"] == pytest.approx(540 / 2700)
    whole = found[(found["queue"] == "") & (found["interval"] == "08:00")].iloc[0]
    assert (whole["offered"], whole["agents_there"]) == (3, 2.5)
    assert whole["occupancy"] == pytest.approx(540 / 4500)


def test_days_are_told_apart_at_midnight_and_what_comes_later_is_of_the_last() -> None:
    rows = [request(at=at * H) for at in (0.0, 15.9, 16.0, 39.9, 40.0, 49.0)]
    found = result(DAYS, horizon_s=50 * H, requests=rows).by("day")
    general = found[found["queue"] == "general"]
    assert dict(zip(general["day"], general["offered"], strict=True)) == {
        "2026-03-02": 2, "2026-03-03": 2, "2026-03-04": 2,
    }  # fmt: skip


def test_agents_time_is_cut_at_midnight() -> None:
    states = [stay("READY", 10 * H, 20 * H)]
    found = result(DAYS, horizon_s=48 * H, agent_states=states, tasks=[task(15 * H, NAN, 18 * H)])
    assert found.figure("occupancy", day="2026-03-02").value == pytest.approx(1 / 6)
    assert found.figure("occupancy", day="2026-03-03").value == pytest.approx(2 / 4)


def test_by_label_and_by_team() -> None:
    rows = [request(wait=10.0, label="vip"), request(wait=30.0), request(wait=50.0, queue="hotline")]
    found = result(LABELLED, by_team=True, requests=rows)
    (vip,) = found.by("label").query("queue == 'general'").to_dict("records")
    assert (vip["label"], vip["offered"], vip["asa"]) == ("vip", 1, 10.0)
    teams = found.by("team").query("team == 'front'")
    assert list(teams["queue"]) == ["", "general", "hotline"]
    assert list(teams["answered"]) == [3, 2, 1]
    assert list(teams["asa"]) == [30.0, 20.0, 50.0]
    assert list(result(LABELLED, requests=rows).by("team").query("team == 'front'")["queue"]) == [""]


def test_figures_have_no_rows_of_team_and_queue_unless_asked_for() -> None:
    frame = result(LABELLED, requests=[request()]).figures
    assert not ((frame["queue"] != "") & (frame["team"] != "")).any()


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("day", "lasts 1 h, and days are told apart beyond 24 h"),
        ("label", "has no `labels`"),
        ("intervals", "no breakdown `intervals`; did you mean `interval`"),
    ],
)
def test_what_there_is_not_is_said(by: str, said: str) -> None:
    with pytest.raises(sim.SimError, match=said):
        broken_down(result(sim.loads(TEXT), requests=[request()]), by)


def test_the_tables_have_a_row_a_half_hour_and_name_what_is_later() -> None:
    made = tables_of(result(LABELLED, horizon_s=2 * H, requests=[request(), request(at=3700.0)]), "interval")
    assert [one.caption for one in made] == ["By interval, general", "By interval, all queues"]
    assert [row.label for row in made[0].rows] == ["08:00", "09:00 and later"]
