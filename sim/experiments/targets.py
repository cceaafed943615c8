"""The targets of a scenario must name figures that there are."""

from pathlib import Path

from sim.errors import Mistake, ScenarioError, SimError
from sim.scenario import Scenario, Target
from sim.scenario.mistakes import placed
from sim.scenario.surroundings import Finding
from sim.scenario.yaml_tree import read_tree


def check_targets(scenario: Scenario) -> None:
    """Raise ScenarioError with every target that names a metric, or a part of the run, that there is not."""
    from sim.metrics.axes import Axes
    from sim.metrics.cells import Cells

    cells = Cells.of(Axes.of(scenario))
    found = []
    for number, target in enumerate(scenario.targets):
        try:
            cells.row(target.metric, place_of(target))
        except SimError as error:
            found.append(Finding(("targets", number, "metric"), str(error)))
    if found:
        raise ScenarioError(_at_their_places(scenario, found))


def place_of(target: Target) -> dict[str, str]:
    """Return the part of the run that a target is about, as the figures name it."""
    place = {"queue": target.queue, "team": target.team, "channel": target.channel, "kind": target.kind}
    return {column: name for column, name in place.items() if name is not None}


def _at_their_places(scenario: Scenario, found: list[Finding]) -> list[Mistake]:
    """Give line and column, for which the scenario's file is read once more where there is one."""
    name = scenario.origin.name if scenario.origin else scenario.name
    if not Path(name).is_file():
        return [Mistake(name, 0, 0, ".".join(map(str, one.place)), one.what) for one in found]
    tree = read_tree(Path(name).read_text(encoding="utf-8-sig"), name)
    return [placed(one, tree) for one in found]
