"""`sim trace`: the story of one conversation."""

from pathlib import Path
from shutil import get_terminal_size
from typing import Annotated

import typer

from sim.cli.output import Budget, EngineOption
from sim.errors import SimError
from sim.story import Find, View

File = Annotated[Path, typer.Argument(metavar="FILE", help="The scenario, a YAML file.", show_default=False)]
Set = Annotated[
    list[str],
    typer.Option(
        "--set", metavar="KEY=VALUE", show_default=False,
        help="Change a key of the scenario, such as teams.desk.agents=9; may be given again.",
    ),
]  # fmt: skip
Seed = Annotated[
    int | None,
    typer.Option(min=0, metavar="S", help="Another seed, other customers.", show_default="the scenario says"),
]
Replication = Annotated[
    int, typer.Option(min=0, metavar="R", help="The simulated day, counted from 0 as in the tables.")
]
Finding = Annotated[
    Find | None,
    typer.Option(help="Tell the first conversation with this in it.", show_default="the most eventful one"),
]
Conversation = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Tell the conversation of this number.", show_default=False),
]
As = Annotated[View, typer.Option("--as", help="Whose view it is.")]
Agent = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Tell it as this agent sees it.", show_default="the first one in"),
]


def trace(
    file: File,
    set_: Set = [],  # noqa: B006 - typer copies its defaults
    seed: Seed = None,
    replication: Replication = 0,
    find: Finding = None,
    conversation: Conversation = None,
    as_: As = "all",
    agent: Agent = None,
    budget: Budget = "1e9",
    _engine: EngineOption = None,
) -> None:
    """Print one conversation of a simulated day: who did what, and who was told what.

    Ends with exit code 1 where the day has no conversation as --find describes.
    """
    if find is not None and conversation is not None:
        raise SimError("--find and --conversation exclude each other: each chooses the conversation to tell")
    if agent is not None and as_ == "customer":
        raise SimError("--agent goes with --as agent, not with --as customer")
    from sim.scenario import load

    scenario = load(file, set_)
    from sim.scenario.budget import cap_of, require_budget
    from sim.story import tracing

    require_budget([scenario], 1, budget)

    through: View = "agent" if agent is not None else as_
    text = tracing.trace(
        scenario, seed=seed, replication=replication, wanted=find, conversation=conversation, through=through,
        agent=agent, width=get_terminal_size().columns, cap=cap_of([scenario], 1, budget),
    )  # fmt: skip
    typer.echo(text)
