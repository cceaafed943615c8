"""The one-queue model as one loop over a heap of plain tuples: what Python itself allows."""

from collections import deque
from heapq import heappop, heappush
from random import Random

from benchmarks.queue.model import AGENTS, GAP_S, PATIENCE_S, SERVICE_S, Visit

ARRIVE, GIVE_UP, LEAVE = range(3)


def run(customers: int, seed: int) -> list[Visit]:
    draw = Random(seed).expovariate
    calendar = [(draw(1 / GAP_S), ARRIVE, 0)]
    queue: deque[int] = deque()
    since: dict[int, float] = {}  # times of arrival of the waiting customers

    visits: list[Visit] = []
    free, number = AGENTS, 0
    while calendar:
        now, kind, customer = heappop(calendar)
        if kind == ARRIVE:
            number += 1
            if number < customers:
                heappush(calendar, (now + draw(1 / GAP_S), ARRIVE, number))
            if free:
                free -= 1
                visits.append((now, 0.0, True))
                heappush(calendar, (now + draw(1 / SERVICE_S), LEAVE, customer))
            else:
                queue.append(customer)
                since[customer] = now
                heappush(calendar, (now + draw(1 / PATIENCE_S), GIVE_UP, customer))
        elif kind == GIVE_UP:
            if customer in since:
                arrived_at = since.pop(customer)
                visits.append((arrived_at, now - arrived_at, False))
        else:
            while queue and queue[0] not in since:
                queue.popleft()
            if queue:
                customer = queue.popleft()
                arrived_at = since.pop(customer)
                visits.append((arrived_at, now - arrived_at, True))
                heappush(calendar, (now + draw(1 / SERVICE_S), LEAVE, customer))
            else:
                free += 1
    return visits
