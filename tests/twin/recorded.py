"""Customers by the dice of whom it is recorded who took them, and to which queue these handed them on."""

from dataclasses import replace

from sim.scenario import Scenario
from sim.workload import Workload
from sim.workload.workload import Recorded
from twin.dice import Dice
from twin.everything import a_world_of_everything


def a_world_of_records(seed: int) -> tuple[Scenario, Workload]:
    """A world of everything, in which something is recorded of most customers."""
    scenario, workload = a_world_of_everything(seed)
    dice = Dice(f"recorded {seed}")
    agents = [
        person
        for name, team in scenario.teams.items()
        if team.role == "agent"
        for person in [one.name for one in team.members] or [f"{name}-{n}" for n in range(1, team.agents + 1)]
    ]
    streams = []
    for stream in workload.streams:
        medium = scenario.queues[stream.queue].medium
        queues = [name for name, queue in scenario.queues.items() if queue.medium == medium]
        streams.append(replace(stream, recorded=tuple(_of_one(dice, queues, agents) for _ in stream.times)))
    return scenario, replace(workload, streams=tuple(streams))


def _of_one(dice: Dice, queues: list[str], agents: list[str]) -> Recorded | None:
    to = dice.choice(queues) if dice.may(0.5) else None
    after = dice.choice((0.0, 10.0, 60.0, 300.0)) if to is not None and dice.may(0.6) else None
    agent = dice.choice(agents) if dice.may(0.4) and agents else None
    return Recorded(to, after, agent) if to is not None or agent is not None else None
