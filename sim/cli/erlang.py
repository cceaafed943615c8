"""`sim erlang`: Erlang's formulas, alone or beside a scenario."""

from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.output import Budget, EngineOption, refuse, say
from sim.cli.run import Cluster, CutShortError, Day, Format, Jobs, Replications, Seed, Set
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.experiments.erlang.comparison import ErlangComparison, ErlangDates

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
    float | None,
    typer.Option(
        min=0.01, max=100_000, metavar="N", help="Agents, also a fraction such as 12.5.", show_default=False
    ),
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
Queue = Annotated[
    list[str],
    typer.Option(
        "--queue", metavar="Q", help="With FILE: only this queue, interval by interval.", show_default="all"
    ),
]
MaxOccupancy = Annotated[
    str | None,
    typer.Option(
        metavar="P", help="Agents needed are not busier than this share of their time.", show_default="none"
    ),
]
Shrinkage = Annotated[
    str | None,
    typer.Option(
        metavar="P",
        help="Share of scheduled agents who are not there: gross agents beside those needed.",
        show_default="none; with FILE the teams' absence",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]


def erlang(
    file: File = None,
    rate: Rate = None,
    handle: Handle = None,
    agents: Agents = None,
    patience: Patience = None,
    within: Within = None,
    target: Target = None,
    max_occupancy: MaxOccupancy = None,
    shrinkage: Shrinkage = None,
    queue: Queue = [],  # noqa: B006 - typer copies its defaults
    set_: Set = [],  # noqa: B006
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    format_: FormatOption = "table",
    budget: Budget = "1e9",
    day: Day = None,
    _engine: EngineOption = None,
) -> None:
    """Compute Erlang B, C, A and the square-root rule for one queue: --rate 100/h --handle 5m [--agents 10].

    With FILE: the formulas for each queue of a scenario beside the simulated figures, and why they differ.
    """
    asked = _asked(within, target, max_occupancy, shrinkage)
    alone = {"--rate": rate, "--handle": handle, "--agents": agents, "--patience": patience}
    if file is None:
        refuse(
            "without FILE", {"--queue": queue, "--set": set_, "--replications": replications, "--seed": seed,
             "--day": day},
        )  # fmt: skip
        if rate is None or handle is None:
            raise SimError(
                "give a scenario file, or --rate and --handle, such as --rate 100/h --handle 5m --agents 10"
            )
        typer.echo(_alone(rate, handle, agents, patience, asked, format_))
        return
    refuse("with FILE", alone)
    from sim.cli.output import progress
    from sim.experiments.erlang.asking import erlang as ask
    from sim.scenario import load

    scenario = load(file, set_)
    if day is not None:
        from sim.scenario.single_days import only_on

        scenario = only_on(scenario, day, None, None)
    with progress(scenario.name) as on_progress:
        found = ask(
            scenario, queue, replications=replications, seed=seed, jobs=jobs, cluster=cluster, on_loss=say,
            on_progress=on_progress, budget=budget, **asked,
        )  # fmt: skip
    typer.echo(_beside(found, bool(queue), format_))
    if found.result.stopped:
        from sim.scenario.budget import BudgetError

        count = found.result.replications
        raise BudgetError(f"{found.result.stopped}; took the {count} replications that were finished")
    if found.result.interrupted:
        raise CutShortError(
            f"interrupted: took the {found.result.replications} replications that were finished"
        )


def _asked(
    within: str | None, target: str | None, max_occupancy: str | None, shrinkage: str | None
) -> dict[str, float | None]:
    """Read the options that one queue and a scenario share; a mistake names the option."""
    from sim.experiments.figure_selectors import seconds_of, share_of

    shares = {"target": target, "max_occupancy": max_occupancy, "shrinkage": shrinkage}
    return {
        "within": None if within is None else seconds_of(within, "--within"),
        **{
            name: None if text is None else share_of(text, f"--{name.replace('_', '-')}")
            for name, text in shares.items()
        },
    }


def _alone(
    rate: str,
    handle: str,
    agents: float | None,
    patience: str | None,
    asked: dict[str, float | None],
    format_: Format,
) -> str:
    from sim.experiments.erlang.asking import erlang as ask
    from sim.experiments.figure_selectors import seconds_of
    from sim.report.erlang import calculation_csv, calculation_json, calculation_text

    patience_s = None if patience is None else seconds_of(patience, "--patience")
    found = ask(rate=rate, handle=seconds_of(handle, "--handle"), agents=agents, patience=patience_s, **asked)
    if format_ == "table":
        return calculation_text(found, get_terminal_size().columns)
    return (calculation_json if format_ == "json" else calculation_csv)(found)


def _beside(found: "ErlangComparison | ErlangDates", by_interval: bool, format_: Format) -> str:
    from sim.experiments.erlang.comparison import ErlangComparison
    from sim.report.erlang import beside_csv, beside_json, beside_text
    from sim.report.erlang_dates import dates_text

    if format_ != "table":
        return beside_json(found) if format_ == "json" else beside_csv(found)
    width = get_terminal_size().columns
    if isinstance(found, ErlangComparison):
        return beside_text(found, width, by_interval)
    return dates_text(found, width)
