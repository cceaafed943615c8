"""What pictures are drawn from: a run, or one of its tables."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pandas as pd

from sim.errors import SimError
from sim.metrics.cells import DAY_S
from sim.metrics.cells import Axes as Dimensions
from sim.metrics.metric import PLACE_COLUMNS

if TYPE_CHECKING:
    from sim.scenario import Scenario


MOST_LINES = 6
"""So many lines can be told from each other in one picture; of more queues the busiest are drawn."""


class NothingToDrawError(SimError):
    """There are no such figures, or the table that it takes was not kept with the run."""


class OfScenario(Protocol):
    """What belongs to a scenario, and so knows when its day begins."""

    @property
    def scenario(self) -> "Scenario":
        """What was simulated."""
        ...


class Run(OfScenario, Protocol):
    """What pictures read of a run: a `Result` has it, and so has a run read back from its folder."""

    @property
    def seed(self) -> int:
        """The seed of its random numbers."""
        ...

    @property
    def replications(self) -> int:
        """How many replications there are."""
        ...

    @property
    def figures(self) -> pd.DataFrame:
        """Every figure, one a row."""
        ...

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that were kept."""
        ...

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the kept replications, with a column `replication`."""
        ...


Source: TypeAlias = Run | pd.DataFrame
Placed: TypeAlias = OfScenario | pd.DataFrame
"""What has a place in time: by its scenario, or as a bare table by the clock of its own."""


def scenario_of(source: Placed) -> "Scenario | None":
    """Return the scenario of a run, None for a bare table."""
    return None if isinstance(source, pd.DataFrame) else source.scenario


def figures_of(source: Source) -> pd.DataFrame:
    """Return the table of figures; of a run without the interval after its end, which is as long as it takes."""
    if isinstance(source, pd.DataFrame):
        return source
    after_the_end = Dimensions.of(source.scenario).interval[-1]
    return source.figures[source.figures["interval"] != after_the_end]


def table_of(source: Source, name: str) -> pd.DataFrame:
    """Return a table of events, requests and so on.

    Raises NothingToDrawError where the run did not keep it.
    """
    if isinstance(source, pd.DataFrame):
        return source
    if name not in source.tables:
        raise NothingToDrawError(
            f"this picture is drawn from the table {name}, which was not kept with the run"
        )
    return source.table(name)


def days_in(frame: pd.DataFrame) -> int:
    """Return the number of replications in a table, at least 1."""
    return max(frame["replication"].nunique(), 1) if "replication" in frame else 1


def day_word(source: Placed) -> str:
    """Return the word for a replication: a day, unless it lasts longer."""
    scenario = scenario_of(source)
    return "day" if scenario is None or scenario.lasts <= DAY_S else "run"


def days_words(source: Placed, count: int) -> str:
    """Write how many replications there are: `1 day`, `8 days`."""
    return f"{count} {day_word(source)}{'' if count == 1 else 's'}"


def pick(figures: pd.DataFrame, metric: str, **place: str | None) -> pd.DataFrame:
    """Return the rows of a metric; a place of None takes every name there is, else exactly that one.

    Columns that are not named must be empty, over all; a table need not have them.
    """
    rows = figures[figures["metric"] == metric]
    for column in PLACE_COLUMNS:
        wanted = place.get(column, "")
        if column not in rows and not wanted:
            continue
        rows = rows[rows[column] != ""] if wanted is None else rows[rows[column] == wanted]
    return rows


def in_order(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return names once each, in the order of the scenario where they are known."""
    place = {name: number for number, name in enumerate(known)}
    return sorted(dict.fromkeys(names), key=lambda name: place.get(name, len(place)))


def busiest(figures: pd.DataFrame, column: str, names: Sequence[str], most: int = MOST_LINES) -> list[str]:
    """Return the queues that were asked most, or the teams that answered most, in the order given."""
    counts = pick(figures, "offered" if column == "queue" else "answered", **{column: None})
    count = counts.set_index(column)["value"]
    first = sorted(names, key=lambda name: -float(count.get(name, 0.0)))[:most]
    return [name for name in names if name in first]


def of_the_busiest(names: Sequence[str], there: int, what: str = "queue") -> str:
    """Write, for a title, of how many these are the busiest; nothing where they are all."""
    return f", the {len(names)} busiest of {there} {what}s" if len(names) < there else ""


def names_of(source: Source, column: str) -> list[str]:
    """Return the names of a run's queues or teams in the order of its scenario; none for a bare table."""
    scenario = scenario_of(source)
    if scenario is None:
        return []
    return list(scenario.teams if column == "team" else scenario.queues)
