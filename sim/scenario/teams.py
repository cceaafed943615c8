"""Teams of agents."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from zlib import crc32

from pydantic import (
    Field,
    PrivateAttr,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    model_serializer,
    model_validator,
)

from sim.scenario.answering import Accept, AfterRing, Pauses
from sim.scenario.context import surroundings_of
from sim.scenario.day_rules import holding
from sim.scenario.distributions import Constant, Distribution
from sim.scenario.fields import (
    Agents,
    Cost,
    Level,
    Part,
    PositiveRatio,
    PositiveTasks,
    ReadOnlyDict,
    Share,
    Table,
    Tasks,
)
from sim.scenario.people import Member, Stay, agent_name, numbered, stays
from sim.scenario.roster_files import NamedRoster
from sim.scenario.working_hours import DAY_S, HeadCount, Shift, nearest

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

TOLERANCE_S = 1e-6


class Gross(NamedTuple):
    """A team's agents and head-count as they are written, before the shrinkage is taken off."""

    agents: int
    head_count: HeadCount | None


class Team(Part):
    """Agents who share skills, habits and working hours."""

    skills: Table[Level] = Field(
        default=ReadOnlyDict(),
        description="Routing attributes with their levels from 1 to 10 (0: not at all); default: none.",
    )
    accept: Accept = Field(
        default=Accept.model_construct(), description="How offers are answered; default: always and at once."
    )
    after_ring: Table[AfterRing] = Field(
        default=ReadOnlyDict(),
        description="State after an offer rang out, by medium: ready (default), {not_ready: duration or law} or "
        "{log_out: on}, each of these after a number of `misses` in a row.",
    )
    wrap_up: Distribution = Field(
        default=Constant(0.0), description="Law of the wrap-up time, which holds the slot; default 0s."
    )
    cost_per_hour: Cost = Field(
        default=0.0, description="Cost of an agent's hour, in any currency; default 0."
    )
    cost_per_answer: Cost = Field(
        default=0.0, description="Cost of each answer, such as an outsourcer's price; default 0."
    )
    cost_per_talk_minute: Cost = Field(
        default=0.0, description="Cost of a minute from an answer until the agent leaves; default 0."
    )
    at_shift_end: Table[Literal["finish", "hand_back"]] = Field(
        default=ReadOnlyDict(),
        description="What becomes of open conversations at the end of a shift, by medium: finish (default), or "
        "hand_back: they go back to their queues.",
    )
    absence: Share = Field(default=0.0, description="Share of the agents who do not come; default 0%.")
    shrinkage: Share = Field(
        default=0.0, description="Planned loss of paid hours, below 100%; the rest are present; default 0%."
    )
    counts: Literal["gross", "net"] = Field(
        default="gross",
        description="What the numbers of agents here are with a shrinkage: gross (default), with it, or net, present.",
    )
    pauses: Pauses | None = Field(
        default=None, description="Pauses in which agents set themselves away at odd moments; default: none."
    )
    shifts: tuple[Shift, ...] = Field(
        default=(),
        description="Working hours, on every day of a run of several days anew and also over midnight; "
        "default: logged in for the whole run.",
    )
    head_count: HeadCount | None = Field(
        default=None, description="In place of shifts: how many are logged in, interval by interval."
    )
    roster: NamedRoster | None = Field(
        default=None,
        description="In place of shifts: who is there when, person by person, as the scenario's roster for this team "
        "alone.",
    )
    agents: Agents = Field(
        default_factory=lambda given: derived_agents(given.get("shifts", ()), given.get("head_count")) or 0,
        description="Number of agents, logged in for the whole run where there are no shifts; "
        "default: the shifts' agents together, or the largest head-count.",
    )
    max_tasks: Table[Tasks] = Field(
        default=ReadOnlyDict(),
        description="Tasks open at once by medium, at most the medium's own; 0: none; default: the medium's.",
    )
    max_tasks_by_queue: Table[PositiveTasks] = Field(
        default=ReadOnlyDict(),
        description="Tasks of one queue open at once, by queue; default: the queue's own max_tasks.",
    )
    speed: Table[PositiveRatio] = Field(
        default=ReadOnlyDict(), description="Handling speed by queue; default 100%."
    )
    role: Literal["agent", "supervisor"] = Field(
        default="agent", description="agent (default), or supervisor, who is offered nothing."
    )

    _gross: "Gross | None" = PrivateAttr(default=None)
    _members: tuple[Member, ...] = PrivateAttr(default=())
    _sizes: "tuple[int, ...] | None" = PrivateAttr(default=None)

    @property
    def members(self) -> tuple[Member, ...]:
        """The persons of a roster who are in it; none where its agents are only numbered."""
        return self._members

    def hold(self, members: tuple[Member, ...]) -> None:
        """Keep who is in it by a roster."""
        self._members = members
        if members:
            object.__setattr__(self, "agents", len(members))

    @property
    def skill_sets(self) -> tuple[Mapping[str, int], ...]:
        """The skills that its agents have, each set once."""
        return tuple(dict.fromkeys(one.skills for one in self._members)) or (self.skills,)

    @model_validator(mode="after")
    def _one_roster(self, info: ValidationInfo) -> "Team":
        if self.shifts and self.head_count is not None:
            raise ValueError("give shifts or head_count, not both")
        if len({one.agents is None for one in self.shifts}) > 1:
            raise ValueError("give agents in every shift or in none")
        derived = derived_agents(self.shifts, self.head_count)
        around = surroundings_of(info)
        has_roster = self.roster is not None or (around is not None and around.has_roster)
        if derived is None and "agents" not in self.model_fields_set and not has_roster:
            raise ValueError("agents is missing; give the number of agents, here or in every shift")
        if self.head_count is not None and self.agents < (derived or 0):
            raise ValueError(f"agents is {self.agents}, but the largest head-count is {derived}")
        self._shrink()
        return self

    def _shrink(self) -> None:
        """Keep the numbers as they are written, and leave those who are present."""
        if self.shrinkage and self.absence:
            raise ValueError("give shrinkage or absence, not both; each is a loss of the same agents")
        if self.shrinkage == 1:
            raise ValueError("a shrinkage of 100% leaves nobody")
        if not self.shrinkage or self.counts == "net":
            return
        self._gross = Gross(self.agents, self.head_count)
        present = nearest(self.agents * (1 - self.shrinkage))
        if self.head_count is not None:
            largest = max(self.head_count.counts)
            object.__setattr__(self, "head_count", self.head_count.less(self.shrinkage))
            counts = self.head_count.counts
            present = max(counts) if self.agents == largest else max(present, *counts)
        object.__setattr__(self, "agents", present)

    @property
    def gross_agents(self) -> int:
        """Agents before the shrinkage is taken off."""
        if self._gross is not None:
            return self._gross.agents
        return nearest(self.agents / (1 - self.shrinkage))

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        given = self._gross or Gross(self.agents, self.head_count)
        if given.head_count is not None and given.head_count is not self.head_count:
            written["head_count"] = given.head_count.model_dump(
                mode=info.mode, by_alias=True, exclude_defaults=info.exclude_defaults, context=info.context
            )
        derived = derived_agents(self.shifts, given.head_count)
        agents = {} if self.members or given.agents == derived else {"agents": given.agents}
        return agents | {key: value for key, value in written.items() if key != "agents"}

    def with_shifts(self, shifts: tuple[Shift, ...]) -> "Team":
        """Return the team as it works on one date, in those of its shifts that it has then."""
        found = self.model_copy(update={"shifts": shifts or self.shifts[:1]})
        weights = [1 if one.agents is None else one.agents for one in shifts]
        given = sum(weights)
        if not shifts:
            present = 0
        elif shifts[0].agents is None:
            present = self.agents
        elif self._gross is not None and self._gross.agents == derived_agents(self.shifts, None):
            present = nearest(given * (1 - self.shrinkage))
        else:
            present = nearest(given * self.agents / (derived_agents(self.shifts, None) or 1))
        found._sizes = shared_out(min(present, self.agents), weights) if shifts else (0,)
        return found

    @property
    def is_paid(self) -> bool:
        """Whether it costs anything."""
        return bool(self.cost_per_hour or self.cost_per_answer or self.cost_per_talk_minute)

    def shift_sizes(self) -> tuple[int, ...]:
        """Agents of each shift, together `agents`; in proportion to the shifts' own (largest remainder).

        On a single date of a calendar only those who work that day.
        """
        if self._sizes is not None:
            return self._sizes
        return shared_out(self.agents, [1 if one.agents is None else one.agents for one in self.shifts])


