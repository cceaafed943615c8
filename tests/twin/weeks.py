"""Dates of a calendar by the dice: apart or on one clock, with clock changes, holidays, nights and hours of queues."""

from datetime import date, timedelta
from math import ceil
from typing import Any

from sim.errors import SimError
from sim.scenario import Scenario
from sim.workload import Workload, by_hand, draw
from twin.dice import Dice, Spec
from twin.everything import MEDIUM, TRIES, spec_of
from twin.persons import of_several_days, read

FIRST = ("2026-03-06", "2026-03-27", "2026-03-28", "2026-10-23", "2026-10-24")
"""A Friday, and Fridays and Saturdays before days of 23 and of 25 hours."""
HOURS = (
    ("08:00-12:00", 4), ("01:00-04:00", 3), ("00:00-24:00", 24), ("20:00-26:00", 6), ("00:30-03:30", 3),
    ("20:00-24:00", 4), ("06:00-22:00", 16), ("02:30-09:00", 6.5), ("00:00-24:00", 24),
)  # fmt: skip
SATURDAYS = ("closed", "09:00-11:00", "23:00-24:00", "00:00-24:00", "00:00-02:30")
OF_QUEUES = ("02:00-03:00", "09:00-10:00", "08:00-20:00", "00:00-24:00", "22:00-25:00")
MOMENTS = (0, 1, 2, 2.5, 3, 3.5, 6, 8, 8.5, 9, 10, 12, 16, 17, 20, 22, 23.5)
"""Hours of the clock at which something begins or ends."""
NIGHTLY = ("mon-sun", "mon-fri", "fri-sun", "sat", "sun", None, None)


def a_world_of_dates(seed: int) -> tuple[Scenario, Workload]:
    """One scenario with a calendar, and its customers, for each seed."""
    for attempt in range(TRIES):
        dice = Dice(f"dates {seed} {attempt}")
        try:
            spec = _spec(dice, seed)
            texts = of_several_days(dice, spec, _days(spec)) if dice.may(0.3) else {}
            scenario = read(spec, texts)
            if scenario.days:
                contacts = _contacts(dice, scenario)
                return scenario, draw(scenario) if dice.may(0.3) else by_hand(scenario, contacts)
        except (SimError, ValueError):
            continue
    raise AssertionError(f"no valid scenario for seed {seed}")


def _days(spec: Spec) -> list[str | None]:
    first = date.fromisoformat(spec["calendar"]["from"])
    dates = [(first + timedelta(days=n)).isoformat() for n in range(-1, 5)]
    return [*dates, "fri", "sat", "sun", "sat-sun", "fri-sun", "mon-sun"]


def _spec(dice: Dice, seed: int) -> Spec:
    spec = spec_of(dice, seed)
    for key in ("lasts", "opens", "drain"):
        spec.pop(key, None)
    hours, long = dice.choice(HOURS)
    first = date.fromisoformat(dice.choice(FIRST))
    opened = {dice.choice(("mon-sun", "mon-sun", "fri-mon")): hours} | dice.some(0.3, sat=SATURDAYS)
    if dice.may(0.15):
        opened[(first + timedelta(days=1)).isoformat()] = dice.choice(SATURDAYS)
    spec["calendar"] = {"from": first.isoformat(), "days": dice.randint(1, 4), "open": opened}
    spec["calendar"] |= dice.some(0.5, time_zone=["Europe/Berlin"])
    spec["calendar"] |= dice.some(0.2, holidays=[[(first + timedelta(days=dice.randint(0, 5))).isoformat()]])
    spec |= dice.some(0.2, drain=[0, "3h", "20h"])
    every = dice.choice((1, 1, 4))
    for team in spec["teams"].values():
        for key in ("agents", "shifts", "head_count", "absence", "shrinkage", "counts", "pauses"):
            team.pop(key, None)
        team |= _roster(dice, long, every, first) | dice.some(0.15, pauses=[{"every": "3h", "for": "20m"}])
    for queue in spec["queues"].values():
        queue["handle_time"] = dice.choice((100, 600, 2400))
        queue |= dice.some(0.3, patience=[600, "5h"], request_ttl=["1h", "12h"])
        queue |= dice.some(0.15, wait_limit=[{"after": "2h", "then": "voicemail"}])
        queue |= dice.some(0.25, carry_over=["on"], open=lambda: _own_hours(dice))
    for channel in spec["channels"].values():
        channel.pop("request_ttl", None)
    for stream in spec["arrivals"]:
        stream["per_hour"] = dice.choice((0.5, 2, 5, {"sat": 3, "mon-sun": 1}))
    return spec


def _own_hours(dice: Dice) -> Spec:
    return {"mon-sun": dice.choice(OF_QUEUES)} | dice.some(0.4, sat=["closed", *OF_QUEUES])


def _roster(dice: Dice, hours: float, every: int, first: date) -> Spec:
    def shift() -> Spec:
        begins = dice.choice((0, 1, 2, 2.5, 6, 8, 8, 20, 22))
        ends = begins + dice.choice((0.5, 3, 4, 9, 9, 10))
        days = {"days": found} if (found := dice.choice((*NIGHTLY, _date(first, 1)))) else {}
        found = {"from": _clock(begins), "to": _clock(ends), "agents": dice.randint(1, 2)} | days
        breaks = [
            {"at": _clock(at), "for": dice.choice(("15m", "30m"))} | dice.some(0.3, days=["sat", "mon-sun"])
            for at in (begins, begins + 1, begins + 2.5)
            if dice.may(0.3) and at + 0.5 <= ends
        ]
        return found | ({"breaks": breaks} if breaks else {})

    def counts(high: int) -> list[int]:
        return [dice.choice((0, 1, high)) for _ in range(ceil(hours / every))]

    absent = dice.some(0.3, absence=[0.3, 0.5])
    return dice.choice(
        (
            {"shifts": [shift() for _ in range(dice.randint(1, 3))]} | absent,
            {"shifts": [shift() for _ in range(dice.randint(1, 3))]} | dice.some(0.3, shrinkage=[0.3]),
            {"head_count": {"every": f"{every}h", "agents": counts(2)}} | absent,
            {"head_count": {"every": f"{every}h", "agents": {"mon-sun": counts(2), "sat": counts(3)}}},
            {"agents": dice.randint(1, 2)} | absent,
        )
    )


def _date(first: date, days: int) -> str:
    return (first + timedelta(days=days)).isoformat()


def _clock(hours: float) -> str:
    return f"{int(hours):02d}:{round(hours % 1 * 60):02d}"


def _contacts(dice: Dice, scenario: Scenario) -> list[dict[str, Any]]:
    """Bursts of contacts at the times at which somebody comes or goes, or a queue closes."""
    found: list[dict[str, Any]] = []
    for _ in range(dice.randint(6, 14)):
        queue, day = dice.choice(list(scenario.queues)), dice.choice(scenario.days)
        at = dice.choice((3600.0 * dice.choice(MOMENTS), day.closes_s, day.opens_s))
        at += dice.choice((0, -600, -1, dice.uniform(-900, 900)))
        for _ in range(dice.randint(1, 5)):
            if 0 <= at < day.closes_s:
                contact = {"at": day.midnight_s + at, "queue": queue, "channel": f"by_{MEDIUM[queue]}"}
                found.append(contact)
            at += dice.choice((0, 10, 300))
    return found
