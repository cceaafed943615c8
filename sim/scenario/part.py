"""What every part of a scenario has in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a scenario: typed, read-only, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
