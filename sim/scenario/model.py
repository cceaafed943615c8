"""The scenario: everything that is fixed before a run."""

import hashlib
import json
from collections import Counter
from importlib import import_module
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from sim.scenario.arrivals import Arrivals, Busyness
from sim.scenario.checks import check
from sim.scenario.criteria import Criteria
from sim.scenario.customers import Customers
from sim.scenario.media import Channel, Label, Medium
from sim.scenario.origin import Origin
from sim.scenario.part import Part
from sim.scenario.quantities import (
    DURATION_PATTERN,
    Count,
    Duration,
    Moment,
    PositiveCount,
    PositiveDuration,
    duration,
    duration_text,
    number_or,
)
from sim.scenario.queues import Queue, Step
from sim.scenario.readonly import AtLeastOne, ReadOnlyDict, Table
from sim.scenario.routing import Routing
from sim.scenario.supervision import Supervision
from sim.scenario.surroundings import several, since_midnight, surroundings_of
from sim.scenario.targets import Target
from sim.scenario.teams import Team


def _drain(given: Any) -> float | None:
    return None if given is None or given == "until_empty" else duration(given)


Drain = Annotated[
    float | None,
    BeforeValidator(_drain),
    PlainSerializer(duration_text, when_used="json-unless-none"),
    number_or(f"^until_empty$|{DURATION_PATTERN}"),
]


class Scenario(Part):
    """A contact centre and its day: media, channels, queues, teams, arrivals and the routing policy."""

    name: str = Field(default="Scenario", description="Title of the scenario.")
    description: str = Field(default="", description="What it is about, in a sentence or two.")
    opens: Moment | None = Field(
        default=None, description="Wall clock of t = 0, local; default: none, t counts from 00:00."
    )
    lasts: PositiveDuration = Field(description="How long contacts arrive, a duration.")
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
    interval: PositiveDuration = Field(
        default=1800.0, description="Grain of the interval tables; default 30m."
    )
    seed: Count = Field(default=0, description="Seed of all draws, a whole number; default 0.")
    replications: PositiveCount = Field(default=1, description="Number of replications; default 1.")
    busyness: Busyness | None = Field(
        default=None, description="Day factor on all arrivals together, gamma with mean 1; default: none."
    )
    media: AtLeastOne[Medium] = Field(description="Media routing domains by name.")
    channels: AtLeastOne[Channel] = Field(description="Channels by name.")
    labels: Table[Label] = Field(
        default=ReadOnlyDict(),
        description="Customer labels by name; a customer has at most one; default: none.",
    )
    routing: Routing = Field(
        default=Routing(), description="The routing policy; default: every key's default."
    )
    queues: AtLeastOne[Queue] = Field(description="Queues by name.")
    teams: AtLeastOne[Team] = Field(description="Teams by name.")
    supervision: Supervision | None = Field(
        default=None, description="Silent monitoring, whispering and barging in; default: none."
    )
    arrivals: tuple[Arrivals, ...] = Field(default=(), description="Streams of contacts; default: none.")
    customers: Customers = Field(
        default=Customers(), description="What customers do who were not served; default: they leave."
    )
    targets: tuple[Target, ...] = Field(
        default=(), description="What `sim check` holds the figures to; default: none."
    )

    _origin: Origin | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _hold_together(self, info: ValidationInfo) -> "Scenario":
        found = check(self, surroundings_of(info))
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
        return str(import_module("sim.report.cards").of_scenario(self))

    @property
    def origin(self) -> Origin | None:
        """The file it was read from, as plain values; None where it was made by hand."""
        return self._origin

    def coming_from(self, origin: Origin) -> "Scenario":
        """Remember the file that this scenario was read from."""
        self._origin = origin
        return self

    @property
    def opens_at(self) -> float:
        """Clock time of t = 0 in seconds since midnight; 0 where `opens` is not given."""
        return since_midnight(self.opens)

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of the canonical content, with that of the included files."""
        content = self.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, context={"resolved": True}
        )
        included = [[stream.forecast, stream.contacts] for stream in self.arrivals]
        return hashlib.sha256(json.dumps([content, included]).encode()).hexdigest()

    def set(self, key: str, value: Any) -> "Scenario":
        """Return a scenario with one key changed, such as `teams.frontline.agents` or `arrivals.0.per_hour`.

        Text is read as in the file. Raises ScenarioError where the outcome is not a valid scenario.
        """
        from sim.scenario.files import with_key  # the reader stands above the model

        return with_key(self, key, value)

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
        so_far: Counter[str] = Counter()
        names = []
        for base in map(_base_name, self.arrivals):
            so_far[base] += 1
            names.append(base if so_far[base] == 1 else f"{base}#{so_far[base]}")
        return tuple(names)


def _base_name(stream: Arrivals) -> str:
    return stream.name or (
        f"{stream.channel}/{stream.queue}" if stream.channel else f"replay:{stream.replay}"
    )
