"""A recorded day: what was recorded stands, what was not is drawn."""

import pytest

from sim.scenario.distributions import Constant, Exponential
from sim.workload import Workload, draw

CSV = """contact_id,channel,queue,offered_at,patience_s,handle_time_s,label
a,app,billing,30,,400,
b,web,general,60,,200,
c,web,general,120,60,,premium
d,web,general,900,,,vip
"""


@pytest.fixture
def recorded(tmp_path, world):
    (tmp_path / "contacts.csv").write_text(CSV)
    return lambda *streams: world("{replay: contacts.csv}", *streams, folder=tmp_path)


def test_each_channel_and_queue_becomes_a_stream_in_order_of_time(recorded):
    app, web = draw(recorded()).streams
    assert (web.name, web.channel, web.queue, web.times.tolist()) == (
        "web/general",
        "web",
        "general",
        [60, 120, 900],
    )
    assert (app.name, app.times.tolist()) == ("app/billing", [30])


def test_recorded_values_stand_and_empty_cells_are_drawn(recorded):
    app, web = draw(recorded()).streams
    law = Constant(value=5)
    assert web.draws.values("patience", law).tolist() == [5, 60, 5]
    assert web.draws.values("handle_time", law).tolist() == [200, 5, 5]
    assert web.draws.values("handle_time", law, 1).tolist() == [5, 5, 5]
    assert app.draws.values("handle_time", law).tolist() == [400]
    assert app.draws.values("patience", law).tolist() == [5]
    assert not app.draws.gives("patience")


def test_replications_differ_in_what_is_drawn_alone(recorded):
    one, other = (draw(recorded(), replication).streams[1] for replication in (0, 1))
    assert one.times.tolist() == other.times.tolist()
    first, second = (
        stream.draws.values("patience", Exponential(mean=60)).tolist() for stream in (one, other)
    )
    assert first[1] == second[1] == 60
    assert first[0] != second[0]


def test_recorded_labels_stand(recorded):
    app, web = draw(recorded()).streams
    assert list(web.labels) == [None, "premium", "vip"]
    assert list(app.labels) == [None]


def test_a_label_left_empty_is_drawn_from_the_shares_where_there_are_any(tmp_path, world):
    rows = [f"{i},web,general,{i},,,{'vip' if i % 2 else ''}\n" for i in range(2000)]
    (tmp_path / "contacts.csv").write_text(CSV.splitlines()[0] + "\n" + "".join(rows))
    (web,) = draw(world("{replay: contacts.csv, labels: {premium: 40%}}", folder=tmp_path)).streams
    assert set(web.labels[1::2]) == {"vip"}
    assert 0.34 < web.labels[::2].count("premium") / 1000 < 0.46


def test_drawn_streams_beside_it_and_their_draws_do_not_touch_a_recorded_day(recorded, world):
    drawn = "{channel: web, queue: general, per_hour: 60}"
    both = draw(recorded(drawn)).streams
    assert [stream.name for stream in both] == ["app/billing", "web/general", "web/general"]
    assert [stream.entry for stream in both] == ["replay:contacts.csv", "replay:contacts.csv", "web/general"]
    assert both[:2] == draw(recorded()).streams
    assert both[2] == draw(world(drawn)).streams[0]
    assert not set(both[1].draws.uniforms("balk")) & set(both[2].draws.uniforms("balk"))


def test_two_recorded_days_have_draws_of_their_own(recorded):
    streams = draw(recorded("{replay: contacts.csv}")).streams
    assert [stream.name for stream in streams] == ["app/billing", "web/general"] * 2
    one, other = (streams[i].draws.uniforms("balk").tolist() for i in (1, 3))
    assert one != other


def test_a_recorded_day_comes_back_from_a_file_with_its_draws(recorded, tmp_path):
    workload = draw(recorded())
    workload.save(tmp_path / "day.npz")
    back = Workload.load(tmp_path / "day.npz", recorded())
    assert back == workload
    one, other = (each.streams[1].draws.uniforms("balk").tolist() for each in (workload, back))
    assert one == other
