"""What a search for staffing is to keep and may choose from: goals, bounds by team, shift templates."""

from collections.abc import Iterator
from itertools import pairwise, product
from math import prod
from typing import Annotated

from pydantic import Discriminator, Field, Tag, model_validator

from sim.scenario.fields import (
    Agents,
    Clock,
    Duration,
    Name,
    Part,
    PositiveDuration,
    Ratio,
    ReadOnlyDict,
    Share,
    Switch,
    Table,
)
from sim.scenario.targets import Target

TOLERANCE_S = 1e-6


def _form(given: object) -> str:
    return "earliest and latest" if isinstance(given, list | tuple) else "one time"


Starts = Annotated[
    Annotated[Clock, Tag("one time")] | Annotated[tuple[Clock, Clock], Tag("earliest and latest")],
    Discriminator(_form),
]
Delays = Annotated[
    Annotated[Duration, Tag("one time")] | Annotated[tuple[Duration, Duration], Tag("earliest and latest")],
    Discriminator(_form),
]


def how_many(given: float | tuple[float, float], every: float) -> int:
    """Return the number of times from the earliest to the latest in steps of `every`; seconds."""
    return max(0, int((given[1] - given[0] + TOLERANCE_S) // every) + 1) if isinstance(given, tuple) else 1


def times(given: float | tuple[float, float], every: float) -> list[float]:
    """Return a time, or the times from the earliest to the latest in steps of `every`; seconds."""
    first = given[0] if isinstance(given, tuple) else given
    return [first + number * every for number in range(how_many(given, every))]


class BreakTemplate(Part):
    """A break of a shift template, at a time of its own in each shift."""

    after: Delays = Field(
        description="From the beginning of the shift to that of the break: a duration, or the shortest and the longest."
    )
    every: PositiveDuration = Field(
        default=1800.0, description="Steps from the shortest to the longest `after`; default 30m."
    )
    for_: PositiveDuration = Field(alias="for", description="Length of the break, a duration.")
    paid: Switch = Field(default=False, description="on: its time is paid; default off.")

    @property
    def spans(self) -> list[tuple[float, float]]:
        """Every possible beginning and end, in seconds from the beginning of the shift."""
        return [(at, at + self.for_) for at in times(self.after, self.every)]

    @property
    def latest_end(self) -> float:
        """Seconds from the beginning of the shift to the end of the latest of its breaks."""
        first = self.after[0] if isinstance(self.after, tuple) else self.after
        return first + (how_many(self.after, self.every) - 1) * self.every + self.for_


class ShiftTemplate(Part):
    """A kind of shift that a team may work: how long, when it may begin, its breaks and what it costs."""

    team: Name = Field(description="Team that works it, a name under `teams`.")
    from_: Starts | None = Field(
        default=None,
        alias="from",
        description='Clock time of the log-in, or the earliest and the latest such as ["07:00", "12:00"]; '
        "default: whenever the whole shift is within the opening hours.",
    )
    every: PositiveDuration = Field(
        default=1800.0, description="Steps from the earliest to the latest log-in; default 30m."
    )
    lasts: PositiveDuration = Field(description="From log-in to log-out, breaks included, a duration.")
    breaks: tuple[BreakTemplate, ...] = Field(default=(), description="Breaks, in order; default: none.")
    premium: Ratio = Field(
        default=0.0, description="What is paid for its hours on top of the team's cost_per_hour; default 0%."
    )
    share_at_most: Share = Field(
        default=1.0,
        description="Largest share of the team's agents who work shifts of this template; default 100%.",
    )

    def starts(self, opens: float, closes: float) -> list[float]:
        """Return the clock times at which it may begin, in seconds since midnight."""
        return times(self._first_and_last(opens, closes), self.every)

    def starts_within(self, opens: float, closes: float) -> list[float]:
        """Return those clock times at which the whole shift is within the hours of a day."""
        return [
            start
            for start in self.starts(opens, closes)
            if start >= opens - TOLERANCE_S and start + self.lasts <= closes + TOLERANCE_S
        ]

    def ways(self, opens: float, closes: float) -> int:
        """Return how many shifts there are of it, in whatever order its breaks come."""
        breaks = prod(how_many(one.after, one.every) for one in self.breaks)
        return how_many(self._first_and_last(opens, closes), self.every) * breaks

    def _first_and_last(self, opens: float, closes: float) -> float | tuple[float, float]:
        return (opens, closes - self.lasts) if self.from_ is None else self.from_

    def breaks_of(self) -> Iterator[tuple[tuple[float, float], ...]]:
        """Return each way to take the breaks, none before the end of the one before it."""
        for spans in product(*(one.spans for one in self.breaks)):
            if all(before[1] <= after[0] + TOLERANCE_S for before, after in pairwise(spans)):
                yield spans

    @property
    def paid_s(self) -> float:
        """The paid seconds of a shift: all but unpaid breaks."""
        return self.lasts - sum(one.for_ for one in self.breaks if not one.paid)


class TeamBounds(Part):
    """How many agents of a team may be planned at a time."""

    min: Agents = Field(default=0, description="Fewest agents in each interval; default 0.")
    max: Agents | None = Field(
        default=None, description="Most agents in each interval, such as seats; default: as many as it takes."
    )

    @model_validator(mode="after")
    def _in_order(self) -> "TeamBounds":
        if self.max is not None and self.max < self.min:
            raise ValueError(f"min ({self.min}) is above max ({self.max})")
        return self


class Staffing(Part):
    """What `sim staff` is to keep, and what it may choose from."""

    goals: tuple[Target, ...] = Field(
        default=(),
        description="What the staffing has to keep, in the form of `targets`; default: the service_level of each "
        "queue, over the day.",
    )
    teams: Table[TeamBounds] = Field(
        default=ReadOnlyDict(), description="Fewest and most agents by team; default: no bounds."
    )
    shifts: tuple[ShiftTemplate, ...] = Field(
        default=(),
        description="Shift templates; a team without any keeps its roster; default: head-counts by interval are found.",
    )
