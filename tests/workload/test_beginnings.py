"""Generators begin where numpy's own `SeedSequence` has them begin."""

import pickle
from random import Random

import numpy as np
import pytest

from sim.workload.seeds import WORTH_IT, Seeds, states

WORD = 2**32


@pytest.mark.parametrize("seed", [0, 1, 20260302, WORD - 1, WORD, 2**64 + 5, 2**128 - 1])
def test_the_words_are_those_of_numpy(seed: int) -> None:
    chance = Random(seed)
    keys = [
        tuple(chance.choice([0, 3, chance.randrange(WORD), WORD - 1]) for _ in range(1 + n % 6))
        for n in range(60)
    ]
    found = states(seed, keys)
    for key in keys:
        its = np.random.SeedSequence(seed, spawn_key=key).generate_state(4, np.uint64)
        assert found[key].generate_state(4, np.uint64).tolist() == its.tolist()


@pytest.mark.parametrize("date", ["", "2026-03-02"])
def test_a_second_day_draws_the_same_whether_foreseen_or_not(date: str) -> None:
    addresses = [("web/general", "handle_time", k) for k in range(2 * WORTH_IT)]
    day_before = Seeds(7, 0, date)
    for address in addresses:
        day_before.uniforms(1, *address)
    foreseen = Seeds(7, 1, date)
    first, *drawn = [foreseen.uniforms(3, *address).tolist() for address in addresses[:-1]]
    assert list(foreseen._states or ()) == addresses[-1:]
    assert drawn == [Seeds(7, 1, date).uniforms(3, *address).tolist() for address in addresses[1:-1]]
    assert first == _by_numpy(7, 1, date, *addresses[0])


def _by_numpy(seed: int, replication: int, date: str, *address: str | int) -> list[float]:
    from zlib import crc32

    words = [
        crc32(part.encode()) if isinstance(part, str) else part
        for part in ((date,) if date else ()) + address
    ]
    sequence = np.random.SeedSequence(seed, spawn_key=(replication, *words))
    drawn: list[float] = np.random.Generator(np.random.PCG64(sequence)).random(3).tolist()
    return drawn


@pytest.mark.parametrize(("seed", "replication"), [(2**128, 0), (1, WORD)])
def test_what_is_too_long_is_left_to_numpy(seed: int, replication: int) -> None:
    for k in range(2 * WORTH_IT):
        Seeds(1, 0).generator("a", k)
    seeds = Seeds(seed, replication)
    assert seeds.uniforms(3, "a", 1).tolist() == _by_numpy(seed, replication, "", "a", 1)
    assert not seeds._states


def test_seeds_travel_without_what_they_foresee() -> None:
    for k in range(2 * WORTH_IT):
        Seeds(1, 0).generator("a", k)
    seeds = Seeds(1, 2)
    seeds.generator("a", 0)
    assert len(pickle.dumps(seeds)) < 100
    assert pickle.loads(pickle.dumps(seeds)) == seeds
