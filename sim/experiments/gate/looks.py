"""When the gate looks at its figures, and how much error each look may cost."""

from dataclasses import dataclass

FIRST = 10
"""Replications at the first look: a spread taken from fewer says little."""

ERROR = 0.05
"""How often a verdict may be wrong, over all looks together."""


@dataclass(frozen=True, slots=True)
class Look:
    """A look after so many replications, at which a verdict may err with probability `alpha`."""

    replications: int
    alpha: float


def looks(at_most: int, error: float = ERROR) -> tuple[Look, ...]:
    """Plan looks after 10, 20, 40, ... and `at_most` replications.

    The error is spent in proportion to the replications (the spending function alpha * t of Lan and DeMets
    1983, Kim and DeMets 1987). What a look adds is taken as its level by itself, so that by Bonferroni all of
    them together err at most as often as allowed, whatever depends on what.
    """
    sizes = [FIRST]
    while sizes[-1] * 2 < at_most:
        sizes.append(sizes[-1] * 2)
    sizes = [*(size for size in sizes if size < at_most), at_most]
    added = [size - before for size, before in zip(sizes, [0, *sizes], strict=False)]
    return tuple(Look(size, error * more / at_most) for size, more in zip(sizes, added, strict=True))
