"""Twilio TaskRouter: the same events in each of the three shapes, as lines and as pages."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.logs.formats import twilio_taskrouter
from sim.logs.log import handle_s, wait_s
from sim.logs.problems import OTHER_SHAPE, REPEATED, Problems
from sim.logs.reading import read_log

from .test_formats import SAMPLES, names, told

EVENTS = [
    ("task.created", 0, {}),
    ("task-queue.entered", 0, {"queue": "Sales"}),
    ("reservation.created", 5, {"worker": "ann", "reservation": "r1"}),
    ("reservation.timeout", 20, {"worker": "ann", "reservation": "r1"}),
    ("reservation.created", 26, {"worker": "bob", "reservation": "r2"}),
    ("reservation.accepted", 30, {"worker": "bob", "reservation": "r2"}),
    ("task.transfer-initiated", 90, {"worker": "bob", "reservation": "r2"}),
    ("task-queue.entered", 90, {"queue": "Support"}),
    ("reservation.wrapup", 91, {"worker": "bob", "reservation": "r2"}),
    ("reservation.completed", 110, {"worker": "bob", "reservation": "r2"}),
    ("task.canceled", 150, {}),
]
START = 1772442000


def callback(kind: str, after: int, of: dict[str, str]) -> dict[str, object]:
    keys = {"queue": "TaskQueueName", "worker": "WorkerName", "reservation": "ReservationSid"}
    return {"EventType": kind, "Timestamp": str(START + after), "TaskSid": "WT1", "WorkspaceSid": "WS1"} | {
        keys[key]: value for key, value in of.items()
    }


def fields(of: dict[str, str]) -> dict[str, object]:
    keys = {"queue": "task_queue_name", "worker": "worker_name", "reservation": "reservation_sid"}
    return {"task_sid": "WT1"} | {keys[key]: value for key, value in of.items()}


def date(after: int) -> str:
    return f"{pd.Timestamp(START + after, unit='s').isoformat()}Z"


def streamed(kind: str, after: int, of: dict[str, str]) -> dict[str, object]:
    payload = {"eventtype": kind, "timestamp": date(after)} | fields(of)
    return {"specversion": "1.0", "type": f"com.twilio.taskrouter.{kind}", "data": {"payload": payload}}


def resource(kind: str, after: int, of: dict[str, str]) -> dict[str, object]:
    return {"event_type": kind, "event_date": date(after), "event_data": fields(of)}


@pytest.mark.parametrize("shape", [callback, streamed, resource])
def test_taskrouter_tells_the_same_in_each_shape(tmp_path: Path, shape: object) -> None:
    assert callable(shape)
    events = [shape(*event) for event in EVENTS]
    late = events[8:] + events[:8]  # events may come late
    found = told(late, tmp_path, "twilio-taskrouter")
    assert names(found, "queue") == ["Sales", "Support"]
    assert names(found, "transfer_to") == ["Support", None]
    assert names(found, "kind") == ["inbound", "transfer"]
    assert names(found, "agent") == ["bob", None]
    assert wait_s(found.calls).tolist() == [30, 60]
    assert handle_s(found.calls).tolist()[0] == 60
    assert found.calls["rings"].tolist() == [1, 0]
    assert found.calls["rung_s"].tolist()[0] == 15
    assert found.calls["ring_s"].tolist()[0] == 4
    assert found.calls["wrap_up_s"].tolist()[0] == 20
    assert not found.problems


def test_taskrouter_other_events_repeats_and_tasks_that_never_entered(tmp_path: Path) -> None:
    worker = {"EventType": "worker.activity.update", "Timestamp": "1772442000", "WorkerSid": "WK1"}
    stray = callback("reservation.accepted", 3, {"reservation": "r9"}) | {"TaskSid": "WT9"}
    twice = callback("task.created", 0, {}) | {"Sid": "EV1"}
    events = [worker, stray, twice, twice, *(callback(*event) for event in EVENTS[1:])]
    found = told(events, tmp_path, "twilio-taskrouter")
    assert len(found.calls) == 2
    assert found.problems.counts == {
        "an event of a task that never entered a queue": 1,
        "the row repeats another": 1,
    }


MORE: list[dict[str, object]] = [
    {"id": "E1", "Sid": "E2"}, {"id": "E1"}, {"Sid": "E2"}, {"id": "", "Sid": "E3"}, {"id": None, "sid": "E3"},
    {"id": 4, "sid": "E3"}, {"EventType": "x"}, {"event_type": None}, {"events": 1}, {"TimestampMs": ""},
    {"TimestampMs": "1772442007123"}, {"task_queue_sid": "Q1", "TaskQueueSid": "Q1"}, {"worker_sid": 5, "WorkerSid": 5},
]  # fmt: skip


def odd(event: dict[str, object]) -> list[dict[str, object]]:
    """Return an event with something else in the place of each of its fields and of those in them, or without it."""
    found = [event | more for more in MORE]
    for key, inner in event.items():
        others: list[object] = [None, "", 7, [], {}, "x", *(odd(inner) if isinstance(inner, dict) else ())]
        found += [event | {key: other} for other in others]
        found.append({name: one for name, one in event.items() if name != key})
    return found


@pytest.mark.parametrize("shape", [callback, streamed, resource])
def test_taskrouter_reads_lines_as_it_reads_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: object
) -> None:
    """Events that are a line each are parsed in another way than those of a page, and mean the same."""
    assert callable(shape)
    monkeypatch.setattr("sim.logs.json_values.BLOCK", 700)
    usual = [json.dumps(shape(*event)) for event in EVENTS]
    events: list[str] = []
    for event in (EVENTS[2], ("task-queue.entered", 2, {"queue": ""})):
        for number, other in enumerate(odd(shape(*event))):
            task = [*usual[:2], json.dumps(other), *usual[5:]]
            events += [one.replace("WT1", f"WT{event[1]}-{number}") for one in task]
    path, lines, pages = tmp_path / "log.jsonl", Problems(), Problems()
    path.write_text("".join(f"{event}\n" for event in events))
    read = twilio_taskrouter.read(path, lines)
    path.write_text("".join(f'{{"events": [{event}]}}\n' for event in events))
    pd.testing.assert_frame_equal(read, twilio_taskrouter.read(path, pages))
    assert lines == pages
    assert lines.counts[OTHER_SHAPE] > 10
    assert lines.counts[REPEATED] > 3


@pytest.mark.parametrize("seed", [1, 2])
def test_lines_in_any_order_tell_the_same(tmp_path: Path, seed: int) -> None:
    """A task enters its queue at the millisecond in which it is created, and the next one in that of a transfer."""
    path = SAMPLES / "twilio_taskrouter.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    np.random.default_rng(seed).shuffle(lines)
    (tmp_path / "log.jsonl").write_text("".join(lines), encoding="utf-8")
    found, log = (read_log(one, "twilio-taskrouter") for one in (tmp_path / "log.jsonl", path))
    assert not found.problems.counts
    by = ["offered_at", "queue", "ended_at"]
    both = [one.calls.astype({"queue": str}).sort_values(by, ignore_index=True) for one in (found, log)]
    for column in log.calls.drop(columns="queue"):
        assert both[0][column].astype(str).tolist() == both[1][column].astype(str).tolist(), column
