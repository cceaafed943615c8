"""Results in formats of other tools: read back by a reader that is not ours, and by `sim calibrate`."""

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.logs.export.happenings import happenings
from sim.logs.log import handle_s, wait_s
from sim.logs.reading import read_log

DESK = """\
name: Two desks
opens: 2026-03-02 09:00
lasts: 4h
seed: 4
replications: 10
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales:
    medium: voice
    service_level: {within: 20s, target: 80%}
    ring_time: 15s
    handle_time: {gamma: {mean: 3m, sd: 90s}}
    patience: {exponential: {mean: 3m}}
    transfer: {probability: 25%, after: 40%, to: {support: 100%}}
  support:
    medium: voice
    handle_time: {gamma: {mean: 5m, sd: 2m}}
    patience: {exponential: {mean: 6m}}
teams:
  sellers:
    skills: {sales: 1}
    accept: {probability: 90%, delay: 4s}
    wrap_up: 20s
    shifts: [{from: "09:00", to: "13:00", agents: 9, breaks: [{at: "11:00", for: 10m}]}]
  helpers: {agents: 8, skills: {support: 1}, wrap_up: 30s, accept: {probability: 90%, delay: 4s}}
arrivals:
  - {channel: phone, queue: sales, per_hour: 120}
"""


@pytest.fixture(scope="module")
def result() -> sim.Result:
    return sim.run(sim.loads(DESK), keep_tables="all", jobs=1)


@pytest.fixture(scope="module")
def one(result: sim.Result) -> sim.Result:
    return sim.run(result.scenario, 1, jobs=1)


def test_the_log_says_what_the_tables_say(result: sim.Result, tmp_path: Path) -> None:
    contacts, table = sim.export(result, "csv", tmp_path)
    found = read_log(contacts)
    assert not found.problems
    requests = result.requests
    assert len(found.calls) == len(requests)
    answered = found.calls["answered_at"].notna()
    assert answered.sum() == requests["answered_at"].notna().sum()
    assert wait_s(found.calls).sum() == pytest.approx(requests["wait"].sum(), rel=1e-5)
    assert (found.calls["kind"] == "transfer").sum() == (requests["kind"] == "transfer").sum()
    taken = result.tasks.dropna(subset=["task_answered_time"])
    assert handle_s(found.calls).sum() == pytest.approx(
        (taken["task_wrap_up_time"] - taken["task_answered_time"]).sum(), rel=1e-5
    )
    moved = found.calls["transferred_at"].notna()
    assert moved.sum() == (result.tasks["task_disposition"] == "TRANSFERRED").sum()
    assert (found.calls.loc[moved, "transfer_to"] == "support").all()
    assert found.calls["rings"].sum() == requests["ring_outs"].sum()
    shown = pd.read_csv(table)
    assert {"sales", "support"} <= set(shown["queue"])


def test_exported_and_fitted_the_scenario_comes_back(result: sim.Result, tmp_path: Path) -> None:
    contacts, _ = sim.export(result, "csv", tmp_path)
    sim.calibrate(contacts, out=tmp_path / "fitted")
    fitted, origin = sim.load(tmp_path / "fitted" / "scenario.yaml"), result.scenario
    sales, support = fitted.queues["sales"], fitted.queues["support"]
    assert sales.handle_time.mean == pytest.approx(180, rel=0.05)
    assert support.handle_time.mean == pytest.approx(300, rel=0.05)
    assert sales.transfer.probability == pytest.approx(0.25, rel=0.08)
    assert sales.transfer.after == pytest.approx(0.4, rel=0.05)
    assert dict(sales.transfer.to) == {"support": 1.0}
    assert np.mean(fitted.arrivals[0].per_hour) == pytest.approx(120, rel=0.05)
    team = next(team for team in fitted.teams.values() if "sales" in team.skills)
    assert team.accept.probability == pytest.approx(0.9, abs=0.015)
    assert team.accept.delay.mean == pytest.approx(4, rel=0.05)
    assert team.wrap_up.mean == pytest.approx((20 + 30) / 2, rel=0.25)  # one law for all teams
    assert len(origin.arrivals) == len(fitted.arrivals)


