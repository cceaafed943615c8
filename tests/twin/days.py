"""Centres of two or three days by the dice, with the days that follow them: shifts and head-counts day by day."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from sim.errors import SimError
from sim.scenario import Scenario
from sim.workload import Workload, by_hand
from twin.dice import Dice, Spec
from twin.everything import MEDIUM, TRIES, spec_of
from twin.persons import of_several_days, read

HOUR_S, DAY_S = 3600.0, 86_400.0
CLOCK_S = tuple(hour * HOUR_S for hour in (0, 2, 6, 8, 8.5, 12, 16, 17, 22, 23.5))
"""Times of the day at which something in the rosters begins or ends."""


OPENS = ("2026-03-06 00:00", "2026-03-06 07:30", "2026-03-06 22:00")


def a_world_of_days(seed: int) -> tuple[Scenario, Workload]:
    """One scenario of more than a day with its customers for each seed."""
    for attempt in range(TRIES):
        dice = Dice(f"days {seed} {attempt}")
        try:
            spec = _spec(dice, seed)
            scenario = read(spec, _by_person(Dice(f"people {seed} {attempt}"), spec))
        except (SimError, ValueError):
            continue
        return scenario, by_hand(scenario, _contacts(dice, scenario))
    raise AssertionError(f"no valid scenario for seed {seed}")


def _spec(dice: Dice, seed: int) -> Spec:
    spec = spec_of(dice, seed)
    spec["lasts"] = dice.choice((24, 25, 36, 48, 60, 72)) * HOUR_S
    for key in ("drain", "opens"):
        spec.pop(key, None)
    spec |= dice.some(
        0.3,
        drain=[0, 3 * HOUR_S, 20 * HOUR_S],
        opens=[f"2026-03-06 {at}" for at in ("00:00", "07:30", "22:00")],
    )
    for team in spec["teams"].values():
        for key in ("agents", "shifts", "head_count", "absence", "shrinkage", "pauses"):
            team.pop(key, None)
        team |= _roster(dice, spec["lasts"] / HOUR_S) | dice.some(0.1, pauses=[{"every": "3h", "for": "20m"}])
    for queue in spec["queues"].values():
        queue["handle_time"] = dice.choice((100, 600, 2400))
        queue |= dice.some(0.3, patience=[600, 5 * HOUR_S], request_ttl=[HOUR_S, 12 * HOUR_S])
        queue |= dice.some(0.1, wait_limit=[{"after": 2 * HOUR_S, "then": "voicemail"}])
    for channel in spec["channels"].values():
        channel.pop("request_ttl", None)
    return spec


DAYS = ("2026-03-06", "2026-03-07", "2026-03-08", "fri", "sat", "sat-sun", "fri-sun", "mon-sun")
"""Those of a run that opens on a Friday, and every day."""


def _by_person(dice: Dice, spec: Spec) -> Mapping[str, str]:
    """Let some of the runs have persons, with rows of dates, of weekdays or of every day."""
    if not dice.may(0.4):
        return {}
    if dice.may(0.2):
        return of_several_days(dice, spec, [None])
    spec.setdefault("opens", "2026-03-06 00:00")
    return of_several_days(dice, spec, dice.choice((DAYS, DAYS[:3])))


def _roster(dice: Dice, hours: float) -> Spec:
    breaks = [{"at": "08:30", "for": "30m"}, {"at": "16:00", "for": dice.choice(("20m", "1h"))}]
    day = {"from": dice.choice(("06:00", "08:00")), "to": "17:00", "agents": 2, "breaks": breaks}
    late = {"from": "16:00", "to": "23:30", "agents": 1, "breaks": breaks[1:]}
    night = {"from": "22:00", "to": "30:00", "agents": 1, "breaks": [{"at": "26:00", "for": "45m"}]}
    nights = [night] if hours >= 30 else []

    def counted(every: str, s: float) -> Spec:
        agents = [dice.choice((0, 0, 1, 2, 3)) for _ in range(ceil(hours * HOUR_S / s))]
        return {"head_count": {"every": every, "agents": agents}}

    return dice.choice(
        (
            {"shifts": [day]},
            {"shifts": dice.sample([day, late, *nights], dice.randint(1, 2))},
            {"shifts": [day, *nights]} | dice.some(0.3, absence=[0.3]),
            counted(*dice.choice((("30m", 1800.0), ("1h", HOUR_S), ("4h", 4 * HOUR_S)))),
            counted("8h", 8 * HOUR_S),
            {"agents": 1},
        )
    )


def _contacts(dice: Dice, scenario: Scenario) -> list[dict[str, Any]]:
    """Bursts of contacts around the times at which somebody comes or goes, the last of them before the end."""
    found: list[dict[str, Any]] = []
    for n in range(dice.randint(4, 10)):
        queue, day = dice.choice(list(scenario.queues)), DAY_S * dice.randrange(3)
        at = (
            (dice.choice(CLOCK_S) - scenario.opens_at) % DAY_S
            + day
            + dice.choice((0, -600, dice.uniform(-900, 900)))
        )
        if n < 2:
            at = scenario.lasts - dice.choice((30, 600, 3600))
        for _ in range(dice.randint(1, 6)):
            if 0 <= at < scenario.lasts:
                found.append({"at": at, "queue": queue, "channel": f"by_{MEDIUM[queue]}"})
            at += dice.choice((0, 10, 300))
    return found
