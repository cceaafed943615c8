"""Columns of uniforms addressed by names."""

import pickle

import numpy as np
import pytest

from sim.scenario import Uniform
from sim.workload.draws import AgentDraws
from sim.workload.seeds import Seeds, column

SEEDS = Seeds(20260302, 3)


def test_a_column_is_the_same_however_long_it_is_made():
    long = SEEDS.uniforms(1000, "web/general", "patience", 0)
    assert np.array_equal(SEEDS.uniforms(10, "web/general", "patience", 0), long[:10])


@pytest.mark.parametrize(
    "other",
    [
        Seeds(20260303, 3).uniforms(50, "web/general", "patience", 0),
        Seeds(20260302, 4).uniforms(50, "web/general", "patience", 0),
        SEEDS.uniforms(50, "web/billing", "patience", 0),
        SEEDS.uniforms(50, "web/general", "balk", 0),
        SEEDS.uniforms(50, "web/general", "patience", 1),
    ],
    ids=["seed", "replication", "stream", "purpose", "k"],
)
def test_each_part_of_the_address_makes_another_column(other):
    assert not np.intersect1d(SEEDS.uniforms(50, "web/general", "patience", 0), other).size


def test_the_numbers_of_an_address_are_these():
    """Pinned: a change of the addressing would change every result ever published from a seed."""
    assert SEEDS.uniforms(3, "web/general", "patience", 0).tolist() == [
        0.5166170903829167,
        0.7810100767991427,
        0.34219831079234353,
    ]


def test_columns_of_different_addresses_are_uncorrelated():
    columns = np.array([SEEDS.uniforms(20_000, "s", purpose, k) for purpose in "abcd" for k in range(3)])
    correlation = np.corrcoef(columns) - np.eye(len(columns))
    assert np.abs(correlation).max() < 4.5 / np.sqrt(20_000)


def test_a_column_gives_plain_floats_and_cannot_be_written():
    view = column(SEEDS.uniforms(4, "s", "p", 0))
    assert type(view[0]) is float
    with pytest.raises(TypeError):
        view[0] = 1.0


class TestAgents:
    def test_the_kth_draw_does_not_depend_on_the_order_of_asking(self):
        forth, back = AgentDraws(SEEDS), AgentDraws(SEEDS)
        wanted = [
            ("frontline", number, "absence", k) for number in range(3) for k in (0, 1, 63, 64, 200, 1000)
        ]
        assert [forth.uniform(*one) for one in wanted] == [back.uniform(*one) for one in wanted[::-1]][::-1]

    def test_agents_teams_and_purposes_have_their_own(self):
        draws = AgentDraws(SEEDS)
        found = {
            draws.uniform(team, number, purpose, k)
            for team in ("a", "b")
            for number in range(4)
            for purpose in ("absence", "delay")
            for k in range(5)
        }
        assert len(found) == 80
        assert all(0 <= u < 1 for u in found)

    def test_a_value_is_the_laws_quantile_of_the_number(self):
        draws = AgentDraws(SEEDS)
        for law in (Uniform(low=10, high=20), Uniform(low=0, high=1), Uniform(low=10, high=20)):
            for k in (0, 1, 63, 64, 200):
                u = draws.uniform("a", 1, "reaction", k)
                assert draws.value("a", 1, "reaction", law, k) == pytest.approx(
                    law.low + u * (law.high - law.low)
                )

    def test_they_survive_pickling(self):
        draws = AgentDraws(SEEDS)
        first = draws.uniform("a", 0, "absence", 0)
        assert pickle.loads(pickle.dumps(draws)).uniform("a", 0, "absence", 0) == first
