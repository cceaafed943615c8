"""Keys that change nothing in this scenario: each is allowed, and told, so that nobody waits for its effect."""

from bisect import bisect_right
from collections.abc import Iterator

from sim.errors import quoted
from sim.scenario.checks.service import reached, ttls_of
from sim.scenario.context import Finding, Place
from sim.scenario.distributions import DAY_S, ByTime, Constant
from sim.scenario.model import Scenario
from sim.scenario.numbers import clock_text
from sim.scenario.plausibility import quantile
from sim.scenario.queues import Conference, Queue, Transfer
from sim.scenario.teams import Team, serves

NO_TIME = Constant(0.0)
SURELY = 1 - 1e-9
"""A delay that is longer only in this share of offers counts as always shorter."""


def without_effect(scenario: Scenario) -> Iterator[Finding]:
    """Find keys that are not at their default, and that nothing else in the scenario gives an effect."""
    whys = [
        *_of_media(scenario),
        *_of_routing(scenario),
        *(why for name, queue in scenario.queues.items() for why in _of_queue(scenario, name, queue)),
        *_of_arrivals(scenario),
        *(why for name, team in scenario.teams.items() for why in _of_team(scenario, name, team)),
        *_of_customers(scenario),
    ]
    for place, why in whys:
        yield Finding(place, f"{'.'.join(map(str, place))} changes nothing: {why}")


_Whys = Iterator[tuple[Place, str]]
"""Places of keys, and why they change nothing."""


def _of_media(scenario: Scenario) -> _Whys:
    used = {queue.medium for queue in scenario.queues.values()}
    for name, medium in scenario.media.items():
        place: Place = ("media", name)
        if name not in used:
            yield place, "no queue is of this medium"
            continue
        own = [queue for queue in scenario.queues.values() if queue.medium == name]
        if medium.max_tasks == 1:
            for key, given in (("slowdown", medium.slowdown), ("pace", medium.pace)):
                if given and given != (1.0,):
                    yield (*place, key), "an agent has one task at a time here"
        for other in medium.interrupted_by:
            others = [key for key, queue in scenario.queues.items() if queue.medium == other]
            ours = [key for key, queue in scenario.queues.items() if queue in own]
            if not any(_in_both(scenario, team, ours, others) for team in scenario.teams):
                yield (
                    (*place, "interrupted_by", other),
                    f"no team serves both {quoted(name)} and {quoted(other)}",
                )


def _in_both(scenario: Scenario, team: str, ours: list[str], others: list[str]) -> bool:
    return any(serves(scenario, team, one) for one in ours) and any(
        serves(scenario, team, one) for one in others
    )


def _of_routing(scenario: Scenario) -> _Whys:
    routing, place = scenario.routing, ("routing",)
    queues = scenario.queues.values()
    rings_out = any(_may_ring_out(scenario, name) for name in scenario.queues)
    transfers = any(queue.transfer is not None for queue in queues)
    conferences = any(queue.conference is not None for queue in queues)
    if (
        routing.request_selection == "longest_waiting"
        and not routing.queue_priority
        and _is_of_one_priority(scenario)
    ):
        yield (
            (*place, "request_selection"),
            "all requests have the same priority, and the longest waiting comes first",
        )
    if routing.queue_priority and len({queue.priority for queue in queues}) == 1:
        yield (*place, "queue_priority"), "all queues have the same priority"
    if not rings_out:
        accepted = "every offer is accepted before it rings out"
        if routing.steps_after_ring_out != "anew" and all(
            queue.steps_after_ring_out is None for queue in queues
        ):
            yield (*place, "steps_after_ring_out"), accepted
        if routing.ring_time != RING_TIME_S and not any(
            _may_ring_out(scenario, name, RING_TIME_S) for name in scenario.queues
        ):
            yield (*place, "ring_time"), accepted
        for key, default in (("ring_memory", "rank_last"), ("requeue_priority", 11)):
            if getattr(routing, key) != default and not (key == "requeue_priority" and _goes_back(scenario)):
                yield (*place, key), accepted
    if routing.transfer_priority != PRIORITY_OF_TRANSFERS and not transfers:
        yield (*place, "transfer_priority"), "no queue has a `transfer`"
    if routing.conference_priority != PRIORITY_OF_TRANSFERS and not conferences:
        yield (*place, "conference_priority"), "no queue has a `conference`"
    if not routing.exclude_requester and not (transfers or conferences):
        yield (
            (*place, "exclude_requester"),
            "no agent asks for another: no queue has a `transfer` or a `conference`",
        )
    if routing.leave_when_empty and not any(_may_empty(scenario, name) for name in scenario.queues):
        yield (*place, "leave_when_empty"), "no agent ever logs out"
    if routing.last_agent and not _come_back(scenario):
        yield (*place, "last_agent"), "nobody comes back whom an agent has answered"


PRIORITY_OF_TRANSFERS, RING_TIME_S = 10, 60.0
"""Defaults."""


