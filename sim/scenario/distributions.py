"""Probability laws of durations. All parameters and values are seconds; `mean` is the mean of the value itself."""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import fields, replace
from itertools import pairwise
from typing import Annotated, Any

from annotated_types import Ge, MinLen
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.dataclasses import dataclass
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import TypeAliasType

from sim.errors import did_you_mean, quoted
from sim.scenario.context import Finding, several
from sim.scenario.fields import Clock, Duration, PositiveCount, PositiveDuration, ReadOnlyDict, Share
from sim.scenario.included_files import read_values
from sim.scenario.numbers import clock_text, is_number, number

FORBID = ConfigDict(extra="forbid", defer_build=True)
SHARES_TOLERANCE = 1e-9


@dataclass(frozen=True, config=FORBID)
class Constant:
    """Always the same value."""

    value: Duration = Field(description="The value, a duration.")

    @property
    def mean(self) -> float:
        """Mean in seconds."""
        return self.value


@dataclass(frozen=True, config=FORBID)
class Exponential:
    """Exponential law."""

    mean: PositiveDuration = Field(description="Mean, a duration above 0.")


@dataclass(frozen=True, config=FORBID)
class Lognormal:
    """Lognormal law, given by mean and standard deviation of the value (not of its logarithm)."""

    mean: PositiveDuration = Field(description="Mean of the value, a duration above 0.")
    sd: PositiveDuration = Field(description="Standard deviation of the value, a duration above 0.")


@dataclass(frozen=True, config=FORBID)
class Gamma:
    """Gamma law, given by mean and standard deviation: shape (mean/sd)^2, scale sd^2/mean."""

    mean: PositiveDuration = Field(description="Mean, a duration above 0.")
    sd: PositiveDuration = Field(description="Standard deviation, a duration above 0.")


@dataclass(frozen=True, config=FORBID)
class Weibull:
    """Weibull law with survival exp(-(t/scale)^shape)."""

    shape: Annotated[
        float, BeforeValidator(number), Ge(0.1), WithJsonSchema({"type": "number", "minimum": 0.1})
    ] = Field(description="Shape, a number of at least 0.1; 1 is exponential.")
    scale: PositiveDuration = Field(description="Scale, a duration above 0.")

    @property
    def mean(self) -> float:
        """Mean in seconds: scale * Gamma(1 + 1/shape)."""
        return self.scale * math.gamma(1 + 1 / self.shape)


@dataclass(frozen=True, config=FORBID)
class Erlang:
    """Sum of k independent exponential phases of equal mean."""

    mean: PositiveDuration = Field(description="Mean of the sum, a duration above 0.")
    k: PositiveCount = Field(description="Number of phases, a whole number of at least 1.")


