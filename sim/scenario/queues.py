"""Queues, their steps and their service levels."""

from typing import Annotated, Literal

from annotated_types import MaxLen
from pydantic import Field, model_validator

from sim.scenario.criteria import Criteria
from sim.scenario.handover import Conference, Pull, Transfer
from sim.scenario.laws import Law
from sim.scenario.part import Part
from sim.scenario.quantities import Count, Duration, Name, PositiveDuration, Priority, Share, Switch

MOST_STEPS = 10
SHORT_VARIANTS = ("exclude_short", "credit_short")


class ServiceLevel(Part):
    """The service level a queue is measured by."""

    within: Duration = Field(description="Threshold: a wait of at most this counts as in time, a duration.")
    target: Share = Field(description="Share to be reached.")
    variant: Literal[
        "offered",
        "answered_only",
        "exclude_abandoned_within",
        "credit_abandoned_within",
        "exclude_short",
        "credit_short",
    ] = Field(default="offered", description="How abandoned contacts count; default offered.")
    short: Duration | None = Field(
        default=None,
        description="Longest wait of a short abandon, for exclude_short and credit_short, a duration.",
    )

    @model_validator(mode="after")
    def _short_where_used(self) -> "ServiceLevel":
        if (self.variant in SHORT_VARIANTS) != (self.short is not None):
            verb = "needs" if self.short is None else "does not use"
            raise ValueError(f"variant `{self.variant}` {verb} the key short")
        return self


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


class Queue(Part):
    """A queue: what waits in it, who serves it, how long it takes and how long customers stay."""

    medium: Name = Field(description="Medium of the queue, a name under `media`.")
    mode: Literal["push", "pull"] = Field(
        default="push",
        description="push (default): requests are offered to agents; pull: agents take from a list.",
    )
    priority: Priority = Field(
        default=1, description="Priority of the queue, 1 to 10, used with routing.queue_priority; default 1."
    )
    ring_time: PositiveDuration | None = Field(
        default=None, description="How long an offer rings; default: routing.ring_time."
    )
    require_available_agent: Switch | None = Field(
        default=None,
        description="on: a request for this queue is cancelled at once where nobody is ready or active; "
        "default: routing.require_available_agent.",
    )
    service_level: ServiceLevel | None = Field(
        default=None, description="Threshold and target of the service level; default: none is reported."
    )
    steps: Annotated[tuple[Step, ...], MaxLen(MOST_STEPS)] = Field(
        default=(),
        description="At most 10 steps that widen the search one after the other; "
        "default: every agent with a skill of the queue's name.",
    )
    handle_time: Law = Field(description="Law of an agent's handle time, without wrap-up.")
    patience: Law | None = Field(
        default=None, description="Law of how long customers wait before they abandon; default: for ever."
    )
    balk: Share = Field(
        default=0.0, description="Share who leave at once when nobody is available; default 0%."
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

    @model_validator(mode="after")
    def _pull_only_in_lists(self) -> "Queue":
        if self.pull is not None and self.mode != "pull":
            raise ValueError("the key pull needs mode: pull")
        return self
