"""Part (b): the rich model in our engine, and written by hand in idiomatic SimPy."""

from collections.abc import Callable

from benchmarks.agreement import disagreements, estimates
from benchmarks.findings import Bar, Cell, Findings, Table
from benchmarks.memory import bytes_a_contact
from benchmarks.rich import ours
from benchmarks.rich.figures import figures, searches
from benchmarks.rich.idiomatic import Centre
from benchmarks.sizes import Sizes
from benchmarks.timing import Contestant, Lap, Race, Say, clocked, interleaved
from sim.records import Records

OURS = "ours, with requests, tasks, agent states"
UNRECORDED = "ours, recording nothing"
ON_SIMPY = "ours on the SimPy engine, with the same tables"
BY_HAND = "written by hand in idiomatic SimPy"
FLAT = (
    "the profile below is flat. Nothing is looked through, and no step takes more than a tenth: a conversation is"
    " some 110 calls of Python, and a fifth of its time goes into the tables. A larger step took a core compiled for"
    " its own types, which is the other engine; this one is where rules are read."
)
NOTES = [
    "Both versions leave out what scenario keys cannot say: that a conversation is transferred at most three times, "
    "that an agent has a call or chats but never both, and times-to-live that differ by kind of request "
    "(20 s for all of them here).",
]


def race(sizes: Sizes, say: Say) -> Findings:
    """Check that both give the same figures, then time them, then measure their memory."""
    found = Findings(
        "b", "Six queues: skills, ring-outs, transfers, conferences, three chats an agent", notes=NOTES
    )
    found.tables.append(_answers(sizes, say, found))
    runners = [_recorded(OURS, ours.recorded, sizes), _unrecorded(sizes)]
    runners += [_recorded(ON_SIMPY, ours.recorded_on_simpy, sizes), _by_hand(sizes)]
    timed = interleaved(runners, sizes.rounds, say)
    say("memory")
    found.tables.append(_costs(sizes, timed))
    for name, otherwise in ((OURS, ""), (ON_SIMPY, FLAT)):
        ratio = timed.ratio(BY_HAND, name)
        found.bars.append(
            Bar(f"rich model: {name}, against {BY_HAND}", ratio, at_least=1.5, otherwise=otherwise)
        )
    return found


def until(conversations: int) -> float:
    """Return how long so many conversations take to arrive, in seconds."""
    return conversations / ours.PER_SECOND


def _memory(run: Callable[[int, int], object], conversations: int) -> float:
    return bytes_a_contact(lambda n: run(n, 1), conversations)


def _recorded(name: str, run: Callable[[int, int], Records], sizes: Sizes) -> Contestant:
    def lap(number: int) -> Lap:
        seconds, records = clocked(lambda: run(sizes.contacts, number + 1))
        kinds = records.tables["requests"].arrays()["kind"]
        return Lap(seconds, int((kinds == 0).sum()))

    return Contestant(name, lap)


def _unrecorded(sizes: Sizes) -> Contestant:
    return Contestant(
        UNRECORDED, lambda number: Lap(*clocked(lambda: ours.unrecorded(sizes.contacts, number + 1)))
    )


def _by_hand(sizes: Sizes) -> Contestant:
    def lap(number: int) -> Lap:
        seconds, centre = clocked(lambda: _ran_by_hand(sizes.contacts, number + 1))
        return Lap(seconds, sum(search.kind == "inbound" for search in centre.done))

    return Contestant(BY_HAND, lap)


def _ran_by_hand(conversations: int, seed: int) -> Centre:
    centre = Centre(seed)
    centre.run(until(conversations))
    return centre


def _answers(sizes: Sizes, say: Say, found: Findings) -> Table:
    conversations = max(4000, sizes.contacts // 4)
    ends = until(conversations)
    say(f"checking {OURS}")
    seeds = range(100, 100 + sizes.checks)
    its = estimates([figures(searches(ours.recorded(conversations, seed)), ends) for seed in seeds])
    say(f"checking {BY_HAND}")
    theirs = estimates([figures(_ran_by_hand(conversations, seed).done, ends) for seed in seeds])
    found.disagreements += disagreements(OURS, its, theirs)
    rows: list[list[Cell]] = [
        [name, its[name].mean, its[name].error, theirs[name].mean, theirs[name].error] for name in its
    ]
    return Table("Same answer", ["", "ours", "standard error", "by hand", "standard error"], rows)


def _costs(sizes: Sizes, timed: Race) -> Table:
    some = sizes.contacts // 8
    runs: dict[str, Callable[[int, int], object]] = {
        OURS: ours.recorded,
        UNRECORDED: ours.unrecorded,
        ON_SIMPY: ours.recorded_on_simpy,
        BY_HAND: _ran_by_hand,
    }
    rows: list[list[Cell]] = []
    for name, run in runs.items():
        cost = timed.cost_us(name)
        memory = _memory(run, some)
        rows.append([name, cost, 1e6 / cost, timed.ratio(BY_HAND, name), memory])
    columns = [
        "",
        "us a conversation",
        "conversations a CPU-s",
        "times the speed by hand",
        "bytes a conversation",
    ]
    return Table("Speed and memory", columns, rows)
