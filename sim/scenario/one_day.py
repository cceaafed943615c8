"""What is for one day alone: an ordinary scenario, or each open date of a calendar."""

from sim.errors import SimError
from sim.scenario.calendar import Calendar
from sim.scenario.model import Scenario
from sim.scenario.single_days import joined_of, linked_places


def days_apart(scenario: Scenario, what: str) -> tuple[Scenario, ...]:
    """Return what is simulated of each open date of a calendar, times from its midnight; else the scenario.

    Raises SimError with `what` is for one day where the dates hang together.
    """
    if scenario.calendar is None:
        return (scenario,)
    if joined_of(scenario) is not None:
        linking = ".".join(map(str, next(linked_places(scenario))))
        raise SimError(
            f"{scenario.name}: {what}, and by {linking} one day goes on into the next; write it so that each ends"
        )
    return tuple(date.scenario for date in scenario.days)


def require_one_day(name: str, calendar: Calendar | None, what: str) -> None:
    """Raise SimError where a scenario has a calendar, of which something can make no use."""
    if calendar is not None:
        raise SimError(f"{name}: {what}; write the `opens` and `lasts` of one day in place of the `calendar`")
