"""Whole checks of a small scenario."""

import re
from collections.abc import Sequence

import pytest

import sim
from gate.small import DAY, HERE, day, held, stored, worse
from sim.errors import ScenarioError, SimError
from sim.gate.candidate import Candidate, Live
from sim.gate.checking import Terms, check_one
from sim.gate.margins import margins
from sim.gate.result import CheckResult
from sim.gate.sequential import Layer, Verdict
from sim.policies import AgentView, PolicyError, RandomSelection, RequestView
from sim.report.check import Format, written

BASE = stored(day(), 20)


def verdicts(checked: CheckResult, layer: Layer) -> dict[str, Verdict]:
    return {finding.claim.figure.text: finding.verdict for finding in checked.of(layer)}


def test_what_has_not_changed_passes_at_the_first_look() -> None:
    found = held(day(), BASE)
    assert found.verdict is Verdict.PASS
    assert found.replications == 10
    assert found.speakers == ()
    assert {finding.difference for finding in found.of(Layer.PAIRED)} == {0.0}
    assert found.changed is not None
    assert not found.changed.anything
    assert set(verdicts(found, Layer.TARGET).values()) == {Verdict.PASS}


def test_what_is_worse_fails_and_says_which_layer_says_so() -> None:
    found = held(worse(), BASE)
    assert found.verdict is Verdict.FAIL
    assert found.speakers == (Layer.PAIRED,)
    assert verdicts(found, Layer.PAIRED)["asa"] is Verdict.FAIL
    assert found.stopped
    assert found.changed is not None
    assert [str(key) for key in found.changed.keys] == ["teams.front.agents: 4 -> 3"]
    assert found.changed.first is not None
    assert found.changed.first.known
    assert found.changed.fared is not None  # the day before is simulated anew from the stored scenario
    assert len(found.changed.fared.hardest) == 2


def test_what_is_better_passes() -> None:
    found = held(day(teams__front__agents=6, teams__experts__agents=4), BASE, targets=False)
    assert found.verdict is Verdict.PASS
    assert found.changed is not None
    assert found.changed.anything


def test_targets_alone() -> None:
    assert held(day()).verdict is Verdict.PASS
    missed = held(day(targets=[{"metric": "asa", "at_most": "2s"}]))
    assert (missed.verdict, missed.speakers, missed.replications) == (Verdict.FAIL, (Layer.TARGET,), 10)
    value = held(day()).of(Layer.TARGET)[1].value
    straddled = held(
        day(targets=[{"metric": "service_level", "queue": "front", "at_least": round(value, 4)}])
    )
    assert (straddled.verdict, straddled.replications) == (Verdict.INCONCLUSIVE, 20)


def test_without_anything_to_hold_it_to_there_is_nothing_to_check() -> None:
    with pytest.raises(SimError, match="nothing to check: it has no targets, and there is no baseline; add"):
        held(day(targets=[]))
    with pytest.raises(SimError, match="nothing to check: its targets are left out"):
        held(day(), targets=False)


def test_targets_may_be_left_out() -> None:
    found = held(day(targets=[{"metric": "asa", "at_most": "2s"}]), BASE, targets=False)
    assert found.verdict is Verdict.PASS
    assert not found.of(Layer.TARGET)


def test_a_change_that_makes_nothing_worse_fails_only_where_none_is_allowed() -> None:
    """The agents are alike, so that whom the lot falls on is the same to the customers; the events are not."""
    other = day(routing__agent_selection="random")
    relaxed, exact = held(other, BASE, targets=False), held(other, BASE, targets=False, exact=True)
    assert relaxed.changed is not None
    assert relaxed.changed.anything
    assert relaxed.verdict is Verdict.PASS
    assert (exact.verdict, exact.speakers) == (Verdict.FAIL, (Layer.TRACE,))
    assert held(day(), BASE, targets=False, exact=True).verdict is Verdict.PASS


def test_margins_given_go_before_those_of_the_baseline() -> None:
    wide = margins([f"{figure.text}=100%" for figure in BASE.margins])
    assert held(worse(), BASE, targets=False).verdict is Verdict.FAIL
    assert held(worse(), BASE, targets=False, margins=wide).verdict is not Verdict.FAIL


def test_a_margin_or_a_target_of_nothing_is_a_mistake() -> None:
    with pytest.raises(SimError, match="no queue `frond`; did you mean `front`"):
        held(day(), BASE, margins=margins(["asa:queue=frond=3s"]))
    with pytest.raises(ScenarioError, match="did you mean `asa`"):
        held(sim.loads(DAY.replace("metric: no_agent_rate, kind: transfer", "metric: assa")))