@dataclass(frozen=True, config=FORBID)
class Uniform:
    """Uniform law from low to high."""

    low: Duration = Field(description="Smallest value, a duration.")
    high: Duration = Field(description="Largest value, a duration above `low`.")

    def __post_init__(self) -> None:
        """Refuse an empty range."""
        if not self.low < self.high:
            raise ValueError(f"low ({self.low:g}s) has to be below high ({self.high:g}s)")

    @property
    def mean(self) -> float:
        """Mean in seconds."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, config=FORBID)
class Triangular:
    """Triangular law from low to high with its peak at mode."""

    low: Duration = Field(description="Smallest value, a duration.")
    mode: Duration = Field(description="Most frequent value, a duration from `low` to `high`.")
    high: Duration = Field(description="Largest value, a duration above `low`.")

    def __post_init__(self) -> None:
        """Refuse values out of order."""
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            order = f"low {self.low:g}s, mode {self.mode:g}s, high {self.high:g}s"
            raise ValueError(f"low, mode and high have to be in this order, low below high, not {order}")

    @property
    def mean(self) -> float:
        """Mean in seconds."""
        return (self.low + self.mode + self.high) / 3


@dataclass(frozen=True, config=FORBID)
class Hyperexponential:
    """A mixture of exponential laws."""

    means: Annotated[tuple[PositiveDuration, ...], MinLen(1)] = Field(
        description="Means of the parts, durations above 0."
    )
    shares: tuple[Share, ...] = Field(description="Shares of the parts, together 100 %.")

    def __post_init__(self) -> None:
        """Refuse shares that do not fit the means or do not sum to 1."""
        if len(self.means) != len(self.shares):
            raise ValueError(f"there are {len(self.means)} means but {len(self.shares)} shares")
        check_whole(self.shares)

    @property
    def mean(self) -> float:
        """Mean in seconds."""
        return math.fsum(mean * part for mean, part in zip(self.means, self.shares, strict=True))


@dataclass(frozen=True, config=FORBID)
class Empirical:
    """Values that were seen, each as likely as the other; from the scenario or a column of a CSV file beside it."""

    values: Annotated[tuple[Duration, ...], MinLen(1)] = Field(
        default=(), validate_default=True, description="The values, durations; in place of `file`."
    )
    file: str | None = Field(
        default=None, description="CSV file with the values in seconds, relative to the scenario."
    )
    column: str | None = Field(default=None, description="Column of `file` that holds the values.")

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any, info: ValidationInfo) -> Any:
        return read_values(given, info) if isinstance(given, Mapping) else given

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if self.file is not None and not (info.context and info.context.get("resolved")):
            del written["values"]
        return {key: value for key, value in written.items() if value is not None}

    @property
    def mean(self) -> float:
        """Mean in seconds."""
        return math.fsum(self.values) / len(self.values)


@dataclass(frozen=True, config=FORBID)
class Sum:
    """Sum of independent parts, each drawn for itself."""

    parts: Annotated[tuple["Distribution", ...], MinLen(2)] = Field(
        description="At least two parts, each a duration or a law."
    )

    @property
    def mean(self) -> float:
        """Mean in seconds."""
        return math.fsum(part.mean for part in self.parts)


DAY_S = 86_400.0


def _within_a_day(clock_s: float) -> float:
    if clock_s >= DAY_S:
        raise ValueError(
            f'"{clock_text(clock_s)}" is beyond the day; the clock of a law goes from 00:00 to 23:59'
        )
    return clock_s


@dataclass(frozen=True, config=FORBID)
class ByTime:
    """A law for each time of the day, by the clock of a customer's first arrival; the last one holds over midnight."""

    entries: Annotated[
        Mapping[Annotated[Clock, AfterValidator(_within_a_day)], "Distribution"],
        MinLen(1),
        AfterValidator(lambda entries: ReadOnlyDict(sorted(entries.items()))),
    ] = Field(
        description="Clock times with the law that is in force from then on, the last one over midnight."
    )

    @property
    def mean(self) -> float:
        """Mean in seconds over a whole day, each law by the hours that it is in force."""
        starts = list(self.entries)
        lengths = [end - start for start, end in pairwise((*starts, starts[0] + DAY_S))]
        parts = zip(self.entries.values(), lengths, strict=True)
        return math.fsum(law.mean * length for law, length in parts) / DAY_S

    def at(self, clock_s: float) -> "Distribution":
        """Return the law in force at a clock time, in seconds since a midnight."""
        return list(self.entries.values())[bisect_right(list(self.entries), clock_s % DAY_S) - 1]


def times(law: "CustomerLaw", factor: float) -> "CustomerLaw":
    """Return a law whose every value is multiplied by a factor above 0."""
    if isinstance(law, ByTime):
        entries: Any = {clock_text(at): _multiplied(one, factor) for at, one in law.entries.items()}
        return ByTime(entries)
    return _multiplied(law, factor)


def _multiplied(law: "Distribution", factor: float) -> "Distribution":
    if isinstance(law, Sum):
        return Sum(tuple(_multiplied(part, factor) for part in law.parts))
    changed: dict[str, Any] = {}
    for field in fields(law):
        value = getattr(law, field.name)
        if field.name in _SCALES:
            changed[field.name] = value * factor
        elif field.name in ("means", "values"):
            changed[field.name] = tuple(one * factor for one in value)
    return replace(law, **changed)


_SCALES = frozenset({"value", "mean", "sd", "scale", "low", "mode", "high"})
"""Parameters of laws that are durations; the others are counts, shares and shapes."""


def check_whole(shares: tuple[float, ...]) -> None:
    """Raise ValueError where shares do not sum to 100 %."""
    total = math.fsum(shares)
    if abs(total - 1) > SHARES_TOLERANCE:
        raise ValueError(f"the shares sum to {total * 100:.10g}%, they have to sum to 100%")


ONLY_FIELD = {"constant": "value", "sum": "parts", "by_time": "entries"}
"""Laws that are written without the name of their one parameter."""


