"""A scenario as the compiled engine reads it: the centre that the SimPy engine puts together, flattened once."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.layout import address, names, number, rows
from sim.engine.queue import Pool
from sim.engine.roster import Stint, Team
from sim.engine.simulate import Centre
from sim.engine.transfer import chosen_by_counts
from sim.engine.whisper import GAP
from sim.policies.guarded import OverflowByExpectedWait, ReserveForTransfers, ReserveIdle, Threshold
from sim.records.recorder import vocabularies_of
from sim.scenario import Scenario
from sim.scenario.teams import seats_of
from sim.scenario.wall_clock import WallClock
from sim.workload import Choice
from sim.workload.draws import Draw

NEVER = float("nan")
Array = NDArray[Any]


class Numbering:
    """Numbers for what is drawn: laws of customers, laws of agents, and choices among numbered things."""

    def __init__(self) -> None:
        self.draws: list[Draw] = []
        self.agent_draws: list[tuple[str, Any]] = []
        self._known: dict[int, int] = {}
        self._choices: list[int] = []
        self._bounds: list[float] = []

    def draw(self, draw: Draw | None) -> int:
        """Give a number to what may be drawn for customers; -1 is nothing."""
        if draw is None:
            return -1
        if id(draw) not in self._known:
            self._known[id(draw)] = len(self.draws)
            self.draws.append(draw)
        return self._known[id(draw)]

    def agent_draw(self, purpose: str, law: Any) -> int:
        """Give a number to a law that is drawn for agents; 0 is the uniform number by which they join from a list."""
        if id(law) not in self._known:
            self._known[id(law)] = len(self.agent_draws) + 1
            self.agent_draws.append((purpose, law))
        return self._known[id(law)]

    def choice(self, choice: Choice[str], codes: Sequence[int]) -> tuple[int, int]:
        """Lay down a choice among numbered things; return how many there are and the place of the first."""
        first = len(self._choices)
        self._choices += codes
        self._bounds += [*choice.bounds, 2.0]
        return len(codes), first

    def arrays(self) -> dict[str, Array]:
        """Return the choices as they are handed in."""
        return {"choices": whole_numbers(self._choices), "bounds": np.array([*self._bounds, 0.0])}


def whole_numbers(values: Sequence[int]) -> Array:
    """Return numbers as they are handed in, one more so that there is an address where there are none."""
    return np.array([*values, 0], np.int32)


class World:
    """What does not change from day to day; who serves what is decided by the SimPy engine's own code.

    `arrays` are those that are handed in, and `values` the single numbers, by their names there.
    """

    def __init__(self, scenario: Scenario, centre: Centre) -> None:
        from sim.engine.compiled.queue_rows import queue_arrays  # both know the numbers of this module
        from sim.engine.compiled.staff_rows import staff_arrays

        self.scenario = scenario
        self.teams = list(centre.teams.values())
        self.queues = list(centre.context.queues.values())
        self.channels = list(scenario.channels)
        self.media = list(scenario.media)
        self.agents = [agent for team in self.teams for agent in team.agents]  # by seat
        self.seat_numbers = {
            (seat.team, seat.name): i
            for i, seat in enumerate(seats_of(scenario))
            if scenario.teams[seat.team].members
        }
        self.pool_teams: dict[Pool, Team] = {
            pool: team for team in self.teams for crew in team.crews.values() for pool in crew.values()
        }
        self.pools = list(self.pool_teams)
        self.queue_numbers = {queue.name: i for i, queue in enumerate(self.queues)}
        self.pool_numbers = {id(pool): i for i, pool in enumerate(self.pools)}
        self.stream_codes = {name: i for i, name in enumerate(vocabularies_of(scenario)["stream"])}
        self.numbering = Numbering()
        self.values: dict[str, float] = {}
        self.same_roster: object = None  # of every day, where nobody is ever absent
        self.shifts: dict[int, int | None] = {}  # by seat, and their stints by team: those of every day
        self.stints: dict[tuple[int, int | None], tuple[Stint, ...]] = {}
        self.arrays = queue_arrays(self) | staff_arrays(self)
        self._add_sizes()
        self._add_routing()
        self._add_supervision(centre)
        self._add_returns(centre)
        self.arrays |= self.numbering.arrays()

    @cached_property
    def given(self) -> Array:
        """What is handed in on every day."""
        given = rows("Given", 1)
        for name, value in self.values.items():
            given[name] = value
        for name, array in self.arrays.items():
            given[name] = address(array)
        return given

    def _add_sizes(self) -> None:
        self.values |= {
            "n_queues": len(self.queues),
            "n_teams": len(self.teams),
            "n_channels": len(self.channels),
            "n_agents": len(self.agents),
            "n_desks": len(self.arrays["desks"]),
            "n_pools": len(self.pools),
            "n_levels": sum(len(queue.steps) for queue in self.queues),
            "n_media": len(self.media),
        }
        media = self.scenario.media.values()
        how = [medium.interrupted_by.get(by, "not") for medium in media for by in self.media]
        self.arrays["interruptions"] = np.array([number("Interruption", one) for one in how], np.int8)
        channels = self.scenario.channels.values()
        self.arrays["channel_lines"] = whole_numbers([-1 if c.lines is None else c.lines for c in channels])
        labels = self.scenario.labels.values()
        self.arrays["label_priorities"] = whole_numbers([1, *(label.priority for label in labels)])

    def _add_routing(self) -> None:
        routing, scenario = self.scenario.routing, self.scenario
        wall = WallClock.of(scenario)
        self.arrays |= {"clock_starts": wall.starts, "clock_ahead": wall.ahead}
        agents, requests = names("AgentRule"), names("RequestRule")
        guard, policy = routing.agent_selection, routing.request_selection
        ranks_agents, ranks_requests = guard in agents, policy in requests
        aged = "priority_with_ageing" if routing.ageing > 0 else "priority"
        self.values |= {
            "agent_rule": agents.index(guard if ranks_agents else "fewest_tasks"),
            "agent_policy": 0 if ranks_agents else number("Policy", guard),
            "request_rule": requests.index(policy if ranks_requests else aged),
            "request_policy": 0 if ranks_requests else number("Policy", policy),
            "shown": not ranks_requests,
            "holds_back": not (ranks_agents or ranks_requests),
            "highest_priority": max(queue.priority for queue in self.queues),
            "keep_idle": ReserveIdle().keep,
            "threshold": Threshold().waiting,
            "opens_at": wall.opens_s,
            "n_clock": len(wall.starts),
            "ring_memory": number("RingMemory", routing.ring_memory),
            "keep_available": ReserveForTransfers().keep,
            "expected_wait": OverflowByExpectedWait().limit_s,
            "clear_queues": scenario.closing == "clear_queues",
            "has_drain": scenario.drain is not None,
            "lasts": scenario.lasts,
            "day_ends": float("inf") if scenario.date is None else scenario.date.length_s,
        }
        for name in (
            "ageing", "queue_priority", "exclude_requester", "transfer_priority", "conference_priority",
            "requeue_priority", "last_agent",
        ):  # fmt: skip
            self.values[name] = getattr(routing, name)

    def _add_supervision(self, centre: Centre) -> None:
        spec, supervisors = self.scenario.supervision, centre.context.supervisors
        self.values |= {"whisper_gap": self.numbering.draw(GAP), "supervisors": -1}
        if spec is None or supervisors is None:
            return
        self.values |= {
            "supervisors": [team.name for team in self.teams].index(spec.team),
            "supervised": spec.probability,
            "barge_in": spec.barge_in,
            "supervision_whispers": spec.whispers_per_minute,
            "supervised_after": self.numbering.draw(supervisors.after),
            "supervised_for": self.numbering.draw(supervisors.lasts),
        }

    def _add_returns(self, centre: Centre) -> None:
        asks, returns = self.scenario.customers.after_no_agent, self.scenario.customers.after_abandon
        if asks is not None:
            self.values |= {
                "asks_again": True,
                "share_asks_again": asks.ask_again,
                "most_asks_again": asks.at_most,
                "ask_again_after": self.numbering.draw(centre.ask_again_after),
                "asks_while_open": asks.only_while_open,
            }
        if returns is not None:
            self.values |= {
                "comes_back": True,
                "share_comes_back": returns.come_back,
                "most_comes_back": returns.at_most,
                "come_back_after": self.numbering.draw(centre.come_back_after),
                "comes_while_open": returns.only_while_open,
                "same_patience": returns.patience == "same",
            }

    def chosen_queue(self, queue: int, is_conference: bool, uniform: float, available: Array) -> int:
        """Choose a queue from the dropdown with its numbers of available agents, as an agent of `queue` does."""
        spec = self.queues[queue].spec
        part = spec.conference if is_conference else spec.transfer
        assert part is not None
        shown = {name: int(available[self.queue_numbers[name]]) for name in part.to}
        return self.queue_numbers[chosen_by_counts(part, shown, uniform)]
