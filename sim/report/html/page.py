"""What every page is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import Any

from sim.report.html.definitions import Definition
from sim.report.html.pictures import Picture
from sim.report.html.tables import Table


def command_words(manifest: Mapping[str, Any]) -> str:
    """Write the command that made a result as one types it, without where `sim` is installed."""
    first, *others = manifest["command"] or ("from Python",)
    return " ".join([Path(first).name, *map(quote, others)])


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: tables, pictures, and tables that are opened on demand."""

    title: str
    name: str
    tables: list[Table]
    pictures: list[Picture]
    details: list[Table] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Leave out tables without rows."""
        object.__setattr__(self, "tables", [table for table in self.tables if table])
        object.__setattr__(self, "details", [table for table in self.details if table])

    def __bool__(self) -> bool:
        return any((self.tables, self.pictures, self.details))


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template needs, in the order in which it is read.

    `kind` says what was saved, `texts` are scenario files with their titles.
    """

    kind: str
    title: str
    description: str
    answers: list[str]
    lead: Table
    numbers: list[str]
    sure: list[str]
    sections: list[Section]
    assumptions: list[str]
    surprises: list[str]
    facts: dict[str, str]
    texts: dict[str, str]
    definitions: list[Definition]
