"""A recorded day: what was recorded stands, what was not is drawn."""

import numpy as np
import pytest
from scipy import stats

from sim.scenario.distributions import (
    Constant,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Uniform,
    Weibull,
)
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


# The patience of who was answered: drawn given that it exceeded their wait.

WAITED = """contact_id,channel,queue,offered_at,waited_s,outcome
"""


def waited(tmp_path, world, rows):
    (tmp_path / "contacts.csv").write_text(WAITED + "".join(rows))
    return world("{replay: contacts.csv}", folder=tmp_path)


@pytest.mark.parametrize(
    "law",
    [
        Exponential(mean=100.0),
        pytest.param(Weibull(shape=1.5, scale=200.0), marks=pytest.mark.slow),
        pytest.param(Gamma(mean=150.0, sd=100.0), marks=pytest.mark.slow),
        pytest.param(Lognormal(mean=150.0, sd=200.0), marks=pytest.mark.slow),
        Hyperexponential(means=(20.0, 300.0), shares=(0.5, 0.5)),
        pytest.param(Uniform(low=10.0, high=400.0), marks=pytest.mark.slow),
    ],
    ids=lambda law: type(law).__name__,
)
def test_a_patience_exceeds_the_wait_as_the_law_has_it(tmp_path, world, law):
    """Of 4,000 who waited 90 s and were answered: scipy's law cut off at 90 s, by its own distribution function."""
    rows = [f"{i},web,general,{i / 10},90,answered\n" for i in range(4000)]
    (web,) = draw(waited(tmp_path, world, rows)).streams
    drawn = np.asarray(web.draws.values("patience", law))
    assert drawn.min() >= 90
    below_90 = float(share_below(law, 90.0))

    def cut_off(t):
        return (share_below(law, t) - below_90) / (1 - below_90)

    assert stats.kstest(drawn, cut_off).pvalue > 0.001
    free = np.asarray(web.draws.values("patience", law, 1))
    assert free.min() < 90  # of a second attempt nothing is known


def share_below(law, t):
    """The law's distribution function, from scipy and by hand, not from the code that draws."""
    if isinstance(law, Exponential):
        return stats.expon(scale=law.mean).cdf(t)
    if isinstance(law, Weibull):
        return stats.weibull_min(law.shape, scale=law.scale).cdf(t)
    if isinstance(law, Gamma):
        return stats.gamma((law.mean / law.sd) ** 2, scale=law.sd**2 / law.mean).cdf(t)
    if isinstance(law, Lognormal):
        sigma = np.log1p((law.sd / law.mean) ** 2) ** 0.5
        return stats.lognorm(sigma, scale=law.mean * np.exp(-(sigma**2) / 2)).cdf(t)
    if isinstance(law, Uniform):
        return stats.uniform(law.low, law.high - law.low).cdf(t)
    return sum(p * stats.expon(scale=m).cdf(t) for p, m in zip(law.shares, law.means, strict=True))


def test_an_exponential_patience_forgets_the_wait(tmp_path, world):
    """Beyond the wait it is as if drawn anew: wait + the same uniform's value, contact by contact."""
    rows = [f"{i},web,general,{i / 10},{30 if i % 2 else 60},answered\n" for i in range(500)]
    (web,) = draw(waited(tmp_path, world, rows)).streams
    law = Exponential(mean=100.0)
    uniforms = np.asarray(web.draws.uniforms("patience"))
    least = np.where(np.arange(500) % 2, 30.0, 60.0)
    expected = least - 100.0 * np.log1p(-uniforms)
    assert np.asarray(web.draws.values("patience", law)) == pytest.approx(expected, rel=1e-9)


def test_who_left_has_their_wait_as_patience_and_others_the_law(tmp_path, world):
    rows = ["a,web,general,1,45,abandoned\n", "b,web,general,2,,\n", "c,web,general,3,700,answered\n"]
    (web,) = draw(waited(tmp_path, world, rows)).streams
    assert web.draws.values("patience", Constant(value=600)).tolist() == [45, 600, 700.001]
    assert web.draws.values("patience", None).tolist()[::2] == [45, np.inf]


def test_what_is_recorded_comes_back_from_a_file(tmp_path, world):
    (tmp_path / "contacts.csv").write_text(
        "contact_id,channel,queue,offered_at,waited_s,outcome,transfer_to,transfer_after_s,agent\n"
        "a,web,general,1,9,answered,billing,30,\nb,web,general,2,,,-,,\nc,web,general,3,,,,,\n"
    )
    scenario = world("{replay: contacts.csv}", folder=tmp_path)
    workload = draw(scenario)
    assert workload.streams[0].recorded == (("billing", 30.0, None), None, None)
    workload.save(tmp_path / "day.npz")
    assert Workload.load(tmp_path / "day.npz", scenario) == workload
