"""Queues and their steps, as they are handed in to the compiled engine."""

from itertools import accumulate
from typing import Any

import numpy as np

from sim.engine.compiled.layout import number, rows, structs
from sim.engine.compiled.world import NEVER, Array, World, whole_numbers
from sim.engine.dates import closings
from sim.engine.policy_views import service_rate
from sim.engine.queue import Pool, WaitingQueue
from sim.workload import Choice


def queue_arrays(world: World) -> dict[str, Array]:
    """Return the queues, and who serves them step by step."""
    given = rows("QueueGiven", len(world.queues))
    firsts = accumulate((len(queue.steps) for queue in world.queues), initial=0)
    supervision = world.scenario.supervision
    for row, queue, first in zip(given, world.queues, firsts, strict=False):
        _queue(world, row, queue)
        row["step_first"] = row["level_first"] = first
        row["supervised"] = supervision is not None and queue.name in supervision.queues
        _transfer(world, row["transfer"], queue)
        _conference(world, row["conference"], queue)
        _pull(world, row["pull"], queue)
    nights = [
        (at, number("Closing", what), world.queue_numbers[name])
        for at, what, name in closings(world.scenario)
    ]
    world.values["n_nights"] = len(nights)
    return {
        "queues": given,
        "nights": np.array([*nights, (0.0, 0, 0)], structs()["NightGiven"]),
        **(_steps(world, given) | _members(world) | _limits(world, given)),
    }


def _queue(world: World, row: Any, queue: WaitingQueue) -> None:
    spec = queue.spec
    row["ring_time"], row["balk"], row["ttl"] = queue.ring_time, queue.balk, _or_never(spec.request_ttl)
    row["priority"], row["medium"] = queue.priority, world.media.index(spec.medium)
    row["first_level"], row["last_level"] = queue.first_level, queue.last_level
    row["required"], row["empties"] = number("Required", queue.requires), queue.empties
    row["steps_go_on"], row["balks_unless_free"] = queue.steps_go_on, queue.balks_unless_free
    row["has_task_limit"] = queue.limit is not None
    row["carries_over"] = spec.carry_over
    row["served_after"] = world.scenario.linked is None or spec.carry_over
    row["capacity"] = -1 if queue.capacity is None else queue.capacity
    for name in ("handle_time", "patience", "transfer_patience", "leaving_patience", "wrap_up"):
        row[name] = world.numbering.draw(getattr(queue.draws, name))
    acts = [("transfer", "conference").index(name) for name, _, _ in queue.acts]
    row["act_n"] = len(acts)
    row["first_act"], row["second_act"] = (*acts, 0, 0)[:2]
    limit = queue.wait_limit
    row["wait_limit"], row["limit_queue"] = NEVER if limit is None else limit.after, -1
    if limit is None:
        return
    if isinstance(limit.then, str):
        row["limit_outcome"] = number("RequestOutcome", "wait_limit" if limit.then == "end" else limit.then)
    else:
        row["limit_queue"] = world.queue_numbers[limit.then.queue]


def _transfer(world: World, row: Any, queue: WaitingQueue) -> None:
    spec = queue.spec.transfer
    row["ttl"], row["cold_factor"], row["warm_factor"] = NEVER, 1.0, 1.0
    row["at_most"] = row["handover_time"] = row["set_up_time"] = -1
    if spec is None:
        return
    for name in ("probability", "note", "note_saves", "warm", "named"):
        row[name] = getattr(spec, name)
    row["exists"], row["left"], row["ttl"] = True, 1.0 - spec.after, _or_never(spec.request_ttl)
    row["cold_factor"], row["warm_factor"] = spec.handle_time_factor.cold, spec.handle_time_factor.warm
    row["choose"], row["falls_back"] = spec.choose != "fixed", spec.named_falls_back
    row["at_most"] = -1 if spec.at_most is None else spec.at_most
    row["handover_time"] = world.numbering.draw(queue.draws.handover_time)
    row["set_up_time"] = world.numbering.draw(queue.draws.set_up_time)
    row["to_n"], row["to_first"] = _destinations(world, queue.choices[0])


