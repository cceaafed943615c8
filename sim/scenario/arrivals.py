"""Arrival streams: by rate, by forecast file or replayed from a recorded day."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, NamedTuple

from annotated_types import MinLen
from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    PrivateAttr,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    Tag,
    ValidationInfo,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from sim.scenario.context import UNKNOWN, Finding, several
from sim.scenario.day_rules import ByDay
from sim.scenario.distributions import Distribution
from sim.scenario.fields import (
    AtLeastOne,
    Grain,
    Name,
    Part,
    PositiveRatio,
    Rate,
    Ratio,
    ReadOnlyDict,
    Share,
    Spread,
    StreamName,
    Table,
)
from sim.scenario.included_files import read_forecast, refuse_beside
from sim.scenario.interval_files import NamedFile
from sim.scenario.replays import NOT_HANDED_ON, read_replay


class Busyness(Part):
    """Factors on arrivals, gamma distributed with mean 1: one for the day, and one for each interval of it."""

    sd: Spread = Field(
        default=0.0, description="Standard deviation of the day's factor, a share such as 8%; default 0%."
    )
    interval_sd: Spread = Field(
        default=0.0,
        description="Standard deviation of the factor of each interval `every`, on top of the day's; default 0%.",
    )
    every: Grain = Field(
        default=1800.0, description="Length of an interval of `interval_sd`, a duration; default 30m."
    )

    @model_validator(mode="after")
    def _says_something(self) -> "Busyness":
        if not self.model_fields_set & {"sd", "interval_sd"}:
            raise ValueError("give sd, interval_sd or both")
        return self


class SelfService(Part):
    """The bot before an agent is asked for."""

    time: Distribution = Field(description="Law of the time spent with the bot.")
    contained: Share = Field(
        default=0.0, description="Share who are helped by the bot and ask for no agent; default 0%."
    )


class ForecastRow(NamedTuple):
    """One interval of a forecast: its start in seconds from opening, contacts, mean handle time in seconds."""

    start_s: float
    volume: float
    aht_s: float | None


class Contact(NamedTuple):
    """One recorded contact; times in seconds, None where the law decides.

    `waited_s` is the wait for the answer, which their patience exceeds. `transfer_to` is a queue, or `-` where they
    were surely not handed on.
    """

    contact_id: str
    channel: str
    queue: str
    offered_at: float
    patience_s: float | None
    handle_time_s: float | None
    label: str | None
    waited_s: float | None = None
    wrap_up_s: float | None = None
    transfer_to: str | None = None
    transfer_after_s: float | None = None
    agent: str | None = None

    @property
    def is_handed_on(self) -> bool:
        """Whether they were handed on to a queue."""
        return self.transfer_to is not None and self.transfer_to != NOT_HANDED_ON

    @property
    def told(self) -> tuple[str | float | None, ...]:
        """What is told of it, without what no file had in earlier versions and this one lacks."""
        whole = tuple(self)
        return whole if any(one is not None for one in whole[7:]) else whole[:7]


OneOrMany = Annotated[
    Annotated[Rate, Tag("one rate")] | Annotated[tuple[Rate, ...], MinLen(1), Tag("list of rates")],
    Discriminator(lambda given: "list of rates" if isinstance(given, list | tuple) else "one rate"),
]
Rates = Annotated[
    Annotated[OneOrMany, Tag("rates")] | Annotated[ByDay[OneOrMany], Tag("rates by day")],
    Discriminator(lambda given: "rates by day" if isinstance(given, Mapping) else "rates"),
]


class Piece(NamedTuple):
    """A part of a date in which contacts arrive at an even rate: from when to when in seconds, and how many."""

    start: float
    end: float
    volume: float


Queues = Annotated[
    Annotated[Name, Tag("one queue")] | Annotated[AtLeastOne[Share], Tag("shares of queues")],
    Discriminator(lambda given: "shares of queues" if isinstance(given, Mapping) else "one queue"),
]


ForecastFile = Annotated[NamedFile, AfterValidator(read_forecast)]


class Arrivals(Part):
    """One stream of contacts."""

    channel: Name | None = Field(
        default=None, description="Channel of the stream, a name under `channels`; not with `replay`."
    )
    queue: Queues | None = Field(
        default=None,
        description="Queue its contacts ask for, a name under `queues`, or several with their shares, 100% together; "
        "not with `replay`.",
    )
    per_hour: Rates | None = Field(
        default=None,
        description="Contacts an hour: one number, or a list with one for each interval `every`; with a `calendar` "
        "lists begin at the day's opening, and there may be one for each day: {mon-fri: [...], sat: [...]}.",
    )
    every: Grain = Field(
        default=3600.0, description="Length of an interval of `per_hour`, a duration; default 1h."
    )
    busyness: Busyness | None = Field(
        default=None, description="The stream's own random factors, on top of the common ones; default: none."
    )
    volume_factor: Ratio = Field(
        default=1.0, description="Factor on the stream's contacts, of rates and files; default 100%."
    )
    aht_factor: PositiveRatio = Field(
        default=1.0,
        description="Factor on the handle times of its contacts in the queue that they ask for; default 100%.",
    )
    labels: Table[Share] = Field(
        default=ReadOnlyDict(),
        description="Customer labels with their shares, at most 100% together; default: none.",
    )
    self_service: SelfService | None = Field(
        default=None, description="The bot before an agent is asked for; default: none."
    )
    file: ForecastFile | None = Field(
        default=None,
        description="In place of `per_hour`: a file with interval_start, volume[, aht_s], relative to the scenario, "
        "or {path: FILE, ...} with the columns that are read.",
    )
    replay: str | None = Field(
        default=None,
        description="In place of `per_hour`: a CSV file with contact_id, channel, queue, offered_at"
        "[, patience_s, waited_s, outcome, handle_time_s, wrap_up_s, transfer_to, transfer_after_s, agent, label],"
        " relative to the scenario.",
    )
    name: StreamName | None = Field(
        default=None,
        description="Name of the stream, by which its customers are known in comparisons; default: channel/queue.",
    )
    forecast: SkipJsonSchema[tuple[ForecastRow, ...]] = Field(default=(), exclude=True)
    contacts: SkipJsonSchema[tuple[Contact, ...]] = Field(default=(), exclude=True)

    _pieces: tuple[Piece, ...] | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any, info: ValidationInfo) -> Any:
        if not isinstance(given, Mapping):
            return given
        rows = [Finding((key,), UNKNOWN, is_key=True) for key in ("forecast", "contacts") if key in given]
        if rows:
            raise several(rows)
        if given.get("file") is not None:
            refuse_beside("file", given, ("every",))
        return given if given.get("replay") is None else read_replay(given, info)

    @model_validator(mode="after")
    def _one_source(self) -> "Arrivals":
        given = [key for key in ("per_hour", "file", "replay") if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(f"give one of per_hour, file and replay, not {' and '.join(given) or 'none'}")
        misfits = ("channel", "queue", "busyness") if self.replay is not None else ()
        misfit = next((key for key in misfits if getattr(self, key) is not None), None)
        if misfit:
            raise ValueError(f"{misfit} does not go with replay, it comes from the file")
        if self.replay is not None and self.volume_factor != 1:
            raise ValueError("volume_factor does not go with replay, whose contacts are those of the file")
        missing = next((key for key in ("channel", "queue") if getattr(self, key) is None), None)
        if missing and self.replay is None:
            raise ValueError(f"{missing} is missing")
        if self.file is not None:
            rows, every = self.file.content
            object.__setattr__(self, "forecast", tuple(ForecastRow(*row) for row in rows))
            object.__setattr__(self, "every", every)
        return self

    @property
    def pieces(self) -> tuple[Piece, ...] | None:
        """When its contacts arrive on a single date of a calendar; None where `per_hour` or the file says it itself."""
        return self._pieces

    def arriving(self, pieces: tuple[Piece, ...], **changed: Any) -> "Arrivals":
        """Return the stream of a single date, with those parts in which contacts arrive."""
        found = self.model_copy(update=changed)
        found._pieces = pieces
        return found

    @property
    def queues(self) -> Mapping[str, float]:
        """The queues that its contacts ask for, with their shares; none where each recorded contact names its own."""
        if isinstance(self.queue, Mapping):
            return self.queue
        return {} if self.queue is None else {self.queue: 1.0}

    def volume_within(self, lasts: float) -> float:
        """Return the contacts that are given for a run of `lasts` seconds, before any factor."""
        if self.replay is not None:
            return float(len(self.contacts))
        if self.pieces is not None:
            return sum(piece.volume for piece in self.pieces)
        if self.forecast:
            return sum(row.volume for row in self.forecast)
        if isinstance(self.per_hour, tuple):
            return sum(self.per_hour) * min(self.every, lasts) / 3600
        if isinstance(self.per_hour, Mapping):
            return 0.0  # which dates there are is for a calendar to say
        return (self.per_hour or 0.0) * lasts / 3600

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if self.file is not None and not (info.context and info.context.get("resolved")):
            written.pop("every", None)  # the file's own intervals say it
        return written


# Names of streams, by which their draws are addressed and their customers known.


def default_name(channel: object, queue: object, replay: object = None) -> str:
    """Return the name of a stream that is given none, from its keys as they stand in the file or as they are read."""
    if channel is None:
        return f"replay:{replay}"
    return f"{channel}/{'+'.join(map(str, queue)) if isinstance(queue, Mapping) else queue}"


def unlike(names: Iterable[tuple[str | None, str]]) -> tuple[str, ...]:
    """Return names of streams, own ones or else the default, no two alike: the next of a name has "#2"."""
    pairs = tuple(names)
    own = {name for name, _ in pairs}
    so_far: Counter[str] = Counter()
    found: dict[str, None] = {}
    for given, default in pairs:
        base = given or default
        while True:
            so_far[base] += 1
            name = base if so_far[base] == 1 else f"{base}#{so_far[base]}"
            if name not in found and (name == given or name not in own):
                break
        found[name] = None
    return tuple(found)
