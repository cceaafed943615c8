"""`python -m benchmarks.staffing --write docs/staffing.md`: plans of one day by several methods, on the same days."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint

from sim.engine.engines import engine_for
from sim.gate.sequential import Verdict
from sim.metrics.columns import FloatArray, IntArray
from sim.parallel.workers import Workers
from sim.scenario import Scenario, load
from sim.scenario.teams import serves
from sim.staffing.choices import Choices
from sim.staffing.plan import Plan, Staffed
from sim.staffing.solving import DAYS, Solution, Task, staff
from sim.staffing.start import by_team, needed, solved

HEADING = "## From one plan to the next\n"
"""Here begins the section that benchmarks.staffing_properties writes."""
DAY = Path(__file__).with_name("staffing_day.yaml")
FRESH = 300
"""Fresh days that judge each plan."""
PAGE = """# How many agents, when

This page is made from a run of the benchmark; `python -m benchmarks.staffing --write docs/staffing.md` writes it
(some minutes).

`sim staff FILE` finds the least costly staffing that keeps its goals: head-counts by interval, or shifts with their
breaks. Which keys it reads is in [the reference](reference/scenario.md#staffing), how to ask is in [the
recipes](how-to.md#who-has-to-be-there-when).

## How it searches

1. **The same customers.** The search has days of its own; each plan meets the same customers on them.
2. **Start.** Erlang A asks for agents by queue and interval; the cheapest shifts that cover them are the first
   plan.
3. **Slopes by combs.** One agent more, then one fewer, in every third interval of a team at once: a few simulations
   tell what each agent in each interval does to each goal, in both directions. Teams that meet no common customers
   are combed together. A round simulates few days, others than the round before it, and remembers what those have
   seen of a place and of one agent more or fewer there.
4. **Local model.** The cheapest shifts near the plan that by these slopes keep every goal: a whole-number programme
   (HiGHS in scipy), ended by its gap or its nodes and never by the clock, so that a plan is the same anywhere. What
   it was too hopeful about gets a margin. What a plan changes is known from few days, as the same customers meet
   both: only one that may be the best so far is simulated on all of them.
5. **Exchanges.** Single shifts are taken away or exchanged for cheaper ones, the most promising first.
6. **Overtime is not free.** Who is there by a head-count when arrivals stop stays until nobody waits: the search
   makes the cost of the roster and of those hours least together. What agents work beyond the roster, on the fresh
   days, is told beside its cost.
7. **Fresh days decide.** Days that no search has seen, by the tests of [the gate](gate.md). What surely fails gets
   a margin, and the search goes on, twice at most.

Literature: Atlason, Epelman and Henderson (2004, 2008); Cezik and L'Ecuyer (2008) for several skills; Avramidis and
others (2010) for shifts within the search; Koole and van der Sluis (2003) for exchanges. A higher goal is never a
guess: `--vary goal=70%,80%,90%`.

## One day, five methods

`benchmarks/staffing_day.yaml`: 13 hours, three queues (80/20, 80/30, 75/60), three teams, of which one serves all,
shifts of 8 and 4 hours, {shifts} possible shifts, {goals} goals. Each plan was simulated on the same {check} fresh
days, {seed}.

{table}

- *Goals surely missed*: of {goals}, each queue over the day and in each half hour; *days on target*: the share of
  days on which the queue keeps its goal of the day, each day by itself.
- *Two-step* finds head-counts by simulation first and covers them by shifts then: what the shifts cannot follow is
  paid for.
- *Set cover* takes the agents of Erlang C for each queue, and counts an agent with several skills in full for each
  of them, as pyworkforce's `MultiSkillStaffing` does.

The search, its judgement and that of the plans of Erlang took {days:,} simulated days and {search:.0f} s of CPU on one
core, {simulated:.0f} s of it to simulate and measure them ({engine} engine), the rest for the mathematical programmes.
Its way, each plan with the goals that it missed on the days of the search:

{path}

## What to expect of a plan

The cheapest plan lies at its goals. So on fresh days these are too close to call, and `sim staff` ends with code 3:
accepted is a plan of which no goal surely fails. On a share of days its target is missed; ask for `on_days:
90%`, or for a higher goal, where that matters. *One point more costs* says what that would take.

A search is no proof. On instances small enough to try every plan it finds the cheapest one (`tests/staffing`), and
so it does for a queue and for two teams whose answer is known in closed form.
"""


@dataclass(frozen=True)
class Method:
    """A plan by one method."""

    name: str
    plan: Staffed


def covering_heads(choices: Choices, heads: FloatArray) -> IntArray:
    """Return the cheapest shifts with at least those head-counts."""
    rows = [LinearConstraint(by_team(choices), heads.ravel(), np.inf)]
    found = solved(choices.cost, rows, np.ones(len(choices.items), dtype=np.int64), Bounds(0, np.inf), 1e-4)
    assert found is not None
    return np.rint(found).astype(np.int64)


def set_cover(choices: Choices) -> IntArray:
    """Return the cheapest shifts in which every queue has the agents of Erlang C, each agent counted for all skills."""
    scenario, need = choices.scenario, needed(choices, "C")
    there = by_team(choices).toarray().reshape(len(choices.teams), -1, len(choices.items))
    rows = []
    for number, queue in enumerate(scenario.queues):
        own = [k for k, team in enumerate(choices.teams) if serves(scenario, team, queue)]
        rows.append(LinearConstraint(there[own].sum(axis=0), need[number], np.inf))
    found = solved(choices.cost, rows, np.ones(len(choices.items), dtype=np.int64), Bounds(0, np.inf), 1e-4)
    assert found is not None
    return np.rint(found).astype(np.int64)


def methods(day: Scenario, plan: Plan, check: int, days: int) -> list[Method]:
    """Return the plans of all methods, judged on the same days."""
    task = Task.of(day, False, days, check, None, None, Workers(1))
    two_step = Task.of(day, True, days, check, None, None, Workers(1))
    solution = Solution(two_step, lambda _round, _best: None)
    heads = two_step.choices.heads(solution._descended(solution.first(None), is_new=True))
    others = {"Two-step": covering_heads(task.choices, heads), "Set cover": set_cover(task.choices)}
    found = [Method("**Search**", plan.plan)]
    found += [
        Method({"erlang_c": "Erlang C", "erlang_a": "Erlang A"}[name], one)
        for name, one in plan.beside.items()
    ]
    for name, x in others.items():
        judged = task.court.judge(task.with_plan(x), to_the_end=True)
        found.append(Method(name, task.staffed(x, judged.goals, judged.late_h)))
    return found


def table(found: Sequence[Method]) -> str:
    """Write the methods as a table of Markdown."""
    whole = [one for one in found[0].plan.goals if "interval" not in dict(one.figure.place)]
    queues = [dict(one.figure.place)["queue"] for one in whole]
    heads = ["method", "cost", "paid h", *queues, "goals surely missed", "days on target"]
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    for one in found:
        day = [goal for goal in one.plan.goals if "interval" not in dict(goal.figure.place)]
        levels = [f"{100 * goal.value:.1f} ±{50 * (goal.high - goal.low):.1f}" for goal in day]
        kept = ", ".join(f"{goal.days_on_target:.0%}" for goal in day)
        missed = sum(goal.verdict is Verdict.FAIL for goal in one.plan.goals)
        cells = [one.name, f"{one.plan.cost:,.0f}", f"{one.plan.hours:,.0f}", *levels, str(missed), kept]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def way(plan: Plan) -> str:
    """Write the plans that the search came by as a table of Markdown."""
    costs = [f"{one.cost:,.0f}" for one in plan.path]
    missed = [str(one.missed) for one in plan.path]
    lines = [
        f"| cost | {' | '.join(costs)} |",
        "|---|" + "---:|" * len(costs),
        f"| missed | {' | '.join(missed)} |",
    ]
    return "\n".join(lines)


def page(days: int = DAYS, check: int = FRESH) -> str:
    """Plan the day by every method, and write the page."""
    day = load(DAY)
    began = process_time()
    plan = staff(day, days=days, check=check, jobs=1)
    search = process_time() - began
    found = methods(day, plan, check, days)
    engine = engine_for(day).name
    return PAGE.format(
        shifts=len(Choices.of(day).items), goals=len(plan.goals), check=check, seed=f"seed {plan.seed}",
        table=table(found), days=plan.spent.days, search=search, simulated=plan.spent.cpu_s, engine=engine,
        path=way(plan),
    )  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Write the page into the file that `--write` names, or print it; the section of the properties stays."""
    text = page()
    if arguments[:1] == ["--write"] and len(arguments) > 1:
        file = Path(arguments[1])
        _, heading, rest = (file.read_text(encoding="utf-8") if file.exists() else "").partition(HEADING)
        file.write_text(f"{text.rstrip()}\n\n{heading}{rest}" if heading else text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
