"""Small contact centres by the dice, within what both simulations know."""

import json
from random import Random
from typing import Any

from sim.scenario import Scenario, loads

CRITERIA = ("{q} >= 1", "{q} >= 5", "{q} >= 3 or {other} >= 6", "{q} >= 1 and {other} >= 1")


def a_world(seed: int) -> Scenario:
    """One scenario for each seed."""
    dice = Random(seed)
    media = {"chat": {"max_tasks": dice.randint(1, 3)}, "voice": {"max_tasks": 1}}
    queues = [f"q{i}" for i in range(dice.randint(1, 3))]
    medium = {queue: dice.choice(("chat", "chat", "voice")) for queue in queues}
    world: dict[str, Any] = {
        "lasts": "3h",
        "seed": seed,
        "media": media,
        "channels": {f"by_{name}": _channel(dice, name) for name in media},
        "labels": {"premium": {"priority": dice.randint(2, 10)}, "standard": {"priority": 1}},
        "routing": _routing(dice),
        "queues": {queue: _queue(dice, queue, queues, medium) for queue in queues},
        "teams": {f"team{i}": _team(dice, queues) for i in range(dice.randint(1, 3))},
        "arrivals": [_arrivals(dice, queue, medium[queue]) for queue in queues],
    }
    _split(dice, world["arrivals"], medium)
    world["teams"]["all"] = {"agents": 1, "skills": dict.fromkeys(queues, 9), "accept": _accept(dice)}
    return loads(json.dumps(world))


def _channel(dice: Random, medium: str) -> dict[str, Any]:
    return {"medium": medium} | dice.choice(({}, {"request_ttl": "150s"}, {"request_ttl": "10m"}))


def _routing(dice: Random) -> dict[str, Any]:
    return {
        "ring_time": dice.choice(("15s", "40s")),
        "ring_memory": dice.choice(("rank_last", "rank_last", "exclude", "none")),
        "exclude_requester": dice.choice((True, True, False)),
        "transfer_priority": dice.choice((10, 10, 3)),
    }


def _law(dice: Random, mean: float) -> Any:
    return dice.choice(
        (
            {"exponential": {"mean": mean}},
            {"lognormal": {"mean": mean, "sd": mean}},
            {"gamma": {"mean": mean, "sd": mean / 2}},
            {"uniform": {"low": mean / 2, "high": 3 * mean / 2}},
        )
    )


def _queue(dice: Random, queue: str, queues: list[str], medium: dict[str, str]) -> dict[str, Any]:
    made = {"medium": medium[queue], "handle_time": _law(dice, dice.choice((120, 300)))}
    if dice.random() < 0.7:
        made["patience"] = _law(dice, dice.choice((60, 200)))
    if dice.random() < 0.6:
        made["steps"] = _steps(dice, queue, dice.choice(queues))
    same = [other for other in queues if medium[other] == medium[queue]]
    if dice.random() < 0.7:
        made["transfer"] = _transfer(dice, same)
    return made


def _steps(dice: Random, queue: str, other: str) -> list[dict[str, Any]]:
    criteria = [dice.choice(CRITERIA).format(q=queue, other=other) for _ in range(dice.randint(0, 2))]
    waits = [dice.choice(("0s", "7.5s", "20s", "1m")) for _ in criteria]
    steps: list[dict[str, Any]] = [{"needs": n, "for": w} for n, w in zip(criteria, waits, strict=True)]
    return [*steps, {"needs": f"{queue} >= 1"}]


def _transfer(dice: Random, queues: list[str]) -> dict[str, Any]:
    first = dice.choice(queues)
    to = {first: 1.0} if len(queues) == 1 else {queue: 1 / len(queues) for queue in queues}
    made = {"probability": dice.choice((0.15, 0.4)), "to": to, "after": dice.choice((0.3, 1.0))}
    return made | ({"patience": _law(dice, 90)} if dice.random() < 0.4 else {})


def _accept(dice: Random) -> dict[str, Any]:
    delay = dice.choice((0, 5, _law(dice, 8), _law(dice, 8)))
    return {"probability": dice.choice((1.0, 0.9, 0.6)), "delay": delay}


def _team(dice: Random, queues: list[str]) -> dict[str, Any]:
    skilled = dice.sample(queues, dice.randint(1, len(queues)))
    made = {
        "agents": dice.randint(1, 4),
        "skills": {queue: dice.randint(1, 10) for queue in skilled},
        "accept": _accept(dice),
        "wrap_up": dice.choice((0, 20, _law(dice, 30))),
    }
    if dice.random() < 0.3:
        made["max_tasks"] = {"chat": 1}
    if dice.random() < 0.3:
        made["speed"] = {skilled[0]: 1.25}
    return made


