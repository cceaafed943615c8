"""What is allowed in a scenario but may surprise its author."""

from collections.abc import Iterator

from sim.errors import ScenarioError, quoted
from sim.scenario.answering import LogOut
from sim.scenario.checks.service import requested_queues, ttls_of
from sim.scenario.context import Finding, Place
from sim.scenario.coverage import uncovered
from sim.scenario.error_messages import placed
from sim.scenario.expected import measured_alone, readings
from sim.scenario.loading import OPTION, load
from sim.scenario.model import Scenario
from sim.scenario.numbers import duration_text, share_text
from sim.scenario.plausibility import decided_by_files, improbable, quantile, quantiles
from sim.scenario.queues import Queue, Transfer
from sim.scenario.routing import GUARDS, REQUEST_SELECTIONS, WEIGHTED
from sim.scenario.teams import Team, derived_agents, is_skilled, serves
from sim.scenario.without_effect import without_effect
from sim.scenario.yaml_tree import Tree

ALL, NONE = 1 - 1e-9, 0.01
"""Shares of customers that count as all and as none of them."""
REACH = 0.95
"""Part of a target that has to be within reach; whether the rest is, is for a run to find."""


def notes(scenario: Scenario) -> list[str]:
    """Return one sentence for each thing that is harmless but may surprise, in the order of the file."""
    return [one.what for one in findings(scenario)]


def note_lines(scenario: Scenario, tree: Tree) -> list[str]:
    """Return the notes of a scenario as lines, each with its place in the tree that it was read from.

    A note that the file alone would not have names the overrides instead.
    """
    found = findings(scenario)
    own = _of_file(tree) if found and tree.overridden else {one.what for one in found}
    return [f"{_at(one, tree) if one.what in own else _by(one, tree)}: note: {one.what}" for one in found]


def _of_file(tree: Tree) -> set[str]:
    """Return the notes of a file without what was overridden; none where it is not valid alone."""
    try:
        return set(notes(load(tree.name)))
    except ScenarioError:
        return set()


def _at(one: Finding, tree: Tree) -> str:
    mark = placed(Finding(one.place, one.what, is_key=True), tree)
    return f"{tree.name}:{mark.line}:{mark.column}"


def _by(one: Finding, tree: Tree) -> str:
    """Name the overrides that a note is about, all of them where it is about none of their places."""
    near = [
        place for place in tree.overridden
        if place[: len(one.place)] == one.place or one.place[: len(place)] == place
    ]  # fmt: skip
    return f"{OPTION}{', '.join('.'.join(map(str, place)) for place in near or tree.overridden)}"


def findings(scenario: Scenario) -> list[Finding]:
    """Return the notes of a scenario, each with its place."""
    return [
        *_of_routing(scenario),
        *_of_names(scenario),
        *(note for name, queue in scenario.queues.items() for note in _of_queue(scenario, name, queue)),
        *(note for name, queue in scenario.queues.items() for note in _of_searches(scenario, name, queue)),
        *_of_rooms(scenario),
        *(note for name, team in scenario.teams.items() for note in _of_team(scenario, name, team)),
        *readings(scenario),
        *measured_alone(scenario),
        *without_effect(scenario),
        *(_of_calendar(scenario) if scenario.calendar is not None else ()),
        *uncovered(scenario),
        *improbable(scenario),
    ]


def _of_calendar(scenario: Scenario) -> Iterator[Finding]:
    from sim.scenario.checks.dates import notes_of_calendar

    return notes_of_calendar(scenario)


