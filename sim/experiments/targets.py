"""The targets of a scenario must name figures that there are."""

from sim.errors import Mistake, ScenarioError, SimError
from sim.scenario import Scenario, Target


def check_targets(scenario: Scenario) -> None:
    """Raise ScenarioError with every target that names a metric, or a part of the run, that there is not."""
    from sim.metrics import Cells
    from sim.metrics.axes import Axes

    cells = Cells.of(Axes.of(scenario))
    mistakes = []
    for number, target in enumerate(scenario.targets):
        try:
            cells.row(target.metric, place_of(target))
        except SimError as error:
            mistakes.append(Mistake(scenario.name, 0, 0, f"targets.{number}", str(error)))
    if mistakes:
        raise ScenarioError(mistakes)


def place_of(target: Target) -> dict[str, str]:
    """Return the part of the run that a target is about, as the figures name it."""
    place = {"queue": target.queue, "team": target.team, "channel": target.channel, "kind": target.kind}
    return {column: name for column, name in place.items() if name is not None}