def _arrivals(dice: Random, queue: str, medium: str) -> dict[str, Any]:
    labels = dice.choice(({}, {"premium": 0.3}, {"premium": 0.2, "standard": 0.3}))
    return {
        "channel": f"by_{medium}",
        "queue": queue,
        "per_hour": dice.choice((20, 45, 80)),
        "labels": labels,
    }


def _split(dice: Random, streams: list[dict[str, Any]], medium: dict[str, str]) -> None:
    """Split some streams over two queues of their medium."""
    for stream in streams:
        others = [
            queue for queue in medium if medium[queue] == medium[stream["queue"]] and queue != stream["queue"]
        ]
        if others and dice.random() < 0.4:
            stream["queue"] = {stream["queue"]: 0.7, dice.choice(others): 0.3}


def a_big_world(seed: int) -> Scenario:
    """Five queues of two media, 25 agents, a day of eight hours: many waits, ring-outs and transfers."""
    dice = Random(seed)
    queues = [f"q{i}" for i in range(5)]
    medium = {queue: "voice" if queue in ("q0", "q1") else "chat" for queue in queues}
    media = {"chat": {"max_tasks": 3}, "voice": {"max_tasks": 1}}
    world = {
        "lasts": "8h",
        "seed": seed,
        "media": media,
        "channels": {f"by_{name}": {"medium": name, "request_ttl": "90s"} for name in media},
        "labels": {"premium": {"priority": 8}},
        "routing": {"ring_time": "20s"},
        "queues": {queue: _big_queue(dice, queue, queues, medium) for queue in queues},
        "teams": {f"team{i}": _big_team(dice, queues) for i in range(5)},
        "arrivals": [
            {"channel": f"by_{medium[queue]}", "queue": queue, "per_hour": 120, "labels": {"premium": 0.2}}
            for queue in queues
        ],
    }
    return loads(json.dumps(world))


def _big_queue(dice: Random, queue: str, queues: list[str], medium: dict[str, str]) -> dict[str, Any]:
    same = [other for other in queues if medium[other] == medium[queue]]
    return {
        "medium": medium[queue],
        "handle_time": _law(dice, 240),
        "patience": _law(dice, 500),
        "steps": [{"needs": f"{queue} >= 5", "for": "25s"}, {"needs": f"{queue} >= 1"}],
        "transfer": {"probability": 0.2, "to": {other: 1 / len(same) for other in same}, "after": 0.6},
    }


def _big_team(dice: Random, queues: list[str]) -> dict[str, Any]:
    return {
        "agents": 5,
        "skills": {queue: dice.randint(1, 10) for queue in queues},
        "accept": {"probability": 0.9, "delay": _law(dice, 6)},
        "wrap_up": _law(dice, 25),
    }


def a_world_of_ties(seed: int) -> tuple[Scenario, list[dict[str, Any]]]:
    """One scenario for each seed in which all happens at whole times ten seconds apart, and its contacts."""
    dice = Random(seed)

    def whole(*seconds: int) -> int:
        return dice.choice(seconds)

    queues = [f"q{i}" for i in range(dice.randint(1, 2))]
    made: dict[str, Any] = {}
    for queue in queues:
        made[queue] = {"medium": "chat", "handle_time": whole(20, 50, 100), "patience": whole(60, 150, 400)}
        if dice.random() < 0.5:
            steps = [{"needs": f"{queue} >= 5", "for": whole(10, 30)}, {"needs": f"{queue} >= 1"}]
            made[queue]["steps"] = steps
        if dice.random() < 0.5:
            shares = {other: 1 / len(queues) for other in queues}
            made[queue]["transfer"] = {"probability": 0.3, "after": dice.choice((0.5, 1.0)), "to": shares}
    world = {
        "lasts": "30m",
        "seed": seed,
        "media": {"chat": {"max_tasks": whole(1, 1, 2)}},
        "channels": {"web": {"medium": "chat", "request_ttl": whole(100, 200)}},
        "routing": {"ring_time": whole(10, 20), "ring_memory": dice.choice(("rank_last", "exclude", "none"))},
        "queues": made,
        "teams": {f"team{i}": _rostered_team(dice, queues) for i in range(dice.randint(1, 3))},
    }
    for queue in queues:
        world["teams"]["team0"]["skills"].setdefault(queue, 5)
    contacts = [
        {"at": 10.0 * dice.randrange(180), "channel": "web", "queue": dice.choice(queues)} for _ in range(60)
    ]
    return loads(json.dumps(world)), contacts


