"""The scenario: everything that is fixed before a run."""

import hashlib
import json
from collections.abc import Mapping
from importlib import import_module
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import MinLen
from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    model_serializer,
    model_validator,
)

from sim.errors import SimError, quoted
from sim.scenario.arrivals import Arrivals, Busyness, default_name, unlike
from sim.scenario.calendar import Calendar, run_of
from sim.scenario.checks import check
from sim.scenario.context import Origin, several, since_midnight, surroundings_of
from sim.scenario.customers import Channel, Customers, Label, WaitingRoom
from sim.scenario.distributions import Distribution
from sim.scenario.expressions import Criteria
from sim.scenario.fields import (
    AtLeastOne,
    Duration,
    Grain,
    Moment,
    Name,
    Part,
    PositiveRatio,
    PositiveTasks,
    Ratio,
    ReadOnlyDict,
    Replications,
    Seed,
    Share,
    Span,
    Table,
    Whispers,
    number_or,
)
from sim.scenario.numbers import DURATION_PATTERN, duration, duration_text, within
from sim.scenario.people import content_of, take_rosters
from sim.scenario.queues import Queue, Step
from sim.scenario.replays import Fitted
from sim.scenario.roster_files import NamedRoster
from sim.scenario.routing import Routing
from sim.scenario.staffing import Staffing
from sim.scenario.targets import Target, Text
from sim.scenario.teams import Team

if TYPE_CHECKING:
    from sim.scenario.single_days import CalendarDay, Linked

# Media.


