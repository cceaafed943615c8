"""The one-queue model on SimPy, tuned by hand: no processes, only callbacks on timeouts."""

from collections import deque
from random import Random
from typing import Any

import simpy
from simpy.events import Timeout

from benchmarks.queue.model import AGENTS, GAP_S, PATIENCE_S, SERVICE_S, Visit


def run(customers: int, seed: int) -> list[Visit]:
    line = Line(customers, Random(seed))
    line.env.run()
    return line.visits


class Line:
    def __init__(self, customers: int, random: Random) -> None:
        self.env = simpy.Environment()
        self.draw = random.expovariate
        self.free = AGENTS
        self.waiting: deque[Timeout] = deque()
        self.visits: list[Visit] = []
        self.to_come = customers
        self.next_arrival()

    def next_arrival(self) -> None:
        if self.to_come:
            self.to_come -= 1
            gap = Timeout(self.env, self.draw(1 / GAP_S))
            gap.callbacks.append(self.arrive)

    def arrive(self, _gap: simpy.Event) -> None:
        self.next_arrival()
        now = self.env.now
        if self.free:
            self.free -= 1
            self.visits.append((now, 0.0, True))
            self.serve()
        else:
            patience = Timeout(self.env, self.draw(1 / PATIENCE_S), now)
            patience.callbacks.append(self.give_up)
            self.waiting.append(patience)

    def serve(self) -> None:
        service = Timeout(self.env, self.draw(1 / SERVICE_S))
        service.callbacks.append(self.leave)

    def give_up(self, patience: simpy.Event) -> None:
        arrived_at: Any = patience.value
        self.visits.append((arrived_at, self.env.now - arrived_at, False))

    def leave(self, _service: simpy.Event) -> None:
        waiting = self.waiting
        while waiting:
            patience = waiting.popleft()
            if patience.callbacks:  # else they gave up: SimPy sets the callbacks of a processed event to None
                patience.callbacks.clear()
                arrived_at: Any = patience.value
                self.visits.append((arrived_at, self.env.now - arrived_at, True))
                self.serve()
                return
        self.free += 1
