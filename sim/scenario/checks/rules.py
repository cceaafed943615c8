"""Keys that only make sense together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.nearest import shown
from sim.scenario.quantities import duration_text
from sim.scenario.surroundings import Finding

if TYPE_CHECKING:
    from sim.scenario.model import Scenario


def steps_without_end(scenario: "Scenario") -> Iterator[Finding]:
    """Find steps before the last that do not say when the next one is added."""
    for name, queue in scenario.queues.items():
        for i, step in enumerate(queue.steps[:-1]):
            if step.for_ is None:
                what = "`for` is missing; only the last step may be without it"
                yield Finding(("queues", name, "steps", i), what, rests_on=("for",))


def wrong_supervisors(scenario: "Scenario") -> Iterator[Finding]:
    """Find a supervising team of ordinary agents."""
    supervision = scenario.supervision
    team = scenario.teams.get(supervision.team) if supervision is not None else None
    if supervision is not None and team is not None and team.role != "supervisor":
        what = f"team {shown(supervision.team)} has the role {shown(team.role)}; only supervisors look in"
        yield Finding(("supervision", "team"), what, rests_on=("role",))


def ageing_without_pace(scenario: "Scenario") -> Iterator[Finding]:
    """Find ageing that would never add a point."""
    routing = scenario.routing
    if routing.request_selection == "priority_with_ageing" and not routing.ageing:
        what = "priority_with_ageing needs `ageing`, the waiting time that counts as one point, above 0s"
        yield Finding(("routing", "request_selection"), what, rests_on=("ageing",))


def endless_transfers(scenario: "Scenario") -> Iterator[Finding]:
    """Find queues that hand on all their conversations at once, and only to each other.

    Where all agents accept at once, too, no time would ever pass, and the day not end.
    """
    if any(team.accept.delay.mean or team.accept.probability < 1 for team in scenario.teams.values()):
        return
    handed_on = {
        name: {to for to, share in queue.transfer.to.items() if share}
        for name, queue in scenario.queues.items()
        if queue.transfer is not None
        and queue.transfer.probability == 1
        and not queue.transfer.after * queue.handle_time.mean
    }
    while leaving := [name for name, to in handed_on.items() if to - handed_on.keys()]:
        for name in leaving:
            del handed_on[name]
    if handed_on:
        circle = ", ".join(map(shown, handed_on))
        what = f"conversations would be handed on without end and without time passing among {circle}"
        rests_on = ("probability", "after", "to.*", "handle_time", "accept", "delay")
        yield Finding(("queues", next(iter(handed_on)), "transfer"), what, rests_on=rests_on)


def late_measuring(scenario: "Scenario") -> Iterator[Finding]:
    """Find a warm-up that leaves nothing to measure."""
    if scenario.warm_up >= scenario.lasts:
        lasts = duration_text(scenario.lasts)
        what = f"{shown(duration_text(scenario.warm_up))} is not below `lasts` ({lasts}); nothing would be measured"
        yield Finding(("warm_up",), what, rests_on=("lasts",))
