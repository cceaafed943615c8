"""Where a scenario comes from, so that it can be changed key by key as it was written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Origin:
    """The name and folder of the scenario's file, its content as plain values, and the text of the files it names.

    With these a scenario is a value of its own: it can be changed where its files have changed or are not there.
    """

    name: str
    folder: Path | None
    data: dict[str, Any]
    texts: dict[str, str]
