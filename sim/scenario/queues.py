"""Queues and their steps."""

from collections.abc import Mapping
from typing import Annotated, Literal

from annotated_types import MaxLen
from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from sim.errors import quoted
from sim.scenario.calendar import Open
from sim.scenario.customers import Balk
from sim.scenario.distributions import Constant, CustomerLaw, Distribution, check_whole
from sim.scenario.expressions import Criteria
from sim.scenario.fields import (
    AtLeastOne,
    Count,
    Duration,
    Name,
    OpenTasks,
    Part,
    PositiveDuration,
    PositiveRatio,
    PositiveTasks,
    Priority,
    Ratio,
    RingTime,
    Share,
    Switch,
    Whispers,
)
from sim.scenario.routing import RequiredAgent, StepsAfterRingOut

# How a conversation is handed on: transfer and conference, as a queue's agents do it.

Destinations = AtLeastOne[Share]
"""Queues with their shares; together 100 %, which is checked for the whole scenario."""
Choice = Literal["fixed", "most_available", "avoid_empty"]
"""What an agent makes of the available counts they see beside the queues."""


class HandleTimeFactor(Part):
    """What part of a handle time a receiving agent needs, by the way the conversation was transferred."""

    cold: Ratio = Field(default=1.0, description="After a transfer without a handover; default 100%.")
    warm: Ratio = Field(default=1.0, description="After a warm transfer; default 100%.")


class Transfer(Part):
    """When and where to the agents of a queue transfer."""

    probability: Share = Field(description="Share of an agent's conversations that they transfer.")
    after: Share = Field(default=1.0, description="Share of the handle time done by then; default 100%.")
    to: Destinations = Field(description="Queues transferred to, with their shares, together 100%.")
    choose: Choice = Field(
        default="fixed",
        description="How the agent chooses: fixed (default, draws from `to`), most_available or avoid_empty "
        "(by the numbers of available agents that they see).",
    )
    named: Share = Field(default=0.0, description="Share that names an agent (direct transfer); default 0%.")
    note: Share = Field(default=0.0, description="Share with a note to the receiver; default 0%.")
    note_saves: Duration = Field(
        default=0.0, description="What a note takes off the receiving agent's handle time; default 0s."
    )
    patience: CustomerLaw | None = Field(
        default=None,
        description="Patience of a customer being transferred; default: the patience of the queue.",
    )
    warm: Share = Field(
        default=0.0,
        description="Share of transfers in which the agent stays until the receiver is in; default 0%.",
    )
    handover_time: CustomerLaw | None = Field(
        default=None, description="How long both stay in a warm transfer; default: not at all."
    )
    named_falls_back: Switch = Field(
        default=False,
        description="on: a named transfer that its agent does not take goes on as a queue transfer; default off.",
    )
    at_most: Count | None = Field(
        default=None,
        description="Most transfers of a conversation; its agent then keeps it; default: any number.",
    )
    request_ttl: PositiveDuration | None = Field(
        default=None,
        description="Longest search of a transfer's request; default: that of the queue transferred to.",
    )
    set_up_time: CustomerLaw | None = Field(
        default=None,
        description="The requester's work before the request is placed, at their pace; default: none.",
    )
    handle_time_factor: HandleTimeFactor = Field(
        default=HandleTimeFactor.model_construct(),
        description="Part of their handle time that a receiver needs, by the kind of transfer; default: all of it.",
    )


class Then(Part):
    """How a conference ends: who leaves once the joint time is over."""

    requester_leaves: Share = Field(
        default=0.0, description="Share in which the asking agent leaves; default 0%."
    )
    guest_leaves: Share = Field(
        default=0.0, description="Share in which the joined agent leaves; default 0%."
    )
    both_stay: Share = Field(default=0.0, description="Share in which both stay to the end; default 0%.")

    @model_validator(mode="after")
    def _sums(self) -> "Then":
        check_whole((self.requester_leaves, self.guest_leaves, self.both_stay))
        return self


