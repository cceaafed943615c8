"""The budget of a command: how many events and how much memory it would take, estimated before anything is simulated.

An estimate from the scenario alone, made to be of the right size and not below: contacts, each with its offers,
hand-overs and whispers, and the tables that one run keeps.
"""

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from sim.errors import SimError, quoted
from sim.scenario.checks.service import ttls_of
from sim.scenario.expected import contacts_of, handle_law, shares_of
from sim.scenario.numbers import decimal
from sim.scenario.people import stays
from sim.scenario.teams import serves

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.queues import Queue
    from sim.scenario.teams import Team

USUAL = 1e9
"""Events of a command: some hours of one core."""
EVENTS_A_CONTACT = 8.0
EVENTS_AN_OFFER = 4.0
MOST_RETURNS = 20.0
BYTES_AN_EVENT = 150.0
"""In the tables that are kept of a run, measured over the scenarios here."""
BYTES_AN_AGENT = 4_000.0
LONGEST_DRAIN_S = 30 * 86_400.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Events and bytes of one replication, and the key that most of the events come from."""

    events: float
    bytes: float
    key: str


def estimate(scenario: "Scenario") -> Estimate:
    """Return what one replication of a scenario takes."""
    parts: dict[str, float] = {}
    for i, stream in enumerate(scenario.arrivals):
        volume = contacts_of(scenario, stream)
        key = next(one for one in ("per_hour", "file", "replay") if getattr(stream, one) is not None)
        parts[f"arrivals.{i}.{key}"] = volume * EVENTS_A_CONTACT * _returns(scenario)
        queues = shares_of(scenario, stream) or dict.fromkeys((one.queue for one in stream.contacts), 1.0)
        for name, share in queues.items():
            for part, events in _of_queue(scenario, name):
                parts[part] = parts.get(part, 0.0) + volume * share * events
    parts |= _rosters(scenario)
    events = math.fsum(parts.values())
    agents = sum(team.agents for team in scenario.teams.values())
    return Estimate(
        events, events * BYTES_AN_EVENT + agents * BYTES_AN_AGENT, max(parts, key=parts.__getitem__)
    )


def _returns(scenario: "Scenario") -> float:
    """Return how many contacts one customer makes at most on average."""
    again = scenario.customers
    shares = [(one.ask_again, one.at_most) for one in (again.after_no_agent,) if one is not None]
    shares += [(one.come_back, one.at_most) for one in (again.after_abandon,) if one is not None]
    return 1.0 + sum(min(most * share, MOST_RETURNS) for share, most in shares)


def _of_queue(scenario: "Scenario", name: str) -> list[tuple[str, float]]:
    """Return the events a contact of a queue brings beyond the usual, by key."""
    queue = scenario.queues[name]
    found = [(_ring_key(queue, name), _offers(scenario, name) * EVENTS_AN_OFFER)]
    minutes = handle_law(scenario, name).mean / 60
    if queue.transfer is not None:
        found.append((f"queues.{name}.transfer", queue.transfer.probability * EVENTS_A_CONTACT))
    if queue.conference is not None:
        messages = queue.conference.whispers_per_minute * (queue.conference.joint_time.mean / 60 + minutes)
        found.append(
            (f"queues.{name}.conference", queue.conference.probability * (EVENTS_A_CONTACT + messages))
        )
    if queue.pull is not None:
        found.append((f"queues.{name}.pull", queue.pull.whispers_per_minute * minutes))
    looked = scenario.supervision
    if looked is not None and name in looked.queues:
        messages = looked.whispers_per_minute * looked.lasts.mean / 60
        found.append(("supervision", looked.probability * (EVENTS_A_CONTACT + messages)))
    return found


def _ring_key(queue: "Queue", name: str) -> str:
    return "routing.ring_time" if queue.ring_time is None else f"queues.{name}.ring_time"


def _offers(scenario: "Scenario", name: str) -> float:
    """Return how often a request of a queue rings out, at most as often as there is time for."""
    accepted = [
        team.accept.probability for key, team in scenario.teams.items() if serves(scenario, key, name)
    ]
    least = min(accepted, default=1.0)
    patience = scenario.queues[name].patience
    drain = LONGEST_DRAIN_S if scenario.drain is None else scenario.drain
    ttls = [math.inf if ttl is None else ttl for ttl in ttls_of(scenario, name)]
    waits = [scenario.lasts + drain, max(ttls, default=math.inf)]
    waits += [] if patience is None else [3 * patience.mean + scenario.ring_time_of(name)]
    most = min(waits) / scenario.ring_time_of(name)
    return min(most, 1 / least - 1) if least else most


def _rosters(scenario: "Scenario") -> dict[str, float]:
    days = scenario.lasts / 86_400 + 2
    return {
        f"teams.{name}.agents": team.agents
        * (2.0 + days * sum(2 + 2 * len(one.breaks) for one in team.shifts) + _pauses(scenario, team))
        + sum(2.0 + 2 * len(stay.breaks) for one in team.members for stay in stays(scenario, one))
        for name, team in scenario.teams.items()
    }


def _pauses(scenario: "Scenario", team: "Team") -> float:
    """Return how many begins and ends of pauses an agent has at most on average."""
    spec = team.pauses
    return 0.0 if spec is None else 2 * scenario.lasts / (spec.every.mean + spec.for_.mean)


# What is allowed.


class BudgetError(SimError):
    """More events or memory would be taken than are allowed, or were taken, and the simulation was stopped."""


def events_of(text: str) -> float | None:
    """Read the events of `--budget`; None for `none`. Raises SimError."""
    if text.strip() == "none":
        return None
    try:
        found = decimal(text)
    except ValueError:
        found = 0.0
    if found <= 0:
        raise SimError(f"--budget {quoted(text)} is no number of events; write 1e9 or none")
    return found


def require_budget(scenarios: Sequence["Scenario"], runs: int | None, budget: str, at_once: int = 1) -> None:
    """Raise BudgetError where simulating each scenario so often would go beyond the budget.

    `runs` None takes the scenario's own replications; `at_once` is the number of processes.
    """
    allowed = events_of(budget)
    if allowed is None:
        return
    found = [(estimate(one), one.replications if runs is None else runs) for one in scenarios]
    events = math.fsum(one.events * count for one, count in found)
    largest = max(found, key=lambda pair: pair[0].events * pair[1])[0]
    if events > allowed:
        raise BudgetError(
            f"{largest.key}: about {events:.2g} events would be simulated, and the budget is {allowed:.2g}; "
            f"{MORE}"
        )
    require_memory(largest.key, max(one.bytes for one, _ in found) * at_once, budget)


def require_memory(key: str, needed: float, budget: str) -> None:
    """Raise BudgetError, naming the key, where so many bytes are more than half of what is free; not for `none`."""
    if events_of(budget) is not None and needed > (free := free_bytes() / 2):
        raise BudgetError(
            f"{key}: about {needed / 1e9:.2g} GB of memory would be used, and half of what is free is "
            f"{free / 1e9:.2g} GB; --budget none runs it all the same"
        )


# Where an estimate was wrong.

MORE = "allow more with --budget EVENTS, or --budget none"
MARGIN = 5.0
"""An estimate is right within this factor, so a replication may take so much more than its share of the budget."""
ENTRIES_A_LOOK = 1 << 16
"""After so many entries of the calendar the memory is looked at."""


@dataclass(slots=True, eq=False)
class Cap:
    """The most that a command may take in this process: events, as entries of the calendar, and bytes.

    `each` is the most of one replication, `total` that of all of them, `spent` what those that have ended took.
    `expected` is the replication of which most was estimated.
    """

    each: float
    total: float
    bytes: float
    expected: Estimate
    spent: float = 0.0
    under_way: Iterator[int] = field(default_factory=lambda: iter(()), repr=False)

    def __getstate__(self) -> tuple[float, float, float, Estimate, float]:
        """Leave out what is under way, which stays in its process."""
        return self.each, self.total, self.bytes, self.expected, self.spent

    def __setstate__(self, state: tuple[float, float, float, Estimate, float]) -> None:
        """Take up what another process sent."""
        self.each, self.total, self.bytes, self.expected, self.spent = state
        self.under_way = iter(())

    def numbers(self, scenario: "Scenario") -> Iterator[int]:
        """Return the calendar's sequence numbers of a replication, from 0; the one beyond raises BudgetError."""
        # A chain of ranges gives a number as fast as a count does: the look at the cap is paid once a chunk.
        self.under_way = chain.from_iterable(self._chunks(scenario))
        return self.under_way

    def count(self) -> None:
        """Add what the replication under way has taken; counting is an entry too."""
        self.spent += next(self.under_way)

    def most(self) -> int:
        """Return how many entries the next replication may take."""
        return int(max(0.0, min(self.each, self.total - self.spent)))

    def _chunks(self, scenario: "Scenario") -> Iterator[range]:
        before, taken, most = resident_bytes(), 0, self.most()
        while taken < most:
            size = min(ENTRIES_A_LOOK, most - taken)
            yield range(taken, taken + size)
            taken += size
            self.check_memory(scenario, resident_bytes() - before)
        raise self.beyond(scenario)

    def check_memory(self, scenario: "Scenario", used: float) -> None:
        """Raise BudgetError where a replication uses more bytes."""
        if used > self.bytes:
            expected = estimate(scenario)
            raise BudgetError(
                f"{expected.key}: about {expected.bytes / 1e9:.2g} GB were estimated for a replication, and it took "
                f"more than {self.bytes / 1e9:.2g} GB; --budget none runs it all the same"
            )

    def beyond(self, scenario: "Scenario") -> BudgetError:
        """Return the error of a replication that takes more entries than it may."""
        if self.total - self.spent <= self.each:
            return self.beyond_total()
        expected = estimate(scenario)
        return BudgetError(
            f"{expected.key}: about {expected.events:.2g} events were estimated for a replication, and it took more "
            f"than {self.each:.2g}; {MORE}"
        )

    def beyond_total(self) -> BudgetError:
        """Return the error of a command whose replications together take more than its budget."""
        return BudgetError(
            f"{self.expected.key}: about {self.expected.events:.2g} events were estimated for a replication at most, "
            f"and all together took more than the budget of {self.total:.2g}; {MORE}"
        )


def cap_of(scenarios: Sequence["Scenario"], runs: int, budget: str, at_once: int = 1) -> Cap | None:
    """Return the cap of a command that simulates each scenario so often; None where the budget is `none`.

    Raises SimError.
    """
    allowed = events_of(budget)
    if allowed is None:
        return None
    largest = max(map(estimate, scenarios), key=lambda found: found.events)
    each = min(1.0, MARGIN / (runs * len(scenarios))) * allowed
    return Cap(each, allowed, free_bytes() / 2 / at_once, largest)


def resident_bytes() -> float:
    """Return the memory that this process uses; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return float(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError, IndexError):
        return 0.0


def free_bytes() -> float:
    """Return the memory that is free on this machine; without end where the system does not tell."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            told = dict(line.split(":", 1) for line in file)
        return float(told["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return math.inf
