"""From a simulated log back to its scenario, and a backtest that knows what it is told."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.logs.log import calls_of
from sim.logs.prediction import prediction_interval
from sim.records import Recorder

CENTRE = """\
name: Two desks
opens: 2026-03-02 09:00
lasts: 6h
seed: 8
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
routing: {agent_selection: longest_available, request_selection: longest_waiting}
queues:
  sales:
    medium: voice
    service_level: {within: 20s, target: 80%}
    handle_time: {gamma: {mean: 4m, sd: 2m}}
    patience: {exponential: {mean: 3m}}
  support:
    medium: voice
    service_level: {within: 20s, target: 80%}
    handle_time: {lognormal: {mean: 6m, sd: 4m}}
    patience: {exponential: {mean: 5m}}
teams:
  sellers: {agents: 8, skills: {sales: 1}, wrap_up: 20s}
  helpers: {agents: 9, skills: {support: 1}, wrap_up: 20s}
arrivals:
  - {channel: phone, queue: sales, per_hour: 110, busyness: {sd: 10%}}
  - {channel: phone, queue: support, per_hour: 75}
"""


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three weeks of simulated weekdays as a plain table."""
    scenario = sim.loads(CENTRE)
    days = []
    for number, day in enumerate(pd.bdate_range("2026-03-02", periods=15)):
        records = sim.simulate(
            scenario, sim.draw(scenario, number), Recorder(scenario, ("requests", "tasks", "conversations"))
        )
        days.append(calls_of(records, day + pd.Timedelta(hours=9)))
    table = pd.concat(days)
    path = tmp_path_factory.mktemp("log") / "calls.csv"
    columns = {
        "queue": "queue",
        "offered_at": "start",
        "answered_at": "answered",
        "ended_at": "end",
        "agent": "agent",
    }
    table[list(columns)].rename(columns=columns).to_csv(path, index=False, date_format="%Y-%m-%d %H:%M:%S.%f")
    return path


@pytest.fixture(scope="module")
def folder(log_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("fitted") / "centre"
    sim.calibrate(log_file, out=out, to="2026-03-13")
    return out


@pytest.mark.slow
def test_the_scenario_comes_back(folder: Path) -> None:
    fitted = sim.load(folder / "scenario.yaml")
    origin = sim.loads(CENTRE)
    assert (fitted.opens_at, fitted.lasts) == (origin.opens_at, origin.lasts)
    for name, queue in origin.queues.items():
        assert fitted.queues[name].handle_time.mean == pytest.approx(queue.handle_time.mean, rel=0.05)
        assert type(fitted.queues[name].handle_time) is type(queue.handle_time)
        assert fitted.queues[name].patience.mean == pytest.approx(queue.patience.mean, rel=0.25)
    for stream, per_hour in zip(fitted.arrivals, (110, 75), strict=True):
        assert np.mean(stream.per_hour) == pytest.approx(per_hour, rel=0.08)
    assert {frozenset(team.skills) for team in fitted.teams.values()} == {
        frozenset({"sales"}),
        frozenset({"support"}),
    }
    heads = {next(iter(team.skills)): team.head_count.agents for team in fitted.teams.values()}
    assert np.mean(heads["sales"]) == pytest.approx(8, abs=0.6)
    assert np.mean(heads["support"]) == pytest.approx(9, abs=1.2)
    assert (str(fitted.fitted.from_), str(fitted.fitted.to)) == ("2026-03-02", "2026-03-13")


@pytest.mark.slow
def test_every_number_says_where_it_comes_from(folder: Path) -> None:
    text = (folder / "scenario.yaml").read_text()
    said = ("durations, mean", "answered first (censored)", "is not it", "a lower bound", "agents in the log")
    for words in said:
        assert words in " ".join(text.split()).replace("# ", "")


@pytest.mark.slow
def test_days_that_were_fitted_are_refused(folder: Path, log_file: Path) -> None:
    scenario = sim.load(folder / "scenario.yaml")
    with pytest.raises(
        sim.SimError, match=r"was fitted on 2026-03-02 to 2026-03-13 of this log.*--same-period"
    ):
        sim.backtest(scenario, log_file, from_="2026-03-10")
    with pytest.raises(sim.SimError, match="to: `soon` is not a date"):
        sim.backtest(scenario, log_file, to="soon")
    other = sim.loads(CENTRE.replace("sales", "sails"))
    with pytest.raises(sim.SimError, match=r"calls.csv: no contact lies within the hours"):
        sim.backtest(other.set("opens", "2026-03-02 01:00").set("lasts", "1h"), log_file)


@pytest.mark.slow
def test_the_other_days_of_the_log_are_tested_where_none_are_named(folder: Path, log_file: Path) -> None:
    """The log has 2 to 20 March, fitted were 2 to 13; fitted on the last week, the two weeks before are left."""
    scenario = sim.load(folder / "scenario.yaml")
    after = sim.backtest(scenario, log_file, replications=2, jobs=1)
    assert (after.days[0], after.days[-1], len(after.days)) == ("2026-03-16", "2026-03-20", 5)
    late = scenario.set("fitted.from", "2026-03-16").set("fitted.to", "2026-03-20")
    before = sim.backtest(late, log_file, replications=2, jobs=1)
    assert (before.days[0], before.days[-1], len(before.days)) == ("2026-03-02", "2026-03-13", 10)
    whole = scenario.set("fitted.to", "2026-03-20")
    with pytest.raises(sim.SimError, match=r"was fitted on 2026-03-02 to 2026-03-20 of this log"):
        sim.backtest(whole, log_file, replications=2, jobs=1)


@pytest.mark.slow
def test_a_right_model_is_explained_and_a_wrong_one_is_not(folder: Path, log_file: Path) -> None:
    """The week after: as the model has it; then with two sellers fewer than there were."""
    scenario = sim.load(folder / "scenario.yaml")
    right = sim.backtest(scenario, log_file, from_="2026-03-16", jobs=1)
    whole = right.rows.query("queue == '' and day == '' and interval == '' and demand == 'actual'").set_index(
        "metric"
    )
    assert whole.loc["offered", "observed"] == pytest.approx(whole.loc["offered", "simulated"])
    assert whole.loc["service_level", "verdict"] == "explained"
    assert whole.loc["abandon_rate", "verdict"] == "explained"
    assert right.coverage["offered"] > 0.85
    assert not right.in_sample
    sellers = next(name for name, team in scenario.teams.items() if "sales" in team.skills)
    heads = scenario.teams[sellers].head_count.agents
    fewer = scenario.set(f"teams.{sellers}.head_count.agents", [max(1, one - 3) for one in heads])
    wrong = sim.backtest(fewer, log_file, from_="2026-03-16", jobs=1)
    row = wrong.rows.query(
        "queue == 'sales' and day == '' and interval == '' and demand == 'actual'"
    ).set_index("metric")
    assert row.loc["service_level", "verdict"].startswith("not explained: service was better")
    assert "not explained" in wrong.verdict


def test_a_folder_with_a_scenario_is_refused_before_the_log_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "week.yaml").touch()
    assert main(["calibrate", str(tmp_path / "no.csv"), "-o", str(tmp_path)]) == 2
    said = "week.yaml: is there already and stays as it is; name another folder\n"
    assert capsys.readouterr().err == f"{tmp_path}/{said}"


