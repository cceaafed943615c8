"""Durations, shares, clock times, switches and counts: from the text of a scenario to plain numbers and back.

Durations become float seconds, shares floats (0.35), clock times seconds since midnight, switches bool.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, NoReturn, TypeVar

from annotated_types import Ge, Gt, Le, MinLen
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import TypeAliasType

from sim.errors import quoted

LONGEST_S = 36_500 * 86_400.0
SECONDS_OF = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION_PATTERN = r"^(\d+(\.\d+)?|\.\d+)\s*[smhd]?$"
SHARE_PATTERN = r"^(\d+(\.\d+)?|\.\d+)\s*%?$"
QUANTITY_PATTERN = r"^(\d+(\.\d+)?|\.\d+)\s*[%smhd]?$"
CLOCK_PATTERN = r"^\d{1,3}:[0-5]\d(:[0-5]\d)?$"
NAME_PATTERN = r"^\w[\w -]{0,49}$"

_DURATION = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*([smhd]?)")
_SHARE = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(%?)")
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
_NAME = re.compile(NAME_PATTERN)


def is_number(value: object) -> bool:
    """Return whether a value is a finite number; a switch is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def duration(value: Any) -> float:
    """Read a duration as seconds: 90, 90s, 5m, 1.5h, 2d. Raises ValueError."""
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found:
        seconds = float(Decimal(found[1]) * SECONDS_OF[found[2] or "s"])
    elif is_number(value) and value >= 0:
        seconds = float(value)
    else:
        raise ValueError(f"{quoted(value)} is not a duration; write 90 (seconds), 90s, 5m, 1.5h or 2d")
    if seconds > LONGEST_S:
        raise ValueError(f"{quoted(value)} is too long; at most {duration_text(LONGEST_S)}")
    return seconds


def duration_text(seconds: float) -> str:
    """Write seconds in the largest unit that keeps them whole; exact in every case."""
    for unit in ("d", "h", "m"):
        if seconds and seconds % SECONDS_OF[unit] == 0:
            return f"{int(seconds / SECONDS_OF[unit])}{unit}"
    return f"{_plain(Decimal(repr(seconds)))}s"


def share(value: Any) -> float:
    """Read a share or a ratio: 0.35 or 35%. Raises ValueError."""
    if is_number(value) and value >= 0:
        return float(value)
    found = _SHARE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"{quoted(value)} is not a share; write 35% or 0.35")
    return float(Decimal(found[1]) / 100 if found[2] else Decimal(found[1]))


def share_text(value: float) -> str:
    """Write a share in per cent, exact in every case."""
    return f"{_plain(Decimal(repr(value)) * 100)}%"


def clock(value: Any) -> float:
    """Read a clock time as seconds since midnight; "26:00" is 02:00 of the next day. Raises ValueError."""
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError(f'{quoted(value)} is not a clock time; write "08:00" (after midnight "26:00")')
    return float(int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0))


def clock_text(seconds: float) -> str:
    """Write seconds since midnight as a clock time."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{rest:02d}" if rest else "")


def switch(value: Any) -> bool:
    """Read on/off or true/false. Raises ValueError."""
    if isinstance(value, bool):
        return value
    if value in ("on", "off"):
        return bool(value == "on")
    raise ValueError(f"{quoted(value)} is not a switch; write on or off")


def whole(value: Any) -> int:
    """Read a whole number. Raises ValueError."""
    if is_number(value) and value == int(value):
        return int(value)
    raise ValueError(f"{quoted(value)} is not a whole number")


def number(value: Any) -> float:
    """Read a plain number. Raises ValueError."""
    if is_number(value):
        return float(value)
    raise ValueError(f"{quoted(value)} is not a number")


def quantity(value: Any) -> float:
    """Read a number, a share (70%) or a duration (4m) in its own unit: 1, 0.7, 240. Raises ValueError."""
    if is_number(value):
        return float(value)
    reader = share if isinstance(value, str) and value.strip().endswith("%") else duration
    try:
        return reader(value)
    except ValueError:
        raise ValueError(f"{quoted(value)} is no number; write 12, 70% or 4m") from None


def moment(value: Any) -> datetime:
    """Read a local date and time of day. Raises ValueError."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    try:
        found = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise ValueError(f"{quoted(value)} is not a local date and time; write 2026-03-02 08:00")
    return found


def moment_text(value: datetime) -> str:
    """Write a date and time as short as it can be without loss."""
    return value.isoformat(" ", "auto" if value.second or value.microsecond else "minutes")


