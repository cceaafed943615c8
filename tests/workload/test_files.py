"""A workload saved and loaded is the same workload."""

import json
import math
import re

import numpy as np
import pytest

from sim.errors import SimError
from sim.workload import Workload, by_hand, draw
from sim.workload.files import _recorded
from sim.workload.workload import Recorded, Stream

LABELLED = "{channel: web, queue: general, per_hour: 60, labels: {vip: 10%, premium: 20%}}"
ROWS = [
    {"at": 3, "channel": "web", "queue": "general", "label": "vip", "handle_time": [300, 20], "patience": 60},
    {"at": 5, "channel": "web", "queue": "general", "accept": 0.5},
    {"at": 4, "channel": "app", "queue": "billing", "label": None},
]


def there_and_back(workload: Workload, scenario, path) -> Workload:
    workload.save(path)
    return Workload.load(path, scenario)


def test_a_drawn_workload_comes_back_equal_with_all_its_draws(world, tmp_path):
    scenario = world(LABELLED, "{channel: app, queue: billing, per_hour: 30}")
    workload = draw(scenario, 3, seed=99)
    back = there_and_back(workload, scenario, tmp_path / "day.npz")
    assert back == workload
    assert list(back.streams[0].labels) == list(workload.streams[0].labels)
    one, other = (each.streams[1].draws.uniforms("patience", 2).tolist() for each in (workload, back))
    assert one == other
    assert back.agents.uniform("frontline", 3, "absence", 0) == workload.agents.uniform(
        "frontline", 3, "absence", 0
    )


def test_a_workload_by_hand_comes_back_equal(world, tmp_path):
    workload = by_hand(world(), ROWS)
    back = there_and_back(workload, world(), tmp_path / "hand")
    assert back == workload
    assert list(back.streams[0].labels) == ["vip", None]
    law = world().queues["general"].handle_time
    assert back.streams[0].draws.values("handle_time", law, 1)[0] == 20


def test_the_scale_of_a_forecast_comes_back(world, tmp_path):
    (tmp_path / "forecast.csv").write_text("interval_start,volume,aht_s\n0,100,150\n3600,50,900\n")
    scenario = world("{channel: web, queue: general, file: forecast.csv}", folder=tmp_path, lasts="2h")
    workload = draw(scenario)
    back = there_and_back(workload, scenario, tmp_path / "day.npz")
    assert back == workload
    assert list(back.streams[0].handle_scale) == list(workload.streams[0].handle_scale)
    (tmp_path / "slower").mkdir()
    (tmp_path / "slower" / "forecast.csv").write_text("interval_start,volume,aht_s\n0,100,160\n3600,50,900\n")
    slower = world(
        "{channel: web, queue: general, file: forecast.csv}", folder=tmp_path / "slower", lasts="2h"
    )
    assert draw(slower).streams[0].times.tolist() == workload.streams[0].times.tolist()
    assert draw(slower) != workload


def test_an_empty_workload_comes_back_equal(world, tmp_path):
    workload = by_hand(world(), [])
    assert there_and_back(workload, world(), tmp_path / "empty.npz") == workload


@pytest.mark.parametrize(
    ("key", "value"),
    [("at", 4), ("label", "premium"), ("handle_time", [300, 21]), ("patience", None), ("queue", "billing")],
)
def test_workloads_that_differ_in_anything_are_not_equal(world, key, value):
    other = [{**ROWS[0], key: value}, *ROWS[1:]]
    assert by_hand(world(), ROWS) != by_hand(world(), other)
    assert by_hand(world(), ROWS) == by_hand(world(), ROWS)


def test_a_workload_can_be_run_on_another_scenario_but_not_where_names_are_unknown(world, tmp_path):
    path = tmp_path / "day.npz"
    draw(world(LABELLED)).save(path)
    assert Workload.load(path, world().set("teams.frontline.agents", 3)) == draw(world(LABELLED))
    stripped = world().model_copy(
        update={"labels": {"premium": 1}, "channels": {"sms": 1}, "queues": {"genral": 1}}
    )
    with pytest.raises(SimError) as raised:
        Workload.load(path, stripped)
    assert [line.split(": ", 1)[1] for line in str(raised.value).splitlines()] == [
        "unknown channel `web`; there is `sms`",
        "unknown queue `general`; did you mean `genral`?",
        "unknown label `vip`; there is `premium`",
    ]


def test_a_file_that_is_missing_or_none_of_ours_is_a_mistake(world, tmp_path):
    with pytest.raises(SimError, match=r"nowhere\.npz: cannot be read: No such file"):
        Workload.load(tmp_path / "nowhere.npz", world())
    for name, content in {"text": b"hello", "empty": b"", "zip": b"PK\x03\x04broken"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SimError, match="is not a saved workload"):
            Workload.load(tmp_path / name, world())
    np.savez(tmp_path / "other.npz", values=np.zeros(3))
    with pytest.raises(SimError, match="is not a saved workload"):
        Workload.load(tmp_path / "other.npz", world())


