"""Mappings that stay as they were read."""

from collections.abc import Mapping
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import AfterValidator

from sim.scenario.quantities import Name

K = TypeVar("K")
V = TypeVar("V")


class ReadOnlyDict(dict[K, V]):
    """A dict that refuses every change, so that a scenario may be shared, compared, hashed and pickled."""

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError("a scenario is read-only; make another with scenario.set(key, value)")

    __setitem__ = __delitem__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse
    __ior__ = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type["ReadOnlyDict[K, V]"], tuple[dict[K, V]]]:
        return type(self), (dict(self),)

    def __copy__(self) -> "ReadOnlyDict[K, V]":
        return self

    def __deepcopy__(self, _memo: Any) -> "ReadOnlyDict[K, V]":
        return self


Table = Annotated[Mapping[Name, V], AfterValidator(ReadOnlyDict)]
"""A field that maps names to parts and is read-only once it is checked."""
