"""One check of each kind, made once, for the tests of the formats."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import sim
from gate.small import DAY, held, stored
from sim.gate.result import CheckResult
from sim.gate.sequential import Verdict

NASTY = 'Day "<A|B>" 100 % & more: [one], `two`\u0007'
"""A title that every format has to escape in its own way; the last character is none of XML's."""


@cache
def folder() -> Path:
    return Path(mkdtemp(prefix="sim-formats-"))


def checked(**terms: object) -> CheckResult:
    """The worse day, from a file, against the day."""
    path = folder() / "worse.yaml"
    path.write_text(DAY.replace("agents: 4", "agents: 3"), encoding="utf-8")
    return held(sim.load(path), stored(sim.loads(DAY), 20), **terms)


@cache
def failed() -> CheckResult:
    return checked()


@cache
def passed() -> CheckResult:
    return held(sim.loads(DAY), stored(sim.loads(DAY), 10))


@cache
def changed_and_passed() -> CheckResult:
    better = sim.loads(DAY, overrides={"teams.front.agents": 6, "teams.experts.agents": 4})
    return held(better, stored(sim.loads(DAY), 20), targets=False)


@cache
def inconclusive() -> CheckResult:
    value = next(f.value for f in passed().findings if f.claim.figure.text == "service_level:queue=front")
    return held(sim.loads(DAY, overrides={"targets.1.at_least": round(value, 4)}))


@cache
def held_back() -> CheckResult:
    """The undecided one as it is where only the correction for the number of figures leaves it open."""
    undecided = inconclusive()
    found = [replace(one, held_back=one.verdict is Verdict.INCONCLUSIVE) for one in undecided.findings]
    return replace(undecided, findings=tuple(found))


@cache
def refused() -> CheckResult:
    return held(sim.loads(DAY, overrides={"seed": 5}), stored(sim.loads(DAY), 2))


@cache
def nasty() -> CheckResult:
    """The failed one with a title full of markup."""
    return replace(failed(), scenario=failed().scenario.model_copy(update={"name": NASTY}))


def every() -> list[CheckResult]:
    return [failed(), passed(), changed_and_passed(), inconclusive(), refused(), nasty()]
