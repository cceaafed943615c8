"""A stream that is split over queues: each contact's queue is a draw of their own."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.experiments.demand_and_staffing import volumes
from sim.workload import Workload, draw

DAY = """\
lasts: 10h
seed: 5
replications: 3
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  own: {medium: voice, handle_time: 5m, patience: 4m}
  partner: {medium: voice, handle_time: 10m, patience: 4m}
teams:
  own: {agents: 14, skills: {own: 5}}
  partner: {agents: 14, skills: {partner: 5}}
arrivals:
  - {channel: phone, queue: {own: 60%, partner: 40%}, per_hour: 120, name: phone/own}
"""


@pytest.fixture(scope="module")
def day() -> sim.Scenario:
    return sim.loads(DAY)


def test_who_arrives_does_not_depend_on_the_shares(day: sim.Scenario) -> None:
    whole = draw(day.set("arrivals.0.queue", "own")).streams[0]
    parts = draw(day).streams[0]
    assert parts.times.tolist() == whole.times.tolist()
    assert list(parts.draws.uniforms("handle_time")) == list(whole.draws.uniforms("handle_time"))


def test_each_contact_goes_where_their_own_number_falls(day: sim.Scenario) -> None:
    stream = draw(day).streams[0]
    numbers = stream.draws.uniforms("queue")
    assert list(stream.queues) == ["own" if one < 0.6 else "partner" for one in numbers]
    share = stream.asking_for("own").mean()
    assert share == pytest.approx(0.6, abs=4 * (0.24 / len(stream)) ** 0.5)


def test_a_larger_share_moves_only_those_who_fall_between(day: sim.Scenario) -> None:
    more = day.set({"arrivals.0.queue.own": "70%", "arrivals.0.queue.partner": "30%"})
    before, after = draw(day).streams[0], draw(more).streams[0]
    moved = {pair for pair in zip(before.queues, after.queues, strict=True) if pair[0] != pair[1]}
    assert moved == {("partner", "own")}


def test_a_saved_workload_keeps_the_queues(day: sim.Scenario, tmp_path: Path) -> None:
    drawn = draw(day)
    drawn.save(tmp_path / "day.npz")
    again = Workload.load(tmp_path / "day.npz", day)
    assert again == drawn
    assert again.streams[0].queues == drawn.streams[0].queues
    alone = day.set({"arrivals.0.queue": "own"})
    assert draw(alone) != drawn


def test_the_records_say_which_queue_each_contact_asked_for(day: sim.Scenario) -> None:
    result = sim.run(day, replications=1, jobs=1)
    stream = draw(day).streams[0]
    table = result.conversations.sort_values("arrived_at")
    assert table["queue"].tolist() == list(stream.queues)
    assert set(table["stream"]) == {"phone/own"}


def test_the_file_s_aht_is_that_of_every_contact_in_either_queue(tmp_path: Path) -> None:
    """The AHT of the file is 400 s and both laws are constant: each conversation takes 400 s, in either queue."""
    (tmp_path / "day.csv").write_text("interval_start,volume,aht_s\n00:00,300,400\n05:00,300,400\n")
    text = DAY.replace("per_hour: 120", "file: day.csv").replace("agents: 14", "agents: 60")
    result = sim.run(sim.loads(text, folder=tmp_path), replications=1, jobs=1)
    served = result.conversations[result.conversations["answered_at"].notna()]
    assert set(served["queue"]) == {"own", "partner"}
    times = (served["ended_at"] - served["answered_at"]).round(6)
    assert times.tolist() == [400.0] * len(times)


def test_erlang_takes_each_queue_s_share(day: sim.Scenario) -> None:
    found = volumes(day, np.array([0.0, 18_000.0, 36_000.0]))
    assert found["own"].sum() == pytest.approx(720)
    assert found["partner"].sum() == pytest.approx(480)


def test_a_stream_of_one_queue_is_not_split(day: sim.Scenario) -> None:
    whole = day.set("arrivals.0.queue", "own")
    assert [draw(one).streams[0].queue_shares for one in (day, whole)] == [{"own": 0.6, "partner": 0.4}, {}]
