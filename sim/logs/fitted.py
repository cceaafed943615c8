"""What a scenario of a log's mean weekday needs, as plain values."""

from dataclasses import dataclass

from sim.scenario.distributions import Law


@dataclass(frozen=True, slots=True)
class QueueFit:
    """One queue: contacts an hour by interval, its day factor's sd, laws in seconds, share handed on."""

    name: str
    per_hour: tuple[float, ...]
    busyness: float
    handle_time: Law
    patience: Law
    own_patience: bool
    transfer: float


@dataclass(frozen=True, slots=True)
class TeamFit:
    """One team: agents seen in the log, queues served, and how many were on duty in each interval."""

    name: str
    seen: int
    skills: tuple[str, ...]
    head_count: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SecondLine:
    """Who received the transfers: law of their part in seconds, and agents enough that nobody waits."""

    handle_time: Law
    agents: int
    linked: float


@dataclass(frozen=True, slots=True)
class Staff:
    """Agent-hours a day (`busy` <= `on_duty` <= `logged_in`); seconds to ring and to return to the queue."""

    busy: float
    on_duty: float
    logged_in: float
    ring: float
    return_time: float

    @property
    def wrap_up(self) -> float:
        """Mean seconds of an agent's own between two calls: his return without the ring."""
        return max(0.0, self.return_time - self.ring)


@dataclass(frozen=True, slots=True)
class DayFit:
    """The mean weekday of a log: days it was taken from, contacts a day, shares as 0..1."""

    days: int
    offered: float
    left_out: float
    day_spread: float
    busyness: float
    queues: tuple[QueueFit, ...]
    teams: tuple[TeamFit, ...]
    second_line: SecondLine
    staff: Staff

    @property
    def seen(self) -> int:
        """Agents in the log."""
        return sum(team.seen for team in self.teams)

    @property
    def everyones(self) -> tuple[str, ...]:
        """The queues that every team serves."""
        first, *others = self.teams
        return tuple(queue for queue in first.skills if all(queue in team.skills for team in others))
