"""Columns of uniform numbers, addressed by what they are for and never by when they are asked for.

Generators of random numbers are made in this module only. A column's address is a seed, a replication and
a few names; the n-th number of a column is the same however long the column is made and whatever else was
drawn before. Names are hashed by CRC-32, so adding a queue or a stream moves no other column.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, Protocol, TypeAlias, cast
from zlib import crc32

import numpy as np
import numpy.typing as npt
from numpy.random.bit_generator import ISeedSequence

from sim.errors import SimError
from sim.scenario import Scenario
from sim.scenario.model import require_scenarios, require_whole

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]


class Column(Protocol):
    """Read-only numbers, one a contact, indexed one at a time: plain floats, as a memoryview gives."""

    def __getitem__(self, contact: int, /) -> float:
        """Return the number of one contact, counted from 0."""

    def __len__(self) -> int:
        """Return the number of contacts."""

    def __iter__(self) -> Iterator[float]:
        """Return the numbers one by one."""

    def tolist(self) -> list[float]:
        """Return all the numbers."""


class Seeds:
    """The root of all draws of one replication; each address below it is an independent stream of numbers.

    An address is a tuple of names and counters, e.g. ("web/general", "handle_time", 0), and becomes the
    spawn key of `SeedSequence(seed, spawn_key=(replication, ...))`. On a date of a calendar the `date` comes before
    the names, so that a day is the same alone and in its week.
    """

    __slots__ = ("_states", "date", "replication", "seed")

    def __init__(self, seed: int, replication: int, date: str = "") -> None:
        self.seed = seed
        self.replication = replication
        self.date = date
        self._states: dict[tuple[str | int, ...], State] | None = None

    @classmethod
    def of(cls, scenario: Scenario, replication: int = 0, seed: int | None = None) -> "Seeds":
        """Return the seeds of a scenario's replication, or of another `seed`. Raises SimError below 0."""
        require_scenarios(scenario)
        require_whole(replication=replication, seed=seed)
        chosen = scenario.seed if seed is None else seed
        if chosen < 0 or replication < 0:
            raise SimError(f"seed and replication must not be negative, but are {chosen} and {replication}")
        return cls(chosen, replication, "" if scenario.date is None else scenario.date.name)

    def generator(self, *address: str | int) -> np.random.Generator:
        """Make the generator that belongs to an address, at its beginning."""
        if self._states is None:
            self._states = self._foreseen()
        _asked[address] = None
        # Any sequence that gives its words will do, which numpy's stubs do not say.
        sequence: Any = self._states.pop(address, None)
        if sequence is None:
            sequence = np.random.SeedSequence(self.seed, spawn_key=self._key(address))
        return np.random.Generator(np.random.PCG64(sequence))

    def _foreseen(self) -> "dict[tuple[str | int, ...], State]":
        """Return where the generators begin that were asked for last, as one day asks for what the day before did."""
        addresses = list(_asked)
        _asked.clear()
        keys = [self._key(address) for address in addresses]
        if len(keys) < WORTH_IT or self.seed >= WORD**POOL or max(map(max, keys)) >= WORD:
            return {}
        found = states(self.seed, keys)
        return {address: found[key] for address, key in zip(addresses, keys, strict=True)}

    def _key(self, address: tuple[str | int, ...]) -> tuple[int, ...]:
        named = (self.date, *address) if self.date else address
        return (self.replication, *(_word(part) for part in named))

    def uniforms(self, size: int, *address: str | int) -> Floats:
        """Return the first `size` numbers over [0, 1) of an address."""
        return self.generator(*address).random(size)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Seeds):
            return NotImplemented
        return (self.seed, self.replication, self.date) == (other.seed, other.replication, other.date)

    def __hash__(self) -> int:
        return hash((self.seed, self.replication, self.date))

    def __reduce__(self) -> tuple[type["Seeds"], tuple[int, int, str]]:
        return Seeds, (self.seed, self.replication, self.date)


_asked: dict[tuple[str | int, ...], None] = {}
"""Addresses that were asked for since the seeds before the present ones were first asked."""
WORTH_IT = 24
"""So many addresses cost about as much one by one as all at once."""


def frozen(array: Floats) -> Floats:
    """Make an array read-only, as a draw never changes, and return it."""
    array.flags.writeable = False
    return array


def column(array: Floats) -> Column:
    """Return a read-only view of an array, its items plain floats, fastest where they are indexed one at a time."""
    return cast("Column", frozen(array).data)


def _word(part: str | int) -> int:
    return crc32(part.encode()) if isinstance(part, str) else part


# Columns made block by block.

KEPT = 16
"""Blocks that are kept: contacts are served about in the order of arrival, so earlier blocks are done with."""


class BlockColumn:
    """Numbers, one a contact, made block by block as contacts ask for theirs.

    `make(start, stop)` gives those from `start` up to `stop`; a number is the same whichever block is asked
    for first. It is for numbers that few contacts need, such as those of a third offer: most of a whole column would
    not be used, and a month of such columns would fill the memory. A block that was dropped is made again
    where a contact comes back to it.
    """

    __slots__ = ("_block", "_blocks", "_make", "_size")

    def __init__(self, size: int, block: int, make: Callable[[int, int], Floats]) -> None:
        self._size = size
        self._block = block
        self._make = make
        self._blocks: dict[int, memoryview] = {}

    @property
    def block_size(self) -> int:
        """Numbers in a block, a power of two."""
        return self._block

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self._size // self._block)

    def make_block(self, number: int, blocks: int = 1) -> Floats:
        """Make the numbers of a block, or of so many from there on; nothing is kept."""
        start = number * self._block
        return self._make(start, min(start + blocks * self._block, self._size))

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, contact: int) -> float:
        """Return the number of one contact, counted from 0. Raises IndexError where there is no such contact."""
        if not 0 <= contact < self._size:
            raise IndexError(f"contact {contact} of {self._size}")
        number = contact // self._block
        block = self._blocks.get(number)
        if block is None:
            block = self._made(number)
        value: float = block[contact - number * self._block]
        return value

    def _made(self, number: int) -> memoryview:
        if len(self._blocks) == KEPT:
            del self._blocks[next(iter(self._blocks))]
        block = self._blocks[number] = self.make_block(number).data
        return block

    def __iter__(self) -> Iterator[float]:
        return (self[contact] for contact in range(self._size))

    def tolist(self) -> list[float]:
        """Return all the numbers."""
        return list(self)


_PERIOD = 2**128
"""Steps after which a PCG64 generator is where it began."""


class Numbers:
    """The numbers over [0, 1) that a generator gives, each found without making those before it."""

    __slots__ = ("_at", "_generator")

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator
        self._at = 0

    def between(self, start: int, stop: int) -> Floats:
        """Return the numbers from the one at `start`, counted from 0, up to that at `stop`."""
        if start != self._at:
            bits = cast("np.random.PCG64", self._generator.bit_generator)
            bits.advance((start - self._at) % _PERIOD)  # a number takes one step of the generator
        self._at = stop
        return self._generator.random(stop - start)


# Where generators begin, for many addresses at once.
#
# `SeedSequence` hashes one address in some ten microseconds, and a day has hundreds, nearly the same as the day before.
# This is its algorithm over an array of addresses: the same words come out, which a test holds against numpy's own.

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
