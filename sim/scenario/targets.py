"""Targets that figures are held to, as the gate and the search for staffing read them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.scenario.fields import Name, Part, Quantity, Share
from sim.scenario.text_files import printable

Text = Annotated[str, AfterValidator(printable)]


class Target(Part):
    """One figure with its bounds, in the metric's own unit (shares 0 to 1, seconds)."""

    metric: Name = Field(description="Metric the target is about, such as service_level or wait_p90.")
    variant: Text | None = Field(
        default=None,
        description='Variant of the metric, such as "within 60s" or by_customer; default: its own definition.',
    )
    queue: Name | None = Field(default=None, description="Queue it is about; default: all.")
    team: Name | None = Field(default=None, description="Team it is about; default: all.")
    channel: Name | None = Field(default=None, description="Channel it is about; default: all.")
    kind: Literal["inbound", "transfer", "named_transfer", "conference", "rerouted"] | None = Field(
        default=None, description="Kind of request it is about; default: all."
    )
    label: Name | None = Field(default=None, description="Customer label it is about; default: all.")
    interval: Text | None = Field(
        default=None,
        description='Interval it is about, by the clock of its beginning, such as "09:00"; default: the whole run.',
    )
    each: Literal["interval", "day"] | None = Field(
        default=None,
        description="interval: every interval until `lasts` has to keep to it; day: every day of a run of several; "
        "default: the whole run.",
    )
    on_days: Share | None = Field(
        default=None,
        description="Share of days, each by itself, that have to keep to it: 90%; default: the mean over all days.",
    )
    at_least: Quantity | None = Field(default=None, description="Smallest value that is good: 70%, 12 or 4m.")
    at_most: Quantity | None = Field(default=None, description="Largest value that is good: 5%, 12 or 4m.")

    @model_validator(mode="after")
    def _bounded(self) -> "Target":
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least or at_most")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least ({self.at_least:g}) is above at_most ({self.at_most:g})")
        if self.each is not None and self.interval is not None:
            raise ValueError(
                "interval names one interval and each means all intervals or days; leave one of them out"
            )
        if self.on_days is not None and not 0 < self.on_days < 1:
            raise ValueError(
                "on_days is a share between 0% and 100%, such as 90%; no number of days shows that all do"
            )
        return self
