"""What the reader of one part of a scenario file has to know of the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from sim.errors import Mistake

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the scenario comes from, and those of its facts that included files are checked against.

    `media_of_channel` and `media_of_queue` hold every name there is, with its medium where that is known.
    `partial` says that faulty parts were taken out, so that nothing may be concluded from what is missing.
    """

    folder: Path | None = None
    opens: datetime | None = None
    lasts: float | None = None
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    media_of_channel: Mapping[str, str | None] = field(default_factory=dict)
    media_of_queue: Mapping[str, str | None] = field(default_factory=dict)
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a place in the scenario's tree, such as ("queues", "general", "transfer")."""

    place: Place
    what: str


def surroundings_of(info: ValidationInfo) -> Surroundings:
    """Return the surroundings a part is read in; bare ones where a part is made by hand."""
    return info.context if isinstance(info.context, Surroundings) else Surroundings()


def several(found: list[Finding] | list[Mistake]) -> PydanticCustomError:
    """Wrap several mistakes into the one error that a validator may raise."""
    text = "; ".join(one.what for one in found).replace("{", "{{").replace("}", "}}")
    return PydanticCustomError("several", text, {"found": list(found)})  # type: ignore[arg-type]