def _conference(world: World, row: Any, queue: WaitingQueue) -> None:
    spec = queue.spec.conference
    row["ttl"] = NEVER
    if spec is None:
        return
    for name in ("probability", "note", "whispers_per_minute"):
        row[name] = getattr(spec, name)
    row["left"], row["ttl"] = 1.0 - spec.after, _or_never(spec.request_ttl)
    row["choose"] = spec.choose != "fixed"
    for name in ("joint_time", "extra_time", "guest_time"):
        row[name] = world.numbering.draw(getattr(queue.draws, name))
    row["works"], row["transfers"] = spec.while_waiting == "works", spec.if_nobody == "transfers"
    row["to_n"], row["to_first"] = _destinations(world, queue.choices[1])
    codes = [number("Then", name) for name in queue.then.names]
    row["then_n"], row["then_first"] = world.numbering.choice(queue.then, codes)


def _pull(world: World, row: Any, queue: WaitingQueue) -> None:
    if queue.pull is None:
        return
    spec = queue.pull.spec
    row["exists"], row["join"], row["second_agent"] = True, spec.join, spec.second_agent
    row["whispers_per_minute"] = spec.whispers_per_minute
    row["reaction"] = world.numbering.agent_draw("reaction", spec.reaction)


def _destinations(world: World, choice: Choice[str]) -> tuple[int, int]:
    return world.numbering.choice(choice, [world.queue_numbers[name] for name in choice.names])


def _or_never(seconds: float | None) -> float:
    return NEVER if seconds is None else seconds


def _limits(world: World, given: Array) -> dict[str, Array]:
    """Return waiting rooms, and how many tasks of a queue an agent of each team may have open."""
    spans: list[tuple[int, int, int]] = []
    queues: list[int] = []
    of_queues: list[int] = []
    rooms = world.scenario.waiting_rooms
    for room in rooms.values():
        spans.append((room.capacity, len(room.queues), len(queues)))
        queues += [world.queue_numbers[name] for name in room.queues]
    for row, queue in zip(given, world.queues, strict=True):
        mine = [i for i, room in enumerate(rooms.values()) if queue.name in room.queues]
        row["room_n"], row["room_first"] = len(mine), len(of_queues)
        of_queues += mine
    most = [
        queue.limit.most(team.name) if queue.limit is not None else None
        for queue in world.queues
        for team in world.teams
    ]
    return {
        "rooms": np.array([*spans, (0, 0, 0)], structs()["RoomGiven"]),
        "room_queues": whole_numbers(queues),
        "queue_rooms": whole_numbers(of_queues),
        "task_limits": whole_numbers([-1 if one is None else one for one in most]),
    }


# Who serves a queue, step by step.


def _steps(world: World, given: Array) -> dict[str, Array]:
    spans: list[tuple[int, int]] = []
    lasts: list[float] = []
    opens: list[float] = []
    pools: list[int] = []
    for row, queue in zip(given, world.queues, strict=True):
        for step, here in zip(queue.steps, queue.opened[-1], strict=True):
            spans.append((len(here), len(pools)))
            pools += _numbers(world, here)
            lasts.append(_or_never(step.for_))
        opens += queue.opens_after
        row["member_n"], row["member_first"] = len(queue.members), len(pools)
        pools += _numbers(world, queue.members)
    return {
        "step_pools": np.array(spans, structs()["Span"]),
        "step_lasts": np.array(lasts, np.float64),
        "step_opens": np.array(opens, np.float64),
        "member_pools": whole_numbers(pools),
    }


def _numbers(world: World, pools: tuple[Pool, ...]) -> list[int]:
    return [world.pool_numbers[id(pool)] for pool in pools]


def _members(world: World) -> dict[str, Array]:
    """Return by queue and pool whether the pool is a member, and how much each of its agents can do a second."""
    shape = len(world.queues), max(len(world.pools), 1)
    is_member, rates = np.zeros(shape, np.int8), np.zeros(shape)
    for i, queue in enumerate(world.queues):
        for pool in queue.members:
            place = i, world.pool_numbers[id(pool)]
            is_member[place] = 1
            if pool.desks:
                rates[place] = service_rate(queue, world.pool_teams[pool], pool.desks[0])
    return {"is_member": is_member.ravel(), "rates": rates.ravel()}
