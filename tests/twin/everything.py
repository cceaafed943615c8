"""Centres by the dice with everything that is routed: each key is there in some worlds, and rarely in all."""

from typing import Any

from sim.errors import SimError
from sim.scenario import Scenario
from sim.workload import Workload, by_hand, draw
from twin.demand import in_files
from twin.dice import Dice, Spec
from twin.guards import GUARDS
from twin.persons import of_half_an_hour, read

MEDIUM = {"chats": "chat", "mails": "chat", "web": "chat", "calls": "voice", "hotline": "voice"}
LASTS_S = 1800
TRIES = 100
OPENS = (0, 0, 0, 480, 1425)
"""Minutes after midnight; a scenario says nothing of the first."""


def a_world_of_everything(seed: int) -> tuple[Scenario, Workload]:
    """One scenario with its customers for each seed; what the reader of scenarios refuses is thrown again."""
    for attempt in range(TRIES):
        dice = Dice(f"everything {seed} {attempt}")
        try:
            spec = spec_of(dice, seed)
            people = Dice(f"people {seed} {attempt}")
            texts = in_files(Dice(f"demand {seed} {attempt}"), spec)
            texts |= of_half_an_hour(people, spec) if people.may(0.25) else {}
            scenario = read(spec, texts)
        except (SimError, ValueError):
            continue
        if dice.may(0.5):
            return scenario, draw(scenario)
        return scenario, by_hand(scenario, _contacts(dice, scenario))
    raise AssertionError(f"no valid scenario for seed {seed}")


def spec_of(dice: Dice, seed: int) -> Spec:
    """Throw a scenario as plain data, which the reader may refuse."""
    names = dice.sample(list(MEDIUM), dice.choice((1, 2, 2, 3, 3, 4)))
    names.sort(key=list(MEDIUM).index)
    opens = dice.choice(OPENS)
    teams = {f"team{n}": _team(dice, names, opens) for n in range(dice.randint(1, 3))}
    teams["all"] = _team(dice, names, opens) | {"skills": {name: dice.choice((1, 5, 9)) for name in names}}
    spec: Spec = {
        "lasts": LASTS_S,
        "seed": seed,
        "media": {
            "chat": _chat(dice),
            "voice": {"max_tasks": 1} | dice.some(0.2, interrupted_by=[{"chat": "goes_on"}]),
        },
        "channels": {f"by_{medium}": {"medium": medium} | _channel(dice) for medium in ("chat", "voice")},
        "labels": {"premium": {"priority": 10}, "gold": {"priority": 3}},
        "routing": _routing(dice),
        "queues": {name: _queue(dice, name, names) for name in names},
        "teams": teams,
        "arrivals": [_stream(dice, name, names) for name in names],
    }
    for queue in spec["queues"].values():
        if spec["media"][queue["medium"]]["max_tasks"] < 2:
            queue.pop("handle_time_at_tasks", None)
    spec |= dice.some(0.3, closing=["clear_queues"], drain=[0, 120, 600])
    if opens:
        spec["opens"] = f"2026-03-06 {opens // 60:02d}:{opens % 60:02d}"
    if not all("request_ttl" in channel for channel in spec["channels"].values()):
        spec.setdefault("drain", 1800)  # who waits for ever would be simulated for a month
    if dice.may(0.4):
        spec["customers"] = _returns(dice)
    if dice.may(0.2):
        some = dice.sample(names, dice.randint(1, len(names)))
        spec["waiting_rooms"] = {"lobby": {"capacity": dice.randint(0, 4), "queues": some}}
    if dice.may(0.3):
        _supervised(dice, spec, names, opens)
    if dice.may(0.15):
        _guarded(dice, spec)
    return spec


def _guarded(dice: Dice, spec: Spec) -> None:
    """Let a guard decide, over steps that are open at once or late, so that many count who may not be offered it."""
    guard = dice.choice(GUARDS)
    spec["routing"] |= {"agent_selection": guard, "request_selection": guard}
    for name, queue in spec["queues"].items():
        if "pull" not in queue:
            first = {"needs": f"{name} >= {dice.choice((5, 9))}", "for": dice.choice((0, 0, 20, 300))}
            queue["steps"] = [first, {"needs": f"{name} >= 1"}]


