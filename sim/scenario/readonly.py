"""Mappings that stay as they were read."""

from collections.abc import Mapping
from typing import Annotated, Any, NoReturn, TypeVar

from annotated_types import MinLen
from pydantic import AfterValidator, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

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


def _named(schema: JsonSchemaValue) -> JsonSchemaValue:
    least = schema.pop("minLength", 0)
    return {**schema, "minProperties": least} if least else schema


class _Named:
    """Describes a mapping of names to parts."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return _named(handler(schema))


Table = Annotated[Mapping[Name, V], AfterValidator(ReadOnlyDict), _Named()]
"""A field that maps names to parts and is read-only once it is checked."""
AtLeastOne = Annotated[Mapping[Name, V], AfterValidator(ReadOnlyDict), MinLen(1), _Named()]
"""Such a mapping that may not be empty."""
