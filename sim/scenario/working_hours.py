"""When agents work: shifts with their breaks, or head-counts by interval; each may differ from day to day."""

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate, chain, pairwise
from typing import Annotated, Any

from annotated_types import MinLen
from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    Tag,
    model_serializer,
    model_validator,
)

from sim.scenario.context import Finding, several
from sim.scenario.day_rules import ByDay, Days
from sim.scenario.fields import Agents, Clock, Grain, Part, PositiveDuration, ReadOnlyDict
from sim.scenario.included_files import read_head_count, refuse_beside
from sim.scenario.interval_files import NamedFile

DAY_S = 86_400.0


class Break(Part):
    """A pause in a shift; who is busy finishes first."""

    at: Clock = Field(description='Clock time at which the break begins, such as "12:00".')
    for_: PositiveDuration = Field(alias="for", description="Length of the break, a duration.")
    days: Days | None = Field(
        default=None,
        description="Days of the break, with a `calendar`: a date, a weekday or a range such as mon-fri; default: all.",
    )

    @property
    def ends(self) -> float:
        """Clock time of its end, seconds since midnight."""
        return self.at + self.for_


class Shift(Part):
    """A span of the day in which some of a team's agents are logged in."""

    from_: Clock = Field(alias="from", description='Clock time of the log-in, such as "08:00".')
    to: Clock = Field(description='Clock time of the log-out; after midnight "26:00".')
    agents: Agents | None = Field(
        default=None,
        description="Agents in this shift; default: the team's agents, spread evenly over its shifts.",
    )
    days: Days | None = Field(
        default=None,
        description="Days of the shift, with a `calendar`: a date, a weekday or a range such as mon-fri; the shifts of "
        "a date come in place of those of its weekday, and these in place of all others; default: all.",
    )
    breaks: tuple[Break, ...] = Field(default=(), description="Breaks of this shift; default: none.")

    @model_validator(mode="after")
    def _after_midnight(self) -> "Shift":
        """Read a break at 02:00 as 26:00 where only that is in the shift."""
        if any(self._is_next_day(one) for one in self.breaks):
            breaks = tuple(_a_day_later(one) if self._is_next_day(one) else one for one in self.breaks)
            object.__setattr__(self, "breaks", breaks)
        return self

    def _is_next_day(self, one: Break) -> bool:
        return one.at < self.from_ <= one.at + DAY_S and one.ends + DAY_S <= self.to


def _a_day_later(one: Break) -> Break:
    return one.model_copy(update={"at": one.at + DAY_S})


HeadCountFile = Annotated[NamedFile, AfterValidator(read_head_count)]

Counts = Annotated[tuple[Agents, ...], MinLen(1)]
CountsByDay = Annotated[
    Annotated[Counts, Tag("one list")] | Annotated[ByDay[Counts], Tag("lists by day")],
    Discriminator(lambda given: "lists by day" if isinstance(given, Mapping) else "one list"),
]


class HeadCount(Part):
    """How many agents of a team are logged in, interval by interval."""

    every: Grain = Field(default=3600.0, description="Length of an interval, a duration; default 1h.")
    agents: CountsByDay = Field(
        default=(),
        description="Agents logged in per interval from opening on; with a `calendar` also by day: "
        "{mon-fri: [...], sat: [...]}.",
    )
    file: HeadCountFile | None = Field(
        default=None,
        description="In place of `every` and `agents`: a file with interval_start, agents, relative to the scenario, "
        "or {path: FILE, ...} with the columns that are read.",
    )

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and given.get("file") is not None:
            refuse_beside("file", given, ("every", "agents"))
        return given

    @model_validator(mode="after")
    def _hold(self) -> "HeadCount":
        if self.file is not None:
            agents, every = self.file.content
            object.__setattr__(self, "agents", tuple(agents))
            object.__setattr__(self, "every", every)
        elif not self.agents:
            raise several([Finding(("agents",), "there has to be at least one entry")])
        return self

    @property
    def counts(self) -> tuple[int, ...]:
        """The agents of each interval, where they differ by day those of one rule after the other."""
        if isinstance(self.agents, Mapping):
            return tuple(chain.from_iterable(self.agents.values()))
        return self.agents

    def less(self, shrinkage: float) -> "HeadCount":
        """Return the head-count of those who are present, day by day the cumulated gross less shrinkage, rounded."""
        if isinstance(self.agents, Mapping):
            lists = {days: present_of(counts, shrinkage) for days, counts in self.agents.items()}
            return self.model_copy(update={"agents": ReadOnlyDict(lists)})
        return self.model_copy(update={"agents": present_of(self.agents, shrinkage)})

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if self.file is None or (info.context and info.context.get("resolved")):
            return written
        return {"file": written["file"]}


# How many.


def nearest(number: float) -> int:
    """Round to the nearest whole number, a half up."""
    return math.floor(number + 0.5)


def present_of(gross: Sequence[int], shrinkage: float) -> tuple[int, ...]:
    """Return how many are present in each interval: the cumulated gross less shrinkage, rounded."""
    reached = [nearest(total * (1 - shrinkage)) for total in accumulate(gross, initial=0)]
    return tuple(after - before for before, after in pairwise(reached))
