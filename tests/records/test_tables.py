"""Tables as they are taken down: changes become stays, and what follows from other columns is worked out."""

import pickle
from collections.abc import Callable

import numpy as np
import pytest

import sim
from sim.engine import simulate
from sim.records import EVERYTHING, OUT, TABLES, Recorder, Records, stay_of
from sim.workload import draw


@pytest.fixture(scope="module")
def day(small_text: str) -> sim.Scenario:
    return sim.loads(small_text)


@pytest.fixture(scope="module")
def records(day: sim.Scenario) -> Records:
    return simulate(day, draw(day), Recorder(day, EVERYTHING))


def test_changes_become_stays_in_the_order_of_their_ends(day: sim.Scenario) -> None:
    recorder = Recorder(day, ["agent_states"])
    take = recorder.agent_states
    assert take is not None
    medium = next(iter(day.media))
    presence, desk, other = recorder.place(0), recorder.place(0, medium), recorder.place(1, medium)
    ready, busy = stay_of("READY"), stay_of("BUSY")
    off = stay_of("NOT_READY", "break")
    for change in [
        (presence, ready, 0.0), (desk, ready, 0.0), (other, ready, 5.0), (desk, busy, 10.0),
        (desk, ready, 30.0), (desk, busy, 30.0), (presence, off, 40.0), (other, OUT, 45.0), (desk, OUT, 50.0),
        (presence, OUT, 60.0),
    ]:  # fmt: skip
        take(change)
    (agent, second), (team, *_) = _two_agents(day)
    frame = recorder.tables["agent_states"].frame()
    assert list(frame.columns) == [column.name for column in TABLES["agent_states"]]
    assert frame.values.tolist() == [
        [agent, team, medium, "READY", "", 0.0, 10.0],
        [agent, team, medium, "BUSY", "", 10.0, 30.0],
        [agent, team, "", "READY", "", 0.0, 40.0],
        [second, team, medium, "READY", "", 5.0, 45.0],
        [agent, team, medium, "BUSY", "", 30.0, 50.0],
        [agent, team, "", "NOT_READY", "break", 40.0, 60.0],
    ]
    assert len(recorder.tables["agent_states"]) == 6


def _two_agents(day: sim.Scenario) -> tuple[tuple[str, str], tuple[str, ...]]:
    teams = tuple(day.teams)
    assert day.teams[teams[0]].agents > 1
    return (f"{teams[0]}-1", f"{teams[0]}-2"), teams


def test_what_follows_is_worked_out(day: sim.Scenario, records: Records) -> None:
    requests, tasks = records.requests, records.tasks
    served = requests["agent"].notna()
    teams = requests["agent"].astype(str).str.rpartition("-")[0]
    assert served.any()
    assert (~served).any()
    assert (requests["team"].astype(str) == teams)[served].all()
    assert requests["team"][~served].isna().all()
    media = {name: queue.medium for name, queue in day.queues.items()}
    assert (requests["medium"].astype(str) == requests["queue"].astype(str).map(media)).all()
    rang = tasks["task_reserved_time"].notna()
    assert rang.any()
    ended = tasks["task_answered_time"].fillna(tasks["task_end_time"])
    alert = np.where(rang, ended - tasks["task_reserved_time"], 0.0)
    assert np.array_equal(tasks["task_alert_duration"], alert)
    queued = np.where(rang, tasks["task_reserved_time"] - tasks["task_queue_time"], 0.0)
    assert np.array_equal(tasks["task_queue_duration"], queued)


@pytest.mark.parametrize("pack", [Recorder.pack, lambda _: None], ids=["packed", "as taken"])
def test_they_survive_pickling(day: sim.Scenario, pack: Callable[[Recorder], None]) -> None:
    recorder = Recorder(day, EVERYTHING)
    found = simulate(day, draw(day), recorder)
    pack(recorder)
    again = pickle.loads(pickle.dumps(found))
    for name in TABLES:
        assert getattr(again, name).equals(getattr(found, name)), name
