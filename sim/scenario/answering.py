"""How the agents of a team answer what they are offered, what follows a ring-out, and how they set themselves away."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from sim.errors import quoted
from sim.scenario.distributions import Constant, Distribution
from sim.scenario.fields import Part, PositiveCount, Share, Switch

SHORTEST_MEAN_S = 1.0


class Pauses(Part):
    """How agents set themselves away at odd moments; who is busy finishes first."""

    every: Distribution = Field(
        description="Law of the logged-in time until the next pause, from log-in or from the last pause on."
    )
    for_: Distribution = Field(alias="for", description="Law of the length of a pause.")

    @model_validator(mode="after")
    def _apart(self) -> "Pauses":
        if self.every.mean < SHORTEST_MEAN_S:
            raise ValueError(f"every is {self.every.mean:g} s on average; write at least 1s")
        return self


class Accept(Part):
    """How agents answer an offer."""

    probability: Share = Field(
        default=1.0, description="Probability that an offer is accepted, else it rings out; default 100%."
    )
    delay: Distribution = Field(default=Constant(0.0), description="Law of the time to accept; default 0s.")


class NotReady(Part):
    """A pause an agent is put into after an offer rang out."""

    not_ready: Distribution = Field(
        description="How long they are not ready for this medium, a duration or a law."
    )
    misses: PositiveCount = Field(
        default=1, description="After so many ring-outs in a row, without an answer between; default 1."
    )


class LogOut(Part):
    """The log-out of an agent whose offers ring out."""

    log_out: Switch = Field(
        description="on: they log out until their next shift; what is open is finished first."
    )
    misses: PositiveCount = Field(
        default=1, description="After so many ring-outs in a row, without an answer between; default 1."
    )


def _ring_shape(given: Any) -> Any:
    if given == "ready" or isinstance(given, dict | NotReady | LogOut):
        return given
    raise ValueError(f"{quoted(given)} is neither `ready` nor {{not_ready: 2m}}")


def _ring_kind(given: Any) -> str:
    if given == "ready":
        return "ready"
    logs_out = isinstance(given, LogOut) or (isinstance(given, dict) and "log_out" in given)
    return "logs_out" if logs_out else "pauses"  # no names of keys, by which mistakes are placed


AfterRing = Annotated[
    Annotated[Literal["ready"], Tag("ready")]
    | Annotated[NotReady, Tag("pauses")]
    | Annotated[LogOut, Tag("logs_out")],
    Discriminator(lambda given: _ring_kind(given)),
    BeforeValidator(_ring_shape),
]
