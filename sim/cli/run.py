"""`sim run`: simulate a scenario, print its figures, keep its tables."""

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.cli.output import Budget, EngineOption, claim
from sim.errors import SimError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiments.breakdowns import By as Part
    from sim.experiments.result import Result
    from sim.scenario import Scenario

Format = Literal["table", "json", "csv", "markdown"]
Tables = Literal["first", "all", "none"]

File = Annotated[Path, typer.Argument(metavar="FILE", help="The scenario, a YAML file.", show_default=False)]
Set = Annotated[
    list[str],
    typer.Option(
        "--set", metavar="KEY=VALUE", show_default=False,
        help="Change a key of the scenario, such as teams.desk.agents=9; may be given again.",
    ),
]  # fmt: skip
Replications = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Days to simulate.", show_default="the scenario says")
]
Seed = Annotated[
    int | None,
    typer.Option(min=0, metavar="S", help="Another seed, other customers.", show_default="the scenario says"),
]
PrecisionOption = Annotated[
    list[str],
    typer.Option(
        "--precision", metavar="METRIC[:PART=NAME]=±X", show_default=False,
        help="Simulate until the 95 % interval is no wider than ±X, in place of a number of days; may be given"
        " again. service_level=±1% is one percentage point, as for every share; wait_p90:queue=billing=±5s is"
        " five seconds (s, m, h); for all metrics that are no share ±5% is of the value. Parts are chosen by"
        " queue=, team=, channel=, kind=, label=, day=, interval=, variant=. ± may be left out.",
    ),
]  # fmt: skip
AtMost = Annotated[
    int, typer.Option("--at-most", min=10, metavar="N", help="No more days than these for a --precision.")
]
Batches = Annotated[
    int | None,
    typer.Option(
        min=2, metavar="N", show_default=False,
        help="Simulate once and take the intervals from N equal parts of that long run, after warm_up.",
    ),
]  # fmt: skip
Jobs = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="J",
        help="Processes that share the work.",
        show_default="one a core, where that is faster",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Let the workers of a Dask cluster do it: tcp://HOST:PORT.",
        show_default=False,
    ),
]
Events = Annotated[bool, typer.Option("--events", help="Also keep every event as a table.")]
TablesOption = Annotated[Tables, typer.Option(help="The replications whose tables are kept.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        callback=claim,
        metavar="DIR",
        help="Where to put the result.",
        show_default="a new one in results/",
    ),
]
By = Annotated[
    list[str],
    typer.Option(
        "--by", metavar="interval|day|label|team", show_default=False,
        help="Also print the figures by half hour, day (of a run of several), label or team, of each queue; may be"
        " given again. With --by team also measure what each team does for each queue.",
    ),
]  # fmt: skip
Policy = Annotated[
    list[str],
    typer.Option(
        "--policy", metavar="FILE.py:CLASS", show_default=False,
        help="Take a policy of your own in place of the scenario's: a class with the method choose of an agent or"
        " a request selection; give it twice for both. Its file is run.",
    ),
]  # fmt: skip
Day = Annotated[
    str | None,
    typer.Option(
        "--day", metavar="DAY", show_default=False,
        help="Simulate one day of the calendar alone: a date such as 2026-03-04, or a weekday such as mon.",
    ),
]  # fmt: skip
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="DATE", show_default=False, help="The first day of the calendar to simulate."
    ),
]
To = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="DATE", show_default=False, help="The last day of the calendar to simulate."
    ),
]
Paranoid = Annotated[
    bool,
    typer.Option(
        "--paranoid",
        help="Hold what must be so in every run while it runs, such as no agent above their slots; end at the first"
        " breach with the last events and exit code 1. Up to twice as slow.",
    ),
]  # fmt: skip
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the figures.")]


class CutShortError(SimError):
    """Ctrl-C came when some replications were done; their result is kept."""

    exit_code = 130


class InconclusiveError(SimError):
    """The allowed replications did not reach the wanted precision."""

    exit_code = 3


