"""Sweeps: the grid, what a step brings, and that an interruption changes nothing."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from awaiting import awaited
from watched import Watch

import sim
from sim.experiments.journal import DONE, HEAD, Journal
from sim.experiments.sweeps import usual_folder
from sim.experiments.varied_keys import Axis, axes_of
from sim.report.sweep import sweep_text

AGENTS = {"teams.desk.agents": range(3, 6)}
FEW = ["service_level:queue=calls", "asa"]


@pytest.fixture(scope="module")
def small(small_text: str) -> sim.Scenario:
    return sim.loads(small_text)


@pytest.fixture(scope="module")
def swept(small: sim.Scenario) -> sim.Sweep:
    vary = {**AGENTS, "routing.ring_time": ["20s", "40s"]}
    return sim.sweep(small, vary, metrics=FEW, replications=4, jobs=1)


def test_every_point_is_what_a_run_of_it_says(small: sim.Scenario, swept: sim.Sweep) -> None:
    point = small.set("teams.desk.agents", 4).set("routing.ring_time", "40s")
    alone = sim.run(point, 4, jobs=1).figure("service_level", queue="calls")
    figures = swept.figures
    chosen = figures[(figures["teams.desk.agents"] == 4) & (figures["routing.ring_time"] == 40)]
    (row,) = chosen[chosen["metric"] == "service_level"].to_dict("records")
    assert (row["value"], row["low"], row["high"]) == pytest.approx((alone.value, alone.low, alone.high))
    assert row["replications"] == 4


def test_the_table_has_a_row_a_point_with_numbers_to_draw(swept: sim.Sweep) -> None:
    table = swept.table
    assert len(table) == 6
    assert table["teams.desk.agents"].tolist() == [3, 3, 4, 4, 5, 5]
    assert table["routing.ring_time"].tolist() == [20, 40] * 3
    assert (table["asa low"] < table["asa"]).all()
    assert len(swept.figures) == 12
    assert "teams.desk.agents (3) × routing.ring_time (2)" in repr(swept)
    assert "<table" in swept._repr_html_()


def test_a_step_is_the_paired_difference_of_neighbours(small: sim.Scenario, swept: sim.Sweep) -> None:
    steps = swept.steps
    assert len(steps) == 2 * (2 * 2 + 3 * 1)
    agents = steps[(steps["key"] == "teams.desk.agents") & (steps["metric"] == "asa") & (steps["lower"] == 3)]
    row = agents[agents["routing.ring_time"] == 20].iloc[0]
    at = small.set("routing.ring_time", "20s")
    pair = sim.compare(at, at.set("teams.desk.agents", 4), metrics=["asa"], replications=4, jobs=1)
    expected = pair.figure("asa")
    assert tuple(row[["difference", "low", "high"]]) == pytest.approx(
        (expected.difference, expected.low, expected.high)
    )
    ring = steps[(steps["key"] == "routing.ring_time") & (steps["metric"] == "asa")]
    assert (ring["per_one"] * 20).tolist() == pytest.approx(ring["difference"].tolist())


def test_values_that_are_no_numbers_have_no_steps(small: sim.Scenario) -> None:
    vary = ["routing.agent_selection=longest_available,fewest_tasks", "teams.desk.agents=3..5:2"]
    swept = sim.sweep(small, vary, metrics=["asa"], replications=2, jobs=1)
    assert swept.table["routing.agent_selection"].tolist()[::2] == ["longest_available", "fewest_tasks"]
    assert set(swept.steps["key"]) == {"teams.desk.agents"}
    assert swept.steps.query("metric == 'asa'")["upper"].tolist() == [5, 5]


@pytest.mark.parametrize(
    ("text", "values", "numbers"),
    [
        ("k=8..10", ("8", "9", "10"), (8, 9, 10)),
        ("k=8..14:3", ("8", "11", "14"), (8, 11, 14)),
        ("k=0.1..0.3:0.1", ("0.1", "0.2", "0.3"), (0.1, 0.2, 0.3)),
        ("k=5%..15%:5%", ("5%", "10%", "15%"), (0.05, 0.1, 0.15)),
        ("k=0.1m..0.3m:0.1m", ("0.1m", "0.2m", "0.3m"), (6, 12, 18)),
        ("k=1.1..1.4:0.1", ("1.1", "1.2", "1.3", "1.4"), (1.1, 1.2, 1.3, 1.4)),
        ("k=20..60s:20", ("20s", "40s", "60s"), (20, 40, 60)),
        ("k=40s, 1m", ("40s", "1m"), (40, 60)),
        ("k=[1, 2],[3, 4]", ("[1, 2]", "[3, 4]"), None),
        ("k=on,off", ("on", "off"), None),
    ],
)
def test_what_is_varied_is_read(
    text: str, values: tuple[str, ...], numbers: tuple[float, ...] | None
) -> None:
    axis = Axis.parse(text)
    assert axis.values == values
    assert axis.numbers == numbers


@pytest.mark.parametrize(
    ("vary", "told"),
    [
        (["k"], "write KEY=8..14"),
        (["k="], "write KEY=8..14"),
        (["k=9..8"], "goes nowhere"),
        (["k=1..9:0"], "goes nowhere"),
        (["k=1..9999"], "9999 values; at most 1000"),
        (["k=1..1" + "0" * 300], "has 1.00000e.300 values; at most 1000"),
        (["k=1.." + "9" * 100_000], "has numbers of more than 400 characters"),
        (["k=1..3:0." + "0" * 5000 + "1"], "has numbers of more than 400 characters"),
        (["k=" + ",".join(map(str, range(50_000)))], "k takes 50,000 values; at most 1000"),
        ([f"{key}=1..1000" for key in "klm"], "the values make 1,000,000,000 points; at most 100,000"),
        (["k=" + "[" * 50_000], "a closing ] is missing"),
        (["k=20s..1m"], "several units, m and s"),
        (["k=1,2,1"], "takes `1` twice"),
        (["k\x1b=1,2,1"], r"^k\\x1b takes `1` twice"),
        (["k=1,2", "k=3"], "k is varied twice"),
        ([], "nothing to vary"),
        ({"k": []}, "no values"),
        (["a=1,2; b=1,2,3"], "as many values each: a has 2, b has 3"),
        (["a=1,2; a=3,4"], "a is varied twice"),
        (["a=1,2; b=3,4", "b=3,4"], "b is varied twice"),
        (["a=1,1; b=2,2"], "takes `1; 2` twice"),
        (["a=1,2; b"], "write KEY=8..14"),
        ({"a; b": ["1; 2", "3"]}, "give 2 values for each point"),
        ({("a", "b"): [(1, 2), (3,)]}, "give 2 values for each point"),
    ],
)
def test_what_cannot_be_varied(vary, told: str) -> None:
    with pytest.raises(sim.SimError, match=told):
        axes_of(vary)


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    "vary",
    [
        "teams.desk.agents=4,3; teams.experts.agents=1,2",
        ["teams.desk.agents=4,3;teams.experts.agents=1..2"],
        {("teams.desk.agents", "teams.experts.agents"): [(4, 1), (3, 2)]},
        {"teams.desk.agents; teams.experts.agents": ["4; 1", "3; 2"]},
    ],
)
def test_keys_that_move_together_are_as_many_points_as_values(
    small: sim.Scenario, vary, tmp_path: Path
) -> None:
    swept = sim.sweep(small, vary, metrics=["asa"], replications=2, jobs=1, folder=tmp_path / "s")
    assert swept.table["teams.desk.agents; teams.experts.agents"].tolist() == ["4; 1", "3; 2"]
    point = small.set("teams.desk.agents", 3).set("teams.experts.agents", 2)
    assert swept.table["asa"][1] == sim.run(point, 2, jobs=1).figure("asa").value
    assert sim.open(tmp_path / "s").table.equals(swept.table)
    text = " ".join(sweep_text(swept, 100).split())
    assert "desk.agents; experts.agents" in text
    page = swept.report(tmp_path / "page.html").read_text()
    assert "desk.agents; experts.agents</th>" in page
    assert ">4; 1</th>" in page
    assert "4; 1 → 3; 2" in page


def test_wrong_points_are_told_once(small: sim.Scenario) -> None:
    with pytest.raises(sim.SimError) as told:
        sim.sweep(small, ["teams.dsk.agents=3..9", "queues.calls.balk=2%,150%"])
    lines = str(told.value).splitlines()
    assert lines[0] == "--vary teams.dsk.agents: there is no `dsk` in teams; did you mean `desk`?"
    assert len(lines) == 2


def kept(folder: Path) -> list[tuple[str, int]]:
    lines = (folder / DONE).read_text().splitlines()
    return [(one["point"], one["replication"]) for one in map(json.loads, lines)]


def test_what_is_done_is_not_done_again(small: sim.Scenario, tmp_path: Path) -> None:
    told: list[tuple[int, Path]] = []
    folder = tmp_path / "sweep"

    def go_on(vary, replications: int, **more) -> sim.Sweep:
        return sim.sweep(
            small, vary, metrics=FEW, replications=replications, jobs=1, folder=folder,
            on_found=lambda *found: told.append(found), **more,
        )  # fmt: skip

    first = go_on(AGENTS, 2)
    assert (told, len(kept(folder))) == ([], 6)
    go_on(AGENTS, 2)
    assert (told, len(kept(folder))) == ([(6, folder)], 6)
    wider = go_on({"teams.desk.agents": range(3, 7)}, 3)
    assert len(kept(folder)) == 12
    assert told[-1] == (6, folder)
    fresh = sim.sweep(small, {"teams.desk.agents": range(3, 7)}, metrics=FEW, replications=3, jobs=1)
    assert wider.figures.equals(fresh.figures)
    assert go_on(AGENTS, 2).figures.equals(first.figures)


def test_other_figures_of_the_same_points_are_added(small: sim.Scenario, tmp_path: Path) -> None:
    sim.sweep(small, AGENTS, metrics=["asa"], replications=2, jobs=1, folder=tmp_path)
    both = sim.sweep(small, AGENTS, metrics=["asa", "occupancy"], replications=2, jobs=1, folder=tmp_path)
    fresh = sim.sweep(small, AGENTS, metrics=["asa", "occupancy"], replications=2, jobs=1)
    assert both.figures.equals(fresh.figures)
    assert len(kept(tmp_path)) == 12


def test_another_scenario_or_seed_is_refused_with_a_remedy(small: sim.Scenario, tmp_path: Path) -> None:
    how = {"metrics": ["asa"], "replications": 2, "jobs": 1, "folder": tmp_path / "sweep"}
    sim.sweep(small, AGENTS, **how)
    before = (tmp_path / "sweep" / DONE).read_bytes()
    with pytest.raises(sim.SimError, match=r"not this one \(seed 3\); name another folder"):
        sim.sweep(small, AGENTS, seed=4, **how)
    with pytest.raises(sim.SimError, match="scenario hash"):
        sim.sweep(small.set("teams.desk.wrap_up", "21s"), AGENTS, **how)
    assert (tmp_path / "sweep" / DONE).read_bytes() == before
    (tmp_path / "mine.txt").write_text("a letter")
    with pytest.raises(sim.SimError, match="not empty and no earlier sweep"):
        sim.sweep(small, AGENTS, **{**how, "folder": tmp_path})
    with pytest.raises(sim.SimError, match="the sweep cannot be kept there"):
        sim.sweep(small, AGENTS, **{**how, "folder": tmp_path / "mine.txt"})
    assert usual_folder(small, None) != usual_folder(small, 4)


def test_a_line_that_was_cut_off_is_not_there(tmp_path: Path) -> None:
    journal = Journal(tmp_path, {"seed": 1})
    assert journal.open() == {}
    journal.add(("a", 0), {"asa": (1.5, 2.0)})
    with (tmp_path / DONE).open("ab") as file:
        file.write(b'{"point":"a","replication":1,"par')
    journal.add(("a", 2), {"asa": (float("nan"), 0.1)})
    found = Journal(tmp_path, {"seed": 1}).open()
    assert list(found) == [("a", 0), ("a", 2)]
    assert found["a", 0] == {"asa": (1.5, 2.0)}
    (tmp_path / HEAD).write_text("{")
    with pytest.raises(sim.SimError, match="cannot be read"):
        journal.open()


def test_what_a_power_failure_leaves_is_no_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path, {"seed": 1})
    journal.open()
    journal.add(("a", 0), {"asa": (1.5, float("inf"))})
    with (tmp_path / DONE).open("ab") as file:
        file.write(b'{"point":"a","repl' + bytes(100_000))
    assert list(journal.open()) == [("a", 0)]
    journal.add(("a", 1), {"asa": (1, 2)})
    assert journal.open() == {("a", 0): {"asa": (1.5, float("inf"))}, ("a", 1): {"asa": (1.0, 2.0)}}
    (tmp_path / DONE).write_bytes(bytes(100_000))
    assert journal.open() == {}
    journal.add(("a", 1), {"asa": (1, 2)})
    assert list(journal.open()) == [("a", 1)]


@pytest.mark.parametrize(
    "line",
    ['{"point": "a", "replication": 1.5, "parts": {}}', '{"point": "a", "replication": -1, "parts": {}}',
     '{"point": 7, "replication": 1, "parts": {}}', '{"point": "a", "replication": true, "parts": {}}',
     '{"point": "a", "replication": 1, "parts": {"asa": [1, 2, 3]}}', "[" * 100_000, "1" * 100_000, "[]", "null"],
)  # fmt: skip
def test_a_foreign_line_counts_for_nothing(line: str, tmp_path: Path) -> None:
    journal = Journal(tmp_path, {"seed": 1})
    journal.open()
    (tmp_path / DONE).write_text(line + "\n")
    assert journal.open() == {}


def test_a_journal_that_is_a_link_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("")
    journal = Journal(tmp_path / "sweep", {"seed": 1})
    journal.open()
    (tmp_path / "sweep" / DONE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(sim.SimError, match="is a link out of the folder"):
        journal.open()


def command(path: Path, out: Path) -> list[str]:
    more = ["--vary", "teams.desk.agents=3..6", "--replications", "15", "--jobs", "1", "--out", str(out)]
    return [sys.executable, "-m", "sim", "sweep", str(path), *more]


@pytest.mark.slow
def test_a_killed_sweep_ends_with_the_same_table(watch: Watch, watched_file: Path, tmp_path: Path) -> None:
    path, out, whole = watched_file, tmp_path / "killed", tmp_path / "whole"
    env = watch.environment
    watch.hold.write_text("2000")  # of the more than five thousand decisions of all points
    with subprocess.Popen(command(path, out), env=env, stdout=subprocess.PIPE) as under_way:
        awaited("the middle of the sweep", lambda: watch.held.exists() or under_way.poll() is not None)
        under_way.send_signal(signal.SIGKILL)
        printed, _ = under_way.communicate()
    watch.hold.unlink()
    assert (under_way.returncode, printed) == (-signal.SIGKILL, b"")
    done = len(kept(out))
    assert 10 <= done < 60
    assert not (out / "figures.csv").exists()
    again = subprocess.run(command(path, out), env=env, capture_output=True, text=True, check=True)
    assert f"{done} replications done before found" in again.stderr
    undisturbed = subprocess.run(command(path, whole), env=env, capture_output=True, text=True, check=True)
    assert again.stdout.replace(str(out), str(whole)) == undisturbed.stdout
    for name in ("figures.csv", "steps.csv", DONE):
        assert (out / name).read_bytes() == (whole / name).read_bytes()
    assert len(kept(out)) == len(set(kept(out))) == 60
