"""Measurements of a candidate: the figures of its replications, one day event by event, digests of its code.

    python probe.py REQUEST RESULT

As a script it measures in another process, with the files of a git revision whose own `sim` may be older: it must
import only what has always been public.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from pathlib import Path
from platform import python_version
from typing import Any

PARTS = ("scenario", "workload", "policies", "records", "engine", "metrics")
"""The packages whose code decides the events and figures of a run."""

BEYOND = 3
"""The exit code where the measurements take more than they may."""

DIGITS = 6
"""Decimals of figures: a millionth of a second or request, so that rounding on another machine does not count."""

TEXT = "{at:.3f} {event} {conversation} {request} {agent} {queue} {medium} {detail}"
"""An event as it goes into the digest, to the millisecond."""

Row = tuple[Any, ...]
Pairs = list[tuple[float, float]]


def sample(
    scenario: Any,
    number: int,
    seed: int,
    figures: Sequence[tuple[str, dict[str, str]]],
    tables: Sequence[str] | None = None,
    **policies: Any,
) -> Pairs:
    """Run one replication and return numerator and denominator of each figure, NaN where it has no value.

    `tables` are those that the figures are computed from, by default all but the events.
    """
    return pairs_of(replicate(scenario, number, seed, figures, tables, **policies)[1], figures)


def replicate(
    scenario: Any,
    number: int,
    seed: int,
    figures: Sequence[tuple[str, dict[str, str]]],
    tables: Sequence[str] | None = None,
    **policies: Any,
) -> tuple[Any, Any]:
    """Run one replication and return its records and its measures."""
    from sim.engine import simulate
    from sim.metrics import measure
    from sim.records import Recorder
    from sim.workload import draw

    recorder = Recorder(scenario) if tables is None else Recorder(scenario, tables)
    records = simulate(scenario, draw(scenario, number, seed), recorder, **policies)
    return records, measure(records, scenario, only=sorted({metric for metric, _ in figures}))


def pairs_of(measures: Any, figures: Sequence[tuple[str, dict[str, str]]]) -> Pairs:
    """Return numerator and denominator of each figure."""
    pairs = [measures.parts(metric, **place) for metric, place in figures]
    return [(round(top, DIGITS), round(bottom, DIGITS)) for top, bottom in pairs]


def day(scenario: Any, seed: int, **policies: Any) -> tuple[list[Row], list[Row]]:
    """Run replication 0 and return its rows of the tables `events` and `conversations`."""
    from sim.engine import simulate
    from sim.records import Recorder
    from sim.workload import draw

    events: list[Row] = []
    contacts: list[Row] = []
    recorder = Recorder(scenario, ())
    recorder.events, recorder.conversations = events.append, contacts.append
    simulate(scenario, draw(scenario, 0, seed), recorder, **policies)
    return events, contacts


def line(event: Row) -> str:
    """Return the text of an event for the digest."""
    _, at, name, conversation, request, agent, queue, medium, detail = event
    return TEXT.format(
        at=at, event=name, conversation=conversation, request=request, agent=agent, queue=queue,
        medium=medium, detail=detail,
    )  # fmt: skip


def customers(scenario: Any, seed: int) -> str:
    """Return a digest of the customers of replication 0: times, channels, queues, labels and a draw of each."""
    from sim.workload import draw

    digest = sha256()
    for stream in draw(scenario, 0, seed).streams:
        draws = stream.draws.uniforms("handle_time")
        times = [f"{time:.3f} {uniform:.9f}" for time, uniform in zip(stream.times, draws, strict=True)]
        queues = stream.queues if stream.queue_shares else [stream.queue]
        parts = [stream.channel, *queues, *times, *(label or "" for label in stream.labels)]
        digest.update("\n".join(parts).encode())
    return digest.hexdigest()


def streams(scenario: Any, seed: int) -> dict[str, str]:
    """Return a digest of the customers of each stream of replication 0, by its name, wherever they are sent."""
    from sim.workload import draw

    found: dict[str, str] = {}
    for stream in draw(scenario, 0, seed).streams:
        draws = stream.draws.uniforms("handle_time")
        times = [f"{time:.3f} {uniform:.9f}" for time, uniform in zip(stream.times, draws, strict=True)]
        key = f"{getattr(stream, 'entry', '')}:{stream.name}"  # with a calendar there is one of each date
        told = found.get(key, "") + "\n".join([*times, *(label or "" for label in stream.labels)])
        found[key] = sha256(told.encode()).hexdigest()
    return found


def versions() -> dict[str, str]:
    """Return the versions that a figure may depend on."""
    from sim.version import __version__

    return {"sim": __version__, "python": python_version()} | {p: version(p) for p in ("numpy", "scipy")}


def code() -> str:
    """Return a digest of the simulator's code."""
    import sim

    home = Path(sim.__file__).parent
    files = sorted(
        path for part in PARTS for path in (home / part).rglob("*.*") if path.suffix in (".py", ".c", ".h")
    )
    digest = sha256()
    for path in files:
        digest.update(path.relative_to(home).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def policies(scenario: Any) -> dict[str, str]:
    """Return digests of the packages of the project's own policies, by the names in the scenario."""
    found = {}
    for decision in ("agent_selection", "request_selection"):
        name = getattr(scenario.routing, decision)
        for point in entry_points(group=f"sim.{decision}", name=name):
            package = point.module.partition(".")[0]
            if package != "sim":  # the simulator's own are in `code`
                found[name] = _package(package)
    return found


def _package(name: str) -> str:
    """Return a digest of the sources of a package or module, which is not imported for it."""
    spec = find_spec(name)
    homes = [Path(home) for home in spec.submodule_search_locations or ()] if spec else []
    files = {path.relative_to(home).as_posix(): path for home in homes for path in home.rglob("*.py")}
    if spec and spec.origin and not homes:
        files = {name: Path(spec.origin)}
    digest = sha256()
    for label in sorted(files):
        digest.update(label.encode() + files[label].read_bytes())
    return digest.hexdigest()


def facts(scenario: Any, seed: int) -> dict[str, Any]:
    """Return the provenance of a candidate, by which others are compared or refused."""
    from sim.scenario import dump

    return {
        "name": scenario.name,
        "hash": scenario.hash,
        "seed": seed,
        "text": dump(scenario),
        "files": dict(scenario.origin.texts) if scenario.origin else {},
        "customers": customers(scenario, seed),
        "streams": streams(scenario, seed),
        "versions": versions(),
        "code": code(),
        "policies": policies(scenario),
    }


def capped(scenario: Any, allowed: dict[str, Any]) -> Any:
    """Return the cap of a replication; None without one, and for a simulator that is older than caps of this form.

    `allowed` holds the `budget` of the command, the `runs` it may take at most, the processes that work `at_once` and
    the events `spent` so far. Raises BudgetError where the scenario is estimated to take more.
    """
    try:
        from sim.scenario.budget import Cap, cap_of, require_budget
    except ImportError:
        return None
    if not allowed or not hasattr(Cap, "spent"):
        return None
    terms = ([scenario], allowed["runs"], str(allowed["budget"]), allowed["at_once"])
    require_budget(*terms)
    cap = cap_of(*terms)
    if cap is not None:
        cap.spent = allowed["spent"]
    return cap


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer a request: `facts`, the `day`, or the `numbers` of replications of some `figures`."""
    from sim.scenario import load

    scenario = load(request["file"])
    seed = scenario.seed
    cap = capped(scenario, request.get("allowed", {}))
    limits = {} if cap is None else {"cap": cap}
    found: dict[str, Any] = {}
    if request.get("facts"):
        found["facts"] = facts(scenario, seed)
    if request.get("day"):
        found["events"], found["contacts"] = day(scenario, seed, **limits)
    figures = [(metric, place) for metric, place in request.get("figures", ())]
    numbers = request.get("numbers", ())
    found["samples"] = [sample(scenario, number, seed, figures, **limits) for number in numbers]
    found["spent"] = 0.0 if cap is None else cap.spent - request["allowed"]["spent"]
    return found


def main(arguments: Iterable[str]) -> int:
    """Answer the request in one file into another; a user's mistake is one line and exit code 2, or BEYOND."""
    from sim.errors import SimError

    request, result = map(Path, arguments)
    try:
        found = answer(json.loads(request.read_text(encoding="utf-8")))
    except SimError as error:
        sys.stderr.write(f"{error}\n")
        return BEYOND if type(error).__name__ == "BudgetError" else 2
    result.write_text(json.dumps(found, default=float), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