def run(
    file: File,
    set_: Set = [],  # noqa: B006 - typer copies its defaults
    replications: Replications = None,
    seed: Seed = None,
    precision: PrecisionOption = [],  # noqa: B006 - typer copies its defaults
    at_most: AtMost = 1000,
    batches: Batches = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    events: Events = False,
    tables: TablesOption = "first",
    out: Out = None,
    format_: FormatOption = "table",
    budget: Budget = "1e9",
    _engine: EngineOption = None,
    by: By = [],  # noqa: B006 - typer copies its defaults
    policy: Policy = [],  # noqa: B006 - typer copies its defaults
    day: Day = None,
    from_: From = None,
    to: To = None,
    paranoid: Paranoid = False,
) -> None:
    """Simulate a scenario: print its figures, keep its tables."""
    from sim.scenario.loading import load_with_places

    scenario, tree = load_with_places(file, set_)
    if (day, from_, to) != (None, None, None):
        from sim.scenario.single_days import only_on

        scenario = only_on(scenario, day, from_, to)
    parts = _parts(by, scenario, batches, format_) if by else ()
    policies = _policies(policy)
    from sim.scenario.budget import require_budget
    from sim.scenario.hints import note_lines

    runs = max(replications or 0, at_most) if precision else replications
    require_budget([scenario], 1 if batches else runs, budget)  # before what runs it is loaded
    from sim.cli.output import progress
    from sim.experiments.replications import run
    from sim.experiments.storage import check_folder, check_results

    if out is None:
        check_results(scenario.name)
    else:
        check_folder(out)
    for line in note_lines(scenario, tree):
        _say(line)
    with progress(scenario.name) as on_progress:
        result = run(
            scenario, replications, seed, precision=precision, at_most=at_most, batches=batches, jobs=jobs,
            cluster=cluster, on_progress=on_progress, on_loss=_say, keep_tables=tables, events=events, budget=budget,
            by_team="team" in by, paranoid=paranoid, **policies,
        )  # fmt: skip
    _deliver(result, out, format_, parts)


def _policies(named: list[str]) -> dict[str, Any]:
    """Return the policies of files by the selection that they are. Raises SimError."""
    if not named:
        return {}
    from sim.policies.files import policies_of

    return policies_of(named)


def _parts(by: list[str], scenario: "Scenario", batches: int | None, format_: Format) -> "tuple[Part, ...]":
    """Return the breakdowns asked for. Raises SimError, before anything is simulated, for what there is not."""
    from sim.experiments.breakdowns import require_by, require_there

    found = require_by(by)
    for one in found:
        require_there(one, scenario, batches)
    if format_ == "csv" and len(found) > 1:
        raise SimError("--format csv prints one table; give one --by, or --format json")
    return found


def _deliver(result: "Result", out: Path | None, format_: Format, by: "Sequence[Part]") -> None:
    """Save, then print, so that a closed pipe loses nothing; print even where the disk refuses."""
    try:
        folder = result.save(out, command=sys.argv)
    except SimError:
        typer.echo(_text(result, format_, None, by))
        raise
    typer.echo(_text(result, format_, folder, by))
    _check_end(result)


def _text(result: "Result", format_: Format, folder: Path | None, by: "Sequence[Part]") -> str:
    from sim.report.json_csv import as_csv, as_json
    from sim.report.run import terminal, with_parts

    if format_ == "table":
        endings = [] if result.interrupted else [str(ending) for ending in result.endings]
        table = terminal(result, get_terminal_size().columns, folder, by)
        return "\n".join([table, *endings, *result.remarks])
    if format_ == "markdown":
        from sim.report.text_table import markdown_of

        return markdown_of(with_parts(result, by))
    return as_json(result, by) if format_ == "json" else as_csv(result, by)


def _check_end(result: "Result") -> None:
    """Raise where the run was cut short or did not reach its precision."""
    from sim.scenario.budget import BudgetError

    if result.stopped:
        raise BudgetError(f"{result.stopped}; kept the {result.replications} replications that were finished")
    if result.interrupted:
        of = "" if result.endings else f" of {result.asked}"
        raise CutShortError(
            f"interrupted: kept the {result.replications}{of} replications that were finished"
        )
    missed = [ending for ending in result.endings if ending.narrow_since is None]
    if missed:
        lines = "\n".join(map(str, missed))
        raise InconclusiveError(
            f"{lines}\nthere were {result.replications} replications; allow more with --at-most"
        )


def _say(text: str) -> None:
    typer.echo(text, err=True)
