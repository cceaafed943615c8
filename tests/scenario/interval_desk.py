"""A desk that takes its forecast from one file, for tests of how such files are read."""

from pathlib import Path
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario, loads

DAY = """\
opens: {opens}
lasts: {lasts}
media: {{voice: {{max_tasks: 1}}}}
channels: {{phone: {{medium: voice}}}}
queues: {{q: {{medium: voice, handle_time: {{exponential: {{mean: 240s}}}}}}}}
teams: {{t: {{skills: {{q: 1}}, agents: 12}}}}
arrivals: [{{channel: phone, queue: q, file: {file}}}]
"""


class Desk:
    """A folder with one file, and the scenario that reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def scenario(
        self, content: str | bytes, file: str = "x.csv", opens: str = "2026-03-02 09:00", lasts: str = "1h",
        name: str = "x.csv",
    ) -> Scenario:  # fmt: skip
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return loads(DAY.format(opens=opens, lasts=lasts, file=file), "day.yaml", self.folder)

    def read(
        self, content: str | bytes, *parts: Any, **options: Any
    ) -> list[tuple[float, float, float | None]]:
        """The rows of the forecast, as plain tuples."""
        (stream,) = self.scenario(content, *parts, **options).arrivals
        return [tuple(row) for row in stream.forecast]

    def refused(self, content: str | bytes, *parts: Any, **options: Any) -> list[str]:
        with pytest.raises(ScenarioError) as caught:
            self.scenario(content, *parts, **options)
        return [str(one).replace(f"{self.folder}/", "") for one in caught.value.mistakes]
