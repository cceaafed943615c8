"""What the event log says of the centre at every moment, worked out from the events alone."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from engine.running import Row, Run

AVAILABLE = ("READY", "ACTIVE")
ENDS = (
    "no_agent",
    "request_moved",
    "wait_limit_reached",
    "disconnected",
    "request_abandoned",
    "request_cancelled",
)


@dataclass
class Waiting:
    """A request in a queue: its place, and how many of the queue's steps are open for it."""

    request: int
    conversation: int
    queue: str
    priority: int
    since: float
    turn: int
    steps_open: int


class Shadow:
    """Who waits, who rings, who is in, and what each agent has to do, one event after the other."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.waiting: dict[int, Waiting] = {}
        self.ringing: dict[int, str] = {}
        self.slots: Counter[tuple[str, str]] = Counter()
        self.of_queue: Counter[tuple[str, str]] = Counter()
        self._queues: dict[tuple[str, int], list[str]] = defaultdict(list)
        self.inside: dict[int, list[str]] = defaultdict(list)
        self.rung: dict[int, set[str]] = defaultdict(set)
        self._medium = {row["conversation_id"]: self._medium_of(row) for row in run.conversations}
        self._placed_at = {row["request_id"]: row["placed_at"] for row in run.requests}
        self._requester = {row["request_id"]: row["requester"] for row in run.requests}
        self._stays = _stays_of(run.agent_states)

    def _medium_of(self, row: Row) -> str:
        return self.run.scenario.channels[row["channel"]].medium

    # Going through the day.

    def events(self) -> Iterator[Row]:
        """Each event, before it has changed anything here."""
        for event in self.run.events:
            yield event
            self._take(event)

    def instants(self) -> Iterator[float]:
        """Each instant at which something happened or an agent changed, after all of it, but for the last."""
        times = {event["at"] for event in self.run.events}
        times |= {stay["started_at"] for stay in self.run.agent_states}
        events = iter(self.run.events)
        event = next(events, None)
        for now in sorted(time for time in times if time < self.run.horizon):
            while event is not None and event["at"] <= now:
                self._take(event)
                event = next(events, None)
            yield now

    def _take(self, event: Row) -> None:
        name, request = event["event"], event["request_id"]
        if (name == "request_placed" and event["detail"]["kind"] != "named_transfer") or name == "requeued":
            self._wait(event)
        elif name == "step_opened":
            self.waiting[request].steps_open = event["detail"]["step"]
        elif name == "offered":
            self.waiting.pop(request, None)
            self.ringing[request] = event["agent"]
            self.slots[self._slot(event)] += 1
            self._queues[event["agent"], event["conversation_id"]].append(event["queue"])
            self.of_queue[event["agent"], event["queue"]] += 1
        elif name == "accepted":
            del self.ringing[request]
        elif name == "rang_out":
            self._stop_ringing(event)
            self.rung[request].add(event["agent"])
        elif name in ENDS:
            self.waiting.pop(request, None)
            self._stop_ringing(event)
        elif name == "blocked":
            self.waiting = {
                r: w for r, w in self.waiting.items() if w.conversation != event["conversation_id"]
            }
        elif name == "agent_joined":
            self.inside[event["conversation_id"]].append(event["agent"])
        elif name == "agent_left":
            self.inside[event["conversation_id"]].remove(event["agent"])
        elif name == "task_closed":
            self._free(event["agent"], event["conversation_id"], 0)

    def _free(self, agent: str, conversation: int, which: int) -> None:
        """Free a slot: of the first task of an agent in a conversation, or of the latest, -1, which rings."""
        self.slots[agent, self._medium[conversation]] -= 1
        self.of_queue[agent, self._queues[agent, conversation].pop(which)] -= 1

    def _wait(self, event: Row) -> None:
        steps = self.run.scenario.steps_of(event["queue"])
        steps_open, waited = 1, 0.0
        if event["event"] == "requeued" and self._steps_go_on(event["queue"]):
            waited = event["at"] - self._placed_at[event["request_id"]]
        opens = 0.0
        while steps_open < len(steps):
            opens += steps[steps_open - 1].for_
            if opens > waited:
                break
            steps_open += 1
        self.waiting[event["request_id"]] = Waiting(
            event["request_id"],
            event["conversation_id"],
            event["queue"],
            event["detail"]["priority"],
            event["at"],
            event["seq"],
            steps_open,
        )

    def _steps_go_on(self, queue: str) -> bool:
        own = self.run.scenario.queues[queue].steps_after_ring_out
        return (own or self.run.scenario.routing.steps_after_ring_out) == "go_on"

    def _stop_ringing(self, event: Row) -> None:
        agent = self.ringing.pop(event["request_id"], None)
        if agent is not None:
            self._free(agent, event["conversation_id"], -1)

    def _slot(self, event: Row) -> tuple[str, str]:
        return event["agent"], self._medium[event["conversation_id"]]

    # What follows from it.

    def may_serve(self, agent: str, waiting: Waiting) -> bool:
        """Whether a waiting request may be offered to an agent once they have a slot free."""
        scenario = self.run.scenario
        team = agent.rpartition("-")[0]
        medium = scenario.queues[waiting.queue].medium
        steps = scenario.steps_of(waiting.queue)[: waiting.steps_open]
        able = any(step.needs.holds(scenario.teams[team].skills) for step in steps)
        full = self.of_queue[agent, waiting.queue] >= self.most_of_queue(agent, waiting.queue)
        return able and scenario.max_tasks_of(team, medium) > 0 and not full and not self.bars(waiting, agent)

    def most_of_queue(self, agent: str, queue: str) -> float:
        """How many tasks of a queue an agent may have open."""
        team = self.run.scenario.teams[agent.rpartition("-")[0]]
        most = team.max_tasks_by_queue.get(queue, self.run.scenario.queues[queue].max_tasks)
        return float("inf") if most is None else most

    def bars(self, waiting: Waiting, agent: str) -> bool:
        """Whether an agent may not have a request: they are in, asked for it, or let it ring and are excluded."""
        routing = self.run.scenario.routing
        return (
            agent in self.inside[waiting.conversation]
            or (routing.exclude_requester and agent == self._requester[waiting.request])
            or (routing.ring_memory == "exclude" and agent in self.rung[waiting.request])
        )

    def in_line(self, waiting: list[Waiting], agent: str, now: float) -> dict[int, tuple[float, ...]]:
        """What orders these requests for an agent, by their number; queues may be weighed by their first."""
        places = {one.request: self.place_in_line(one, agent) for one in waiting}
        if self.run.scenario.routing.request_selection not in ("weighted_wait", "queue_ratio"):
            return places
        firsts: dict[str, Waiting] = {}
        for one in sorted(waiting, key=lambda one: places[one.request]):
            firsts.setdefault(one.queue, one)
        return {one.request: (-self._weight(firsts[one.queue], now), *places[one.request]) for one in waiting}

    def _weight(self, first: Waiting, now: float) -> float:
        if self.run.scenario.routing.request_selection == "weighted_wait":
            size = now - self._placed_at[first.request]
        else:
            size = sum(one.queue == first.queue for one in self.waiting.values())
        return size * self.run.scenario.queues[first.queue].priority

    def place_in_line(self, waiting: Waiting, agent: str) -> tuple[float, ...]:
        """What orders the requests an agent may take, the first one lowest (R2.8 and the routing policy)."""
        routing = self.run.scenario.routing
        by_rule: tuple[float, ...] = {
            "priority": (-waiting.priority, waiting.since),
            "own_level": (-waiting.priority, waiting.since),
            "weighted_wait": (-waiting.priority, waiting.since),
            "queue_ratio": (-waiting.priority, waiting.since),
            "longest_waiting": (waiting.since,),
            "priority_with_ageing": (
                (waiting.since / routing.ageing if routing.ageing else 0) - waiting.priority,
                waiting.since,
            ),
        }[routing.request_selection]
        first = (-self.run.scenario.queues[waiting.queue].priority,) if routing.queue_priority else ()
        if routing.request_selection == "own_level":
            first = (-self.run.scenario.teams[agent.rpartition("-")[0]].skills.get(waiting.queue, 0), *first)
        return (*first, *by_rule, waiting.turn)

    def agents(self) -> list[str]:
        """Everybody who was there at any time."""
        return list(dict.fromkeys(agent for agent, _ in self._stays))

    def state(self, agent: str, medium: str, now: float) -> str | None:
        """An agent's state on a medium from now on, None where they are not there."""
        stays = self._stays.get((agent, medium), [])
        i = bisect_right(stays, now, key=lambda stay: stay["started_at"]) - 1
        return stays[i]["state"] if i >= 0 and now < stays[i]["ended_at"] else None

    def states_at(self, agent: str, medium: str, now: float) -> set[str]:
        """The states in which an agent was just before, at, or just after this moment."""
        stays = self._stays.get((agent, medium), [])
        return {stay["state"] for stay in stays if stay["started_at"] <= now <= stay["ended_at"]}


def _stays_of(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    stays: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["started_at"]):
        stays[row["agent"], row["medium"]].append(row)
    return stays
