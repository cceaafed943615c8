"""The types of a scenario's fields: what each key may hold, how it is written, what editors are told of it.

How a number is read from text, and how large it may be, is in `sim.scenario.numbers`.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
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
from sim.scenario.numbers import (
    CLOCK_PATTERN,
    DURATION_PATTERN,
    QUANTITY_PATTERN,
    RANGES,
    SHARE_PATTERN,
    calendar_day,
    clock,
    clock_text,
    duration,
    duration_text,
    moment,
    moment_text,
    number,
    quantity,
    share,
    share_text,
    switch,
    whole,
    within,
)

NAME_PATTERN = r"^\w[\w -]{0,49}$"

_NAME = re.compile(NAME_PATTERN)

STREAM_PATTERN = r"^\w[\w /#+-]{0,1999}$"
"""Longer than a name may be: left out, it is made of the channel and all queues."""
_STREAM = re.compile(STREAM_PATTERN)


def name(value: Any) -> str:
    """Read the name of a queue, team, channel and the like. Raises ValueError."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and _NAME.fullmatch(text):
        return text
    raise ValueError(f"{quoted(value)} is not a name; letters, digits, `_`, `-` and spaces, at most 50")


def is_stream_name(value: Any) -> bool:
    """Return whether a stream of arrivals may have that name."""
    return isinstance(value, str) and _STREAM.fullmatch(value) is not None


