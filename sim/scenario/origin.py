"""Where a scenario comes from, so that it can be changed key by key as it was written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Origin:
    """The name and folder of the scenario's file, and its content as plain values."""

    name: str
    folder: Path | None
    data: dict[str, Any]