class _Boxed:
    """Reads a law from `{kind: {parameters}}`; a bare value is a constant."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        wrap = core_schema.wrap_serializer_function_ser_schema(self._box)
        return core_schema.no_info_before_validator_function(self._unbox, handler(source), serialization=wrap)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        inner = handler(schema)
        if self.kind in ONLY_FIELD:
            inner = dict(handler.resolve_ref_schema(inner)["properties"][ONLY_FIELD[self.kind]])
        if self.kind == "constant":
            return inner
        box = {"type": "object", "properties": {self.kind: inner}, "required": [self.kind]}
        return box | {"additionalProperties": False}

    def _box(self, law: Any, write: Any) -> Any:
        written = write(law)
        content = written[ONLY_FIELD[self.kind]] if self.kind in ONLY_FIELD else written
        return content if self.kind == "constant" else {self.kind: content}

    def _unbox(self, given: Any) -> Any:
        if isinstance(given, tuple(_KIND_OF)):
            return given
        content = given if self.kind == "constant" else given[self.kind]
        return {ONLY_FIELD[self.kind]: content} if self.kind in ONLY_FIELD else content


KINDS: dict[str, type] = {
    "constant": Constant,
    "exponential": Exponential,
    "lognormal": Lognormal,
    "gamma": Gamma,
    "weibull": Weibull,
    "erlang": Erlang,
    "uniform": Uniform,
    "triangular": Triangular,
    "hyperexponential": Hyperexponential,
    "empirical": Empirical,
    "sum": Sum,
}
_KIND_OF: dict[type, str] = {law: kind for kind, law in KINDS.items()} | {ByTime: "by_time"}


def _kind(given: Any) -> str:
    if type(given) in _KIND_OF:
        return _KIND_OF[type(given)]
    return str(next(iter(given))) if isinstance(given, dict) else "constant"


def _beside_law(given: dict[Any, Any]) -> PydanticCustomError:
    """Return the mistake of keys that stand beside the name of a law and not in it."""
    law = next(key for key in given if key in KINDS)
    what = f"does not go beside {quoted(law)}; what belongs to the law stands in its braces"
    return several([Finding((key,), f"{quoted(key)} {what}", is_key=True) for key in given if key != law])


def _shape(given: Any) -> Any:
    """Refuse what is neither a duration nor exactly one known law."""
    if type(given) in _KIND_OF or isinstance(given, str) or is_number(given):
        return given
    if isinstance(given, dict) and len(given) > 1 and len(given.keys() & KINDS.keys()) == 1:
        raise _beside_law(given)
    if not isinstance(given, dict) or len(given) != 1:
        raise ValueError(
            f"{quoted(given)} is no law; write a duration or one law such as {{exponential: {{mean: 5m}}}}"
        )
    kind = next(iter(given))
    known = [name for name in KINDS if name != "constant"]
    if kind == "by_time":
        raise ValueError(
            "by_time is for the laws of queues, which are drawn for customers; write one law here"
        )
    if kind not in known:
        raise ValueError(f"unknown law {quoted(kind)}; {did_you_mean(kind, known)}")
    return given


Distribution = TypeAliasType(
    "Distribution",
    Annotated[
        Annotated[Constant, _Boxed("constant"), Tag("constant")]
        | Annotated[Exponential, _Boxed("exponential"), Tag("exponential")]
        | Annotated[Lognormal, _Boxed("lognormal"), Tag("lognormal")]
        | Annotated[Gamma, _Boxed("gamma"), Tag("gamma")]
        | Annotated[Weibull, _Boxed("weibull"), Tag("weibull")]
        | Annotated[Erlang, _Boxed("erlang"), Tag("erlang")]
        | Annotated[Uniform, _Boxed("uniform"), Tag("uniform")]
        | Annotated[Triangular, _Boxed("triangular"), Tag("triangular")]
        | Annotated[Hyperexponential, _Boxed("hyperexponential"), Tag("hyperexponential")]
        | Annotated[Empirical, _Boxed("empirical"), Tag("empirical")]
        | Annotated[Sum, _Boxed("sum"), Tag("sum")],
        Discriminator(_kind),
        BeforeValidator(_shape),
    ],
)
"""Any of the laws; in a scenario a duration alone, or `{kind: {parameters}}`."""


def _timed(given: Any) -> str:
    is_timed = isinstance(given, ByTime) or (isinstance(given, dict) and list(given) == ["by_time"])
    return "by_time" if is_timed else "law"


CustomerLaw = TypeAliasType(
    "CustomerLaw",
    Annotated[
        Annotated[Distribution, Tag("law")] | Annotated[ByTime, _Boxed("by_time"), Tag("by_time")],
        Discriminator(_timed),
    ],
)
"""A law of what is drawn for customers: any of the laws, or one for each time of the day."""