def _is_of_one_priority(scenario: Scenario) -> bool:
    """Return whether no request can have another priority than the rest: by label, kind or a return to its queue."""
    labels = {label for one in scenario.arrivals for label in one.labels}
    queues = scenario.queues.values()
    return not (
        any(scenario.labels[one].priority != 1 for one in labels if one in scenario.labels)
        or any(queue.transfer is not None or queue.conference is not None for queue in queues)
        or any(_may_ring_out(scenario, name) for name in scenario.queues)
        or any(one.contacts for one in scenario.arrivals)
        or _goes_back(scenario)
    )


def _goes_back(scenario: Scenario) -> bool:
    """Return whether what is open may go back to its queue, at the priority of what has rung out."""
    hands_back = any("hand_back" in team.at_shift_end.values() for team in scenario.teams.values())
    return hands_back or any(
        "rerouted" in medium.interrupted_by.values() for medium in scenario.media.values()
    )


def _come_back(scenario: Scenario) -> bool:
    """Return whether customers come back who have had an agent: the search for another one failed them."""
    customers = scenario.customers
    if any(one.contacts for one in scenario.arrivals):
        return True
    asks_again = customers.after_no_agent is not None or customers.after_abandon is not None
    handed_on = any(queue.transfer is not None for queue in scenario.queues.values())
    return asks_again and (handed_on or _goes_back(scenario))


def _may_ring_out(scenario: Scenario, name: str, ring_time: float | None = None) -> bool:
    """Return whether an offer of a queue may ring out: an agent lets it ring, or is too slow for this ring time."""
    if scenario.queues[name].mode == "pull":
        return False
    teams = [team for key, team in scenario.teams.items() if serves(scenario, key, name)]
    rings_for = scenario.ring_time_of(name) if ring_time is None else ring_time
    return any(
        team.accept.probability < 1 or quantile(team.accept.delay, SURELY) >= rings_for for team in teams
    )


def _may_empty(scenario: Scenario, name: str) -> bool:
    """Return whether an agent of a queue may log out before the end."""
    teams = [team for key, team in scenario.teams.items() if serves(scenario, key, name)]
    return any(_logs_out(team) for team in teams) or _has_dates_or_people(scenario)


def _has_dates_or_people(scenario: Scenario) -> bool:
    """Return whether a calendar or a roster says who is there."""
    rosters = (scenario.roster, *(team.roster for team in scenario.teams.values()))
    return scenario.calendar is not None or any(one is not None for one in rosters)


def _logs_out(team: Team) -> bool:
    leaves = any(getattr(after, "log_out", False) for after in team.after_ring.values())
    return bool(team.shifts) or team.head_count is not None or leaves


def _of_queue(scenario: Scenario, name: str, queue: Queue) -> _Whys:
    place: Place = ("queues", name)
    medium = scenario.media[queue.medium]
    if queue.max_tasks is not None and queue.max_tasks >= medium.max_tasks:
        yield (*place, "max_tasks"), f"the medium {quoted(queue.medium)} allows no more anyway"
    usual = scenario.routing.ring_time
    if queue.ring_time not in (None, usual) and not (
        _may_ring_out(scenario, name) or _may_ring_out(scenario, name, usual)
    ):
        yield (*place, "ring_time"), "every offer is accepted before it rings out"
    for key, law in (("handle_time", queue.handle_time), ("patience", queue.patience)):
        if isinstance(law, ByTime):
            for at in _never_in_force(scenario, law):
                yield (*place, key, "by_time", clock_text(at)), "nobody comes while it is in force"
    if queue.balking.when != "nobody_available" and not queue.balking.share:
        yield (*place, "balk", "when"), "nobody leaves at once (`share` is 0%)"
    pull = queue.pull
    alone = not any(name in other.conference.to for other in scenario.queues.values() if other.conference)
    if pull is not None and pull.whispers_per_minute and not pull.second_agent and alone:
        yield (*place, "pull", "whispers_per_minute"), "no second agent joins (`second_agent` is 0%)"
    if queue.leave_when_empty and not _may_empty(scenario, name):
        yield (*place, "leave_when_empty"), "none of its agents ever logs out"
    if queue.handle_time_at_tasks != 1 and all(
        medium.pace_of(count) == 1 for count in range(1, medium.max_tasks + 1)
    ):
        yield (*place, "handle_time_at_tasks"), f"tasks of {quoted(queue.medium)} do not slow each other"
    if queue.transfer is not None:
        yield from _of_transfer(scenario, (*place, "transfer"), queue.transfer)
    if queue.conference is not None:
        yield from _of_conference((*place, "conference"), queue.conference)
        fails = any(_may_find_nobody(scenario, one) for one in queue.conference.to)
        for key, given in (
            ("if_nobody", queue.conference.if_nobody != "continues"),
            ("extra_time", queue.conference.extra_time is not None),
        ):
            if given and not fails:
                yield (
                    (*place, "conference", key),
                    "the search for a guest never ends without one: it has no `request_ttl`",
                )


def _never_in_force(scenario: Scenario, law: ByTime) -> list[float]:
    """Return from when the entries hold of which no hour is within those of a run."""
    if scenario.calendar is not None or scenario.lasts >= DAY_S:
        return []
    opens = scenario.opens_at % DAY_S
    starts = list(law.entries)
    first = starts[bisect_right(starts, opens) - 1]
    return [at for at in starts if at != first and (at - opens) % DAY_S >= scenario.lasts]


