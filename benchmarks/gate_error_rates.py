"""How often the gate errs: equal policies that fail, and a policy worse by twice the margin that passes.

    python -m benchmarks.gate_error_rates [TRIALS] [JOBS]

In each of 200 seeded trials the gate decides about pairs of policies on a small desk whose agents work at
different speeds, with up to 40 replications:

- equal: both choose the agent by lot, one from the front and one from the back, so that every figure has the
  same law in both and hardly ever the same value. All figures with the usual margins, and as the hardest case
  with no margin at all: then every difference that is not luck would be a failure.
- worse: slow agents first, and for the margin half of what that adds to the time from a customer's arrival to
  their end (estimated from 1 000 days).

A rate of at most 5 % is promised for each. Exit code 1 where one of them is above it by more than chance
(binomial, 1 %).
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import binom

import sim
from sim.experiments.figure_selectors import FigureSelector
from sim.gate.baseline import Stored
from sim.gate.candidate import Candidate, Live
from sim.gate.checking import Terms, check_one
from sim.gate.margins import Margin, guarded, with_usual
from sim.gate.sequential import Verdict
from sim.parallel.workers import Workers
from sim.policies import AgentSelection, AgentView, RandomSelection, RequestView
from sim.scenario import Scenario

DESK = """
name: Uneven desk
lasts: 1h
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat, request_ttl: 5m}}
queues:
  front:
    medium: chat
    service_level: {within: 20s, target: 80%}
    handle_time: {exponential: {mean: 3m}}
    patience: {exponential: {mean: 4m}}
    transfer: {probability: 15%, to: {back: 100%}}
  back: {medium: chat, handle_time: {exponential: {mean: 3m}}, patience: {exponential: {mean: 4m}}}
teams:
  quick: {agents: 3, skills: {front: 5, back: 5}, speed: {front: 150%, back: 150%}}
  slow: {agents: 3, skills: {front: 5, back: 5}, speed: {front: 70%, back: 70%}}
arrivals: [{channel: web, queue: front, per_hour: 60}]
"""
AT_MOST = 40
LIMIT = 0.05
STAY = FigureSelector("time_in_system")


class FromTheBack:
    """A selection by lot that counts the candidates from the last one."""

    def choose(self, request: RequestView, candidates: Sequence[AgentView], lot: float) -> AgentView:
        del request
        return candidates[-1 - int(lot * len(candidates))]


class SlowFirst:
    """A selection of the slowest agent; among equals by lot."""

    def choose(self, request: RequestView, candidates: Sequence[AgentView], lot: float) -> AgentView:
        del request
        slow = [agent for agent in candidates if agent.team_name == "slow"] or list(candidates)
        return slow[int(lot * len(slow))]


def main(trials: int = 200, jobs: int = 2) -> int:
    """Try each case, print both rates, and return whether they keep to their limit."""
    desk = sim.loads(DESK)
    usual = with_usual(guarded(desk), {})
    gap = true_gap(desk)
    print(
        f"slow agents first add {gap:.1f} s to a customer's stay; the margin is half of that, {gap / 2:.1f} s"
    )
    cases: list[tuple[str, AgentSelection, Mapping[FigureSelector, Margin], Verdict]] = [
        ("equal, usual margins, failed", FromTheBack(), usual, Verdict.FAIL),
        ("equal, no margin at all, failed", FromTheBack(), dict.fromkeys(usual, Margin(0.0)), Verdict.FAIL),
        ("worse by twice the margin, passed", SlowFirst(), {STAY: Margin(gap / 2)}, Verdict.PASS),
    ]
    errs = False
    for words, policy, margins, wrong in cases:
        trial = SequentialTest(desk, policy, margins)
        found = list(Workers(jobs).ordered(trial, range(1, trials + 1)))
        counted = Counter(one for one, _ in found)
        rate = counted[wrong] / trials
        errs |= counted[wrong] > binom.ppf(0.99, trials, LIMIT)
        rest = ", ".join(f"{counted[one]} {one}" for one in Verdict if counted[one])
        needed = sum(size for _, size in found) / trials
        print(
            f"{words}: {rate:.1%} of {trials} trials ({rest}; {needed:.0f} replications on average)",
            flush=True,
        )
    return int(errs)


@dataclass(frozen=True)
class SequentialTest:
    """A check of a policy against a choice by lot, with the trial's own customers."""

    desk: Scenario
    policy: AgentSelection
    margins: Mapping[FigureSelector, Margin]

    def __call__(self, seed: int) -> tuple[Verdict, int]:
        """Return the verdict, and the number of replications at which it was reached."""
        own, here = self.desk.set("seed", seed), Workers(1)
        base = Stored.of(Live(Candidate(own, RandomSelection()), here), self.margins, AT_MOST, "by lot")
        found = check_one(Candidate(own, self.policy), base, Terms(AT_MOST, targets=False), here)
        return found.verdict, found.replications


def true_gap(desk: Scenario, replications: int = 1000) -> float:
    """Estimate what the worse policy adds to a customer's stay, in seconds."""
    stays = [
        Live(Candidate(desk, policy), Workers()).series([STAY], replications)[STAY].value
        for policy in (SlowFirst(), RandomSelection())
    ]
    return stays[0] - stays[1]


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