@pytest.mark.slow
def test_the_commands_print_and_hand_on(
    folder: Path,
    log_file: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = tmp_path / "fitted"
    assert main(["calibrate", str(log_file), "-o", str(out), "--to", "2026-03-13"]) == 0
    printed = capsys.readouterr().out
    assert max(len(line) for line in printed.splitlines() if str(out) not in line) <= 80
    assert "10 ordinary days" in printed
    assert (out / "scenario.yaml").read_text() == (folder / "scenario.yaml").read_text()
    assert main(["calibrate", str(log_file), "-o", str(out)]) == 2
    assert "is there already and stays as it is" in capsys.readouterr().err
    asked = [
        "backtest",
        str(out / "scenario.yaml"),
        str(log_file),
        "--from",
        "2026-03-20",
        "--replications",
        "2",
        "--jobs",
        "1",
    ]
    assert main([*asked, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"rows", "coverage", "width", "verdict", "in_sample"} <= set(found)
    assert set(found["rows"][0]) == {
        "queue", "day", "interval", "metric", "demand", "observed", "simulated", "low", "high", "verdict",
    }  # fmt: skip
    assert {row["demand"] for row in found["rows"]} == {"actual", "modelled"}
    assert main(asked) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    assert "95 % prediction interval" in " ".join(printed.split())
    assert main([*asked, "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("queue,day,interval,metric,demand,")


def test_a_prediction_interval_holds_one_more_value() -> None:
    """Of 39 values the smallest and the largest, whatever their law; of 5 what Student's t says."""
    values = np.random.default_rng(1).exponential(size=(39, 4000))
    low, high = prediction_interval(values)
    assert low.tolist() == values.min(axis=0).tolist()
    assert high.tolist() == values.max(axis=0).tolist()
    more = np.random.default_rng(2).exponential(size=4000)
    assert ((low <= more) & (more <= high)).mean() == pytest.approx(0.95, abs=0.012)
    few = np.random.default_rng(3).normal(size=(5, 4000))
    low, high = prediction_interval(few)
    more = np.random.default_rng(4).normal(size=4000)
    assert ((low <= more) & (more <= high)).mean() == pytest.approx(0.95, abs=0.012)


@pytest.mark.slow
def test_the_real_log_is_predicted_out_of_sample(
    log_file_of_vanad: Callable[[], Path], tmp_path: Path
) -> None:
    """Three weeks fitted, the fourth tested on its actual volumes: service within 5 points, abandonment within 1.5."""
    path = log_file_of_vanad()
    sim.calibrate(path, "vanad", tmp_path / "fitted", to="2014-03-21")
    scenario = sim.load(tmp_path / "fitted" / "scenario.yaml")
    found = sim.backtest(scenario, path, "vanad", from_="2014-03-22", to="2014-03-28", replications=5)
    rows = found.rows.query("day == '' and interval == ''")
    print(rows.query("metric in ('offered', 'service_level', 'abandon_rate')").to_string())
    whole = rows.query("queue == '' and demand == 'actual'").set_index("metric")
    apart = (whole["observed"] - whole["simulated"]).abs()
    assert apart["service_level"] < 0.05
    assert apart["abandon_rate"] < 0.015
    assert 0.85 <= found.coverage["offered"] <= 0.99


@pytest.mark.slow
def test_consults_are_told_with_their_share_and_moment(tmp_path: Path) -> None:
    """Every third answered contact is given one after 40 % of its handle time."""
    log = pd.read_csv(
        Path(__file__).parents[2] / "notebooks" / "synthetic_log.csv.gz",
        parse_dates=["answered_at", "ended_at"],
    )
    taken = log.index[log["answered_at"].notna()]
    called = taken[::3]
    log["consult_at"] = log["answered_at"] + 0.4 * (log["ended_at"] - log["answered_at"])
    log.loc[~log.index.isin(called), "consult_at"] = pd.NaT
    log.to_csv(tmp_path / "log.csv", index=False)
    (queue,) = sim.calibrate(tmp_path / "log.csv", out=tmp_path / "fitted").queues
    assert queue.consult is not None
    assert queue.consult.rows == len(taken)
    assert queue.consult.share == pytest.approx(1 / 3, abs=0.001)
    assert queue.consult.after == pytest.approx(0.4, abs=0.001)
    text = " ".join((tmp_path / "fitted" / "scenario.yaml").read_text().replace("#", "").split())
    assert "answered called in a second agent, 95 % interval" in text
    assert "after 40% of the handle time; the log has neither whom nor for how long" in text
    assert sim.open(tmp_path / "fitted").queues[0].consult == queue.consult


@pytest.mark.slow
def test_searches_for_a_further_agent_that_nobody_asked_for_are_counted_and_told(tmp_path: Path) -> None:
    """Without the numbers of conversations nobody can tell who asked, and no conference is written."""
    desk = sim.load(Path(__file__).parents[2] / "scenarios" / "conference_desk.yaml")
    result = sim.run(desk, replications=2, keep_tables="all", jobs=1)
    (path, *_) = sim.export(result, "csv", tmp_path)
    pd.read_csv(path).drop(columns="conversation").to_csv(path, index=False)
    found = sim.calibrate(path, out=tmp_path / "fitted")
    assert found.called_in == (result.requests["kind"] == "conference").sum()  # those after closing too
    text = " ".join((tmp_path / "fitted" / "scenario.yaml").read_text().replace("#", "").split())
    assert (
        f"{found.called_in:,} searches for a further agent (kind `conference` or `consult`) belong to no"
        in text
    )
    assert "conference:" not in text


@pytest.mark.slow
def test_who_comes_again_is_no_arrival_and_is_not_there_twice(tmp_path: Path) -> None:
    """Every fourth of those who left before 16:00 calls again ten minutes later, and leaves again."""
    log = pd.read_csv(Path(__file__).parents[2] / "notebooks" / "synthetic_log.csv.gz")
    log["customer"] = [f"c{number}" for number in range(len(log))]
    left = log[log["answered_at"].isna() & (log["offered_at"].str[11:13] < "16")].iloc[::4]
    after = pd.to_datetime(left["ended_at"]) + pd.Timedelta(minutes=10)
    again = left.assign(
        offered_at=after.astype("str"),
        ended_at=(after + pd.Timedelta(seconds=20)).astype("str"),
        contact_id=left.index + 10**6,
    )
    both = pd.concat([log, again])
    for name, rows in (("log", log), ("both", both)):
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
    plain = sim.calibrate(tmp_path / "log.csv", to="2026-03-12")
    found = sim.calibrate(tmp_path / "both.csv", to="2026-03-12", out=tmp_path / "fitted")
    assert plain.returns is None
    assert found.returns is not None
    known = again["offered_at"].lt("2026-03-13").sum()
    assert found.returns.share * found.returns.rows == pytest.approx(known)
    assert found.returns.after.mean == pytest.approx(600, abs=1)
    assert found.expected == pytest.approx(plain.expected)
    scenario = sim.load(tmp_path / "fitted" / "scenario.yaml")
    tested = sim.backtest(scenario, tmp_path / "both.csv", from_="2026-03-13", replications=2, jobs=1)
    offered = tested.rows.query(
        "metric == 'offered' and demand == 'actual' and queue == '' and interval == ''"
    )
    assert offered["simulated"].tolist() == offered["observed"].tolist()