def _of_routing(scenario: Scenario) -> Iterator[Finding]:
    routing = scenario.routing
    # A policy of another name may be a guard, which keeps the ageing underneath.
    if routing.ageing and routing.request_selection in {*REQUEST_SELECTIONS} - {"priority_with_ageing"}:
        yield Finding(
            ("routing", "ageing"),
            "routing.ageing is not used; it needs routing.request_selection: priority_with_ageing",
        )
    if routing.request_selection == "own_level" and all(
        len({skills.get(queue, 0) for queue in scenario.queues if serves(scenario, name, queue)}) < 2
        for name, team in scenario.teams.items()
        for skills in team.skill_sets
    ):
        what = "own_level orders as priority does, since no team has different levels in its queues"
        yield Finding(("routing", "request_selection"), what)
    if routing.agent_selection == "most_skilled" and all(
        len(_levels(scenario, queue)) < 2 for queue in scenario.queues
    ):
        what = "most_skilled orders as longest_available does, since all agents of a queue have the same level in it"
        yield Finding(("routing", "agent_selection"), what)
    halves = {key: getattr(routing, key) for key in ("agent_selection", "request_selection")}
    for key, policy in halves.items():
        if policy in GUARDS and policy not in [other for name, other in halves.items() if name != key]:
            other = next(name for name in halves if name != key)
            what = f"{policy} is named for one decision of two: give routing.{other} as well, or it holds nobody back"
            yield Finding(("routing", key), what)
    priorities = {queue.priority for queue in scenario.queues.values()}
    weighs = {routing.request_selection, routing.agent_selection} & {*WEIGHTED, "reserve_idle_agents"}
    if priorities != {1} and not routing.queue_priority and not weighs:
        first = next(name for name, queue in scenario.queues.items() if queue.priority != 1)
        what = "the priorities of queues are not used, since routing.queue_priority is off"
        yield Finding(("queues", first, "priority"), what)
    if priorities == {1} and weighs:
        policy = sorted(weighs)[0]
        what = f"{policy} weighs the queues by their priorities, and all have the same"
        key = "request_selection" if policy == routing.request_selection else "agent_selection"
        yield Finding(("routing", key), what)


def _levels(scenario: Scenario, queue: str) -> set[int]:
    """Return the levels that agents of a queue have in the skill of its name."""
    teams = (team for name, team in scenario.teams.items() if serves(scenario, name, queue))
    return {skills.get(queue, 0) for team in teams for skills in team.skill_sets}


def _of_searches(scenario: Scenario, name: str, queue: Queue) -> Iterator[Finding]:
    """Tell which keys of a queue about searches and transfers change nothing as it is."""
    place: Place = ("queues", name)
    if queue.steps_after_ring_out == "go_on" and (len(queue.steps) < 2 or queue.mode == "pull"):
        why = "nothing rings out on a list" if queue.mode == "pull" else "there is one step"
        yield Finding(
            (*place, "steps_after_ring_out"),
            f"queue {quoted(name)}: steps_after_ring_out is not used, since {why}",
        )
    ttl, limit = _longest_ttl(scenario, name), queue.wait_limit
    if limit is not None and limit.after >= ttl:
        what = (
            f"wait_limit changes nothing: after {duration_text(ttl)} the request_ttl has ended every search"
        )
        yield Finding((*place, "wait_limit", "after"), f"queue {quoted(name)}: {what}")
    onward = queue.transfer
    if onward is None:
        return
    falls_back = onward.named_falls_back and not onward.named
    unused = {
        "named_falls_back": "no transfer names an agent" if falls_back else "",
        "handle_time_factor": _unused_factor(onward),
    }
    for key, why in unused.items():
        if why:
            what = f"queue {quoted(name)}: transfer.{key} is not used, since {why}"
            yield Finding((*place, "transfer", key), what)


def _unused_factor(onward: Transfer) -> str:
    factor = onward.handle_time_factor
    if factor.warm != 1 and not onward.warm:
        return "no transfer is warm"
    return "every transfer is warm" if factor.cold != 1 and onward.warm == 1 else ""


def _of_names(scenario: Scenario) -> Iterator[Finding]:
    if not scenario.arrivals:
        yield Finding(("arrivals",), "there are no arrivals, so nothing will happen")
    used = {one.channel for one in scenario.arrivals} | {
        contact.channel for one in scenario.arrivals for contact in one.contacts
    }
    for name in scenario.channels:
        if name not in used:
            yield Finding(("channels", name), f"nobody arrives by channel {quoted(name)}")
    labels = {label for one in scenario.arrivals for label in one.labels} | {
        contact.label for one in scenario.arrivals for contact in one.contacts
    }
    for name in scenario.labels:
        if name not in labels:
            yield Finding(("labels", name), f"no customer has the label {quoted(name)}")


def _of_rooms(scenario: Scenario) -> Iterator[Finding]:
    for name, room in scenario.waiting_rooms.items():
        for i, queue in enumerate(room.queues):
            if scenario.queues[queue].mode == "pull":
                what = f"waiting room {quoted(name)}: queue {quoted(queue)} is a list, which takes no waiting place"
                yield Finding(("waiting_rooms", name, "queues", i), what)