def _law(dice: Dice, mean: float) -> Any:
    exponential = {"exponential": {"mean": mean}}
    laws = [
        mean,
        mean,
        exponential,
        {"uniform": {"low": 0, "high": 2 * mean}},
        {"sum": [mean / 2, exponential]},
    ]
    return dice.choice(laws)


def _customer_law(dice: Dice, mean: float) -> Any:
    if dice.may(0.1):
        return {"by_time": {"00:00": _law(dice, mean), "08:10": _law(dice, 2 * mean)}}
    return _law(dice, mean)


def _chat(dice: Dice) -> Spec:
    most = dice.randint(1, 3)
    pace = dice.choice(({}, {}, {"slowdown": 0.5}, {"pace": [1.0, 0.7, 0.5]}))
    return {"max_tasks": most} | pace | dice.some(0.4, interrupted_by=[{"voice": how} for how in HOW])


def _voice(dice: Dice) -> Spec:
    return {"max_tasks": 1} | dice.some(0.2, interrupted_by=[{"chat": "goes_on"}])


HOW = ("goes_on", "holds", "rerouted", "rerouted")


def _channel(dice: Dice) -> Spec:
    return dice.some(0.5, request_ttl=[40, 70, 150, 400], lines=[5, 40]) | dice.some(0.2, identified=[0.5])


def _routing(dice: Dice) -> Spec:
    routing = dice.some(
        0.3,
        agent_selection=["most_tasks", "longest_available", "most_skilled", "round_robin", "random"],
        request_selection=[
            "longest_waiting",
            "priority_with_ageing",
            "own_level",
            "weighted_wait",
            "queue_ratio",
        ],
        queue_priority=[True],
        ring_time=[15, 20, 35.5],
        ring_memory=["exclude", "none"],
        transfer_priority=[3],
        conference_priority=[3],
        requeue_priority=[4],
        exclude_requester=[False],
        require_available_agent=["available", "logged_in"],
        leave_when_empty=[True],
        steps_after_ring_out=["go_on"],
        last_agent=[True],
    )
    routing.setdefault("ring_time", 30)
    ages = {"priority_with_ageing": 1.0, "weighted_wait": 0.5, "queue_ratio": 0.5}
    if dice.may(ages.get(routing.get("request_selection", ""), 0.0)):
        routing["ageing"] = 45
    return routing


def _queue(dice: Dice, name: str, names: list[str]) -> Spec:
    peers = [other for other in names if MEDIUM[other] == MEDIUM[name]]
    spec: Spec = {"medium": MEDIUM[name], "handle_time": _customer_law(dice, dice.choice((40, 100, 200)))}
    spec |= dice.some(
        0.2,
        priority=[2, 5],
        request_ttl=[40, 75],
        wrap_up=lambda: _customer_law(dice, 20),
        max_tasks=[1],
        aht_factor=[0.5],
        handle_time_at_tasks=[1.4],
        require_available_agent=["off", "available", "logged_in"],
        leave_when_empty=[True, False],
    ) | dice.some(0.5, patience=lambda: _customer_law(dice, 150))
    if dice.may(0.25):
        spec |= {"mode": "pull", "pull": dice.some(0.5, reaction=lambda: _law(dice, 10), join=[0.6, 0.9],
                 second_agent=[0.6], whispers_per_minute=[3])}  # fmt: skip
    else:
        spec |= _push(dice, name, peers)
    if dice.may(0.6):
        spec["transfer"] = _transfer(dice, _shares(dice, peers))
    if dice.may(0.5):
        spec["conference"] = _conference(dice, _shares(dice, peers))
    return spec