def test_a_file_that_would_run_code_is_refused(world, tmp_path):
    np.savez(tmp_path / "evil.npz", head=np.array([print], dtype=object))
    with pytest.raises(SimError, match="is not a saved workload"):
        Workload.load(tmp_path / "evil.npz", world())


@pytest.mark.parametrize(
    "told",
    [[0, None, math.inf, None], [0, None, -1.0, None], [0, None, 5, None], [0, None, "5", None],
     [0, 3, None, None], [0, None, None, 3]],
)  # fmt: skip
def test_what_is_recorded_is_a_name_and_a_finite_time_or_the_file_is_none_of_ours(told):
    assert _recorded([[1, "billing", 5.0, "front-1"], [0, None, None, None]], 2) == (
        Recorded(None, None, None), Recorded("billing", 5.0, "front-1")
    )  # fmt: skip
    with pytest.raises(ValueError):  # noqa: PT011
        _recorded([told], 2)


def test_saving_writes_the_whole_file_or_none(world, tmp_path, monkeypatch):
    path = tmp_path / "day.npz"
    draw(world()).save(path)
    before = path.read_bytes()

    def full(*_args, **_keys):
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(OSError, match="no space"):
        draw(world(), 1).save(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["day.npz"]


def test_a_stream_keeps_its_times_closed_after_loading(world, tmp_path):
    back = there_and_back(draw(world()), world(), tmp_path / "day.npz")
    assert all(isinstance(stream, Stream) and not stream.times.flags.writeable for stream in back.streams)


def edited(path, **changes):
    """Save a workload of ten contacts with other arrays in the place of its own."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files} | changes
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


@pytest.mark.parametrize(
    "changes",
    [
        {"0.times": np.array([[1.0]])},
        {"0.times": np.array([5.0, 3.0])},
        {"0.times": np.array(["x"])},
        {"0.given.0": np.array([1.0])},
        {"0.labels": np.array([7, 7], dtype=np.int32)},
        {"0.labels": np.array([-2, 0], dtype=np.int32)},
        {"0.labels": np.array([0], dtype=np.int32)},
        {"head": np.frombuffer(b'{"format": "contact workload 1"}', dtype=np.uint8)},
        {"head": np.frombuffer(b'{"format": "contact workload 1", "seed": 1, "replication": -1}', np.uint8)},
        {"head": np.frombuffer(b"[" * 100_000, dtype=np.uint8)},
        {"head": np.frombuffer(b"\xff\xfe", dtype=np.uint8)},
    ],
)
def test_an_edited_workload_is_one_clear_line(world, tmp_path, changes):
    path = tmp_path / "hand.npz"
    by_hand(world(), ROWS[:2]).save(path)
    edited(path, **changes)
    with pytest.raises(SimError, match=r"hand\.npz: is not a (saved )?workload") as raised:
        Workload.load(path, world())
    assert "\n" not in str(raised.value)


def test_a_workload_of_another_version_is_refused(world, tmp_path):
    path = tmp_path / "hand.npz"
    by_hand(world(), ROWS).save(path)
    with np.load(path) as file:
        head = json.loads(file["head"].tobytes())
    for other in ("contact workload 0", "contact workload 999"):
        edited(path, head=np.frombuffer(json.dumps(head | {"format": other}).encode(), dtype=np.uint8))
        with pytest.raises(SimError, match="is not a saved workload of this version"):
            Workload.load(path, world())


def test_a_recorded_transfer_to_a_queue_that_is_not_there_is_a_mistake(world, tmp_path):
    path = tmp_path / "hand.npz"
    by_hand(world(), ROWS).save(path)
    with np.load(path) as file:
        head = json.loads(file["head"].tobytes())
    for to, said in (
        (None, ""),
        ("billing", ""),
        ("biling", "unknown queue `biling`; did you mean `billing`?"),
    ):
        head["streams"][0]["recorded"] = [[0, to, 1.0, None]]
        edited(path, head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8))
        if said:
            with pytest.raises(SimError, match=re.escape(said)):
                Workload.load(path, world())
        else:
            assert Workload.load(path, world()).streams[0].recorded[0].transfer_to == to


def test_a_small_file_does_not_become_a_huge_one(world, tmp_path, monkeypatch):
    path = tmp_path / "hand.npz"
    by_hand(world(), ROWS).save(path)
    monkeypatch.setattr("sim.workload.files.MOST_BYTES", 100)
    with pytest.raises(SimError, match="has more than"):
        Workload.load(path, world())
