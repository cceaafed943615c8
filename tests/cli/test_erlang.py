"""`sim erlang`: alone, and beside a scenario."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main

ASKED = ["--rate", "100/h", "--handle", "300s", "--agents", "10", "--patience", "180s"]


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def path(scenario_file: Callable[..., Path]) -> str:
    return str(scenario_file())


def test_a_question_is_answered_with_a_table_around_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erlang", *ASKED]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "100 contacts an hour of 300 s each, patience 180 s: a load of 8.33 Erlang" in out
    assert "Erlang C 12, Erlang A 11, square-root rule 12" in " ".join(out.split())
    (line,) = [line for line in out.splitlines() if line.startswith("10 *")]
    assert line.split()[2:] == ["83.3", "13.7", "48.8", "56.4", "87.8", "29.4", "77.2", "7.6", "11.3"]
    assert "no end" in out
    assert max(map(len, out.splitlines())) <= 80


def test_programs_read_the_same_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erlang", *ASKED, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["least"] == {"Erlang C": 12, "Erlang A": 11, "square-root rule": 12}
    assert found["rows"][0]["asa_c"] is None
    assert main(["erlang", *ASKED, "--format", "csv"]) == 0
    table = pd.read_csv(StringIO(capsys.readouterr().out))
    assert table["agents"].tolist() == [row["agents"] for row in found["rows"]]
    assert main(["erlang", *ASKED[:4], "--format", "json"]) == 0
    assert "Erlang A" not in json.loads(capsys.readouterr().out)["least"]


def test_beside_a_scenario_with_the_reasons(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erlang", path, "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "Erlang's formulas beside the simulation, 3 replications, seed 3" in out
    assert "in 20 s, %" in out
    assert "30% are transferred on" in out
    assert "nobody asks for it first" in out
    assert "interval by interval" not in out
    assert "calls: agents there, and needed for 80 % in 20 s" in " ".join(out.split())


def test_one_queue_interval_by_interval(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erlang", path, "--jobs", "1", "--queue", "calls", "--set", "interval=15m"]) == 0
    out = capsys.readouterr().out
    assert "calls: by formula and simulated, interval by interval" in out
    quarter, _ = [line for line in out.splitlines() if line.startswith("09:45")]
    assert quarter.split()[1:5] == ["15.0", "200.0", "3.3", "3.0"]
    assert "experts" not in out
    assert main(["erlang", path, "--jobs", "1", "--queue", "calls", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["interval"] for row in found["figures"]] == ["", "09:00", "09:30"]
    assert {"transfers", "wrap-up"} <= {reason["topic"] for reason in found["reasons"]}
    assert main(["erlang", path, "--jobs", "1", "--format", "csv"]) == 0
    table = pd.read_csv(StringIO(capsys.readouterr().out))
    assert list(table.columns) == [
        "queue",
        "interval",
        "offered",
        "aht_s",
        "load_erlang",
        "agents",
        "gross",
        "needed_c",
        "needed_a",
        "service_level_c",
        "service_level_a",
        "asa_c_s",
        "asa_a_s",
        "abandon_rate_a",
        "occupancy",
    ]
    assert list(table["interval"]) == ["09:00", "09:30"] * 2
    assert [row["interval"] for row in found["rows"]] == ["09:00", "09:30"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give a scenario file, or --rate and --handle"),
        (["--rate", "soon", "--handle", "5m"], "`soon` is no rate; write 100/h"),
        (["--rate", "100/h", "--handle", "ages"], "--handle: `ages` is not a duration"),
        (["--rate", "100/h", "--handle", "0"], "handle time must be above 0"),
        (["--rate", "100/h", "--handle", "5m", "--target", "150%"], "target must lie between"),
        (["--rate", "100/h", "--handle", "5m", "--queue", "x"], "--queue cannot be used without FILE"),
        (["nowhere.yaml", "--rate", "100/h"], "--rate cannot be used with FILE"),
        (["--rate", "100/h", "--handle", "5m", "--target", "120%"], "not be 120%"),
        (["nowhere.yaml"], "there is no such file"),
        (["--rate", "100/h", "--handle", "5m", "--shrinkage", "lots"], "--shrinkage: `lots` is not a share"),
        (["--rate", "100/h", "--handle", "5m", "--max-occupancy", "120%"], "not be 120%"),
    ],
)
def test_mistakes_are_one_clear_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["erlang", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert len(err.splitlines()) == 1


def test_an_unknown_queue_is_told_with_the_nearest(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erlang", path, "--queue", "cals"]) == 2
    assert capsys.readouterr().err == "no queue `cals`; did you mean `calls`?\n"


def test_a_service_level_that_is_asked_for_takes_the_place_of_the_queues_own(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    day = path

    def service(*words: str) -> list[tuple[float, float]]:
        assert main(["erlang", day, "--replications", "1", "--format", "json", *words]) == 0
        rows = json.loads(capsys.readouterr().out)["rows"]
        return [(row["service_level_c"], row["needed_c"]) for row in rows]

    own, long, sure = service(), service("--within", "10m"), service("--target", "99%")
    assert own != long
    assert all(a[0] <= b[0] for a, b in zip(own, long, strict=True) if a[0] is not None and b[0] is not None)
    assert sum(row[1] or 0 for row in sure) > sum(row[1] or 0 for row in own)


def test_a_threshold_that_is_none_is_one_line_with_a_file(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["erlang", path, "--within", "soon"]) == 2
    err = capsys.readouterr().err
    assert err.splitlines() == ["--within: `soon` is not a duration; write 90 (seconds), 90s, 5m, 1.5h or 2d"]


def test_shrinkage_and_occupancy_in_the_table(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [
        "erlang",
        path,
        "--jobs",
        "1",
        "--queue",
        "calls",
        "--shrinkage",
        "25%",
        "--max-occupancy",
        "50%",
    ]
    assert main(asked) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "and at most 50 % busy" in " ".join(out.split())
    half = next(line for line in out.splitlines() if line.startswith("09:30"))
    contacts, handle, load, there, needed_c, needed_a, busy, gross, gross_c, gross_a = map(
        float, half.split()[1:]
    )
    assert gross == pytest.approx(there / 0.75)
    assert gross_c == pytest.approx(needed_c / 0.75, abs=0.06)
    assert needed_c >= contacts * handle / 1800 / 0.5
    assert needed_a <= needed_c
    assert gross_a <= gross_c
    assert busy == pytest.approx(min(100.0, load / there * 100), abs=2)
    assert main(["erlang", "--rate", "100/30min", "--handle", "3m", "--shrinkage", "30%"]) == 0
    assert "To be scheduled with a shrinkage of 30 %: Erlang C 20.0" in capsys.readouterr().out


def test_a_backlog_that_grows_is_told_beside_the_formulas(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One agent writes six of ten mails an hour; what waits hours is named in hours."""
    path = tmp_path / "mails.yaml"
    path.write_text(
        "lasts: 8h\nreplications: 6\nmedia: {mail: {max_tasks: 1}}\nchannels: {mail: {medium: mail}}\n"
        "queues: {mails: {medium: mail, handle_time: 10m, service_level: {within: 2d, target: 90%}}}\n"
        "teams: {desk: {agents: 1, skills: {mails: 1}}}\n"
        "arrivals: [{channel: mail, queue: mails, per_hour: 10}]\n",
        encoding="utf-8",
    )
    assert main(["erlang", str(path), "--jobs", "1"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Simulated, mails: the backlog at closing grows by about " in said
    assert "in 48 h, %" in said
    assert main(["erlang", str(path), "--jobs", "1", "--format", "json"]) == 0
    (grows,) = json.loads(capsys.readouterr().out)["growing"]
    assert grows["queue"] == "mails"
    assert 0 < grows["low"] < grows["slope"] < grows["high"]


def test_a_day_that_begins_at_one_by_the_clock_has_the_other_hours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In Santiago the clock goes from 00:00 to 01:00 on 6 September 2026: 23 hours of ten calls, from 01:00."""
    agents = [7, 9, 9, 9, 9, 9, 9, 9, 3, 3] + 14 * [1]  # the first is of the hour that there is not
    path = tmp_path / "night.yaml"
    path.write_text(
        "calendar: {from: 2026-09-06, days: 1, time_zone: America/Santiago, open: '00:00-24:00'}\n"
        "interval: 1h\nreplications: 1\nmedia: {voice: {max_tasks: 1}}\nchannels: {phone: {medium: voice}}\n"
        "queues: {calls: {medium: voice, handle_time: 60s, service_level: {within: 20s, target: 80%}}}\n"
        f"teams: {{desk: {{head_count: {{agents: {{sun: {agents}}}, every: 1h}}, skills: {{calls: 5}}}}}}\n"
        "arrivals: [{channel: phone, queue: calls, per_hour: 10}]\n",
        encoding="utf-8",
    )
    assert main(["erlang", str(path), "--jobs", "1", "--format", "csv"]) == 0
    table = pd.read_csv(StringIO(capsys.readouterr().out))
    assert list(table["interval"]) == [f"{hour:02}:00" for hour in range(1, 24)]
    assert set(table["offered"]) == {10.0}
    assert list(table["agents"]) == agents[1:]


@pytest.mark.parametrize(
    ("changes", "offered", "aht_s"),
    [
        ((), [60, 90], [300, 240]),
        (("arrivals.0.volume_factor=50%",), [30, 45], [300, 240]),
        (("arrivals.0.volume_factor=1.5", "queues.calls.volume_factor=2"), [180, 270], [300, 240]),
        (("queues.calls.aht_factor=110%",), [60, 90], [330, 264]),
        (("arrivals.0.aht_factor=0.5", "queues.calls.aht_factor=0.8"), [60, 90], [120, 96]),
    ],
)
def test_factors_that_are_set_multiply_the_rows_of_a_file(
    changes: tuple[str, ...], offered: list[float], aht_s: list[float], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "calls.csv").write_text("Time,Calls,AHT\n09:00,60,300\n09:30,90,240\n", encoding="utf-8")
    path = tmp_path / "desk.yaml"
    path.write_text(
        "opens: 2026-03-02 09:00\nlasts: 1h\ninterval: 30m\nreplications: 1\nmedia: {voice: {max_tasks: 1}}\n"
        "channels: {phone: {medium: voice}}\nqueues: {calls: {medium: voice, handle_time: 5m, service_level: "
        "{within: 20s, target: 80%}}}\nteams: {desk: {agents: 20, skills: {calls: 5}}}\n"
        "arrivals: [{channel: phone, queue: calls, file: {path: calls.csv, start: Time, volume: Calls, aht: AHT, "
        "aht_includes_wrap_up: off}}]\n",
        encoding="utf-8",
    )
    words = [word for change in changes for word in ("--set", change)]
    assert main(["erlang", str(path), "--jobs", "1", "--format", "csv", *words]) == 0
    table = pd.read_csv(StringIO(capsys.readouterr().out))
    assert list(table["offered"]) == pytest.approx(offered)
    assert list(table["aht_s"]) == pytest.approx(aht_s)
    loads = [calls * seconds / 1800 for calls, seconds in zip(offered, aht_s, strict=True)]
    assert list(table["load_erlang"]) == pytest.approx(loads)