class Conference(Part):
    """When the agents of a queue ask another agent in, and what follows."""

    probability: Share = Field(
        description="Share of an agent's conversations in which they ask another agent in."
    )
    after: Share = Field(default=1.0, description="Share of the handle time done by then; default 100%.")
    to: Destinations = Field(description="Queues asked, with their shares, together 100%.")
    choose: Choice = Field(
        default="fixed",
        description="How the agent chooses the queue: fixed (default), most_available or avoid_empty.",
    )
    note: Share = Field(default=0.0, description="Share with a note to the guest; default 0%.")
    joint_time: CustomerLaw = Field(
        default=Constant(0.0), description="How long both are in, from the joining on; default 0s."
    )
    then: Then = Field(
        default=Then.model_construct(guest_leaves=1.0),
        description="Who leaves after the joint time, shares that sum to 100%; default: the guest.",
    )
    guest_time: CustomerLaw | None = Field(
        default=None,
        description="How long the guest goes on alone where the requester leaves; default: handle time of their queue.",
    )
    while_waiting: Literal["works", "holds"] = Field(
        default="works",
        description="works (default): handling goes on and its end withdraws the request; holds: handling pauses.",
    )
    if_nobody: Literal["continues", "transfers"] = Field(
        default="continues",
        description="Where nobody joins the agent continues alone (default) or transfers.",
    )
    extra_time: CustomerLaw | None = Field(
        default=None, description="What continuing alone costs in handle time; default 0s."
    )
    whispers_per_minute: Whispers = Field(
        default=0.0, description="Messages among agents a minute while two or more are in; default 0."
    )
    request_ttl: PositiveDuration | None = Field(
        default=None,
        description="Longest search of a conference's request; default: that of the queue that is asked.",
    )


class Pull(Part):
    """How agents take conversations from a list that nobody is offered."""

    reaction: Distribution = Field(
        default=Constant(0.0),
        description="Time from the notice to a subscribed agent's look at the list; default 0s.",
    )
    join: Share = Field(default=1.0, description="Probability that they join; default 100%.")
    second_agent: Share = Field(
        default=0.0, description="Share in which a second agent joins too; default 0%."
    )
    whispers_per_minute: Whispers = Field(
        default=0.0, description="Messages among agents a minute while two or more are in; default 0."
    )


MOST_STEPS = 10
SHORT_VARIANTS = ("exclude_short", "credit_short")


Variant = Literal[
    "offered",
    "answered_only",
    "exclude_abandoned_within",
    "credit_abandoned_within",
    "exclude_short",
    "credit_short",
]
SHORT = "Longest wait of a short abandon, for exclude_short and credit_short, a duration."


def _check_short(variant: str | None, short: float | None) -> None:
    """Raise ValueError where a variant lacks the length of a short abandon, or has no use for it."""
    if (variant in SHORT_VARIANTS) != (short is not None):
        verb = "needs" if short is None else "does not use"
        raise ValueError(f"variant {quoted(variant)} {verb} the key short")


class AlsoLevel(Part):
    """Another reading of a queue's service level, measured beside it."""

    within: Duration | None = Field(
        default=None, description="Threshold, a duration; default the queue's own."
    )
    variant: Variant | None = Field(
        default=None, description="How abandoned contacts count; default as the queue's own."
    )
    short: Duration | None = Field(default=None, description=SHORT)

    @model_validator(mode="after")
    def _says_something(self) -> "AlsoLevel":
        if self.within is None and self.variant is None:
            raise ValueError("give within, variant or both")
        if self.variant is not None or self.short is not None:
            _check_short(self.variant, self.short)
        return self

    @property
    def words(self) -> str:
        """The name of its rows, in the column `variant` of the figures."""
        within = None if self.within is None else f"within {self.within:.12g}s"
        return " ".join(word for word in (within, self.variant) if word)


class ServiceLevel(Part):
    """The service level a queue is measured by."""

    within: Duration = Field(description="Threshold: a wait of at most this counts as in time, a duration.")
    target: Share = Field(description="Share to be reached.")
    variant: Variant = Field(default="offered", description="How abandoned contacts count; default offered.")
    short: Duration | None = Field(default=None, description=SHORT)
    also: tuple[AlsoLevel, ...] = Field(
        default=(), description="Further readings, measured as variants of the same figures; default none."
    )

    @model_validator(mode="after")
    def _short_where_used(self) -> "ServiceLevel":
        _check_short(self.variant, self.short)
        words = [one.words for one in self.also]
        twice = next((one for one in words if words.count(one) > 1), None)
        if twice is not None:
            raise ValueError(f"also has two readings of the name {quoted(twice)}")
        return self

    def read_as(self, also: AlsoLevel) -> "ServiceLevel":
        """Return the level of a further reading: what that leaves out is the queue's own."""
        own = also.variant is None
        return ServiceLevel(
            within=self.within if also.within is None else also.within,
            target=self.target,
            variant=self.variant if also.variant is None else also.variant,
            short=self.short if own else also.short,
        )


class Step(Part):
    """One step of a queue: whom it adds to the search, and when the next one is added."""

    needs: Criteria = Field(
        description='Routing expression over skills, such as "general >= 1 or billing >= 5".'
    )
    for_: Duration | None = Field(
        default=None,
        alias="for",
        description="Time until the next step is added; needed in all but the last step.",
    )


class Elsewhere(Part):
    """Another queue, in which a request goes on."""

    queue: Name = Field(description="The queue, of the same medium.")


def _destination(given: object) -> object:
    """Refuse what is no destination of requests that have waited for their limit."""
    if given in ("voicemail", "end") or isinstance(given, Mapping | Elsewhere):
        return given
    raise ValueError(f"{quoted(given)} is neither `voicemail`, `end` nor {{queue: NAME}}")