def derived_agents(shifts: Sequence[Shift], head_count: HeadCount | None) -> int | None:
    """Return the number of agents that shifts or a head-count imply, on the day with most; None: they imply none."""
    if head_count is not None:
        return max(head_count.counts)
    if not shifts or any(shift.agents is None for shift in shifts):
        return None
    return max(
        sum(shifts[at].agents or 0 for at in on) for on in _kinds_of_days([one.days for one in shifts])
    )


def _kinds_of_days(rules: Sequence[str | None]) -> Iterator[tuple[int, ...]]:
    """Return which of several things hold together on some day: all, where they are not given by day."""
    if not any(rules):
        yield tuple(range(len(rules)))
        return
    monday = date(2001, 1, 1)
    dates = [date.fromisoformat(one) for one in rules if one is not None and one[:4].isdigit()]
    for day in (*(monday + timedelta(days=number) for number in range(7)), *dates):
        yield holding(rules, day)


def shared_out(total: int, weights: list[int]) -> tuple[int, ...]:
    """Split a number in proportion to weights; what is left goes to the largest remainders, the first first."""
    whole_weight = sum(weights)
    if not whole_weight:
        weights, whole_weight = [1] * len(weights), len(weights)
    sizes = [total * weight // whole_weight for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole_weight))
    for i in by_rest[: total - sum(sizes)]:
        sizes[i] += 1
    return tuple(sizes)


# Who serves which queue.


def skills_of(scenario: "Scenario") -> tuple[str, ...]:
    """Return the skills that any team has, each once."""
    sets = (skills for team in scenario.teams.values() for skills in (team.skills, *team.skill_sets))
    return tuple(dict.fromkeys(skill for skills in sets for skill in skills))


def is_skilled(scenario: "Scenario", team: str, queue: str) -> bool:
    """Return whether a team fulfils any step of a queue."""
    sets = scenario.teams[team].skill_sets
    return any(step.needs.holds(skills) for step in scenario.steps_of(queue) for skills in sets)


def serves(scenario: "Scenario", team: str, queue: str) -> bool:
    """Return whether a team's agents may be offered requests of a queue."""
    if scenario.teams[team].role != "agent" or not is_skilled(scenario, team, queue):
        return False
    return scenario.max_tasks_of(team, scenario.queues[queue].medium) > 0


# Who is there when.


class Span(NamedTuple):
    """A part of the run, in seconds from opening, and the contacts that are expected in it."""

    start: float
    end: float
    contacts: float = 0.0


def shift_times(scenario: "Scenario", shift: Shift) -> list[Span]:
    """Return when a shift is logged in, on each day of the run, without its breaks."""
    midnight = -scenario.opens_at
    found = []
    for day in days_of_shifts(scenario, midnight):
        start = midnight + day * DAY_S
        at = start + shift.from_
        for pause in sorted(shift.breaks, key=lambda one: one.at):
            found.append(Span(at, start + pause.at))
            at = start + pause.ends
        found.append(Span(at, start + shift.to))
    return found


def days_of_shifts(scenario: "Scenario", midnight: float, added_s: float = 0.0) -> range:
    """Return the days, counted from `midnight`, whose shifts reach into a run: of a single date of a calendar its own.

    Else it is from the day before the first on, as a night shift reaches into the opening.
    """
    if scenario.date is not None:
        return range(1)
    return range(-1, int((scenario.lasts - midnight + added_s) // DAY_S) + 1)


def _spans_of(stay: Stay) -> Iterator[Span]:
    """Return a person's time there without breaks."""
    at = stay.start_s
    for begins, length in stay.breaks:
        yield Span(at, begins)
        at = begins + length
    yield Span(at, stay.end_s)


def staffed(scenario: "Scenario", queue: str) -> list[Span]:
    """Return when an agent who serves a queue is planned to be there, in order and apart from each other."""
    teams = [team for name, team in scenario.teams.items() if serves(scenario, name, queue)]
    found: list[Span] = []
    for span in sorted(span for team in teams for span in _staffed(scenario, team)):
        if found and span.start <= found[-1].end + TOLERANCE_S:
            found[-1] = found[-1]._replace(end=max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _staffed(scenario: "Scenario", team: Team) -> list[Span]:
    if team.head_count is not None:
        every = team.head_count.every
        return [Span(i * every, (i + 1) * every) for i, n in enumerate(team.head_count.counts) if n]
    if team.members:
        return [span for one in team.members for stay in stays(scenario, one) for span in _spans_of(stay)]
    if not team.shifts:
        return [Span(0.0, scenario.lasts)] if team.agents else []
    sizes = zip(team.shifts, team.shift_sizes(), strict=True)
    return [span for shift, size in sizes if size for span in shift_times(scenario, shift)]


# Who the agents are: persons of a roster by their names, all others by team and number.


class Seat(NamedTuple):
    """An agent in a team: their name, what addresses their draws, and whether they sit in an earlier team too."""

    team: str
    name: str
    address: tuple[str, int]
    again: bool

    @property
    def word(self) -> str:
        """What rows call them by here: the name, in a further team with that team, which no column shows."""
        return f"{self.name}\t{self.team}" if self.again else self.name


def seats_of(scenario: "Scenario") -> tuple[Seat, ...]:
    """Return the agents of all teams, team by team; who is in several teams has a seat in each."""
    found: list[Seat] = []
    seen: set[str] = set()
    for name, team in scenario.teams.items():
        if not team.members:
            found += [Seat(name, agent_name(name, n), (name, n), False) for n in range(1, team.agents + 1)]
            continue
        for member in team.members:
            found.append(Seat(name, member.name, _address(scenario, member.name), member.name in seen))
            seen.add(member.name)
    return tuple(found)


def _address(scenario: "Scenario", name: str) -> tuple[str, int]:
    """Return what the draws of a person are addressed by: the name, also that of an agent who was only numbered."""
    found = numbered(name)
    return found if found is not None and found[0] in scenario.teams else ("", crc32(name.encode()))
