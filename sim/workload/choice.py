"""One of several names, by one uniform number."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

Name = TypeVar("Name", covariant=True)


class Choice(Generic[Name]):
    """A categorical law over names in the order they are written, its cumulated shares prepared once.

    A uniform u picks the first name whose cumulated share exceeds u. Names of share 0 are never picked; the
    last name that counts takes what rounding leaves of the sum of 1. Raises ValueError where no name has a
    share above 0.
    """

    __slots__ = ("_bounds", "names")

    def __init__(self, names: Sequence[Name], shares: Sequence[float]) -> None:
        kept = [(name, share) for name, share in zip(names, shares, strict=True) if share > 0]
        if not kept:
            raise ValueError(f"none of {list(names)} has a share above 0")
        self.names: tuple[Name, ...] = tuple(name for name, _ in kept)
        self._bounds = tuple(accumulate(share for _, share in kept))[:-1]

    def pick(self, u: float) -> Name:
        """Return the name that the uniform `u` in [0, 1) falls on."""
        return self.names[bisect_right(self._bounds, u)]

    def pick_each(self, uniforms: Iterable[float]) -> list[Name]:
        """Return the names that many uniforms fall on."""
        names, bounds = self.names, self._bounds
        if not bounds:
            return [names[0] for _ in uniforms]
        return [names[bisect_right(bounds, u)] for u in uniforms]


def choice_or_none(shares: Mapping[str, float]) -> Choice[str | None]:
    """Make a choice among shares that need not reach 1; the rest is nobody's, and comes last.

    So a name added at the end takes from the rest alone and leaves everybody else's draw as it was.
    """
    rest = max(0.0, 1.0 - sum(shares.values()))
    return Choice((*shares, None), (*shares.values(), rest if rest > 1e-12 else 0.0))
