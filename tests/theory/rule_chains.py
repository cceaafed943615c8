"""Markov chains of the routing rules, one state at a time: the answers of the cases of family D and A12, A16, A17.

Nothing here knows the engine. A chain is a function from a state to the rates of the states that may follow; rates
are per minute. The long-run law solves pi Q = 0 over all states that are reached.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve

State = tuple[int, ...]
Moves = Callable[..., Iterable[tuple[float, State]]]
Law = dict[State, float]


def long_run(start: State, moves: Moves) -> Law:
    """The share of time in each state that can be reached."""
    number, todo = {start: 0}, [start]
    rows: list[int] = []
    columns: list[int] = []
    rates: list[float] = []
    while todo:
        state = todo.pop()
        for rate, onward in moves(*state):
            if rate > 0:
                if onward not in number:
                    number[onward] = len(number)
                    todo.append(onward)
                rows += [number[onward], number[state]]
                columns += [number[state], number[state]]
                rates += [rate, -rate]
    size = len(number)
    matrix = csc_matrix((rates, (rows, columns)), shape=(size, size)).tolil()
    matrix[0, :] = 1.0  # one equation too many: the sum of the shares takes its place
    right = np.zeros(size)
    right[0] = 1.0
    law = spsolve(matrix.tocsc(), right)
    return dict(zip(number, law.tolist(), strict=True))


def mean(law: Law, value: Callable[..., Any]) -> float:
    """The mean of a function of the state."""
    return float(sum(share * value(*state) for state, share in law.items()))


# D1: calls and mails; a freed helper takes a call first, unless three mails wait.


def threshold(
    own: int = 3,
    helpers: int = 3,
    calls: float = 1.5,
    mails: float = 1.0,
    most: int = 3,
    patience: float = 0.25,
) -> dict[str, float]:
    """Agents of one pool take calls, helpers mails and, while fewer than `most` mails wait, calls as well; rate 0.5."""
    mu, top = 0.5, 45

    def moves(a: int, b1: int, b2: int, q1: int, q2: int) -> Iterable[tuple[float, State]]:
        idle_b = helpers - b1 - b2
        if a < own:
            yield calls, (a + 1, b1, b2, q1, q2)
        elif idle_b and q2 < most:
            yield calls, (a, b1 + 1, b2, q1, q2)
        elif q1 < top:
            yield calls, (a, b1, b2, q1 + 1, q2)
        if idle_b:
            yield mails, (a, b1, b2 + 1, q1, q2)
        elif q2 < top:
            yield mails, (a, b1, b2, q1, q2 + 1)
        yield a * mu, (a, b1, b2, q1 - 1, q2) if q1 else (a - 1, b1, b2, q1, q2)
        for rate, c1, c2 in ((b1 * mu, b1 - 1, b2), (b2 * mu, b1, b2 - 1)):
            if rate:
                if q1 and q2 < most:
                    yield rate, (a, c1 + 1, c2, q1 - 1, q2)
                elif q2:
                    yield rate, (a, c1, c2 + 1, q1, q2 - 1)
                else:
                    yield rate, (a, c1, c2, q1, q2)
        yield q1 * patience, (a, b1, b2, q1 - 1, q2)
        yield q2 * patience, (a, b1, b2, q1, q2 - 1)

    law = long_run((0, 0, 0, 0, 0), moves)
    waits = mean(law, lambda a, b1, b2, q1, q2: a == own and (b1 + b2 == helpers or q2 >= most))
    return {
        "calls: share that waits": waits,
        "calls: share that abandons": patience * mean(law, lambda a, b1, b2, q1, q2: q1) / calls,
        "calls: mean wait, min": mean(law, lambda a, b1, b2, q1, q2: q1) / calls,
        "mails: share that abandons": patience * mean(law, lambda a, b1, b2, q1, q2: q2) / mails,
        "mails: mean wait, min": mean(law, lambda a, b1, b2, q1, q2: q2) / mails,
        "calls that helpers take": mean(law, lambda a, b1, b2, q1, q2: b1)
        / mean(law, lambda a, b1, b2, q1, q2: a + b1),
    }


# D2: mails are taken only while more than one agent is idle.


def reserve(
    agents: int = 6, calls: float = 1.5, mails: float = 0.9, patience: float = 0.25, keep: int = 1
) -> dict[str, float]:
    """One pool takes calls, and mails only while more than `keep` agents are idle; both last 2 minutes on average."""
    mu, slow, top = 0.5, 0.05, 60

    def settled(busy: int, q1: int, q2: int) -> State:
        while q1 and busy < agents:
            busy, q1 = busy + 1, q1 - 1
        while q2 and agents - busy > keep:
            busy, q2 = busy + 1, q2 - 1
        return busy, q1, q2

    def moves(busy: int, q1: int, q2: int) -> Iterable[tuple[float, State]]:
        if q1 < top:
            yield calls, settled(busy, q1 + 1, q2)
        if q2 < top:
            yield mails, settled(busy, q1, q2 + 1)
        if busy:
            yield busy * mu, settled(busy - 1, q1, q2)
        yield q1 * patience, (busy, q1 - 1, q2)
        yield q2 * slow, (busy, q1, q2 - 1)

    law = long_run((0, 0, 0), moves)
    return {
        "calls: share that waits": mean(law, lambda busy, q1, q2: busy == agents),
        "calls: mean wait, min": mean(law, lambda busy, q1, q2: q1) / calls,
        "mails: share that waits": mean(law, lambda busy, q1, q2: agents - busy <= keep),
        "mails: share that abandons": slow * mean(law, lambda busy, q1, q2: q2) / mails,
        "mails: mean wait, min": mean(law, lambda busy, q1, q2: q2) / mails,
        "occupancy": mean(law, lambda busy, q1, q2: busy) / agents,
    }


# D3: two queues share five waiting places; M/M/4/9 over both.


def shared_places(
    rates: tuple[float, float] = (1.1, 0.7), agents: int = 4, places: int = 5
) -> dict[str, float]:
    """The closed form of M/M/c/K: both classes find the same, as Poisson arrivals see time averages."""
    mu, total = 0.5, sum(rates)
    weights = [1.0]
    for n in range(1, agents + places + 1):
        weights.append(weights[-1] * total / (min(n, agents) * mu))
    law = np.array(weights) / sum(weights)
    length = sum(max(n - agents, 0) * share for n, share in enumerate(law))
    blocked = float(law[-1])
    return {
        "blocked, of the first queue": blocked,
        "blocked, of the second queue": blocked,
        "share that waits, of those let in": float(law[agents:-1].sum()) / (1 - blocked),
        "mean wait, min": float(length) / (total * (1 - blocked)),
        "mean lines in use": float(sum(n * share for n, share in enumerate(law))),
    }


# D4: some hang up at once and come back as impatient as before, the others wait for ever.


def kept_patience(
    rate: float = 1.6, agents: int = 4, impatient: float = 0.4, back: float = 0.8, after: float = 0.2
) -> dict[str, float]:
    """Of the impatient who find nobody free, `back` come again, up to twice, each after a mean of 1 / `after`."""
    mu, top, orbit = 0.5, 34, 11
    patient, hasty = rate * (1 - impatient), rate * impatient

    def moves(n: int, first: int, second: int) -> Iterable[tuple[float, State]]:
        free = n < agents
        if n < top:
            yield patient + (hasty if free else 0.0), (n + 1, first, second)
        if not free and first < orbit:
            yield hasty * back, (n, first + 1, second)
        if free:
            yield first * after, (n + 1, first - 1, second)
            yield second * after, (n + 1, first, second - 1)
        else:
            yield first * after * back, (n, first - 1, min(second + 1, orbit))
            yield first * after * (1 - back), (n, first - 1, second)
            yield second * after, (n, first, second - 1)
        yield min(n, agents) * mu, (n - 1, first, second)

    law = long_run((0, 0, 0), moves)
    again = mean(law, lambda n, first, second: (first + second) * after)
    busy = mean(law, lambda n, first, second: n >= agents)
    lost = hasty * busy + mean(law, lambda n, first, second: (first + second) * after * (n >= agents))
    return {
        "requests a minute": rate + again,
        "share that abandons, of all attempts": lost / (rate + again),
        "mean number waiting": mean(law, lambda n, first, second: max(n - agents, 0)),
        "occupancy": mean(law, lambda n, first, second: min(n, agents)) / agents,
    }


# D5: agents set themselves away, and finish first.


def pauses(
    agents: int = 4, rate: float = 1.3, every: float = 1 / 15, back: float = 1 / 4, patience: float = 0.3
) -> dict[str, float]:
    """The clock of a pause runs while an agent is idle or busy; who is busy then finishes and goes."""
    mu, top = 0.5, 60

    def moves(busy: int, due: int, away: int, queue: int) -> Iterable[tuple[float, State]]:
        idle = agents - busy - due - away
        if idle:
            yield rate, (busy + 1, due, away, queue)
        elif queue < top:
            yield rate, (busy, due, away, queue + 1)
        yield idle * every, (busy, due, away + 1, queue)
        yield busy * every, (busy - 1, due + 1, away, queue)
        yield busy * mu, (busy, due, away, queue - 1) if queue else (busy - 1, due, away, queue)
        yield due * mu, (busy, due - 1, away + 1, queue)
        yield away * back, (busy + 1, due, away - 1, queue - 1) if queue else (busy, due, away - 1, queue)
        yield queue * patience, (busy, due, away, queue - 1)

    law = long_run((0, 0, 0, 0), moves)
    length = mean(law, lambda busy, due, away, queue: queue)
    return {
        "share that waits": mean(law, lambda busy, due, away, queue: busy + due + away == agents),
        "share that abandons": patience * length / rate,
        "mean wait of all, min": length / rate,
        "share of the time away": mean(law, lambda busy, due, away, queue: away) / agents,
        "share of the time with a task": mean(law, lambda busy, due, away, queue: busy + due) / agents,
    }


# A12: cold transfers between two pools, with abandonment in both.


def transfers_abandoned() -> dict[str, float]:
    """Seven agents hand a quarter of their contacts on to four others, who have contacts of their own."""
    (rate1, mu1, agents1, theta1), (rate2, mu2, agents2, theta2) = (3.0, 0.5, 7, 0.3), (1.0, 0.6, 4, 0.2)
    handed, top1, top2 = 0.25, 45, 45

    def moves(n: int, m: int) -> Iterable[tuple[float, State]]:
        if n < top1:
            yield rate1, (n + 1, m)
        if m < top2:
            yield rate2, (n, m + 1)
        done = min(n, agents1) * mu1
        yield done * (1 - handed), (n - 1, m)
        yield done * handed, (n - 1, min(m + 1, top2))
        yield max(n - agents1, 0) * theta1, (n - 1, m)
        yield min(m, agents2) * mu2, (n, m - 1)
        yield max(m - agents2, 0) * theta2, (n, m - 1)

    law = long_run((0, 0), moves)
    passed = handed * mu1 * mean(law, lambda n, m: min(n, agents1))
    wait1, wait2 = (mean(law, lambda n, m: max(n - agents1, 0)), mean(law, lambda n, m: max(m - agents2, 0)))
    return {
        "first: share that waits": mean(law, lambda n, m: n >= agents1),
        "first: share that abandons": theta1 * wait1 / rate1,
        "first: mean wait, min": wait1 / rate1,
        "first: occupancy": mean(law, lambda n, m: min(n, agents1)) / agents1,
        "transfers a minute": passed,
        "second: share that abandons": theta2 * wait2 / (rate2 + passed),
        "second: mean wait, min": wait2 / (rate2 + passed),
        "second: occupancy": mean(law, lambda n, m: min(m, agents2)) / agents2,
    }


# A16: two types, two pools of which one serves both.


def n_model(second_first: bool) -> dict[str, float]:
    """Type 1 tries A, then B; type 2 has B alone, whose freed agents prefer one of the two."""
    rate1, rate2, a, b, mu_a, mu_b, theta, top = 3.0, 2.0, 5, 5, 0.6, 0.5, 0.2, 45

    def moves(n: int, b1: int, b2: int, q1: int, q2: int) -> Iterable[tuple[float, State]]:
        idle = b - b1 - b2
        if n < a:
            yield rate1, (n + 1, b1, b2, q1, q2)
        elif idle:
            yield rate1, (n, b1 + 1, b2, q1, q2)
        elif q1 < top:
            yield rate1, (n, b1, b2, q1 + 1, q2)
        if idle:
            yield rate2, (n, b1, b2 + 1, q1, q2)
        elif q2 < top:
            yield rate2, (n, b1, b2, q1, q2 + 1)
        yield n * mu_a, (n, b1, b2, q1 - 1, q2) if q1 else (n - 1, b1, b2, q1, q2)
        for rate, c1, c2 in ((b1 * mu_b, b1 - 1, b2), (b2 * mu_b, b1, b2 - 1)):
            if rate and q2 and (second_first or not q1):
                yield rate, (n, c1, c2 + 1, q1, q2 - 1)
            elif rate and q1:
                yield rate, (n, c1 + 1, c2, q1 - 1, q2)
            elif rate:
                yield rate, (n, c1, c2, q1, q2)
        yield q1 * theta, (n, b1, b2, q1 - 1, q2)
        yield q2 * theta, (n, b1, b2, q1, q2 - 1)

    law = long_run((0, 0, 0, 0, 0), moves)
    full = mean(law, lambda n, b1, b2, q1, q2: b1 + b2 == b)
    len1, len2 = mean(law, lambda n, b1, b2, q1, q2: q1), mean(law, lambda n, b1, b2, q1, q2: q2)
    by_a, by_b = mean(law, lambda n, *_: n * mu_a), mean(law, lambda n, b1, *_: b1 * mu_b)
    return {
        "type 1: share that waits": mean(law, lambda n, b1, b2, q1, q2: n == a and b1 + b2 == b),
        "type 1: share that abandons": theta * len1 / rate1,
        "type 1: mean wait, min": len1 / rate1,
        "type 2: share that waits": full,
        "type 2: share that abandons": theta * len2 / rate2,
        "type 2: mean wait, min": len2 / rate2,
        "pool A: occupancy": by_a / mu_a / a,
        "pool B: occupancy": mean(law, lambda n, b1, b2, *_: b1 + b2) / b,
        "type 1 served by B": by_b / (by_a + by_b),
    }


# D6: calls interrupt chats, which go on afterwards: the formula of preemptive resume (e.g. Kleinrock II, 3.39).


def interrupted_chats(calls: float = 0.2, chats: float = 0.15, mu: float = 0.5) -> dict[str, float]:
    """One agent; both last 2 minutes on average. A chat's first wait is its whole time less that with the agent."""
    first, both = calls / mu, (calls + chats) / mu
    residual = (calls + chats) / mu**2
    whole = ((1 - both) / mu + residual) / ((1 - first) * (1 - both))
    with_agent = 1 / mu / (1 - first)
    return {
        "calls: mean wait, min": first / (mu - calls),
        "chats: mean wait, min": whole - with_agent,
        "chats: mean time with the agent, min": with_agent,
    }