class Medium(Part):
    """A media routing domain: how many tasks an agent may have open in it, and how fast they then work."""

    max_tasks: PositiveTasks = Field(description="Tasks an agent may have open at once in this medium.")
    slowdown: Ratio = Field(
        default=0.0,
        description="How much each further open task slows each of them: pace 1/(1+slowdown*(n-1)); default 0%.",
    )
    pace: Annotated[tuple[PositiveRatio, ...], MinLen(1)] | None = Field(
        default=None,
        description="In place of `slowdown`: the pace itself for 1, 2, 3 ... open tasks; the last value holds on.",
    )

    interrupted_by: Table[Literal["goes_on", "holds", "rerouted"]] = Field(
        default=ReadOnlyDict(),
        description="Media whose tasks keep an agent from new ones of this medium, and what open ones do once such a "
        "task is accepted: goes_on, holds (they stand still) or rerouted (back to their queues); default: none.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> "Medium":
        if self.pace is not None and self.slowdown:
            raise ValueError("give slowdown or pace, not both")
        return self

    def pace_of(self, tasks: int) -> float:
        """Speed of each of `tasks` open tasks, 1 where there is no slowing; tasks >= 1."""
        if self.pace is not None:
            return self.pace[min(tasks, len(self.pace)) - 1]
        return 1 / (1 + self.slowdown * (tasks - 1))


# Silent monitoring, whispering and barging in.


class Supervision(Part):
    """How supervisors look into conversations."""

    team: Name = Field(description="Team that supervises; its role is supervisor.")
    queues: Annotated[tuple[Name, ...], MinLen(1)] = Field(
        description="Queues whose conversations are looked into."
    )
    probability: Share = Field(description="Share of conversations looked into.")
    after: Distribution = Field(description="Law of the time from the first answer to the look.")
    lasts: Distribution = Field(description="Law of how long the supervisor stays.")
    whispers_per_minute: Whispers = Field(
        default=0.0, description="Messages to the agents a minute, unseen by the customer; default 0."
    )
    barge_in: Share = Field(
        default=0.0, description="Share in which the supervisor becomes a participant; default 0%."
    )


def _drain(given: Any) -> float | None:
    if given is None or given == "until_empty":
        return None
    try:
        return float(within("lasts", duration)(given))
    except ValueError as error:
        raise ValueError(str(error).replace("; write ", "; write until_empty, ")) from None


Drain = Annotated[
    float | None,
    BeforeValidator(_drain),
    PlainSerializer(duration_text, when_used="json-unless-none"),
    number_or(f"^until_empty$|{DURATION_PATTERN}"),
]


class Scenario(Part):
    """A contact centre and its day: media, channels, queues, teams, arrivals and the routing policy."""

    name: Text = Field(default="Scenario", description="Title of the scenario.")
    description: Text = Field(default="", description="What it is about, in a sentence or two.")
    currency: Text = Field(default="", description="What costs are in, such as EUR or $; default: not said.")
    opens: Moment | None = Field(
        default=None, description="Wall clock of t = 0, local; default: none, t counts from 00:00."
    )
    lasts: Span = Field(description="How long contacts arrive, a duration.")
    calendar: Calendar | None = Field(
        default=None,
        description="In place of `opens` and `lasts`: dates with their opening hours; default: none.",
    )
    closing: Literal["serve_out", "clear_queues"] = Field(
        default="serve_out",
        description="serve_out (default): who waits at the end is still served; "
        "clear_queues: is sent away, what is open is finished.",
    )
    drain: Drain = Field(
        default=None,
        description="How long after the end open conversations may go on: until_empty (default) or a duration.",
    )
    warm_up: Duration = Field(
        default=0.0, description="Time at the start that is simulated but not measured; default 0s."
    )
    interval: Grain = Field(default=1800.0, description="Grain of the interval tables; default 30m.")
    seed: Seed = Field(default=0, description="Seed of all draws, a whole number; default 0.")
    replications: Replications = Field(default=1, description="Number of replications; default 1.")
    busyness: Busyness | None = Field(
        default=None, description="Random factors on all arrivals together, gamma with mean 1; default: none."
    )
    media: AtLeastOne[Medium] = Field(description="Media routing domains by name.")
    channels: AtLeastOne[Channel] = Field(description="Channels by name.")
    labels: Table[Label] = Field(
        default=ReadOnlyDict(),
        description="Customer labels by name; a customer has at most one; default: none.",
    )
    routing: Routing = Field(
        default=Routing.model_construct(), description="The routing policy; default: every key's default."
    )
    queues: AtLeastOne[Queue] = Field(description="Queues by name.")
    waiting_rooms: Table[WaitingRoom] = Field(
        default=ReadOnlyDict(), description="Waiting places shared by queues, by name; default: none."
    )
    teams: AtLeastOne[Team] = Field(description="Teams by name.")
    roster: NamedRoster | None = Field(
        default=None,
        description="Who is there when, person by person: a file by its name, or the columns that are read of it; "
        "default: none.",
    )
    supervision: Supervision | None = Field(
        default=None, description="Silent monitoring, whispering and barging in; default: none."
    )
    arrivals: tuple[Arrivals, ...] = Field(default=(), description="Streams of contacts; default: none.")
    customers: Customers = Field(
        default=Customers.model_construct(),
        description="What customers do who were not served; default: they leave.",
    )
    fitted: Fitted | None = Field(
        default=None,
        description="The log that the scenario was fitted from, by `sim calibrate`; default: none.",
    )
    targets: tuple[Target, ...] = Field(
        default=(), description="What `sim check` holds the figures to; default: none."
    )
    staffing: Staffing = Field(
        default=Staffing.model_construct(),
        description="What `sim staff` is to keep, and may choose from; default: each queue's service level.",
    )

    _origin: Origin | None = PrivateAttr(default=None)
    _date: "CalendarDay | None" = PrivateAttr(default=None)
    _days: "tuple[CalendarDay, ...] | None" = PrivateAttr(default=None)
    _linked: "Linked | None" = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _of_calendar(cls, given: Any) -> Any:
        return run_of(given) if isinstance(given, Mapping) and given.get("calendar") is not None else given

    @model_validator(mode="after")
    def _hold_together(self, info: ValidationInfo) -> "Scenario":
        found = list(take_rosters(self)) if self._has_rosters else []
        found += check(self, surroundings_of(info))
        if found:
            raise several(found)
        return self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return all(getattr(self, key) == getattr(other, key) for key in type(self).model_fields)

    def __hash__(self) -> int:
        return hash((self.name, self.lasts, self.seed))

    def _repr_html_(self) -> str:
        return str(import_module("sim.report.notebook").of_scenario(self))

    @property
    def origin(self) -> Origin | None:
        """The file it was read from, as plain values; None where it was made by hand."""
        return self._origin

    def coming_from(self, origin: Origin) -> "Scenario":
        """Remember the file that this scenario was read from."""
        self._origin = origin
        return self

    @property
    def _has_rosters(self) -> bool:
        return self.roster is not None or any(team.roster is not None for team in self.teams.values())

    @property
    def opens_at(self) -> float:
        """Clock time of t = 0 in seconds since midnight; 0 where `opens` is not given."""
        if self._date is not None:
            return self._date.clock_s
        return 0.0 if self.opens is None else since_midnight(self.opens)

    @property
    def is_dated(self) -> bool:
        """Whether it has a calendar or is of its dates, on which the clock may be changed."""
        return self.calendar is not None or self.date is not None or self.linked is not None

    @property
    def has_tomorrow(self) -> bool:
        """Whether its roster goes on after its end: of a run of more than 24 hours, and of dates on one clock."""
        return self._linked is not None or (self._date is None and self.lasts > 86_400)

    @property
    def date(self) -> "CalendarDay | None":
        """The date of a calendar that it is the scenario of alone; None of any other scenario."""
        return self._date

    @property
    def days(self) -> "tuple[CalendarDay, ...]":
        """The open dates of its calendar, each with its scenario; none without a calendar."""
        if self.calendar is None:
            return ()
        if self._days is None:
            from sim.scenario.single_days import days_of

            self._days = days_of(self)
        return self._days

    @property
    def linked(self) -> "Linked | None":
        """The dates that are simulated on one clock, as they hang together; None of any other scenario."""
        return self._linked

    def on(self, dates: "CalendarDay | Linked", changes: Mapping[str, Any]) -> "Scenario":
        """Return the scenario of one date of the calendar, or of all on one clock, with what is different then."""
        found = self.model_copy(update={**changes, "calendar": None})
        found._date, found._linked = (dates, None) if hasattr(dates, "date") else (None, dates)  # type: ignore
        found._days = found._origin = None
        return found

    def __getstate__(self) -> dict[Any, Any]:
        """Leave out the single dates, which are made again where they are needed."""
        state = super().__getstate__()
        private = {**(state["__pydantic_private__"] or {}), "_days": None}
        return {**state, "__pydantic_private__": private}

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if self.calendar is None:
            return written
        return {key: value for key, value in written.items() if key not in ("opens", "lasts")}

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of the canonical content, with that of the included files."""
        content = self.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, context={"resolved": True}
        )
        included: list[Any] = [
            [stream.forecast, [one.told for one in stream.contacts]] for stream in self.arrivals
        ]
        included += [content_of(self)] if self._has_rosters else []
        return hashlib.sha256(json.dumps([content, included]).encode()).hexdigest()

    def set(self, key: "str | Mapping[str, Any]", value: Any = ...) -> "Scenario":
        """Return a scenario with a key changed, such as `teams.frontline.agents` or `arrivals.0.per_hour`.

        Several are changed at once by `set({"teams.a.agents": 4, "teams.b.agents": 2})`. Text is read as in the
        file. Raises ScenarioError, with all mistakes, where the outcome is not a valid scenario.
        """
        from sim.scenario.loading import with_keys
        from sim.scenario.overrides import changes_of

        if self._date is not None:
            return self._date.again(self._date.of.set(key, value))
        return with_keys(self, changes_of(key, value))

    def steps_of(self, queue: str) -> tuple[Step, ...]:
        """Return the steps of a queue; without any, one step asks for a skill of the queue's name."""
        given = self.queues[queue].steps
        return given or (Step(needs=Criteria.at_least(queue, 1)),)

    def ring_time_of(self, queue: str) -> float:
        """Return how long an offer of this queue rings, in seconds."""
        own = self.queues[queue].ring_time
        return self.routing.ring_time if own is None else own

    def max_tasks_of(self, team: str, medium: str) -> int:
        """Return how many tasks an agent of this team may have open at once in a medium."""
        return self.teams[team].max_tasks.get(medium, self.media[medium].max_tasks)

    def stream_names(self) -> tuple[str, ...]:
        """Return the names of the arrival streams: their own or channel/queue; the next of a name has "#2"."""
        return unlike(
            (stream.name, default_name(stream.channel, stream.queue, stream.replay))
            for stream in self.arrivals
        )


# What Python code hands over in place of a scenario, its path or a number: the mistakes that a type checker would have
# named, each in a line with its remedy.


def require_scenarios(*given: object) -> None:
    """Raise SimError for the first that is no scenario, and say how to get one."""
    wrong = next((one for one in given if not isinstance(one, Scenario)), None)
    if isinstance(wrong, str | Path):
        name = str(wrong)
        remedy = "sim.loads(...)" if "\n" in name else f'sim.load("{name}")'
        raise SimError(f"{quoted(name)} is text and no scenario yet; read it with {remedy}")
    getattr(wrong, "hash", None)  # what stands for a scenario that was not kept says so itself
    if wrong is not None or None in given:
        raise SimError(
            f"{_kind(wrong)} is no scenario; sim.load(...) reads one from a file, sim.loads(...) from text"
        )


def require_path(given: object) -> None:
    """Raise SimError for what is no path of a file."""
    if not isinstance(given, str | Path):
        remedy = "" if not isinstance(given, dict) else "; sim.Scenario.model_validate(...) takes its content"
        raise SimError(f"sim.load takes the path of a scenario file, not {_kind(given)}{remedy}")


def require_whole(**given: object) -> None:
    """Raise SimError for the first of these, by its name, that is neither a whole number nor left out."""
    for name, value in given.items():
        if value is not None and not _is_whole(value):
            written = repr(value) if isinstance(value, str) else str(value)
            raise SimError(f"{name} must be a whole number, not {written}")


def _is_whole(value: object) -> bool:
    try:
        index(value)  # type: ignore[arg-type]  # that is the question
    except TypeError:
        return False
    return True


def _kind(value: object) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"