def _push(dice: Dice, name: str, peers: list[str]) -> Spec:
    later = peers[peers.index(name) + 1 :]
    spec = dice.some(
        0.25,
        steps=lambda: _steps(dice, name, peers[0]),
        ring_time=[12, 25],
        balk=[0.3, {"share": 0.5, "when": "nobody_free"}],
        capacity=[0, 2, 5],
        steps_after_ring_out=["go_on", "anew"],
    )
    if dice.may(0.3):
        to = [{"queue": dice.choice(later)}] * 2 if later else []
        spec["wait_limit"] = {
            "after": dice.choice((20, 35, 55)),
            "then": dice.choice(["voicemail", "end", *to]),
        }
    return spec


def _steps(dice: Dice, name: str, other: str) -> list[Spec]:
    needs = [f"{name} >= 9", f"{name} >= 5", f"{name} >= 5 or {other} >= 9"]
    some = dice.sample(needs, dice.randint(1, 2))
    return [{"needs": one, "for": dice.choice((0, 10, 20))} for one in some] + [{"needs": f"{name} >= 1"}]


def _shares(dice: Dice, peers: list[str]) -> dict[str, float]:
    some = dice.sample(peers, dice.randint(1, len(peers)))
    return {name: 1 / len(some) for name in some}


def _transfer(dice: Dice, to: dict[str, float]) -> Spec:
    return {"probability": dice.choice((0.3, 0.6)), "to": to} | dice.some(
        0.3,
        after=[0.4, 0.7],
        choose=["most_available", "avoid_empty"],
        note=[0.5],
        note_saves=[25],
        patience=lambda: _customer_law(dice, 50),
        at_most=[1, 2],
        request_ttl=[40, 90],
        set_up_time=lambda: _customer_law(dice, 15),
        handle_time_factor=[{"cold": 0.8, "warm": 0.5}],
        named=[0.6],
        named_falls_back=["on"],
        warm=[0.5, 1.0],
        handover_time=lambda: _customer_law(dice, 15),
    )


def _conference(dice: Dice, to: dict[str, float]) -> Spec:
    return {"probability": 0.5, "to": to} | dice.some(
        0.4,
        after=[0.5],
        choose=["most_available", "avoid_empty"],
        joint_time=lambda: _customer_law(dice, 40),
        then=[
            {"requester_leaves": 0.5, "both_stay": 0.5},
            {"requester_leaves": 0.4, "guest_leaves": 0.3, "both_stay": 0.3},
        ],
        guest_time=lambda: _customer_law(dice, 60),
        while_waiting=["holds"],
        if_nobody=["transfers"],
        extra_time=lambda: _customer_law(dice, 20),
        note=[0.5],
        request_ttl=[40, 90],
        whispers_per_minute=[1, 6],
    )


def _team(dice: Dice, names: list[str], opens: int) -> Spec:
    able = dice.sample(names, dice.randint(1, len(names)))
    return {"skills": {name: dice.choice((1, 5, 9)) for name in able}} | _roster(dice, opens) | dice.some(
        0.3,
        accept=lambda: {"probability": dice.choice((1.0, 0.6, 0.3))} | dice.some(0.6, delay=lambda: _law(dice, 10)),
        after_ring=lambda: {dice.choice(("chat", "voice")): _after_ring(dice)},
        max_tasks_by_queue=[{able[0]: 2}, {able[0]: 1}],
        at_shift_end=[{"chat": "hand_back", "voice": "finish"}, {"chat": "hand_back", "voice": "hand_back"}],
        wrap_up=lambda: _law(dice, 20),
        speed=[{able[0]: 1.25}],
        pauses=lambda: {"every": _law(dice, 250), "for": _law(dice, 50)},
        max_tasks=[{"chat": 1}, {"voice": 0}],
    )  # fmt: skip


def _after_ring(dice: Dice) -> Any:
    if dice.may(0.1):
        return "ready"
    found: Spec = dice.choice(({"not_ready": _law(dice, 40)}, {"log_out": "on"}))
    return found | dice.some(0.6, misses=[2, 3])


