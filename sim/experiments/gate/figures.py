"""Which figures the gate holds to a baseline where none are named, and when each of them is worse."""

from collections.abc import Iterable, Mapping

from sim.errors import SimError
from sim.experiments.direction import goal_of
from sim.experiments.gate.claim import Claim, Side
from sim.experiments.gate.margin import Margin
from sim.experiments.gate.trial import Series
from sim.experiments.gate.verdict import Layer
from sim.experiments.targets import place_of
from sim.experiments.wanted import COLUMNS, Wanted, usual
from sim.metrics import lookup
from sim.scenario import Scenario, Target

OVERALL = ("service_level", "asa", "wait_p95", "abandon_rate", "no_agent_rate")
OF_TRANSFERS = ("asa", "no_agent_rate")


def guarded(scenario: Scenario, *others: Scenario) -> tuple[Wanted, ...]:
    """Choose the figures of a scenario that must not become worse: waits and losses, and those of its targets.

    Those that one of the others has not are left out: there is nothing that they could be compared with.
    """
    every = (scenario, *others)
    figures = usual(every, OVERALL, by_queue=False)
    transfers = [Wanted(metric, (("kind", "transfer"),)) for metric in OF_TRANSFERS]
    return tuple(dict.fromkeys([*figures, *(transfers if all(map(_hands_on, every)) else ())]))


def _hands_on(scenario: Scenario) -> bool:
    transfers = [queue.transfer for queue in scenario.queues.values() if queue.transfer is not None]
    return any(transfer.probability > 0 for transfer in transfers)


def target_claims(scenario: Scenario) -> tuple[Claim, ...]:
    """Give what a scenario's targets claim."""
    return tuple(_claim_of(target, number) for number, target in enumerate(scenario.targets))


def paired_claims(scenario: Scenario, margins: Mapping[Wanted, Margin], base: Series) -> tuple[Claim, ...]:
    """Claim of each figure that it is not worse than in the baseline by more than its margin."""
    goals = {figure_of(target): _goal(target) for target in scenario.targets}
    claims = []
    for figure, margin in margins.items():
        sides = _sides(figure, goals, margin.of(base[figure].value))
        claims.append(Claim(figure, Layer.PAIRED, sides, margin.text(figure.definition)))
    return tuple(claims)


def figure_of(target: Target) -> Wanted:
    """Give the figure that a target is about."""
    place = place_of(target)
    return Wanted(lookup(target.metric).name, tuple((c, place[c]) for c in COLUMNS if c in place))


def _claim_of(target: Target, number: int) -> Claim:
    sides: list[Side] = []
    words = []
    if target.at_least is not None:
        sides.append((-1, -target.at_least))
        words.append(f"at least {target.at_least:g}")
    if target.at_most is not None:
        sides.append((1, target.at_most))
        words.append(f"at most {target.at_most:g}")
    return Claim(figure_of(target), Layer.TARGET, tuple(sides), " and ".join(words), number)


def _goal(target: Target) -> int:
    """1 where more is worse by the target's bound, -1 where less is, 0 where both are."""
    if target.at_least is not None and target.at_most is not None:
        return 0
    return 1 if target.at_most is not None else -1


def _sides(figure: Wanted, goals: Mapping[Wanted, int], limit: float) -> tuple[Side, ...]:
    """More is worse, or less; where nobody can say which, neither may be far from what it was."""
    worse = _worse(figure) or goals.get(figure, 0)
    return ((worse, limit),) if worse else ((1, limit), (-1, limit))


def _worse(figure: Wanted) -> int:
    try:
        return 1 if goal_of(figure, None) == "low" else -1
    except SimError:  # whether it is depends
        return 0


def every_figure(claims: Iterable[Claim]) -> tuple[Wanted, ...]:
    """Give the figures of several claims, each once."""
    return tuple(dict.fromkeys(claim.figure for claim in claims))