@pytest.mark.slow
def test_event_logs_are_read_by_another_program(one: sim.Result, tmp_path: Path) -> None:
    r4pm = pytest.importorskip("r4pm")
    (xes,) = sim.export(one, "xes", tmp_path)
    (ocel,) = sim.export(one, "ocel", tmp_path)
    r4pm.import_item("EventLog", str(xes))
    r4pm.import_item("OCEL", str(ocel))


def test_traces_tell_the_conversations_in_order(one: sim.Result, tmp_path: Path) -> None:
    events = happenings(one)
    (xes,) = sim.export(one, "xes", tmp_path)
    root = ElementTree.parse(xes).getroot()
    space = {"x": "http://www.xes-standard.org/"}
    traces = root.findall("x:trace", space)
    assert len(traces) == len(one.conversations)
    for trace in traces[:50]:
        times = [date.get("value") for date in trace.iterfind("x:event/x:date", space)]
        names = [
            text.get("value")
            for text in trace.iterfind("x:event/x:string", space)
            if text.get("key") == "concept:name"
        ]
        assert times == sorted(times)
        assert names[0] == "contact"
    asked = sum(event.activity == "transfer_asked" for event in events)
    assert asked == (one.requests["kind"] == "transfer").sum()
    rang = sum(event.activity == "rang_out" for event in events)
    assert rang == (one.tasks["task_disposition"] == "RONA").sum()


def test_objects_are_named_once_and_all_that_is_named_exists(one: sim.Result, tmp_path: Path) -> None:
    (path,) = sim.export(one, "ocel", tmp_path)
    log = json.loads(path.read_text())
    ids = [thing["id"] for thing in log["objects"]]
    assert len(ids) == len(set(ids))
    named = {pair["objectId"] for event in log["events"] for pair in event["relationships"]}
    assert named == set(ids)
    assert {event["type"] for event in log["events"]} <= {kind["name"] for kind in log["eventTypes"]}


def test_the_vendors_rows_and_the_roster(one: sim.Result, tmp_path: Path) -> None:
    (path,) = sim.export(one, "agent-task", tmp_path)
    rows = pd.read_csv(path)
    assert len(rows) == len(one.tasks)
    assert rows["task_disposition"].value_counts().to_dict() == one.tasks["task_disposition"].value_counts().loc[
        lambda counts: counts > 0
    ].to_dict()  # fmt: skip
    (path,) = sim.export(one, "roster", tmp_path)
    shifts = pd.read_csv(path)
    assert (shifts["activity"] == "work").sum() == 9
    assert shifts.iloc[0].tolist() == ["sellers-1", "sellers", "2026-03-02", "09:00", "13:00", "work"]
    assert shifts.iloc[1].tolist() == ["sellers-1", "sellers", "2026-03-02", "11:00", "11:10", "break"]
    plain = one.scenario.set({"teams.sellers.shifts": [], "teams.sellers.agents": 9})
    with pytest.raises(sim.SimError, match="no team has shifts"):
        sim.export(sim.run(plain, 1, jobs=1), "roster", tmp_path)


def test_the_command_writes_beside_the_run(
    one: sim.Result, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one.save(tmp_path / "run")
    assert main(["export", str(tmp_path / "run"), "--to", "csv"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(tmp_path / "run" / "export" / name) for name in ("contacts.csv", "intervals.csv")
    ]
    assert main(["export", str(tmp_path / "run"), "--to", "cvs"]) == 2
    assert "did you mean `csv`" in capsys.readouterr().err
    assert main(["export", str(tmp_path), "--to", "csv"]) == 2


def test_a_search_for_a_further_agent_that_finds_none_is_an_event() -> None:
    """Whom the desk calls in is not there: the conversation goes on, and ends by itself."""
    conference = "    conference: {probability: 50%, after: 20%, to: {support: 100%}, request_ttl: 70s}\n"
    text = DESK.replace("    transfer: {probability: 25%, after: 40%, to: {support: 100%}}\n", conference)
    text = text.replace("agents: 8, skills: {support: 1}", "agents: 1, skills: {support: 1}")
    found = sim.run(sim.loads(text), 1, jobs=1, keep_tables="all")
    missed = found.requests[
        (found.requests["kind"] == "conference") & (found.requests["outcome"] == "no_agent")
    ]
    told = [event for event in happenings(found) if event.activity == "no_agent"]
    assert len(told) == len(missed) > 5
    assert {event.queue for event in told} == {"support"}
