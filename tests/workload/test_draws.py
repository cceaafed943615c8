"""A draw is one number, addressed by what it is for: nothing else that happens or exists moves it."""

import math
import pickle

import numpy as np
import pytest

from sim.errors import SimError
from sim.scenario.distributions import Constant, Exponential, Gamma
from sim.workload import AgentDraws, Workload, draw
from sim.workload.draws import ContactDraws
from sim.workload.seeds import Seeds
from sim.workload.workload import draws_address

ADDITION = "{channel: app, queue: general, per_hour: 20, labels: {vip: 10%}}"
PURPOSES = ("patience", "label", "balk", "accept", "transfer")


def everything(workload: Workload, streams: int = 2) -> list[list[float]]:
    """Times, labels and a few columns of the first streams, and draws of a few agents."""
    found = []
    for stream in workload.streams[:streams]:
        found += [stream.times.tolist(), list(stream.labels)]
        found += [stream.draws.uniforms(purpose, k).tolist() for purpose in PURPOSES for k in range(3)]
        found += [stream.draws.values("handle_time", Exponential(mean=300), k).tolist() for k in range(2)]
    agents = [("frontline", number) for number in range(9)]
    return [*found, [workload.agents.uniform(*agent, "absence", k) for agent in agents for k in range(3)]]


def test_a_scale_that_is_left_to_some_leaves_the_others_as_they_are():
    draws = ContactDraws(Seeds(1, 0), draws_address("a", "a"), 3, {}, np.array([2.0, 3.0, 4.0]))
    law = Constant(10.0)
    some = ("some", np.array([True, False, True]))
    assert draws.values("handle_time", law, only=some).tolist() == [20.0, 10.0, 40.0]
    assert draws.values("handle_time", law).tolist() == [20.0, 30.0, 40.0]
    assert draws.values("handle_time", law, scaled=False, only=some).tolist() == [10.0, 10.0, 10.0]
    assert draws.values("patience", law, only=some).tolist() == [10.0, 10.0, 10.0]


@pytest.fixture(scope="module")
def before(world):
    return everything(draw(world()))


def test_adding_a_stream_changes_no_draw_of_the_others(world, before):
    streams = ("{channel: web, queue: general, per_hour: 60}", "{channel: app, queue: billing, per_hour: 30}")
    assert everything(draw(world(*streams, ADDITION))) == before