def _of_queue(scenario: Scenario, name: str, queue: Queue) -> Iterator[Finding]:
    if name not in requested_queues(scenario):
        what = f"queue {quoted(name)} is not used: no contact arrives in it and nobody hands on to it"
        yield Finding(("queues", name), what)
    for i, step in enumerate(queue.steps):
        if step.needs.mixes_and_or:
            what = (
                f"queue {quoted(name)}: {quoted(step.needs)} is read from left to right, "
                f"as {quoted(step.needs.grouped)}"
            )
            yield Finding(("queues", name, "steps", i, "needs"), what)
    teams = [team for team in scenario.teams if serves(scenario, team, name)]
    if not any(scenario.teams[team].agents for team in teams):
        what = f"queue {quoted(name)}: there are no agents who can serve it"
        yield Finding(("queues", name), what)
    yield from _of_handle_time(scenario, name, queue)
    yield from _of_steps(scenario, name, queue)
    yield from _of_patience(scenario, name, queue)
    yield from _of_ringing(scenario, name, queue)
    yield from _of_list(name, queue)


def _of_list(name: str, queue: Queue) -> Iterator[Finding]:
    """Tell what only a queue that rings at agents has use for."""
    if queue.mode != "pull":
        return
    if queue.capacity is not None:
        what = "is not used: its contacts stand on a list, which takes any number"
        yield Finding(("queues", name, "capacity"), f"queue {quoted(name)}: capacity {what}")
    for i, step in enumerate(queue.steps[:-1]):
        if step.for_:
            what = f"step {i + 1}: `for` is not used: all steps see a list at once"
            yield Finding(("queues", name, "steps", i, "for"), f"queue {quoted(name)}: {what}")


def _of_handle_time(scenario: Scenario, name: str, queue: Queue) -> Iterator[Finding]:
    if decided_by_files(scenario, name):
        files = ", ".join(sorted({quoted(str(one.file)) for one in scenario.arrivals if name in one.queues}))
        what = (
            f"queue {quoted(name)}: aht_s in {files} gives the mean of handle_time in every interval; "
            f"the mean of {duration_text(queue.handle_time.mean)} here changes nothing, only the shape of the law "
            "counts; change aht_factor instead"
        )
        yield Finding(("queues", name, "handle_time"), what)


def _of_steps(scenario: Scenario, name: str, queue: Queue) -> Iterator[Finding]:
    opens, last = 0.0, len(queue.steps) - 1
    longest = _longest_search(scenario, name)
    reachable: set[tuple[str, int]] = set()
    asked: set[str] = set()
    for i, step in enumerate(queue.steps):
        place: Place = ("queues", name, "steps", i)
        here = f"queue {quoted(name)}: step {i + 1}"
        teams = {
            (key, number) for key, team in scenario.teams.items() if serves(scenario, key, name)
            for number, skills in enumerate(team.skill_sets) if step.needs.holds(skills)
        }  # fmt: skip
        if i and opens >= longest:
            what = f"{here} is never reached: it opens after {duration_text(opens)}"
            yield Finding(place, f"{what}, and nobody waits longer than {duration_text(longest)}")
        elif teams and teams <= reachable and set(step.needs.attributes) <= asked:
            yield Finding(place, f"{here} changes nothing: every agent it asks for is asked for before")
        elif i:
            yield from _late_step(here, place, queue, opens)
        if i == last and step.for_ is not None:
            what = f"{here} is the last, so its `for` changes nothing; leave it out"
            yield Finding((*place, "for"), what)
        reachable |= teams
        asked.update(step.needs.attributes)
        opens += step.for_ or 0.0


def _late_step(here: str, place: Place, queue: Queue, opens: float) -> Iterator[Finding]:
    level = queue.service_level
    if level is not None and opens >= level.within and queue.mode == "push":
        within = duration_text(level.within)
        what = f"{here} opens after {duration_text(opens)}, and service_level.within is {within}"
        yield Finding(place, f"{what}: contacts that wait for this step miss it unless it opens earlier")


def _longest_search(scenario: Scenario, name: str) -> float:
    """Return how long a request of a queue is looked after at most, by TTL or patience."""
    patience = scenario.queues[name].patience
    stays = float("inf") if patience is None else max(quantiles(patience, ALL))
    return min(_longest_ttl(scenario, name), stays)