def _roster(dice: Dice, opens: float) -> Spec:
    """Shifts and head-counts around an opening at so many minutes after midnight."""
    whole = _shift(opens, 0, 30, 2, (10, "5m"))
    late = _shift(opens, 10, 25, 1, (16, "2m"), (12, "200s"))
    early, rest = _shift(opens, 0, 20, 1, (0, "90s")), _shift(opens, 20, 30, 2)
    return dice.choice(
        (
            {"agents": dice.randint(1, 3)},
            {"agents": 3} | dice.choice(({"absence": 0.4}, {"shrinkage": 0.3})),
            {"shifts": [whole]},
            {"shifts": [early, late, rest]} | dice.some(0.3, agents=[3, 6], shrinkage=[0.2], counts=["net"]),
            {"head_count": {"every": "10m", "agents": [2, 1, 3]}},
            {"head_count": {"every": "5m", "agents": [dice.randint(0, 3) for _ in range(6)]}}
            | dice.some(0.3, absence=[0.3]),
        )
    )


def _shift(opens: float, begins: float, ends: float, agents: int, *breaks: tuple[float, str]) -> Spec:
    """A shift by the minute from opening, with breaks at minutes from it."""
    start = opens + begins

    def clock(minutes: float) -> str:
        hours, rest = divmod(round(start + minutes - begins), 60)
        return f"{hours:02d}:{rest:02d}"

    found: Spec = {"from": clock(begins), "to": clock(ends), "agents": agents}
    return found | {"breaks": [{"at": clock(at), "for": length} for at, length in breaks]}


def _stream(dice: Dice, name: str, names: list[str]) -> Spec:
    peers = [other for other in names if MEDIUM[other] == MEDIUM[name] and other != name]
    queue = {name: 0.7, dice.choice(peers): 0.3} if peers and dice.may() else name
    spec = {"channel": f"by_{MEDIUM[name]}", "queue": queue, "per_hour": dice.choice((20, 60, 100))}
    return spec | dice.some(
        0.3,
        labels=[{"premium": 0.3}, {"premium": 0.2, "gold": 0.3}],
        self_service=lambda: {"time": _law(dice, 20)} | dice.some(0.6, contained=[0.2]),
        aht_factor=[1.5],
        volume_factor=[0.5],
    )


def _returns(dice: Dice) -> Spec:
    abandon = {"come_back": 0.7, "after": _law(dice, 60)} | dice.some(
        0.5, at_most=[2, 3], patience=["same"], only_while_open=[True]
    )
    no_agent = {"ask_again": 0.7, "after": _law(dice, 40)} | dice.some(
        0.5, at_most=[2], only_while_open=[True]
    )
    return dice.some(0.7, after_abandon=[abandon], after_no_agent=[no_agent])


def _supervised(dice: Dice, spec: Spec, names: list[str], opens: int) -> None:
    spec["teams"]["watch"] = {"role": "supervisor"} | _roster(dice, opens)
    spec["supervision"] = {
        "team": "watch",
        "queues": dice.sample(names, dice.randint(1, len(names))),
        "probability": 0.6,
        "after": _law(dice, 20),
        "lasts": _law(dice, 60),
    } | dice.some(0.5, whispers_per_minute=[2], barge_in=[0.7])


def _contacts(dice: Dice, scenario: Scenario) -> list[Spec]:
    """Bursts of contacts, many of them at one instant, and at those of shifts and breaks."""
    found: list[Spec] = []
    for _ in range(dice.randint(3, 9)):
        queue = dice.choice(list(scenario.queues))
        at, apart = dice.choice((30.0 * dice.randrange(58), dice.uniform(0, 1700))), dice.choice((0, 0, 10))
        for n in range(dice.randint(1, 5)):
            contact = {"at": at + n * apart, "queue": queue, "channel": f"by_{MEDIUM[queue]}"}
            given = dice.some(0.15, patience=[30.0, 100.0], handle_time=[50.0, [20.0, 80.0]], wrap_up=[10.0])
            found.append(contact | {"label": dice.choice((None, "premium", "gold"))} | given)
    return found