def test_the_order_of_streams_changes_no_draw(world, before):
    streams = ("{channel: app, queue: billing, per_hour: 30}", "{channel: web, queue: general, per_hour: 60}")
    turned = draw(world(*streams))
    again = Workload(turned.streams[::-1], turned.seed, turned.replication, turned.agents)
    assert everything(again) == before


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("queues.fraud", {"medium": "chat", "handle_time": "3m", "steps": [{"needs": "general >= 1"}]}),
        ("teams.evening", {"agents": 2, "skills": {"billing": 5}}),
        ("teams.frontline.agents", 10),
        ("routing.agent_selection", "most_tasks"),
        ("routing.ring_time", "20s"),
        ("queues.general.patience", "2m"),
        ("replications", 50),
        ("labels.press", {"priority": 3}),
        ("media.voice", {"max_tasks": 1}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_change_of_anything_but_arrivals_changes_no_draw(world, before, key, value):
    assert everything(draw(world().set(key, value))) == before


def test_replications_do_not_depend_on_one_another_and_share_nothing(world, before):
    draw(world(), replication=4)
    assert everything(draw(world(), replication=0)) == before
    one, other = (set(draw(world(), r).streams[0].draws.uniforms("patience")) for r in (0, 1))
    assert not one & other


def test_the_kth_draw_does_not_depend_on_the_order_of_asking(world):
    asked = [(purpose, k) for purpose in PURPOSES for k in range(5)]
    forth, back = (draw(world()).streams[0].draws for _ in range(2))
    columns = [forth.uniforms(*one).tolist() for one in asked]
    assert [back.uniforms(*one).tolist() for one in asked[::-1]][::-1] == columns


def test_another_rate_keeps_every_contacts_numbers(world):
    few, many = (
        draw(world(f"{{channel: web, queue: general, per_hour: {rate}}}")).streams[0] for rate in (20, 60)
    )
    assert len(few) < len(many)
    for purpose in PURPOSES:
        assert few.draws.uniforms(purpose).tolist() == many.draws.uniforms(purpose)[: len(few)].tolist()
    law = Gamma(mean=300, sd=200)
    assert (
        few.draws.values("handle_time", law).tolist()
        == many.draws.values("handle_time", law)[: len(few)].tolist()
    )
    np.testing.assert_allclose(few.times, many.times[: len(few)] * 3, rtol=1e-9)


def test_a_name_of_its_own_makes_a_stream_another_one(world):
    named = draw(world("{channel: web, queue: general, per_hour: 60, name: callbacks}")).streams[0]
    assert named.name == "callbacks"
    assert named.times.tolist() != draw(world()).streams[0].times.tolist()


def test_two_streams_of_the_same_channel_and_queue_are_independent(world):
    one, other = draw(world(*["{channel: web, queue: general, per_hour: 60}"] * 2)).streams
    assert (one.name, other.name) == ("web/general", "web/general#2")
    assert not set(one.times) & set(other.times)


def test_seed_and_replication_are_told_and_the_scenarios_seed_is_the_default(world):
    workload = draw(world(), 3)
    assert (workload.seed, workload.replication) == (7, 3)
    assert draw(world(), 3, seed=7) == workload
    assert draw(world(), 3, seed=8) != workload


@pytest.mark.parametrize(("replication", "seed"), [(-1, None), (0, -5)])
def test_a_negative_seed_or_replication_is_a_mistake(world, replication, seed):
    with pytest.raises(SimError, match="must not be negative"):
        draw(world(), replication, seed)


def test_columns_are_plain_floats_over_the_unit_interval_made_once(world):
    draws = draw(world()).streams[0].draws
    column = draws.uniforms("patience")
    assert type(column[0]) is float
    assert column is draws.uniforms("patience", 0)
    assert all(0 <= u < 1 for u in column)
    law = Exponential(mean=60)
    assert draws.values("patience", law) is draws.values("patience", law, 0)


def test_values_are_the_laws_quantiles_of_the_uniforms(world):
    draws = draw(world()).streams[0].draws
    values = draws.values("patience", Exponential(mean=60), 2)
    assert values.tolist() == pytest.approx([-60 * math.log1p(-u) for u in draws.uniforms("patience", 2)])
    assert set(draws.values("patience", Constant(value=5))) == {5.0}


def test_laws_made_and_dropped_do_not_mix_up_their_columns(world):
    draws = draw(world()).streams[0].draws
    for seconds in range(200):
        assert draws.values("wrap_up", Constant(value=seconds))[0] == seconds


def test_without_a_law_a_value_never_comes(world):
    assert set(draw(world()).streams[0].draws.values("patience", None)) == {math.inf}


def test_labels_follow_their_shares_and_one_added_at_the_end_leaves_the_others(world):
    text = "{{channel: web, queue: general, per_hour: 400, labels: {{premium: 20%{}}}}}"
    before = draw(world(text.format(""))).streams[0].labels
    after = draw(world(text.format(", vip: 10%"))).streams[0].labels
    share = before.count("premium") / len(before)
    assert abs(share - 0.2) < 4 * math.sqrt(0.16 / len(before))
    assert [label if label != "vip" else None for label in after] == list(before)
    assert 0.07 < after.count("vip") / len(after) < 0.13


def test_without_labels_nobody_has_one(world):
    assert set(draw(world()).streams[0].labels) == {None}


def test_contacts_come_by_time_then_stream_then_index(world):
    workload = draw(world())
    order = workload.order()
    expected = sorted(
        (t, s, i) for s, stream in enumerate(workload.streams) for i, t in enumerate(stream.times)
    )
    assert list(zip(*order, strict=True)) == expected
    assert [type(column[0]) for column in order] == [float, int, int]
    assert len(workload) == len(expected)


def test_a_scenario_without_arrivals_has_an_empty_workload(world):
    scenario = world().model_copy(update={"arrivals": ()})
    assert [len(column) for column in draw(scenario).order()] == [0, 0, 0]


def test_a_workload_pickles_without_its_columns(world):
    workload = draw(world(ADDITION))
    empty = len(pickle.dumps(workload))
    told = everything(workload, 1)
    packed = pickle.dumps(workload)
    assert len(packed) == empty
    assert not pickle.loads(packed).streams[0].times.flags.writeable
    assert pickle.loads(packed) == workload
    assert everything(pickle.loads(packed), 1) == told
    assert isinstance(pickle.loads(packed).agents, AgentDraws)


def test_a_million_contacts_are_drawn_in_well_under_a_second(world):
    from time import process_time

    scenario = world("{channel: web, queue: general, per_hour: 100000}")
    start = process_time()
    workload = draw(scenario)
    workload.order()
    workload.streams[0].draws.values("patience", scenario.queues["general"].patience)
    assert len(workload) > 990_000
    assert process_time() - start < 1.0
