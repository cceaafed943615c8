"""`sim erlang`: Erlang's formulas, alone or beside a scenario."""

from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.output import Budget, refuse, say
from sim.cli.run import Cluster, CutShortError, Format, Jobs, Replications, Seed, Set
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.experiments.erlang.calculation import Calculation
    from sim.experiments.erlang.comparison import ErlangComparison
    from sim.scenario import Scenario

File = Annotated[
    Path | None,
    typer.Argument(
        metavar="FILE", help="A scenario to set them beside, in place of --rate.", show_default=False
    ),
]
Rate = Annotated[
    str | None, typer.Option(metavar="R", help="Contacts: 100/h, 2/min, 0.5/s.", show_default=False)
]
Handle = Annotated[
    str | None, typer.Option(metavar="D", help="Mean handle time with wrap-up: 300s, 5m.", show_default=False)
]
Agents = Annotated[
    int | None, typer.Option(min=1, max=100_000, metavar="N", help="Agents.", show_default=False)
]
Patience = Annotated[
    str | None, typer.Option(metavar="D", help="Mean patience, for Erlang A.", show_default="endless")
]
Within = Annotated[
    str | None,
    typer.Option(
        metavar="D", help="The service level's threshold.", show_default="20s; with FILE each queue's own"
    ),
]
Target = Annotated[
    str | None,
    typer.Option(
        metavar="P", help="Share to be answered in time.", show_default="80%; with FILE each queue's own"
    ),
]
USUAL_WITHIN, USUAL_TARGET = "20s", "80%"
Queue = Annotated[
    list[str],
    typer.Option(
        "--queue", metavar="Q", help="With FILE: only this queue, interval by interval.", show_default="all"
    ),
]
MOST_LOAD = 50_000
"""Erlang: the largest centres have some ten thousand agents, and the formulas add up one by one."""
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]


def erlang(
    file: File = None,
    rate: Rate = None,
    handle: Handle = None,
    agents: Agents = None,
    patience: Patience = None,
    within: Within = None,
    target: Target = None,
    queue: Queue = [],  # noqa: B006 - typer copies its defaults
    set_: Set = [],  # noqa: B006
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    format_: FormatOption = "table",
    budget: Budget = "1e9",
) -> None:
    """Compute Erlang B, C, A and the square-root rule for one queue: --rate 100/h --handle 5m [--agents 10].

    With FILE: the formulas for each queue of a scenario beside the simulated figures, and why they differ.
    """
    alone = {"--rate": rate, "--handle": handle, "--agents": agents, "--patience": patience}
    if file is None:
        refuse(
            "without FILE", {"--queue": queue, "--set": set_, "--replications": replications, "--seed": seed}
        )
        goal = within or USUAL_WITHIN, target or USUAL_TARGET
        typer.echo(_calculated(rate, handle, agents, patience, *goal, format_))
        return
    refuse("with FILE", alone)
    from sim.cli.output import progress
    from sim.scenario import load

    scenario = _promised(load(file, set_), queue, within, target)
    from sim.experiments.erlang.comparison import beside_erlang
    from sim.scenario.budget import require_budget

    require_budget([scenario], replications, budget, jobs or 1)
    with progress(scenario.name) as on_progress:
        found = beside_erlang(
            scenario, queue, replications=replications, seed=seed, jobs=jobs, cluster=cluster, on_loss=say,
            on_progress=on_progress, budget=budget,
        )  # fmt: skip
    typer.echo(_beside(found, bool(queue), format_))
    if found.result.interrupted:
        raise CutShortError(
            f"interrupted: took the {found.result.replications} replications that were finished"
        )


def _promised(scenario: "Scenario", queues: list[str], within: str | None, target: str | None) -> "Scenario":
    """Return the scenario with the service level that was asked for in place of the queues' own."""
    if within is None and target is None:
        return scenario
    from sim.experiments.figure_selectors import seconds_of, share_of

    # Read here, so that a mistake names the option and not each queue.
    given = {
        "within": None if within is None else seconds_of(within, "--within"),
        "target": None if target is None else share_of(target, "--target"),
    }
    changes: dict[str, object] = {}
    for name in queues or scenario.queues:
        level = scenario.queues[name].service_level if name in scenario.queues else None
        place = f"queues.{name}.service_level"
        if level is not None:
            changes |= {f"{place}.{key}": value for key, value in given.items() if value is not None}
        elif name in scenario.queues:
            changes[place] = {"within": within or USUAL_WITHIN, "target": target or USUAL_TARGET}
    return scenario.set(changes)


def _calculated(
    rate: str | None,
    handle: str | None,
    agents: int | None,
    patience: str | None,
    within: str,
    target: str,
    format_: Format,
) -> str:
    if rate is None or handle is None:
        raise SimError(
            "give a scenario file, or --rate and --handle, such as --rate 100/h --handle 5m --agents 10"
        )
    from sim.experiments.erlang.calculation import Calculation, parse_rate
    from sim.experiments.figure_selectors import seconds_of, share_of

    found = Calculation(
        rate=parse_rate(rate),
        handle=seconds_of(handle, "--handle"),
        patience=None if patience is None else seconds_of(patience, "--patience"),
        within=seconds_of(within, "--within"),
    )
    if found.load > MOST_LOAD:
        raise SimError(
            f"--rate {rate} and --handle {handle} are {found.load:,.0f} Erlang; at most {MOST_LOAD:,} are calculated"
        )
    return _shown(found, share_of(target, "--target"), agents, format_)


def _shown(found: "Calculation", target: float, agents: int | None, format_: Format) -> str:
    from sim.report.erlang import calculation_csv, calculation_json, calculation_text

    if format_ == "table":
        return calculation_text(found, target, agents, get_terminal_size().columns)
    return (calculation_json if format_ == "json" else calculation_csv)(found, target, agents)


def _beside(found: "ErlangComparison", by_interval: bool, format_: Format) -> str:
    from sim.report.erlang import beside_csv, beside_json, beside_text

    if format_ == "table":
        return beside_text(found, get_terminal_size().columns, by_interval)
    return beside_json(found) if format_ == "json" else beside_csv(found)