def name(value: Any) -> str:
    """Read the name of a queue, team, channel and the like. Raises ValueError."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and _NAME.fullmatch(text):
        return text
    raise ValueError(f"{quoted(value)} is not a name; letters, digits, `_`, `-` and spaces, at most 50")


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_or(pattern: str, **bounds: float) -> WithJsonSchema:
    """Describe a number that may also be written as text."""
    as_number = {"type": "number", **(bounds or {"minimum": 0})}
    return WithJsonSchema({"anyOf": [as_number, {"type": "string", "pattern": pattern}]})


def _whole_number(**bounds: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", **bounds})


def _written(text: Any) -> PlainSerializer:
    return PlainSerializer(text, when_used="json")


_SECONDS = (BeforeValidator(duration), _written(duration_text))
_SHARES = (BeforeValidator(share), _written(share_text))
_ABOVE_0 = {"exclusiveMinimum": 0}

Duration = TypeAliasType("Duration", Annotated[float, *_SECONDS, number_or(DURATION_PATTERN)])
"""Seconds, not below 0."""
PositiveDuration = TypeAliasType(
    "PositiveDuration", Annotated[float, *_SECONDS, Gt(0), number_or(DURATION_PATTERN, **_ABOVE_0)]
)
"""Seconds, above 0."""
Ratio = TypeAliasType("Ratio", Annotated[float, *_SHARES, number_or(SHARE_PATTERN)])
"""A share that may exceed 100 %, such as a speed."""
PositiveRatio = TypeAliasType(
    "PositiveRatio", Annotated[float, *_SHARES, Gt(0), number_or(SHARE_PATTERN, **_ABOVE_0)]
)
"""A ratio above 0."""
Share = TypeAliasType(
    "Share", Annotated[float, *_SHARES, Le(1), number_or(SHARE_PATTERN, minimum=0, maximum=1)]
)
"""A share from 0 to 1."""
Clock = TypeAliasType(
    "Clock",
    Annotated[
        float,
        BeforeValidator(clock),
        _written(clock_text),
        WithJsonSchema({"type": "string", "pattern": CLOCK_PATTERN}),
    ],
)
"""A clock time in seconds since midnight."""
Switch = TypeAliasType(
    "Switch",
    Annotated[
        bool,
        BeforeValidator(switch),
        _written(lambda on: "on" if on else "off"),
        WithJsonSchema({"enum": ["on", "off", True, False]}),
    ],
)
"""On or off."""
Count = TypeAliasType("Count", Annotated[int, BeforeValidator(whole), Ge(0), _whole_number(minimum=0)])
"""A whole number, not below 0."""
PositiveCount = TypeAliasType(
    "PositiveCount", Annotated[int, BeforeValidator(whole), Ge(1), _whole_number(minimum=1)]
)
"""A whole number, at least 1."""
Priority = TypeAliasType(
    "Priority", Annotated[int, BeforeValidator(whole), Ge(1), Le(10), _whole_number(minimum=1, maximum=10)]
)
"""A priority from 1 to 10; the higher comes first."""
HighPriority = TypeAliasType(
    "HighPriority",
    Annotated[int, BeforeValidator(whole), Ge(1), Le(11), _whole_number(minimum=1, maximum=11)],
)
"""A priority from 1 to 11; 11 is above all that a scenario may give to customers."""
Level = TypeAliasType(
    "Level", Annotated[int, BeforeValidator(whole), Ge(0), Le(10), _whole_number(minimum=0, maximum=10)]
)
"""A level of a skill, 0 (not at all) to 10."""
Number = TypeAliasType(
    "Number",
    Annotated[
        float,
        BeforeValidator(number),
        Ge(0),
        _written(lambda value: int(value) if value == int(value) else value),
        WithJsonSchema({"type": "number", "minimum": 0}),
    ],
)
"""A plain number, not below 0."""
Quantity = TypeAliasType(
    "Quantity", Annotated[float, BeforeValidator(quantity), number_or(QUANTITY_PATTERN, minimum=0)]
)
"""A figure in the unit of its metric."""
Moment = TypeAliasType(
    "Moment",
    Annotated[datetime, BeforeValidator(moment), _written(moment_text), WithJsonSchema({"type": "string"})],
)
"""A local date and time."""
Name = TypeAliasType(
    "Name",
    Annotated[
        str, BeforeValidator(name), WithJsonSchema({"type": ["string", "integer"], "pattern": NAME_PATTERN})
    ],
)
"""The name of a part of the scenario."""


# Mappings that stay as they were read.

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


# What every part of a scenario has in common.

_DEPRECATED = {
    name
    for name, value in vars(BaseModel).items()
    if hasattr(getattr(value, "__func__", getattr(value, "fget", value)), "__deprecated__")
}


class Part(BaseModel):
    """A part of a scenario: typed, read-only, without unknown keys."""

    def __dir__(self) -> list[str]:
        """Name what there is to use, without what pydantic keeps from its first version and warns of."""
        return [name for name in super().__dir__() if name not in _DEPRECATED]

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
