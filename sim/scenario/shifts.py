"""Shifts, breaks and head-counts."""

from collections.abc import Mapping
from typing import Annotated, Any

from annotated_types import MinLen
from pydantic import (
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    model_serializer,
    model_validator,
)

from sim.scenario.part import Part
from sim.scenario.quantities import Clock, Count, PositiveDuration
from sim.scenario.tables import read_head_count


class Break(Part):
    """A pause in a shift; who is busy finishes first."""

    at: Clock = Field(description='Clock time at which the break begins, such as "12:00".')
    for_: PositiveDuration = Field(alias="for", description="Length of the break, a duration.")

    @property
    def ends(self) -> float:
        """Clock time of its end, seconds since midnight."""
        return self.at + self.for_


class Shift(Part):
    """A span of the day in which some of a team's agents are logged in."""

    from_: Clock = Field(alias="from", description='Clock time of the log-in, such as "08:00".')
    to: Clock = Field(description='Clock time of the log-out; after midnight "26:00".')
    agents: Count | None = Field(
        default=None,
        description="Agents in this shift; default: the team's agents, spread evenly over its shifts.",
    )
    breaks: tuple[Break, ...] = Field(default=(), description="Breaks of this shift; default: none.")


class HeadCount(Part):
    """How many agents of a team are logged in, interval by interval."""

    every: PositiveDuration = Field(
        default=3600.0, description="Length of an interval, a duration; default 1h."
    )
    agents: Annotated[tuple[Count, ...], MinLen(1)] = Field(
        default=(), validate_default=True, description="Agents logged in per interval from opening on."
    )
    file: str | None = Field(
        default=None,
        description="In place of `every` and `agents`: a CSV file with interval_start, agents, "
        "relative to the scenario.",
    )

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any, info: ValidationInfo) -> Any:
        return read_head_count(given, info) if isinstance(given, Mapping) else given

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if self.file is None or (info.context and info.context.get("resolved")):
            return written
        return {"file": self.file}