# D7: who has waited for the limit goes on elsewhere: M/M/c with constant patience (Baccelli and Hebuterne 1981).


def overflow(calls: float = 1.4, agents: int = 3, limit: float = 1.0, mu: float = 0.5) -> dict[str, float]:
    """The virtual wait has the density k e^((calls - c mu) x) up to the limit; then it falls by e^(-c mu x)."""
    load, growth, out = calls / mu, calls - agents * mu, agents * mu
    states = [1.0]
    for busy in range(1, agents):
        states.append(states[-1] * load / busy)
    k = calls * states[-1]  # rate of entering the state in which all are busy
    below, beyond = k * (np.exp(growth * limit) - 1) / growth, k * np.exp(growth * limit) / out
    total = sum(states) + below + beyond
    moved = beyond / total
    waited = k * (limit * np.exp(growth * limit) / growth - (np.exp(growth * limit) - 1) / growth**2) / total
    return {
        "share that goes on": float(moved),
        "mean wait in the first queue, min": float(waited + limit * moved),
        "mean number of calls with the partner": float(calls * moved / mu),
    }


# D8: nobody is there for an hour after every two: M/M/c from its empty beginning to the end of the shift.


def nobody_there(
    calls: float = 1.9, agents: int = 4, mu: float = 0.5, on: float = 120.0, off: float = 60.0, top: int = 250
) -> dict[str, float]:
    """The chain is followed by the classical method of Runge and Kutta, in steps of a fiftieth of a minute."""
    number = np.arange(top + 1)
    up = np.where(number < top, calls, 0.0)
    down = np.minimum(number, agents) * mu

    def change(law: np.ndarray) -> np.ndarray:
        moved = -(up + down) * law
        moved[1:] += up[:-1] * law[:-1]
        moved[:-1] += down[1:] * law[1:]
        return moved

    law, step = np.zeros(top + 1), 0.02
    law[0] = 1.0
    waiting = np.maximum(number - agents, 0)
    area = 0.0
    for _ in range(round(on / step)):
        before = float(law @ waiting)
        a = change(law)
        b = change(law + step / 2 * a)
        c = change(law + step / 2 * b)
        d = change(law + step * c)
        law = law + step / 6 * (a + 2 * b + 2 * c + d)
        area += step * (before + float(law @ waiting)) / 2
    left = float(law @ waiting)
    asked = calls * (on + off)
    return {
        "share without an agent": (calls * off + left) / asked,
        "share that leaves as the last one goes": left / asked,
        "mean wait of all, min": area / asked,
    }


# D9: the request whose wait weighs most goes first: L. Kleinrock, A delay dependent queue discipline (1964).


def weighted_waits(
    heavy: float = 0.35, light: float = 0.35, weight: float = 4.0, variation: float = 1.0
) -> dict[str, float]:
    """One agent, services of a minute; all work waits as long as in any order that looks at no service beforehand."""
    load, residual = heavy + light, (heavy + light) * (1 + variation) / 2
    second = residual / ((1 - load) * (1 - heavy * (1 - 1 / weight)))
    first = (load * residual / (1 - load) - light * second) / heavy
    return {"heavy: mean wait, min": first, "light: mean wait, min": second}
