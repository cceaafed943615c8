"""Part (c): CPU time and memory of a contact, as everything gets larger."""

from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

from benchmarks.findings import Bar, Cell, Findings, Table, shown
from benchmarks.growth import worlds
from benchmarks.growth.memory import memory
from benchmarks.queue.ours import TABLES, scenario_text
from benchmarks.rich import ours as rich
from benchmarks.sizes import Sizes
from benchmarks.timing import Contestant, Lap, Race, Say, clocked, interleaved
from sim.engine import simulate
from sim.records import NOTHING, Recorder
from sim.scenario import Scenario, loads
from sim.workload import draw

FEW_WAITING = 5
SET_UP_SEEN = 1000
"""Agents from which on what a scenario takes once stands out from the noise of two laps."""


def race(sizes: Sizes, say: Say) -> Findings:
    """Time each kind of growth by itself, all its sizes in turn, then measure the memory."""
    found = Findings("c", "Growth: days, centres, queues")
    for what, cases, bar in (
        _contacts(sizes),
        _guarded(),
        _queues(sizes),
        _teams(sizes),
        _waiting(sizes),
    ):
        timed = interleaved(
            [_contestant(*case) for case in cases.items()], sizes.rounds, partial(_told, say, what)
        )
        found.tables.append(_table(what, list(cases), timed))
        if bar is not None:
            found.bars.append(_bar(timed, *bar))
    found.bars.append(_agents(sizes, partial(_told, say, "Agents"), found))
    found.bars.append(_unrecorded(sizes, partial(_told, say, "Contacts, recording nothing"), found))
    table, bars = memory(sizes, say)
    found.tables.append(table)
    found.bars += bars
    return found


Cases = dict[str, Callable[[], Scenario]]
Growing = tuple[str, Cases, tuple[str, str, float] | None]
"""Its name; the scenario of each size; and, where there is a bar, the small size, the large one, the factor."""


def _contacts(sizes: Sizes) -> Growing:
    few, most = 10_000, sizes.most_contacts
    counts = sorted({few, few * 10, most})
    cases: Cases = {f"one queue, {shown(n)} contacts": partial(_loaded, scenario_text, n) for n in counts}
    names = list(cases)
    for n in (few, most // 10):
        cases[f"rich model, {shown(n)} contacts"] = partial(rich.scenario, n)
    return "Contacts in a run", cases, (names[0], names[-1], 1.3)


def _unrecorded(sizes: Sizes, say: Say, found: Findings) -> Bar:
    """Time days of very many contacts, of which no row is kept."""
    counts = [10_000, sizes.most_unrecorded]
    names = [f"one queue, 1000 agents, {shown(n)} contacts" for n in counts]
    centres = [_loaded(worlds.of_agents, n, 1000) for n in counts]
    runs = [
        _contestant(name, lambda centre=centre: centre, NOTHING)
        for name, centre in zip(names, centres, strict=True)
    ]
    timed = interleaved(runs, sizes.rounds, say)
    found.tables.append(_table("Contacts in a run that records nothing", names, timed))
    return _bar(timed, names[0], names[1], 1.3)


def _agents(sizes: Sizes, say: Say, found: Findings) -> Bar:
    """Time contacts apart from what is made once for all replications of a scenario: each lap takes two of them."""
    counts = [n for n in (10, 100, 1000, 10_000, 20_000) if n <= sizes.most_agents]
    names = {n: f"{n} agents" for n in counts}
    set_up: dict[int, list[float]] = {n: [] for n in counts}

    def contestant(agents: int) -> Contestant:
        world = _loaded(worlds.of_agents, 4 * sizes.contacts, agents)

        def lap(number: int) -> Lap:
            first, again = (Lap(*clocked(lambda: _contacts_of(world, number, TABLES))) for _ in range(2))
            set_up[agents].append(1e6 * (first.seconds - again.seconds) / agents)
            return again

        return Contestant(names[agents], lap)

    timed = interleaved([contestant(n) for n in counts], sizes.rounds, say)
    table = _table("Agents, each with a load of 90 %", list(names.values()), timed)
    seen = [median(set_up[n]) if n >= SET_UP_SEEN else None for n in counts]
    rows = [[*row, of_agent] for row, of_agent in zip(table.rows, seen, strict=True)]
    found.tables.append(Table(table.title, [*table.columns, "set-up of a scenario, us an agent"], rows))
    return _bar(timed, names[counts[0]], names[counts[-1]], 2.0)


def _queues(sizes: Sizes) -> Growing:
    cases: Cases = {
        f"{n} queues": partial(_loaded, worlds.of_queues, 2 * sizes.contacts, n) for n in (1, 10, 100)
    }
    return "Queues that 100 agents serve, all of them", cases, None


def _teams(sizes: Sizes) -> Growing:
    cases: Cases = {
        f"{n} queues": partial(_loaded, worlds.of_teams, 2 * sizes.contacts, n) for n in (2, 10, 100)
    }
    return "Queues with a team each, which helps out in the next one", cases, None


def _waiting(sizes: Sizes) -> Growing:
    few, most = FEW_WAITING, sizes.most_waiting
    cases: Cases = {
        f"{n} waiting": partial(_loaded, worlds.of_waiting, 3 * most, n) for n in (few, most // 100, most)
    }
    return "Requests waiting in the queue all day", cases, (f"{few} waiting", f"{most} waiting", 2.0)


def _guarded() -> Growing:
    few, most = 10, 1000
    cases: Cases = {
        f"{n} waiting": partial(_loaded, worlds.of_waiting, 20 * most, n, "threshold") for n in (few, most)
    }
    return "Requests waiting, each decision under a guard", cases, (f"{few} waiting", f"{most} waiting", 2.0)


def _loaded(text: Callable[..., str], *arguments: Any) -> Scenario:
    return loads(text(*arguments))


def _contestant(name: str, scenario: Callable[[], Scenario], tables: Sequence[str] = TABLES) -> Contestant:
    world = scenario()

    def lap(number: int) -> Lap:
        return Lap(*clocked(lambda: _contacts_of(world, number, tables)))

    return Contestant(name, lap)


def _contacts_of(scenario: Scenario, seed: int, tables: Sequence[str]) -> int:
    workload = draw(scenario, seed=seed)
    simulate(scenario, workload, Recorder(scenario, tables))
    return len(workload)


def _told(say: Say, what: str, more: str) -> None:
    say(f"{what}: {more}")


def _table(what: str, names: Sequence[str], timed: Race) -> Table:
    rows: list[list[Cell]] = [
        [name, timed.cost_us(name), 1e6 / timed.cost_us(name), timed.ratio(name, names[0])] for name in names
    ]
    return Table(what, ["", "us a contact", "contacts a CPU-s", "times the first"], rows)


def _bar(timed: Race, small: str, large: str, at_most: float) -> Bar:
    return Bar(f"growth: a contact at {large}, against {small}", timed.ratio(large, small), at_most=at_most)
