"""Where generators of random numbers begin, for many addresses at once.

`SeedSequence` hashes one address in some ten microseconds, and a day has hundreds, nearly the same as the day before.
This is its algorithm over an array of addresses: the same words come out, which a test holds against numpy's own.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random.bit_generator import ISeedSequence

Words = npt.NDArray[np.uint32]

POOL = 4
"""Words of a pool of entropy, and of the seed: a longer one is left to numpy."""
WORD = 2**32

_INIT_A, _MULT_A, _INIT_B, _MULT_B = 0x43B0D7E5, 0x931E8875, 0x8B51F9DD, 0x58F38DED
_LEFT, _RIGHT, _SHIFT = 0xCA01F9DD, 0x4973F715, 16


class State(ISeedSequence):
    """The words by which one generator begins, as numpy asks for them."""

    __slots__ = ("_words",)

    def __init__(self, words: npt.NDArray[np.uint64]) -> None:
        self._words = words

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> npt.NDArray[Any]:
        """Return the words; a generator of this module's users asks for four of 64 bits."""
        assert (n_words, dtype) == (len(self._words), np.uint64)
        return self._words


def states(seed: int, keys: Iterable[tuple[int, ...]]) -> dict[tuple[int, ...], State]:
    """Return the beginning of the generator of each spawn key of a seed; all of them are below 2^32."""
    found: dict[tuple[int, ...], State] = {}
    for _, alike in groupby(sorted(keys, key=len), len):
        group = list(alike)
        words = _generated(_mixed(seed, np.array(group, np.uint32).T))
        found |= zip(group, map(State, words), strict=True)
    return found


@lru_cache(maxsize=8)
def _pool(seed: int) -> tuple[list[int], int]:
    """Return the pool after a seed, and the constant by which the next word is hashed."""
    constant = _INIT_A

    def hashed(value: int) -> int:
        nonlocal constant
        value ^= constant
        constant = constant * _MULT_A % WORD
        value = value * constant % WORD
        return value ^ value >> _SHIFT

    pool = [hashed(seed >> 32 * i & WORD - 1) for i in range(POOL)]
    for source in range(POOL):
        for to in range(POOL):
            if source != to:
                mixed = (_LEFT * pool[to] - _RIGHT * hashed(pool[source])) % WORD
                pool[to] = mixed ^ mixed >> _SHIFT
    return pool, constant


@lru_cache(maxsize=32)
def _constants(first: int, factor: int, count: int) -> Words:
    """Return the constants of so many hashes, a row each: the one before times the factor; one more than hashes."""
    found = [first]
    for _ in range(count):
        found.append(found[-1] * factor % WORD)
    return np.array(found, np.uint32)[:, np.newaxis]


def _mixed(seed: int, keys: Words) -> Words:
    """Mix keys, a word a row, into the pool of a seed: a row a word of the pool, a column a key."""
    start, constant = _pool(seed)
    constants = _constants(constant, _MULT_A, POOL * len(keys))
    pool = np.repeat(np.array(start, np.uint32)[:, np.newaxis], keys.shape[1], axis=1)
    for number, word in enumerate(keys):
        at = POOL * number
        hashed = _hashed(word, constants[at : at + POOL], constants[at + 1 : at + POOL + 1])
        pool = np.uint32(_LEFT) * pool - np.uint32(_RIGHT) * hashed
        pool ^= pool >> np.uint32(_SHIFT)
    return pool


def _hashed(values: Words, constants: Words, following: Words) -> Words:
    hashed = (values ^ constants) * following
    return hashed ^ hashed >> np.uint32(_SHIFT)


def _generated(pool: Words) -> npt.NDArray[np.uint64]:
    """Return the four words of 64 bits that each column of a pool gives."""
    constants = _constants(_INIT_B, _MULT_B, 2 * POOL)
    words = _hashed(np.concatenate([pool, pool]), constants[:-1], constants[1:])
    low, high = words[::2].astype(np.uint64), words[1::2].astype(np.uint64)
    together: npt.NDArray[np.uint64] = np.ascontiguousarray((low | high << np.uint64(32)).T)
    return together