def _may_find_nobody(scenario: Scenario, name: str) -> bool:
    """Return whether a search for an agent of a queue may end without one."""
    queue, routing = scenario.queues[name], scenario.routing
    required = queue.require_available_agent or routing.require_available_agent
    ends = scenario.closing != "serve_out" or scenario.drain is not None
    empties = routing.leave_when_empty if queue.leave_when_empty is None else queue.leave_when_empty
    return (
        any(one is not None for one in ttls_of(scenario, name))
        or queue.wait_limit is not None
        or required != "off"
        or empties
        or ends
    )


def _of_transfer(scenario: Scenario, place: Place, onward: Transfer) -> _Whys:
    if onward.choose != "fixed" and len(onward.to) == 1:
        yield (*place, "choose"), "there is one destination"
    if onward.note_saves and not onward.note:
        yield (*place, "note_saves"), "no transfer has a note"
    if onward.handover_time is not None and not onward.warm:
        yield (*place, "handover_time"), "no transfer is warm"
    further = [
        one for one in reached(scenario, tuple(onward.to)) if scenario.queues[one].transfer is not None
    ]
    if onward.at_most and not further:
        yield (*place, "at_most"), "nobody transfers what has been transferred"


def _of_conference(place: Place, conference: Conference) -> _Whys:
    if conference.choose != "fixed" and len(conference.to) == 1:
        yield (*place, "choose"), "there is one destination"
    if conference.guest_time is not None and not conference.then.requester_leaves:
        yield (*place, "guest_time"), "the requester never leaves first"
    if conference.while_waiting == "holds" and conference.after == 1:
        yield (*place, "while_waiting"), "all of the handle time is done by then (`after` is 100%)"


def _of_team(scenario: Scenario, name: str, team: Team) -> _Whys:
    place: Place = ("teams", name)
    if team.counts == "net" and not team.shrinkage:
        yield (*place, "counts"), "there is no `shrinkage`"
    if team.role == "supervisor":
        return
    served = [queue for queue in scenario.queues if serves(scenario, name, queue)]
    media = {scenario.queues[queue].medium for queue in served}
    for key in ("after_ring", "at_shift_end", "max_tasks"):
        for medium in getattr(team, key):
            if medium not in media and not (key == "max_tasks" and team.max_tasks[medium] == 0):
                yield (*place, key, medium), f"the team serves no queue of {quoted(medium)}"
    for medium, most in team.max_tasks.items():
        if medium in media and most == scenario.media[medium].max_tasks:
            yield (*place, "max_tasks", medium), f"the medium {quoted(medium)} allows no more anyway"
    for key in ("speed", "max_tasks_by_queue"):
        for queue in getattr(team, key):
            if queue not in served:
                yield (*place, key, queue), f"the team does not serve {quoted(queue)}"
    for queue, most in team.max_tasks_by_queue.items():
        if queue in served and most >= scenario.max_tasks_of(name, scenario.queues[queue].medium):
            yield (*place, "max_tasks_by_queue", queue), "they have no more open in its medium anyway"
    if team.wrap_up != NO_TIME and served and all(scenario.queues[one].wrap_up is not None for one in served):
        yield (*place, "wrap_up"), "each queue that the team serves has a `wrap_up` of its own"
    for medium, after in team.after_ring.items():
        rings = [queue for queue in served if scenario.queues[queue].medium == medium]
        if rings and after != "ready" and not any(_may_ring_out(scenario, queue) for queue in rings):
            yield (*place, "after_ring", medium), "every offer is accepted before it rings out"
    if (
        "hand_back" in team.at_shift_end.values()
        and not _logs_out(team)
        and not _has_dates_or_people(scenario)
    ):
        yield (*place, "at_shift_end"), "no agent of the team ever logs out"


def _of_customers(scenario: Scenario) -> _Whys:
    after = scenario.customers.after_abandon
    queues = scenario.queues.values()
    laws = [queue.patience for queue in queues] + [
        queue.transfer.patience for queue in queues if queue.transfer is not None
    ]
    patience = [one for one in laws if one is not None]
    recorded = any(one.contacts for one in scenario.arrivals)
    limits = any(queue.wait_limit is not None or queue.balk is not None for queue in queues)
    if after is not None and not (patience or recorded or limits):
        yield ("customers", "after_abandon"), "nobody abandons: no queue has a `patience`"
    all_alike = len({*patience}) == 1 and isinstance(patience[0], Constant)
    if after is not None and after.patience == "same" and not recorded and all_alike:
        yield ("customers", "after_abandon", "patience"), "all have the same patience anyway"


def _of_arrivals(scenario: Scenario) -> _Whys:
    for number, one in enumerate(scenario.arrivals):
        if isinstance(one.per_hour, int | float) and one.every != HOUR_S:
            yield ("arrivals", number, "every"), "one rate holds all the time"


HOUR_S = 3600.0
