"""What is for one day alone: an ordinary scenario, or a calendar with one open date."""

from sim.errors import SimError
from sim.scenario.calendar import Calendar
from sim.scenario.model import Scenario
from sim.scenario.single_days import joined_of


def of_one_day(scenario: Scenario, what: str) -> Scenario:
    """Return a scenario of one day as it is simulated, times from midnight where it has a date.

    Raises SimError with `what` needs one day where the calendar has several open dates, or one that goes on overnight.
    """
    if scenario.calendar is None:
        return scenario
    if len(scenario.days) == 1 and joined_of(scenario) is None:
        return scenario.days[0].scenario
    if len(scenario.days) == 1:
        raise SimError(f"{scenario.name}: {what}, and this one goes on over midnight or carries over")
    raise SimError(f"{scenario.name}: {what}; choose one, such as --day {scenario.days[0].name}")


def require_one_day(name: str, calendar: Calendar | None, what: str) -> None:
    """Raise SimError where a scenario has a calendar, of which something can make no use."""
    if calendar is not None:
        raise SimError(f"{name}: {what}; write the `opens` and `lasts` of one day in place of the `calendar`")
