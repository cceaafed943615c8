"""A workload written contact by contact."""

import math

import pytest

from sim.errors import SimError
from sim.scenario.distributions import Constant, Exponential
from sim.workload import by_hand

WEB = {"channel": "web", "queue": "general"}
APP = {"channel": "app", "queue": "billing"}


def test_there_is_one_stream_for_each_channel_and_queue_in_order_of_writing(world):
    workload = by_hand(world(), [{"at": 9, **APP}, {"at": 0, **WEB}, {"at": 3, **APP}])
    assert [(s.name, s.channel, s.queue) for s in workload.streams] == [
        ("app/billing", "app", "billing"),
        ("web/general", "web", "general"),
    ]
    assert [s.times.tolist() for s in workload.streams] == [[3, 9], [0]]
    assert list(zip(*workload.order(), strict=True)) == [(0, 1, 0), (3, 0, 0), (9, 0, 1)]


def test_contacts_of_one_instant_keep_the_order_of_writing(world):
    rows = [{"at": 5, **WEB, "handle_time": n} for n in (3, 1, 2)]
    (stream,) = by_hand(world(), [*rows, {"at": 0, **WEB, "handle_time": 9}]).streams
    assert stream.draws.values("handle_time", Constant(value=0)).tolist() == [9, 3, 1, 2]


def test_contacts_of_one_instant_come_by_stream_and_then_by_index(world):
    order = by_hand(world(), [{"at": n // 60, **(WEB if n % 2 else APP)} for n in range(300)]).order()
    assert list(zip(*order, strict=True)) == sorted(zip(*order, strict=True))


def test_a_number_is_the_first_value_and_a_list_those_in_turn(world):
    rows = [{"at": 0, **WEB, "handle_time": [300, 200]}, {"at": 1, **WEB, "handle_time": 60}]
    draws = by_hand(world(), rows).streams[0].draws
    law = Constant(value=5)
    assert [draws.values("handle_time", law, k).tolist() for k in range(3)] == [[300, 60], [200, 5], [5, 5]]


def test_what_is_left_out_is_drawn_from_the_law_as_if_nothing_were_written(world):
    rows = [{"at": 0, **WEB, "patience": [None, 7]}, {"at": 1, **WEB, "patience": 60}, {"at": 2, **WEB}]
    plain = [{"at": row["at"], **WEB} for row in rows]
    written, drawn = (by_hand(world(), contacts).streams[0].draws for contacts in (rows, plain))
    law = Exponential(mean=100)
    free = drawn.values("patience", law).tolist()
    assert written.values("patience", law).tolist() == [free[0], 60, free[2]]
    assert written.values("patience", law, 1).tolist() == [7, *drawn.values("patience", law, 1).tolist()[1:]]


def test_where_a_share_decides_the_uniform_itself_is_written(world):
    rows = [{"at": 0, **WEB, "transfer": 0.0, "accept": [0.99, 0.0]}]
    draws = by_hand(world(), rows).streams[0].draws
    assert draws.uniforms("transfer").tolist() == [0]
    assert [draws.uniforms("accept", k)[0] for k in range(2)] == [0.99, 0.0]
    assert 0 < draws.uniforms("accept", 2)[0] < 1


def test_patience_without_a_law_is_infinite_but_for_whom_it_is_written(world):
    rows = [{"at": 0, **WEB, "patience": 30}, {"at": 1, **WEB}, {"at": 2, **WEB, "patience": math.inf}]
    assert by_hand(world(), rows).streams[0].draws.values("patience", None).tolist() == [
        30,
        math.inf,
        math.inf,
    ]


def test_labels_are_those_written_and_none_else(world):
    scenario = world("{channel: web, queue: general, per_hour: 60, labels: {premium: 90%}}")
    rows = [{"at": 0, **WEB, "label": "vip"}, {"at": 1, **WEB}, {"at": 2, **WEB, "label": None}]
    assert list(by_hand(scenario, rows).streams[0].labels) == ["vip", None, None]
    assert list(by_hand(scenario, [{"at": 1, **WEB}]).streams[0].labels) == [None]


def test_it_tells_what_is_given(world):
    draws = by_hand(world(), [{"at": 0, **WEB, "patience": 30}, {"at": 1, **WEB}]).streams[0].draws
    assert draws.gives("patience")
    assert not draws.gives("handle_time")


def test_all_mistakes_come_at_once(world):
    rows = [
        {"at": -1, "channel": "wep", "queue": "general"},
        {"at": 36000, **WEB, "label": "premum"},
        {"channel": "web"},
    ]
    with pytest.raises(SimError) as raised:
        by_hand(world(), rows)
    assert str(raised.value).splitlines() == [
        "contact 0: at -1 s is outside the day of [0, 36000) s",
        "contact 0: unknown channel `wep`; did you mean `web`?",
        "contact 1: at 36000 s is outside the day of [0, 36000) s",
        "contact 1: unknown label `premum`; did you mean `premium`?",
        "contact 2: `at` is missing",
        "contact 2: `queue` is missing",
    ]


def test_seed_and_replication_may_be_given(world):
    rows = [{"at": 0, **WEB}]
    workload = by_hand(world(), rows, replication=2, seed=5)
    assert (workload.seed, workload.replication) == (5, 2)
    assert workload != by_hand(world(), rows)
