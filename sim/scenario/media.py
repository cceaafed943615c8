"""Media, channels and customer labels."""

from typing import Annotated

from annotated_types import MinLen
from pydantic import Field, model_validator

from sim.scenario.fields import (
    Name,
    Part,
    PositiveCount,
    PositiveDuration,
    PositiveRatio,
    PositiveTasks,
    Priority,
    Ratio,
    Share,
)


class Medium(Part):
    """A media routing domain: how many tasks an agent may have open in it, and how fast he then works."""

    max_tasks: PositiveTasks = Field(description="Tasks an agent may have open at once in this medium.")
    slowdown: Ratio = Field(
        default=0.0,
        description="How much each further open task slows each of them: pace 1/(1+slowdown*(n-1)); default 0%.",
    )
    pace: Annotated[tuple[PositiveRatio, ...], MinLen(1)] | None = Field(
        default=None,
        description="In place of `slowdown`: the pace itself for 1, 2, 3 ... open tasks; the last value holds on.",
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


class Channel(Part):
    """A way in for customers."""

    medium: Name = Field(description="Medium of the channel, a name under `media`.")
    request_ttl: PositiveDuration | None = Field(
        default=None,
        description="How long an agent is looked for in all, a duration above the ring time; default unlimited.",
    )
    identified: Share = Field(
        default=0.0, description="Share of the customers who are known by name; default 0%."
    )
    lines: PositiveCount | None = Field(
        default=None,
        description="Lines (trunks) of the channel; a contact beyond is blocked; default unlimited.",
    )


class Label(Part):
    """A customer label and the priority it gives."""

    priority: Priority = Field(
        default=1, description="Task priority of labelled customers, 1 to 10, the higher first; default 1."
    )