def _rostered_team(dice: Random, queues: list[str]) -> dict[str, Any]:
    skilled = dice.sample(queues, dice.randint(1, len(queues)))
    team = {
        "skills": {queue: dice.choice((1, 5, 9)) for queue in skilled},
        "accept": {"probability": dice.choice((1.0, 0.8)), "delay": dice.choice((0, 10, 20))},
        "wrap_up": dice.choice((0, 10, 30)),
    }
    roster = dice.choice(("shifts", "shifts", "head_count", "agents"))
    if roster == "agents":
        return team | {"agents": dice.randint(1, 2)}
    if roster == "head_count":
        return team | {"head_count": {"every": "5m", "agents": [dice.randint(0, 3) for _ in range(6)]}}
    shifts = [
        {
            "from": f"00:{dice.choice((0, 5, 10)):02d}",
            "to": f"00:{dice.choice((25, 27, 30)):02d}",
            "agents": dice.randint(1, 2),
            "breaks": [{"at": f"00:{dice.choice((12, 15, 17))}", "for": dice.choice(("1m", "3m", "8m"))}],
        }
        for _ in range(dice.randint(1, 2))
    ]
    return team | {"shifts": shifts}


def a_world_of_rules(seed: int) -> Scenario:
    """A small world in which customers balk, return and are blocked, agents pause, and queues are weighed."""
    dice, world = Random(f"rules {seed}"), a_world(seed)
    changes: dict[str, Any] = {}
    for queue in world.queues:
        changes[f"queues.{queue}.priority"] = dice.randint(1, 3)
        if dice.random() < 0.5:
            when = dice.choice(("nobody_available", "nobody_free"))
            changes[f"queues.{queue}.balk"] = {"share": 0.4, "when": when}
        if dice.random() < 0.2:
            changes[f"queues.{queue}.capacity"] = dice.randint(0, 3)
    if dice.random() < 0.5:
        changes["waiting_rooms"] = {"site": {"capacity": dice.randint(0, 4), "queues": list(world.queues)}}
    for team in world.teams:
        if dice.random() < 0.5:
            every = _law(dice, dice.choice((200, 900)))
            changes[f"teams.{team}.pauses"] = {"every": every, "for": _law(dice, 120)}
    changes["customers"] = _returns(dice)
    changes["routing.request_selection"] = dice.choice(("weighted_wait", "queue_ratio", "priority"))
    return world.set(changes)


def _returns(dice: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if dice.random() < 0.7:
        found["after_abandon"] = {
            "come_back": 0.7, "after": _law(dice, 200), "at_most": dice.randint(1, 3),
            "patience": dice.choice(("anew", "same")), "only_while_open": dice.choice((True, False)),
        }  # fmt: skip
    if dice.random() < 0.7:
        found["after_no_agent"] = {
            "ask_again": 0.7, "after": _law(dice, 100), "at_most": dice.randint(1, 2),
            "only_while_open": dice.choice((True, False)),
        }  # fmt: skip
    return found


def with_whole_rules(scenario: Scenario, seed: int) -> Scenario:
    """The same world of ties with pauses, returns, balking and rooms that fall on whole ten seconds as well."""
    dice = Random(f"whole {seed}")
    changes: dict[str, Any] = {}
    for team in scenario.teams:
        if dice.random() < 0.6:
            changes[f"teams.{team}.pauses"] = {"every": dice.choice((60, 200)), "for": dice.choice((10, 50))}
    for queue in scenario.queues:
        if dice.random() < 0.3:
            changes[f"queues.{queue}.balk"] = {"share": 0.5, "when": "nobody_free"}
    if dice.random() < 0.5:
        changes["customers.after_abandon"] = {"come_back": 0.8, "after": 30, "at_most": 2, "patience": "same"}
    if dice.random() < 0.5:
        changes["waiting_rooms"] = {"site": {"capacity": 2, "queues": list(scenario.queues)}}
    return scenario.set(changes) if changes else scenario


def with_whole_limits(world: Scenario, seed: int) -> Scenario:
    """The same world with queues that empty or need somebody, and bounds of waits and tasks, in whole ten seconds."""
    dice = Random(seed + 1000)
    changes: dict[str, Any] = {
        "routing.require_available_agent": dice.choice(("off", "off", "logged_in", "available")),
        "routing.leave_when_empty": dice.random() < 0.6,
    }
    for queue in world.queues:
        if dice.random() < 0.5:
            changes[f"queues.{queue}.max_tasks"] = 1
        if dice.random() < 0.5:
            then = dice.choice(("voicemail", "end"))
            changes[f"queues.{queue}.wait_limit"] = {"after": dice.choice((20, 50, 90)), "then": then}
    if dice.random() < 0.3:
        changes["teams.team0.max_tasks_by_queue"] = {next(iter(world.queues)): 2}
    return world.set(changes)