class WaitLimit(Part):
    """How long a request waits for a queue at most, and where it goes then."""

    after: PositiveDuration = Field(description="Longest wait from its placing; a ringing is not cut short.")
    then: Annotated[
        Annotated[Literal["voicemail", "end"], Tag("word")] | Annotated[Elsewhere, Tag("elsewhere")],
        Discriminator(lambda given: "word" if isinstance(given, str) else "elsewhere"),
        BeforeValidator(_destination),
    ] = Field(description="What follows: voicemail, end, or {queue: NAME}, where it goes on waiting.")


class Queue(Part):
    """A queue: what waits in it, who serves it, how long it takes and how long customers stay."""

    medium: Name = Field(description="Medium of the queue, a name under `media`.")
    mode: Literal["push", "pull"] = Field(
        default="push",
        description="push (default): requests are offered to agents; pull: agents take from a list.",
    )
    max_tasks: PositiveTasks | None = Field(
        default=None,
        description="Tasks of this queue that an agent may have open at once; default: as many as of the medium.",
    )
    priority: Priority = Field(
        default=1, description="Priority of the queue, 1 to 10, used with routing.queue_priority; default 1."
    )
    open: Open | None = Field(
        default=None, description="Opening hours of the queue, by day; default: those of the `calendar`."
    )
    carry_over: Switch = Field(
        default=False,
        description="on: who waits at closing is kept for the next open day of the `calendar`; default off.",
    )
    ring_time: RingTime | None = Field(
        default=None, description="How long an offer rings; default: routing.ring_time."
    )
    require_available_agent: RequiredAgent | None = Field(
        default=None,
        description="Who has to be there for a request to be placed: off, available or logged_in; "
        "default: routing.require_available_agent.",
    )
    leave_when_empty: Switch | None = Field(
        default=None,
        description="on: who waits leaves when the last member has logged out; default: routing.leave_when_empty.",
    )
    service_level: ServiceLevel | None = Field(
        default=None, description="Threshold and target of the service level; default: none is reported."
    )
    steps: Annotated[tuple[Step, ...], MaxLen(MOST_STEPS)] = Field(
        default=(),
        description="At most 10 steps that widen the search one after the other; "
        "default: every agent with a skill of the queue's name.",
    )
    request_ttl: PositiveDuration | None = Field(
        default=None, description="Longest search of a request for this queue; default: that of the channel."
    )
    wait_limit: WaitLimit | None = Field(
        default=None,
        description="Longest wait of customers who are alone, with its destination; default: none.",
    )
    steps_after_ring_out: StepsAfterRingOut | None = Field(
        default=None,
        description="Steps of a request whose offer rang out: anew or go_on; default: routing.steps_after_ring_out.",
    )
    handle_time: CustomerLaw = Field(description="Law of an agent's handle time, without wrap-up.")
    handle_time_at_tasks: OpenTasks = Field(
        default=1.0,
        description="Tasks that agents had open on average when the handle time was measured, a number of at least 1; "
        "default 1.",
    )
    aht_factor: PositiveRatio = Field(
        default=1.0, description="Factor on the handle times of the queue, of laws and files; default 100%."
    )
    volume_factor: Ratio = Field(
        default=1.0, description="Factor on the contacts that ask for the queue; default 100%."
    )
    wrap_up: CustomerLaw | None = Field(
        default=None,
        description="Law of the wrap-up time after a conversation of this queue; default: that of the agent's team.",
    )
    patience: CustomerLaw | None = Field(
        default=None, description="Law of how long customers wait before they abandon; default: for ever."
    )
    balk: Annotated[
        Annotated[Share, Tag("share")] | Annotated[Balk, Tag("balk")],
        Discriminator(lambda given: "balk" if isinstance(given, Mapping | Balk) else "share"),
    ] = Field(
        default=0.0,
        description="Share who leave at once when nobody is available, or {share, when}; default 0%.",
    )
    capacity: Count | None = Field(
        default=None, description="Waiting places; a contact beyond is blocked; default unlimited."
    )
    transfer: Transfer | None = Field(
        default=None, description="Transfers by this queue's agents; default: none."
    )
    conference: Conference | None = Field(
        default=None, description="Conferences asked for by this queue's agents; default: none."
    )
    pull: Pull | None = Field(
        default=None, description="How agents take from the list, with mode pull; default: at once."
    )

    @property
    def balking(self) -> Balk:
        """Who leaves at once, also where only their share is given."""
        return self.balk if isinstance(self.balk, Balk) else Balk(share=self.balk)

    @model_validator(mode="after")
    def _pull_only_in_lists(self) -> "Queue":
        if self.pull is not None and self.mode != "pull":
            raise ValueError("the key pull needs mode: pull")
        return self
