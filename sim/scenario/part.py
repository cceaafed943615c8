"""What every part of a scenario has in common."""

from pydantic import BaseModel, ConfigDict

_DEPRECATED = {
    name
    for name, value in vars(BaseModel).items()
    if hasattr(getattr(value, "__func__", getattr(value, "fget", value)), "__deprecated__")
}


class Part(BaseModel):
    """A part of a scenario: typed, read-only, without unknown keys."""

    def __dir__(self) -> list[str]:
        """Name what there is to use, without what pydantic keeps from its first version and warns of."""
        return [name for name in super().__dir__() if name not in _DEPRECATED]

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