def _longest_ttl(scenario: Scenario, name: str) -> float:
    ttls = ttls_of(scenario, name)
    return max((float("inf") if one is None else one for one in ttls), default=float("inf"))


def _of_patience(scenario: Scenario, name: str, queue: Queue) -> Iterator[Finding]:
    ttl = _longest_ttl(scenario, name)
    if queue.patience is not None and min(quantiles(queue.patience, NONE)) >= ttl:
        what = (
            f"queue {quoted(name)}: patience changes nothing: it is longer than the request_ttl "
            f"of {duration_text(ttl)}, after which the search ends"
        )
        yield Finding(("queues", name, "patience"), what)


def _of_ringing(scenario: Scenario, name: str, queue: Queue) -> Iterator[Finding]:
    """Tell where one offer that rings out takes all the time in which a contact would have been in time."""
    level, ring_time = queue.service_level, scenario.ring_time_of(name)
    if level is None or queue.mode != "push" or ring_time < level.within:
        return
    teams = [team for key, team in scenario.teams.items() if serves(scenario, key, name)]
    if teams and not any(_accepts(team, level.within, level.target) for team in teams):
        own: Place = ("queues", name, "ring_time")
        what = (
            f"queue {quoted(name)}: an offer rings for {duration_text(ring_time)}, service_level.within is "
            f"{duration_text(level.within)}, and no team accepts {share_text(level.target)} of its offers by then: "
            "the target cannot be reached; let it ring for less, or accept faster"
        )
        yield Finding(("routing", "ring_time") if queue.ring_time is None else own, what)


def _accepts(team: Team, within: float, target: float) -> bool:
    """Return whether agents of a team accept a share of their first offers in time."""
    share = team.accept.probability
    if share < target or not share:
        return False
    return quantile(team.accept.delay, min(REACH * target / share, ALL)) <= within


def _of_team(scenario: Scenario, name: str, team: Team) -> Iterator[Finding]:
    yield from _of_size(name, team)
    if team.role == "supervisor":
        if scenario.supervision is None or scenario.supervision.team != name:
            what = f"team {quoted(name)} has nothing to do: it is no team of agents and does not supervise"
            yield Finding(("teams", name), what)
        return
    yield from _of_ring_outs(name, team)
    if not any(is_skilled(scenario, name, queue) for queue in scenario.queues):
        yield Finding(
            ("teams", name), f"team {quoted(name)} has nothing to do: it has the skills for no queue"
        )
    asked = {
        skill
        for queue in scenario.queues
        for step in scenario.steps_of(queue)
        for skill in step.needs.attributes
    }
    for skill in team.skills:
        if skill not in asked:
            yield Finding(
                ("teams", name, "skills", skill),
                f"team {quoted(name)}: no queue asks for the skill {quoted(skill)}",
            )


def _of_ring_outs(name: str, team: Team) -> Iterator[Finding]:
    """Tell where an agent who is logged out for ring-outs never comes back."""
    if team.shifts or team.head_count is not None or team.members:
        return
    for medium, after in team.after_ring.items():
        if isinstance(after, LogOut) and after.log_out:
            what = (
                "who is logged out after ring-outs is gone to the end of the run, as the team has no shifts"
            )
            yield Finding(("teams", name, "after_ring", medium), f"team {quoted(name)}: {what}")


def _of_size(name: str, team: Team) -> Iterator[Finding]:
    if team.shrinkage:
        share = share_text(team.shrinkage)
        sizes = f"{team.agents} are present of {team.gross_agents} gross"
        written = ", as written" if team.counts == "net" else ""
        yield Finding(
            ("teams", name, "shrinkage"),
            f"team {quoted(name)}: {sizes}, with a shrinkage of {share}{written}",
        )
        return
    implied = derived_agents(team.shifts, team.head_count)
    if implied is None or team.agents == implied:
        return
    if team.head_count is not None:
        idle = team.agents - implied
        what = f"{idle} of {team.agents} agents never log in, the largest head-count is {implied}"
        yield Finding(("teams", name, "agents"), f"team {quoted(name)}: {what}")
        return
    sizes = ", ".join(str(size) for size in team.shift_sizes())
    given = ", ".join(str(shift.agents) for shift in team.shifts)
    spread = f"are shared out over its shifts as {sizes}, in proportion to {given}"
    yield Finding(("teams", name, "agents"), f"team {quoted(name)}: its {team.agents} agents {spread}")