def stream_name(value: Any) -> str:
    """Read the name of a stream of arrivals. Raises ValueError."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if is_stream_name(text):
        return str(text)
    raise ValueError(f"{quoted(value)} is not a name; letters, digits, `_`, `-`, `/`, `#`, `+` and spaces")


def number_or(pattern: str, **bounds: float) -> WithJsonSchema:
    """Describe a number that may also be written as text."""
    as_number = {"type": "number", **(bounds or {"minimum": 0})}
    return WithJsonSchema({"anyOf": [as_number, {"type": "string", "pattern": pattern}]})


def _whole_number(**bounds: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", **bounds})


def _written(text: Any) -> PlainSerializer:
    return PlainSerializer(text, when_used="json")


_ABOVE_0 = {"exclusiveMinimum": 0}


def _seconds(key: str = "") -> tuple[BeforeValidator, PlainSerializer]:
    reader = within(key, duration) if key else duration
    return BeforeValidator(reader), _written(duration_text)


def _counted(key: str, least: int) -> tuple[Any, ...]:
    bounds = {"minimum": least, "maximum": int(RANGES[key].most)}
    return BeforeValidator(within(key, whole)), Ge(least), _whole_number(**bounds)


def _shares(key: str = "ratio") -> tuple[BeforeValidator, PlainSerializer]:
    return BeforeValidator(within(key, share) if key else share), _written(share_text)


def _amount(key: str) -> tuple[Any, ...]:
    bounds = {"minimum": 0, "maximum": RANGES[key].most}
    text = _written(lambda value: int(value) if value == int(value) else value)
    return BeforeValidator(within(key, number)), Ge(0), text, WithJsonSchema({"type": "number", **bounds})


Duration = TypeAliasType("Duration", Annotated[float, *_seconds(), number_or(DURATION_PATTERN)])
"""Seconds, not below 0."""
PositiveDuration = TypeAliasType(
    "PositiveDuration", Annotated[float, *_seconds(), Gt(0), number_or(DURATION_PATTERN, **_ABOVE_0)]
)
"""Seconds, above 0."""
RingTime = TypeAliasType(
    "RingTime", Annotated[float, *_seconds("ring_time"), Gt(0), number_or(DURATION_PATTERN, **_ABOVE_0)]
)
"""How long an offer rings, in seconds."""
Grain = TypeAliasType(
    "Grain", Annotated[float, *_seconds("interval"), Gt(0), number_or(DURATION_PATTERN, **_ABOVE_0)]
)
"""The length of an interval in seconds."""
Span = TypeAliasType(
    "Span", Annotated[float, *_seconds("lasts"), Gt(0), number_or(DURATION_PATTERN, **_ABOVE_0)]
)
"""The length of a run in seconds."""
Ratio = TypeAliasType("Ratio", Annotated[float, *_shares(), number_or(SHARE_PATTERN)])
"""A share that may exceed 100 %, such as a speed."""
Spread = TypeAliasType("Spread", Annotated[float, *_shares("sd"), number_or(SHARE_PATTERN)])
"""The standard deviation of a factor of mean 1."""
PositiveRatio = TypeAliasType(
    "PositiveRatio", Annotated[float, *_shares(), Gt(0), number_or(SHARE_PATTERN, **_ABOVE_0)]
)
"""A ratio above 0."""
Share = TypeAliasType(
    "Share",
    Annotated[
        float,
        *_shares(""),
        Le(1),
        number_or(SHARE_PATTERN, minimum=0, maximum=1),
    ],
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
Count = TypeAliasType("Count", Annotated[int, *_counted("count", 0)])
"""A whole number, not below 0."""
PositiveCount = TypeAliasType("PositiveCount", Annotated[int, *_counted("count", 1)])
"""A whole number, at least 1."""
Seed = TypeAliasType("Seed", Annotated[int, *_counted("seed", 0)])
"""A whole number that all draws come from."""
Replications = TypeAliasType("Replications", Annotated[int, *_counted("replications", 1)])
"""A number of replications."""
Agents = TypeAliasType("Agents", Annotated[int, *_counted("agents", 0)])
"""A number of agents."""
Tasks = TypeAliasType("Tasks", Annotated[int, *_counted("max_tasks", 0)])
"""A number of tasks that are open at once."""
PositiveTasks = TypeAliasType("PositiveTasks", Annotated[int, *_counted("max_tasks", 1)])
"""A number of tasks that are open at once, at least 1."""
OpenTasks = TypeAliasType(
    "OpenTasks",
    Annotated[
        float,
        BeforeValidator(within("max_tasks", number)),
        Ge(1),
        _written(lambda value: int(value) if value == int(value) else value),
        WithJsonSchema({"type": "number", "minimum": 1, "maximum": int(RANGES["max_tasks"].most)}),
    ],
)
"""A mean number of tasks that are open at once, at least 1."""
Returns = TypeAliasType("Returns", Annotated[int, *_counted("at_most", 0)])
"""How often one customer comes back."""
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
Rate = TypeAliasType("Rate", Annotated[float, *_amount("per_hour")])
"""Contacts an hour."""
Whispers = TypeAliasType("Whispers", Annotated[float, *_amount("whispers_per_minute")])
"""Messages a minute."""
Cost = TypeAliasType("Cost", Annotated[float, *_amount("cost")])
"""An amount of money."""
Quantity = TypeAliasType(
    "Quantity", Annotated[float, BeforeValidator(quantity), number_or(QUANTITY_PATTERN, minimum=0)]
)
"""A figure in the unit of its metric."""
Moment = TypeAliasType(
    "Moment",
    Annotated[datetime, BeforeValidator(moment), _written(moment_text), WithJsonSchema({"type": "string"})],
)
"""A local date and time."""
Day = TypeAliasType(
    "Day",
    Annotated[
        date, BeforeValidator(calendar_day), _written(date.isoformat), WithJsonSchema({"type": "string"})
    ],
)
"""A date."""
Name = TypeAliasType(
    "Name",
    Annotated[
        str, BeforeValidator(name), WithJsonSchema({"type": ["string", "integer"], "pattern": NAME_PATTERN})
    ],
)
"""The name of a part of the scenario."""
StreamName = TypeAliasType(
    "StreamName",
    Annotated[
        str,
        BeforeValidator(stream_name),
        WithJsonSchema({"type": ["string", "integer"], "pattern": STREAM_PATTERN}),
    ],
)
"""The name of a stream of arrivals, which may be made of those of its channel and queues."""


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


class ByName:
    """Describes a mapping of names to parts."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return _named(handler(schema))


Table = Annotated[Mapping[Name, V], AfterValidator(ReadOnlyDict), ByName()]
"""A field that maps names to parts and is read-only once it is checked."""
AtLeastOne = Annotated[Mapping[Name, V], AfterValidator(ReadOnlyDict), MinLen(1), ByName()]
"""Such a mapping that may not be empty."""


# What every part of a scenario has in common.

_OF_PYDANTIC = frozenset(name for name in dir(BaseModel) if not name.startswith("__"))


class Part(BaseModel):
    """A part of a scenario: typed, read-only, without unknown keys."""

    def __dir__(self) -> list[str]:
        """Name what there is to use; what pydantic gives to every model works too, and is not named."""
        fields = type(self).model_fields
        return [name for name in super().__dir__() if name in fields or name not in _OF_PYDANTIC]

    # Built once, as parts of the scenario that is read first. A default that is a part is made by `model_construct`,
    # as to check it would build its own.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)
