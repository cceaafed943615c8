"""The inverse distribution function of every law, applied to whole columns of uniform numbers.

Drawing by inversion makes a value a monotone function of its uniform number: where a law is changed, the
same contact keeps its place in it. Uniforms lie in [0, 1), so no value is infinite. scipy is
loaded only by the laws that need it, as it slows the start of a scenario without them.
"""

import math
import sys
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, singledispatch
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate
from threading import Lock
from types import ModuleType
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from sim.scenario.distributions import (
    DAY_S,
    ByTime,
    Constant,
    CustomerLaw,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Sum,
    Triangular,
    Uniform,
    Weibull,
)
from sim.workload.seeds import Floats

_NEWTON_STEPS = 100
_SMALL_STEP = 1e-8  # relative; convergence is quadratic, so what is left after such a step is below rounding


@singledispatch
def quantile(law: Distribution, u: Floats) -> Floats:  # noqa: ARG001 - the laws below use u
    """Return the values below which the shares `u` (each in [0, 1)) of the law lie, in the law's unit."""
    raise TypeError(f"{type(law).__name__} is not a law with a quantile function")


@quantile.register
def _(law: Constant, u: Floats) -> Floats:
    return np.full(u.shape, law.value, dtype=np.float64)


@quantile.register
def _(law: Exponential, u: Floats) -> Floats:
    return -law.mean * np.log1p(-u)


@quantile.register
def _(law: Lognormal, u: Floats) -> Floats:
    """Mean and sd are those of the value: sigma^2 = ln(1 + (sd/mean)^2), mu = ln(mean) - sigma^2/2."""
    variance = math.log1p((law.sd / law.mean) ** 2)
    if variance == 0.0:
        return np.full(u.shape, law.mean, dtype=np.float64)
    exponent: Floats = math.log(law.mean) - variance / 2 + math.sqrt(variance) * special().ndtri(u)
    return np.exp(exponent)


@quantile.register
def _(law: Gamma, u: Floats) -> Floats:
    """Shape (mean/sd)^2 and scale sd^2/mean."""
    if law.sd == 0.0:
        return np.full(u.shape, law.mean, dtype=np.float64)
    return gamma_of_shape((law.mean / law.sd) ** 2, law.mean, u)


@quantile.register
def _(law: Erlang, u: Floats) -> Floats:
    """Sum k exponential phases: a gamma of shape k."""
    return gamma_of_shape(law.k, law.mean, u)


@quantile.register
def _(law: Weibull, u: Floats) -> Floats:
    return law.scale * (-np.log1p(-u)) ** (1.0 / law.shape)


@quantile.register
def _(law: Uniform, u: Floats) -> Floats:
    return law.low + (law.high - law.low) * u


@quantile.register
def _(law: Triangular, u: Floats) -> Floats:
    width = law.high - law.low
    rising = law.low + np.sqrt(u * width * (law.mode - law.low))
    falling = law.high - np.sqrt((1.0 - u) * width * (law.high - law.mode))
    return np.where(u * width < law.mode - law.low, rising, falling)


@quantile.register
def _(law: Hyperexponential, u: Floats) -> Floats:
    """Solve H(x) = -ln S(x) = -ln(1 - u), where S(x) = sum of share * exp(-x / mean).

    H is increasing and concave (a mixture of exponentials has a falling hazard), so Newton's steps from
    below never pass the root and end where they no longer move.
    """
    branches = [(share, 1.0 / mean) for share, mean in zip(law.shares, law.means, strict=True) if share > 0]
    target = -np.log1p(-u)
    x = _below_the_root(branches, target)
    tiny = 1e-14 * max(law.means)  # below it a step near 0 is but the rounding of the logarithm
    for _ in range(_NEWTON_STEPS):
        parts = [share * np.exp(-rate * x) for share, rate in branches]
        survival = np.add.reduce(parts)
        density = np.add.reduce([rate * part for part, (_, rate) in zip(parts, branches, strict=True)])
        step = (target + np.log(survival)) * survival / density
        x += np.maximum(step, 0.0)
        if not np.any(step > _SMALL_STEP * x + tiny):
            break
    return x


@quantile.register
def _(law: Empirical, u: Floats) -> Floats:
    """Step over the values observed: each of n has share 1/n, without interpolation."""
    ordered = np.sort(np.asarray(law.values, dtype=np.float64))
    place = np.minimum((u * ordered.size).astype(np.intp), ordered.size - 1)
    return ordered[place]


# Laws of several parts: each part has a column of uniforms of its own, and these stand beside each other as rows.


