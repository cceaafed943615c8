"""The uniform numbers of one address, read at any place."""

from typing import cast

import numpy as np

from sim.workload.streams import Floats

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
        bits = cast("np.random.PCG64", self._generator.bit_generator)
        bits.advance((start - self._at) % _PERIOD)  # a number takes one step of the generator
        self._at = stop
        return self._generator.random(stop - start)
