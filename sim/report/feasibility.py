"""Which plans meet all targets, in sentences: how many, the cheapest, or else the nearest and what it lacks."""

from collections.abc import Iterator, Mapping, Sequence

from sim.experiments.feasibility import Plan, cheapest, nearest
from sim.experiments.figure_selectors import FigureSelector, place_of
from sim.experiments.verdicts import Answer, Verdict
from sim.metrics import Figure, lookup
from sim.metrics.formatting import amount, like, quantity, with_unit
from sim.scenario.numbers import share_text

FEW = 4
"""Plans that are named one by one."""
WHY: Mapping[Answer, str] = {
    "unfinished": ", left open by the unfinished",
    "grows": ", and a backlog grows",
}
"""Why a figure within its bounds does not surely meet them."""


def feasibility_words(plans: Sequence[Plan], currency: str) -> Iterator[str]:
    """Describe which points of a sweep surely meet all targets, the cheapest of them, and what these leave undone."""
    measured, gone = len(plans[0].measured), len(plans[0].verdicts) - len(plans[0].measured)
    if gone:
        was = "was" if gone == 1 else "were"
        yield f"{gone} of {measured + gone} targets {was} not measured in this sweep."
    if not measured:
        if not gone:
            yield f"{len(plans)} points were simulated; the scenario has no targets to hold them against."
        return
    yield met_words(plans, "point", "at")
    good = [plan for plan in plans if plan.meets_all]
    best = cheapest(good)
    if best is not None and best.cost is not None:
        yield f"The cheapest of them is {best.name}, at a cost of {money(best.cost, currency)}."
    left = [f"{amount(plan.unfinished)} with {plan.name}" for plan in good if plan.unfinished]
    if left:
        yield f"Unfinished in a replication: {'; '.join(left)}."


def met_words(plans: Sequence[Plan], noun: str, by: str) -> str:
    """Describe which plans surely meet all targets, or else which comes nearest; `noun` is what a plan is called."""
    targets = len(plans[0].measured)
    what = {1: "the target", 2: "both targets"}.get(targets, f"all {targets} targets")
    good = [plan for plan in plans if plan.meets_all]
    if not good:
        return f"No {noun} meets {what} for sure{_nearest_words(nearest(plans), targets)}."
    named = f": {'; '.join(plan.name for plan in good)}" if len(good) <= FEW else ""
    are = "is" if targets == 1 else "are"
    return f"{what[0].upper()}{what[1:]} {are} met {by} {len(good)} of {len(plans)} {noun}s{named}."


def money(cost: Figure, currency: str) -> str:
    """Write a cost with half the width of its interval and the scenario's currency."""
    return f"{with_unit(cost)} {currency}".rstrip()


def _nearest_words(plan: Plan, targets: int) -> str:
    """Describe the plan that comes nearest, with the figures that it does not surely bring within their bounds."""
    lacks = [_lack(one) for one in plan.measured if one.answer != "met"]
    counted = "" if targets == 1 else f"meets {plan.met} of {targets}" if plan.met else "meets none"
    shown = f"; not surely met {'is' if len(lacks) == 1 else 'are'} {', '.join(lacks[:FEW])}"
    return f"; the nearest is {plan.name}{f', which {counted}' if counted else ''}{shown}"


def _lack(verdict: Verdict) -> str:
    target, figure = verdict.target, verdict.figure
    name = FigureSelector(lookup(target.metric).name, tuple(place_of(target).items()))
    bound = target.at_most if target.at_least is None else target.at_least
    limits = (("at least", target.at_least), ("at most", target.at_most))
    asked = " and ".join(
        f"{words} {quantity(one, name.definition.unit)}" for words, one in limits if one is not None
    )
    days = "" if target.on_days is None else f" on {share_text(target.on_days)} of days"
    each = "" if target.each is None or figure is None else f" {figure.interval or figure.day}"
    found = with_unit(verdict.days or like(bound or 0.0, figure))
    found += " of days" if verdict.days else ""
    return (
        f"{name.definition.label} {name.words}".rstrip()
        + f"{each} ({found}, {asked}{days}{WHY.get(verdict.answer, '')})"
    )