def parts_of(law: CustomerLaw | None) -> int:
    """Return how many columns of uniforms a law is drawn from."""
    if isinstance(law, Sum):
        return sum(map(parts_of, law.parts))
    return max(map(parts_of, law.entries.values())) if isinstance(law, ByTime) else 1


def addresses(purpose: str, parts: int) -> list[str]:
    """Return the purposes under which the parts of a law are drawn; the first is that of a law without parts."""
    return [purpose, *(f"{purpose}+{part}" for part in range(1, parts))]


def beside(columns: Sequence[Floats]) -> Floats:
    """Return one column as it is, several as the rows of one array."""
    return columns[0] if len(columns) == 1 else np.stack(columns)


@quantile.register
def _(law: Sum, u: Floats) -> Floats:
    """Add the quantiles of the parts, each of its own rows of uniforms."""
    total = np.zeros(u.shape[-1], dtype=np.float64)
    row = 0
    for part in law.parts:
        rows = parts_of(part)
        total += quantile(part, _rows(u, row, rows))
        row += rows
    return total


def quantile_at(law: ByTime, u: Floats, clocks_s: Floats) -> Floats:
    """Return the quantiles of the law in force at each clock time, in seconds since a midnight."""
    starts = np.array(list(law.entries), dtype=np.float64)
    in_force = (np.searchsorted(starts, clocks_s % DAY_S, side="right") - 1) % starts.size
    values = np.empty(clocks_s.size, dtype=np.float64)
    for place, entry in enumerate(law.entries.values()):
        here = in_force == place
        values[here] = quantile(entry, _rows(u, 0, parts_of(entry))[..., here])
    return values


def _rows(u: Floats, first: int, rows: int) -> Floats:
    if u.ndim == 1:
        return u
    return u[first] if rows == 1 else u[first : first + rows]


def gamma_of_shape(shape: float, mean: float, u: Floats) -> Floats:
    """Return the quantiles of the gamma law with that shape and mean."""
    return np.asarray(special().gammaincinv(shape, u) * (mean / shape), dtype=np.float64)


def _below_the_root(branches: list[tuple[float, float]], target: Floats) -> Floats:
    """Bound the quantile from below: S is at least each branch alone, its hazard at most that at 0."""
    x = target / sum(share * rate for share, rate in branches)
    for share, rate in branches:
        x = np.maximum(x, (target + math.log(share)) / rate)
    return x


# Choices among names.

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

    @property
    def bounds(self) -> tuple[float, ...]:
        """The cumulated shares, without the last: the uniform numbers from which on the next name is picked."""
        return self._bounds

    def pick(self, u: float) -> Name:
        """Return the name that the uniform `u` in [0, 1) falls on."""
        return self.names[bisect_right(self._bounds, u)]

    def places(self, uniforms: Floats) -> npt.NDArray[np.int64]:
        """Return the places, among the names, of those that many uniforms fall on."""
        return np.searchsorted(self._bounds, uniforms, side="right")

    def pick_each(self, uniforms: Iterable[float]) -> list[Name]:
        """Return the names that many uniforms fall on."""
        names, bounds = self.names, self._bounds
        if not bounds:
            return [names[0] for _ in uniforms]
        return [names[bisect_right(bounds, u)] for u in uniforms]


def choice_or_none(shares: Mapping[str, float]) -> Choice[str | None]:
    """Make a choice among shares that need not reach 1; the rest gives None, and comes last.

    A name added at the end then takes from the rest alone and leaves every other draw as it was.
    """
    rest = max(0.0, 1.0 - sum(shares.values()))
    return Choice((*shares, None), (*shares.values(), rest if rest > 1e-12 else 0.0))


# The special functions of scipy.

_SPECIAL = "scipy.special"
_LOADING = Lock()


@cache
def special() -> Any:
    """Return the module with the functions of `scipy.special`.

    These are compiled, and loaded in 10 ms; what the package puts around them for arrays of other libraries takes
    130 ms more, a sixth of a small run. It is passed over for the moment in which they are loaded, where scipy lets us.
    """
    with _LOADING:  # a second thread would find the package without its functions
        if _SPECIAL not in sys.modules:
            with suppress(ImportError, AttributeError):
                return _bare_functions()
        return import_module(_SPECIAL)


def _bare_functions() -> ModuleType:
    place = find_spec("scipy")
    assert place is not None
    package = ModuleType(_SPECIAL)
    package.__path__ = [f"{folder}/special" for folder in place.submodule_search_locations or ()]
    sys.modules[_SPECIAL] = package
    try:
        return import_module(f"{_SPECIAL}._ufuncs")
    finally:
        del sys.modules[_SPECIAL]