def test_a_baseline_may_be_a_scenario_at_hand() -> None:
    """And be run as far as it is needed."""
    found = check_one(Candidate(worse()), Live(Candidate(day()), HERE), Terms(40, targets=False), HERE)
    assert found.verdict is Verdict.FAIL
    assert found.against == "Small day"


def test_no_more_replications_are_looked_at_than_the_baseline_has() -> None:
    found = held(day(teams__front__speed={"front": "99%"}), stored(day(), 12), at_most=160, targets=False)
    assert found.at_most == 12


@pytest.mark.slow
def test_the_same_check_has_the_same_numbers_however_many_processes_do_it() -> None:
    one, two = (sim.check(day(), worse(), at_most=12, jobs=jobs, targets=False) for jobs in (1, 2))
    numbers = [[(f.value, f.low, f.high, f.p) for f in found.findings] for found in (one, two)]
    assert numbers[0] == numbers[1]


# Policies given as objects.


class FirstThenLast:
    """Answers alike when it is asked twice about a request, and otherwise on another day."""

    def __init__(self) -> None:
        self.asked: dict[int, int] = {}

    def choose(self, request: RequestView, candidates: Sequence[AgentView], lot: float) -> AgentView:
        self.asked[request.id] = self.asked.get(request.id, 0) + 1
        return candidates[0 if self.asked[request.id] <= 2 else -1]


def test_a_policy_that_decides_otherwise_on_the_second_run_is_named() -> None:
    with pytest.raises(PolicyError) as raised:
        check_one(Candidate(day(), FirstThenLast()), None, Terms(10), HERE)
    text = str(raised.value)
    assert text.startswith("Small day: ")
    assert (
        "s after opening: a policy is not deterministic: the same day simulated twice differs from event"
        in text
    )
    assert "offered of conversation 1, then offered of conversation 1" in text


def test_policies_given_as_objects_are_what_is_checked() -> None:
    found = check_one(Candidate(day(), RandomSelection()), BASE, Terms(10, targets=False), HERE)
    assert found.changed is not None
    assert found.changed.anything


def test_the_baseline_may_have_policies_of_its_own() -> None:
    base = Live(Candidate(day(), RandomSelection()), HERE)
    found = check_one(Candidate(day(routing__agent_selection="random")), base, Terms(10, targets=False), HERE)
    assert found.verdict is Verdict.PASS
    assert found.changed is not None
    assert not found.changed.anything


NOBODY = {"arrivals.0.per_hour": 0, "arrivals.1.per_hour": 0}


@pytest.mark.parametrize("format_", ["text", "json", "junit", "github", "markdown"])
def test_a_day_on_which_nobody_comes_can_be_told_in_every_format(format_: Format) -> None:
    empty = sim.loads(DAY, overrides=NOBODY)
    found = held(empty, stored(empty, 4), at_most=4)
    assert found.verdict is Verdict.INCONCLUSIVE  # the targets; nobody is worse off
    assert {finding.verdict for finding in found.of(Layer.PAIRED)} == {Verdict.PASS}
    said = written([found], format_)
    assert not {"nan", "∞", "NaN", "Infinity"} & set(re.split(r"[^\w∞]", said))
    if format_ != "json":
        assert "no value (nobody to count in 4 replications)" in said.replace("\\_", "_")


def test_transfers_that_never_happen_are_not_held_to_anything() -> None:
    none = day(queues__front__transfer__probability=0)
    found = held(none, stored(none, 10), targets=False)
    assert found.verdict is Verdict.PASS
    assert not [one for one in verdicts(found, Layer.PAIRED) if one.startswith("asa:kind=transfer")]


def test_a_figure_that_there_was_not_before_is_not_compared() -> None:
    """A pull request that brings the first transfers can still pass."""
    before = Live(Candidate(day(queues__front__transfer=None, targets=[])), HERE)
    names = verdicts(held(day(), before, targets=False), Layer.PAIRED)
    assert "asa" in names
    assert "asa:kind=transfer" not in names


def test_the_margin_is_of_the_value_that_was_accepted() -> None:
    """Of all replications of the baseline, not of those that this check has come to."""
    found = held(worse(), BASE, targets=False)
    (asa,) = [one for one in found.findings if one.claim.figure.text == "asa"]
    assert found.replications == 10
    assert asa.claim.sides[0][1] == pytest.approx(BASE.kept[asa.claim.figure].value / 10)
