"""Targets that figures are held to."""

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.part import Part
from sim.scenario.quantities import Name, Quantity


class Target(Part):
    """One figure with its bounds, in the metric's own unit (shares 0 to 1, seconds)."""

    metric: Name = Field(description="Metric the target is about, such as service_level or wait_p90.")
    queue: Name | None = Field(default=None, description="Queue it is about; default: all.")
    team: Name | None = Field(default=None, description="Team it is about; default: all.")
    channel: Name | None = Field(default=None, description="Channel it is about; default: all.")
    kind: Literal["inbound", "transfer", "named_transfer", "conference"] | None = Field(
        default=None, description="Kind of request it is about; default: all."
    )
    at_least: Quantity | None = Field(default=None, description="Smallest value that is good: 70%, 12 or 4m.")
    at_most: Quantity | None = Field(default=None, description="Largest value that is good: 5%, 12 or 4m.")

    @model_validator(mode="after")
    def _bounded(self) -> "Target":
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least or at_most")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least ({self.at_least:g}) is above at_most ({self.at_most:g})")
        return self
