"""Part (a): the one-queue model in our engine and in its peers."""

from benchmarks.agreement import Estimate, disagreements, estimates
from benchmarks.findings import Bar, Cell, Findings, Table
from benchmarks.memory import bytes_a_contact
from benchmarks.queue import models as named
from benchmarks.queue.model import exact, figures
from benchmarks.queue.models import Model, models
from benchmarks.sizes import Sizes
from benchmarks.timing import Contestant, Lap, Race, Say, clocked, interleaved


def race(sizes: Sizes, say: Say) -> Findings:
    """Check that all give the right figures, then time them, then measure their memory."""
    there, missing = models()
    found = Findings("a", "One queue, M/M/50 with impatient customers", notes=missing)
    found.tables.append(_answers(there, sizes, say, found))
    timed = interleaved([_contestant(model, sizes) for model in there], sizes.rounds, say)
    say("memory")
    found.tables.append(_costs(there, sizes, timed))
    found.bars += [
        _bar(timed, named.OURS, named.IDIOMATIC, 1.0),
        _bar(timed, named.UNRECORDED, named.IDIOMATIC, 1.5),
    ]
    if named.CIW in timed.costs:
        found.bars.append(_bar(timed, named.OURS, named.CIW, 2.0))
    return found


def _customers(model: Model, sizes: Sizes) -> int:
    return int(sizes.contacts * model.part)


def _contestant(model: Model, sizes: Sizes) -> Contestant:
    def lap(number: int) -> Lap:
        seconds, result = clocked(lambda: model.run(_customers(model, sizes), number + 1))
        return Lap(model.seconds(result) if model.seconds else seconds, model.count(result))

    return Contestant(model.name, lap)


def _answers(there: list[Model], sizes: Sizes, say: Say, found: Findings) -> Table:
    truth = exact()
    rows: list[list[Cell]] = [["exact (Erlang A)", *truth.values()]]
    for model in there:
        if model.visits is not None:
            say(f"checking {model.name}")
            customers = max(4000, _customers(model, sizes) // 4)
            runs = [
                figures(model.visits(model.run(customers, 100 + r)), customers) for r in range(sizes.checks)
            ]
            its = estimates(runs)
            rows.append([model.name, *(value.mean for value in its.values())])
            known = {name: Estimate.known(value) for name, value in truth.items()}
            found.disagreements += disagreements(model.name, its, known)
    return Table("Same answer", ["", *truth], rows)


def _costs(there: list[Model], sizes: Sizes, timed: Race) -> Table:
    events = 3 - exact()["share that gives up"]  # arrival, answer or abandonment, and the end if answered
    customers = sizes.contacts // 8
    rows: list[list[Cell]] = []
    for model in there:
        cost = timed.cost_us(model.name)
        memory = None if model.seconds else _memory(model, customers)
        speed = timed.ratio(named.IDIOMATIC, model.name)
        rows.append([model.name, cost, 1e6 / cost, events * 1e6 / cost, speed, memory])
    columns = [
        "",
        "us a contact",
        "contacts a CPU-s",
        "events a CPU-s",
        "times the tutorials' speed",
        "bytes a contact",
    ]
    return Table("Speed and memory", columns, rows)


def _memory(model: Model, customers: int) -> float:
    return bytes_a_contact(lambda n: model.run(n, 1), customers)


def _bar(timed: Race, ours: str, peer: str, at_least: float) -> Bar:
    return Bar(f"one queue: {ours}, against {peer}", timed.ratio(peer, ours), at_least=at_least)
